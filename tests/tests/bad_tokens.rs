//! Tokens that must not be valid, each with a valid one that differs only in the fault.

use cqm_core::{Certificate, Label, Site, Verdict};
use cqm_tests::office::{Forge, IN_DATE, assert_invalid, assert_unconfirmed, errors, issued, jws_parts, verify};
use cqm_tests::status::certificate_of_120_labels;
use cqm_verify::Report;
use serde_json::{Value, json};

/// The token with a change in its header, signed again by the right key.
fn with_header(from: &str, to: &str) -> String {
    let (header, payload) = jws_parts(&issued().token);
    assert!(header.contains(from), "{header}");
    Forge::default().raw_token(&header.replacen(from, to, 1), &payload)
}

/// The token with a change in its claims, signed again by the right key.
fn with_claims(from: &str, to: &str) -> String {
    let (header, payload) = jws_parts(&issued().token);
    let payload = String::from_utf8(payload).unwrap();
    assert!(payload.contains(from), "{payload}");
    Forge::default().raw_token(&header, payload.replacen(from, to, 1).as_bytes())
}

#[test]
fn the_token_itself_is_valid_and_so_is_its_twin_made_by_hand() {
    let (header, payload) = jws_parts(&issued().token);
    assert_eq!(Forge::default().raw_token(&header, &payload), issued().token);
    assert_unconfirmed(&verify(issued().token.as_bytes()));
    // With the line end that an editor adds.
    assert_unconfirmed(&verify(format!("{}\n", issued().token).as_bytes()));
    // The algorithm's name in RFC 9864.
    assert_unconfirmed(&verify(with_header(r#""alg":"EdDSA""#, r#""alg":"Ed25519""#).as_bytes()));
    // Unknown members are ignored beside the registered claims.
    assert_unconfirmed(&verify(with_claims("{", r#"{"note":1,"#).as_bytes()));
}

#[test]
fn headers_that_must_be_refused() {
    for (from, to, code) in [
        (r#""alg":"EdDSA""#, r#""alg":"none""#, "token.algorithm"),
        (r#""alg":"EdDSA""#, r#""alg":"NONE""#, "token.algorithm"),
        (r#""alg":"EdDSA""#, r#""alg":"HS256""#, "token.algorithm"),
        (r#""alg":"EdDSA""#, r#""alg":"ES256""#, "token.algorithm"),
        (r#""alg":"EdDSA""#, r#""alg":"""#, "token.algorithm"),
        (r#""alg":"EdDSA""#, r#""alg":["EdDSA"]"#, "token.malformed"),
        (r#""alg":"EdDSA","#, "", "token.malformed"),
        (r#""typ":"cqm-certificate+jwt""#, r#""typ":"JWT""#, "token.type"),
        (r#""typ":"cqm-certificate+jwt""#, r#""typ":"statuslist+jwt""#, "token.type"),
        (r#""typ":"cqm-certificate+jwt","#, "", "token.type"),
        ("{", r#"{"crit":["exp"],"#, "token.critical"),
        ("{", r#"{"crit":[],"#, "token.critical"),
        ("{", r#"{"crit":null,"#, "token.critical"),
        ("{", r#"{"alg":"EdDSA","#, "token.duplicate-key"),
        ("{", r#"{"x":{"y":1,"y":2},"#, "token.malformed"),
        (r#""kid":""#, r#""kid":"x"#, "token.malformed"),
        (r#""x5t#S256":""#, r#""x5t#S256":"x"#, "token.malformed"),
        (r#""iat":1683331200,"#, "", "token.malformed"),
        (r#""iat":1683331200"#, r#""iat":"1683331200""#, "token.malformed"),
        (r#""iat":1683331200"#, r#""iat":1683331201"#, "token.claims"),
        ("{", r#"{"x-note":1,"#, "token.malformed"),
        ("{", r#"{"b64":true,"#, "token.malformed"),
        ("{", r#"{"jwk":{},"#, "token.malformed"),
        ("{", r#"{"x5u":"https://example.org","#, "token.malformed"),
        ("{", r#"{"zip":"DEF","#, "token.malformed"),
        (r#""x5c":["#, r#""x5c":["AAAA","#, "token.malformed"),
    ] {
        let report = verify(with_header(from, to).as_bytes());
        assert_invalid(&report, &[code]);
    }
}

#[test]
fn claims_that_must_be_refused() {
    for (from, to, code) in [
        ("{", r#"{"iat":1,"#, "token.duplicate-key"),
        (r#""cqm":{"#, r#""cqm":{"version":1,"#, "token.duplicate-key"),
        (r#""cqm":{"#, r#""cqm":{"\u0076ersion":1,"#, "token.duplicate-key"),
        ("{", r#"{"\u0069at":1,"#, "token.duplicate-key"),
        ("{", r#"{"x":[[{"a\u0000":1,"\u0061\u0000":1}]],"#, "token.duplicate-key"),
        (r#""cqm":{"#, r#""cqm":{"unknown":1,"#, "token.claims"),
        (r#""version":2"#, r#""version":2.0"#, "token.claims"),
        (r#""version":2"#, r#""version":2e0"#, "token.claims"),
        (r#""version":2"#, r#""version":"2""#, "token.claims"),
        (r#""version":2"#, r#""version":4294967298"#, "token.claims"),
        (r#""iat":1683331200"#, r#""iat":1683331200.0"#, "token.claims"),
        (r#""iat":1683331200"#, r#""iat":-0"#, "token.claims"),
        (r#""iat":1683331200"#, r#""iat":1e400"#, "token.claims"),
        (r#""iat":1683331200"#, r#""iat":18446744073709551616"#, "token.claims"),
        (r#""iss":"urn:cqm:program-office""#, r#""iss":"urn:cqm:program-office\u0000""#, "token.claims"),
        (r#""country":"#, r#""country":null,"x":"#, "token.claims"),
        (r#""version":2"#, r#""version":1"#, "token.claims"),
        (r#""iss":"urn:cqm:program-office""#, r#""iss":"urn:cqm:somebody""#, "token.claims"),
        (r#""sub":"urn:cqm:company:99""#, r#""sub":"urn:cqm:company:98""#, "token.claims"),
        (r#""jti":"CQM-2023-0099""#, r#""jti":"CQM-2023-0098""#, "token.claims"),
        (r#""nbf":1683331200"#, r#""nbf":1683331201"#, "token.claims"),
        (r#""exp":1714953600"#, r#""exp":1714953599"#, "token.claims"),
        (r#""exp":1714953600"#, r#""exp":"soon""#, "token.claims"),
        (r#""label":"69901000DA""#, r#""label":"6990100DA""#, "token.claims"),
        (r#""iat":1683331200"#, r#""iat":1683331201"#, "token.claims"),
        (r#""letter":{"size":"#, r#""letter":{"size":-"#, "token.claims"),
        (r#""letter":{"size":"#, r#""letter":{"unknown":1,"size":"#, "token.claims"),
        (r#""letter":{"#, r#""letter":null,"x":{"#, "token.claims"),
        (r#""sha256":""#, r#""sha256":"0"#, "token.claims"),
        (r#""companies":[{"number":"99","name":"Dummy Card Company"}]"#, r#""companies":["99"]"#, "token.claims"),
    ] {
        let report = verify(with_claims(from, to).as_bytes());
        assert_invalid(&report, &[code]);
    }
}

#[test]
fn a_report_does_not_repeat_megabytes_of_a_token() {
    let long = "x".repeat(1 << 20);
    for (from, to) in [
        (r#""iss":"urn:cqm:program-office""#, format!(r#""iss":"{long}""#)),
        (r#""label":"69901000DA""#, format!(r#""label":"{long}""#)),
        (r#""valid_from":"2023-05-06""#, format!(r#""valid_from":"{long}""#)),
        (r#""cqm":{"#, format!(r#""cqm":{{"{long}":1,"#)),
    ] {
        let report = verify(with_claims(from, &to).as_bytes());
        assert_invalid(&report, &["token.claims"]);
        assert!(report.findings().iter().all(|finding| finding.message.len() < 3000), "{from}");
    }
}

/// The token with a change in its claims, signed again by the right key.
fn with_changed(change: impl Fn(&mut Value)) -> String {
    let (header, payload) = jws_parts(&issued().token);
    let mut claims = serde_json::from_slice(&payload).unwrap();
    change(&mut claims);
    Forge::default().raw_token(&header, &serde_json::to_vec(&claims).unwrap())
}

/// Serde would also fill a struct from an array.
#[test]
fn an_array_is_no_object() {
    let header = json!({"typ": "cqm-certificate+jwt", "alg": "EdDSA"});
    for (place, members) in [
        ("", &["iss", "sub", "jti", "iat", "nbf", "exp", "status", "cqm"][..]),
        (
            "/cqm",
            &[
                "version",
                "number",
                "letter",
                "holder",
                "valid_from",
                "valid_until",
                "sites",
                "signatory",
                "min_status_seq",
            ],
        ),
        ("/cqm/holder", &["name", "address", "country", "companies"]),
        ("/cqm/letter", &["size", "sha256"]),
        ("/cqm/holder/companies/0", &["number", "name"]),
        ("/cqm/signatory", &["name", "title"]),
        ("/cqm/sites/0", &["company", "site", "country", "city", "subcontractor", "cid", "labels"]),
        ("/cqm/sites/0/labels/0", &["label", "status"]),
    ] {
        let put = |value: &dyn Fn(&Value) -> Value| {
            verify(
                with_changed(|claims| {
                    let place = claims.pointer_mut(place).unwrap();
                    *place = value(place);
                })
                .as_bytes(),
            )
        };
        let members: Vec<Value> = members.iter().map(|name| json!(name)).collect();
        let values = |object: &Value| members.iter().map(|name| object[name.as_str().unwrap()].clone()).collect();
        assert_unconfirmed(&put(&|object| object.clone()));
        assert_unconfirmed(&put(&|object| {
            // The list above names every member, and null is the same as absent.
            let members: Vec<(String, Value)> = members
                .iter()
                .map(|name| name.as_str().unwrap().to_owned())
                .map(|name| (name.clone(), object[name].clone()))
                .collect();
            assert!(object.as_object().unwrap().keys().all(|key| members.iter().any(|(name, _)| name == key)));
            Value::Object(members.into_iter().collect())
        }));
        assert_invalid(&put(&|object| Value::Array(values(object))), &["token.claims"]);
    }
    let (_, payload) = jws_parts(&issued().token);
    let array = Value::Array(header.as_object().unwrap().values().cloned().collect()).to_string();
    assert_invalid(&verify(Forge::default().raw_token(&array, &payload).as_bytes()), &["token.malformed"]);
}

/// An unknown member may mean that a label is not valid, so none is ignored anywhere in `cqm`.
#[test]
fn no_object_of_the_certificate_has_an_unknown_member() {
    for place in [
        "/cqm",
        "/cqm/letter",
        "/cqm/holder",
        "/cqm/holder/companies/0",
        "/cqm/signatory",
        "/cqm/sites/0",
        "/cqm/sites/0/labels/0",
    ] {
        let with = |member: Option<&str>| {
            let token = with_changed(|claims| {
                let object = claims.pointer_mut(place).unwrap().as_object_mut().unwrap();
                object.extend(member.map(|member| (member.to_owned(), json!(1))));
            });
            verify(token.as_bytes())
        };
        assert_unconfirmed(&with(None));
        assert_invalid(&with(Some("withdrawn")), &["token.claims"]);
    }
}

#[test]
fn names_are_lines_that_are_seen() {
    let places = [
        "/cqm/holder/name",
        "/cqm/holder/companies/0/name",
        "/cqm/holder/address/0",
        "/cqm/signatory/name",
        "/cqm/signatory/title",
        "/cqm/sites/0/city",
        "/cqm/sites/0/subcontractor",
    ];
    for place in places {
        let with = |text: &str| {
            verify(
                with_changed(|claims| {
                    claims["cqm"]["sites"][0]["subcontractor"] = "Subcontractor".into();
                    *claims.pointer_mut(place).unwrap() = text.into();
                })
                .as_bytes(),
            )
        };
        assert_unconfirmed(&with("智卡 Ζωή & Zoë (Shenzhen) Ltd."));
        assert_unconfirmed(&with(&"é".repeat(200)));
        for text in
            ["", " ", "Dummy\nCard", "Dummy\u{202e}draC", "Dummy\u{2066}Card", "Dummy\u{200b}Card", "Dum\u{ad}my"]
        {
            assert_invalid(&with(text), &["token.claims"]);
        }
        assert_invalid(&with(&"é".repeat(201)), &["token.claims"]);
    }
}

#[test]
fn lists_have_an_end() {
    let texts = |count: usize| vec![json!("line"); count];
    let address =
        |count| verify(with_changed(|claims| claims["cqm"]["holder"]["address"] = json!(texts(count))).as_bytes());
    assert_unconfirmed(&address(10));
    assert_invalid(&address(11), &["token.claims"]);
    // The rules of the program object to such lists too, but only to those that can be read.
    for (place, most) in [("/cqm/holder/companies", 100), ("/cqm/sites", 1000), ("/cqm/sites/0/labels", 200)] {
        let errors = |count: usize| {
            let token = with_changed(|claims| {
                let list = claims.pointer_mut(place).unwrap();
                *list = vec![list[0].clone(); count].into();
                let companies = claims["cqm"]["holder"]["companies"].as_array_mut().unwrap();
                // Each company has a number of its own.
                for (company, number) in companies.iter_mut().skip(1).zip(0..) {
                    company["number"] = format!("{}{}", char::from(b'A' + number / 10), number % 10).into();
                }
                let kind = if companies.len() == 1 { "company" } else { "group" };
                let companies: Vec<&str> =
                    companies.iter().map(|company| company["number"].as_str().unwrap()).collect();
                claims["sub"] = format!("urn:cqm:{kind}:{}", companies.join(".")).into();
            });
            errors(&verify(token.as_bytes()))
        };
        assert!(!errors(most).contains(&"token.claims"), "{place}: {:?}", errors(most));
        assert_eq!(errors(most + 1), ["token.claims"], "{place}");
    }
}

#[test]
fn no_company_is_listed_twice() {
    let of = |numbers: &[&str]| {
        let token = with_changed(|claims| {
            let company = |number: &&str| json!({"number": number, "name": "A company"});
            claims["cqm"]["holder"]["companies"] = numbers.iter().map(company).collect();
            claims["sub"] = format!("urn:cqm:group:{}", numbers.join(".")).into();
        });
        verify(token.as_bytes())
    };
    assert_unconfirmed(&of(&["99", "98"]));
    assert_invalid(&of(&["99", "98", "99"]), &["token.claims"]);
}

#[test]
fn a_token_is_not_believed_before_it_was_issued() {
    let token = |iat: i64| {
        let (header, payload) = jws_parts(&issued().token);
        let [header, payload] = [header, String::from_utf8(payload).unwrap()]
            .map(|text| text.replacen(r#""iat":1683331200"#, &format!(r#""iat":{iat}"#), 1));
        Forge::default().raw_token(&header, payload.as_bytes())
    };
    let at = IN_DATE.end().seconds();
    assert_unconfirmed(&verify(token(at).as_bytes()));
    let report = verify(token(at + 1).as_bytes());
    assert!(errors(&report).contains(&"date.not-yet-valid"), "{:?}", report.findings());
    assert_eq!(report.verdict(), Verdict::Invalid);
}

#[test]
fn every_part_of_a_token_is_covered() {
    let token = issued().token.as_bytes();
    for at in 0..token.len() {
        let mut changed = token.to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert_eq!(verify(&changed).verdict(), Verdict::Invalid, "byte {at}");
        assert_eq!(verify(&token[..at]).verdict(), Verdict::Invalid, "cut at {at}");
    }
}

#[test]
fn a_signature_by_another_key_is_found() {
    let (header, payload) = jws_parts(&issued().token);
    let forge = Forge { token_signer: cqm_tests::office::test_key(cqm_keys::Role::StatusSigner), ..Forge::default() };
    let report = verify(forge.raw_token(&header, &payload).as_bytes());
    assert_invalid(&report, &["token.bad-signature"]);
    assert!(report.certificate().is_none(), "content without a valid signature is not shown");
}

#[test]
fn positions_reserved_for_the_future_are_a_warning() {
    // A later release may write it, so the certificate is not refused.
    let report = verify(with_claims(r#""label":"69901000DA""#, r#""label":"69901A10DA""#).as_bytes());
    assert_unconfirmed(&report);
    assert!(report.findings().iter().any(|finding| finding.code.as_str() == "label.reserved-position"));
}

#[test]
fn a_report_stays_short_and_keeps_what_decides() {
    let verify = |certificate: &Certificate| verify(Forge::default().token(certificate).as_bytes());
    let count =
        |report: &Report, code: &str| report.findings().iter().filter(|finding| finding.code.as_str() == code).count();
    let mut certificate = certificate_of_120_labels();
    // 24 sites more, with 240 other labels; each label is listed twice.
    let known = certificate.sites.clone();
    for (offset, site) in [12, 24].into_iter().flat_map(|offset| known.iter().map(move |site| (offset, site))) {
        let number = site.number.to_string().parse::<u8>().unwrap() + offset;
        let label = |label: &Label| format!("{}99{number:02}000DA", &label.to_string()[..1]).parse().unwrap();
        let labels = site.labels.iter().map(label).collect();
        certificate.sites.push(Site { number: format!("{number:02}").parse().unwrap(), labels, ..site.clone() });
    }
    for site in &mut certificate.sites {
        site.labels.extend(site.labels.clone());
    }
    let report = verify(&certificate);
    assert_eq!(report.verdict(), Verdict::Invalid);
    assert!(count(&report, "rule.label-twice") >= 199, "{:#?}", report.findings());
    assert_eq!((report.findings().len(), count(&report, "cqm.limit-exceeded")), (201, 1));
}

#[test]
fn what_was_found_several_times_is_listed_once() {
    let mut certificate = issued().certificate.clone();
    let sites = certificate.sites.clone();
    // Every site is repeated 300 times, with its labels.
    certificate.sites.extend(std::iter::repeat_n(sites, 300).flatten());
    let report = verify(Forge::default().token(&certificate).as_bytes());
    assert_eq!(report.verdict(), Verdict::Invalid);
    let count = |code: &str| report.findings().iter().filter(|finding| finding.code.as_str() == code).count();
    assert_eq!((count("rule.site-twice"), count("rule.label-twice")), (3, 5), "{:#?}", report.findings());
}
