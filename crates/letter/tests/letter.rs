//! The properties of a letter that its readers rely on.

#![allow(clippy::print_stdout, reason = "a skipped test reports it")]

mod samples;

use std::{
    io::Write,
    process::{Command, Stdio},
};

use cqm_core::Certificate;
use cqm_letter::{LetterError, Template, Verification, compose};

const VERIFICATION: Verification = Verification { root_fingerprint: [0x5a; 32] };

fn letter(certificate: &Certificate) -> Vec<u8> {
    compose(certificate, &Template::default(), &VERIFICATION).unwrap()
}

/// The text that pdftotext extracts from the file, or `None` without pdftotext.
fn text(pdf: &[u8], options: &[&str]) -> Option<String> {
    let child =
        Command::new("pdftotext").args(options).args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("skipped: pdftotext is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn contains(pdf: &[u8], needle: &str) -> bool {
    pdf.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for certificate in [samples::dummy(), samples::group()] {
        assert!(letter(&certificate) == letter(&certificate));
    }
    let mut other = samples::dummy();
    other.valid_until = other.valid_until.plus_days(-1);
    assert!(letter(&samples::dummy()) != letter(&other));
}

#[test]
fn the_dates_of_the_file_are_the_certificates() {
    let pdf = letter(&samples::dummy());
    assert!(contains(&pdf, "<xmp:CreateDate>2023-05-06T00:00:00+00:00</xmp:CreateDate>"));
    assert!(contains(&pdf, "D:20230506000000"));
}

#[test]
fn the_file_says_that_it_is_pdf_a_3b_and_tagged() {
    let pdf = letter(&samples::dummy());
    for needle in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "/Marked true",
        "/Type/StructTreeRoot",
        "/S/Table",
        "/Scope/Column",
        "/Scope/Row",
        "/GTS_PDFA1",
    ] {
        let spaced = needle.replace("/Type/", "/Type /").replace("/S/", "/S /").replace("/Scope/", "/Scope /");
        assert!(contains(&pdf, needle) || contains(&pdf, &spaced), "{needle}");
    }
}

#[test]
fn the_letter_has_its_content_in_the_order_of_the_program() {
    let Some(text) = text(&letter(&samples::dummy()), &[]) else { return };
    let text = words(&text);
    let mut rest = text.as_str();
    for part in [
        "CQM Program Office",
        "Card Quality Management",
        "Statement of Quality",
        "Dummy Card Company",
        "Having its principal place of business at",
        "Shanghai Avenue, 1929 012345 Shenzhen China",
        "in conformity with the requirements",
        "SHENZHEN",
        "PORTO",
        "BOSTON, MA",
        "Bruno Parfum Product Approvals Director",
        "How to verify this letter",
        "CQM-2023-0099",
        "5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A 5A5A",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("`{part}` is missing or out of order in: {text}"));
        rest = &rest[at + part.len()..];
    }
    assert!(text.contains("This letter is valid until May 5th 2024"));
    assert!(text.contains("Page 1 of 2") && text.contains("Page 2 of 2"));
}

#[test]
fn every_label_is_printed_whole_and_no_other_label() {
    for certificate in [samples::dummy(), samples::group()] {
        let Some(text) = text(&letter(&certificate), &["-layout"]) else { return };
        let mut printed: Vec<&str> =
            text.split_whitespace().filter(|word| word.parse::<cqm_core::Label>().is_ok()).collect();
        let mut expected: Vec<String> = certificate.labels().map(|(_, label)| label.to_string()).collect();
        printed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(printed, expected);
    }
}

#[test]
fn every_site_is_printed_in_its_own_script_even_without_labels() {
    let certificate = samples::group();
    let Some(text) = text(&letter(&certificate), &["-raw"]) else { return };
    let text = words(&text);
    for site in &certificate.sites {
        assert!(text.contains(&site.city), "{}", site.city);
        if let Some(name) = &site.subcontractor {
            let (text, name) = (text.replace(' ', ""), name.replace(' ', ""));
            assert!(text.contains(&name), "{name}");
        }
    }
}

#[test]
fn every_page_of_the_table_has_the_headings_and_every_page_its_number() {
    let pdf = letter(&samples::group());
    let Some(text) = text(&pdf, &["-raw"]) else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.is_empty()).collect();
    assert!(pages.len() > 3, "{}", pages.len());
    for (index, page) in pages.iter().enumerate() {
        let page = words(page);
        assert!(page.contains(&format!("Page {} of {}", index + 1, pages.len())));
        let labels = page.split(' ').filter(|word| word.parse::<cqm_core::Label>().is_ok()).count();
        assert_eq!(labels > 0, page.contains("Inter Active Card"), "page {}", index + 1);
        // The closing is never the only text of a page.
        assert!(!page.contains("is valid until") || labels > 0);
    }
}

#[test]
fn a_character_without_a_glyph_is_named_with_its_place() {
    let mut certificate = samples::dummy();
    certificate.sites[0].city = "ירושלים".into();
    match compose(&certificate, &Template::default(), &VERIFICATION).unwrap_err() {
        error @ LetterError::NoGlyph { character: 'י', .. } => {
            assert_eq!(
                error.to_string(),
                "no font of the letter has the character `י` (U+05D9) in the city of site 99-02"
            );
        }
        other => panic!("{other}"),
    }
    certificate.sites[0].city = "Ιερουσαλήμ".into();
    assert!(compose(&certificate, &Template::default(), &VERIFICATION).is_ok());
    // Invisible characters could make two names look the same.
    for invisible in ['\u{200b}', '\u{202e}', '\u{ad}', '\u{feff}', '\u{0}'] {
        certificate.holder.name = format!("Dummy{invisible} Card Company");
        let error = compose(&certificate, &Template::default(), &VERIFICATION).unwrap_err();
        assert!(matches!(error, LetterError::NoGlyph { character, .. } if character == invisible), "{error}");
    }
}

#[test]
fn composed_and_decomposed_letters_are_the_same() {
    let (mut composed, mut decomposed) = (samples::dummy(), samples::dummy());
    composed.holder.name = "Café Škoda".into();
    decomposed.holder.name = "Cafe\u{301} S\u{30c}koda".into();
    let text = |certificate: &Certificate| text(&letter(certificate), &["-raw"]);
    assert_eq!(text(&composed), text(&decomposed));
    // A mark without a precomposed letter has its own glyph.
    composed.holder.name = "M\u{304}ori".into();
    if let Some(text) = text(&composed) {
        assert!(text.contains('\u{304}'), "{text}");
    }
}

#[test]
fn long_names_stay_within_the_page() {
    let mut certificate = samples::dummy();
    certificate.holder.name = "Kartenherstellungsgesellschaft".repeat(6);
    certificate.holder.address.push("Lange Straße ".repeat(30));
    certificate.sites[0].city = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".repeat(2);
    certificate.sites[1].subcontractor = Some("A Subcontractor with a Name of Many Words ".repeat(6));
    certificate.signatory.title = "Director of Product Approvals and of Many Other Things ".repeat(4);
    let pdf = letter(&certificate);
    let Some(boxes) = text(&pdf, &["-bbox"]) else { return };
    let number = |line: &str, name: &str| -> f32 {
        let start = line.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        line[start..].split('"').next().unwrap().parse().unwrap()
    };
    let mut words = 0;
    for line in boxes.lines().filter(|line| line.contains("<word")) {
        words += 1;
        assert!(number(line, "xMin") >= 50.0 && number(line, "xMax") <= 842.0 - 50.0, "{line}");
        assert!(number(line, "yMin") >= 20.0 && number(line, "yMax") <= 595.0 - 20.0, "{line}");
    }
    assert!(words > 200);
}

#[test]
fn a_cell_higher_than_a_page_is_an_error() {
    let mut certificate = samples::dummy();
    certificate.sites[2].city = "Boston ".repeat(1000);
    let error = compose(&certificate, &Template::default(), &VERIFICATION).unwrap_err();
    assert_eq!(error.to_string(), "the city or the subcontractor of site 99-03 is too long: it takes more than a page");
}

#[test]
fn a_letter_without_sites_is_still_a_letter() {
    let mut certificate = samples::dummy();
    certificate.sites.clear();
    let Some(text) = text(&letter(&certificate), &["-raw"]) else { return };
    assert!(text.contains("This letter is valid until May 5th 2024") && text.contains("Perso"));
}
