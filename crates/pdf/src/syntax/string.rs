//! Strings, and the text in them (ISO 32000-2, 7.3.4 and 7.9.2).

use std::borrow::Cow;

use cqm_core::UnixTime;

use super::character::{hex_digit, hex_value, is_whitespace};

/// A string as the file has it (ISO 32000-2, 7.3.4), delimiters included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfString<'a> {
    raw: &'a [u8],
    offset: usize,
}

impl<'a> PdfString<'a> {
    pub(super) fn new(raw: &'a [u8], offset: usize) -> Self {
        Self { raw, offset }
    }

    /// The bytes in the file, with `(` and `)`, or `<` and `>`.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The offset of the opening delimiter in the file, or in the object stream that contains the
    /// string.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns whether the string is written as `<…>`.
    pub fn is_hexadecimal(&self) -> bool {
        self.raw.first() == Some(&b'<')
    }

    fn inner(&self) -> &'a [u8] {
        match self.raw {
            [_, inner @ .., _] => inner,
            _ => &[],
        }
    }

    /// The bytes that the string represents.
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

    /// The bytes that hexadecimal digits represent. White space is skipped.
    pub(crate) fn decode_hexadecimal(digits: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(digits.len().div_ceil(2));
        append_hexadecimal(digits, &mut bytes);
        bytes
    }

    /// Appends the bytes that the string represents, without an allocation of its own.
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) {
        if self.is_hexadecimal() {
            append_hexadecimal(self.inner(), out);
        } else {
            append_literal(self.inner(), out);
        }
    }

    /// The instant that a date string states (ISO 32000-2, 7.9.4), if it has seconds. The time zone
    /// is UTC or an offset.
    pub fn date(&self) -> Option<UnixTime> {
        super::date::time(&self.bytes())
    }

    /// The characters of a text string (ISO 32000-2, 7.9.2.2): UTF-16BE or UTF-8 if it begins with
    /// their byte order mark, otherwise ASCII.
    ///
    /// Bytes of PDFDocEncoding above 127 become U+FFFD.
    pub fn text(&self) -> String {
        text(&self.bytes())
    }
}

/// The characters of a text string: see [`PdfString::text`].
pub(super) fn text(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        utf16_be(rest)
    } else if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        let character = |&byte: &u8| if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER };
        bytes.iter().map(character).collect()
    }
}

/// The string in UTF-16BE, with U+FFFD for what is not a character.
fn utf16_be(bytes: &[u8]) -> String {
    utf16_be_characters(bytes).collect()
}

/// The characters in UTF-16BE, with U+FFFD for what is not a character.
pub(crate) fn utf16_be_characters(bytes: &[u8]) -> impl Iterator<Item = char> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0xfffd,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn append_hexadecimal(digits: &[u8], out: &mut Vec<u8>) {
    // The lexer accepts only digits and white space.
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
        // Most glyphs are written as octal codes.
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

/// Appends the character after a backslash, and returns the rest (ISO 32000-2, 7.3.4.2).
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
