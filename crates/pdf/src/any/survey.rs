//! A search of every object of a file, including objects that nothing refers to.

use std::collections::BTreeSet;

use memchr::memmem;

use super::passable;
use crate::TOKEN_NAME;
use crate::syntax::{
    Dictionary, Document, Entry, Object, PdfString, ReadError, ReadErrorKind, Reference, Stream, is_whitespace,
};

/// The names of features that let a page show something else without a change of the file: scripts,
/// actions that change what is shown, forms that viewers lay out, and moving pictures.
const CHANGING: [&str; 15] = [
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
    /// The limit at which the search ended before all objects were looked at.
    pub stopped: Option<ReadError>,
}

/// Returns whether the bytes of a file contain the token's name, in any revision.
pub fn mentions_token(bytes: &[u8]) -> bool {
    memmem::find(bytes, TOKEN_NAME.as_bytes()).is_some()
}

/// Returns whether the bytes of a file spell the token's name in an encoding of strings or names:
/// hexadecimal digits, escapes after a backslash or `#`, or UTF-16. For a file that is too large to
/// search its objects.
pub fn spells_token(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = TOKEN_NAME.bytes().flat_map(|byte| [0, byte]).collect();
    let spelled = |bytes: &[u8]| mentions_token(bytes) || memmem::find(bytes, &wide).is_some();
    spelled(&without_escapes(bytes)) || hexadecimal_runs(bytes).any(|run| spelled(&run))
}

/// The bytes with all escapes of literal strings and of names undone, wherever they are.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        let escaped = match byte {
            b'\\' => octal(after).or(match after {
                // A line that continues.
                [b'\r', b'\n', ..] => Some((None, 2)),
                [b'\r' | b'\n', ..] => Some((None, 1)),
                [other, ..] => Some((Some(*other), 1)),
                [] => None,
            }),
            b'#' => after.get(..2).and_then(|digits| match PdfString::decode_hexadecimal(digits).as_slice() {
                [code] if digits.iter().all(u8::is_ascii_hexdigit) => Some((Some(*code), 2)),
                _ => None,
            }),
            _ => None,
        };
        let (byte, length) = escaped.unwrap_or((Some(*byte), 0));
        plain.extend(byte);
        rest = after.get(length..).unwrap_or_default();
    }
    plain
}

/// The byte of one to three octal digits, and their number.
fn octal(digits: &[u8]) -> Option<(Option<u8>, usize)> {
    let length = digits.iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    let digits = digits.get(..length).filter(|digits| !digits.is_empty())?;
    let code = digits.iter().fold(0_u8, |code, digit| (code << 3) | (digit & 7));
    Some((Some(code), length))
}

/// The bytes of each hexadecimal string.
fn hexadecimal_runs(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    // Two digits for each byte of the name, and the delimiter.
    let shortest = TOKEN_NAME.len().saturating_mul(2);
    let runs = bytes.split(|byte| matches!(byte, b'<' | b'>')).filter(move |run| run.len() >= shortest);
    let is_digit = |byte: &u8| byte.is_ascii_hexdigit() || is_whitespace(*byte);
    runs.filter(move |run| run.iter().all(is_digit)).map(PdfString::decode_hexadecimal)
}

pub(super) fn survey(document: &Document<'_>) -> Survey {
    if mentions_token(document.bytes()) {
        return Survey { holds_token: true, ..Survey::default() };
    }
    let mut surveyor = Surveyor { document, survey: Survey::default(), embedded: BTreeSet::new() };
    surveyor.survey.stopped = surveyor.objects().and_then(|()| surveyor.files()).err();
    surveyor.survey
}

struct Surveyor<'d> {
    document: &'d Document<'d>,
    survey: Survey,
    /// The streams that are embedded files.
    embedded: BTreeSet<Reference>,
}

impl Surveyor<'_> {
    /// Searches every object.
    fn objects(&mut self) -> Result<(), ReadError> {
        let document = self.document;
        for (number, entry) in (0_u32..).zip(document.entries()) {
            let generation = match *entry {
                Entry::Offset { generation, .. } => generation,
                Entry::Compressed { .. } => 0,
                Entry::Absent | Entry::Free => continue,
            };
            let reference = Reference { number, generation };
            match document.object(reference) {
                Ok(object) => self.object(&object, reference)?,
                Err(error) if matches!(error.kind(), ReadErrorKind::Limit(_)) => return Err(error),
                Err(error) => {
                    self.survey.unread.get_or_insert(error);
                }
            }
        }
        Ok(())
    }

    /// Searches the embedded files.
    fn files(&mut self) -> Result<(), ReadError> {
        let document = self.document;
        for reference in core::mem::take(&mut self.embedded) {
            if self.survey.holds_token {
                break;
            }
            let Some(object) = passable(document.object(reference))? else { continue };
            if let Some(stream) = object.as_stream() {
                self.survey.holds_token = self.is_token(stream)?;
            }
        }
        Ok(())
    }

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
            let name = passable(self.document.text_string(dictionary, key, Some(reference.number)))?.flatten();
            // Also as an encrypted file would have it without encryption.
            let plain = dictionary.get(key).and_then(Object::as_string).map(PdfString::text);
            let is_token = |name: String| name.trim().to_ascii_lowercase().ends_with(".jwt");
            self.survey.holds_token |= name.is_some_and(is_token) || plain.is_some_and(is_token);
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
