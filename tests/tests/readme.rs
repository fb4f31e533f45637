//! The commands of README.md print what the page shows.

#![cfg(unix)]

use std::{env, fs, path::Path};

use cqm_tests::{Run, Workplace, repository};

/// A command of the page, with the output that the page shows.
struct Example<'a> {
    section: &'a str,
    command: &'a str,
    output: Vec<&'a str>,
}

fn examples(page: &str) -> Vec<Example<'_>> {
    let mut examples: Vec<Example<'_>> = Vec::new();
    let (mut section, mut is_output) = ("", false);
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title;
        }
        if let Some(command) = line.strip_prefix("    $ ") {
            examples.push(Example { section, command, output: Vec::new() });
            is_output = true;
        } else if is_output && (line.is_empty() || line.starts_with("    ")) {
            examples.last_mut().unwrap().output.push(line.get(4..).unwrap_or_default());
        } else {
            is_output = false;
        }
    }
    examples
}

/// Removes serial numbers, which differ in each demo, and questions, which the test does not
/// answer.
fn comparable<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let lines = lines.into_iter().filter(|line| !line.trim().starts_with("serial ") && !line.starts_with("Go on? "));
    lines.collect::<Vec<&str>>().join("\n").trim_end().to_owned()
}

#[test]
fn the_commands_print_what_the_page_says() {
    let (bank, office) = (Workplace::default(), Workplace::default());
    bank.cqm("demo").expect(0);
    office.copy("fixtures/dossiers/dummy-card-company.toml", "dummy-card-company.toml");
    let cqm = bank.command("cqm");
    let programs = [Path::new(cqm.get_program()).parent().unwrap().into(), env::var_os("PATH").unwrap()];
    let programs = programs.map(|folders| folders.into_string().unwrap()).join(":");

    let page = fs::read_to_string(repository("README.md")).unwrap();
    let examples = examples(&page);
    assert!(examples.len() > 12, "only {} commands were found", examples.len());
    let mut variables = String::new();
    for Example { section, command, output } in examples {
        if command.starts_with("export ") {
            variables = format!("{command}; ");
            continue;
        }
        let folder = match section {
            _ if command.contains(" fixtures/") => repository("."),
            "The program office: check, issue" | "The office's day: register, issue, stop, publish" => office.path("."),
            _ => bank.path("cqm-demo"),
        };
        let yes = if output.iter().any(|line| line.starts_with("Go on? ")) { " --yes" } else { "" };
        let mut bash = bank.command("bash");
        bash.current_dir(folder).env("PATH", &programs).args(["-c", &format!("{variables}{command}{yes}")]);
        let run = Run::new(&mut bash);
        let printed = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(comparable(printed.lines()), comparable(output), "$ {command}");
    }
}
