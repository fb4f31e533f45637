//! The objects of a PDF as cqm reads them, compared with those that qpdf reads.

use std::fs;
use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cqm_pdf::{
    Limits,
    syntax::{Dictionary, Document, Entry, Object, Reference},
};
use serde_json::Value;

use crate::{interop, output};

/// What was compared so far.
#[derive(Debug, Default)]
pub struct Compared {
    /// Files that both read.
    pub documents: usize,
    /// Objects of these files.
    pub objects: usize,
    /// The streams among the objects.
    pub streams: usize,
}

/// Compares all objects of a file. Returns whether cqm opens the file, or `None` if qpdf is not
/// installed. A file that qpdf does not read cleanly counts as opened.
///
/// # Panics
///
/// If an object differs.
pub fn compare(path: &Path, compared: &mut Compared) -> Option<bool> {
    let mut qpdf = interop::tool("qpdf")?;
    qpdf.args(["--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=none"]).arg(path);
    let output = output(&mut qpdf);
    if !output.status.success() {
        return Some(true);
    }
    let theirs: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let theirs = theirs["qpdf"][1].as_object().expect("objects");
    let bytes = fs::read(path).expect("the file that qpdf read");
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
            None => (Object::Dictionary(document.trailer().expect("a trailer").clone()), their),
        };
        assert!(same(&document, &our, their), "{}\n{our:?}", at());
        compared.objects += 1;
        compared.streams += usize::from(matches!(our, Object::Stream(_)));
    }
    // qpdf leaves out cross-reference streams.
    for number in ours_alone {
        let Entry::Offset { generation, .. } = document.entry(number) else {
            panic!("object {number} is not among those of qpdf")
        };
        let our = document.object(Reference { number, generation }).expect("an object");
        let kept = our.as_stream().is_none_or(|stream| !stream.dictionary.is_type(b"XRef"));
        assert!(!kept, "{}: object {number} is not among those of qpdf\n{our:?}", path.display());
    }
    Some(true)
}

/// Reads a reference such as `12 0 R`.
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

/// Compares the entries of dictionaries. qpdf leaves out the lengths of streams, and entries that
/// are null or refer to nothing, which PDF takes as absent.
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

/// Compares a string with qpdf's form of it: `b:` and hexadecimal digits, or `u:` and characters.
fn same_string(ours: &[u8], theirs: &str) -> bool {
    if let Some(digits) = theirs.strip_prefix("b:") {
        return base16ct::lower::encode_string(ours) == digits;
    }
    let Some(text) = theirs.strip_prefix("u:") else { return false };
    match ours {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).is_ok_and(|ours| ours == text)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => rest == text.as_bytes(),
        // PDFDocEncoding agrees with Latin 1 where both have a character.
        bytes => {
            bytes.len() == text.chars().count()
                && bytes.iter().zip(text.chars()).all(|(byte, character)| match byte {
                    0x20..=0x7e | 0xa1..=0xac | 0xae..=0xff => character == char::from(*byte),
                    _ => true,
                })
        }
    }
}
