//! The headline of a report answers three questions, and never contradicts the findings.

use cqm_core::{
    Code, Date, Verdict,
    status::{EntryStatus, Reason},
};
use cqm_keys::{Pki, PkiOptions, Role, system_rng};
use cqm_sign::x509::TrustStore;
use cqm_status::ListDraft;
use cqm_tests::Run;
use cqm_tests::office::{IN_DATE, issued, verifier, verify, verify_at};
use cqm_tests::status::{ask, event, list, sign, stop, superseded};
use cqm_verify::{PdfPolicy, Question, Report, Verifier, report::Answer};

use crate::command_line::{json, workplace};

use Answer::{No, NotAsked, Open, Yes};

/// Asserts the three answers and the sentence.
#[track_caller]
fn assert_says(report: &Report, answers: [Answer; 3], sentence: &str) {
    let headline = report.headline();
    assert_eq!(headline.sentence, sentence);
    assert_eq!([headline.genuine, headline.in_date, headline.labels_hold], answers, "{sentence}");
    let all_yes = answers.iter().all(|answer| matches!(answer, Yes | NotAsked));
    assert_eq!(report.verdict() == Verdict::Valid, all_yes, "{sentence}");
}

#[test]
fn a_good_certificate_is_genuine_in_date_and_its_labels_hold() {
    assert_says(
        &ask(&[&sign(list(&[]))], "2024-01-31", &[]),
        [Yes; 3],
        "Genuine, unchanged and in date, and all 5 labels hold",
    );
    assert_says(
        &verify(&issued().pdf),
        [Yes, Yes, NotAsked],
        "Genuine, unchanged and in date; whether a label was stopped was not asked",
    );
}

#[test]
fn what_is_wrong_with_a_genuine_certificate_is_named() {
    let stopped = sign(list(&[stop("2024-01-10")]));
    assert_says(
        &ask(&[&stopped], "2024-01-31", &[]),
        [Yes, Yes, No],
        "Genuine and unchanged, but 1 of its 5 labels was stopped: 49902000DA",
    );
    assert_says(
        &ask(&[&stopped], "2024-01-31", &["39902000DA"]),
        [Yes; 3],
        "Genuine, unchanged and in date, and the labels asked about hold; other labels do not",
    );
    let ended = |reason| sign(list(&[event(0, EntryStatus::Invalid, reason, "2024-01-10")]));
    for (list, sentence) in [
        (ended(Reason::KeyCompromise), "Genuine and unchanged, but it was revoked"),
        (sign(superseded()), "Genuine and unchanged, but CQM-2024-0100 replaced it on 2024-01-10"),
        (ended(Reason::Superseded), "Genuine and unchanged, but a newer certificate replaced it on 2024-01-10"),
    ] {
        assert_says(&ask(&[&list], "2024-01-31", &[]), [Yes, Yes, No], sentence);
    }
    let suspended = sign(list(&[event(1, EntryStatus::Suspended, Reason::AuditReportOverdue, "2024-01-10")]));
    assert_says(
        &ask(&[&suspended], "2024-01-31", &[]),
        [Yes, Yes, No],
        "Genuine and unchanged, but 1 of its 5 labels is suspended: 39902000DA",
    );
    assert_says(
        &verify_at(&issued().pdf, "2024-05-06".parse().unwrap()),
        [Yes, No, NotAsked],
        "Genuine and unchanged, but it ended on 2024-05-05; whether a label was stopped was not asked",
    );
    assert_says(
        &ask(&[], "2024-01-31", &[]),
        [Yes, Yes, Open],
        "Genuine, unchanged and in date, but whether a label was stopped could not be checked",
    );
}

#[test]
fn a_file_that_is_not_genuine_is_described_by_the_plainest_reason() {
    let says = |file: &[u8], sentence: &str| {
        let headline = verify(file).headline();
        assert_eq!((headline.genuine, headline.sentence), (No, format!("{sentence}: do not rely on this file")));
    };
    let mut appended = issued().pdf.clone();
    appended.extend(b"\n1 0 obj null endobj\n");
    says(&appended, "Changed after it was signed");
    says(b"", "Not a CQM certificate");
    says(b"\xff\xd8\xff\xe0 a photo", "Not a CQM certificate");
    let message = verify(b"\xff\xd8\xff\xe0 a photo").findings()[0].message.clone();
    assert_eq!(message, "the file is a picture (JPEG): ask for the signed PDF itself");
}

#[test]
fn a_letter_under_another_root_is_signed_by_someone_you_do_not_trust() {
    let options = PkiOptions {
        valid_from: Date::constant(2023, 1, 1).start(),
        years: 10,
        document_signer: cqm_keys::KeyAlgorithm::P256,
    };
    let other = Pki::generate(&options, &mut system_rng().unwrap()).unwrap();
    let trust = TrustStore::from_certificates(vec![other.key_pair(Role::Root).certificate().clone()]).unwrap();
    let question = Question::new(IN_DATE.end()).without_status();
    let report = Verifier::new(trust).verify(&issued().pdf, &question);
    assert_says(&report, [No, Open, Open], "Signed by someone you do not trust: do not rely on this file");
}

#[test]
fn a_pdf_without_a_token_is_judged_by_its_signatures_only() {
    let read = |name: &str| std::fs::read(cqm_tests::repository("tests/samples").join(name)).unwrap();
    let root = TrustStore::from_pem(str::from_utf8(&read("root.pem")).unwrap()).unwrap();
    let verifier = Verifier::new(root).with_pdfs(PdfPolicy::WithoutToken);
    let report = verifier.verify(&read("pyhanko-pades.pdf"), &Question::new(IN_DATE.end()).without_status());
    let sentence = "Signed by someone under your root, and unchanged; its text was not checked";
    let headline = report.headline();
    assert_eq!((report.verdict(), headline.genuine, headline.sentence.as_str()), (Verdict::Valid, Yes, sentence));
    // Its text may say anything.
    assert_eq!([headline.in_date, headline.labels_hold], [Open, Open]);
}

/// "Nothing wrong was found" is said only where nothing wrong was found.
#[test]
fn what_is_wrong_is_named_also_if_something_else_is_open() {
    let token = |day: &str| verify_at(issued().token.as_bytes(), day.parse().unwrap());
    assert_says(
        &token("2024-01-31"),
        [Open, Yes, NotAsked],
        "Signed with a key of the office, but nothing else shows that the office issued it",
    );
    assert_says(
        &token("2024-05-06"),
        [Open, No, NotAsked],
        "Not valid: it ended on 2024-05-05; not everything else could be checked",
    );
    // A list without CRLs, so whether a signer was revoked is open.
    let without_crls = |events: &[_]| sign(ListDraft { crls: Vec::new(), ..list(events) });
    assert_says(
        &ask(&[&without_crls(&[])], "2024-01-31", &[]),
        [Open, Yes, Yes],
        "Nothing wrong was found, but whether a signer was revoked could not be checked",
    );
    assert_says(
        &ask(&[&without_crls(&[stop("2024-01-10")])], "2024-01-31", &[]),
        [Open, Yes, No],
        "Not valid: 1 of its 5 labels was stopped: 49902000DA; not everything else could be checked",
    );
}

#[test]
fn a_pdf_that_was_changed_after_signing_says_so() {
    let read = |name: &str| std::fs::read(cqm_tests::repository("tests/samples").join(name)).unwrap();
    let root = TrustStore::from_pem(str::from_utf8(&read("root.pem")).unwrap()).unwrap();
    let verifier = Verifier::new(root).with_pdfs(PdfPolicy::WithoutToken);
    let says = |name: &str, at: &str, sentence: &str| {
        let at: Date = at.parse().unwrap();
        let report = verifier.verify(&read(name), &Question::new(at.end()).without_status());
        assert_eq!((report.headline().genuine, report.headline().sentence.as_str()), (Open, sentence), "{name}");
    };
    let added = "Something was added after it was signed: what you see may not be what was signed";
    says("pyhanko-annotated.pdf", "2024-01-31", added);
    let later = "Not valid: it was signed later than the time asked about; not everything else could be checked";
    says("pyhanko-annotated.pdf", "2023-05-05", later);
    says("pyhanko-script.pdf", "2024-01-31", "It has content that can change what you see after it was signed");
    let unsupported = "Nothing wrong was found, but this program can't check the signature";
    says("openssl-sha1.pdf", "2024-01-31", unsupported);
}

/// The same notice about several signers is one finding.
#[test]
fn a_notice_stands_once() {
    let report = verify(&issued().pdf);
    let notices: Vec<&str> = report
        .findings()
        .iter()
        .filter(|finding| finding.code == Code::TrustRevocationNotChecked)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(notices, ["no CRL was given for the signer of the PDF and the signer of the token"]);
    assert!(verifier().verify(b"", &Question::new(IN_DATE.end())).findings().len() == 1);
}

#[test]
fn the_report_has_every_event_and_the_certificates_own_word() {
    let events = [
        event(0, EntryStatus::Invalid, Reason::Superseded, "2024-01-10"),
        event(1, EntryStatus::Suspended, Reason::AuditReportOverdue, "2023-11-10"),
        event(1, EntryStatus::Valid, Reason::AuditReportOverdue, "2023-12-05"),
    ];
    let json = serde_json::to_value(ask(&[&sign(list(&events))], "2024-01-31", &[])).unwrap();
    assert_eq!((&json["version"], &json["certificate"]["status"]), (&2.into(), &"revoked".into()));
    assert_eq!(json["certificate"]["events"][0]["status"], "revoked");
    assert_eq!(json["certificate"]["valid_from"], "2023-05-06");
    let label = &json["certificate"]["labels"][0];
    assert_eq!((&label["company"], &label["site"], &label["status"]), (&"99".into(), &"02".into(), &"valid".into()));
    let events: Vec<_> = label["events"].as_array().unwrap().iter().map(|event| event["status"].clone()).collect();
    assert_eq!(events, ["suspended", "valid"]);
    assert_eq!(json["headline"]["labels_hold"], "no");
}

#[test]
fn explain_knows_every_code_and_labels() {
    let workplace = workplace();
    for code in Code::ALL.iter().step_by(7) {
        let run = workplace.cqm(&format!("explain {code}")).expect(0);
        assert!(run.stdout.contains("What to do") && run.stdout.starts_with(code.as_str()), "{}", run.stdout);
    }
    let explained = json(&workplace.cqm("explain status.stopped --json").expect(0).stdout);
    assert_eq!(explained["meaning"], "A label was stopped.");
    assert_eq!(
        workplace.cqm("explain 39902000DA").expect(0).stdout,
        workplace.cqm("label 39902000DA").expect(0).stdout
    );
    let Run { stderr, .. } = workplace.cqm("explain status.stoped").expect(2);
    assert!(
        stderr.contains("`status.stoped` is not the code of a finding") && stderr.contains("status.stopped"),
        "{stderr}"
    );
}
