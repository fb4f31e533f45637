//! The streams of a letter: each has one purpose, and only the keys that this purpose needs.
//!
//! A key that this reader ignores can change what a viewer shows: `/DecodeParms` and its short form
//! `/DP` decode the data to other data, `/F` takes it from another file, and `/Alternate` replaces
//! a colour space.

use std::collections::BTreeMap;

use super::problem::{ProblemKind, Problems};
use crate::syntax::{Dictionary, Document, Object, Position, Stream};

/// What a stream is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The content of a page.
    Content,
    /// The characters of a font's glyphs.
    ToUnicode,
    /// The program of a font: its shapes.
    FontProgram,
    /// The list of the glyphs of a font (ISO 19005-3, 6.2.11.4.2).
    GlyphSet,
    /// The profile of the colour space.
    Profile,
    /// The XMP metadata.
    Metadata,
}

impl Purpose {
    /// The words for a report, and the keys of the stream dictionary.
    const fn allowed(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Content => ("the content of a page", &["Length", "Filter"]),
            Self::ToUnicode => ("a /ToUnicode", &["Length", "Filter", "Type", "CMapName", "CIDSystemInfo", "WMode"]),
            Self::FontProgram => ("a font program", &["Length", "Filter", "Length1"]),
            Self::GlyphSet => ("a set of glyphs", &["Length", "Filter"]),
            Self::Profile => ("a colour profile", &["Length", "Filter", "N", "Range"]),
            Self::Metadata => ("the metadata", &["Length", "Type", "Subtype"]),
        }
    }
}

/// The streams that have a purpose, by object number.
#[derive(Debug, Default)]
pub(super) struct Streams {
    known: BTreeMap<u32, Purpose>,
    /// Whether a part of the file was not read, so that purposes may be missing.
    is_incomplete: bool,
}

impl Streams {
    /// Notes the purpose of a stream, and checks its dictionary for it.
    pub(super) fn admit(&mut self, stream: &Stream<'_>, purpose: Purpose, problems: &mut Problems) {
        let (kind, at) = (ProblemKind::OutsideProfile, Position::Object(stream.number));
        match self.known.insert(stream.number, purpose) {
            Some(known) if known == purpose => return,
            Some(_) => problems.add(kind, at, "a stream that has two purposes"),
            None => {}
        }
        let (of, keys) = purpose.allowed();
        problems.allow_keys(kind, at, of, &stream.dictionary, keys);
        let dictionary = &stream.dictionary;
        if dictionary.get(b"Length").and_then(Object::as_integer).is_none() {
            problems.add(kind, at, format!("/Length of {of} is not a number in the dictionary itself"));
        }
        if dictionary.get(b"Filter").is_some() && dictionary.name(b"Filter") != Some(b"FlateDecode") {
            problems.add(kind, at, format!("/Filter of {of} is not the name /FlateDecode"));
        }
        if !matches!(dictionary.get(b"WMode"), None | Some(Object::Integer(0))) {
            problems.add(kind, at, "a font that writes from top to bottom");
        }
    }

    /// Notes that a part of the file was not read.
    pub(super) fn give_up(&mut self) {
        self.is_incomplete = true;
    }

    /// Reports each of the streams of the body that has no purpose. `in_body` are their numbers.
    pub(super) fn check(&self, in_body: &[u32], problems: &mut Problems) {
        if self.is_incomplete {
            return;
        }
        for &number in in_body.iter().filter(|number| !self.known.contains_key(number)) {
            let what = "a stream that is none of those that a letter has";
            problems.add(ProblemKind::OutsideProfile, Position::Object(number), what);
        }
    }
}

/// The stream that a key refers to. Anything else under the key is a problem, and so is nothing.
pub(super) fn stream<'o>(
    document: &'o Document<'_>,
    dictionary: &Dictionary<'_>,
    key: &str,
    at: Position,
    problems: &mut Problems,
) -> Option<Stream<'o>> {
    let reference = dictionary.get(key.as_bytes()).and_then(Object::as_reference);
    let found = match reference {
        Some(reference) => problems.keep(document.object(reference))?,
        None => Object::Null,
    };
    match found {
        Object::Stream(stream) => Some(stream),
        other => {
            let what = format!("/{key} does not refer to a stream, but to {}", other.type_name());
            problems.add(ProblemKind::OutsideProfile, at, what);
            None
        }
    }
}
