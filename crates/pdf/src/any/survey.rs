//! A look at every object of a file, whether or not anything leads there.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::TOKEN_NAME;
use crate::syntax::{Dictionary, Document, Entry, Object, PdfString, ReadError, ReadErrorKind, Reference, Stream};

/// Names that let a page show something else without a change of the file: scripts, actions that change what is shown, forms that
/// are laid out anew, moving pictures, and layers.
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

/// What all objects of a file together have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Whether the file holds a certificate token, or what looks like one.
    pub holds_token: bool,
    /// What lets people see something else than what was signed, each once: names of PDF, without the slash. Not looked for in a
    /// file whose bytes name the token.
    pub changing: BTreeSet<&'static str>,
    /// Why the first object could not be read that can't be; nobody knows what is in it.
    pub unread: Option<ReadError>,
}

/// Whether the name of the token stands somewhere in the bytes of a file, in whichever revision.
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

/// What a reading gave; none for what can't be read, unless a limit is the reason.
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
    /// Streams that are embedded files.
    embedded: BTreeSet<Reference>,
}

impl Surveyor<'_> {
    /// Every value in an object; the reader has bounded how deep they are nested.
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

    /// Whether an embedded file says that it is a token, or is written as one.
    fn is_token(&self, stream: &Stream<'_>) -> Result<bool, ReadError> {
        let media_type = stream.dictionary.name(b"Subtype").unwrap_or_default().to_ascii_lowercase();
        if memmem::find(&media_type, b"jose").is_some() || memmem::find(&media_type, b"jwt").is_some() {
            return Ok(true);
        }
        let Some(data) = passable(self.document.decode_all(stream))? else { return Ok(false) };
        let data = data.trim_ascii();
        let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
        // `{"` in base64url, then two dots.
        Ok(data.starts_with(b"eyJ")
            && data.iter().all(of_token)
            && data.iter().filter(|byte| **byte == b'.').count() == 2)
    }
}
