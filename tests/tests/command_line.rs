//! What people and scripts rely on: exit codes, one line for each file, the text and the JSON of
//! each command.

use std::collections::BTreeSet;
use std::fs;

use cqm_tests::office::{draft, issue, issued};
use cqm_tests::{Run, Workplace, interop, repository, succeed};
use serde_json::Value;

/// A file larger than any certificate, so that the verdict is indeterminate.
const TOO_LARGE: u64 = 17 << 20;

/// A letter in which one letter of the holder's name was changed.
fn tampered() -> Vec<u8> {
    let mut letter = issued().pdf.clone();
    let name = letter.windows(5).rposition(|window| window == b"Dummy").unwrap();
    letter[name] = b'R';
    letter
}

/// A folder with a file for every exit code; `missing.pdf` does not exist.
pub(crate) fn workplace() -> Workplace {
    let workplace = Workplace::of_a_bank();
    workplace.write("tampered.pdf", tampered());
    workplace.write_sparse("large.pdf", TOO_LARGE);
    workplace
}

pub(crate) fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn each_verdict_has_its_exit_code() {
    let workplace = workplace();
    for (file, code, word) in [
        ("letter.pdf", 0, "VALID"),
        ("letter.jwt", 3, "INDETERMINATE"),
        ("tampered.pdf", 1, "INVALID"),
        ("large.pdf", 3, "INDETERMINATE"),
    ] {
        let run = workplace.verify(file).expect(code);
        assert!(run.stdout.starts_with(&format!("{word}  {file}\n")), "{}", run.stdout);
        // Only a hint is beside the report.
        assert!(run.stderr.lines().all(|line| line.starts_with("hint: ")), "{}", run.stderr);
        assert_eq!(run.stderr.is_empty(), file != "letter.jwt", "{}", run.stderr);
    }
    let run = workplace.verify("missing.pdf").expect(2);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.starts_with("error: `missing.pdf` could not be read\n"), "{}", run.stderr);
}

#[test]
fn of_several_files_the_worst_decides_wherever_it_stands() {
    let workplace = workplace();
    for (files, code) in [
        ("letter.pdf letter.pdf", 0),
        ("letter.pdf letter.jwt", 3),
        ("letter.pdf large.pdf", 3),
        ("large.pdf letter.pdf", 3),
        ("missing.pdf large.pdf letter.pdf", 2),
        ("letter.pdf large.pdf missing.pdf", 2),
        ("tampered.pdf large.pdf letter.pdf missing.pdf", 1),
        ("letter.pdf missing.pdf large.pdf tampered.pdf", 1),
    ] {
        for form in ["", "--json "] {
            let run = workplace.verify(format!("{form}{files}").trim()).expect(code);
            let sum = usize::from(form.is_empty());
            assert_eq!(run.stdout.lines().count(), files.split(' ').count() + sum, "{}", run.stdout);
            for (line, file) in run.stdout.lines().zip(files.split(' ')) {
                assert!(line.contains(file), "{line}");
            }
            assert_eq!(run.stderr, "", "reports of files go to stdout");
        }
    }
    let sum = workplace.verify("tampered.pdf large.pdf letter.pdf missing.pdf letter.jwt").expect(1).stdout;
    let sum = sum.lines().last().unwrap();
    assert_eq!(sum, "5 files: 1 valid, 1 invalid, 2 indeterminate, 1 could not be read");
}

#[test]
fn reports_keep_the_order_of_many_files() {
    let workplace = workplace();
    let files: Vec<&str> =
        ["letter.jwt", "tampered.pdf", "letter.pdf", "missing.pdf"].into_iter().cycle().take(600).collect();
    let run = workplace.verify(&format!("--json {}", files.join(" "))).expect(1);
    let names: Vec<String> = run.stdout.lines().map(|line| json(line)["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, files);
}

#[test]
fn reports_in_json_say_what_the_text_says() {
    let reports = reports_of_all_kinds();
    let verdicts: Vec<Option<&str>> = reports.iter().map(|report| report["verdict"].as_str()).collect();
    let [valid, invalid, open] = ["valid", "invalid", "indeterminate"].map(Some);
    assert_eq!(verdicts, [valid, open, invalid, open, invalid, valid, None, None]);
    for report in &reports[6..] {
        assert!(report["error"].as_str().is_some_and(|error| !error.is_empty()), "{report}");
    }

    let letter = &reports[0];
    assert_eq!(letter["at"], "2024-01-31T23:59:59Z");
    assert_eq!(letter["certificate"]["number"], "CQM-2023-0099");
    assert_eq!(letter["certificate"]["valid_until"], "2024-05-05");
    assert_eq!(letter["certificate"]["status"], "not-checked");
    assert_eq!(letter["certificate"]["labels"].as_array().unwrap().len(), 5);
    assert_eq!(letter["certificate"]["labels"][3]["label"], "69901000DA");
    assert_eq!(letter["certificate"]["labels"][3]["activity"], "IL");
    assert_eq!(letter["certificate"]["labels"][3]["status"], "not-checked");
    let kinds: Vec<&Value> =
        letter["signatures"].as_array().unwrap().iter().map(|signature| &signature["kind"]).collect();
    assert_eq!(kinds, ["pdf", "token"]);
    let tampered = &reports[2];
    assert!(tampered["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "cms.digest-mismatch"));
}

#[test]
fn reports_in_json_are_what_the_schema_describes() {
    let reports = reports_of_all_kinds();
    // The schema must reject each of these.
    let wrong = [
        ("/verdict", "fine"),
        ("/at", "today"),
        ("/certificate/status", "fine"),
        ("/certificate/labels/0/label", "39902000DB"),
        ("/findings/0/severity", "bad"),
    ]
    .map(|(pointer, value)| {
        let mut changed = reports[0].clone();
        *changed.pointer_mut(pointer).unwrap() = value.into();
        changed
    });
    let mut more = reports[0].clone();
    more["more"] = true.into();

    let folder = Workplace::default();
    let lines: Vec<String> = reports.iter().chain(&wrong).chain([&more]).map(Value::to_string).collect();
    folder.write("reports.jsonl", lines.join("\n"));
    let Some(mut validate) = interop::python("validate-report.py") else { return };
    let judged =
        succeed(validate.arg(repository("docs/reference/report.schema.json")).arg(folder.path("reports.jsonl")));
    let judged: Vec<bool> = serde_json::from_slice(&judged).unwrap();
    let expected: Vec<bool> = reports.iter().map(|_| true).chain(wrong.iter().map(|_| false)).chain([false]).collect();
    assert_eq!(judged, expected);
}

/// Letter, token, tampered letter, file too large, garbage, group, missing file, folder.
fn reports_of_all_kinds() -> Vec<Value> {
    let workplace = workplace();
    workplace.write("garbage", "neither this nor that");
    workplace.write("group.pdf", issue("group.toml").pdf);
    let run = workplace
        .verify("--json letter.pdf letter.jwt tampered.pdf large.pdf garbage group.pdf missing.pdf .")
        .expect(1);
    run.stdout.lines().map(json).collect()
}

#[test]
fn without_status_has_to_be_asked_for() {
    let workplace = workplace();
    let run = workplace.cqm("verify --trust root.pem --at 2024-01-31 letter.pdf").expect(3);
    assert!(run.stdout.contains("status.no-reference"), "{}", run.stdout);
    let run = workplace.verify("letter.pdf").expect(0);
    assert!(!run.stdout.contains("status.no-reference"), "{}", run.stdout);
    assert!(run.stdout.contains("status.not-asked"), "{}", run.stdout);
}

#[test]
fn at_asks_about_the_end_of_a_day_and_now_is_the_default() {
    let workplace = workplace();
    let verify = |at: &str| workplace.verify_at(at.parse().unwrap(), "letter.pdf");
    verify("2024-05-05").expect(0);
    assert!(verify("2024-05-06").expect(1).stdout.contains("date.expired"));
    assert!(verify("2023-05-05").expect(1).stdout.contains("date.not-yet-valid"));
    let now = workplace.cqm("verify --trust root.pem --without-status letter.pdf").expect(1);
    assert!(now.stdout.contains("date.expired"), "{}", now.stdout);
}

#[test]
fn a_crl_is_used() {
    let workplace = workplace();
    for crl in ["root.crl.pem", "issuing-ca.crl.pem"] {
        workplace.copy(format!("keys-test/{crl}"), crl);
        // Each covers only what its CA issued.
        assert!(workplace.verify(&format!("letter.pdf --crl {crl}")).stdout.contains("trust.revocation-not-checked"));
    }
    let run = workplace.verify("letter.pdf --crl root.crl.pem --crl issuing-ca.crl.pem");
    assert!(!run.stdout.contains("trust.revocation-not-checked"), "{}", run.stdout);
    assert!(workplace.verify("letter.pdf").stdout.contains("trust.revocation-not-checked"));
    let run = workplace.verify("letter.pdf --crl letter.pdf").expect(2);
    assert!(run.stderr.starts_with("error: `letter.pdf` is not a usable CRL\n"), "{}", run.stderr);
    assert!(run.stderr.contains("not an X.509 CRL, neither in DER nor in PEM"), "{}", run.stderr);
    let run = workplace.cqm("verify --trust letter.jwt letter.pdf").expect(2);
    assert!(run.stderr.starts_with("error: `letter.jwt` contains no root certificates\n"), "{}", run.stderr);
}

#[test]
fn bad_arguments_end_with_2() {
    let workplace = workplace();
    for arguments in [
        "nonsense",
        "verify letter.pdf",
        "verify --trust root.pem",
        "verify --trust root.pem --at 2024-02-30 letter.pdf",
        "verify --trust root.pem --at yesterday letter.pdf",
        "verify --trust missing.pem letter.pdf",
        "keys",
        "keys new k --years 0",
        "keys new k --document-signer p521",
        "keys new k --valid-from 2023-13-01",
        "issue dossier.toml --out x.pdf",
        "label",
        "label 39902000DA 39902000DA",
        "completions tcl",
        "inspect missing.pdf",
        "check missing.toml",
    ] {
        let run = workplace.cqm(arguments).expect(2);
        assert_eq!(run.stdout, "", "{arguments}");
        assert!(!run.stderr.is_empty(), "{arguments}");
    }
    assert!(!workplace.path("k").exists());
    for arguments in ["--help", "--version", "verify --help", "help label", "keys new --help"] {
        let run = workplace.cqm(arguments).expect(0);
        assert!(!run.stdout.is_empty() && run.stderr.is_empty(), "{arguments}");
    }
}

#[test]
fn labels_are_explained_or_refused_at_the_character() {
    let workplace = Workplace::default();
    for (label, says) in [
        ("3990200DA", &["9 characters", "ten"][..]),
        ("39902100DA", &["character 6", "reserved"]),
        ("39902000dA", &["character 9", "small letters"]),
        ("3990200ODA", &["character 8", "`O`"]),
        ("39902000da", &["character 9", "hint: `39902000DA` is a label"]),
        ("\"39-902-000-DA\"", &["15 characters", "hint: `39902000DA` is a label"]),
        ("39902000DX", &["character 10", "`X`", "R, A or S"]),
    ] {
        let run = workplace.cqm(&format!("label {label}")).expect(2);
        for part in says {
            assert!(run.stderr.contains(part), "{label}: no {part} in {}", run.stderr);
        }
        assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    let run = workplace.cqm("label 39902000DA").expect(0);
    assert_eq!(run.stdout.lines().count(), 8, "{}", run.stdout);
    let json = json(&workplace.cqm("label --json 39902000DA").expect(0).stdout);
    assert_eq!(json["identity"], "39902000D");
    assert_eq!(json["parts"].as_array().unwrap().len(), 7);
}

#[test]
fn check_shows_every_rule_and_what_is_broken() {
    let workplace = Workplace::default();
    let path = |name: &str| repository("fixtures/dossiers").join(name).to_str().unwrap().to_owned();
    let check = |path: &str, on: &str| workplace.cqm(&format!("check {path} --on {on}"));
    let rules: Vec<&str> = cqm_core::rules::RULES.iter().map(|rule| rule.title).collect();
    for name in ["dummy-card-company.toml", "group.toml", "all-activities.toml"] {
        let run = check(&path(name), "2023-05-06").expect(0);
        for rule in &rules {
            assert!(run.stdout.contains(rule), "{name}: no {rule} in {}", run.stdout);
        }
        assert!(run.stdout.ends_with("it may be issued: 0 errors, 0 warnings\n"), "{}", run.stdout);
    }
    let mut refused = 0;
    for entry in fs::read_dir(repository("fixtures/dossiers/broken")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let header = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        let codes: Vec<&str> = header("# raises: ").split(' ').collect();
        let errors = codes.iter().any(|code| severity(code) == cqm_core::Severity::Error);
        refused += usize::from(errors);

        let path = path.to_str().unwrap();
        let run = check(path, header("# on: ")).expect(errors.into());
        for expected in rules.iter().chain(&codes) {
            assert!(run.stdout.contains(expected), "{path}: no {expected} in {}", run.stdout);
        }
        // Each rule has two lines: its title with the clause, and the facts that it was checked
        // against.
        assert!(run.stdout.lines().count() > 2 * rules.len(), "{}", run.stdout);

        let json = json(&check(path, &format!("{} --json", header("# on: "))).expect(errors.into()).stdout);
        assert_eq!(json["may_be_issued"], !errors);
        let reports = json["rules"].as_array().unwrap();
        assert_eq!(reports.len(), rules.len());
        assert!(reports.iter().all(|report| report["checked_against"].as_str().is_some_and(|text| !text.is_empty())));
        let found: BTreeSet<&str> = reports
            .iter()
            .flat_map(|report| report["findings"].as_array().unwrap())
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        assert_eq!(found, codes.into_iter().collect(), "{path}");
    }
    assert!(refused > 20);
}

fn severity(code: &str) -> cqm_core::Severity {
    cqm_core::Code::ALL.iter().find(|known| known.as_str() == code).unwrap().severity()
}

#[test]
fn a_dossier_that_is_none_is_shown_at_the_place() {
    let workplace = Workplace::default();
    for entry in fs::read_dir(repository("fixtures/dossiers/unreadable")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let at = text.lines().find_map(|line| line.strip_prefix("# at: ")).unwrap();
        let (line, column) = at.split_once(':').unwrap();
        let source = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
        let run = workplace.cqm(&format!("check {} --on 2023-05-06", path.display())).expect(2);
        assert!(run.stderr.contains(&format!("line {line}, column {column}: ")), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("\n{line} | {source}\n")), "{}", run.stderr);
        let mark = run.stderr.lines().find(|line| line.ends_with('^')).unwrap();
        let margin = line.len() + 3;
        assert_eq!(mark.chars().count(), margin + column.parse::<usize>().unwrap(), "{}", run.stderr);
    }
}

#[test]
fn inspect_shows_what_is_inside_without_a_judgement() {
    let workplace = workplace();
    workplace.write("garbage", "neither this nor that");
    workplace.write("empty", "");
    // A file that is neither a PDF nor a token can't be inspected.
    let inspect = |file: &str| {
        let is_nothing = file.ends_with("garbage") || file.ends_with("empty");
        workplace.cqm(&format!("inspect {file}")).expect(if is_nothing { 2 } else { 0 }).stdout
    };
    let letter = inspect("letter.pdf");
    for part in [
        "PDF",
        "Revisions",
        "Pages",
        "in the field",
        "ECDSA",
        "the whole file",
        "certificate.jwt, application/jose",
        "CQM-2023-0099",
        "Dummy Card Company",
        "69901000DA",
        "Nothing below has been verified",
    ] {
        assert!(letter.contains(part), "no {part} in {letter}");
    }
    assert!(!letter.to_lowercase().contains(" valid "), "{letter}");
    let token = inspect("letter.jwt");
    for part in ["token", "Ed25519", "CQM-2023-0099", "69901000DA"] {
        assert!(token.contains(part), "no {part} in {token}");
    }
    assert!(inspect("tampered.pdf").contains("CQM-2023-0099"));
    for file in ["garbage", "empty"] {
        assert!(inspect(file).contains("Problem"), "{}", inspect(file));
    }
    workplace.cqm("inspect large.pdf").expect(2);
    // The root's fingerprint as the letter prints it.
    let root = inspect("root.pem");
    let fingerprint = ["2D01 360E 8637 A9B1 123A 0577 10E5 0B6A", "6DA4 12E8 B9CA 906D 95E0 EF92 E94D 5608"];
    assert!(fingerprint.iter().all(|line| root.contains(line)), "{root}");

    let inspect = |file: &str| json(&inspect(&format!("--json {file}")));
    let letter = inspect("letter.pdf");
    assert_eq!(letter["file"], "letter.pdf");
    assert_eq!(letter["kind"], "pdf");
    assert_eq!(letter["revisions"], 1);
    assert_eq!(letter["signatures"].as_array().unwrap().len(), 2);
    assert_eq!(letter["attachments"][0]["name"], "certificate.jwt");
    assert_eq!(letter["attachments"][0]["size"], issued().token.len());
    assert_eq!(letter["certificate"]["labels"].as_array().unwrap().len(), 5);
    assert_eq!(inspect("letter.jwt")["kind"], "token");
    assert_eq!(inspect("garbage")["kind"], "unknown");
    let root = inspect("root.pem");
    assert_eq!(root["kind"], "x509");
    assert_eq!(root["certificates"][0]["sha256"], fingerprint.concat().replace(' ', ""));
}

#[test]
fn completions_and_man_pages_are_written() {
    let workplace = Workplace::default();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = workplace.cqm(&format!("completions {shell}")).expect(0).stdout;
        assert!(script.contains("without-status") && script.contains("inspect"), "{shell}");
    }
    workplace.cqm("man pages").expect(0);
    for page in ["cqm.1", "cqm-verify.1", "cqm-issue.1", "cqm-keys-new.1", "cqm-label.1"] {
        let text = String::from_utf8(workplace.read(format!("pages/{page}"))).unwrap();
        assert!(text.contains(".TH"), "{page}");
    }
    assert!(String::from_utf8(workplace.read("pages/cqm.1")).unwrap().contains("indeterminate"));
}

/// The commands that the demo prints after `$`. They work in its folder.
fn commands(story: &str) -> Vec<&str> {
    story.lines().filter_map(|line| line.trim_start().strip_prefix("$ cqm ")).collect()
}

#[test]
fn the_demo_tells_the_truth() {
    let workplace = Workplace::default();
    let story = workplace.cqm("demo").expect(0).stdout;
    assert_eq!(workplace.names("."), ["cqm-demo"]);
    assert_eq!(
        workplace.names("cqm-demo"),
        [
            "certificate.jwt",
            "certificate.pdf",
            "dummy-card-company.toml",
            "keys",
            "letter.jwt",
            "letter.pdf",
            "office.db",
            "state",
            "status-2023.jwt",
            "status-2024.jwt",
            "tampered.pdf",
        ]
    );
    let letter = workplace.read("cqm-demo/letter.pdf");
    let second = workplace.cqm("demo").expect(0).stdout;
    assert_eq!(workplace.names("."), ["cqm-demo", "cqm-demo-2"]);
    assert_eq!(workplace.read("cqm-demo/letter.pdf"), letter, "the first demo is not changed");
    assert!(second.contains("cqm-demo-2"));
    workplace.cqm("demo --out story").expect(0);
    assert!(workplace.cqm("demo --out story").expect(2).stderr.contains("`story` already exists"));

    let verify: Vec<&str> = commands(&story).into_iter().filter(|command| command.starts_with("verify")).collect();
    let codes = [0, 1, 1, 0, 1];
    assert_eq!(verify.len(), codes.len(), "{story}");
    for (command, code) in verify.into_iter().zip(codes) {
        let mut cqm = workplace.command("cqm");
        let run = Run::new(cqm.current_dir(workplace.path("cqm-demo")).args(command.split(' '))).expect(code);
        assert!(story.contains(&run.stdout), "{command} says\n{}", run.stdout);
    }

    // In an empty folder all commands except the one about the tampered copy make the same files.
    let fresh = Workplace::default();
    fresh.write("dummy-card-company.toml", workplace.read("cqm-demo/dummy-card-company.toml"));
    for command in commands(&story).into_iter().filter(|command| !command.contains("tampered")) {
        let refused =
            command.contains("--at 2024-05-06") || command.contains("status-2024.jwt --state-dir state --at 2024");
        fresh.cqm(command).expect(refused.into());
    }
    let mut names = workplace.names("cqm-demo");
    names.retain(|name| name != "tampered.pdf");
    let mut made = fresh.names(".");
    // The default state folder, where commands without `--state-dir` remember CRLs.
    made.retain(|name| name != ".state");
    assert_eq!(made, names);
}

#[test]
fn issuing_says_what_it_did_or_why_it_did_not() {
    let workplace = Workplace::of_the_office();
    let run = workplace.cqm("issue dossier.toml --keys keys --out letter.pdf --on 2023-05-06").expect(0);
    assert!(
        run.stdout.starts_with("Issued CQM-2023-0099 for Dummy Card Company: 5 labels at 3 sites"),
        "{}",
        run.stdout
    );
    assert_eq!(workplace.read("letter.pdf"), issued().pdf, "the same as in process, to the byte");
    assert_eq!(workplace.read("letter.jwt"), issued().token.as_bytes());

    workplace.copy("fixtures/dossiers/broken/fees-unpaid.toml", "unpaid.toml");
    let run = workplace.cqm("issue unpaid.toml --keys keys --out unpaid.pdf --on 2023-05-06").expect(1);
    assert!(run.stderr.contains("rule.fees-unpaid") && run.stderr.contains("nothing was written"), "{}", run.stderr);
    assert_eq!(run.stdout, "");

    // Issuing from a dossier has no entry in a register, so options of registers are refused.
    for option in ["--register office.db", "--note because"] {
        let run =
            workplace.cqm(&format!("issue dossier.toml {option} --keys keys --out x.pdf --on 2023-05-06")).expect(2);
        assert!(run.stderr.contains("goes with --company") && run.stderr.contains("hint: "), "{}", run.stderr);
    }
    let run = workplace.cqm("issue --company 99 --keys keys --out x.pdf --on 2023-05-06").expect(2);
    assert!(run.stderr.contains("no register was named"), "{}", run.stderr);
    assert_eq!(workplace.names("."), ["dossier.toml", "keys", "letter.jwt", "letter.pdf", "unpaid.toml"]);
    // The variable does not count as the option: it is set for other commands.
    let mut command = workplace.command("cqm");
    let arguments = "issue dossier.toml --keys keys --out x.pdf --on 2023-05-06";
    Run::new(command.env("CQM_REGISTER", "office.db").args(arguments.split(' '))).expect(0);
    assert!(draft("broken/fees-unpaid.toml").approve().is_err());
}
