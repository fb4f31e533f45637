//! The reader of PDFs against qpdf, object by object: types, values, and the octets of streams.

use std::fs;
use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cqm_pdf::{
    Limits,
    syntax::{Dictionary, Document, Entry, Object, Reference},
};
use cqm_tests::{Workplace, interop, office, output, repository, skipped};
use serde_json::Value;

#[test]
fn every_object_of_letters_reads_as_qpdf_reads_it() {
    let workplace = Workplace::default();
    let mut compared = Compared::default();
    for dossier in ["dummy-card-company.toml", "all-activities.toml", "group.toml"] {
        workplace.write("letter.pdf", office::issue(dossier).pdf);
        let Some(read) = compare(&workplace.path("letter.pdf"), &mut compared) else { return };
        assert!(read, "{dossier}");
    }
    assert!(compared.objects > 400 && compared.streams > 50, "{compared:?}");
}

#[test]
fn every_object_of_samples_reads_as_qpdf_reads_it() {
    let mut compared = Compared::default();
    for path in pdfs(&repository("tests/samples")) {
        let Some(read) = compare(&path, &mut compared) else { return };
        // It has an empty password, so that qpdf reads it.
        assert_eq!(read, !path.ends_with("encrypted.pdf"), "{}", path.display());
    }
    assert!(compared.objects > 200 && compared.streams > 40, "{compared:?}");
}

#[test]
fn every_object_of_the_corpus_reads_as_qpdf_reads_it() {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else { return skipped("no corpora") };
    let mut compared = Compared::default();
    let mut refused = Vec::new();
    for path in pdfs(&Path::new(&corpora).join("pyhanko")) {
        // Their object streams are broken on purpose; qpdf takes what it does not find there for null.
        if path.file_stem().unwrap().to_str().unwrap().starts_with("broken-objstream") {
            continue;
        }
        let Some(read) = compare(&path, &mut compared) else { return };
        if !read {
            refused.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(refused, REFUSED, "what our reader does not open, and qpdf reads without a warning");
    assert!(compared.documents > 60 && compared.objects > 800 && compared.streams > 200, "{compared:?}");
}

/// Files of the corpus that qpdf reads without a warning and our reader refuses: an entry of the cross-reference table that is a byte
/// too short, and no `%%EOF` after the last `startxref`.
const REFUSED: [&str; 2] = ["minimal-badxref", "minimal-startxref-hopeless2"];

#[derive(Debug, Default)]
struct Compared {
    documents: usize,
    objects: usize,
    streams: usize,
}

/// All PDF files in a folder and below.
fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Compares all objects. Tells whether our reader opens the file; a file that qpdf does not read cleanly counts as opened. `None`
/// without qpdf.
fn compare(path: &Path, compared: &mut Compared) -> Option<bool> {
    let mut qpdf = interop::tool("qpdf")?;
    qpdf.args(["--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=none"]).arg(path);
    let output = output(&mut qpdf);
    if !output.status.success() {
        return Some(true);
    }
    let theirs: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let theirs = theirs["qpdf"][1].as_object().expect("objects");
    let bytes = fs::read(path).unwrap();
    let Ok(document) = Document::open(&bytes, &Limits::default()) else { return Some(false) };
    compared.documents += 1;
    let mut ours_alone: Vec<u32> = (0..)
        .zip(document.entries())
        .filter(|(_, entry)| matches!(entry, Entry::Offset { .. } | Entry::Compressed { .. }))
        .map(|(number, _)| number)
        .collect();
    for (name, their) in theirs {
        let at = || format!("{}: {name}\n{their:#}", path.display());
        let (our, their) = match name.strip_prefix("obj:") {
            Some(reference) => {
                let reference = reference_of(reference).unwrap_or_else(|| panic!("{}", at()));
                ours_alone.retain(|number| *number != reference.number);
                let our = document.object(reference).unwrap_or_else(|error| panic!("{error}\n{}", at()));
                (our, their)
            }
            None => (Object::Dictionary(document.trailer().unwrap().clone()), their),
        };
        assert!(same(&document, &our, their), "{}\n{our:?}", at());
        compared.objects += 1;
        compared.streams += usize::from(matches!(our, Object::Stream(_)));
    }
    // qpdf leaves out what nothing needs any more: cross-reference streams and the like.
    for number in ours_alone {
        let Entry::Offset { generation, .. } = document.entry(number) else { panic!("object {number} is ours alone") };
        let our = document.object(Reference { number, generation }).unwrap();
        let kept = our.as_stream().is_none_or(|stream| !stream.dictionary.is_type(b"XRef"));
        assert!(!kept, "{}: object {number} is ours alone\n{our:?}", path.display());
    }
    Some(true)
}

/// `12 0 R`
fn reference_of(text: &str) -> Option<Reference> {
    let (number, rest) = text.split_once(' ')?;
    Some(Reference { number: number.parse().ok()?, generation: rest.strip_suffix(" R")?.parse().ok()? })
}

fn same(document: &Document<'_>, ours: &Object<'_>, theirs: &Value) -> bool {
    let theirs = theirs.get("value").unwrap_or(theirs);
    match ours {
        Object::Null => theirs.is_null(),
        Object::Boolean(ours) => theirs.as_bool() == Some(*ours),
        Object::Integer(ours) => theirs.as_i64() == Some(*ours),
        Object::Real(ours) => theirs.as_f64().is_some_and(|theirs| (ours - theirs).abs() <= 1e-9 * ours.abs()),
        Object::Name(ours) => theirs
            .as_str()
            .and_then(|theirs| theirs.strip_prefix('/'))
            .is_some_and(|theirs| theirs.as_bytes() == ours.as_ref()),
        Object::String(ours) => theirs.as_str().is_some_and(|theirs| same_string(&ours.bytes(), theirs)),
        Object::Reference(ours) => theirs.as_str().and_then(reference_of) == Some(*ours),
        Object::Array(ours) => theirs.as_array().is_some_and(|theirs| {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(document, ours, theirs))
        }),
        Object::Dictionary(ours) => same_dictionary(document, ours, theirs, false),
        Object::Stream(ours) => {
            let data = theirs["stream"]["data"].as_str().and_then(|data| STANDARD.decode(data).ok());
            data.as_deref() == Some(ours.raw)
                && same_dictionary(document, &ours.dictionary, &theirs["stream"]["dict"], true)
        }
    }
}

/// qpdf leaves out entries that are null or refer to nothing, which means that they are not there, and the length of streams.
fn same_dictionary(document: &Document<'_>, ours: &Dictionary<'_>, theirs: &Value, of_stream: bool) -> bool {
    let Some(theirs) = theirs.as_object() else { return false };
    let is_there = |value: &Object<'_>| document.resolve(value).is_ok_and(|value| *value != Object::Null);
    let ours: Vec<_> =
        ours.iter().filter(|(key, value)| is_there(value) && !(of_stream && *key == b"Length")).collect();
    ours.len() == theirs.len()
        && ours.iter().all(|(key, ours)| {
            let key = format!("/{}", String::from_utf8_lossy(key));
            theirs.get(&key).is_some_and(|theirs| same(document, ours, theirs))
        })
}

/// `b:` and hexadecimal digits, or `u:` and the characters of a text string.
fn same_string(ours: &[u8], theirs: &str) -> bool {
    if let Some(digits) = theirs.strip_prefix("b:") {
        let ours: String = ours.iter().map(|byte| format!("{byte:02x}")).collect();
        return ours == digits;
    }
    let Some(text) = theirs.strip_prefix("u:") else { return false };
    match ours {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).is_ok_and(|ours| ours == text)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => rest == text.as_bytes(),
        // PDFDocEncoding: Latin 1 where both have a character.
        bytes => {
            bytes.len() == text.chars().count()
                && bytes.iter().zip(text.chars()).all(|(byte, character)| match byte {
                    0x20..=0x7e | 0xa1..=0xac | 0xae..=0xff => character == char::from(*byte),
                    _ => true,
                })
        }
    }
}
