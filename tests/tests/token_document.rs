//! The worked example of `docs/reference/certificate-token.md` is what the office issues.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cqm_tests::{
    office::{issued, jws_parts},
    page::{assert_example, pretty, shortened},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

#[test]
fn the_example_is_what_the_office_issues() {
    let token = &issued().token;
    let (header, payload) = jws_parts(token);
    let parsed: Value = serde_json::from_str(&header).unwrap();
    let certificates = parsed["x5c"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    assert_example(
        "docs/reference/certificate-token.md",
        "## 8. Example",
        &[pretty(&shortened(&header, certificates)), pretty(str::from_utf8(&payload).unwrap()), token.clone()],
    );
}

/// What ETSI TS 119 182-1 requires of a JAdES signature of level B-B (clause 6.3), for tokens and
/// lists.
#[test]
fn tokens_and_lists_have_the_header_of_jades() {
    let list = cqm_tests::status::sign(cqm_tests::status::list(&[]));
    for (jws, typ) in [(&issued().token, "cqm-certificate+jwt"), (&list, "statuslist+jwt")] {
        let (header, payload) = jws_parts(jws);
        let [header, claims] = [header.as_bytes(), &payload].map(|json| serde_json::from_slice::<Value>(json).unwrap());
        let members: Vec<&String> = header.as_object().unwrap().keys().collect();
        assert_eq!(members, ["alg", "iat", "kid", "typ", "x5c", "x5t#S256"]);
        assert_eq!((&header["alg"], &header["typ"]), (&"EdDSA".into(), &typ.into()));
        assert!(header["iat"].is_i64());
        assert_eq!(header["iat"], claims["iat"]);
        let signer = STANDARD.decode(header["x5c"][0].as_str().unwrap()).unwrap();
        assert_eq!(header["x5t#S256"], URL_SAFE_NO_PAD.encode(Sha256::digest(signer)));
    }
}
