//! `docs/reference/pdf-profile.md` agrees with the letters that are issued. A test that fails
//! prints the text to put in.

use std::fs;
use std::path::Path;

use cqm_pdf::{Limits, letter::inspect};
use cqm_tests::{
    files_below,
    office::{issue, issued},
    repository,
};

/// The first object with an entry, without `n 0 obj` and `endobj`.
fn object<'a>(pdf: &'a [u8], entry: &str) -> &'a str {
    let place = pdf.windows(entry.len()).position(|window| window == entry.as_bytes()).expect(entry);
    let start = pdf[..place].windows(6).rposition(|window| window == b" obj\n<").expect("the object") + 5;
    let length = pdf[start..].windows(7).position(|window| window == b"\nendobj").expect("its end");
    str::from_utf8(&pdf[start..start + length]).expect("ASCII")
}

#[test]
fn the_example_of_the_profile_is_the_letter() {
    let pdf = &issued().pdf;
    let signature = object(pdf, "/Type/Sig/");
    let contents = signature.find("/Contents<").expect("/Contents") + "/Contents<".len();
    let end = signature.find(">/M").expect("the end of /Contents");
    let expected =
        [object(pdf, "/Type/Catalog"), object(pdf, "/Type/Annot"), &signature[..contents + 16], &signature[end..]];

    let text = fs::read_to_string(repository("docs/reference/pdf-profile.md")).expect("the profile");
    let example = text.split_once("## 11. Example").expect("the example").1;
    let blocks: Vec<String> = example
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|block| {
            // The page breaks lines and adds explanations after `%`.
            let lines = block.trim_start_matches("text\n").lines();
            lines.map(|line| line.split("  %").next().unwrap_or_default().trim()).collect()
        })
        .collect();
    assert_eq!(blocks, expected);
}

#[test]
fn every_letter_keeps_the_profile_with_a_tenth_of_the_limits() {
    let limits = Limits::default();
    // Depth is a property of PDF and does not grow with the letter.
    let tenth = Limits {
        file_size: limits.file_size / 10,
        xref_entries: limits.xref_entries / 10,
        values: limits.values / 10,
        inflated: limits.inflated / 10,
        pages: limits.pages / 10,
        operators: limits.operators / 10,
        ..limits
    };
    for dossier in ["dummy-card-company.toml", "all-activities.toml", "group.toml"] {
        assert_eq!(inspect(&issue(dossier).pdf, &tenth).problems, [], "{dossier}");
    }
}

/// Bytes and times are passed to the libraries that browsers and banks use
/// (`docs/explanation/architecture.md`).
#[test]
fn what_verifies_uses_no_file_no_clock_and_no_thread() {
    for name in ["core", "pdf", "sign", "status", "verify"] {
        for path in files_below(repository("crates").join(name).join("src"), "rs") {
            if is_test_module(&path) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for word in [
                "std::fs",
                "std::net",
                "std::env",
                "std::process",
                "std::thread",
                "std::time",
                "SystemTime",
                "Timestamp::now",
            ] {
                assert!(!text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

/// Returns whether the parent module declares this file only for tests.
fn is_test_module(file: &Path) -> bool {
    let name = file.file_stem().unwrap().to_str().unwrap();
    let folder = file.parent().unwrap();
    let parents = [folder.with_extension("rs"), folder.join("mod.rs")];
    let declaration = format!("#[cfg(test)]\nmod {name};");
    parents.iter().any(|parent| fs::read_to_string(parent).is_ok_and(|text| text.contains(&declaration)))
}
