//! The successors of superseded certificates: in lists, and in reports.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::status::{EntryStatus, Event, Reason};
use cqm_keys::Role;
use cqm_status::{ListDraft, ListDraftError};
use cqm_tests::office::{assert_invalid, assert_valid, test_key};
use cqm_tests::status::{ask, assert_open, event, forged, list, message, sign, superseded, verify};
use cqm_verify::{
    Report,
    report::text::{Line, detailed},
};
use serde_json::json;

use EntryStatus::{Invalid, Suspended};

fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_report_names_the_certificate_that_replaced_another() {
    let successor = |report: &Report| report.successor().map(ToString::to_string);
    let list = sign(superseded());
    let report = ask(&[&list], "2024-01-10", &[]);
    assert_invalid(&report, &["status.revoked"]);
    assert_eq!(
        message(&report, "status.revoked"),
        "certificate CQM-2023-0099 revoked from 2024-01-10 on: superseded (a newer certificate of the same holder \
         replaces this one); CQM-2024-0100 replaced it"
    );
    assert_eq!(successor(&report).as_deref(), Some("CQM-2024-0100"));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["certificate"]["successor"], "CQM-2024-0100");
    let text = |report: &Report| {
        let lines = detailed("letter.pdf", report);
        let line = |line: &Line| line.0.iter().map(|span| span.text.as_str()).collect();
        lines.iter().map(line).collect::<Vec<String>>().join("\n")
    };
    assert!(text(&report).contains("\n  Replaced by  CQM-2024-0100, from 2024-01-10 on\n"), "{}", text(&report));
    // Before that day it was good.
    let report = ask(&[&list], "2024-01-09", &[]);
    assert_valid(&report);
    assert_eq!((successor(&report), text(&report).contains("Replaced")), (None, false));
    assert_eq!(serde_json::to_value(&report).unwrap()["certificate"].get("successor"), None);
    // An expired list names it too, as the last that is known.
    let report = ask(&[&list], "2024-02-14", &[]);
    assert_open(&report, &["status.stale"]);
    assert!(message(&report, "status.stale").ends_with("replaces this one); CQM-2024-0100 replaced it"));
    assert_eq!(successor(&report), None);
    // Lists need not name it.
    let report = ask(&[&sign(ListDraft { successors: [].into(), ..superseded() })], "2024-01-10", &[]);
    assert_invalid(&report, &["status.revoked"]);
    assert!(message(&report, "status.revoked").ends_with("of the same holder replaces this one)"));
    assert_eq!(successor(&report), None);
    // A suspension before is not a replacement.
    let mut suspended = superseded();
    suspended.events.insert(0, event(0, Suspended, Reason::VendorRequest, "2024-01-05"));
    let report = ask(&[&sign(suspended)], "2024-01-09", &[]);
    assert_invalid(&report, &["status.suspended"]);
    assert_eq!((successor(&report), message(&report, "status.suspended").contains("replaced")), (None, false));
}

#[test]
fn successors_that_cannot_be_read_are_refused() {
    let good = sign(superseded());
    let with = |json: &str| {
        let successors = URL_SAFE_NO_PAD.encode(zlib(json.as_bytes()));
        verify(&forged(&good, |claims| claims["cqm"]["successors"] = successors.into()))
    };
    let right = r#"{"idx":[0],"number":["CQM-2024-0100"]}"#;
    assert_eq!(with(right).successor().map(|number| number.as_str()), Some("CQM-2024-0100"));
    for (from, to) in [
        ("{", r#"{"idx":[0],"#),
        ("{", r#"{"note":1,"#),
        ("[0]", "[-1]"),
        // Entries of a label, of none, and beyond the end; one twice.
        ("[0]", "[2]"),
        ("[0]", "[6]"),
        ("[0]", "[8]"),
        (r#"[0],"number":["#, r#"[0,0],"number":["CQM-2024-0100","#),
        (r#"[0],"number":["#, r#"[0,1],"number":["CQM-2024-0100","#),
        ("[0]", "[0,1]"),
        ("[0]", "[]"),
        (r#""CQM-2024-0100""#, ""),
        ("CQM-2024-0100", ""),
        ("CQM-2024-0100", "cqm-2024-0100"),
        ("CQM-2024-0100", "CQM 2024 0100"),
        ("CQM-2024-0100", "CQM-2024-0100\\n"),
        (r#""CQM-2024-0100""#, "2024"),
        ("}", "}}"),
    ] {
        assert!(right.contains(from), "{from}");
        assert_open(&with(&right.replacen(from, to, 1)), &["status.malformed"]);
    }
    for none in [r#"{"idx":[],"number":[]}"#, r#"[[0],["CQM-2024-0100"]]"#] {
        assert_open(&with(none), &["status.malformed"]);
    }
    for other in [json!(right), json!(""), json!(["CQM-2024-0100"]), json!({"0": "CQM-2024-0100"})] {
        let list = forged(&good, |claims| claims["cqm"]["successors"] = other.clone());
        assert_open(&verify(&list), &["status.malformed"]);
    }
    // Without successors the member is left out.
    let without = forged(&good, |claims| {
        claims["cqm"].as_object_mut().unwrap().remove("successors");
    });
    assert_invalid(&verify(&without), &["status.revoked"]);
}

#[test]
fn only_a_superseded_certificate_has_a_successor() {
    let numbers = superseded().successors;
    let with = |events: &[Event]| {
        let draft = ListDraft { successors: numbers.clone(), ..list(events) };
        draft.sign(&test_key(Role::StatusSigner))
    };
    let of = |status, reason, effective| event(0, status, reason, effective);
    let is_refused = |list: Result<String, ListDraftError>| matches!(list, Err(ListDraftError::Unreadable(_)));
    assert!(with(&[of(Invalid, Reason::Superseded, "2024-01-10")]).is_ok());
    // Announced for a later day, and after a suspension.
    assert!(with(&[of(Invalid, Reason::Superseded, "2024-02-01")]).is_ok());
    let suspended = of(Suspended, Reason::VendorRequest, "2024-01-09");
    assert!(with(&[suspended, of(Invalid, Reason::Superseded, "2024-01-10")]).is_ok());
    assert!(is_refused(with(&[])));
    assert!(is_refused(with(&[of(Invalid, Reason::KeyCompromise, "2024-01-10")])));
    assert!(is_refused(with(&[of(Suspended, Reason::Superseded, "2024-01-10")])));
    let revoked = of(Invalid, Reason::KeyCompromise, "2024-01-11");
    assert!(is_refused(with(&[of(Invalid, Reason::Superseded, "2024-01-10"), revoked])));
    // Its token must be in the list.
    let superseded = of(Invalid, Reason::Superseded, "2024-01-10");
    let without = ListDraft { tokens: [].into(), successors: numbers.clone(), ..list(&[superseded]) };
    assert!(is_refused(without.sign(&test_key(Role::StatusSigner))));
}
