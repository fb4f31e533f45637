//! The newest list seen of each name is remembered, and an older one is noticed.

use std::{ffi::OsString, fs, path::Path};

use cqm_bank::{Memory, MemoryError};
use cqm_core::{
    Certificate, Company, Date, Holder, LetterDigest, Signatory, Site, Verdict,
    claims::{Claims, TOKEN_TYPE},
    status::{ListUri, StatusReference, StatusReferences},
};
use cqm_keys::{KeyPair, Role};
use cqm_sign::{
    jws,
    x509::{Crl, TrustStore},
};
use cqm_status::{Digest, ListDraft, TokenDigest};
use cqm_verify::{Question, Verifier};

const AT: Date = Date::constant(2024, 1, 31);

fn test_key(role: Role) -> KeyPair {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys-test");
    cqm_keys::load(&folder, role, || Err("the test keys are not encrypted".into())).unwrap()
}

fn verifier() -> Verifier {
    Verifier::new(TrustStore::from_pem(include_str!("../../../keys-test/root.pem")).unwrap())
}

/// A list with this number and no events, after the list `before`.
fn list(seq: u64, before: Option<&[u8]>) -> Vec<u8> {
    let draft = ListDraft {
        uri: ListUri::default(),
        issued_at: Date::constant(2024, 1, 15).start(),
        expires_at: Date::constant(2024, 2, 14).start(),
        ttl: 86_400,
        seq,
        prev: before.map(Digest::of_list),
        log_head: Digest([0x22; 32]),
        crls: vec![Crl::read(include_bytes!("../../../keys-test/root.crl.pem")).unwrap()],
        issued: 2,
        tokens: [(0, TokenDigest::of(token().as_bytes()))].into(),
        events: Vec::new(),
    };
    draft.sign(&test_key(Role::StatusSigner)).unwrap().into_bytes()
}

/// Three lists, each after the one before it.
fn lists() -> [Vec<u8>; 3] {
    let one = list(1, None);
    let two = list(2, Some(&one));
    let three = list(3, Some(&two));
    [one, two, three]
}

/// The token of a certificate with one label, whose status the lists above contain.
fn token() -> String {
    let country = || "US".parse().unwrap();
    let certificate = Certificate {
        number: "CQM-2023-0099".parse().unwrap(),
        holder: Holder {
            name: "Dummy Card Company".into(),
            address: vec!["1 Main Street".into(), "Boston".into()],
            country: country(),
            companies: vec![Company { number: "99".parse().unwrap(), name: "Dummy Card Company".into() }],
        },
        valid_from: Date::constant(2023, 5, 6),
        valid_until: Date::constant(2024, 5, 5),
        sites: vec![Site {
            company: "99".parse().unwrap(),
            number: "03".parse().unwrap(),
            country: country(),
            city: "Boston, MA".into(),
            subcontractor: None,
            cid: None,
            labels: vec!["69903000DA".parse().unwrap()],
        }],
        signatory: Signatory { name: "Someone".into(), title: "Head of the office".into() },
    };
    let reference = |idx| StatusReference { idx, uri: ListUri::default() };
    let labels = certificate.labels().map(|(_, label)| (label.identity(), reference(1))).collect();
    let references = StatusReferences::new(&certificate, reference(0), labels, 1).unwrap();
    let (letter, iat) = (LetterDigest { size: 0, sha256: [0; 32] }, certificate.valid_from.start());
    let claims = serde_json::to_vec(&Claims::new(&certificate, Some(&references), letter, iat)).unwrap();
    jws::sign_compact(&test_key(Role::TokenSigner), TOKEN_TYPE, &claims, iat).unwrap()
}

/// The verdict about the token, and whether the list is reported as older than one seen before.
fn verify(verifier: &Verifier) -> (Verdict, bool) {
    let question = Question::new(AT.end());
    let report = verifier.verify(token().as_bytes(), &question);
    let is_rollback = report.findings().iter().any(|finding| finding.code.as_str() == "status.rollback");
    (report.verdict(), is_rollback)
}

/// Verifies the token with one list, with a memory in this folder.
fn run(folder: &Path, list: &[u8]) -> ((Verdict, bool), Vec<MemoryError>) {
    let mut verifier = verifier();
    verifier.add_status_list(list);
    let problems = Memory::new(folder).remember(&mut verifier, &[list.to_vec()]);
    (verify(&verifier), problems)
}

fn kept(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = folder.join("status").read_dir().unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|end| end == "jwt")).collect()
}

#[test]
fn of_two_lists_seen_the_newest_counts_in_either_order() {
    let [one, two, three] = lists();
    for seen in [[&one, &three], [&three, &one]] {
        for (given, expected) in [
            (&one, (Verdict::Indeterminate, true)),
            (&two, (Verdict::Indeterminate, true)),
            (&three, (Verdict::Valid, false)),
        ] {
            let mut verifier = verifier();
            for list in seen {
                verifier.saw_status_list(list).unwrap();
            }
            verifier.add_status_list(given);
            assert_eq!(verify(&verifier), expected);
        }
    }
}

#[test]
fn an_older_list_is_noticed_another_time() {
    let [one, two, three] = lists();
    let folder = tempfile::tempdir().unwrap();
    for (list, verdict, remembered) in [
        (&one, Verdict::Valid, &one),
        (&two, Verdict::Valid, &two),
        (&one, Verdict::Indeterminate, &two),
        (&three, Verdict::Valid, &three),
        (&two, Verdict::Indeterminate, &three),
        (&three, Verdict::Valid, &three),
    ] {
        let (found, problems) = run(folder.path(), list);
        assert_eq!(found, (verdict, verdict == Verdict::Indeterminate));
        assert!(problems.is_empty(), "{problems:?}");
        let [path] = &kept(folder.path())[..] else { panic!("not one list") };
        assert_eq!(&fs::read(path).unwrap(), remembered);
    }
}

#[test]
fn a_file_that_proves_nothing_is_ignored_and_replaced() {
    let [one, two, three] = lists();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &three);
    let [path] = &kept(folder.path())[..] else { panic!("not one list") };
    for content in [&b"garbage"[..], &three[..three.len() - 4], &vec![b'x'; 5 << 20]] {
        fs::write(path, content).unwrap();
        let (found, problems) = run(folder.path(), &one);
        assert_eq!(found, (Verdict::Valid, false));
        assert!(matches!(&problems[..], [MemoryError::NotAuthentic { .. }]), "{problems:?}");
        assert_eq!(fs::read(path).unwrap(), one);
    }
    let (found, problems) = run(folder.path(), &two);
    assert_eq!((found, problems.len()), ((Verdict::Valid, false), 0));
}

#[test]
fn a_folder_that_cannot_be_used_is_a_problem() {
    let [one, ..] = lists();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (found, problems) = run(&file, &one);
    assert_eq!(found, (Verdict::Valid, false));
    assert!(matches!(&problems[..], [MemoryError::Folder { .. }]), "{problems:?}");
}

#[test]
fn the_default_folder_is_that_of_xdg() {
    let folder = |state: Option<&str>, home: Option<&str>| {
        Memory::default_folder(|name| match name {
            "XDG_STATE_HOME" => state.map(OsString::from),
            "HOME" => home.map(OsString::from),
            _ => None,
        })
    };
    let some = |path: &str| Some(Path::new(path).to_owned());
    assert_eq!(folder(Some("/state"), Some("/home/a")), some("/state/cqm"));
    assert_eq!(folder(Some("relative"), Some("/home/a")), some("/home/a/.local/state/cqm"));
    assert_eq!(folder(None, Some("/home/a")), some("/home/a/.local/state/cqm"));
    assert_eq!(folder(Some("relative"), Some("relative")), None);
    assert_eq!(folder(None, None), None);
}
