//! Plans and pending changes: what a drop, a panic, a second writer and a change in between do.

use std::{panic, path::Path, sync::mpsc, thread, time::Duration};

use cqm_core::{
    CertificateNumber, Date, UnixTime,
    status::{ListUri, Reason},
};
use cqm_register::{
    Location, LogEntry, Register, RegisterError, Signed, Stamp, StatusAction, StatusRequest, Subject, Verification,
};

const DOSSIER: &str = include_str!("../../../fixtures/dossiers/dummy-card-company.toml");
const TODAY: Date = Date::constant(2023, 5, 6);

/// An office with a register in a file.
struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    /// An office with an empty register.
    fn empty() -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap() };
        Register::create(&office.location(), ListUri::default(), &stamp()).unwrap();
        office
    }

    /// An office that has imported the dossier of company 99.
    fn new() -> Self {
        let office = Self::empty();
        import(&mut office.open(), DOSSIER).unwrap();
        office
    }

    fn location(&self) -> Location {
        Location::File(Path::join(self.folder.path(), "office.db"))
    }

    fn open(&self) -> Register {
        Register::open(&self.location()).unwrap()
    }

    fn log(&self) -> Vec<LogEntry> {
        self.open().log().unwrap()
    }

    #[track_caller]
    fn assert_whole(&self) {
        assert!(matches!(self.open().verify().unwrap(), Verification::Good { .. }));
    }
}

fn stamp() -> Stamp {
    Stamp { who: "anna".into(), at: TODAY.start(), why: String::new() }
}

fn import(register: &mut Register, toml: &str) -> Result<(), RegisterError> {
    let dossier = cqm_issue::dossier::read(toml).unwrap();
    let plan = register.plan_import(dossier, toml.to_owned(), TODAY)?;
    register.import(&plan, &stamp())
}

/// The dossier of another company with the same sites.
fn dossier_of(company: &str, name: &str) -> String {
    DOSSIER
        .replace("\"99\"", &format!("\"{company}\""))
        .replace("\"99-", &format!("\"{company}-"))
        .replace("990", &format!("{company}0"))
        .replace("CQM-2023-0099", &format!("CQM-2023-00{company}"))
        .replace("Dummy Card Company", name)
}

fn signed<'a>() -> Signed<'a> {
    Signed { valid_until: Date::constant(2024, 5, 5), token: "a token", pdf: b"a letter" }
}

/// Begins to issue to company 99 and drops the pending certificate.
fn begin_and_drop(register: &mut Register) -> (CertificateNumber, u32) {
    let pending = register.begin_issue("99".parse().unwrap(), TODAY, &stamp()).unwrap();
    (pending.number().clone(), pending.reference().idx)
}

#[test]
fn a_dropped_certificate_was_never_there() {
    let office = Office::new();
    let before = office.log();
    let mut register = office.open();
    let first = begin_and_drop(&mut register);
    assert_eq!(first.0.as_str(), "CQM-2023-0099");
    assert_eq!(office.log(), before);
    assert_eq!(begin_and_drop(&mut register), first);

    let pending = register.begin_issue("99".parse().unwrap(), TODAY, &stamp()).unwrap();
    assert_eq!((pending.number(), pending.reference().idx), (&first.0, first.1));
    assert_eq!(pending.commit(signed()).unwrap(), []);
    assert_eq!(office.log().len(), before.len() + 1);
    let second = begin_and_drop(&mut register);
    assert_eq!((second.0.as_str(), second.1), ("CQM-2023-0100", first.1 + 1));
    office.assert_whole();
}

#[test]
fn a_panic_rolls_back() {
    let office = Office::new();
    let before = office.log();
    let mut register = office.open();
    let panicked = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let _pending = register.begin_issue("99".parse().unwrap(), TODAY, &stamp()).unwrap();
        panic!("a signer panics");
    }));
    assert!(panicked.is_err());
    // The same connection goes on, and another one can write.
    assert_eq!(begin_and_drop(&mut register).0.as_str(), "CQM-2023-0099");
    begin_and_drop(&mut office.open());
    assert_eq!(office.log(), before);
}

#[test]
fn a_certificate_that_begins_too_early_is_not_issued() {
    let office = Office::new();
    let mut register = office.open();
    register.begin_issue("99".parse().unwrap(), TODAY, &stamp()).unwrap().commit(signed()).unwrap();
    let before = office.log();
    let pending = register.begin_issue("99".parse().unwrap(), TODAY.plus_days(-1), &stamp()).unwrap();
    let error = pending.commit(signed()).unwrap_err();
    assert!(matches!(error, RegisterError::BeforePrevious { .. }), "{error}");
    assert_eq!(office.log(), before);
    office.assert_whole();
}

#[test]
fn a_dropped_list_was_never_there() {
    let office = Office::new();
    let before = office.log();
    let mut register = office.open();
    for _ in 0..2 {
        let pending = register.begin_publish(&stamp()).unwrap();
        let contents = pending.contents();
        assert_eq!((contents.seq, &contents.prev, contents.len), (1, &None, 5));
        assert_eq!(contents.log_head, before.last().unwrap().hash);
    }
    assert_eq!(office.log(), before);
    assert_eq!(register.known_lists().unwrap().newest(), None);

    assert_eq!(register.begin_publish(&stamp()).unwrap().commit(b"the first").unwrap(), 1);
    let pending = register.begin_publish(&stamp()).unwrap();
    assert_eq!((pending.contents().seq, pending.contents().prev.as_deref()), (2, Some(&b"the first"[..])));
    drop(pending);
    office.assert_whole();
}

#[test]
fn placing_a_list_changes_nothing() {
    let office = Office::new();
    let mut register = office.open();
    register.begin_publish(&stamp()).unwrap().commit(b"the first").unwrap();
    let before = office.log();
    let pending = register.begin_placing(1).unwrap();
    assert_eq!(pending.list(), b"the first");
    assert_eq!(pending.known().number_of(b"the first"), Some(1));
    assert_eq!(pending.known().number_of(b"another"), None);
    drop(pending);
    assert!(matches!(register.begin_placing(2), Err(RegisterError::Unknown { .. })));
    assert_eq!(office.log(), before);
    begin_and_drop(&mut register);
}

#[test]
fn the_second_writer_waits_for_the_first() {
    let office = Office::new();
    let mut first = office.open();
    let location = office.location();
    let pending = first.begin_issue("99".parse().unwrap(), TODAY, &stamp()).unwrap();
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        scope.spawn(move || {
            let number = begin_and_drop(&mut Register::open(&location).unwrap()).0;
            sender.send(number).unwrap();
        });
        let waiting = receiver.recv_timeout(Duration::from_millis(300));
        assert_eq!(waiting, Err(mpsc::RecvTimeoutError::Timeout));
        // Readers do not wait.
        assert_eq!(office.log().len(), 2);
        pending.commit(signed()).unwrap();
        let number = receiver.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(number.as_str(), "CQM-2023-0100", "the second writer sees the first certificate");
    });
    office.assert_whole();
}

#[test]
fn three_imports_give_three_holder_numbers() {
    let office = Office::empty();
    let mut register = office.open();
    let dossiers = [("97", "First"), ("98", "Second"), ("99", "Third")];
    for (company, name) in dossiers {
        import(&mut register, &dossier_of(company, name)).unwrap();
    }
    let holders: Vec<String> = register.holders().unwrap().into_iter().map(|holder| holder.name).collect();
    assert_eq!(holders, ["First", "Second", "Third"]);
    let numbers: Vec<u64> = office.log()[1..]
        .iter()
        .map(|entry| serde_json::from_str::<serde_json::Value>(&entry.details).unwrap()["holder"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    // A known holder keeps its number.
    import(&mut register, &dossier_of("98", "Renamed")).unwrap();
    let details: serde_json::Value = serde_json::from_str(&office.log()[4].details).unwrap();
    assert_eq!((&details["holder"], &details["is_new_holder"]), (&2.into(), &false.into()));
    office.assert_whole();
}

#[test]
fn a_plan_is_refused_after_a_change() {
    let office = Office::empty();
    let mut register = office.open();
    let dossier = cqm_issue::dossier::read(DOSSIER).unwrap();
    let plan = register.plan_import(dossier, DOSSIER.to_owned(), TODAY).unwrap();
    register.import(&plan, &stamp()).unwrap();
    let before = office.log();
    assert!(matches!(register.import(&plan, &stamp()), Err(RegisterError::Changed)));

    let request = StatusRequest {
        action: StatusAction::EndAtSite("99-02".parse().unwrap()),
        reason: Some(Reason::AuditFailed),
        effective: TODAY,
    };
    let site = register.plan_status(request, TODAY).unwrap();
    let label = Subject::Label("39902000DA".parse().unwrap());
    let request = StatusRequest { action: StatusAction::End(label), reason: None, effective: TODAY };
    let label = register.plan_status(request.clone(), TODAY).unwrap();
    assert_eq!((label.request(), label.changes().len()), (&request, 1));
    // On the next day the events would be recorded with another date.
    let tomorrow = Stamp { at: UnixTime::new(TODAY.start().seconds() + 86_400), ..stamp() };
    assert!(matches!(register.change_status(&label, &tomorrow), Err(RegisterError::Changed)));
    assert_eq!(office.log(), before);

    register.change_status(&label, &stamp()).unwrap();
    assert!(matches!(register.change_status(&site, &stamp()), Err(RegisterError::Changed)));
    assert_eq!(office.log().len(), before.len() + 1);
    office.assert_whole();
}

#[test]
fn errors_name_no_command_and_no_option() {
    let sources =
        [include_str!("../src/error.rs"), include_str!("../src/database/error.rs"), include_str!("../src/location.rs")];
    for line in sources.concat().lines().filter(|line| !line.trim_start().starts_with("//")) {
        assert!(!line.contains("`cqm ") && !line.contains("--"), "{line}");
    }
}

#[test]
fn a_list_names_the_certificate_that_superseded_another() {
    let office = Office::new();
    let mut register = office.open();
    let june = Date::constant(2023, 6, 1);
    let issue = |register: &mut Register, from, token| {
        let pending = register.begin_issue("99".parse().unwrap(), from, &stamp()).unwrap();
        let (number, idx) = (pending.number().clone(), pending.reference().idx);
        pending.commit(Signed { token, ..signed() }).unwrap();
        (number, idx)
    };
    let successors = |register: &mut Register| register.begin_publish(&stamp()).unwrap().contents().successors.clone();
    let first = issue(&mut register, TODAY, "first");
    assert_eq!(successors(&mut register), [].into());
    let second = issue(&mut register, june, "second");
    assert_eq!(successors(&mut register), [(first.1, second.0.clone())].into());
    // The second one is revoked for another reason, so the third one begins on the same day and
    // supersedes nothing.
    let request = StatusRequest {
        action: StatusAction::End(Subject::Certificate(second.0.clone())),
        reason: Some(Reason::KeyCompromise),
        effective: june,
    };
    let plan = register.plan_status(request, TODAY).unwrap();
    register.change_status(&plan, &stamp()).unwrap();
    let third = issue(&mut register, june, "third");
    assert_eq!(successors(&mut register), [(first.1, second.0.clone())].into());
    let fourth = issue(&mut register, june, "fourth");
    assert_eq!(successors(&mut register), [(first.1, second.0), (third.1, fourth.0)].into());
}
