use std::borrow::Cow;

use super::lexer::{hex_digit, hex_value, is_whitespace};
use super::{Position, ReadError, ReadErrorKind};
use cqm_core::UnixTime;

/// An indirect reference, `12 0 R` (ISO 32000-2, 7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The object number.
    pub number: u32,
    /// The generation number.
    pub generation: u16,
}

/// A PDF object (ISO 32000-2, 7.3). It borrows from the file, or from the object stream that holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Object<'a> {
    /// `null`, and every object that does not exist.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number without a decimal point.
    Integer(i64),
    /// A number with a decimal point.
    Real(f64),
    /// A string, decoded when it is asked for.
    String(PdfString<'a>),
    /// A name, with its `#` codes decoded.
    Name(Cow<'a, [u8]>),
    /// An array.
    Array(Vec<Object<'a>>),
    /// A dictionary.
    Dictionary(Dictionary<'a>),
    /// A dictionary with data.
    Stream(Stream<'a>),
    /// A reference to an indirect object.
    Reference(Reference),
}

impl<'a> Object<'a> {
    /// The type in the words of ISO 32000-2.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Real(_) => "a real",
            Self::String(_) => "a string",
            Self::Name(_) => "a name",
            Self::Array(_) => "an array",
            Self::Dictionary(_) => "a dictionary",
            Self::Stream(_) => "a stream",
            Self::Reference(_) => "a reference",
        }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a real, if it is a number; integers beyond 32 bits are none.
    pub fn as_real(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => i32::try_from(*value).ok().map(f64::from),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The bytes of the name, if it is one.
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_string(&self) -> Option<&PdfString<'a>> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Object<'a>]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The dictionary, if it is one; the dictionary of a stream is none.
    pub fn as_dictionary(&self) -> Option<&Dictionary<'a>> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The stream, if it is one.
    pub fn as_stream(&self) -> Option<&Stream<'a>> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// The reference, if it is one.
    pub fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }
}

/// A dictionary (ISO 32000-2, 7.3.7), in the order of the file, with no key twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary<'a> {
    entries: Vec<(Cow<'a, [u8]>, Object<'a>)>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(entries: Vec<(Cow<'a, [u8]>, Object<'a>)>, at: Position) -> Result<Self, ReadError> {
        let duplicate = if entries.len() <= 16 {
            entries
                .iter()
                .enumerate()
                .find(|(index, (key, _))| entries.iter().take(*index).any(|(other, _)| other == key))
                .map(|(_, (key, _))| key.clone())
        } else {
            let mut keys: Vec<&Cow<'a, [u8]>> = entries.iter().map(|(key, _)| key).collect();
            keys.sort_unstable();
            keys.iter().zip(keys.iter().skip(1)).find(|(a, b)| a == b).map(|(key, _)| (*key).clone())
        };
        match duplicate {
            Some(key) => {
                Err(ReadError::new(ReadErrorKind::DuplicateKey(String::from_utf8_lossy(&key).into_owned()), at))
            }
            None => Ok(Self { entries }),
        }
    }

    /// The value as it stands, which may be a reference; see [`Document::lookup`](super::Document::lookup).
    pub fn get(&self, key: &[u8]) -> Option<&Object<'a>> {
        self.entries.iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value)
    }

    /// The keys and values in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object<'a>)> {
        self.entries.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// Whether `/Type` is this name.
    pub fn is_type(&self, name: &[u8]) -> bool {
        self.name(b"Type") == Some(name)
    }

    /// The value, if it is a name that stands in the dictionary itself.
    pub fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }
}

/// A stream (ISO 32000-2, 7.3.8): its dictionary and its data as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream<'a> {
    /// The stream dictionary.
    pub dictionary: Dictionary<'a>,
    /// The data before any filter; see [`Document::decode`](super::Document::decode).
    pub raw: &'a [u8],
    /// The number of the object that the stream is.
    pub number: u32,
}

/// A string as it stands in the file (ISO 32000-2, 7.3.4), delimiters included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfString<'a> {
    raw: &'a [u8],
    offset: usize,
}

impl<'a> PdfString<'a> {
    pub(super) fn new(raw: &'a [u8], offset: usize) -> Self {
        Self { raw, offset }
    }

    /// The bytes as they stand, with `(` and `)`, or `<` and `>`.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The offset of the opening delimiter in the file, or in the object stream that holds the string.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether it is written as `<…>`.
    pub fn is_hexadecimal(&self) -> bool {
        self.raw.first() == Some(&b'<')
    }

    fn inner(&self) -> &'a [u8] {
        match self.raw {
            [_, inner @ .., _] => inner,
            _ => &[],
        }
    }

    /// The bytes that the string means.
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        let inner = self.inner();
        if self.is_hexadecimal() {
            Cow::Owned(Self::decode_hexadecimal(inner))
        } else if inner.iter().any(|byte| matches!(byte, b'\\' | b'\r')) {
            let mut bytes = Vec::with_capacity(inner.len());
            append_literal(inner, &mut bytes);
            Cow::Owned(bytes)
        } else {
            Cow::Borrowed(inner)
        }
    }

    /// The bytes that hexadecimal digits mean; white space is passed.
    pub(crate) fn decode_hexadecimal(digits: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(digits.len().div_ceil(2));
        append_hexadecimal(digits, &mut bytes);
        bytes
    }

    /// Appends the bytes that the string means, without an allocation of its own.
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) {
        if self.is_hexadecimal() {
            append_hexadecimal(self.inner(), out);
        } else {
            append_literal(self.inner(), out);
        }
    }

    /// The instant that a date string states (ISO 32000-2, 7.9.4), with seconds, in UTC or with an offset; in seconds since
    /// 1970-01-01T00:00:00Z.
    pub fn date(&self) -> Option<UnixTime> {
        super::date::time(&self.bytes())
    }

    /// The characters of a text string (ISO 32000-2, 7.9.2.2): UTF-16BE or UTF-8 with their marks, otherwise ASCII.
    ///
    /// Bytes above 127 of PDFDocEncoding are replaced by U+FFFD.
    pub fn text(&self) -> String {
        let bytes = self.bytes();
        if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
            utf16_be(rest)
        } else if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
            String::from_utf8_lossy(rest).into_owned()
        } else {
            bytes
                .iter()
                .map(|&byte| if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER })
                .collect()
        }
    }
}

/// UTF-16BE to a string; what is no character becomes U+FFFD.
pub(crate) fn utf16_be(bytes: &[u8]) -> String {
    utf16_be_characters(bytes).collect()
}

/// The characters of UTF-16BE, with U+FFFD for what is none.
pub(crate) fn utf16_be_characters(bytes: &[u8]) -> impl Iterator<Item = char> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0xfffd,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn append_hexadecimal(digits: &[u8], out: &mut Vec<u8>) {
    // The lexer lets through digits and white space alone.
    if digits.len().is_multiple_of(2) && !digits.iter().fold(false, |any, &byte| any | is_whitespace(byte)) {
        let (pairs, _) = digits.as_chunks::<2>();
        out.extend(pairs.iter().map(|&[high, low]| (hex_value(high) << 4) | hex_value(low)));
        return;
    }
    let mut high = None;
    for digit in digits.iter().filter_map(|&byte| hex_digit(byte)) {
        match high.take() {
            None => high = Some(digit),
            Some(high) => out.push((high << 4) | digit),
        }
    }
    if let Some(high) = high {
        out.push(high << 4);
    }
}

fn append_literal(inner: &[u8], out: &mut Vec<u8>) {
    out.reserve(inner.len());
    let mut rest = inner;
    loop {
        // Glyphs are mostly written as octal codes.
        while let [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] = rest {
            out.push((a << 6) | ((b & 7) << 3) | (c & 7));
            rest = after;
        }
        match rest {
            [] => return,
            [b'\r', after @ ..] => {
                rest = after.strip_prefix(b"\n").unwrap_or(after);
                out.push(b'\n');
            }
            [b'\\', after @ ..] => rest = append_escape(after, out),
            [byte, after @ ..] => {
                out.push(*byte);
                rest = after;
            }
        }
    }
}

/// Appends what stands after a backslash, and returns the rest (ISO 32000-2, 7.3.4.2).
fn append_escape<'a>(rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    if let [a @ b'0'..=b'7', b @ b'0'..=b'7', c @ b'0'..=b'7', rest @ ..] = rest {
        // High-order overflow is ignored.
        out.push((a << 6) | ((b & 7) << 3) | (c & 7));
        return rest;
    }
    let Some((byte, rest)) = rest.split_first() else { return rest };
    match byte {
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'b' => out.push(0x08),
        b'f' => out.push(0x0c),
        b'\n' => {}
        b'\r' => return rest.strip_prefix(b"\n").unwrap_or(rest),
        a @ b'0'..=b'7' => {
            if let [b @ b'0'..=b'7', rest @ ..] = rest {
                out.push(((a & 7) << 3) | (b & 7));
                return rest;
            }
            out.push(a & 7);
        }
        other => out.push(*other),
    }
    rest
}
