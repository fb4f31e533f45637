//! The output of the command, on a terminal and elsewhere.

use std::fs;
use std::process::{Command, Stdio};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::Certificate;
use cqm_tests::office::{Forge, issue, issued};
use cqm_tests::{Run, Workplace, repository, skipped};
use serde_json::Value;

use crate::command_line::{json, workplace};

/// Control characters of terminals, and characters that change the direction of writing.
const HOSTILE: &str = "Evil\u{1b}[2J\u{9b}31m\u{202e}drowssap\u{2066}\u{200b}\u{7f}";

/// Asserts that a text has no control characters except line ends.
#[track_caller]
fn assert_shows(text: &str) {
    let obeyed = |character: &char| {
        character.is_control() && *character != '\n'
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.chars().find(obeyed), None, "{text:?}");
}

#[test]
fn the_report_of_a_good_file_fits_one_screen() {
    let workplace = workplace();
    workplace.write("group.pdf", issue("group.toml").pdf);
    for (file, lines, code) in [("letter.pdf", 24, 0), ("letter.jwt", 24, 3), ("group.pdf", 40, 0)] {
        let run = workplace.verify(file).expect(code);
        assert!(run.stdout.lines().count() <= lines, "{} lines:\n{}", run.stdout.lines().count(), run.stdout);
        for code in ["status.not-asked", "trust.test-root", "trust.revocation-not-checked"] {
            assert!(run.stdout.contains(code), "no {code} in\n{}", run.stdout);
        }
        assert_shows(&run.stdout);
    }
    let group = workplace.verify("group.pdf").stdout;
    assert!(group.contains("120 at 40 sites"), "{group}");
    // East Asian characters take two columns; the labels are aligned all the same.
    for (place, columns) in [("BR São Paulo", 12), ("CN 深圳", 7)] {
        let spaces = " ".repeat(24 - columns);
        assert!(group.contains(&format!("\n    {place}{spaces} ")), "{place} in\n{group}");
    }
    assert!(group.lines().all(|line| line.chars().count() <= 160), "{group}");
}

#[test]
fn colour_is_for_terminals_alone() {
    let workplace = workplace();
    for arguments in [
        "label 39902000DA",
        "verify --trust root.pem letter.pdf",
        "inspect letter.pdf",
        "--help",
        "label x",
        "nonsense",
    ] {
        let run = workplace.cqm(arguments);
        assert_shows(&run.stdout);
        assert_shows(&run.stderr);
    }
    // The same on a terminal, if there is a tool for it.
    let terminal = |variable: &str| {
        let mut command = workplace.command("script");
        let cqm = workplace.command("cqm").get_program().to_str().unwrap().to_owned();
        command.env("TERM", "xterm").env(variable, "1").args(["-qec", &format!("{cqm} label 39902000DA"), "/dev/null"]);
        Run::new(&mut command).expect(0)
    };
    if Command::new("script").arg("--version").output().is_err() {
        skipped("there is no `script` to make a terminal");
        return;
    }
    assert!(terminal("SOMETHING_ELSE").stdout.contains('\u{1b}'));
    assert!(!terminal("NO_COLOR").stdout.contains('\u{1b}'));
}

#[test]
fn what_a_file_says_never_reaches_the_terminal_raw() {
    let workplace = Workplace::of_a_bank();
    let mut certificate: Certificate = issued().certificate.clone();
    let mut twin = certificate.clone();
    certificate.holder.name = HOSTILE.into();
    certificate.sites[0].city = HOSTILE.into();
    twin.holder.name = "Evil & Sons".into();
    let forge = Forge::default();
    workplace.write("evil.jwt", forge.token(&certificate));
    workplace.write("twin.jwt", forge.token(&twin));
    workplace.write("evil.toml", format!("number = \"{HOSTILE}\"\n"));
    let dossier = fs::read_to_string(repository("fixtures/dossiers/dummy-card-company.toml")).unwrap();
    workplace.write("named.toml", dossier.replace("Dummy Card Company", "Evil\\u001b[2J\\u202e"));
    workplace.write("evil\u{1b}[2J.pdf", "garbage");

    assert!(workplace.verify("twin.jwt").expect(3).stdout.contains("Evil & Sons"));
    let root = "--trust root.pem --without-status --at 2024-01-31";
    for arguments in [
        format!("verify evil.jwt {root}"),
        format!("verify evil.jwt evil.jwt {root}"),
        format!("verify --json evil.jwt {root}"),
        format!("verify evil\u{1b}[2J.pdf {root}"),
        format!("verify evil\u{1b}[2J.pdf evil.jwt {root}"),
        format!("verify missing\u{1b}[2J.pdf {root}"),
        format!("verify missing\u{1b}[2J.pdf evil.jwt {root}"),
        "inspect evil.jwt".into(),
        "inspect --json evil.jwt".into(),
        "inspect evil\u{1b}[2J.pdf".into(),
        "check evil.toml".into(),
        "check named.toml --on 2023-05-06".into(),
        "check --json named.toml --on 2023-05-06".into(),
        format!("label {HOSTILE}"),
    ] {
        let run = workplace.cqm(&arguments);
        let text = format!("{}{}", run.stdout, run.stderr);
        assert!(text.contains("vil") || text.contains("missing"), "{arguments:?} says nothing: {text:?}");
        assert_shows(&text);
    }
    // JSON still has the text of the file.
    let line = json(&workplace.verify("--json evil.jwt").stdout);
    let name = json(&workplace.cqm("inspect --json evil.jwt").stdout)["certificate"]["holder"].clone();
    assert!(name == HOSTILE || line["certificate"].is_null(), "{name} {line}");
}

/// A file that was made to fill the screen, and the memory of a program that reads the output.
#[test]
fn inspect_shows_no_more_than_people_read() {
    let workplace = workplace();
    let forge = Forge::default();
    let mut parts = issued().token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let (header, payload) = (parts.next().unwrap(), parts.next().unwrap());
    let with = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut claims = serde_json::from_slice(&payload).unwrap();
        change(&mut claims);
        let payload = serde_json::to_vec(&claims).unwrap();
        workplace.write(name, forge.raw_token(std::str::from_utf8(&header).unwrap(), &payload));
    };
    with("long.jwt", &|claims| claims["iss"] = "\u{1b}[2J\u{202e}".repeat(100_000).into());
    with("labels.jwt", &|claims| {
        let site = claims["cqm"]["sites"][0].clone();
        claims["cqm"]["sites"] = (0..900).map(|_| site.clone()).collect();
    });
    let wrong_header = std::str::from_utf8(&header).unwrap().replace("cqm-certificate+jwt", &"\\u202e".repeat(5_000));
    workplace.write("typ.jwt", forge.raw_token(&wrong_header, &payload));
    workplace.write("roots.pem", fs::read_to_string(workplace.path("root.pem")).unwrap().repeat(1000));
    for (file, left_out) in
        [("long.jwt", "…"), ("labels.jwt", "more labels are not shown"), ("typ.jwt", "…"), ("roots.pem", "900")]
    {
        for command in ["inspect", "inspect --json"] {
            let run = workplace.cqm(&format!("{command} {file}")).expect(0);
            assert!(run.stdout.len() < 100_000, "{command} {file}: {} bytes", run.stdout.len());
            assert!(run.stdout.contains(left_out), "{command} {file}: {}", run.stdout);
            assert_shows(&run.stdout);
        }
    }
    // The twins: nothing is left out of texts of ordinary length.
    for file in ["letter.jwt", "letter.pdf", "root.pem"] {
        let run = workplace.cqm(&format!("inspect {file}")).expect(0);
        assert!(!run.stdout.contains('…') && !run.stdout.contains("ot shown"), "{}", run.stdout);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let workplace = workplace();
    for (arguments, code) in [
        ("verify letter.pdf --trust root.pem --at 2024-01-31 --without-status", 0),
        ("verify --json letter.pdf tampered.pdf --trust root.pem", 1),
        ("inspect letter.pdf", 0),
        ("completions bash", 0),
        ("label 39902000DA", 0),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = workplace.command("cqm");
        let output = command.args(arguments.split(' ')).stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
        let output = output.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments}");
        assert_eq!(output.status.code(), Some(code), "{arguments}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_an_error() {
    let workplace = workplace();
    for arguments in [
        "verify letter.pdf --trust root.pem --at 2024-01-31 --without-status",
        "completions zsh",
        "label --json 39902000DA",
    ] {
        let mut command = workplace.command("cqm");
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.args(arguments.split(' ')).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let output = output.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {stderr}");
        assert!(stderr.starts_with("error: the output could not be written\n"), "{arguments}: {stderr}");
    }
}

/// A name with a line break would add a line of its own to the output, such as a false hint.
#[test]
fn names_of_files_never_break_a_line() {
    let workplace = workplace();
    let name = "missing\nhint: run this";
    for command in [
        vec!["verify", name, "--trust", "root.pem"],
        vec!["verify", "letter.pdf", "--trust", name],
        vec!["verify", "letter.pdf", "--trust", "root.pem", "--status", name],
        vec!["inspect", name],
        vec!["check", name],
        vec!["issue", name, "--keys", "keys", "--out", "out.pdf"],
        vec!["issue", "dossier.toml", "--keys", name, "--out", "out.pdf"],
        vec!["status", "show", name],
        vec!["register", "list", "--register", name],
    ] {
        let run = Run::new(workplace.command("cqm").args(&command));
        assert_eq!(run.code, 2, "{command:?}: {}", run.stderr);
        assert!(!run.stderr.contains("\nhint: run this"), "{command:?}: {}", run.stderr);
    }
    let run = Run::new(workplace.command("cqm").args(["verify", name, "--trust", "root.pem"]));
    assert!(run.stderr.contains("missing\\u{a}hint: run this"), "{}", run.stderr);
}

#[test]
fn an_error_quotes_little_of_a_long_argument() {
    let workplace = workplace();
    let long = "x".repeat(100_000);
    for command in [vec!["label", &long], vec!["verify", "letter.pdf", "--trust", "root.pem", "--at", &long]] {
        let run = Run::new(workplace.command("cqm").args(&command));
        assert_eq!(run.code, 2, "{command:?}");
        assert!(run.stderr.len() < 4000, "{} bytes", run.stderr.len());
    }
}
