//! Makes, verifies and refuses signed tokens.

mod support;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cqm_core::UnixTime;
use cqm_sign::{
    SignatureError, json,
    jws::{Jws, JwsError, Part, sign_compact},
};
use support::*;

const TYP: &str = "cqm-certificate+jwt";
const PAYLOAD: &[u8] = br#"{"jti":"CQM-1"}"#;
const AT: UnixTime = UnixTime::new(1_683_331_200);

fn signer() -> TestSigner {
    TestSigner::document(Key::ed25519(7))
}

fn verify(token: &[u8]) -> Result<Jws, JwsError> {
    let jws = Jws::parse(token)?;
    jws.verify(TYP)?;
    Ok(jws)
}

/// Signs a token with this header.
fn token(header: &str) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(PAYLOAD));
    let signature = URL_SAFE_NO_PAD.encode(Key::ed25519(7).sign(input.as_bytes()));
    format!("{input}.{signature}")
}

fn kid() -> String {
    let jws = Jws::parse(sign_compact(&signer(), TYP, PAYLOAD, AT).unwrap().as_bytes()).unwrap();
    jws.kid().unwrap().to_owned()
}

fn x5t() -> String {
    URL_SAFE_NO_PAD.encode(signer().certificates[0].fingerprint())
}

/// A good header with another algorithm and more members.
fn header(alg: &str, more: &str) -> String {
    let x5c = STANDARD.encode(signer().certificates[0].der());
    format!(
        r##"{{"typ":"{TYP}","alg":"{alg}","kid":"{}","x5c":["{x5c}"],"iat":1683331200,"x5t#S256":"{}"{more}}}"##,
        kid(),
        x5t()
    )
}

#[test]
fn what_is_signed_verifies() {
    for signer in [signer(), TestSigner::under_intermediate(Key::ed25519(7))] {
        let token = sign_compact(&signer, TYP, PAYLOAD, AT).unwrap();
        let jws = verify(token.as_bytes()).unwrap();
        assert_eq!(jws.payload(), PAYLOAD);
        assert_eq!(jws.signer(), &signer.certificates[0]);
        assert_eq!(jws.intermediates(), &signer.certificates[1..]);
    }
    let made = sign_compact(&signer(), TYP, PAYLOAD, AT).unwrap();
    assert_eq!(made, token(&header("EdDSA", "")));
}

/// RFC 8037 appendix A.3: the thumbprint of the key of RFC 8032 test 1.
#[test]
fn the_key_identifier_is_the_thumbprint_of_rfc_7638() {
    let seed = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
        0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    let signer = TestSigner::document(Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed)));
    let token = sign_compact(&signer, TYP, PAYLOAD, AT).unwrap();
    let jws = Jws::parse(token.as_bytes()).unwrap();
    assert_eq!(jws.kid(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
}

#[test]
fn algorithms() {
    verify(token(&header("EdDSA", "")).as_bytes()).unwrap();
    verify(token(&header("Ed25519", "")).as_bytes()).unwrap();
    for none in ["none", "None", "NONE"] {
        assert!(matches!(verify(token(&header(none, "")).as_bytes()), Err(JwsError::Unsigned)));
    }
    for alg in ["HS256", "HS384", "HS512"] {
        assert!(matches!(verify(token(&header(alg, "")).as_bytes()), Err(JwsError::SharedSecret { .. })));
    }
    for alg in ["ES256", "RS256", "Ed448", "eddsa", ""] {
        let error = verify(token(&header(alg, "")).as_bytes()).unwrap_err();
        assert!(matches!(error, JwsError::UnsupportedAlgorithm { alg: found } if found == alg));
    }
}

#[test]
fn headers() {
    verify(token(&header("EdDSA", "")).as_bytes()).unwrap();
    for name in ["iss", "b64", "jwk", "jku", "x5u", "x5t", "x5t#o", "zip", "enc", "sigT", "sigD", "etsiU"] {
        let error = verify(token(&header("EdDSA", &format!(r#","{name}":null"#))).as_bytes()).unwrap_err();
        assert!(matches!(error, JwsError::Header(_)), "{name}: {error}");
    }
    for more in [r#","crit":["exp"]"#, r#","crit":[]"#, r#","crit":null"#] {
        assert!(matches!(verify(token(&header("EdDSA", more)).as_bytes()), Err(JwsError::CriticalHeader { .. })));
    }
    for more in [r#","alg":"EdDSA""#, r#","x":1,"x":1"#, r#","deep":{"a":[{"b":1,"\u0062":2}]}"#, ","] {
        let error = verify(token(&header("EdDSA", more)).as_bytes()).unwrap_err();
        assert!(matches!(error, JwsError::Header(_)), "{more}");
    }
    let good = header("EdDSA", "");
    let typ = good.replace(TYP, "JWT");
    assert!(matches!(verify(token(&typ).as_bytes()), Err(JwsError::Type { found: Some(_), .. })));
    let typ = good.replace(&format!(r#""typ":"{TYP}","#), "");
    assert!(matches!(verify(token(&typ).as_bytes()), Err(JwsError::Type { found: None, .. })));
    let other = good.replace(&kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert!(matches!(verify(token(&other).as_bytes()), Err(JwsError::KeyIdentifier { .. })));
    let x5c = STANDARD.encode(signer().certificates[0].der());
    let none = good.replace(&format!(r#""x5c":["{x5c}"],"#), "");
    assert!(matches!(verify(token(&none).as_bytes()), Err(JwsError::NoCertificate)));
    let many = good.replace(&format!(r#""{x5c}""#), &vec![format!(r#""{x5c}""#); 9].join(","));
    assert!(matches!(verify(token(&many).as_bytes()), Err(JwsError::TooManyCertificates { count: 9 })));
    let spaced = good.replace(&x5c, &format!("{x5c} "));
    assert!(matches!(verify(token(&spaced).as_bytes()), Err(JwsError::Base64(Part::Certificate))));
}

/// What JAdES B-B adds to a JWS (ETSI TS 119 182-1, sections 5.1.7, 5.1.11 and 6.3).
#[test]
fn the_header_has_the_time_of_signing_and_the_digest_of_the_certificate() {
    let good = header("EdDSA", "");
    let jws = verify(token(&good).as_bytes()).unwrap();
    assert_eq!(jws.issued_at(), AT);
    jws.verify_issued_at(AT).unwrap();
    let later = AT.plus_seconds(1);
    let error = jws.verify_issued_at(later).unwrap_err();
    assert!(matches!(error, JwsError::IssuedAt { header: AT, claim } if claim == later));

    let without = |from: &str| {
        let changed = good.replace(from, "");
        assert_ne!(changed, good);
        verify(token(&changed).as_bytes()).unwrap_err()
    };
    assert!(matches!(without(r#""iat":1683331200,"#), JwsError::MissingMember { member: "iat" }));
    let error = without(&format!(r##","x5t#S256":"{}""##, x5t()));
    assert!(matches!(error, JwsError::MissingMember { member: "x5t#S256" }));
    for iat in [r#""1683331200""#, "1683331200.0", "1683331200.5", "18446744073709551616"] {
        let changed = good.replace(r#""iat":1683331200"#, &format!(r#""iat":{iat}"#));
        assert!(matches!(verify(token(&changed).as_bytes()), Err(JwsError::Header(_))), "{iat}");
    }
    // The digest of the issuer's certificate, another encoding, and nothing.
    let intermediate = TestSigner::under_intermediate(Key::ed25519(7));
    let other = URL_SAFE_NO_PAD.encode(intermediate.certificates[1].fingerprint());
    for other in [other, format!("{}=", x5t()), x5t().to_uppercase(), String::new()] {
        let error = verify(token(&good.replace(&x5t(), &other)).as_bytes()).unwrap_err();
        assert!(matches!(error, JwsError::CertificateDigest { found, .. } if found == other));
    }
}

#[test]
fn a_certificate_with_another_key_is_refused() {
    let mut wrong = signer();
    wrong.key = Key::ed25519(8);
    let error = sign_compact(&wrong, TYP, PAYLOAD, AT).unwrap_err();
    assert!(matches!(error, JwsError::Signature(SignatureError::Invalid)));
    let p256 = TestSigner::document(Key::p256(7));
    let error = sign_compact(&p256, TYP, PAYLOAD, AT).unwrap_err();
    assert!(matches!(error, JwsError::Signature(SignatureError::WrongAlgorithm { .. })));
}

#[test]
fn encodings() {
    let good = token(&header("EdDSA", ""));
    verify(good.as_bytes()).unwrap();
    for wrong in [format!("{good}="), format!("{good}\n"), format!(" {good}"), good.replacen('.', ".=", 1)] {
        assert!(matches!(verify(wrong.as_bytes()), Err(JwsError::Base64(_))), "{wrong}");
    }
    for wrong in [format!("{good}."), format!(".{good}"), good.replace('.', ""), String::new()] {
        assert!(matches!(verify(wrong.as_bytes()), Err(JwsError::Parts)), "{wrong}");
    }
    // The last character of a 64-byte signature has four unused bits.
    let (start, last) = good.split_at(good.len() - 1);
    let index =
        |c: u8| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".iter().position(|x| *x == c);
    let next =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[index(last.as_bytes()[0]).unwrap() + 1];
    let loose = format!("{start}{}", char::from(next));
    assert!(matches!(verify(loose.as_bytes()), Err(JwsError::Base64(Part::Signature))));
    let long = vec![b'a'; (4 << 20) + 1];
    assert!(matches!(verify(&long), Err(JwsError::TooLong { .. })));
}

#[test]
fn no_character_can_change_unseen() {
    let good = token(&header("EdDSA", ""));
    for at in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(verify(&changed).is_err(), "character {at}");
        assert!(verify(&good.as_bytes()[..at]).is_err(), "length {at}");
    }
}

#[test]
fn json_objects() {
    #[derive(Debug, serde::Deserialize)]
    struct Claims {
        a: u32,
    }
    let read = |text: &str| json::from_slice::<Claims>(text.as_bytes()).map(|claims| claims.a);
    assert_eq!(read(r#"{"a":1,"b":[{"c":1},{"c":2}],"d":{"a":1}}"#).unwrap(), 1);
    for wrong in [
        "",
        "null",
        "[1]",
        r#"{"a":1}{"#,
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":{"c":1,"c":1}}"#,
        r#"{"a":1,"b":[[{"c":1,"\u0063":1}]]}"#,
        r#"{"a":"1"}"#,
        "\u{feff}{\"a\":1}",
        r#"{"a":1.0}"#,
        r#"{"a":1e0}"#,
        r#"{"a":-1}"#,
        r#"{"a":4294967296}"#,
        r#"{"a":1}{"a":1}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    // The parser limits the depth, so the stack does not overflow.
    let deep = format!(r#"{{"a":1,"b":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&deep).is_err());
    json::from_slice::<Claims>(b"{\"a\":1,\"b\":\"\xff\"}").unwrap_err();
}

#[test]
fn an_array_is_no_object_though_it_has_the_members_in_order() {
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only reading is tested")]
    struct Outer {
        inner: Inner,
        optional: Option<Inner>,
        list: Vec<Inner>,
    }
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only reading is tested")]
    struct Inner {
        name: String,
        numbers: Vec<u8>,
    }
    const OBJECT: &str = r#"{"name":"x","numbers":[1,2]}"#;
    let read = |inner: &str, optional: &str, list: &str| {
        json::from_slice::<Outer>(format!(r#"{{"inner":{inner},"optional":{optional},"list":[{list}]}}"#).as_bytes())
    };
    read(OBJECT, OBJECT, OBJECT).unwrap();
    read(OBJECT, "null", "").unwrap();
    let array = r#"["x",[1,2]]"#;
    for (inner, optional, list) in [(array, OBJECT, OBJECT), (OBJECT, array, OBJECT), (OBJECT, OBJECT, array)] {
        let error = read(inner, optional, list).unwrap_err();
        assert!(error.to_string().contains("invalid type"), "{error}");
    }
}
