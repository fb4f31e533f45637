//! The code, tests and attacks that the clause tables (`docs/reference/clauses-*.md`) name exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use cqm_tests::repository;

/// The pages, each with the crate of its code and tests; `None` if the page names the crate each
/// time.
const PAGES: [(&str, Option<&str>); 4] = [
    ("clauses-cms.md", Some("sign")),
    ("clauses-paths.md", Some("sign")),
    ("clauses-pdf-signatures.md", None),
    ("clauses-pades.md", None),
];

/// A row of a table, with its cells by column.
struct Row {
    page: &'static str,
    home: Option<&'static str>,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// The words in backquotes in a column.
    fn quoted(&self, column: &str) -> impl Iterator<Item = &str> {
        self.cells[column].split('`').skip(1).step_by(2)
    }
}

/// The rows of all tables of all pages.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (page, home) in PAGES {
        let text = fs::read_to_string(repository("docs/reference").join(page)).unwrap();
        let mut head = Vec::new();
        for line in text.lines().filter(|line| line.starts_with('|') && !line.starts_with("| ---")) {
            let cells = line.strip_prefix("| ").and_then(|line| line.strip_suffix('|')).expect(line);
            let cells: Vec<String> = cells.split('|').map(|cell| cell.trim().to_owned()).collect();
            if cells[0] == "clause" {
                head = cells;
                continue;
            }
            assert_eq!(cells.len(), head.len(), "{page}: {line}");
            rows.push(Row { page, home, cells: head.iter().cloned().zip(cells).collect() });
        }
    }
    rows
}

/// The file of a test, and the rest of its path: `crate::file::modules::name`. Beside the tests of
/// a crate it may be in its code. The deepest file counts, because a module may have both.
fn file_of(test: &str) -> Option<(PathBuf, Vec<&str>)> {
    let (package, path) = test.split_once("::")?;
    let parts: Vec<&str> = path.split("::").collect();
    let folders = match package {
        "tests" => vec![repository("tests/tests")],
        package => ["tests", "src"].map(|folder| repository("crates").join(package).join(folder)).to_vec(),
    };
    let candidates = folders.iter().flat_map(|folder| {
        (1..parts.len()).rev().flat_map(|end| {
            let module = folder.join(parts[..end].join("/"));
            let files = [module.with_extension("rs"), module.join("main.rs"), module.join("mod.rs")];
            files.map(|file| (file, parts[end..].to_vec()))
        })
    });
    candidates.into_iter().find(|(file, _)| file.is_file())
}

#[test]
fn the_code_is_there() {
    for row in rows() {
        for file in row.quoted("code") {
            let (package, file) = row.home.map_or_else(|| file.split_once('/').unwrap(), |home| (home, file));
            let path = repository("crates").join(package).join("src").join(file);
            assert!(path.is_file(), "{}: no file {}", row.page, path.display());
        }
    }
}

#[test]
fn the_tests_and_attacks_are_there() {
    for row in rows() {
        for name in row.quoted("test") {
            if !name.contains("::") {
                let attack = repository("tests/vectors").join(name).with_extension("txt");
                assert!(attack.is_file(), "{}: no attack {name}", row.page);
                continue;
            }
            let test = row.home.map_or_else(|| name.to_owned(), |home| format!("{home}::{name}"));
            let (file, mut items) = file_of(&test).unwrap_or_else(|| panic!("{}: no file of {name}", row.page));
            let function = items.pop().unwrap();
            let text = fs::read_to_string(file).unwrap();
            let mut rest = &text[..];
            let modules = items.iter().map(|module| format!("mod {module} {{"));
            for item in modules.chain([format!("fn {function}() {{")]) {
                rest = rest.split_once(&item).unwrap_or_else(|| panic!("{}: no test {name}", row.page)).1;
            }
        }
    }
}

#[test]
fn every_row_has_its_verdicts() {
    let mut verdicts = BTreeMap::new();
    for row in rows() {
        for (column, verdict) in &row.cells {
            if ["clause", "asks", "code", "test"].contains(&column.as_str()) {
                continue;
            }
            let known = ["not applicable: ", "not enforced: ", "the caller's duty: ", "enforced"];
            assert!(known.iter().any(|known| verdict.starts_with(known)), "{}: {verdict:?}", row.page);
            *verdicts.entry((row.page, column.clone())).or_insert(0) += 1;
        }
    }
    // The pages on CMS and paths have one column; those on PDF have one for letters and one for
    // other PDFs.
    assert_eq!(verdicts.len(), 6, "{verdicts:?}");
    assert!(verdicts.values().all(|rows| *rows > 30), "{verdicts:?}");
}
