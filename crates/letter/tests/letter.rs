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
fn the_file_says_that_it_is_pdf_a_3a_and_pdf_ua_1() {
    let pdf = letter(&samples::all_activities());
    for needle in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/DisplayDocTitle true",
        "/Lang(en)",
        "/Tabs/S",
        "/ColSpan 10",
        "/Marked true",
        "/Type/StructTreeRoot",
        "/S/Table",
        "/Scope/Column",
        "/Scope/Row",
        "/GTS_PDFA1",
    ] {
        let spaced = needle
            .replace("/Type/", "/Type /")
            .replace("/S/", "/S /")
            .replace("/Scope/", "/Scope /")
            .replace("Lang(", "Lang (")
            .replace("/Tabs/", "/Tabs /");
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
fn every_page_but_the_first_is_headed_by_the_number_and_not_by_the_holder() {
    let certificate = samples::group();
    let Some(text) = text(&letter(&certificate), &["-raw"]) else { return };
    for (index, page) in text.split('\u{c}').filter(|page| !page.is_empty()).enumerate() {
        let page = words(page);
        assert_eq!(page.matches("Certificate CQM-2023-0200").count(), 1, "page {}", index + 1);
        assert_eq!(page.contains("Groupe Dvořák"), index == 0, "page {}", index + 1);
    }
    // A title that does not fit beside the number is left out, and the number is whole.
    let toml = format!("title = '{}'", "Statement ".repeat(30));
    let Some(text) = text_in(&certificate, &toml) else { return };
    let last = text.split('\u{c}').rfind(|page| !page.is_empty()).unwrap();
    assert!(last.contains("Certificate CQM-2023-0200") && !last.contains("Statement"), "{last}");
}

/// The text of a letter in the wording of a template.
fn text_in(certificate: &Certificate, toml: &str) -> Option<String> {
    let template = Template::from_toml(toml, |_| unreachable!("no logo")).unwrap();
    text(&compose(certificate, &template, &VERIFICATION).unwrap(), &["-raw"])
}

#[test]
fn the_words_of_the_letter_are_in_its_language() {
    for (language, column, legend, number, page) in [
        ("en", "Card Body", "What the characters of a label mean", "Certificate number", "Page 2 of 2"),
        ("fr", "Corps de carte", "Signification des caractères d’un label", "Numéro du certificat", "Page 2 sur 2"),
        ("de", "Chipmodul", "Die Zeichen eines Labels", "Nummer des Zertifikats", "Seite 2 von 2"),
        ("es", "Cuerpo de tarjeta", "Los caracteres de una etiqueta", "Número del certificado", "Página 2 de 2"),
        ("pt", "Corpo de cartão", "Os caracteres de um selo", "Número do certificado", "Página 2 de 2"),
    ] {
        let toml = format!("language = '{language}'");
        let Some(text) = text_in(&samples::all_activities(), &toml) else { return };
        let text = words(&text);
        for part in [column, legend, number, page, "May 6th 2023", "May 5th 2024", "PORTO"] {
            assert!(text.contains(part), "{language}: `{part}` is missing in: {text}");
        }
        // Two pages: the legend fits beside the instructions.
        assert_eq!(text.contains("characters 2 and 3"), language == "en");
    }
}

#[test]
fn long_words_are_hyphenated_and_names_are_not() {
    let pdf = |certificate: &Certificate| {
        let template = Template::from_toml("language = 'de'", |_| unreachable!("no logo")).unwrap();
        compose(certificate, &template, &VERIFICATION).unwrap()
    };
    let certificate = samples::extreme();
    let Some(text) = text(&pdf(&certificate), &["-raw"]) else { return };
    // pdftotext joins the parts of a word that a soft hyphen divides.
    for whole in ["Fingerabdruck", "Kartenkörper", "Biosensormodul"] {
        assert!(text.contains(whole) || text.replace("\u{ad}\n", "").contains(whole), "{whole}: {text}");
    }
    assert!(!text.contains("Fingerabdruck)\n(") && !text.contains("-\nkörper"));
    // Neither the name nor the city has a hyphen, of whatever kind.
    let joined: String = text.split_whitespace().collect();
    assert!(joined.contains(&"Kartenherstellungsgesellschaft".repeat(6)));
    assert!(joined.contains(&"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".repeat(2)));
}

#[test]
fn a_site_without_labels_is_explained() {
    const WHY: &str = "No label: the site is registered with the program, but none of its activities is approved.";
    for (certificate, expected) in [(samples::dummy(), 0), (samples::group(), 2), (samples::all_activities(), 1)] {
        let Some(text) = text(&letter(&certificate), &["-raw"]) else { return };
        assert_eq!(words(&text).matches(WHY).count(), expected);
    }
}

#[test]
fn the_companies_of_a_group_are_listed() {
    const BEFORE: &str = "The companies of the group, after their number in the labels: 21";
    let Some(text) = text(&letter(&samples::group()), &["-raw"]) else { return };
    assert!(words(&text).contains(BEFORE));
    let Some(text) = self::text(&letter(&samples::dummy()), &["-raw"]) else { return };
    assert!(!words(&text).contains("The companies of the group"));
}

#[test]
fn the_address_of_the_page_that_verifies_is_printed() {
    let url = "https://cqm.example/verify/?letter=1";
    let Some(text) = text_in(&samples::dummy(), &format!("verify_url = '{url}'")) else { return };
    assert!(words(&text).contains(&format!("Verify this letter in a browser {url}")), "{text}");
    let Some(text) = text_in(&samples::dummy(), "") else { return };
    assert!(!text.contains("Verify this letter in a browser"));
}

#[test]
fn every_page_of_a_preview_is_marked() {
    for (toml, marks) in [
        ("", "PREVIEW – not a certificate"),
        ("language = 'de'", "PREVIEW – not a certificate · VORSCHAU – kein Zertifikat"),
    ] {
        let template = Template::from_toml(toml, |_| unreachable!("no logo")).unwrap();
        let pdf = cqm_letter::preview(&samples::group(), &template, None).unwrap();
        assert!(pdf != compose(&samples::group(), &template, &VERIFICATION).unwrap());
        let Some(text) = text(&pdf, &["-raw"]) else { return };
        let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.is_empty()).collect();
        assert!(pages.len() > 3);
        for page in &pages {
            assert!(words(page).contains(marks), "{page}");
        }
        assert!(text.contains("····") && !text.contains("5A5A"));
        let pdf = cqm_letter::preview(&samples::group(), &template, Some(&VERIFICATION)).unwrap();
        assert!(self::text(&pdf, &["-raw"]).is_none_or(|text| text.contains("5A5A 5A5A")));
    }
    let Some(text) = text(&letter(&samples::group()), &["-raw"]) else { return };
    assert!(!text.contains("PREVIEW"));
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
    let certificate = samples::extreme();
    let pdf = letter(&certificate);
    let Some(boxes) = text(&pdf, &["-bbox"]) else { return };
    let number = |line: &str, name: &str| -> f32 {
        let start = line.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        line[start..].split('"').next().unwrap().parse().unwrap()
    };
    let mut words = 0;
    for line in boxes.lines().filter(|line| line.contains("<word")) {
        words += 1;
        assert!(number(line, "xMin") >= 47.0 && number(line, "xMax") <= 842.0 - 47.0, "{line}");
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
