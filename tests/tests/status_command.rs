//! Status lists on the command line: what is remembered, the exit codes, the output.

use cqm_keys::Role;
use cqm_sign::jws;
use cqm_status::{Digest, LIST_TYPE};
use cqm_tests::office::{jws_parts, test_key};
use cqm_tests::status::{issued, list, sign, stop, superseded};
use cqm_tests::{Run, Workplace, interop, repository, succeed};
use serde_json::{Value, json};

/// A bank's folder with a letter that names a list, and the lists 3 and 4; list 4 stops a label.
fn a_bank_with_lists() -> Workplace {
    let workplace = Workplace::of_a_bank();
    workplace.write("letter.pdf", &issued().pdf);
    workplace.write("letter.jwt", &issued().token);
    workplace.write("list-3.jwt", sign(list(&[])));
    let mut four = list(&[stop("2024-01-10")]);
    four.seq = 4;
    four.prev = Some(Digest::of_list(&workplace.read("list-3.jwt")));
    workplace.write("list-4.jwt", sign(four));
    workplace
}

const VERIFY: &str = "verify letter.pdf --trust root.pem --at 2024-01-31";

#[test]
fn the_command_notices_an_older_list_another_time() {
    let workplace = a_bank_with_lists();
    let three = format!("{VERIFY} --status list-3.jwt");
    let four = format!("{VERIFY} --status list-4.jwt");
    let kept = || {
        let names = workplace.names("state/status");
        let [name] = &names.iter().filter(|name| name.ends_with(".jwt")).collect::<Vec<_>>()[..] else {
            panic!("{names:?}")
        };
        workplace.read(format!("state/status/{name}"))
    };
    workplace.cqm(&format!("{three} --state-dir state")).expect(0);
    assert_eq!(kept(), workplace.read("list-3.jwt"));
    workplace.cqm(&format!("{four} --state-dir state")).expect(1);
    assert_eq!(kept(), workplace.read("list-4.jwt"));
    let run = workplace.cqm(&format!("{three} --state-dir state")).expect(3);
    assert!(run.stdout.contains("status.rollback"), "{}", run.stdout);
    assert_eq!(kept(), workplace.read("list-4.jwt"), "what is kept never gets older");
    // Another folder is empty, and the default one is in the user's state folder.
    workplace.cqm(&format!("{three} --state-dir other")).expect(0);
    workplace.cqm(&four).expect(1);
    workplace.cqm(&three).expect(3);
    let names = workplace.names(".state/cqm/status");
    assert_eq!(names.iter().filter(|name| name.ends_with(".jwt")).count(), 1, "{names:?}");

    // A remembered file that was changed is ignored with a finding, in the report and in JSON.
    let name = workplace.names("state/status").into_iter().find(|name| name.ends_with(".jwt")).unwrap();
    for content in [&b"garbage"[..], &sign_with_a_huge_number().into_bytes(), &vec![b'x'; 5 << 20]] {
        workplace.write(format!("state/status/{name}"), content);
        let run = workplace.cqm(&format!("{three} --state-dir state")).expect(0);
        assert!(run.stdout.contains("status.memory-unusable") && run.stderr.is_empty(), "{run:?}");
        let run = workplace.cqm(&format!("{three} --state-dir state --json")).expect(0);
        assert!(run.stdout.contains(&name) && run.stdout.contains("status.memory-unusable"), "{}", run.stdout);
    }
    let run = workplace.cqm(&format!("{three} letter.jwt --state-dir state")).expect(0);
    assert!(run.stderr.starts_with("warning: ") && run.stderr.contains("may not be noticed"), "{}", run.stderr);
}

/// A list with the largest number by a key that may not sign lists must not block newer lists.
fn sign_with_a_huge_number() -> String {
    let (_, payload) = jws_parts(&sign(list(&[])));
    let payload = String::from_utf8(payload).unwrap().replacen(r#""seq":3"#, r#""seq":4294967296"#, 1);
    jws::sign_compact(&test_key(Role::TokenSigner), LIST_TYPE, payload.as_bytes(), list(&[]).issued_at).unwrap()
}

#[test]
fn a_state_folder_that_cannot_be_used_is_no_failure() {
    let workplace = a_bank_with_lists();
    workplace.write("file", "");
    for folder in ["file", "file/folder", "/dev/null"] {
        let run = workplace.cqm(&format!("{VERIFY} --status list-3.jwt --state-dir {folder}")).expect(0);
        assert!(run.stdout.contains("status.memory-unusable"), "{}", run.stdout);
    }
    let mut command = workplace.command("cqm");
    command.env_remove("XDG_STATE_HOME").env_remove("HOME");
    let run = Run::new(command.args(VERIFY.split(' ')).args(["--status", "list-3.jwt"])).expect(0);
    assert!(run.stdout.contains("--state-dir"), "{}", run.stdout);
}

#[test]
fn many_runs_at_once_keep_the_newest_list() {
    let workplace = a_bank_with_lists();
    for seq in 5..=12 {
        let mut list = list(&[stop("2024-01-10")]);
        list.seq = seq;
        list.prev = Some(Digest::of_list(&workplace.read(format!("list-{}.jwt", seq - 1))));
        workplace.write(format!("list-{seq}.jwt"), sign(list));
    }
    let runs: Vec<_> = (3..=12)
        .map(|seq| {
            let mut command = workplace.command("cqm");
            command.args(format!("{VERIFY} --status list-{seq}.jwt --state-dir state").split(' '));
            command.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert!([0, 1, 3].contains(&run.wait().unwrap().code().unwrap()));
    }
    let names = workplace.names("state/status");
    let is_kept = |name: &&String| name.ends_with(".jwt") || name.ends_with(".crl") || *name == ".lock";
    assert!(names.iter().all(|name| is_kept(&name)), "nothing is left behind: {names:?}");
    assert_eq!(names.iter().filter(|name| name.ends_with(".jwt")).count(), 1, "{names:?}");
    let name = names.iter().find(|name| name.ends_with(".jwt")).unwrap();
    assert_eq!(workplace.read(format!("state/status/{name}")), workplace.read("list-12.jwt"));
}

#[test]
fn the_command_ends_by_the_labels_asked_about() {
    let workplace = a_bank_with_lists();
    let four = format!("{VERIFY} --status list-4.jwt");
    workplace.cqm(&four).expect(1);
    workplace.cqm(&format!("{four} --label 39902000DA --label P9902000DA")).expect(0);
    workplace.cqm(&format!("{four} --label 39902000DA --label 49902000DA")).expect(1);
    workplace.cqm(&format!("{four} --label 29902000DA")).expect(1);
    workplace.cqm(&format!("{four} --label 2990200DA")).expect(2);
    workplace.cqm(&format!("{four} --without-status")).expect(2);
    workplace.cqm(&format!("{VERIFY} --status missing.jwt")).expect(2);
    workplace.cqm(&format!("{VERIFY} --status root.pem")).expect(3);
    workplace.cqm(&format!("{VERIFY} --without-status --label 39902000DA")).expect(0);
    workplace.write("superseded.jwt", sign(superseded()));
    let reports = workplace.cqm(&format!("{four} letter.jwt --json"));
    let replaced = workplace.cqm(&format!("{VERIFY} --status superseded.jwt --state-dir other --json"));
    assert!(replaced.stdout.contains(r#""successor":"CQM-2024-0100""#), "{}", replaced.stdout);
    workplace.write("reports.jsonl", reports.stdout + &replaced.stdout);
    let Some(mut validate) = interop::python("validate-report.py") else { return };
    validate.arg(repository("docs/reference/report.schema.json")).arg(workplace.path("reports.jsonl"));
    assert_eq!(String::from_utf8(succeed(&mut validate)).unwrap().trim(), "[true, true, true]");
}

#[test]
fn show_tells_whether_a_list_is_authentic() {
    let workplace = a_bank_with_lists();
    workplace.write("forged.jwt", sign_with_a_huge_number());
    workplace.cqm("status show list-4.jwt").expect(0);
    let shown = |arguments: &str, code| -> Value {
        serde_json::from_str(&workplace.cqm(&format!("status show {arguments} --json")).expect(code).stdout).unwrap()
    };
    assert_eq!(shown("list-4.jwt", 0)["authentic"], Value::Null);
    assert_eq!(shown("list-4.jwt --trust root.pem", 0)["authentic"], true);
    assert_eq!(shown("forged.jwt --trust root.pem", 1)["authentic"], false);
    let list = shown("list-4.jwt", 0);
    assert_eq!((&list["seq"], &list["issued"], &list["invalid"]), (&json!(4), &json!(6), &json!(1)));
    assert_eq!(
        list["events"],
        json!([{"idx": 2, "status": "invalid", "reason": "gvcp-decertified", "effective": "2024-01-10",
                "recorded": "2024-01-10"}])
    );
    assert_eq!(list["successors"], json!([]));
    workplace.write("superseded.jwt", sign(superseded()));
    assert_eq!(shown("superseded.jwt", 0)["successors"], json!([{"idx": 0, "number": "CQM-2024-0100"}]));
    let text = workplace.cqm("status show superseded.jwt").expect(0).stdout;
    assert!(text.contains("2024-01-10 2024-01-10 superseded by CQM-2024-0100\n"), "{text}");
    workplace.cqm("status show letter.pdf").expect(2);
    workplace.cqm("status show letter.jwt").expect(2);
}
