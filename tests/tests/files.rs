//! Faults of disks, keys and passphrases, each with a run that succeeds.

#![cfg(unix)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cqm_tests::office::issued;
use cqm_tests::{Run, Workplace, skipped};

const ISSUE: &str = "issue dossier.toml --keys keys --out letter.pdf --on 2023-05-06";
/// The files of the office before and after it issues.
const BEFORE: [&str; 2] = ["dossier.toml", "keys"];
const AFTER: [&str; 4] = ["dossier.toml", "keys", "letter.jwt", "letter.pdf"];

/// Returns true, and reports that the test is skipped, if permissions have no effect, as for root.
fn skips_permissions(workplace: &Workplace) -> bool {
    workplace.write("closed", "");
    fs::set_permissions(workplace.path("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let skips = fs::read(workplace.path("closed")).is_ok();
    if skips {
        skipped("permissions do not hold for this user");
    }
    skips
}

fn mode(workplace: &Workplace, name: &str) -> u32 {
    fs::metadata(workplace.path(name)).unwrap().permissions().mode() & 0o7777
}

/// Runs a script in a shell, with `$CQM` as the command.
fn bash(workplace: &Workplace, script: &str) -> Run {
    let cqm = workplace.command("cqm").get_program().to_owned();
    Run::new(workplace.command("bash").env("CQM", cqm).args(["-c", script]))
}

#[test]
fn files_that_cannot_be_read() {
    let workplace = Workplace::of_a_bank();
    fs::create_dir(workplace.path("folder")).unwrap();
    // No process ever writes into it.
    bash(&workplace, "mkfifo pipe").expect(0);
    for (file, because) in [
        ("missing.pdf", "No such file"),
        ("folder", "it is a folder"),
        ("letter.pdf/x", "Not a directory"),
        ("pipe", "it is a named pipe"),
    ] {
        let run = workplace.verify(file).expect(2);
        assert!(run.stderr.starts_with(&format!("error: `{file}` could not be read\n")), "{}", run.stderr);
        assert!(run.stderr.contains(because), "{}", run.stderr);
        assert_eq!(run.stdout, "");
        let run = workplace.cqm(&format!("inspect {file}")).expect(2);
        assert!(run.stderr.starts_with(&format!("error: `{file}` could not be read\n")), "{}", run.stderr);
    }
    workplace.verify("letter.pdf").expect(0);
    let trust = "--trust root.pem --without-status --at 2023-06-01";
    bash(&workplace, &format!("\"$CQM\" verify {trust} <(cat letter.pdf)")).expect(0);
}

#[test]
fn a_file_without_permission_to_read() {
    let workplace = Workplace::of_a_bank();
    if skips_permissions(&workplace) {
        return;
    }
    let run = workplace.verify("closed").expect(2);
    assert!(run.stderr.contains("Permission denied"), "{}", run.stderr);
}

#[test]
fn a_gigabyte_is_refused_by_its_size() {
    let workplace = Workplace::of_a_bank();
    workplace.write_sparse("large.pdf", 1 << 30);
    let start = Instant::now();
    let run = workplace.verify("large.pdf").expect(3);
    let took = start.elapsed();
    assert!(run.stdout.contains("cqm.limit-exceeded"), "{}", run.stdout);
    // Reading it would take longer; the next run would also exceed its memory.
    assert!(took < Duration::from_secs(5), "{took:?}");
    // 512 MB of addresses: enough for the command, too little for the file.
    let run = bash(&workplace, "ulimit -v 524288; exec $CQM verify --trust root.pem large.pdf").expect(3);
    assert!(run.stdout.contains("cqm.limit-exceeded"), "{}", run.stdout);
    // Devices and pipes have no size, so only a part of them is read.
    for endless in ["/dev/zero", "<(cat /dev/zero)"] {
        let run = bash(&workplace, &format!("ulimit -v 524288; \"$CQM\" verify --trust root.pem {endless}")).expect(3);
        assert!(run.stdout.contains("cqm.limit-exceeded"), "{}", run.stdout);
    }
    for command in ["inspect large.pdf", "check large.pdf", "verify letter.pdf --trust large.pdf"] {
        workplace.cqm(command).expect(2);
    }
    // The largest file that is read. It is not a certificate, which is a verdict.
    workplace.write_sparse("less.pdf", 16 << 20);
    workplace.verify("less.pdf").expect(1);
    workplace.write_sparse("more.pdf", (16 << 20) + 1);
    workplace.verify("more.pdf").expect(3);
}

#[test]
fn nothing_is_ever_replaced() {
    for taken in ["letter.pdf", "letter.jwt"] {
        let workplace = Workplace::of_the_office();
        workplace.write(taken, "precious");
        let run = workplace.cqm(ISSUE).expect(2);
        assert!(run.stderr.starts_with(&format!("error: `{taken}` already exists\nhint: ")), "{}", run.stderr);
        assert_eq!(workplace.read(taken), b"precious");
        let mut names = vec!["dossier.toml", "keys", taken];
        names.sort_unstable();
        assert_eq!(workplace.names("."), names);

        fs::remove_file(workplace.path(taken)).unwrap();
        std::os::unix::fs::symlink("nowhere", workplace.path(taken)).unwrap();
        workplace.cqm(ISSUE).expect(2);
        fs::remove_file(workplace.path(taken)).unwrap();
        workplace.cqm(ISSUE).expect(0);
    }
    let workplace = Workplace::of_the_office();
    let run = workplace.cqm("issue dossier.toml --keys keys --out letter.jwt --on 2023-05-06").expect(2);
    assert!(run.stderr.contains("both"), "{}", run.stderr);
    assert_eq!(workplace.names("."), BEFORE);
}

#[test]
fn folders_that_take_no_file() {
    let workplace = Workplace::of_the_office();
    // No user, not even root, can make files in /proc.
    for (out, because) in [
        ("nowhere/letter.pdf", "folder does not exist"),
        ("dossier.toml/letter.pdf", "not a directory"),
        ("/proc/letter.pdf", ""),
    ] {
        let run = workplace.cqm(&format!("issue dossier.toml --keys keys --out {out} --on 2023-05-06")).expect(2);
        assert!(run.stderr.contains("could not be written; nothing was left behind"), "{}", run.stderr);
        assert!(run.stderr.contains(because), "{}", run.stderr);
        assert!(!run.stderr.contains(".cqm-"), "the temporary file says nothing to anyone: {}", run.stderr);
        assert_eq!(run.stdout, "");
        assert_eq!(workplace.names("."), BEFORE);
    }
    workplace.cqm("demo --out /proc/demo").expect(2);
    workplace.cqm("keys new /proc/keys").expect(2);
    workplace.cqm("man /proc/man").expect(2);
    if !skips_permissions(&workplace) {
        fs::create_dir(workplace.path("closed-folder")).unwrap();
        fs::set_permissions(workplace.path("closed-folder"), fs::Permissions::from_mode(0o555)).unwrap();
        workplace.cqm("issue dossier.toml --keys keys --out closed-folder/x.pdf --on 2023-05-06").expect(2);
    }
}

/// A limit on the size of files makes a write fail as a full disk does.
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let workplace = Workplace::of_the_office();
    let pdf = issued().pdf.len() / 1024;
    assert!(pdf > 16);
    // Limits in kilobytes: no file fits; the token fits and the PDF doesn't.
    for limit in [0, 8] {
        let run = bash(
            &workplace,
            &format!("ulimit -f {limit}; trap '' XFSZ; exec $CQM {ISSUE} 2>&1 | cat; exit ${{PIPESTATUS[0]}}"),
        );
        let run = run.expect(2);
        assert!(run.stdout.contains("could not be written; nothing was left behind"), "{}", run.stdout);
        assert_eq!(workplace.names("."), BEFORE);
        let run =
            bash(&workplace, "ulimit -f 0; trap '' XFSZ; exec $CQM keys new fresh 2>&1 | cat; exit ${PIPESTATUS[0]}");
        run.expect(2);
        assert_eq!(workplace.names("."), BEFORE);
    }
    let run = bash(&workplace, &format!("ulimit -f {}; trap '' XFSZ; exec $CQM {ISSUE}", pdf + 8));
    run.expect(0);
    assert_eq!(workplace.names("."), AFTER);
}

#[test]
fn of_two_who_issue_the_same_name_one_wins() {
    let workplace = Workplace::of_the_office();
    // Two different certificates, so that files of different runs can be told apart.
    let dossier = String::from_utf8(workplace.read("dossier.toml")).unwrap();
    workplace.write("other.toml", dossier.replace("CQM-2023-0099", "CQM-2023-0100"));
    workplace.write("root.pem", cqm_tests::office::test_root());
    for round in 0..8 {
        let issue = |dossier: &str| {
            let mut command = workplace.command("cqm");
            let out = format!("{round}.pdf");
            command.args(["issue", dossier, "--keys", "keys", "--on", "2023-05-06", "--out", &out]);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let runs = [issue("dossier.toml"), issue("other.toml")].map(|child| child.wait_with_output().unwrap());
        let mut codes = runs.iter().map(|run| run.status.code()).collect::<Vec<_>>();
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(2)], "{runs:?}");
        let loser = runs.iter().find(|run| run.status.code() == Some(2)).unwrap();
        assert!(String::from_utf8_lossy(&loser.stderr).contains("already exists"), "{loser:?}");

        // The token without a status list is unconfirmed.
        let run = workplace.verify(&format!("--json {round}.pdf {round}.jwt")).expect(3);
        let numbers: Vec<String> = run
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["certificate"]["number"].to_string())
            .collect();
        assert_eq!(numbers[0], numbers[1]);
        let winner = runs.iter().find(|run| run.status.code() == Some(0)).unwrap();
        assert!(String::from_utf8_lossy(&winner.stdout).contains(numbers[0].trim_matches('"')));
    }
    assert!(workplace.names(".").iter().all(|name| !name.starts_with('.')), "{:?}", workplace.names("."));
}

#[test]
fn passphrases_from_the_environment() {
    let workplace = Workplace::of_the_office();
    let cqm = |passphrase: Option<&str>, arguments: &str| {
        let mut command = workplace.command("cqm");
        command.args(arguments.split(' '));
        if let Some(passphrase) = passphrase {
            command.env("CQM_PASSPHRASE", passphrase);
        }
        Run::new(&mut command)
    };
    let run = cqm(None, "keys new locked --encrypt --valid-from 2023-01-01").expect(2);
    assert!(run.stderr.contains("CQM_PASSPHRASE") && run.stderr.contains("\nhint: "), "{}", run.stderr);
    cqm(Some(""), "keys new locked --encrypt --valid-from 2023-01-01").expect(2);
    assert_eq!(workplace.names("."), BEFORE);

    cqm(Some("correct horse"), "keys new locked --encrypt --valid-from 2023-01-01").expect(0);
    for name in workplace.names("locked").iter().filter(|name| name.ends_with(".key.pem")) {
        let pem = String::from_utf8(workplace.read(format!("locked/{name}"))).unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{name}");
    }
    let issue = "issue dossier.toml --keys locked --out letter.pdf --on 2023-05-06";
    for (passphrase, says) in [(None, "CQM_PASSPHRASE"), (Some("battery staple"), "passphrase"), (Some(""), "empty")] {
        let run = cqm(passphrase, issue).expect(2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(!run.stderr.contains("battery staple"), "a passphrase is never shown: {}", run.stderr);
        assert_eq!(run.stderr.matches("passphrase for ").count(), run.stderr.matches("no passphrase for ").count());
    }
    cqm(Some("correct horse"), issue).expect(0);
    workplace.copy("keys-test/root.pem", "test-root.pem");
    workplace.cqm("verify letter.pdf --trust locked/root.pem --at 2024-01-31 --without-status").expect(0);
    workplace.cqm("verify letter.pdf --trust test-root.pem --at 2024-01-31 --without-status").expect(1);
}

/// Types lines into the prompts of a command on its own terminal; `None` if there is no tool for
/// it.
fn type_into(workplace: &Workplace, arguments: &str, lines: &[&str]) -> Option<(i32, String)> {
    if Command::new("script").arg("--version").output().is_err() {
        skipped("there is no `script` to make a terminal");
        return None;
    }
    let cqm = workplace.command("cqm").get_program().to_str().unwrap().to_owned();
    let mut command = workplace.command("script");
    command.args(["-qec", &format!("{cqm} {arguments}"), "/dev/null"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut keyboard, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = Vec::new();
    for line in lines {
        // A prompt ends with a colon and a space.
        while !shown.ends_with(b": ") {
            let mut byte = [0];
            assert_eq!(screen.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&shown));
            shown.push(byte[0]);
        }
        shown.push(b'|');
        writeln!(keyboard, "{line}").unwrap();
    }
    screen.read_to_end(&mut shown).unwrap();
    let code = child.wait().unwrap().code().unwrap();
    Some((code, String::from_utf8_lossy(&shown).into_owned()))
}

#[test]
fn passphrases_from_a_terminal() {
    let workplace = Workplace::of_the_office();
    let new = "keys new locked --encrypt --valid-from 2023-01-01";
    let Some((code, shown)) = type_into(&workplace, new, &["correct horse", "battery staple"]) else { return };
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("the two passphrases differ"), "{shown}");
    assert_eq!(workplace.names("."), BEFORE);
    let (code, shown) = type_into(&workplace, new, &["correct horse", "correct horse"]).unwrap();
    assert_eq!(code, 0, "{shown}");
    let issue = "issue dossier.toml --keys locked --out letter.pdf --on 2023-05-06";
    let (code, shown) = type_into(&workplace, issue, &["battery staple"]).unwrap();
    assert_eq!(code, 2, "{shown}");
    let (code, shown) = type_into(&workplace, issue, &["correct horse"; 2]).unwrap();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("document-signer.key.pem") && shown.contains("token-signer.key.pem"), "{shown}");
}

#[test]
fn keys_that_cannot_be_used() {
    let workplace = Workplace::of_the_office();
    let swap = |one: &str, other: &str| {
        fs::rename(workplace.path(one), workplace.path("aside")).unwrap();
        fs::rename(workplace.path(other), workplace.path(one)).unwrap();
        fs::rename(workplace.path("aside"), workplace.path(other)).unwrap();
    };
    swap("keys/token-signer.key.pem", "keys/status-signer.key.pem");
    let run = workplace.cqm(ISSUE).expect(2);
    assert!(run.stderr.contains("do not match") && run.stderr.contains("token-signer.pem"), "{}", run.stderr);
    swap("keys/token-signer.key.pem", "keys/status-signer.key.pem");

    // No bank accepts what a signer with the wrong purpose issues.
    for part in ["", ".key"] {
        swap(&format!("keys/token-signer{part}.pem"), &format!("keys/status-signer{part}.pem"));
    }
    workplace.cqm(ISSUE).expect(2);
    assert_eq!(workplace.names("."), BEFORE);
    for part in ["", ".key"] {
        swap(&format!("keys/token-signer{part}.pem"), &format!("keys/status-signer{part}.pem"));
    }

    for file in ["root.pem", "token-signer.pem", "document-signer.key.pem"] {
        let content = workplace.read(format!("keys/{file}"));
        workplace.write(format!("keys/{file}"), "garbage");
        let run = workplace.cqm(ISSUE).expect(2);
        assert!(run.stderr.contains(file), "{}", run.stderr);
        fs::remove_file(workplace.path(format!("keys/{file}"))).unwrap();
        let run = workplace.cqm(ISSUE).expect(2);
        assert!(run.stderr.contains(file), "{}", run.stderr);
        workplace.write(format!("keys/{file}"), content);
    }
    workplace.cqm(ISSUE).expect(0);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let workplace = Workplace::of_the_office();
    workplace.cqm("keys new own --valid-from 2023-01-01").expect(0);
    let issue = "issue dossier.toml --keys own --out letter.pdf --on 2023-05-06";
    let key = "own/token-signer.key.pem";
    assert_eq!(mode(&workplace, key), 0o600);
    for open in [0o644, 0o640, 0o604] {
        fs::set_permissions(workplace.path(key), fs::Permissions::from_mode(open)).unwrap();
        let run = workplace.cqm(issue).expect(2);
        assert!(run.stderr.contains(&format!("(mode {open:o})")), "{}", run.stderr);
        assert!(run.stderr.contains("\nhint: chmod 600 own/token-signer.key.pem"), "{}", run.stderr);
        assert_eq!(run.stderr.matches("others can read").count(), 1, "{}", run.stderr);
    }
    fs::set_permissions(workplace.path(key), fs::Permissions::from_mode(0o600)).unwrap();
    workplace.cqm(issue).expect(0);

    // The test keys are public, so their permissions protect nothing.
    for name in workplace.names("keys") {
        fs::set_permissions(workplace.path("keys").join(name), fs::Permissions::from_mode(0o644)).unwrap();
    }
    workplace.cqm("issue dossier.toml --keys keys --out test.pdf --on 2023-05-06").expect(0);
}

#[test]
fn new_keys_never_replace_old_ones() {
    let workplace = Workplace::default();
    workplace.cqm("keys new keys").expect(0);
    let all = [
        "document-signer.key.pem",
        "document-signer.pem",
        "issuing-ca.crl.pem",
        "issuing-ca.key.pem",
        "issuing-ca.pem",
        "root.crl.pem",
        "root.key.pem",
        "root.pem",
        "status-signer.key.pem",
        "status-signer.pem",
        "token-signer.key.pem",
        "token-signer.pem",
    ];
    assert_eq!(workplace.names("keys"), all);
    for name in all {
        let content = workplace.read(format!("keys/{name}"));
        let expected = if name.ends_with(".key.pem") { 0o600 } else { 0o644 };
        assert_eq!(mode(&workplace, &format!("keys/{name}")), expected, "{name}");

        // One of these files in a folder is enough.
        fs::create_dir(workplace.path("other")).unwrap();
        workplace.write(format!("other/{name}"), &content);
        let run = workplace.cqm("keys new other").expect(2);
        assert!(run.stderr.contains(name) && run.stderr.contains("\nhint: "), "{}", run.stderr);
        assert_eq!(workplace.names("other"), [name]);
        assert_eq!(workplace.read(format!("other/{name}")), content);
        fs::remove_dir_all(workplace.path("other")).unwrap();
    }
}

#[test]
fn letters_have_the_permissions_that_the_umask_leaves() {
    let workplace = Workplace::of_the_office();
    for (umask, expected) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let script =
            format!("umask {umask}; exec $CQM issue dossier.toml --keys keys --out {umask}.pdf --on 2023-05-06");
        bash(&workplace, &script).expect(0);
        for end in ["pdf", "jwt"] {
            assert_eq!(mode(&workplace, &format!("{umask}.{end}")), expected, "{umask}.{end}");
        }
    }
}
