//! Reads the elements of an encoding (X.690) as slices of the original bytes, and encodes DER.
//!
//! Signatures and fingerprints cover the original bytes. Decoders that build values lose them,
//! because they sort sets and normalise. So whatever is hashed or compared is read with
//! [`Elements`].
//!
//! Only a foreign CMS may be BER and is read under [`Rules::Ber`]: lengths may be indefinite or
//! longer than necessary, and octet strings may have segments. Everything else must be DER.

use std::borrow::Cow;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xa0;
/// `[1]`, constructed.
pub(crate) const CONTEXT_1: u8 = 0xa1;

/// `[0]`, primitive.
pub(crate) const CONTEXT_0_PRIMITIVE: u8 = 0x80;

/// The tag bit that marks an element as constructed.
const CONSTRUCTED: u8 = 0x20;
/// The greatest depth of elements of indefinite length, or of segments of octet strings.
const MAX_DEPTH: usize = 16;

/// The accepted encodings: only DER, or all of BER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    Der,
    Ber,
}

/// Bytes that are not the expected encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DerError {
    #[error("the encoding ends early")]
    Truncated,
    #[error("a length has a wrong encoding")]
    Length,
    #[error("elements of indefinite length, or segments, are nested too deeply")]
    Depth,
    #[error("bytes follow the end")]
    Trailing,
    #[error("found the tag 0x{found:02x}, expected 0x{expected:02x}")]
    Tag { found: u8, expected: u8 },
    #[error("a value has a wrong encoding")]
    Value,
}

/// One element. `raw` is the whole element: tag, length, content and, for an indefinite length, the
/// end marker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// A reader of consecutive elements.
#[derive(Debug, Clone)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
    rules: Rules,
}

impl<'a> Elements<'a> {
    /// Reads elements in DER.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self::under(Rules::Der, bytes)
    }

    pub(crate) fn under(rules: Rules, bytes: &'a [u8]) -> Self {
        Self { rest: bytes, rules }
    }

    /// Reads the content of `bytes`, which must be a single element in DER.
    pub(crate) fn only(bytes: &'a [u8], tag: u8) -> Result<Self, DerError> {
        Self::only_under(Rules::Der, bytes, tag)
    }

    pub(crate) fn only_under(rules: Rules, bytes: &'a [u8], tag: u8) -> Result<Self, DerError> {
        let mut elements = Self::under(rules, bytes);
        let content = elements.enter(tag)?;
        elements.finish()?;
        Ok(content)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The bytes that are not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn next(&mut self) -> Result<Element<'a>, DerError> {
        let start = self.rest;
        let (header, after) = Header::read(start, self.rules)?;
        let (value, after) = match header.length {
            Some(length) => after.split_at_checked(length).ok_or(DerError::Truncated)?,
            None => split_indefinite(after)?,
        };
        self.rest = after;
        let raw = start.len().checked_sub(after.len()).and_then(|taken| start.get(..taken)).ok_or(DerError::Length)?;
        Ok(Element { tag: header.tag, value, raw })
    }

    /// Reads the next element, which must have this tag.
    pub(crate) fn element(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        let element = self.next()?;
        if element.tag != tag {
            return Err(DerError::Tag { found: element.tag, expected: tag });
        }
        Ok(element)
    }

    /// Reads the content of the next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<&'a [u8], DerError> {
        Ok(self.element(tag)?.value)
    }

    /// Reads the elements inside the next element, which must have this tag.
    pub(crate) fn enter(&mut self, tag: u8) -> Result<Self, DerError> {
        Ok(Self::under(self.rules, self.expect(tag)?))
    }

    /// Reads the octets of the next element, an octet string with this tag.
    pub(crate) fn octets(&mut self, tag: u8) -> Result<Cow<'a, [u8]>, DerError> {
        let element = self.next()?;
        if element.tag == tag {
            return Ok(Cow::Borrowed(element.value));
        }
        if self.rules == Rules::Ber && element.tag == tag | CONSTRUCTED {
            let mut octets = Vec::new();
            join_segments(Self::under(self.rules, element.value), &mut octets, 0)?;
            return Ok(Cow::Owned(octets));
        }
        Err(DerError::Tag { found: element.tag, expected: tag })
    }

    /// Reads the next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        match self.rest.first() {
            Some(&found) if found == tag => self.next().map(Some),
            _ => Ok(None),
        }
    }

    pub(crate) fn finish(self) -> Result<(), DerError> {
        if self.is_empty() { Ok(()) } else { Err(DerError::Trailing) }
    }
}

/// The tag and the length before the content of an element.
struct Header {
    tag: u8,
    /// `None` if indefinite: the content ends before two zeros.
    length: Option<usize>,
}

impl Header {
    fn read(bytes: &[u8], rules: Rules) -> Result<(Self, &[u8]), DerError> {
        let (&tag, rest) = bytes.split_first().ok_or(DerError::Truncated)?;
        // Nothing that is read here has tag numbers above 30.
        if tag & 0x1f == 0x1f {
            return Err(DerError::Value);
        }
        let (&first, rest) = rest.split_first().ok_or(DerError::Truncated)?;
        let (length, rest) = match first {
            0..=0x7f => (Some(usize::from(first)), rest),
            0x80 if rules == Rules::Ber && tag & CONSTRUCTED != 0 => (None, rest),
            0x81..=0x84 => {
                let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f)).ok_or(DerError::Truncated)?;
                let length = octets
                    .iter()
                    .try_fold(0_u32, |length, &octet| Some(length.checked_mul(256)? | u32::from(octet)))
                    .ok_or(DerError::Length)?;
                let shortest = octets.first() != Some(&0) && length > 0x7f;
                if rules == Rules::Der && !shortest {
                    return Err(DerError::Length);
                }
                (Some(usize::try_from(length).map_err(|_| DerError::Length)?), rest)
            }
            _ => return Err(DerError::Length),
        };
        Ok((Self { tag, length }, rest))
    }
}

/// Returns the content of an element of indefinite length, and the bytes after the two zeros that
/// end it.
fn split_indefinite(bytes: &[u8]) -> Result<(&[u8], &[u8]), DerError> {
    let mut rest = bytes;
    let mut open = 1_usize;
    loop {
        let before = rest;
        let (header, after) = Header::read(rest, Rules::Ber)?;
        rest = match header {
            Header { tag: 0, length: Some(0) } => {
                open = open.saturating_sub(1);
                after
            }
            Header { tag: 0, .. } => return Err(DerError::Value),
            Header { length: Some(length), .. } => after.get(length..).ok_or(DerError::Truncated)?,
            Header { length: None, .. } => {
                open = open.saturating_add(1);
                after
            }
        };
        if open == 0 {
            let length = bytes.len().checked_sub(before.len()).ok_or(DerError::Length)?;
            return Ok((bytes.get(..length).ok_or(DerError::Length)?, rest));
        }
        if open > MAX_DEPTH {
            return Err(DerError::Depth);
        }
    }
}

/// Appends the segments of an octet string.
fn join_segments(mut segments: Elements<'_>, octets: &mut Vec<u8>, depth: usize) -> Result<(), DerError> {
    if depth > MAX_DEPTH {
        return Err(DerError::Depth);
    }
    while !segments.is_empty() {
        let segment = segments.next()?;
        if segment.tag == OCTET_STRING {
            octets.extend_from_slice(segment.value);
        } else if segment.tag == OCTET_STRING | CONSTRUCTED {
            join_segments(Elements::under(segments.rules, segment.value), octets, depth.saturating_add(1))?;
        } else {
            return Err(DerError::Tag { found: segment.tag, expected: OCTET_STRING });
        }
    }
    Ok(())
}

/// Checks that elements at every depth are DER: definite lengths in their shortest form, and no
/// strings in segments. Values and the order of sets are not checked.
pub(crate) fn check_der(bytes: &[u8]) -> Result<(), DerError> {
    fn check(bytes: &[u8], depth: usize) -> Result<(), DerError> {
        /// Signed attributes are never as deep.
        const MAX_DEPTH: usize = 64;
        if depth > MAX_DEPTH {
            return Err(DerError::Depth);
        }
        let mut elements = Elements::new(bytes);
        while !elements.is_empty() {
            let element = elements.next()?;
            let universal = element.tag & 0xc0 == 0;
            let constructed = element.tag & CONSTRUCTED != 0;
            // Of the universal types, only SEQUENCE and SET consist of elements.
            if universal && constructed != matches!(element.tag, SEQUENCE | SET) {
                return Err(DerError::Value);
            }
            if constructed {
                check(element.value, depth.saturating_add(1))?;
            }
        }
        Ok(())
    }
    check(bytes, 0)
}

/// Returns the octets of a `BIT STRING` without unused bits.
pub(crate) fn bit_string_octets(value: &[u8]) -> Result<&[u8], DerError> {
    match value.split_first() {
        Some((0, octets)) => Ok(octets),
        _ => Err(DerError::Value),
    }
}

/// Encodes an element whose content is the concatenated parts.
pub(crate) fn encode(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let octets = length.to_be_bytes();
    let significant = octets.iter().position(|&octet| octet != 0).and_then(|zeros| octets.get(zeros..)).unwrap_or(&[]);
    let mut out = Vec::with_capacity(length.saturating_add(6));
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            // A length has at most eight octets.
            out.push(0x80 | u8::try_from(significant.len()).unwrap_or(0));
            out.extend_from_slice(significant);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Encodes a `SET OF`, with its elements in the order of their encodings.
pub(crate) fn encode_set_of(tag: u8, mut elements: Vec<&[u8]>) -> Vec<u8> {
    elements.sort_unstable();
    encode(tag, &elements)
}
