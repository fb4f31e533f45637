//! Status lists that break the form in `docs/reference/status-list.md` are not used.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::{
    Date,
    status::{EntryStatus, Reason},
};
use cqm_keys::Role;
use cqm_sign::x509::TrustStore;
use cqm_status::{LIST_TYPE, SignedList};
use cqm_tests::office::{Forge, assert_invalid, assert_valid, jws_parts, signed_by, test_root, verifier};
use cqm_tests::status::{answers, assert_open, event, forged, issued, list, message, naming, sign, stop, verify};
use cqm_verify::{Question, StatusAnswer};
use serde_json::{Value, json};

use EntryStatus::Suspended;

fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Eight entries of two bits with these values: six in use and two that fill the last byte.
fn lst(values: [u8; 8]) -> Value {
    let bytes: Vec<u8> =
        values.chunks(4).map(|four| four.iter().rev().fold(0, |byte, value| byte << 2 | value)).collect();
    json!({"bits": 2, "lst": URL_SAFE_NO_PAD.encode(zlib(&bytes))})
}

#[test]
fn lists_of_another_form_are_refused() {
    let good = sign(list(&[stop("2024-01-10")]));
    let (header, payload) = jws_parts(&good);
    let payload = String::from_utf8(payload).unwrap();
    let of = |header: &str, payload: &str| signed_by(Role::StatusSigner, header, payload.as_bytes());
    assert_invalid(&verify(&of(&header, &payload)), &["status.stopped"]);
    assert_invalid(&verify(&format!("{good}\n")), &["status.stopped"]);
    // Unknown claims beside the registered ones are ignored.
    assert_invalid(&verify(&of(&header, &payload.replacen('{', r#"{"note":1,"#, 1))), &["status.stopped"]);

    for (from, to) in [
        (LIST_TYPE, "JWT"),
        (LIST_TYPE, "cqm-certificate+jwt"),
        (r#""alg":"EdDSA""#, r#""alg":"none""#),
        ("{", r#"{"crit":[],"#),
        ("{", r#"{"alg":"EdDSA","#),
    ] {
        assert_open(&verify(&of(&header.replacen(from, to, 1), &payload)), &["status.malformed"]);
    }
    for (from, to) in [
        ("{", r#"{"iat":1,"#),
        (r#""cqm":{"#, r#""cqm":{"seq":3,"#),
        (r#""cqm":{"#, r#""cqm":{"unknown":1,"#),
        (r#""version":2"#, r#""version":1"#),
        (r#""version":2"#, r#""version":3"#),
        (r#""sub":"urn:cqm:status:1""#, r#""sub":"status""#),
        (r#""exp":1707868800"#, r#""exp":1705276800"#),
        (r#""ttl":86400"#, r#""ttl":0"#),
        (r#""seq":3"#, r#""seq":0"#),
        (r#""seq":3"#, r#""seq":4294967297"#),
        (r#""seq":3"#, r#""seq":1"#),
        (r#""prev":"11"#, r#""prev":"1"#),
        (r#""log_head":"22"#, r#""log_head":"G2"#),
        (r#""crls":["#, r#""crls":["AAAA","#),
        (r#""crls":["#, r#""crls":["", "#),
        (r#""issued":{"#, r#""issued":{"unknown":1,"#),
        (r#""idx":[0]"#, r#""idx":[]"#),
        (r#""idx":[0]"#, r#""idx":[0,1]"#),
        (r#""idx":[0]"#, r#""idx":[-1]"#),
        // Entry 6 is not in use, entry 8 is beyond the end.
        (r#""idx":[0]"#, r#""idx":[6]"#),
        (r#""idx":[0]"#, r#""idx":[8]"#),
        (r#""tokens":""#, r#""tokens":"="#),
    ] {
        assert!(payload.contains(from), "{from} in {payload}");
        assert_open(&verify(&of(&header, &payload.replacen(from, to, 1))), &["status.malformed"]);
    }
    let wrong_issuer = payload.replacen("urn:cqm:program-office", "urn:cqm:somebody", 1);
    assert_open(&verify(&of(&header, &wrong_issuer)), &["status.wrong-issuer"]);
    for garbage in ["", "x", "a.b.c", "%PDF-1.7"] {
        assert_open(&verify(garbage), &["status.malformed"]);
    }
}

#[test]
fn entries_that_cannot_be_read_are_refused() {
    let good = sign(list(&[stop("2024-01-10")]));
    let with = |status_list: Value| verify(&forged(&good, |claims| claims["status_list"] = status_list));
    let raw = zlib(&[0b0001_0000, 0b1111_0000]);
    let as_list = |bits: u8, bytes: &[u8]| json!({"bits": bits, "lst": URL_SAFE_NO_PAD.encode(bytes)});
    assert_invalid(&with(as_list(2, &raw)), &["status.stopped"]);
    // The profile requires two bits, whatever the entries would mean.
    for bits in [0, 1, 3, 4, 8] {
        assert_open(&with(as_list(bits, &raw)), &["status.malformed"]);
    }
    assert_open(&with(as_list(2, &raw[..raw.len() - 1])), &["status.malformed"]);
    assert_open(&with(as_list(2, &[&raw[..], b"\0"].concat())), &["status.malformed"]);
    assert_open(&with(as_list(2, &[0b0001_0000, 0b1111_0000])), &["status.malformed"]);
    assert_open(&with(json!({"bits": 2, "lst": ""})), &["status.malformed"]);
    // More than 4 MiB of zeros is refused, and without inflating all of it.
    let start = std::time::Instant::now();
    assert_open(&with(as_list(2, &zlib(&vec![0; (4 << 20) + 1]))), &["status.malformed"]);
    let bomb = zlib(&vec![0; 1 << 28]);
    let made = start.elapsed();
    let start = std::time::Instant::now();
    assert_open(&with(as_list(2, &bomb)), &["status.malformed"]);
    assert!(start.elapsed() < made / 2, "{:?} to refuse what took {made:?} to make", start.elapsed());
}

#[test]
fn events_that_cannot_be_read_are_refused() {
    let good = sign(list(&[stop("2024-01-10")]));
    let with_bytes = |bytes: &[u8]| {
        let events = URL_SAFE_NO_PAD.encode(bytes);
        verify(&forged(&good, |claims| claims["cqm"]["events"] = events.into()))
    };
    let with = |json: &str| with_bytes(&zlib(json.as_bytes()));
    let right = r#"{"idx":[2],"status":[1],"reasons":["gvcp-decertified"],"reason":[0],"effective":["2024-01-10"],"recorded_after":[0]}"#;
    assert_invalid(&with(right), &["status.stopped"]);
    for (from, to) in [
        ("{", r#"{"idx":[2],"#),
        ("{", r#"{"note":[2],"#),
        (r#""recorded_after":[0]"#, r#""recorded_after":[]"#),
        (r#""recorded_after":[0]"#, r#""recorded_after":[0,0]"#),
        (r#""recorded_after":[0]"#, r#""recorded_after":[2147483647]"#),
        (r#","recorded_after":[0]"#, ""),
        ("[1]", "[3]"),
        // An entry that was never stopped is resumed.
        ("[1]", "[0]"),
        ("gvcp-decertified", "bad-weather"),
        (r#""reason":[0]"#, r#""reason":[1]"#),
        (r#""reason":[0]"#, r#""reason":["gvcp-decertified"]"#),
        ("2024-01-10", "2024-02-30"),
        ("[2]", "[-1]"),
        ("[2]", "[4294967296]"),
        ("}", "}}"),
        ("}", "} {}"),
    ] {
        assert!(right.contains(from));
        assert_open(&with(&right.replacen(from, to, 1)), &["status.malformed"]);
    }
    assert_open(&with("[]"), &["status.malformed"]);
    // Events out of order, by date within an entry. The order of entries can't be wrong, because
    // differences can't be negative.
    let two = |dates: &str| {
        with(&format!(
            r#"{{"idx":[2,0],"status":[1,1],"reasons":["superseded"],"reason":[0,0],"effective":[{dates}],"recorded_after":[0,0]}}"#
        ))
    };
    assert_invalid(&two(r#""2024-01-09","2024-01-10""#), &["status.stopped"]);
    assert_open(&two(r#""2024-01-10","2024-01-09""#), &["status.malformed"]);
    let compressed = zlib(right.as_bytes());
    assert_open(&with_bytes(&compressed[..compressed.len() - 1]), &["status.malformed"]);
    assert_open(&with_bytes(&[&compressed[..], b"\0"].concat()), &["status.malformed"]);
    assert_open(&with_bytes(&zlib(&vec![b' '; (16 << 20) + 1])), &["status.malformed"]);
}

#[test]
fn entries_that_disagree_with_the_events_are_refused() {
    let good = sign(list(&[stop("2024-01-10"), event(4, Suspended, Reason::AuditReportOverdue, "2024-02-01")]));
    let with = |values: [u8; 8]| verify(&forged(&good, |claims| claims["status_list"] = lst(values)));
    // Entries don't contain what takes effect later.
    assert_invalid(&with([0, 0, 1, 0, 0, 0, 3, 3]), &["status.stopped"]);
    for values in [
        [0, 0, 0, 0, 0, 0, 3, 3],
        [0, 0, 2, 0, 0, 0, 3, 3],
        [0, 0, 3, 0, 0, 0, 3, 3],
        [0, 0, 1, 0, 2, 0, 3, 3],
        [0, 0, 1, 0, 3, 0, 3, 3],
        [1, 0, 1, 0, 0, 0, 3, 3],
        [0, 2, 1, 0, 0, 0, 3, 3],
        [0, 0, 1, 0, 0, 1, 3, 3],
        [0, 0, 1, 0, 0, 0, 3, 2],
    ] {
        let report = with(values);
        assert_open(&report, &["status.inconsistent"]);
    }
    let short = |claims: &mut Value| {
        claims["status_list"] = json!({"bits": 2, "lst": URL_SAFE_NO_PAD.encode(zlib(&[]))});
    };
    assert_open(&verify(&forged(&good, short)), &["status.inconsistent"]);
}

/// Serde would also fill a struct from an array.
#[test]
fn an_array_is_no_object_of_a_list() {
    let good = sign(list(&[]));
    assert_valid(&verify(&forged(&good, |_| {})));
    for (place, members) in [
        ("/cqm/issued", &["idx", "tokens"][..]),
        ("/status_list", &["bits", "lst"]),
        ("/cqm", &["version", "seq", "prev", "log_head", "events", "issued", "crls"]),
    ] {
        let array = |claims: &mut Value| {
            let place = claims.pointer_mut(place).unwrap();
            *place = members.iter().map(|name| place[*name].clone()).collect();
        };
        assert_open(&verify(&forged(&good, array)), &["status.malformed"]);
    }
    // The same holds for a certificate's reference to the list.
    let (header, payload) = jws_parts(&issued().token);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut claims: Value = serde_json::from_slice(&payload).unwrap();
        change(&mut claims);
        let token = Forge::default().raw_token(&header, &serde_json::to_vec(&claims).unwrap());
        let mut verifier = verifier();
        verifier.add_status_list(sign(naming(list(&[]), &token)).as_bytes());
        let at = "2024-01-31".parse::<Date>().unwrap().end();
        verifier.verify(token.as_bytes(), &Question::new(at))
    };
    assert_valid(&with(&|_| {}));
    for place in ["/status", "/cqm/sites/0/labels/0/status"] {
        let list = |claims: &mut Value| claims.pointer_mut(place).unwrap()["status_list"].clone();
        let inner = with(&|claims| {
            let list = list(claims);
            claims.pointer_mut(place).unwrap()["status_list"] = json!([list["idx"], list["uri"]]);
        });
        assert_invalid(&inner, &["token.claims"]);
        let outer = with(&|claims| {
            let list = list(claims);
            *claims.pointer_mut(place).unwrap() = json!([list]);
        });
        assert_invalid(&outer, &["token.claims"]);
    }
}

#[test]
fn entries_that_nobody_was_given_are_refused() {
    let good = sign(list(&[]));
    let with = |values: [u8; 8]| verify(&forged(&good, |claims| claims["status_list"] = lst(values)));
    assert_valid(&with([0, 0, 0, 0, 0, 0, 3, 3]));
    let report = with([0, 0, 0, 0, 0, 3, 3, 3]);
    assert_invalid(&report, &["status.not-issued"]);
    assert_eq!(
        message(&report, "status.not-issued"),
        "99903000DA: the entry 5 of urn:cqm:status:1 was never given out"
    );
    assert_eq!(answers(&report)[4], StatusAnswer::Unknown);
    // The list is too short for the entry.
    let mut short = list(&[]);
    short.issued = 4;
    assert_invalid(&verify(&sign(short)), &["status.not-issued"]);
}

#[test]
fn every_part_of_a_list_is_covered() {
    let trust = TrustStore::from_pem(test_root()).unwrap();
    let list = sign(list(&[stop("2024-01-10")])).into_bytes();
    let is_authentic = |list: &[u8]| SignedList::parse(list).and_then(|list| list.verify(&trust)).is_ok();
    assert!(is_authentic(&list));
    for at in 0..list.len() {
        let mut changed = list.clone();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(!is_authentic(&changed), "byte {at}");
        assert!(!is_authentic(&list[..at]), "cut at {at}");
    }
}
