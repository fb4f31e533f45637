//! The legend of each language is the content stream that verifiers know.
//!
//! `CQM_LEGENDS=write` writes the streams into the folder of the judge.

use std::{fs, path::PathBuf};

use cqm_core::{Certificate, Date};
use cqm_issue::{Draft, dossier};
use cqm_letter::{Template, Verification};
use cqm_pdf::{
    Attachment, Limits, SignatureEntries, embed,
    letter::legend_language,
    syntax::{Document, Object, Reference},
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
    let modified = ISSUED_ON.start();
    let attachment =
        Attachment { name: "certificate.jwt", description: "", media_type: "application/jose", bytes: b"", modified };
    let entries =
        SignatureEntries { signing_time: modified, name: "", reason: "", location: None, contents_len: 1024 };
    embed(&letter, &attachment, &entries).unwrap().finish(&[]).unwrap()
}

/// The decoded streams of each page's content that has more than one.
fn legends(pdf: &[u8]) -> Vec<Vec<u8>> {
    let limits = Limits::default();
    let document = Document::open(pdf, &limits).unwrap();
    let mut found = Vec::new();
    for number in 1..2000 {
        let Ok(Object::Dictionary(page)) = document.object(Reference { number, generation: 0 }) else { continue };
        let Some(Object::Array(parts)) = page.get(b"Contents") else { continue };
        assert_eq!(page.name(b"Type"), Some(&b"Page"[..]));
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
