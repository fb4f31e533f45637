//! Status lists: what they mean for a certificate, and lists that must not be used, each with one
//! that is.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::{
    Date, UnixTime, Verdict,
    status::{EntryStatus, Event, Reason},
};
use cqm_keys::{CertificateRequest, KeyAlgorithm, KeyPair, Profile, Role, SigningKey, Validity, system_rng};
use cqm_sign::{
    jws,
    x509::{Purpose, TrustStore},
};
use cqm_status::{
    Digest, Entries, History, LIST_TYPE, ListDraft, ListDraftError, SignedList, StatusListClaim, TokenDigest,
};
use cqm_tests::office::{
    IN_DATE, assert_invalid, assert_valid, errors, jws_parts, signed_by, signer, signer_with, test_key, test_root,
    test_secret, verifier,
};
use cqm_tests::page::{assert_example, pretty, shortened};
use cqm_tests::status::{
    MIN_SEQ, answers, ask, assert_open, event, issued, list, message, naming, sign, stop, superseded, verify,
};
use cqm_tests::{Workplace, interop, skipped, succeed};
use cqm_verify::{Question, Report, StatusAnswer, Verifier};
use serde_json::{Value, json};

use EntryStatus::{Invalid, Suspended, Valid};

/// When [`list`] is issued.
const LISTED_AT: UnixTime = UnixTime::new(1_705_276_800);

const LIST_SIGNING: Profile = Profile::Signer(Purpose::StatusListSigning);

#[test]
fn what_decides_the_verdict_is_listed_however_much_is_found() {
    let revoked = sign(list(&[event(0, Invalid, Reason::Superseded, "2024-01-10")]));
    let given = |unusable: usize| {
        let mut lists = vec!["no list"; unusable];
        lists.push(&revoked);
        ask(&lists, "2024-01-31", &[])
    };
    assert_eq!(given(1).verdict(), Verdict::Invalid);
    let many = given(250);
    assert!(many.findings().len() < 250);
    assert_eq!(many.verdict(), Verdict::Invalid);
    assert!(errors(&many).contains(&"status.revoked"));
}

#[test]
fn a_label_holds_until_the_day_it_is_stopped() {
    let list = sign(list(&[stop("2024-01-10")]));
    let before = ask(&[&list], "2024-01-09", &[]);
    assert_valid(&before);
    assert_eq!(answers(&before), [StatusAnswer::Valid; 5]);
    for at in ["2024-01-10", "2024-02-13"] {
        let report = ask(&[&list], at, &[]);
        assert_invalid(&report, &["status.stopped"]);
        use StatusAnswer::{Stopped, Valid};
        assert_eq!(answers(&report), [Valid, Stopped, Valid, Valid, Valid]);
        assert_eq!(
            message(&report, "status.stopped"),
            "49902000DA stopped from 2024-01-10 on: gvcp-decertified (the site lost its GVCP certification)"
        );
        assert_eq!(message(&report, "status.others-stand"), "39902000DA, P9902000DA, 69901000DA, 99903000DA");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["certificate"]["status"], "valid");
        assert_eq!(json["certificate"].get("reason"), None);
        assert_eq!(json["certificate"]["labels"][1]["status"], "stopped");
        assert_eq!(json["certificate"]["labels"][1]["reason"], "gvcp-decertified");
        assert_eq!(json["certificate"]["labels"][1]["since"], "2024-01-10");
        assert_eq!(json["signatures"][2]["kind"], "status");
    }
}

#[test]
fn a_list_answers_for_days_after_it_was_issued_until_it_expires() {
    // A stop that is announced for a later day takes effect on that day.
    let announced = sign(list(&[Event { recorded: date("2024-01-12"), ..stop("2024-02-01") }]));
    assert_valid(&ask(&[&announced], "2024-01-31", &[]));
    assert_invalid(&ask(&[&announced], "2024-02-01", &[]), &["status.stopped"]);
    let report = ask(&[&announced], "2024-02-14", &[]);
    assert_open(&report, &["status.stale"]);
    assert_eq!(
        message(&report, "status.stale"),
        "the list urn:cqm:status:1, number 3 of 2024-01-15T00:00:00Z: it expired at 2024-02-14T00:00:00Z, less \
         than a day before 2024-02-14T23:59:59Z; its last events: 49902000DA stopped from 2024-02-01 on: gvcp-decertified (the site lost \
         its GVCP certification)"
    );
    let nothing = sign(list(&[]));
    assert_valid(&ask(&[&nothing], "2024-02-13", &[]));
    let report = ask(&[&nothing], "2024-03-15", &[]);
    assert_open(&report, &["status.stale"]);
    assert!(message(&report, "status.stale").ends_with(", 30 days before 2024-03-15T23:59:59Z"));
    // A list newer than the day asked about is accepted.
    assert_valid(&ask(&[&nothing], "2023-05-06", &[]));
}

#[test]
fn entries_are_the_state_of_the_instant_of_issue() {
    // The list was issued on 2024-01-15 at 00:00:00.
    for (effective, entry) in [("2024-01-14", 1), ("2024-01-15", 1), ("2024-01-16", 0)] {
        let list = SignedList::parse(sign(list(&[stop(effective)])).as_bytes()).unwrap().decode().unwrap();
        assert_eq!(list.entries().get(2), Some(entry), "{effective}");
        let status = |at| list.status_of(2, at).unwrap().status();
        let start = date(effective).start();
        let before = UnixTime::new(start.seconds() - 1);
        assert_eq!((status(before), status(start)), (Valid, Invalid));
    }
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_suspension_ends_with_its_resumption() {
    let reason = Reason::CorrectiveActionOverdue;
    let list = sign(list(&[
        event(2, Suspended, reason, "2023-11-10"),
        event(2, Valid, reason, "2023-12-05"),
        event(2, Invalid, Reason::VendorRequest, "2024-01-02"),
    ]));
    for (at, state) in [
        ("2023-11-09", StatusAnswer::Valid),
        ("2023-11-10", StatusAnswer::Suspended),
        ("2023-12-04", StatusAnswer::Suspended),
        ("2023-12-05", StatusAnswer::Valid),
        ("2024-01-01", StatusAnswer::Valid),
        ("2024-01-02", StatusAnswer::Stopped),
    ] {
        let report = ask(&[&list], at, &[]);
        assert_eq!(answers(&report)[1], state, "{at}");
        match state {
            StatusAnswer::Valid => assert_valid(&report),
            StatusAnswer::Suspended => assert_invalid(&report, &["status.suspended"]),
            _ => assert_invalid(&report, &["status.stopped"]),
        }
    }
}

#[test]
fn of_events_of_one_day_the_last_counts() {
    let suspended = event(2, Suspended, Reason::FeesOverdue, "2024-01-10");
    let resumed = Event { status: Valid, ..suspended };
    assert_valid(&verify(&sign(list(&[suspended, resumed]))));
    let again = Event { reason: Reason::AuditReportOverdue, ..suspended };
    assert_invalid(&verify(&sign(list(&[suspended, resumed, again]))), &["status.suspended"]);
}

#[test]
fn a_revoked_certificate_is_invalid_from_that_day_on() {
    let list = sign(list(&[event(0, Invalid, Reason::Superseded, "2024-01-12")]));
    let before = ask(&[&list], "2024-01-11", &[]);
    assert_valid(&before);
    assert_eq!(before.status(), StatusAnswer::Valid.into());
    for labels in [&[][..], &["39902000DA"]] {
        let report = ask(&[&list], "2024-01-12", labels);
        assert_invalid(&report, &["status.revoked"]);
        assert!(message(&report, "status.revoked").contains("CQM-2023-0099 revoked from 2024-01-12 on: superseded"));
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["certificate"]["status"], "revoked");
        assert_eq!(json["certificate"]["reason"], "superseded");
        assert_eq!(json["certificate"]["since"], "2024-01-12");
    }
}

#[test]
fn labels_that_were_asked_about_decide() {
    let list = sign(list(&[stop("2024-01-10")]));
    let report = ask(&[&list], "2024-01-31", &["39902000DA", "P9902000DA"]);
    assert_valid(&report);
    assert_eq!(answers(&report)[1], StatusAnswer::Stopped, "the others are shown all the same");
    assert_invalid(&ask(&[&list], "2024-01-31", &["39902000DA", "49902000DA"]), &["status.stopped"]);
    assert_invalid(&ask(&[&list], "2024-01-31", &["39902000DA", "29902000DA"]), &["label.not-listed"]);
    // The same label with another status character is not on the certificate.
    assert_invalid(&ask(&[&list], "2024-01-31", &["39902000DS"]), &["label.not-listed"]);
}

#[test]
fn late_entries_are_reported() {
    let late = |recorded| sign(list(&[Event { recorded: date(recorded), ..stop("2024-01-10") }]));
    let codes = |report: Report| report.findings().iter().any(|finding| finding.code.as_str() == "status.late-entry");
    assert!(!codes(verify(&late("2024-01-11"))));
    assert!(codes(verify(&late("2024-01-12"))));
    assert_eq!(
        message(&verify(&late("2024-01-14")), "status.late-entry"),
        "49902000DA: effective on 2024-01-10, recorded on 2024-01-14, 4 days later"
    );
}

#[test]
fn without_its_list_a_certificate_stays_open() {
    assert_open(&ask(&[], "2024-01-31", &[]), &["status.missing"]);
    let mut other = list(&[]);
    other.uri = "urn:cqm:status:2".parse().unwrap();
    let (other, own) = (sign(other), sign(list(&[])));
    let report = ask(&[&other], "2024-01-31", &[]);
    assert_open(&report, &["status.missing"]);
    assert_eq!(
        message(&report, "status.missing"),
        "the certificate names the list urn:cqm:status:1; given: urn:cqm:status:2"
    );
    // The list is found by its name among several.
    assert_valid(&ask(&[&other, &own], "2024-01-31", &[]));
    let bare = verifier().verify(&cqm_tests::office::issued().pdf, &Question::new(IN_DATE.end()));
    assert_open(&bare, &["status.no-reference"]);
}

/// Each signer has an X.509 certificate for its own purpose, but two have one key.
#[test]
fn the_key_of_a_list_has_no_other_role() {
    let with_key_of = |role: Role| signer_with(test_secret(role), LIST_SIGNING, date("2023-01-01"), date("2030-01-01"));
    let verify = |role| verify(&list(&[]).sign(&with_key_of(role)).unwrap());
    assert_valid(&verify(Role::StatusSigner));
    let report = verify(Role::TokenSigner);
    assert_invalid(&report, &["trust.key-in-two-roles"]);
    assert_eq!(
        message(&report, "trust.key-in-two-roles"),
        "signer of the token and signer of the status list have the same key"
    );
}

#[test]
fn only_a_signer_of_lists_signs_lists() {
    let good = sign(list(&[]));
    let (_, payload) = jws_parts(&good);
    let [right, wrong] = [Role::StatusSigner, Role::TokenSigner]
        .map(|role| jws::sign_compact(&test_key(role), LIST_TYPE, &payload, LISTED_AT).unwrap());
    assert_valid(&verify(&right));
    assert_open(&verify(&wrong), &["status.untrusted-signer"]);
    // The right X.509 certificate with a signature by another key.
    let (header, payload) = jws_parts(&good);
    assert_valid(&verify(&signed_by(Role::StatusSigner, &header, &payload)));
    assert_open(&verify(&signed_by(Role::TokenSigner, &header, &payload)), &["status.bad-signature"]);
}

/// The history of lists that were seen.
fn history(lists: &[&str]) -> History {
    let mut history = History::default();
    for list in lists {
        history.add(SignedList::parse(list.as_bytes()).unwrap().verify(verifier().trust()).unwrap());
    }
    history
}

#[test]
fn an_older_list_than_one_seen_before_is_noticed() {
    let of = |seq, events: &[Event], before: &str| {
        let mut list = list(events);
        list.seq = seq;
        list.prev = Some(Digest::of_list(before.as_bytes()));
        sign(list)
    };
    let three = sign(list(&[]));
    let four = of(4, &[], &three);
    let five = of(5, &[], &four);
    let after = |seen: &str, given: &str| {
        let mut verifier = verifier();
        verifier.remember_status_lists(history(&[seen]));
        verifier.add_status_list(given.as_bytes());
        let question = Question::new(IN_DATE.end());
        verifier.verify(&issued().pdf, &question)
    };
    assert_valid(&after(&four, &four));
    assert_valid(&after(&four, &five));
    let report = after(&four, &three);
    assert_open(&report, &["status.rollback"]);
    assert!(message(&report, "status.rollback").ends_with("it has the number 3, and number 4 was seen before"));
    // The newest list counts, in whatever order the lists were seen.
    for seen in [[&three, &four], [&four, &three]] {
        let mut verifier = verifier();
        verifier.remember_status_lists(history(&seen.map(String::as_str)));
        verifier.add_status_list(three.as_bytes());
        let question = Question::new(IN_DATE.end());
        assert_open(&verifier.verify(&issued().pdf, &question), &["status.rollback"]);
    }
    // Of two lists with one number, one was made to deceive.
    let other = of(4, &[stop("2024-01-10")], &three);
    assert_open(&after(&other, &four), &["status.fork"]);
    assert_open(&ask(&[&other, &four], "2024-01-31", &[]), &["status.fork"]);
    // The same holds if the second list names another predecessor than the first list.
    let report = after(&four, &of(5, &[], &other));
    assert_open(&report, &["status.fork"]);
    assert_valid(&after(&three, &five));
    // The newest of the given lists counts.
    assert_valid(&ask(&[&five, &three, &four], "2024-01-31", &[]));
}

#[test]
fn a_list_older_than_the_certificate_leaves_it_open() {
    let mut older = list(&[]);
    older.seq = MIN_SEQ - 1;
    let report = verify(&sign(older));
    assert_open(&report, &["status.before-certificate"]);
    assert!(message(&report, "status.before-certificate").ends_with("was issued for number 3 or later"));
    assert_valid(&verify(&sign(list(&[]))));
}

#[test]
fn the_list_of_another_office_tells_nothing() {
    let mut rng = system_rng().unwrap();
    let validity = Validity::new(date("2023-01-01").start(), date("2030-01-01").end()).unwrap();
    let authority = Profile::Authority { path_len: None };
    let root_key = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
    let request = CertificateRequest::new("CN=Another office", root_key.spki(), authority, validity).unwrap();
    let root = request.self_sign(&root_key, &mut rng).unwrap();
    let key = SigningKey::generate(KeyAlgorithm::Ed25519, &mut rng).unwrap();
    let request = CertificateRequest::new("CN=Their signer", key.spki(), LIST_SIGNING, validity).unwrap();
    let issuer = KeyPair::new(root_key, vec![root.clone()]).unwrap();
    let signer = KeyPair::new(key, vec![request.issue(&issuer, &mut rng).unwrap()]).unwrap();

    // Both offices are trusted, and both lists have the default name; the other office's list has
    // the larger number.
    let pem = cqm_keys::certificate_pem(&root).unwrap();
    let trusted = format!("{}{pem}", test_root());
    let theirs = ListDraft { seq: 9, ..list(&[]) }.sign(&signer).unwrap();
    let ask = |lists: &[&str]| {
        let mut verifier = Verifier::new(TrustStore::from_pem(&trusted).unwrap());
        lists.iter().for_each(|list| verifier.add_status_list(list.as_bytes()));
        let question = Question::new(IN_DATE.end());
        verifier.verify(&issued().pdf, &question)
    };
    let revoked = sign(list(&[event(0, Invalid, Reason::KeyCompromise, "2024-01-10")]));
    assert_invalid(&ask(&[&revoked, &theirs]), &["status.revoked"]);
    assert_valid(&ask(&[&sign(list(&[])), &theirs]));
    let report = ask(&[&theirs]);
    assert_open(&report, &["status.missing"]);
    assert!(message(&report, "status.missing").ends_with("given: urn:cqm:status:1 under another root"));
}

/// The office has a new root since it issued the certificate, and the old root certified the new
/// one.
#[test]
fn a_list_under_the_next_root_of_the_office_counts() {
    let mut rng = system_rng().unwrap();
    let validity = Validity::new(date("2023-01-01").start(), date("2030-01-01").end()).unwrap();
    let root_key = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
    let authority = Profile::Authority { path_len: Some(0) };
    let request = CertificateRequest::new("CN=CQM Test Root 2", root_key.spki(), authority, validity).unwrap();
    let next = request.clone().self_sign(&root_key, &mut rng).unwrap();
    let cross = request.issue(&test_key(Role::Root), &mut rng).unwrap();
    let key = SigningKey::generate(KeyAlgorithm::Ed25519, &mut rng).unwrap();
    let request = CertificateRequest::new("CN=Next signer", key.spki(), LIST_SIGNING, validity).unwrap();
    let issuer = KeyPair::new(root_key, vec![next.clone()]).unwrap();
    let signer = KeyPair::new(key, vec![request.issue(&issuer, &mut rng).unwrap()]).unwrap();
    let crl = cqm_keys::Crl::issue(&issuer, 1, validity, &[]).unwrap();

    let mut draft = list(&[]);
    draft.crls.push(cqm_sign::x509::Crl::from_der(crl.der()).unwrap());
    let list = draft.sign(&signer).unwrap();
    let pem = |certificate| cqm_keys::certificate_pem(certificate).unwrap();
    let ask = |trusted: &str| {
        let mut verifier = Verifier::new(TrustStore::from_pem(trusted).unwrap());
        verifier.add_status_list(list.as_bytes());
        verifier.verify(&issued().pdf, &Question::new(IN_DATE.end()))
    };
    let both = format!("{}{}", test_root(), pem(&next));
    assert_valid(&ask(&format!("{both}{}", pem(&cross))));
    assert_open(&ask(&both), &["status.missing"]);
}

#[test]
fn a_list_does_not_outlive_its_signer() {
    // The list was issued on 2024-01-15 and expires at the end of 2024-02-13.
    let signers = ["2024-02-13", "2024-02-12"].map(|until| signer(LIST_SIGNING, date("2024-01-15"), date(until)));
    let [exact, short] = &signers;
    assert_valid(&verify(&list(&[]).sign(exact).unwrap()));
    assert!(matches!(list(&[]).sign(short), Err(ListDraftError::SignerValidity { .. })));
    let (_, payload) = jws_parts(&sign(list(&[])));
    assert_valid(&verify(&jws::sign_compact(exact, LIST_TYPE, &payload, LISTED_AT).unwrap()));
    assert_open(&verify(&jws::sign_compact(short, LIST_TYPE, &payload, LISTED_AT).unwrap()), &["status.malformed"]);
    // The signer must be valid when it signs, and need not be valid later.
    let late = signer(LIST_SIGNING, date("2024-01-16"), date("2024-03-01"));
    assert!(matches!(list(&[]).sign(&late), Err(ListDraftError::SignerValidity { .. })));
    assert_open(
        &verify(&jws::sign_compact(&late, LIST_TYPE, &payload, LISTED_AT).unwrap()),
        &["status.untrusted-signer"],
    );
}

#[test]
fn the_office_signs_nothing_that_would_be_refused() {
    assert!(list(&[]).sign(&test_key(Role::StatusSigner)).is_ok());
    let refused = |change: &dyn Fn(&mut ListDraft)| {
        let mut draft = list(&[stop("2024-01-10")]);
        change(&mut draft);
        draft.sign(&test_key(Role::StatusSigner)).unwrap_err()
    };
    assert!(matches!(refused(&|draft| draft.issued = 2), ListDraftError::NotIssued { idx: 2, issued: 2 }));
    assert!(matches!(refused(&|draft| draft.expires_at = draft.issued_at), ListDraftError::Expiry { .. }));
    assert!(matches!(refused(&|draft| draft.prev = None), ListDraftError::Seq { seq: 3 }));
    assert!(matches!(refused(&|draft| draft.seq = 1), ListDraftError::Seq { seq: 1 }));
    assert!(matches!(refused(&|draft| draft.seq = 0), ListDraftError::Seq { seq: 0 }));
    let resumed = |draft: &mut ListDraft| draft.events[0].status = Valid;
    assert!(matches!(refused(&resumed), ListDraftError::Resumption { idx: 2 }));
}

#[test]
fn a_token_has_all_status_references_or_none() {
    let token = &issued().token;
    let (header, payload) = jws_parts(token);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut claims: Value = serde_json::from_slice(&payload).unwrap();
        change(&mut claims);
        let token = signed_by(Role::TokenSigner, &header, &serde_json::to_vec(&claims).unwrap());
        let mut verifier = verifier();
        verifier.add_status_list(sign(naming(list(&[]), &token)).as_bytes());
        let question = Question::new(IN_DATE.end());
        verifier.verify(token.as_bytes(), &question)
    };
    fn label(claims: &mut Value) -> &mut Value {
        &mut claims["cqm"]["sites"][1]["labels"][0]
    }
    fn remove(object: &mut Value, key: &str) {
        assert!(object.as_object_mut().unwrap().remove(key).is_some());
    }
    assert_valid(&with(&|_| ()));
    let faults: [&dyn Fn(&mut Value); 11] = [
        // Labels have references and the certificate has none, and the reverse.
        &|claims| {
            remove(claims, "status");
            remove(&mut claims["cqm"], "min_status_seq");
        },
        &|claims| {
            for site in claims["cqm"]["sites"].as_array_mut().unwrap() {
                site["labels"].as_array_mut().unwrap().iter_mut().for_each(|label| remove(label, "status"));
            }
        },
        &|claims| remove(claims, "status"),
        &|claims| remove(&mut claims["cqm"], "min_status_seq"),
        &|claims| remove(label(claims), "status"),
        &|claims| label(claims)["status"]["status_list"]["idx"] = 0.into(),
        &|claims| label(claims)["status"]["status_list"]["idx"] = 1.into(),
        &|claims| label(claims)["status"]["status_list"]["uri"] = "nowhere".into(),
        &|claims| label(claims)["status"]["status_list"]["uri"] = "urn:cqm:status:2".into(),
        &|claims| label(claims)["status"]["note"] = 1.into(),
        &|claims| claims["cqm"]["min_status_seq"] = 0.into(),
    ];
    for (at, fault) in faults.iter().enumerate() {
        let report = with(fault);
        assert_eq!((at, errors(&report)), (at, vec!["token.claims"]), "{:#?}", report.findings());
    }
}

#[test]
fn the_vectors_of_the_draft_are_decoded() {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else {
        return skipped("no corpora");
    };
    let vectors = std::fs::read(std::path::Path::new(&corpora).join("token-status-list/vectors.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&vectors).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert_eq!(vectors.iter().map(|vector| vector["bits"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 4, 8]);
    for vector in vectors {
        let claim: StatusListClaim =
            serde_json::from_value(json!({"bits": vector["bits"], "lst": vector["lst"]})).unwrap();
        let entries = Entries::decode(&claim).unwrap();
        assert_eq!(entries.len(), vector["entries"].as_u64().unwrap());
        let mut expected: Vec<(u32, u8)> = serde_json::from_value(vector["status"].clone()).unwrap();
        expected.sort_unstable();
        for (idx, value) in &expected {
            assert_eq!(entries.get(*idx), Some(*value), "{} bits", claim.bits);
        }
        expected.retain(|(_, value)| *value != 0);
        assert_eq!(entries.iter_set().collect::<Vec<_>>(), expected, "{} bits", claim.bits);
    }
}

#[test]
fn others_verify_and_decode_our_lists() {
    let workplace = Workplace::of_a_bank();
    let events = [
        stop("2024-01-10"),
        event(4, Suspended, Reason::CorrectiveActionOverdue, "2023-11-10"),
        event(4, Valid, Reason::CorrectiveActionOverdue, "2023-12-05"),
        Event { recorded: date("2024-01-03"), ..event(0, Invalid, Reason::Superseded, "2024-02-01") },
    ];
    let good = sign(ListDraft { successors: superseded().successors, ..list(&events) });
    let changed = {
        let (header, payload) = jws_parts(&good);
        signed_by(Role::TokenSigner, &header, &payload)
    };
    workplace.write("list.jwt", &good);
    workplace.write("changed.jwt", changed);
    let read = |name: &str| {
        let mut python = interop::python("read-status-list.py")?;
        python.args([workplace.path(name), workplace.path("root.pem")]);
        Some(python)
    };
    let Some(mut python) = read("list.jwt") else { return };
    let seen: Value = serde_json::from_slice(&succeed(&mut python)).unwrap();
    assert_eq!(seen["entries"], json!([0, 0, 1, 0, 0, 0, 3, 3]));
    let ours = SignedList::parse(good.as_bytes()).unwrap().decode().unwrap();
    let ours = ours.events().iter().map(|event| {
        let Event { idx, status, reason, effective, recorded } = event;
        json!([idx, status.value(), reason, effective, recorded])
    });
    assert_eq!(seen["events"], ours.collect::<Value>());
    assert_eq!(seen["successors"], json!([[0, "CQM-2024-0100"]]));
    let token = sha256(issued().token.as_bytes());
    assert_eq!(seen["issued"], json!([[0, &token[..32]]]));
    assert_eq!(seen["crls"], json!(list(&events).crls.iter().map(|crl| sha256(crl.der())).collect::<Vec<_>>()));
    assert!(!cqm_tests::output(&mut read("changed.jwt").unwrap()).status.success(), "PyJWT takes another signature");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    base16ct::lower::encode_string(&sha2::Sha256::digest(bytes))
}

/// The worked example of `docs/reference/status-list.md`.
#[test]
fn the_example_of_the_page_is_what_the_office_publishes() {
    let mut draft = list(&[
        Event { recorded: date("2024-01-11"), ..stop("2024-01-10") },
        event(4, Suspended, Reason::CorrectiveActionOverdue, "2023-11-10"),
        event(4, Valid, Reason::CorrectiveActionOverdue, "2023-12-05"),
        event(6, Invalid, Reason::Superseded, "2024-01-08"),
    ]);
    draft.issued = 7;
    draft.tokens.insert(6, TokenDigest::from_sha256([0x33; 32]));
    draft.successors.insert(6, "CQM-2024-0101".parse().unwrap());
    let list = sign(draft);
    let (_, payload) = jws_parts(&list);
    let text = str::from_utf8(&payload).unwrap();
    let payload: Value = serde_json::from_str(text).unwrap();
    let inflated = |text: &Value| {
        use std::io::Read as _;
        let compressed = URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
        let mut bytes = Vec::new();
        flate2::read::ZlibDecoder::new(&compressed[..]).read_to_end(&mut bytes).unwrap();
        bytes
    };
    let hex: Vec<String> = inflated(&payload["status_list"]["lst"]).iter().map(|byte| format!("{byte:02x}")).collect();
    let columns = |member: &str| String::from_utf8(inflated(&payload["cqm"][member])).unwrap().replace("],", "],\n");
    let crls = payload["cqm"]["crls"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let claims = pretty(&shortened(text, crls));
    assert_example(
        "docs/reference/status-list.md",
        "## 10. Example",
        &[hex.join(" "), columns("events"), columns("successors"), claims, list.clone()],
    );
}
