//! Every attack of `tests/vectors` is refused for what it does, and its twin is accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cqm_tests::office::{errors, verify};
use cqm_tests::repository;
use cqm_tests::vectors::{By, Vector, attacks, twins};

/// The files of the folder: the text of the vectors by family and name, and the twins.
fn committed() -> (BTreeMap<String, String>, BTreeMap<String, Vec<u8>>) {
    let (mut vectors, mut twins) = (BTreeMap::new(), BTreeMap::new());
    let root = repository("tests/vectors");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = |path: &Path| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                vectors.insert(name(&path.with_extension("")), fs::read_to_string(path).unwrap());
            } else {
                twins.insert(name(&path), fs::read(path).unwrap());
            }
        }
    }
    (vectors, twins)
}

/// The file that a vector is about.
fn file(vector: &Vector, vectors: &BTreeMap<String, Vector>, twins: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let twin = twins.get(&vector.twin).cloned().unwrap_or_else(|| file(&vectors[&vector.twin], vectors, twins));
    vector.patch.apply(&twin)
}

#[test]
fn each_attack_is_refused_for_what_it_does_and_its_twin_is_accepted() {
    let (texts, twins) = committed();
    let vectors: BTreeMap<String, Vector> =
        texts.iter().map(|(name, text)| (name.clone(), Vector::parse(text))).collect();
    assert!(vectors.len() > 300, "{} vectors", vectors.len());
    for (name, pdf) in &twins {
        let report = verify(pdf);
        assert_eq!(report.verdict().to_string(), "valid", "{name}: {:#?}", report.findings());
    }
    let mut wrong = String::new();
    for (name, vector) in &vectors {
        let twin_is_accepted = twins.contains_key(&vector.twin) || vectors[&vector.twin].verdict == "valid";
        assert!(twin_is_accepted, "the twin of {name} is not accepted");
        let report = verify(&file(vector, &vectors, &twins));
        let found: BTreeSet<&str> = errors(&report).into_iter().collect();
        let expected: BTreeSet<&str> = vector.codes.iter().map(String::as_str).collect();
        let as_expected = match vector.by {
            By::Office => found == expected,
            By::Outsider => found.is_superset(&expected) && !expected.is_empty(),
        };
        if report.verdict().to_string() != vector.verdict || !as_expected {
            wrong += &format!("{name}: {} {found:?}, not {} {expected:?}\n", report.verdict(), vector.verdict);
            for finding in report.findings().iter().filter(|finding| finding.severity() == cqm_core::Severity::Error) {
                wrong += &format!("    {} {}\n", finding.code, finding.message);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_program_makes_these_files() {
    let (texts, files) = committed();
    let (twins, attacks) = (twins(), attacks());
    let advice = "cargo run -p cqm-tests --example make_vectors writes them anew";
    assert_eq!(files, twins.iter().map(|(name, pdf)| ((*name).to_owned(), pdf.clone())).collect(), "{advice}");
    let names: BTreeSet<&String> = attacks.iter().map(|attack| &attack.name).collect();
    assert_eq!(names, texts.keys().collect(), "{advice}");
    assert_eq!(names.len(), attacks.len(), "each name stands once");
    for attack in &attacks {
        assert_eq!(texts[&attack.name], attack.text(&twins, &attacks), "{}: {advice}", attack.name);
    }
}
