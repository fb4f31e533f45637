//! What keeps the source in order: the uses between crates, the heads of modules, the width of
//! prose.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cqm_tests::{files_below, repository, succeed};
use serde_json::Value;

/// All crates, each with the crates that it may use. A crate uses only crates above it.
///
/// Beyond that order: `verify` never uses what issues or keeps records, `pdf` no signatures, and
/// nothing uses `cli`.
const ALLOWED_USES: [(&str, &[&str]); 13] = [
    ("core", &[]),
    ("sign", &["core"]),
    ("pdf", &["core"]),
    ("status", &["core", "sign"]),
    ("verify", &["core", "sign", "pdf", "status"]),
    ("files", &["core"]),
    ("bank", &["core", "sign", "status", "verify", "files"]),
    ("keys", &["core", "sign", "files"]),
    ("letter", &["core"]),
    ("issue", &["core", "sign", "pdf", "verify", "letter"]),
    ("register", &["core"]),
    ("office", &["core", "sign", "status", "files", "keys", "letter", "issue", "register"]),
    ("cli", &["core", "sign", "status", "verify", "files", "bank", "keys", "letter", "issue", "register", "office"]),
];

/// Uses that no later change of the table may allow.
const NEVER: [(&str, &[&str]); 2] = [("verify", &["keys", "letter", "register", "office"]), ("pdf", &["sign"])];

/// The widest comment or line of prose, in characters.
const WIDTH: usize = 100;

/// Pages that the next version of the formats replaces, and the log of changes: their width is
/// free.
const WIDE_PAGES: [&str; 4] = [
    "CHANGELOG.md",
    "docs/reference/certificate-token.md",
    "docs/reference/pdf-profile.md",
    "docs/reference/status-list.md",
];

/// Phrases that read badly to people whose first language is not English, with what to write.
const PHRASES: [(&str, &str); 3] =
    [("nobody", "no one, or name who"), ("of ours", "our, or cqm's"), ("what is none", "what is not a …")];

/// The crates of `crates/`, each with the crates of this workspace that its code uses.
fn used() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(repository(".")).args(["metadata", "--locked", "--offline", "--no-deps", "--format-version=1"]);
    let metadata: Value = serde_json::from_slice(&succeed(&mut cargo)).unwrap();
    let short = |name: &Value| name.as_str().and_then(|name| name.strip_prefix("cqm-")).map(str::to_owned);
    let uses = |package: &Value| -> BTreeSet<String> {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        // `kind` is null for a normal dependency, "dev" or "build" for the others.
        dependencies.filter(|one| one["kind"].is_null()).filter_map(|one| short(&one["name"])).collect()
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .filter_map(|package| Some((short(&package["name"])?, uses(package))))
        .filter(|(name, _)| name != "tests")
        .collect()
}

#[test]
fn the_table_of_uses_keeps_the_order_of_crates() {
    for (at, (name, allowed)) in ALLOWED_USES.iter().enumerate() {
        let above: Vec<&str> = ALLOWED_USES[..at].iter().map(|(name, _)| *name).collect();
        for used in *allowed {
            assert!(above.contains(used), "{name} may not use {used}, which is not above it");
        }
    }
    for (name, never) in NEVER {
        let (_, allowed) = ALLOWED_USES.iter().find(|(known, _)| *known == name).unwrap();
        assert!(never.iter().all(|never| !allowed.contains(never)), "{name} never uses {never:?}");
    }
}

#[test]
fn crates_use_only_what_the_table_allows() {
    let used = used();
    let known: BTreeSet<&str> = ALLOWED_USES.iter().map(|(name, _)| *name).collect();
    assert_eq!(used.keys().map(String::as_str).collect::<BTreeSet<_>>(), known, "the crates of the table");
    let mut wrong = String::new();
    for (name, allowed) in ALLOWED_USES {
        for used in used[name].iter().filter(|used| !allowed.contains(&used.as_str())) {
            wrong += &format!("{name} uses {used}\n");
        }
    }
    assert!(wrong.is_empty(), "not in the table of allowed uses:\n{wrong}");
}

/// A violation for each line of a file that breaks a rule: `path:line: text`.
fn violations<'a>(
    files: impl IntoIterator<Item = &'a PathBuf>,
    breaks: impl Fn(&Path, &str) -> Vec<usize>,
) -> Vec<String> {
    let root = repository(".").canonicalize().unwrap();
    let mut found = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).unwrap();
        let name = path.canonicalize().unwrap();
        let name = name.strip_prefix(&root).unwrap();
        for line in breaks(name, &text) {
            let content = text.lines().nth(line).unwrap_or_default().trim();
            found.push(format!("{}:{}: {content}", name.display(), line + 1));
        }
    }
    found
}

#[track_caller]
fn assert_none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}, but {} lines don't:\n{}\n", found.len(), found.join("\n"));
}

/// The code of the workspace and of the fuzz targets.
fn sources() -> Vec<PathBuf> {
    let mut sources = files_below(repository("crates"), "rs");
    for folder in ["tests/src", "tests/tests", "tests/examples", "tests/benches", "fuzz/fuzz_targets"] {
        sources.extend(files_below(repository(folder), "rs"));
    }
    sources
}

#[test]
fn every_module_opens_with_its_purpose() {
    let of_a_crate = |path: &&PathBuf| {
        let path = path.strip_prefix(repository("crates")).unwrap_or(path);
        path.components().nth(1).is_some_and(|folder| folder.as_os_str() == "src")
    };
    let sources = sources();
    let crates = repository("crates");
    let modules = sources.iter().filter(|path| !path.starts_with(&crates) || of_a_crate(path));
    let found = violations(modules, |_, text| if text.starts_with("//!") { vec![] } else { vec![0] });
    assert_none("the first line of a module begins with //!", &found);
}

/// The numbers of the lines that are comments only, from 0.
fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//"))
}

/// A line that could be wrapped; a row of a table and a link can't.
fn is_wide(line: &str) -> bool {
    let is_row = line.trim_start_matches(['/', '!', ' ']).starts_with('|');
    line.chars().count() > WIDTH && !is_row && !line.contains("://")
}

#[test]
fn comments_are_wrapped() {
    let found = violations(&sources(), |_, text| {
        comments(text).filter(|(_, line)| is_wide(line)).map(|(number, _)| number).collect()
    });
    assert_none(&format!("a comment has at most {WIDTH} columns"), &found);
}

#[test]
fn comments_have_none_of_the_phrases() {
    let found = violations(&sources(), |name, text| {
        let has = |line: &str| {
            let words = line.to_lowercase();
            PHRASES.iter().any(|(phrase, _)| words.contains(phrase))
        };
        // The table above quotes them.
        let lines = comments(text).filter(|(_, line)| !name.ends_with("house.rs") && has(line));
        lines.map(|(number, _)| number).collect()
    });
    assert_none(&format!("no comment has one of {PHRASES:?}"), &found);
}

#[test]
fn prose_is_wrapped() {
    let mut pages = files_below(repository("docs"), "md");
    for entry in fs::read_dir(repository(".")).unwrap() {
        let path = entry.unwrap().path();
        pages.extend(path.extension().is_some_and(|extension| extension == "md").then_some(path));
    }
    pages
        .extend(["", "vectors", "samples", "interop"].map(|folder| repository("tests").join(folder).join("README.md")));
    let found = violations(&pages, |name, text| {
        if WIDE_PAGES.iter().any(|page| name == Path::new(page)) { vec![] } else { wide_prose(text) }
    });
    assert_none(&format!("a line of prose has at most {WIDTH} columns"), &found);
}

/// The numbers of the lines that are too wide and neither a table, code, nor a link, from 0.
fn wide_prose(text: &str) -> Vec<usize> {
    let mut in_code = false;
    let mut wide = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code && !line.starts_with("    ") && is_wide(line) {
            wide.push(number);
        }
    }
    wide
}

#[test]
fn tables_code_and_links_may_be_wide() {
    let wide = "x".repeat(WIDTH + 1);
    let text =
        format!("{wide}\n| {wide} |\n    {wide}\n```\n{wide}\n```\nhttps://{wide}\n{}\n- {wide}\n", "x".repeat(WIDTH));
    assert_eq!(wide_prose(&text), [0, 8]);
}
