//! The commands of README.md and of the pages under `docs` print what the pages show.
//!
//! A command is an indented line that starts with `$ `; the indented lines after it are its output.
//! `CQM_PAGES=write cargo test -p cqm-tests readme::` puts the output of today into the pages.

#![cfg(unix)]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use cqm_tests::{Run, Workplace, repository};

/// The folder in which the first command of a page runs; `$ cd FOLDER` changes it.
#[derive(Clone, Copy)]
enum Start {
    /// An empty folder.
    Empty,
    /// A folder in which `cqm demo` was run.
    Demo,
    /// A folder with a dossier.
    Office,
}

const PAGES: [(&str, Start); 7] = [
    ("README.md", Start::Demo),
    ("docs/tutorial.md", Start::Empty),
    ("docs/how-to/office.md", Start::Office),
    ("docs/how-to/bank.md", Start::Demo),
    ("docs/how-to/vendor.md", Start::Demo),
    ("docs/how-to/packager.md", Start::Empty),
    (COMMAND_LINE, Start::Empty),
];

const COMMAND_LINE: &str = "docs/reference/command-line.md";

/// A command of a page, with the lines of the page that show its output.
struct Example<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

/// A page as pieces, in order: text that is not run, and commands.
enum Piece<'a> {
    Text(&'a str),
    Example(Example<'a>),
}

fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut is_output = false;
    for line in page.lines() {
        if let Some(command) = line.strip_prefix("    $ ") {
            pieces.push(Piece::Example(Example { command, output: Vec::new() }));
            is_output = true;
            continue;
        }
        is_output &= line.is_empty() || line.starts_with("    ");
        match pieces.last_mut() {
            Some(Piece::Example(example)) if is_output => example.output.push(line.get(4..).unwrap_or_default()),
            _ => pieces.push(Piece::Text(line)),
        }
    }
    pieces
}

/// The lines without serial numbers, digests and sizes, since every demo makes other keys.
fn comparable(lines: &[&str]) -> String {
    let is_hex = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_stable = |line: &&&str| {
        let line = line.trim();
        let differs = line.starts_with("serial ") || line.contains("SHA-256 ") || line.ends_with(" bytes");
        !differs && (line.is_empty() || !line.split(' ').all(is_hex))
    };
    let lines: Vec<&str> = lines.iter().filter(is_stable).copied().collect();
    lines.join("\n").trim_end().to_owned()
}

/// A shell that keeps its folder and its variables from command to command.
struct Shell<'a> {
    workplace: &'a Workplace,
    folder: PathBuf,
    variables: String,
}

impl<'a> Shell<'a> {
    fn new(workplace: &'a Workplace, start: Start) -> Self {
        match start {
            Start::Empty => {}
            Start::Demo => drop(workplace.cqm("demo").expect(0)),
            Start::Office => {
                workplace.copy("fixtures/dossiers/dummy-card-company.toml", "dummy-card-company.toml");
            }
        }
        Self { workplace, folder: workplace.path("."), variables: String::new() }
    }

    fn run(&mut self, command: &str) -> String {
        if command.starts_with("export ") {
            self.variables += &format!("{command}; ");
            return String::new();
        }
        if let Some(folder) = command.strip_prefix("cd ") {
            self.folder.push(folder);
            return String::new();
        }
        // Files of the repository are named as in a checkout.
        let is_in_checkout = [" fixtures/", " tests/"].iter().any(|folder| command.contains(folder));
        let folder = if is_in_checkout { &repository(".") } else { &self.folder };
        let cqm = self.workplace.command("cqm");
        let programs = [Path::new(cqm.get_program()).parent().unwrap().into(), env::var_os("PATH").unwrap()];
        let programs = programs.map(|folders| folders.into_string().unwrap()).join(":");
        let mut bash = self.workplace.command("bash");
        bash.current_dir(folder).env("PATH", programs).args(["-c", &format!("{}{command}", self.variables)]);
        let run = Run::new(&mut bash);
        format!("{}{}", run.stdout, run.stderr)
    }
}

fn indented<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    lines.into_iter().map(|line| if line.is_empty() { "\n".into() } else { format!("    {line}\n") }).collect()
}

/// Runs the commands of a page; returns the page with their output, and each difference.
fn run_page(page: &str, start: Start) -> (String, String) {
    let workplace = Workplace::default();
    let mut shell = Shell::new(&workplace, start);
    let (mut written, mut differences) = (String::new(), String::new());
    for piece in pieces(page) {
        let Example { command, output } = match piece {
            Piece::Text(line) => {
                written += &format!("{line}\n");
                continue;
            }
            Piece::Example(example) => example,
        };
        written += &format!("    $ {command}\n");
        let printed = shell.run(command);
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        let is_same = comparable(&printed) == comparable(&output);
        if is_same {
            written += &indented(output);
            continue;
        }
        let blank = output.iter().rev().take_while(|line| line.is_empty()).count();
        written += &indented(printed.iter().copied().chain(vec![""; blank]));
        differences += &format!("$ {command}\nprints\n{}\ninstead of\n{}\n", printed.join("\n"), output.join("\n"));
    }
    (written, differences)
}

#[test]
fn the_commands_print_what_the_pages_show() {
    let is_writing = env::var_os("CQM_PAGES").is_some_and(|value| value == "write");
    let mut all = String::new();
    for (name, start) in PAGES {
        let page = fs::read_to_string(repository(name)).unwrap();
        let commands = pieces(&page).into_iter().filter(|piece| matches!(piece, Piece::Example(_))).count();
        assert!(commands > 2, "{name} has only {commands} commands");
        let (written, differences) = run_page(&page, start);
        if is_writing {
            fs::write(repository(name), written).unwrap();
        } else if !differences.is_empty() {
            all += &format!("{name}:\n{differences}\n");
        }
    }
    assert!(all.is_empty(), "\n{all}`CQM_PAGES=write cargo test -p cqm-tests readme::` writes the pages anew");
}

#[test]
fn the_reference_has_the_help_of_every_command() {
    let page = fs::read_to_string(repository(COMMAND_LINE)).unwrap();
    let pieces = pieces(&page);
    let shown = pieces.iter().filter_map(|piece| match piece {
        Piece::Example(example) => example.command.strip_prefix("cqm ")?.strip_suffix("--help").map(str::trim),
        Piece::Text(_) => None,
    });
    let workplace = Workplace::default();
    workplace.cqm("man man").expect(0);
    let commands: BTreeSet<String> = fs::read_dir(workplace.path("man"))
        .unwrap()
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let command = name.strip_suffix(".1").unwrap().strip_prefix("cqm").unwrap();
            command.trim_start_matches('-').replace('-', " ")
        })
        .collect();
    assert_eq!(shown.map(str::to_owned).collect::<BTreeSet<_>>(), commands);
}
