//! The office's day through the library: what a refusal, a bad path and a newer list do.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cqm_core::{
    Date,
    status::{ListUri, Reason},
};
use cqm_keys::{Role, Validity};
use cqm_letter::Template;
use cqm_office::{
    ChangeProposal, ImportProposal, IssueProposal, IssuedCertificate, IssuingKeys, LetterFiles, OfficeError,
    PublishedList, PublishingKeys, publish,
};
use cqm_register::{Location, Register, Stamp, StatusAction, StatusRequest, Subject};
use cqm_status::{SignedList, TokenDigest};

const DOSSIER: &str = include_str!("../../../fixtures/dossiers/dummy-card-company.toml");
const UNPAID: &str = include_str!("../../../fixtures/dossiers/broken/fees-unpaid.toml");
const TODAY: Date = Date::constant(2023, 5, 6);

/// An office with a register in a file and the test keys.
struct Office {
    folder: tempfile::TempDir,
    register: Register,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::File(folder.path().join("office.db"));
        Register::create(&location, ListUri::default(), &stamp()).unwrap();
        let register = Register::open(&location).unwrap();
        Self { folder, register }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn import(&mut self, toml: &str) {
        let dossier = cqm_issue::dossier::read(toml).unwrap();
        let proposal = ImportProposal::new(&mut self.register, dossier, toml.to_owned(), TODAY).unwrap();
        proposal.commit(&stamp()).unwrap();
    }

    fn issue(&mut self, files: LetterFiles) -> Result<IssuedCertificate, OfficeError> {
        let keys = IssuingKeys::load(&test_keys(), &|_| Err("not encrypted".into()))?;
        let proposal = IssueProposal::from_register(&mut self.register, "99".parse().unwrap(), TODAY, TODAY, &stamp())?;
        proposal.approve().unwrap().issue(&keys, &Template::default(), files)
    }

    fn publish(&mut self, name: &str) -> Result<PublishedList, OfficeError> {
        self.publish_with(&test_keys(), name)
    }

    fn publish_with(&mut self, keys: &Path, name: &str) -> Result<PublishedList, OfficeError> {
        let keys = PublishingKeys::load(keys, &|_| Err("not encrypted".into()))?;
        let out = self.path(name);
        publish(&mut self.register, &keys, &out, 31, &stamp())
    }

    fn entries(&mut self) -> usize {
        self.register.log().unwrap().len()
    }
}

fn stamp() -> Stamp {
    Stamp { who: "anna".into(), at: TODAY.start(), why: String::new() }
}

fn test_keys() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "keys-test"].iter().collect()
}

#[test]
fn a_refused_certificate_changes_nothing() {
    let mut office = Office::new();
    office.import(UNPAID);
    let proposal =
        IssueProposal::from_register(&mut office.register, "99".parse().unwrap(), TODAY, TODAY, &stamp()).unwrap();
    assert_eq!(proposal.draft().certificate().number.as_str(), "CQM-2023-0099");
    let refused = proposal.approve().err().unwrap();
    assert!(refused.draft.findings().any(|finding| finding.code.as_str() == "rule.fees-unpaid"));
    assert_eq!(office.entries(), 2);

    office.import(DOSSIER);
    let issued = office.issue(LetterFiles::new(&office.path("letter.pdf")).unwrap()).unwrap();
    assert_eq!(issued.certificate.number.as_str(), "CQM-2023-0099");
    assert_eq!(issued.superseded, []);
    assert!(issued.files.pdf().is_file() && issued.files.token().is_file());
}

#[test]
fn nothing_is_issued_or_published_without_a_place_for_it() {
    let mut office = Office::new();
    office.import(DOSSIER);
    let before = office.entries();
    let error = office.issue(LetterFiles::new(&office.path("nowhere/letter.pdf")).unwrap()).unwrap_err();
    assert!(matches!(error, OfficeError::File(_)), "{error}");
    assert!(matches!(office.publish("nowhere/list.jwt"), Err(OfficeError::File(_))));
    fs::write(office.path("precious"), "not a list").unwrap();
    assert!(matches!(office.publish("precious"), Err(OfficeError::NotAnEarlierList { .. })));
    assert_eq!(office.entries(), before);

    fs::write(office.path("taken.jwt"), "").unwrap();
    assert!(matches!(LetterFiles::new(&office.path("taken.pdf")), Err(OfficeError::File(_))));
    assert!(matches!(LetterFiles::new(&office.path("one.jwt")), Err(OfficeError::OneNameForTwo { .. })));
}

#[test]
fn a_change_is_made_as_it_was_proposed() {
    let mut office = Office::new();
    office.import(DOSSIER);
    let request = StatusRequest {
        action: StatusAction::End(Subject::Label("39902000DA".parse().unwrap())),
        reason: Some(Reason::FeesOverdue),
        effective: TODAY.plus_days(-2),
    };
    let proposal = ChangeProposal::new(&mut office.register, request.clone(), TODAY).unwrap();
    assert!(proposal.is_late());
    drop(proposal);
    assert_eq!(office.entries(), 2);
    let proposal = ChangeProposal::new(&mut office.register, request.clone(), TODAY).unwrap();
    assert_eq!(proposal.commit(&stamp()).unwrap().request(), &request);
    assert_eq!(office.entries(), 3);

    let issued = office.issue(LetterFiles::new(&office.path("letter.pdf")).unwrap()).unwrap();
    assert_eq!(issued.certificate.labels().count(), 4, "a stopped label is not listed");
}

#[test]
fn an_import_without_changes_is_not_logged() {
    let mut office = Office::new();
    office.import(DOSSIER);
    office.import(DOSSIER);
    assert_eq!(office.entries(), 2);
}

#[test]
fn lists_are_numbered_and_replace_earlier_ones() {
    let mut office = Office::new();
    office.import(DOSSIER);
    let first = office.publish("list.jwt").unwrap();
    let bytes = fs::read(office.path("list.jwt")).unwrap();
    let second = office.publish("list.jwt").unwrap();
    assert_eq!((first.seq, second.seq, second.is_newest), (1, 2, true));
    assert_eq!(second.expires_at, TODAY.plus_days(31).start());
    assert_ne!(fs::read(office.path("list.jwt")).unwrap(), bytes);
    assert_eq!(office.register.list(1).unwrap(), bytes);
}

#[test]
fn a_list_names_every_token_that_was_issued() {
    let mut office = Office::new();
    office.import(DOSSIER);
    let read = |office: &Office, name: &str| {
        SignedList::parse(&fs::read(office.path(name)).unwrap()).unwrap().decode().unwrap()
    };
    office.publish("first.jwt").unwrap();
    assert!(read(&office, "first.jwt").tokens().is_empty());
    office.issue(LetterFiles::new(&office.path("one.pdf")).unwrap()).unwrap();
    office.issue(LetterFiles::new(&office.path("two.pdf")).unwrap()).unwrap();
    office.publish("second.jwt").unwrap();
    let list = read(&office, "second.jwt");
    let digests = ["one.jwt", "two.jwt"].map(|name| TokenDigest::of(&fs::read(office.path(name)).unwrap()));
    assert!(list.tokens().iter().map(|(_, digest)| digest).eq(digests));
    assert!(!list.crls().is_empty());
}

/// A folder with the test keys, and CRLs of the root until these days instead of its own.
fn keys_with_crls(office: &Office, name: &str, until: &[Date]) -> PathBuf {
    let folder = office.path(name);
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(test_keys()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "root.crl.pem" {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let root = cqm_keys::load(&test_keys(), Role::Root, || Err("not encrypted".into())).unwrap();
    for (number, until) in (1..).zip(until) {
        let validity = Validity::new(Date::constant(2023, 1, 1).start(), until.end()).unwrap();
        let crl = cqm_keys::Crl::issue(&root, number, validity, &[]).unwrap();
        fs::write(folder.join(format!("root-{number}.crl.pem")), crl.to_pem().unwrap()).unwrap();
    }
    folder
}

#[test]
fn a_list_ends_when_the_next_crl_is_due() {
    let mut office = Office::new();
    // The list is asked for until 2023-06-06, 00:00:00.
    for (number, (until, days, is_shortened)) in
        [(40, 31, false), (31, 31, false), (10, 10, true)].into_iter().enumerate()
    {
        let keys = keys_with_crls(&office, &format!("keys-{number}"), &[TODAY.plus_days(until)]);
        let list = office.publish_with(&keys, &format!("{number}.jwt")).unwrap();
        let expected = if is_shortened { TODAY.plus_days(days).end() } else { TODAY.plus_days(days).start() };
        assert_eq!((list.expires_at, list.shortened_by.is_some()), (expected, is_shortened), "{until}");
    }
    // The current CRL counts, whatever older ones are there.
    let keys = keys_with_crls(&office, "keys-two", &[TODAY.plus_days(-1), TODAY.plus_days(40)]);
    assert_eq!(office.publish_with(&keys, "two.jwt").unwrap().shortened_by, None);
}

#[test]
fn no_list_is_published_without_a_current_crl() {
    let mut office = Office::new();
    let before = office.entries();
    let keys = keys_with_crls(&office, "none", &[]);
    assert!(matches!(office.publish_with(&keys, "list.jwt"), Err(OfficeError::NoCrl { .. })));
    let keys = keys_with_crls(&office, "old", &[TODAY.plus_days(-1)]);
    assert!(matches!(office.publish_with(&keys, "list.jwt"), Err(OfficeError::CrlNotCurrent { .. })));
    fs::write(keys.join("other.crl.pem"), "garbage").unwrap();
    assert!(matches!(office.publish_with(&keys, "list.jwt"), Err(OfficeError::NotACrl { .. })));
    assert_eq!(office.entries(), before);
}

#[test]
fn folders_that_hold_no_keys() {
    let office = Office::new();
    let load = |name: &str| IssuingKeys::load(&office.path(name), &|_| Err("not encrypted".into())).err().unwrap();
    assert!(matches!(load("nowhere"), OfficeError::NoKeyFolder { .. }));
    assert!(matches!(load("office.db"), OfficeError::KeyFolderIsFile { .. }));
    assert!(matches!(load("."), OfficeError::NoRootFile { .. }));
    fs::write(office.path("root.pem"), "garbage").unwrap();
    assert!(matches!(load("."), OfficeError::NotARoot { .. }));
    fs::write(office.path("root.pem"), [0xff]).unwrap();
    assert!(matches!(load("."), OfficeError::NotText { .. }));
}

#[test]
fn errors_name_no_command_and_no_option() {
    let source = include_str!("../src/error.rs");
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
        assert!(!line.contains("`cqm ") && !line.contains("--"), "{line}");
    }
}
