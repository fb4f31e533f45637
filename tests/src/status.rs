//! Status lists about the certificate of three sites, and questions about it with them.

use std::{collections::BTreeMap, sync::LazyLock};

use cqm_core::{
    Certificate, Date, Label, LabelIdentity, Verdict,
    claims::Claims,
    status::{EntryStatus, Event, ListUri, Reason, StatusReference, StatusReferences},
};
use cqm_issue::{Issued, Office};
use cqm_keys::Role;
use cqm_letter::Template;
use cqm_sign::x509::Crl;
use cqm_status::{Digest, ListDraft, TokenDigest};
use cqm_verify::{Question, Report, StatusAnswer};
use serde_json::Value;

use crate::{
    files_below,
    office::{Forge, ISSUED_ON, draft, errors, jws_parts, letter_digest, signed_by, test_key, verifier},
    repository,
};

/// The number of the first list with the certificate's entries.
pub const MIN_SEQ: u64 = 3;

/// An entry of the list with the default name.
pub fn reference(idx: u32) -> StatusReference {
    StatusReference { idx, uri: ListUri::default() }
}

/// The entries of a certificate's labels, from `first` on, in the order of the letter.
pub fn labels(certificate: &Certificate, first: u32) -> BTreeMap<LabelIdentity, StatusReference> {
    certificate.labels().zip(first..).map(|((_, label), idx)| (label.identity(), reference(idx))).collect()
}

/// The certificate of three sites, with the entry 0 for itself and the entries 1 to 5 for its
/// labels.
pub fn issued() -> &'static Issued {
    static ISSUED: LazyLock<Issued> = LazyLock::new(|| {
        let (document_signer, token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
        let root = test_key(Role::Root).certificate().clone();
        let template = Template::default();
        let office =
            Office { document_signer: &document_signer, token_signer: &token_signer, root: &root, template: &template };
        let checked = draft("dummy-card-company.toml").approve().expect("a dossier in order");
        let labels = labels(checked.certificate(), 1);
        let checked = checked.with_status(reference(0), labels, MIN_SEQ).expect("references for all labels");
        checked.issue(&office).expect("an issued certificate")
    });
    &ISSUED
}

/// The token of a certificate, with the entry `first` for itself and the next entries for its
/// labels.
pub fn token(certificate: &Certificate, first: u32) -> String {
    let references = StatusReferences::new(certificate, reference(first), labels(certificate, first + 1), MIN_SEQ);
    let references = references.expect("references");
    let claims = Claims::new(certificate, Some(&references), letter_digest(certificate), ISSUED_ON.start());
    Forge::default().sign_token(&claims)
}

/// An event, recorded on the day it takes effect.
pub fn event(idx: u32, status: EntryStatus, reason: Reason, effective: &str) -> Event {
    let effective: Date = effective.parse().expect("a date");
    Event { idx, status, reason, effective, recorded: effective }
}

/// The second label of the certificate, 49902000DA, stopped from a day on.
pub fn stop(effective: &str) -> Event {
    event(2, EntryStatus::Invalid, Reason::GvcpDecertified, effective)
}

/// The CRLs in `keys-test`, in the order of their file names.
pub fn crls() -> Vec<Crl> {
    let files = files_below(repository("keys-test"), "pem");
    let crls = files.iter().filter(|file| file.to_string_lossy().ends_with(".crl.pem"));
    crls.map(|file| Crl::read(&std::fs::read(file).expect("a CRL")).expect("a CRL")).collect()
}

/// The list number 3 of 2024-01-15, valid for 30 days, with six entries, these events, and the
/// token of [`issued`] for the entry 0.
pub fn list(events: &[Event]) -> ListDraft {
    ListDraft {
        uri: ListUri::default(),
        issued_at: Date::constant(2024, 1, 15).start(),
        expires_at: Date::constant(2024, 2, 14).start(),
        ttl: 86_400,
        seq: MIN_SEQ,
        prev: Some(Digest([0x11; 32])),
        log_head: Digest([0x22; 32]),
        crls: crls(),
        issued: 6,
        tokens: BTreeMap::from([(0, TokenDigest::of(issued().token.as_bytes()))]),
        events: events.to_vec(),
        successors: BTreeMap::new(),
    }
}

/// The list in which the certificate is superseded by CQM-2024-0100 from 2024-01-10 on.
pub fn superseded() -> ListDraft {
    let event = event(0, EntryStatus::Invalid, Reason::Superseded, "2024-01-10");
    ListDraft { successors: [(0, "CQM-2024-0100".parse().expect("a number"))].into(), ..list(&[event]) }
}

/// The list with this token for the entry 0.
pub fn naming(list: ListDraft, token: &str) -> ListDraft {
    ListDraft { tokens: [(0, TokenDigest::of(token.as_bytes()))].into(), ..list }
}

/// Signs a list with the status signer of the test keys.
pub fn sign(list: ListDraft) -> String {
    list.sign(&test_key(Role::StatusSigner)).expect("a list")
}

/// A list with changed claims, signed again by the status signer.
pub fn forged(list: &str, change: impl FnOnce(&mut Value)) -> String {
    let (header, payload) = jws_parts(list);
    let mut claims: Value = serde_json::from_slice(&payload).expect("claims");
    change(&mut claims);
    signed_by(Role::StatusSigner, &header, &serde_json::to_vec(&claims).expect("claims"))
}

/// Asks about the letter of [`issued`] with these lists, at the end of a day. Without labels the
/// question is about all of them.
pub fn ask(lists: &[&str], at: &str, labels: &[&str]) -> Report {
    let mut verifier = verifier();
    lists.iter().for_each(|list| verifier.add_status_list(list.as_bytes()));
    let labels: Vec<Label> = labels.iter().map(|label| label.parse().expect("a label")).collect();
    let at = at.parse::<Date>().expect("a date").end();
    verifier.verify(&issued().pdf, &Question::new(at).about(&labels))
}

/// Asks about the letter of [`issued`] with one list, on 2024-01-31.
pub fn verify(list: &str) -> Report {
    ask(&[list], "2024-01-31", &[])
}

/// The answers of a report about the labels, in the order of the letter.
pub fn answers(report: &Report) -> Vec<StatusAnswer> {
    report.labels().map(|label| label.status.answer).collect()
}

/// The message of the first finding with a code.
///
/// # Panics
///
/// If there is no such finding.
pub fn message<'a>(report: &'a Report, code: &str) -> &'a str {
    let found = report.findings().iter().find(|finding| finding.code.as_str() == code);
    &found.unwrap_or_else(|| panic!("{code} in {:#?}", report.findings())).message
}

/// Asserts that a file is indeterminate for exactly these reasons, and the status of the
/// certificate and of each label unknown.
///
/// # Panics
///
/// If it isn't; the message has the findings.
#[track_caller]
pub fn assert_open(report: &Report, codes: &[&str]) {
    assert_eq!(errors(report), codes, "{:#?}", report.findings());
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert!(answers(report).iter().all(|answer| *answer == StatusAnswer::Unknown), "{:?}", answers(report));
    assert_eq!(report.status().answer, StatusAnswer::Unknown);
}

/// A list of a million entries, one in a hundred of them not valid: from any of a thousand days on,
/// for any reason, and recorded on that day or the next. The values are pseudo-random and compress
/// badly, so no real list of this length is larger.
pub fn a_million() -> ListDraft {
    let mut state = 1_u64;
    // SplitMix64, so that the list is always the same.
    let mut random = move |below: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    };
    let mut indices = std::collections::BTreeSet::new();
    while indices.len() < 10_000 {
        indices.insert(u32::try_from(random(1_000_000)).expect("small"));
    }
    let events = indices.into_iter().map(|idx| {
        let effective = Date::constant(2021, 4, 1).plus_days(i32::try_from(random(1000)).expect("small"));
        Event {
            idx,
            status: if random(5) == 0 { EntryStatus::Suspended } else { EntryStatus::Invalid },
            reason: Reason::ALL[usize::try_from(random(9)).expect("small")],
            effective,
            recorded: effective.plus_days(i32::try_from(random(4) / 3).expect("small")),
        }
    });
    ListDraft { issued: 1_000_000, ..list(&events.collect::<Vec<_>>()) }
}

/// A certificate of 12 sites with 10 labels each.
pub fn certificate_of_120_labels() -> Certificate {
    let mut certificate = issued().certificate.clone();
    let site = certificate.sites[0].clone();
    certificate.sites = (1..=12)
        .map(|number| {
            let labels = "123456789P".chars().map(|activity| format!("{activity}99{number:02}000DA"));
            cqm_core::Site {
                number: format!("{number:02}").parse().expect("a number"),
                labels: labels.map(|label| label.parse().expect("a label")).collect(),
                ..site.clone()
            }
        })
        .collect();
    certificate
}
