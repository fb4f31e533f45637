//! The tail of a letter: the token, the signature, the cross-reference table and the trailer.
//!
//! `letter = body ‖ tail`. The tail follows from the body, the token, the CMS and the room for the
//! CMS. The office writes it, and a verifier writes it again and compares, so that it need not be
//! interpreted. `docs/reference/pdf-profile.md`, section 3, describes it.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

use std::fmt::{self, Write as _};
use std::ops::Range;

use cqm_core::UnixTime;
use jiff::Timestamp;

use crate::TOKEN_NAME;

/// The beginning of the attachment, by which a verifier finds the end of the body.
pub(crate) const ATTACHMENT: &str = "<</Type/EmbeddedFile";

/// The key of the CMS in the signature dictionary.
pub(crate) const CONTENTS: &str = "/Contents";

/// The width of `/ByteRange`: `[0 a b c` with the widest offsets of a cross-reference table, padded
/// with spaces, and `]`.
const BYTE_RANGE_WIDTH: usize = 36;

/// The unit of the room for the CMS, and the most of it, in bytes of DER.
const ROOM_UNIT: usize = 1024;
const MOST_ROOM: usize = 64 * ROOM_UNIT;

/// The objects of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The byte offsets of the objects 1 to N.
    pub(crate) offsets: Vec<usize>,
    /// The byte offset after the last object, where the tail begins.
    pub(crate) end: usize,
}

impl Outline {
    /// The number N of objects, which is the number of the catalog.
    pub(crate) fn catalog(&self) -> usize {
        self.offsets.len()
    }

    /// The number of an object of the tail: 1 for N + 1.
    pub(crate) fn number(&self, after_catalog: usize) -> usize {
        self.catalog().saturating_add(after_catalog)
    }
}

/// The last entries of the catalog of a body with `catalog` objects: the references to attachment
/// and signature (ISO 32000-2, 14.13, 7.7.4, 12.7.3 and 12.8.6), and the extension that declares
/// the `/SubFilter` of PAdES in a PDF 1.7 (ETSI EN 319 142-1, 5.6).
pub(crate) fn catalog_entries(catalog: usize) -> String {
    let [file, field, signature] = [2, 3, 4].map(|after| catalog.saturating_add(after));
    format!(
        "/AF[{file} 0 R]/Names<</EmbeddedFiles<</Names[({TOKEN_NAME}){file} 0 R]>>>>\
         /AcroForm<</Fields[{field} 0 R]/SigFlags 3>>/Perms<</DocMDP {signature} 0 R>>\
         /Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"
    )
}

/// The room for the CMS in `/Contents`: a multiple of 1,024 bytes of DER, at most 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room(usize);

impl Room {
    /// The smallest room for a CMS of this length. `None` if it is too long for a letter.
    pub fn for_cms(length: usize) -> Option<Self> {
        Self::exactly(length.max(1).checked_next_multiple_of(ROOM_UNIT)?)
    }

    /// This number of bytes, if it is allowed as a room.
    pub(crate) fn exactly(length: usize) -> Option<Self> {
        ((ROOM_UNIT..=MOST_ROOM).contains(&length) && length.is_multiple_of(ROOM_UNIT)).then_some(Self(length))
    }

    /// The number of bytes.
    pub(crate) fn bytes(self) -> usize {
        self.0
    }
}

/// What the tail repeats from the body and the token.
#[derive(Clone, Copy, Debug)]
pub struct TailEntries<'a> {
    /// The SHA-256 digest of the body: `/ID`.
    pub body_sha256: [u8; 32],
    /// The claim `iat` of the token: `/M` and `/ModDate`.
    pub issued_at: UnixTime,
    /// The name of the signatory in the token: `/Name`.
    pub signatory: &'a str,
}

/// A part of the tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TailPart {
    /// The embedded file, which is the token.
    Attachment,
    /// The file specification.
    FileSpecification,
    /// The signature field with its widget.
    SignatureField,
    /// The signature dictionary, except the CMS.
    SignatureDictionary,
    /// The room of the CMS: its digits and its padding.
    Contents,
    /// The cross-reference table.
    CrossReference,
    /// The trailer and the end of the file.
    Trailer,
}

impl fmt::Display for TailPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attachment => "the attachment",
            Self::FileSpecification => "the file specification",
            Self::SignatureField => "the signature field",
            Self::SignatureDictionary => "the signature dictionary",
            Self::Contents => "/Contents",
            Self::CrossReference => "the cross-reference table",
            Self::Trailer => "the trailer",
        })
    }
}

/// The reason why a letter has no tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TailError {
    /// The time is before 1970, or later than a PDF date can state.
    #[error("the time {time} cannot be written as a date in a PDF")]
    TimeOutOfRange {
        /// The time to be written.
        time: UnixTime,
    },
    /// The CMS does not fit into `/Contents`.
    #[error("the CMS has {needed} bytes, but /Contents has room for {room}")]
    ContentsTooSmall {
        /// The length of the CMS in bytes.
        needed: usize,
        /// The room for it in bytes.
        room: usize,
    },
}

/// A tail that was written.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    /// The tail's bytes.
    pub(crate) bytes: Vec<u8>,
    /// The place of the string `/Contents` in `bytes`, with its angle brackets.
    pub(crate) contents: Range<usize>,
    /// Where each part ends in `bytes`.
    ends: Vec<(TailPart, usize)>,
}

impl Tail {
    /// Writes the tail of a letter.
    pub(crate) fn write(
        body: &Outline,
        token: &[u8],
        cms: &[u8],
        room: Room,
        entries: &TailEntries<'_>,
    ) -> Result<Self, TailError> {
        let date = date(entries.issued_at)?;
        let attachment = attachment(body.number(1), token, &date);
        let specification = file_specification(body);
        let field = signature_field(body);
        let before = signature_dictionary(body.number(4));
        let contents = contents(cms, room)?;
        let after = signature_entries(&date, entries.signatory);

        let signature = [before.len(), BYTE_RANGE_WIDTH, CONTENTS.len(), contents.len(), after.len()];
        let mut offsets = body.offsets.clone();
        let mut end = body.end;
        for length in [attachment.len(), specification.len(), field.len(), sum(&signature)] {
            offsets.push(end);
            end = end.saturating_add(length);
        }
        let table = cross_reference(&offsets);
        let trailer = trailer(body, end, &entries.body_sha256);
        let rest = sum(&[after.len(), table.len(), trailer.len()]);
        let gap_end = end.saturating_sub(after.len());
        let gap = gap_end.saturating_sub(contents.len())..gap_end;
        let before = [before.as_str(), &byte_range(&gap, rest), CONTENTS].concat();

        let gap = gap.start.saturating_sub(body.end)..gap.end.saturating_sub(body.end);
        let mut tail = Self { bytes: Vec::new(), contents: gap, ends: Vec::new() };
        tail.push(TailPart::Attachment, &attachment);
        tail.push(TailPart::FileSpecification, specification.as_bytes());
        tail.push(TailPart::SignatureField, field.as_bytes());
        tail.push(TailPart::SignatureDictionary, before.as_bytes());
        tail.push(TailPart::Contents, contents.as_bytes());
        tail.push(TailPart::SignatureDictionary, after.as_bytes());
        tail.push(TailPart::CrossReference, table.as_bytes());
        tail.push(TailPart::Trailer, trailer.as_bytes());
        Ok(tail)
    }

    fn push(&mut self, part: TailPart, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push((part, self.bytes.len()));
    }

    /// The part with this byte of the tail.
    pub(crate) fn part(&self, at: usize) -> TailPart {
        self.ends.iter().find(|(_, end)| at < *end).map_or(TailPart::Trailer, |(part, _)| *part)
    }
}

fn sum(lengths: &[usize]) -> usize {
    lengths.iter().fold(0, |sum, length| sum.saturating_add(*length))
}

/// The token as an embedded file (ISO 32000-2, 7.11.4), as it is.
fn attachment(number: usize, token: &[u8], date: &str) -> Vec<u8> {
    let size = token.len();
    let head = format!(
        "{number} 0 obj\n{ATTACHMENT}/Subtype/application#2Fjose/Params<</Size {size}/ModDate{date}>>\
         /Length {size}>>stream\n"
    );
    [head.as_bytes(), token, b"\nendstream\nendobj\n"].concat()
}

/// The file specification (ISO 32000-2, 7.11.3; ISO 19005-3, 6.8).
fn file_specification(body: &Outline) -> String {
    let (file, number) = (body.number(1), body.number(2));
    format!(
        "{number} 0 obj\n<</Type/Filespec/F({TOKEN_NAME})/UF({TOKEN_NAME})\
         /Desc(The certificate for machines: a signed token (JWS, RFC 7515))\
         /AFRelationship/Data/EF<</F {file} 0 R/UF {file} 0 R>>>>\nendobj\n"
    )
}

/// The signature field, merged with its widget, which is invisible. Its flags (ISO 32000-2, table
/// 167): it is printed, and viewers must not move or delete it.
fn signature_field(body: &Outline) -> String {
    let (number, value) = (body.number(3), body.number(4));
    format!(
        "{number} 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/V {value} 0 R>>\nendobj\n"
    )
}

/// The signature dictionary (ISO 32000-2, table 255; ETSI EN 319 142-1, 5.3) up to `/ByteRange`.
fn signature_dictionary(number: usize) -> String {
    format!("{number} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange")
}

/// The range of the bytes around `gap`, of which there are `rest` after it.
fn byte_range(gap: &Range<usize>, rest: usize) -> String {
    let range = format!("[0 {} {} {rest}", gap.start, gap.end);
    let width = BYTE_RANGE_WIDTH.saturating_sub(1);
    format!("{range:width$}]")
}

/// The CMS in lower-case hexadecimal digits, padded with zeros.
pub(crate) fn contents(cms: &[u8], room: Room) -> Result<String, TailError> {
    let room = room.bytes();
    if cms.len() > room {
        return Err(TailError::ContentsTooSmall { needed: cms.len(), room });
    }
    let width = room.saturating_mul(2);
    Ok(format!("<{:0<width$}>", base16ct::lower::encode_string(cms)))
}

/// The signature dictionary from `/Contents` on. DocMDP with P 1 permits no change at all (ISO
/// 32000-2, 12.8.2.2).
fn signature_entries(date: &str, signatory: &str) -> String {
    let name = text_string(signatory);
    format!(
        "/M{date}/Name{name}/Reason(Issued as a CQM certificate)\
         /Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]>>\n\
         endobj\n"
    )
}

/// The cross-reference table (ISO 32000-2, 7.5.4).
fn cross_reference(offsets: &[usize]) -> String {
    let size = offsets.len().saturating_add(1);
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for offset in offsets {
        // Writing to a string never fails.
        let _ = writeln!(table, "{offset:010} 00000 n ");
    }
    table
}

/// The trailer and the end of the file.
fn trailer(body: &Outline, table: usize, body_sha256: &[u8; 32]) -> String {
    let (size, catalog) = (body.number(5), body.catalog());
    let information = catalog.saturating_sub(1);
    let digest = base16ct::lower::encode_string(body_sha256);
    // The first 16 of the 32 bytes.
    let identifier = digest.get(..32).unwrap_or_default();
    format!(
        "trailer\n<</Size {size}/Root {catalog} 0 R/Info {information} 0 R/ID[<{identifier}><{identifier}>]>>\n\
         startxref\n{table}\n%%EOF\n"
    )
}

/// A text string (ISO 32000-2, 7.9.2.2): a literal string if no character needs an escape,
/// otherwise UTF-16BE in lower-case hexadecimal digits.
fn text_string(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'(' | b')' | b'\\')) {
        return format!("({text})");
    }
    let mut string = String::from("<feff");
    for unit in text.encode_utf16() {
        let _ = write!(string, "{unit:04x}");
    }
    string.push('>');
    string
}

/// A date string (ISO 32000-2, 7.9.4) in UTC.
fn date(time: UnixTime) -> Result<String, TailError> {
    let timestamp = Timestamp::from_second(time.seconds())
        .ok()
        .filter(|timestamp| timestamp.as_second() >= 0)
        .ok_or(TailError::TimeOutOfRange { time })?;
    Ok(timestamp.strftime("(D:%Y%m%d%H%M%SZ)").to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const ENTRIES: TailEntries<'_> =
        TailEntries { body_sha256: [0xab; 32], issued_at: UnixTime::new(1_683_331_200), signatory: "Bruno Parfum" };

    fn write(cms: &[u8], entries: &TailEntries<'_>) -> Result<Tail, TailError> {
        let body = Outline { offsets: vec![15, 100, 200], end: 300 };
        Tail::write(&body, b"eyJ.e30.c2ln", cms, Room::for_cms(1).unwrap(), entries)
    }

    #[test]
    fn the_tail_has_one_form() {
        let tail = write(b"\x30\x03\xab\xcd\xef", &ENTRIES).unwrap();
        let expected = [
            "4 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjose/Params<</Size 12/ModDate(D:20230506000000Z)>>\
             /Length 12>>stream\neyJ.e30.c2ln\nendstream\nendobj\n",
            "5 0 obj\n<</Type/Filespec/F(certificate.jwt)/UF(certificate.jwt)/Desc(The certificate for machines: \
             a signed token (JWS, RFC 7515))/AFRelationship/Data/EF<</F 4 0 R/UF 4 0 R>>>>\nendobj\n",
            "6 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/V 7 0 R>>\nendobj\n",
            "7 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange\
             [0 853 2903 493                    ]/Contents<3003abcdef",
            &"0".repeat(2048 - 10),
            ">/M(D:20230506000000Z)/Name(Bruno Parfum)/Reason(Issued as a CQM certificate)/Reference[<</Type/SigRef\
             /TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]>>\nendobj\n",
            "xref\n0 8\n0000000000 65535 f \n0000000015 00000 n \n0000000100 00000 n \n0000000200 00000 n \n\
             0000000300 00000 n \n0000000450 00000 n \n0000000634 00000 n \n0000000728 00000 n \n",
            "trailer\n<</Size 8/Root 3 0 R/Info 2 0 R/ID[<abababababababababababababababab>\
             <abababababababababababababababab>]>>\nstartxref\n3091\n%%EOF\n",
        ]
        .concat();
        assert_eq!(String::from_utf8(tail.bytes.clone()).unwrap(), expected);
        assert_eq!(&tail.bytes[tail.contents.clone()][..3], b"<30");
        assert_eq!((tail.contents.start + 300, tail.contents.end + 300), (853, 2903));
        assert_eq!(tail.part(0), TailPart::Attachment);
        assert_eq!(tail.part(tail.contents.start - 1), TailPart::SignatureDictionary);
        assert_eq!(tail.part(tail.contents.start), TailPart::Contents);
        assert_eq!(tail.part(tail.contents.end), TailPart::SignatureDictionary);
        assert_eq!(tail.part(tail.bytes.len()), TailPart::Trailer);
    }

    #[test]
    fn names_in_one_encoding() {
        assert_eq!(text_string("O'Brien"), "(O'Brien)");
        assert_eq!(text_string("Zoë"), "<feff005a006f00eb>");
        assert_eq!(text_string("a(b"), "<feff006100280062>");
        assert_eq!(text_string("😀\\"), "<feffd83dde00005c>");
    }

    #[test]
    fn rooms_and_times_have_bounds() {
        let room = |length| Room::for_cms(length).map(Room::bytes);
        assert_eq!([0, 1, 1024, 1025, 65_536].map(room), [1024, 1024, 1024, 2048, 65_536].map(Some));
        assert_eq!([65_537, usize::MAX].map(room), [None; 2]);
        assert!(write(&[1; 1024], &ENTRIES).is_ok());
        let error = write(&[1; 1025], &ENTRIES).unwrap_err();
        assert_eq!(error, TailError::ContentsTooSmall { needed: 1025, room: 1024 });
        for (seconds, accepted) in [(0, true), (-1, false), (i64::MAX, false)] {
            let entries = TailEntries { issued_at: UnixTime::new(seconds), ..ENTRIES };
            assert_eq!(write(&[], &entries).is_ok(), accepted, "{seconds}");
        }
    }
}
