//! Runs the examples: one issues a letter, the other verifies it.

use std::{fs, path::Path};

use cqm_core::{Date, Verdict};

#[allow(dead_code, reason = "`main` is not called")]
#[path = "../examples/issue_letter.rs"]
mod issue_letter;
#[allow(dead_code, reason = "`main` is not called")]
#[path = "../../verify/examples/verify_file.rs"]
mod verify_file;

#[test]
fn the_example_letter_verifies_in_the_other_example() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (dossier, keys) = (repository.join("fixtures/dossiers/dummy-card-company.toml"), repository.join("keys-test"));
    let issued = issue_letter::run(&dossier, &keys, Date::constant(2023, 5, 6)).unwrap();
    let letter = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example-letter.pdf");
    fs::write(&letter, &issued.pdf).unwrap();

    let root = keys.join("root.pem");
    let verdict = |day| verify_file::run(&letter, &root, day).unwrap().verdict();
    assert_eq!(verdict(Date::constant(2024, 1, 31)), Verdict::Valid);
    assert_eq!(verdict(Date::constant(2024, 5, 6)), Verdict::Invalid);
}
