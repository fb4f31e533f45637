//! The clause tables name code and tests that are there.

use std::{collections::BTreeSet, fs, path::Path};

const TABLES: [&str; 2] =
    [include_str!("../../../docs/clauses-cms.md"), include_str!("../../../docs/clauses-paths.md")];

/// The rows of all tables, without heads.
fn rows() -> impl Iterator<Item = &'static str> {
    let lines = TABLES.into_iter().flat_map(str::lines);
    lines.filter(|line| line.starts_with('|') && !line.starts_with("| ---") && !line.starts_with("| clause"))
}

/// What stands in backquotes in a column of all tables.
fn quoted(column: usize) -> BTreeSet<&'static str> {
    let cells = rows().filter_map(|row| row.trim_matches('|').split('|').nth(column));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn the_code_is_there() {
    let files = quoted(3);
    assert!(files.len() > 5);
    for file in files {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file).is_file(), "no file {file}");
    }
}

#[test]
fn the_tests_are_there() {
    let tests = quoted(4);
    assert!(tests.len() > 30);
    for test in tests {
        let (file, name) = test.split_once("::").unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file).with_extension("rs");
        let mut text = &fs::read_to_string(path).unwrap()[..];
        let (modules, function) = name.rsplit_once("::").map_or((None, name), |(module, name)| (Some(module), name));
        let place = modules.map(|module| format!("mod {module} {{")).into_iter().chain([format!("fn {function}() {{")]);
        for item in place {
            text = text.split_once(&item).unwrap_or_else(|| panic!("no test {test}")).1;
        }
    }
}

#[test]
fn every_row_has_a_verdict() {
    for row in rows() {
        let verdict = row.trim_matches('|').split('|').nth(2).unwrap().trim();
        let known = ["enforced", "not applicable: ", "not enforced: ", "the caller's duty: "];
        assert!(known.iter().any(|known| verdict.starts_with(known)), "{row}");
        assert_eq!(row.matches(" |").count(), 5, "{row}");
    }
}
