//! X.690: the elements of a DER encoding as slices of the original bytes, and the way back.
//!
//! Signatures and fingerprints cover bytes as they came, and decoders that build values lose them: they sort sets and
//! normalise. So whatever is hashed or compared is cut out with [`Elements`].

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

/// The bytes are not the DER that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DerError {
    #[error("the encoding ends early")]
    Truncated,
    #[error("a length is not encoded as DER asks")]
    Length,
    #[error("bytes follow the end")]
    Trailing,
    #[error("found the tag 0x{found:02x}, expected 0x{expected:02x}")]
    Tag { found: u8, expected: u8 },
    #[error("a value is not encoded as DER asks")]
    Value,
}

/// One element: its tag, its content, and both with the length between as they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// The elements that stand one after the other in some bytes.
#[derive(Debug, Clone)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The content of the one element that `bytes` are.
    pub(crate) fn only(bytes: &'a [u8], tag: u8) -> Result<Self, DerError> {
        let mut elements = Self::new(bytes);
        let value = elements.expect(tag)?;
        elements.finish()?;
        Ok(Self::new(value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn next(&mut self) -> Result<Element<'a>, DerError> {
        let start = self.rest;
        let (&tag, rest) = start.split_first().ok_or(DerError::Truncated)?;
        // Tag numbers above 30 occur in nothing that is read here.
        if tag & 0x1f == 0x1f {
            return Err(DerError::Value);
        }
        let (&first, mut rest) = rest.split_first().ok_or(DerError::Truncated)?;
        let length = match first {
            0..=0x7f => usize::from(first),
            0x81..=0x84 => {
                let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f)).ok_or(DerError::Truncated)?;
                rest = after;
                let length = octets
                    .iter()
                    .try_fold(0_u32, |length, &octet| Some(length.checked_mul(256)? | u32::from(octet)))
                    .ok_or(DerError::Length)?;
                let shortest = octets.first() != Some(&0) && length > 0x7f;
                if !shortest {
                    return Err(DerError::Length);
                }
                usize::try_from(length).map_err(|_| DerError::Length)?
            }
            _ => return Err(DerError::Length),
        };
        let (value, after) = rest.split_at_checked(length).ok_or(DerError::Truncated)?;
        self.rest = after;
        let raw = start.len().checked_sub(after.len()).and_then(|taken| start.get(..taken)).ok_or(DerError::Length)?;
        Ok(Element { tag, value, raw })
    }

    /// The next element, which must have this tag.
    pub(crate) fn element(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        let element = self.next()?;
        if element.tag != tag {
            return Err(DerError::Tag { found: element.tag, expected: tag });
        }
        Ok(element)
    }

    /// The content of the next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<&'a [u8], DerError> {
        Ok(self.element(tag)?.value)
    }

    /// The next element if it has this tag.
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

/// The octets of a `BIT STRING` whose bits fill them.
pub(crate) fn bit_string_octets(value: &[u8]) -> Result<&[u8], DerError> {
    match value.split_first() {
        Some((0, octets)) => Ok(octets),
        _ => Err(DerError::Value),
    }
}

/// An element with this tag, whose content is the parts in their order.
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

/// A `SET OF` in DER: its elements in the order of their encodings.
pub(crate) fn encode_set_of(tag: u8, mut elements: Vec<&[u8]>) -> Vec<u8> {
    elements.sort_unstable();
    encode(tag, &elements)
}
