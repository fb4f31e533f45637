//! A letter in its parts: body, token, CMS. The rest of the tail is compared, never interpreted.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::layout::Body;
use super::problem::{Problem, ProblemKind};
use crate::Limits;
use crate::any::AnyPdf;
use crate::syntax::{Document, PdfString, Position, ReadErrorKind};
use crate::tail::{ATTACHMENT, CONTENTS, Outline, Room, Tail, TailEntries};

/// The parts of a letter. None of them is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    file: &'a [u8],
    outline: Outline,
    token: &'a [u8],
    /// The place of the string `/Contents`, with its angle brackets.
    contents: Range<usize>,
    room: Room,
    cms: Vec<u8>,
    has_long_term_data: bool,
}

/// The tail of a file, compared with the only tail that its body, token and CMS allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The difference. `None` if the file ends with this tail.
    pub problem: Option<Problem>,
    /// The byte offset at which the letter ends, whatever follows it.
    pub end: usize,
}

impl<'a> Parts<'a> {
    /// Finds token and CMS behind the body.
    pub(super) fn find(body: &Body<'a>) -> Result<Self, Problem> {
        let (file, outline) = (body.document.bytes(), body.outline.clone());
        let at = Position::Offset(outline.end);
        let missing = |what: &str| Problem::new(ProblemKind::Tail, at, format!("no {what} after the pages"));
        let begin = format!("{} 0 obj\n{ATTACHMENT}", outline.number(1));
        if !file.get(outline.end..).is_some_and(|rest| rest.starts_with(begin.as_bytes())) {
            return Err(missing("attachment"));
        }
        let find = |from: usize, word: &[u8]| {
            let place = memmem::find(file.get(from..)?, word)?;
            from.checked_add(place)?.checked_add(word.len())
        };
        let token = find(outline.end, b"stream\n").and_then(|start| {
            let rest = file.get(start..)?;
            rest.get(..memchr(b'\n', rest)?)
        });
        let token = token.ok_or_else(|| missing("token"))?;
        let digits = find(outline.end.saturating_add(token.len()), format!("{CONTENTS}<").as_bytes())
            .and_then(|start| Some((start, memchr(b'>', file.get(start..)?)?)))
            .and_then(|(start, length)| Some((start, file.get(start..start.checked_add(length)?)?)));
        let (start, digits) = digits.ok_or_else(|| missing("/Contents"))?;
        let contents = start.saturating_sub(1)..start.saturating_add(digits.len()).saturating_add(1);
        let cms = cms(digits).ok_or_else(|| missing("CMS"))?;
        let room = Room::exactly(digits.len() / 2).ok_or_else(|| missing("/Contents with the room for a CMS"))?;
        Ok(Self { file, outline, token, contents, room, cms, has_long_term_data: false })
    }

    pub(super) fn with_long_term_data(self, has_long_term_data: bool) -> Self {
        Self { has_long_term_data, ..self }
    }

    /// The header and the letter's own objects: what the token vouches for.
    pub fn body(&self) -> &'a [u8] {
        self.file.get(..self.outline.end).unwrap_or_default()
    }

    /// The certificate token.
    pub fn token(&self) -> &'a [u8] {
        self.token
    }

    /// The DER of the CMS, without the padding.
    pub fn cms(&self) -> &[u8] {
        &self.cms
    }

    /// The parts of the tail that the signature of a letter that ends at `end` covers. With the
    /// body before them, they are the whole letter except `/Contents`.
    pub fn signed_tail(&self, end: usize) -> [&'a [u8]; 2] {
        let part = |range| self.file.get(range).unwrap_or_default();
        [part(self.outline.end..self.contents.start), part(self.contents.end..end)]
    }

    /// Writes the tail again, and compares it with the one of the file.
    pub fn compare(&self, entries: &TailEntries<'_>) -> Comparison {
        let end = self.file.len();
        if self.has_long_term_data {
            let what = "data for long-term validation, which this version cannot check";
            let problem = Problem::new(ProblemKind::LongTermData, Position::File, what);
            return Comparison { problem: Some(problem), end };
        }
        let found = self.file.get(self.outline.end..).unwrap_or_default();
        let written = match Tail::write(&self.outline, self.token, &self.cms, self.room, entries) {
            Ok(written) => written,
            Err(error) => {
                let at = Position::Offset(self.outline.end);
                return Comparison { problem: Some(Problem::new(ProblemKind::Tail, at, error.to_string())), end };
            }
        };
        if found == written.bytes {
            return Comparison { problem: None, end };
        }
        let at = |tail: usize| self.outline.end.saturating_add(tail);
        let same = written.bytes.iter().zip(found).take_while(|(written, found)| written == found).count();
        let letter_end = at(written.bytes.len());
        if same == written.bytes.len() {
            let more = end.saturating_sub(letter_end);
            let what = format!("{more} bytes after the end of the letter");
            let problem = Problem::new(ProblemKind::ModifiedAfterSigning, Position::Offset(letter_end), what);
            return Comparison { problem: Some(problem), end: letter_end };
        }
        let problem = if same == found.len() {
            let what = format!("the file ends in {}", written.part(same));
            Problem::new(ProblemKind::Truncated, Position::Offset(end), what)
        } else {
            let what = format!("{} differs from the only one that this letter can have", written.part(same));
            Problem::new(ProblemKind::Tail, Position::Offset(at(same)), what)
        };
        Comparison { problem: Some(problem), end }
    }
}

/// The CMS at the beginning of the digits of `/Contents`.
fn cms(digits: &[u8]) -> Option<Vec<u8>> {
    // Most of the digits are padding, so only the value is decoded.
    let header = PdfString::decode_hexadecimal(digits.get(..12).unwrap_or(digits));
    Some(PdfString::decode_hexadecimal(digits.get(..der_length(&header)?.checked_mul(2)?)?))
}

/// The length of the DER sequence at the start of `bytes`, header included (X.690, 8.1.3 and 10.1).
fn der_length(bytes: &[u8]) -> Option<usize> {
    let (&[0x30, first], rest) = bytes.split_first_chunk::<2>()? else { return None };
    if first < 0x80 {
        return usize::from(first).checked_add(2);
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) {
        return None;
    }
    let length = rest.get(..count)?.iter().fold(0_u64, |length, &byte| (length << 8) | u64::from(byte));
    usize::try_from(length).ok()?.checked_add(2)?.checked_add(count)
}

/// The problem of a file that is not a letter in its parts: `found`, or what explains it better.
pub(super) fn explain(file: &[u8], limits: &Limits, found: Problem) -> Problem {
    let is_unsigned =
        || AnyPdf::open(file, limits).and_then(|pdf| pdf.signatures()).is_ok_and(|signatures| signatures.is_empty());
    match Document::open(file, limits) {
        // Also if an empty password opens the file: a letter is never encrypted.
        Err(error)
            if matches!(
                error.kind(),
                ReadErrorKind::Truncated(_) | ReadErrorKind::Encrypted | ReadErrorKind::Limit(_)
            ) =>
        {
            error.into()
        }
        Ok(_) if is_unsigned() => Problem::new(ProblemKind::Unsigned, Position::File, "no signature"),
        _ => found,
    }
}
