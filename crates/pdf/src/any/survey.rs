//! A search of every object of a file, including objects that nothing refers to.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::TOKEN_NAME;
use crate::syntax::{Dictionary, Document, Entry, Object, PdfString, ReadError, ReadErrorKind, Reference, Stream};

/// The names of features that let a page show something else without a change of the file: scripts,
/// actions that change what is shown, forms that viewers lay out, moving pictures, and layers.
const CHANGING: [&str; 16] = [
    "JavaScript",
    "JS",
    "Launch",
    "XFA",
    "RichMedia",
    "Movie",
    "Sound",
    "Screen",
    "Rendition",
    "ImportData",
    "ResetForm",
    "Hide",
    "SetOCGState",
    "GoTo3DView",
    "3D",
    "OCProperties",
];

/// The result of a search of all objects of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Whether the file contains a certificate token, or something that looks like one.
    pub holds_token: bool,
    /// The features that can show people something other than what was signed, each once, by their
    /// PDF names without the slash. They are not searched for in a file whose bytes contain the
    /// token's name.
    pub changing: BTreeSet<&'static str>,
    /// The error of the first unreadable object. Its contents are unknown.
    pub unread: Option<ReadError>,
}

/// Returns whether the bytes of a file contain the token's name, in any revision.
pub fn mentions_token(bytes: &[u8]) -> bool {
    memmem::find(bytes, TOKEN_NAME.as_bytes()).is_some()
}

pub(super) fn survey(document: &Document<'_>) -> Result<Survey, ReadError> {
    if mentions_token(document.bytes()) {
        return Ok(Survey { holds_token: true, ..Survey::default() });
    }
    let mut surveyor = Surveyor { document, survey: Survey::default(), embedded: BTreeSet::new() };
    for (number, entry) in (0_u32..).zip(document.entries()) {
        let generation = match *entry {
            Entry::Offset { generation, .. } => generation,
            Entry::Compressed { .. } => 0,
            Entry::Absent | Entry::Free => continue,
        };
        let reference = Reference { number, generation };
        match document.object(reference) {
            Ok(object) => surveyor.object(&object, reference)?,
            Err(error) if matches!(error.kind(), ReadErrorKind::Limit(_)) => return Err(error),
            Err(error) => {
                surveyor.survey.unread.get_or_insert(error);
            }
        }
    }
    for reference in core::mem::take(&mut surveyor.embedded) {
        if surveyor.survey.holds_token {
            break;
        }
        let Some(object) = passable(document.object(reference))? else { continue };
        if let Some(stream) = object.as_stream() {
            surveyor.survey.holds_token = surveyor.is_token(stream)?;
        }
    }
    Ok(surveyor.survey)
}

/// Replaces an error by `None`, unless a limit is reached.
fn passable<T>(result: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), ReadErrorKind::Limit(_)) => Err(error),
        Err(_) => Ok(None),
    }
}

struct Surveyor<'d> {
    document: &'d Document<'d>,
    survey: Survey,
    /// The streams that are embedded files.
    embedded: BTreeSet<Reference>,
}

impl Surveyor<'_> {
    /// Searches every value in an object. Its depth is limited by the reader.
    fn object(&mut self, object: &Object<'_>, reference: Reference) -> Result<(), ReadError> {
        match object {
            Object::Name(name) => self.name(name),
            Object::Array(elements) => {
                for element in elements {
                    self.object(element, reference)?;
                }
            }
            Object::Dictionary(dictionary) => self.dictionary(dictionary, reference)?,
            Object::Stream(stream) => {
                self.dictionary(&stream.dictionary, reference)?;
                if stream.dictionary.is_type(b"EmbeddedFile") {
                    self.embedded.insert(reference);
                }
                if stream.dictionary.get(b"F").is_some() {
                    self.survey.changing.insert("F of a stream");
                }
                if stream.dictionary.name(b"Subtype") == Some(b"Form") && stream.dictionary.get(b"Ref").is_some() {
                    self.survey.changing.insert("Ref");
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn dictionary(&mut self, dictionary: &Dictionary<'_>, reference: Reference) -> Result<(), ReadError> {
        for (key, value) in dictionary.iter() {
            self.name(key);
            self.object(value, reference)?;
        }
        let Some(files) = dictionary.get(b"EF") else { return Ok(()) };
        let Some(files) = passable(self.document.resolve(files))? else { return Ok(()) };
        for (_, file) in files.as_dictionary().into_iter().flat_map(Dictionary::iter) {
            self.embedded.extend(file.as_reference());
        }
        for key in [&b"F"[..], b"UF"] {
            let name = dictionary.get(key).and_then(Object::as_string).map(PdfString::text).unwrap_or_default();
            self.survey.holds_token |= name.trim().to_ascii_lowercase().ends_with(".jwt");
        }
        Ok(())
    }

    fn name(&mut self, name: &[u8]) {
        self.survey.changing.extend(CHANGING.into_iter().find(|changing| changing.as_bytes() == name));
    }

    /// Returns whether an embedded file has the media type or the form of a token.
    fn is_token(&self, stream: &Stream<'_>) -> Result<bool, ReadError> {
        let media_type = stream.dictionary.name(b"Subtype").unwrap_or_default().to_ascii_lowercase();
        if memmem::find(&media_type, b"jose").is_some() || memmem::find(&media_type, b"jwt").is_some() {
            return Ok(true);
        }
        let Some(data) = passable(self.document.decode_all(stream))? else { return Ok(false) };
        let data = data.trim_ascii();
        let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
        // `eyJ` is `{"` in base64url; a compact JWS has two dots.
        Ok(data.starts_with(b"eyJ")
            && data.iter().all(of_token)
            && data.iter().filter(|byte| **byte == b'.').count() == 2)
    }
}
