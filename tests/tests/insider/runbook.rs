//! The runbook for stolen keys (`docs/how-to/office-keys.md`) does what it says.

use std::process::Command;

use cqm_tests::{Run, Workplace, cqm, interop, repository};

/// The blocks of the page in one language, in their order.
fn blocks(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(repository("docs/how-to/office-keys.md")).unwrap();
    let start = format!("```{language}\n");
    page.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// An office that has issued a letter and published a list.
fn office() -> Workplace {
    let office = Workplace::of_the_office();
    office.copy_keys("office");
    office.cqm("register init --register office.db").expect(0);
    office.cqm("register import dossier.toml --register office.db --yes").expect(0);
    office.cqm("issue --company 99 --register office.db --keys office --on 2023-05-06 --out a.pdf").expect(0);
    office.cqm("status publish --register office.db --keys office --out before.jwt").expect(0);
    std::fs::create_dir(office.path("ca")).unwrap();
    office.write("ca/ca.cnf", &blocks("ini")[0]);
    office
}

fn run(office: &Workplace, script: &str) {
    let program = cqm();
    let folder = std::path::Path::new(program.get_program()).parent().unwrap().to_owned();
    let path = std::env::join_paths(
        [folder].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut shell: Command = office.command("sh");
    shell.args(["-e", "-c", script]).env("PATH", path.unwrap()).env("CQM_REGISTER", "office.db");
    Run::new(&mut shell).expect(0);
}

/// Verifies a file with a list, and expects an exit code.
fn verify(office: &Workplace, file: &str, list: &str, state: &str, code: i32) {
    let arguments =
        format!("verify {file} --trust office/root.pem --status {list} --at 2023-05-06 --state-dir {state}");
    office.cqm(&arguments).expect(code);
}

#[test]
fn the_runbook_for_signers_works() {
    if interop::tool("openssl").is_none() {
        return;
    }
    let [prepare, revoke, renew, publish, ..] = &blocks("sh")[..] else { panic!("other blocks") };
    // The exit codes for the letter and for its token afterwards.
    for (signer, letter, token) in [("status-signer", 0, 0), ("document-signer", 1, 0), ("token-signer", 1, 1)] {
        let office = office();
        run(&office, prepare);
        verify(&office, "a.pdf", "before.jwt", "remembers", 0);
        let mut script =
            [&revoke[..], renew, publish].concat().replace("signer=status-signer", &format!("signer={signer}"));
        if signer == "document-signer" {
            script = script.replace("-algorithm ed25519", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        }
        run(&office, &script);
        verify(&office, "a.pdf", "status.jwt", "remembers", letter);
        verify(&office, "a.jwt", "status.jwt", "remembers", token);
        // What the thief shows: the list, and the CRL in it, from before.
        verify(&office, "a.pdf", "before.jwt", "remembers", if signer == "status-signer" { 3 } else { 1 });
        verify(&office, "a.pdf", "before.jwt", "new", 0);
    }
}

#[test]
fn the_runbook_for_the_issuing_ca_works() {
    if interop::tool("openssl").is_none() {
        return;
    }
    let [prepare, _, renew, publish, revoke, another] = &blocks("sh")[..] else { panic!("other blocks") };
    let office = office();
    let mut script = [&prepare[..], revoke, another].concat();
    for signer in ["status-signer", "token-signer", "document-signer"] {
        let renew = match signer {
            "document-signer" => renew.replace("-algorithm ed25519", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
            _ => renew.clone(),
        };
        script += &format!("signer={signer}\n{renew}");
    }
    run(&office, &(script + publish));
    // The letter falls with the CA that certified its signers.
    verify(&office, "a.pdf", "status.jwt", "remembers", 1);
    verify(&office, "a.pdf", "before.jwt", "new", 0);
}
