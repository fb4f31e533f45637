//! A printed label is one to its reader even if a letter of another script is in it.

use cqm_tests::office::{Forge, assert_invalid, assert_valid, issued, verify};

/// Greek and Cyrillic capitals, each with the Latin letter or digit that a person takes it for.
const LOOK_ALIKES: [(char, char); 34] = [
    ('З', '3'),
    ('Α', 'A'),
    ('А', 'A'),
    ('Β', 'B'),
    ('В', 'B'),
    ('С', 'C'),
    ('Ε', 'E'),
    ('Е', 'E'),
    ('Η', 'H'),
    ('Н', 'H'),
    ('Ι', 'I'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Κ', 'K'),
    ('К', 'K'),
    ('Μ', 'M'),
    ('М', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('О', 'O'),
    ('Ρ', 'P'),
    ('Р', 'P'),
    ('Ѕ', 'S'),
    ('Τ', 'T'),
    ('Т', 'T'),
    ('Χ', 'X'),
    ('Х', 'X'),
    ('Υ', 'Y'),
    ('У', 'Y'),
    ('Ζ', 'Z'),
    // Of full width.
    ('Ａ', 'A'),
    ('Ｚ', 'Z'),
    ('０', '0'),
    ('９', '9'),
];

/// The labels of a letter's report that are on the pages and not in the token, for a letter that
/// prints this text as a city.
fn labels_only_printed(city: &str) -> Vec<String> {
    let mut certificate = issued().certificate.clone();
    certificate.sites[1].city = city.into();
    let report = verify(&Forge::default().issue(&certificate));
    let labels: Vec<String> = report
        .findings()
        .iter()
        .filter(|finding| finding.code.as_str() == "token.labels-differ")
        .filter_map(|finding| finding.message.split_whitespace().next().map(str::to_owned))
        .collect();
    if labels.is_empty() {
        assert_valid(&report);
    } else {
        assert_invalid(&report, &["token.labels-differ"]);
    }
    labels
}

#[test]
fn a_letter_of_another_script_is_taken_for_the_latin_one() {
    for (look_alike, latin) in LOOK_ALIKES {
        assert!(!look_alike.is_ascii());
        let found = labels_only_printed(&format!("5{look_alike}902000DA"));
        assert_eq!(found, [format!("5{latin}902000DA")], "{look_alike} ({:x})", u32::from(look_alike));
    }
}

#[test]
fn a_letter_that_looks_like_no_latin_one_makes_no_label() {
    // Greek and Cyrillic capitals without a Latin twin, and small letters.
    for other in ['Γ', 'Δ', 'Ω', 'Б', 'Ж', 'Я', 'α', 'а', 'ο'] {
        assert!(labels_only_printed(&format!("5{other}902000DA")).is_empty(), "{other}");
    }
}
