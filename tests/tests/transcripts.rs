//! Whole commands with everything that they print. `cargo insta review` shows what changed.

#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use cqm_tests::office::issued;
use cqm_tests::{Workplace, repository};

/// Runs the commands; returns them with their output and exit codes.
fn transcript(workplace: &Workplace, commands: &[&str]) -> String {
    let mut text = String::new();
    for command in commands {
        let run = workplace.cqm(command);
        writeln!(text, "$ cqm {command}\n{}{}(exit {})\n", run.stdout, run.stderr, run.code).unwrap();
    }
    text
}

fn assert_transcript(name: &str, workplace: &Workplace, commands: &[&str]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, transcript(workplace, commands)));
}

#[test]
fn help() {
    assert_transcript(
        "help",
        &Workplace::default(),
        &[
            "--help",
            "demo --help",
            "keys new --help",
            "check --help",
            "issue --help",
            "verify --help",
            "inspect --help",
            "explain --help",
            "label --help",
            "register --help",
            "register import --help",
            "status stop --help",
            "status publish --help",
            "status --help",
            "status show --help",
            "verify",
        ],
    );
}

#[test]
fn label() {
    assert_transcript(
        "label",
        &Workplace::default(),
        &[
            "label 39902000DA",
            "label P9902000CR --json",
            "label 3990200DA",
            "label 39902100DA",
            "label 39902000dA",
            "label 3990200ODA",
            "label 39902000da",
        ],
    );
}

#[test]
fn any_pdf() {
    let workplace = Workplace::default();
    for name in ["root.pem", "root.crl.pem", "pyhanko-pades.pdf", "pyhanko-annotated.pdf"] {
        workplace.copy(format!("tests/samples/{name}"), name);
    }
    assert_transcript(
        "any-pdf",
        &workplace,
        &[
            "verify pyhanko-pades.pdf --trust root.pem --at 2024-01-31",
            "verify pyhanko-pades.pdf --any-pdf --trust root.pem --crl root.crl.pem --at 2024-01-31",
            "verify pyhanko-annotated.pdf --any-pdf --trust root.pem --crl root.crl.pem --at 2024-01-31 --without-status",
            "verify pyhanko-pades.pdf pyhanko-annotated.pdf --any-pdf --trust root.pem --at 2024-01-31 --without-status",
        ],
    );
}

#[test]
fn check() {
    let workplace = Workplace::default();
    workplace.copy("fixtures/dossiers/dummy-card-company.toml", "dossier.toml");
    workplace.copy("fixtures/dossiers/broken/fees-unpaid.toml", "unpaid.toml");
    workplace.copy("fixtures/dossiers/unreadable/key-unknown.toml", "mistyped.toml");
    assert_transcript(
        "check",
        &workplace,
        &[
            "check dossier.toml --on 2023-05-06",
            "check unpaid.toml --on 2023-05-06",
            "check mistyped.toml --on 2023-05-06",
        ],
    );
}

#[test]
fn issue() {
    let workplace = Workplace::of_the_office();
    workplace.copy("fixtures/dossiers/broken/fees-unpaid.toml", "unpaid.toml");
    let issue = "issue dossier.toml --keys keys --out letter.pdf --on 2023-05-06";
    assert_transcript(
        "issue",
        &workplace,
        &[
            issue,
            issue,
            "issue unpaid.toml --keys keys --out unpaid.pdf --on 2023-05-06",
            "issue dossier.toml --keys keys --out late.pdf --on 2033-01-01",
            "issue dossier.toml --keys nowhere --out x.pdf --on 2023-05-06",
            "issue dossier.toml --keys keys/root.pem --out x.pdf --on 2023-05-06",
            "issue dossier.toml --keys . --out x.pdf --on 2023-05-06",
            "issue dossier.toml --keys keys --out x.jwt --on 2023-05-06",
            "issue dossier.toml --register office.db --keys keys --out x.pdf --on 2023-05-06",
            "issue dossier.toml --keys keys --out nowhere/x.pdf --on 2023-05-06",
            "inspect letter.pdf",
        ],
    );
}

#[test]
fn verify() {
    let workplace = Workplace::of_a_bank();
    let mut tampered = issued().pdf.clone();
    let name = tampered.windows(5).rposition(|window| window == b"Dummy").unwrap();
    tampered[name] = b'R';
    workplace.write("tampered.pdf", tampered);
    workplace.write("invoice.txt", "Please pay.");
    workplace.copy("tests/samples/root.pem", "other.pem");
    let options = "--trust root.pem --at 2024-01-31 --without-status";
    assert_transcript(
        "verify",
        &workplace,
        &[
            &format!("verify letter.pdf {options}"),
            &format!("verify letter.jwt {options}"),
            &format!("verify tampered.pdf {options}"),
            "verify letter.pdf --trust root.pem --at 2024-05-06 --without-status",
            "verify letter.pdf --trust root.pem --at 2024-01-31",
            &format!("verify invoice.txt {options}"),
            &format!("verify missing.pdf {options}"),
            &format!("verify . {options}"),
            "verify letter.pdf --trust letter.pdf",
            "verify letter.pdf --trust other.pem --at 2024-01-31 --without-status",
            &format!("verify letter.pdf letter.jwt tampered.pdf invoice.txt missing.pdf {options}"),
            &format!("verify --json letter.jwt missing.pdf {options}"),
        ],
    );
}

#[test]
fn status() {
    use cqm_core::status::{EntryStatus, Reason};
    use cqm_tests::status::{event, list, sign};
    let workplace = Workplace::of_a_bank();
    workplace.write("letter.pdf", &cqm_tests::status::issued().pdf);
    let gvcp = |idx| event(idx, EntryStatus::Invalid, Reason::GvcpDecertified, "2024-01-10");
    let suspended = event(4, EntryStatus::Suspended, Reason::CorrectiveActionOverdue, "2023-11-10");
    let resumed = cqm_core::status::Event {
        status: EntryStatus::Valid,
        ..event(4, suspended.status, suspended.reason, "2023-12-05")
    };
    workplace.write("list.jwt", sign(list(&[gvcp(1), gvcp(2), suspended, resumed])));
    // The next list has an event more; another one of the same number lacks those of the first.
    let mut next = list(&[gvcp(1), gvcp(2), suspended, resumed, gvcp(3)]);
    next.seq = 4;
    next.prev = Some(cqm_status::Digest::of_list(&workplace.read("list.jwt")));
    let fork = cqm_status::ListDraft { events: Vec::new(), ..next.clone() };
    workplace.write("next.jwt", sign(next));
    workplace.write("fork.jwt", sign(fork));
    let verify = "verify letter.pdf --trust root.pem";
    assert_transcript(
        "status",
        &workplace,
        &[
            &format!("{verify} --status list.jwt --at 2024-01-09"),
            &format!("{verify} --status list.jwt --at 2024-01-31"),
            &format!("{verify} --status list.jwt --at 2024-01-31 --label P9902000DA"),
            &format!("{verify} --status list.jwt --at 2023-11-30"),
            &format!("{verify} --status list.jwt --at 2024-03-01"),
            &format!("{verify} --at 2024-01-31"),
            &format!("{verify} --status list.jwt --at 2024-01-31 --json"),
            &format!("{verify} --status next.jwt --at 2024-01-31 --label 69901000DA"),
            &format!("{verify} --status list.jwt --at 2024-01-09"),
            &format!("{verify} --status fork.jwt --at 2024-01-09"),
            "status show list.jwt --trust root.pem",
            "status show list.jwt --json",
            "status show letter.pdf",
        ],
    );
}

#[test]
fn errors_of_keys() {
    let workplace = Workplace::of_the_office();
    workplace.copy_keys("mixed");
    fs::copy(repository("keys-test/status-signer.key.pem"), workplace.path("mixed/token-signer.key.pem")).unwrap();
    workplace.copy_keys("damaged");
    workplace.write("damaged/token-signer.key.pem", "garbage");
    workplace.copy_keys("open");
    workplace.write("open/token-signer.key.pem", "garbage");
    for (folder, mode) in [("damaged", 0o600), ("open", 0o644)] {
        let key = workplace.path(folder).join("token-signer.key.pem");
        fs::set_permissions(key, fs::Permissions::from_mode(mode)).unwrap();
    }
    assert_transcript(
        "errors-of-keys",
        &workplace,
        &[
            "keys new keys",
            "keys new locked --encrypt",
            "issue dossier.toml --keys mixed --out x.pdf --on 2023-05-06",
            "issue dossier.toml --keys damaged --out x.pdf --on 2023-05-06",
            "issue dossier.toml --keys open --out x.pdf --on 2023-05-06",
        ],
    );
}
