//! Letters as a reader of PDF sees them, after token and signature field were added.
//!
//! `CQM_LEGENDS=write` writes the legends that the judge knows.

use std::{fs, path::PathBuf};

use cqm_core::{Certificate, Date};
use cqm_issue::{Draft, dossier};
use cqm_letter::{Template, Verification};
use cqm_pdf::{
    Body, Limits, Room, TailEntries,
    any::AnyPdf,
    letter::{inspect, legend_language},
    syntax::{Dictionary, Document, Object, Reference},
};

const ISSUED_ON: Date = Date::constant(2023, 5, 6);
const LANGUAGES: [&str; 5] = ["de", "en", "es", "fr", "pt"];

fn certificate() -> Certificate {
    let dossier = include_str!("../../../fixtures/dossiers/dummy-card-company.toml");
    Draft::new(&dossier::read(dossier).unwrap(), ISSUED_ON).certificate().clone()
}

/// A letter without a signature, in the wording of a template.
fn letter(certificate: &Certificate, toml: &str) -> Vec<u8> {
    let template = Template::from_toml(toml, |_| Err(std::io::ErrorKind::NotFound.into())).unwrap();
    let letter = cqm_letter::compose(certificate, &template, &Verification { root_fingerprint: [7; 32] }).unwrap();
    let entries = TailEntries { body_sha256: [7; 32], issued_at: ISSUED_ON.start(), signatory: "" };
    let unsigned = Body::new(&letter).unwrap().tail(b"eyJ.e30.c2ln", Room::for_cms(1024).unwrap(), &entries).unwrap();
    unsigned.finish(b"\x30\x03\x02\x01\x00").unwrap()
}

/// All objects of a file.
fn objects<'d>(document: &'d Document<'_>) -> Vec<Object<'d>> {
    let numbers = 1..u32::try_from(document.entries().len()).unwrap();
    numbers.map(|number| document.object(Reference { number, generation: 0 }).unwrap()).collect()
}

/// The dictionaries with this value of a key.
fn with<'o, 'd>(objects: &'o [Object<'d>], key: &[u8], value: &[u8]) -> Vec<&'o Dictionary<'d>> {
    objects.iter().filter_map(Object::as_dictionary).filter(|object| object.name(key) == Some(value)).collect()
}

/// The decoded first stream of each page's content that has more than one.
fn legends(pdf: &[u8]) -> Vec<Vec<u8>> {
    let limits = Limits::default();
    let document = Document::open(pdf, &limits).unwrap();
    let objects = objects(&document);
    let mut found = Vec::new();
    for page in with(&objects, b"Type", b"Page") {
        let Some(Object::Array(parts)) = page.get(b"Contents") else { continue };
        let legend = document.object(parts[0].as_reference().unwrap()).unwrap();
        found.push(document.decode(legend.as_stream().unwrap()).unwrap().into_owned());
        assert_eq!(parts.len(), 2);
    }
    found
}

fn path(language: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../pdf/src/letter/legend/{language}.txt"))
}

#[test]
fn the_judge_knows_the_legend_of_each_language() {
    let write = std::env::var("CQM_LEGENDS").is_ok_and(|value| value == "write");
    for language in LANGUAGES {
        let legends = legends(&letter(&certificate(), &format!("language = '{language}'")));
        let [legend] = &legends[..] else { panic!("{} legends", legends.len()) };
        if write {
            fs::write(path(language), legend).unwrap();
        } else {
            assert_eq!(legend_language(legend), Some(language), "run this test with CQM_LEGENDS=write");
        }
    }
}

#[test]
fn nothing_in_a_letter_changes_its_legend() {
    let mut other = certificate();
    other.holder.name = "Société Internationale de la Carte à Puce".into();
    other.sites.extend(other.sites.clone());
    let toml = "title = 'Αναφορά'\nverify_url = 'https://cqm.example/'\n[verification]\nsteps = []\n\
                [colours]\ntext = '#000000'\nrule = '#ff0000'\n";
    assert_eq!(legends(&letter(&other, toml)), legends(&letter(&certificate(), "")));
}

/// The dossiers whose letters the tests look at.
fn samples() -> [Certificate; 3] {
    [
        include_str!("../../../fixtures/dossiers/dummy-card-company.toml"),
        include_str!("../../../fixtures/dossiers/group.toml"),
        include_str!("../../../fixtures/dossiers/all-activities.toml"),
    ]
    .map(|text| Draft::new(&dossier::read(text).unwrap(), ISSUED_ON).certificate().clone())
}

/// A group with two sites that have no labels.
fn without_labels() -> Certificate {
    let [_, mut group, _] = samples();
    for site in group.sites.iter_mut().take(2) {
        site.labels.clear();
    }
    group
}

#[test]
fn the_catalog_is_that_of_an_accessible_file() {
    for language in LANGUAGES {
        let pdf = letter(&certificate(), &format!("language = '{language}'"));
        let document = Document::open(&pdf, &Limits::default()).unwrap();
        let catalog = document.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").and_then(Object::as_string).unwrap().text(), language);
        let marked = catalog.get(b"MarkInfo").and_then(Object::as_dictionary).unwrap();
        let keys: Vec<&[u8]> = marked.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, [b"Marked"], "without /Suspects, of which poppler warns");
        let preferences = catalog.get(b"ViewerPreferences").and_then(Object::as_dictionary).unwrap();
        assert_eq!(preferences.get(b"DisplayDocTitle"), Some(&Object::Boolean(true)));
        assert!(catalog.get(b"Outlines").is_none() && catalog.get(b"StructTreeRoot").is_some());
        let objects = objects(&document);
        assert!(with(&objects, b"Type", b"Outlines").is_empty(), "nothing is left of the outline");
        for page in with(&objects, b"Type", b"Page") {
            assert_eq!(page.name(b"Tabs"), Some(&b"S"[..]));
            assert!(page.get(b"StructParents").is_some());
        }
    }
}

/// The number of columns that a cell takes.
fn columns(document: &Document<'_>, cell: &Dictionary<'_>) -> i64 {
    let attributes = document.lookup(cell, b"A").unwrap();
    let attributes = attributes.as_array().unwrap_or_default();
    let spans = attributes.iter().filter_map(|one| one.as_dictionary()?.get(b"ColSpan")?.as_integer());
    spans.sum::<i64>().max(1)
}

#[test]
fn the_structure_is_whole() {
    for certificate in samples().into_iter().chain([without_labels()]) {
        let pdf = letter(&certificate, "");
        let document = Document::open(&pdf, &Limits::default()).unwrap();
        let objects = objects(&document);
        let mut widths = Vec::new();
        for row in with(&objects, b"S", b"TR") {
            let Some(Object::Array(cells)) = row.get(b"K") else { panic!("a row without cells") };
            let cells = cells.iter().map(|cell| document.resolve(cell).unwrap());
            let cells: Vec<_> = cells.map(|cell| columns(&document, cell.as_dictionary().unwrap())).collect();
            widths.push(cells.iter().sum::<i64>());
        }
        // The head and the sites have 12 columns, the legend's 7 rows have two.
        widths.sort_unstable();
        let expected = [[2; 7].as_slice(), &vec![12; certificate.sites.len() + 1]].concat();
        assert_eq!(widths, expected);
        for header in with(&objects, b"S", b"TH") {
            let attributes = document.lookup(header, b"A").unwrap();
            let attributes = attributes.as_array().unwrap();
            assert!(attributes.iter().any(|one| one.as_dictionary().is_some_and(|one| one.get(b"Scope").is_some())));
        }
        assert_eq!(with(&objects, b"S", b"H1").len(), 1);
        assert_eq!(with(&objects, b"S", b"H2").len(), 3);
        assert!(with(&objects, b"S", b"Figure").is_empty(), "no picture that needs a text");
    }
}

#[test]
fn text_is_at_least_eight_points_high() {
    for certificate in samples().into_iter().chain([without_labels()]) {
        for language in LANGUAGES {
            let pdf = letter(&certificate, &format!("language = '{language}'"));
            let runs = inspect(&pdf, &Limits::default()).pages.into_iter().flat_map(|page| page.runs);
            let sizes: Vec<f64> = runs.map(|run| run.font_size).collect();
            assert!(sizes.len() > 50 && sizes.iter().all(|size| *size >= 8.0), "{sizes:?}");
        }
    }
}

#[test]
fn fonts_have_one_list() {
    let pdf = letter(&without_labels(), "language = 'de'");
    let document = Document::open(&pdf, &Limits::default()).unwrap();
    let objects = objects(&document);
    let fonts = with(&objects, b"Subtype", b"Type0");
    assert!(fonts.len() >= 5, "three for the letter, two for the legend");
    for font in fonts {
        let map = document.lookup(font, b"ToUnicode").unwrap();
        let map = map.as_stream().unwrap();
        assert!(map.dictionary.get(b"Filter").is_none());
        let text = String::from_utf8(map.raw.to_vec()).unwrap();
        assert!(text.contains("beginbfrange\n<0001> <") && !text.contains("beginbfchar"), "{text}");
    }
    for font in with(&objects, b"Subtype", b"CIDFontType2") {
        let widths = document.lookup(font, b"W").unwrap();
        assert!(matches!(widths.as_array(), Some([Object::Integer(0), Object::Array(_)])), "{widths:?}");
    }
}

#[test]
fn the_judge_accepts_every_language() {
    for language in LANGUAGES {
        for certificate in samples().into_iter().chain([without_labels()]) {
            let pdf =
                letter(&certificate, &format!("language = '{language}'\nverify_url = 'https://cqm.example/a-b/'"));
            let problems = inspect(&pdf, &Limits::default()).problems;
            assert!(problems.is_empty(), "{problems:#?}");
        }
    }
}

#[test]
fn a_preview_is_no_letter() {
    let draft = Draft::new(
        &dossier::read(include_str!("../../../fixtures/dossiers/dummy-card-company.toml")).unwrap(),
        ISSUED_ON,
    );
    let pdf = draft.preview(&Template::default(), None).unwrap();
    let inspection = inspect(&pdf, &Limits::default());
    assert!(inspection.parts.is_none() && !inspection.problems.is_empty());
    let text = AnyPdf::open(&pdf, &Limits::default()).unwrap().text();
    assert!(text.words.iter().any(|word| word == "PREVIEW"), "{:?}", text.words);
}
