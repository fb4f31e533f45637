//! The status signer's key: what a bank sees that remembers lists, and one that doesn't.

use std::path::Path;

use cqm_bank::Memory;
use cqm_core::{
    Date,
    Verdict::{self, Indeterminate, Invalid, Valid},
    status::{EntryStatus, Event, Reason},
};
use cqm_keys::{CrlReason, Profile, Role};
use cqm_sign::{
    Signer as _,
    x509::{Crl, Purpose},
};
use cqm_status::{Digest, ListDraft};
use cqm_tests::{
    insider::{Authority, claims_changed},
    office::{IN_DATE, ISSUED_ON, errors, jws_parts, signer, test_key, verifier},
    status::{event, issued, list, sign, stop, token},
};
use cqm_verify::{Question, Report};
use serde_json::Value;

/// Asks a bank without memory.
fn ask(file: &[u8], list: &str) -> Report {
    let mut verifier = verifier();
    verifier.add_status_list(list.as_bytes());
    verifier.verify(file, &Question::new(IN_DATE.end()))
}

/// Asks a bank that remembers lists in this folder.
fn ask_with_memory(folder: &Path, list: &str) -> Report {
    let mut verifier = verifier();
    let problems = Memory::new(folder).add_status_lists(&mut verifier, &[list.as_bytes().to_vec()]);
    assert!(problems.is_empty(), "{problems:?}");
    verifier.verify(&issued().pdf, &Question::new(IN_DATE.end()))
}

fn revocation() -> Event {
    event(0, EntryStatus::Invalid, Reason::VendorRequest, "2024-01-10")
}

/// The office's list number 3, in which something has ended, and the start of the thief's.
fn genuine(ended: Event) -> (String, ListDraft) {
    let draft = list(&[ended]);
    let genuine = sign(draft.clone());
    let prev = Some(Digest::of_list(genuine.as_bytes()));
    (genuine, ListDraft { seq: draft.seq + 1, prev, ..draft })
}

type Answer = (Verdict, &'static [&'static str]);

fn assert_answers(name: &str, genuine: &str, thief: &str, without: Answer, with: Answer) {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ask_with_memory(folder.path(), genuine).verdict(), Invalid, "{name}: the office's list");
    for (bank, report, (verdict, codes)) in [
        ("without memory", ask(&issued().pdf, thief), without),
        ("with memory", ask_with_memory(folder.path(), thief), with),
        // The fork is remembered, whatever list is shown.
        ("with memory, again", ask_with_memory(folder.path(), thief), with),
    ] {
        assert_eq!((report.verdict(), &errors(&report)[..]), (verdict, codes), "{name}, {bank}");
    }
}

#[test]
fn a_bank_that_saw_the_stop_is_not_deceived() {
    const STOPPED: Answer = (Invalid, &["status.stopped"]);
    const FORK: Answer = (Indeterminate, &["status.fork"]);
    const BELIEVED: Answer = (Valid, &[]);
    const NO_CRL: Answer = (Indeterminate, &["trust.crl-missing"]);
    let (genuine, next) = genuine(stop("2024-01-10"));
    let hiding = ListDraft { events: vec![], ..next.clone() };
    let [one, other] = [0, 1].map(|at| vec![hiding.crls[at].clone()]);
    let until_its_end = Date::constant(2032, 12, 31).start();
    for (name, draft, without, with) in [
        ("the twin: the office's next list", next.clone(), STOPPED, STOPPED),
        ("drops an event", hiding.clone(), BELIEVED, FORK),
        ("stops later", ListDraft { events: vec![stop("2024-12-31")], ..hiding.clone() }, BELIEVED, FORK),
        (
            "does not name the token",
            ListDraft { tokens: [].into(), ..hiding.clone() },
            (Invalid, &["status.not-issued"]),
            FORK,
        ),
        ("gives out fewer entries", ListDraft { issued: 2, ..hiding.clone() }, (Invalid, &["status.not-issued"]), FORK),
        ("has the largest number", ListDraft { seq: 1 << 32, ..hiding.clone() }, BELIEVED, FORK),
        ("has the same number", ListDraft { seq: next.seq - 1, ..hiding.clone() }, BELIEVED, FORK),
        ("names another list before it", ListDraft { prev: Some(Digest([7; 32])), ..next.clone() }, STOPPED, FORK),
        ("has no CRL", ListDraft { crls: vec![], ..hiding.clone() }, NO_CRL, FORK),
        ("has the CRL of one CA", ListDraft { crls: one, ..hiding.clone() }, NO_CRL, FORK),
        ("has the CRL of the other CA", ListDraft { crls: other, ..hiding.clone() }, NO_CRL, FORK),
        ("lasts as long as its signer", ListDraft { expires_at: until_its_end, ..hiding }, BELIEVED, FORK),
    ] {
        assert_answers(name, &genuine, &sign(draft), without, with);
    }
    let huge = claims_changed(Role::StatusSigner, &genuine, |claims| claims["cqm"]["seq"] = ((1_u64 << 53) - 1).into());
    let malformed: Answer = (Indeterminate, &["status.malformed"]);
    assert_answers("has the number 2^53 - 1", &genuine, &huge, malformed, malformed);
}

/// A resumption is a thing that the office does, so no bank can tell the thief's from the office's.
#[test]
fn a_label_can_be_resumed_with_the_status_signers_key() {
    let (genuine, next) = genuine(stop("2024-01-10"));
    let resumed = event(2, EntryStatus::Valid, Reason::GvcpDecertified, "2024-01-11");
    let thief = sign(ListDraft { events: vec![stop("2024-01-10"), resumed], ..next });
    assert_answers("a resumption", &genuine, &thief, (Valid, &[]), (Valid, &[]));
}

#[test]
fn no_certificate_comes_back_with_the_status_signers_key() {
    const REVOKED: Answer = (Invalid, &["status.revoked"]);
    const REFUSED: Answer = (Indeterminate, &["status.inconsistent"]);
    let (genuine, next) = genuine(revocation());
    assert_answers("the twin", &genuine, &sign(next.clone()), REVOKED, REVOKED);
    // The office's writer refuses such a list, so the thief names the tokens afterwards.
    let (_, payload) = jws_parts(&genuine);
    let issued = serde_json::from_slice::<Value>(&payload).unwrap()["cqm"]["issued"].clone();
    for (day, status) in [("10", EntryStatus::Valid), ("11", EntryStatus::Valid), ("11", EntryStatus::Suspended)] {
        let back = event(0, status, Reason::VendorRequest, &format!("2024-01-{day}"));
        let unnamed = ListDraft { events: vec![revocation(), back], tokens: [].into(), ..next.clone() };
        let thief =
            claims_changed(Role::StatusSigner, &sign(unnamed), |claims| claims["cqm"]["issued"] = issued.clone());
        assert_answers("a revoked certificate", &genuine, &thief, REFUSED, REFUSED);
    }
}

/// The CRL that revokes the thief's key ends all of it, and what the thief said is forgotten.
#[test]
fn the_crl_that_revokes_the_key_ends_it() {
    let (genuine, next) = genuine(stop("2024-01-10"));
    let poisoned = sign(ListDraft { seq: 1 << 32, events: vec![], ..next.clone() });
    let issuing_ca = Authority { keys: test_key(Role::IssuingCa) };
    let stolen = test_key(Role::StatusSigner);
    let successor = signer(Profile::Signer(Purpose::StatusListSigning), ISSUED_ON, Date::constant(2026, 12, 31));
    let recovered = |reason| {
        let crl = Crl::from_der(&issuing_ca.crl(2, &[(&stolen.certificates()[0], reason)])).unwrap();
        let crls = next.crls.iter().filter(|old| old.issuer() != crl.issuer()).cloned().chain([crl.clone()]).collect();
        ListDraft { crls, ..next.clone() }.sign(&successor).unwrap()
    };
    for (reason, codes) in [
        (CrlReason::KeyCompromise, &["status.stopped"][..]),
        // For another reason, what the key signed before still counts.
        (CrlReason::Superseded, &["status.fork", "status.rollback"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        ask_with_memory(folder.path(), &genuine);
        assert_eq!(errors(&ask_with_memory(folder.path(), &poisoned)), ["status.fork"]);
        assert_eq!(errors(&ask_with_memory(folder.path(), &recovered(reason))), codes, "{reason:?}");
        if reason == CrlReason::KeyCompromise {
            // The thief's list comes with the CRL from before: a bank without memory believes it.
            assert_eq!(errors(&ask_with_memory(folder.path(), &poisoned)), ["status.untrusted-signer"]);
            assert_eq!(ask(&issued().pdf, &poisoned).verdict(), Valid);
        }
    }
}

/// Two keys: a list that names the thief's token.
#[test]
fn token_and_status_signer_together_make_a_token_that_is_believed() {
    let mut certificate = issued().certificate.clone();
    certificate.holder.name = "Evil Card Corp".into();
    certificate.holder.companies[0].name = "Evil Card Corp".into();
    let evil = token(&certificate, 0);
    assert_eq!(errors(&ask(evil.as_bytes(), &sign(list(&[])))), ["status.not-issued"]);
    let naming = sign(cqm_tests::status::naming(list(&[]), &evil));
    assert_eq!(ask(evil.as_bytes(), &naming).verdict(), Valid);
    // It can't have a letter.
    assert_eq!(errors(&ask(&issued().pdf, &naming)), ["status.not-issued"]);
}
