//! Signature fields, signature dictionaries and their coverage (ISO 32000-2, 12.7.5.5 and 12.8).

use std::collections::BTreeSet;
use std::ops::Range;

use cqm_core::UnixTime;

use super::passable;
use super::revision::{self, Changes};
use crate::syntax::limits::Limit;
use crate::syntax::{Dictionary, Document, Entry, Object, PdfString, Position, ReadError, ReadErrorKind, Reference};

/// The most characters of a field's own name. Its kids repeat them.
const LONGEST_NAME: usize = 100;

/// A signature dictionary as the file has it, with the name of its field. Nothing in it is verified
/// yet.
#[derive(Clone, Debug)]
pub struct AnySignature {
    /// The fully qualified name of the signature field.
    pub field: String,
    /// `/SubFilter`, the encoding of the signature.
    pub sub_filter: Option<String>,
    /// `/M`, the claimed time of signing.
    pub signing_time: Option<UnixTime>,
    /// The octets of `/Contents`, with the padding after the signature.
    pub contents: Vec<u8>,
    /// The part of the file that `/ByteRange` covers.
    pub coverage: Coverage,
}

/// The part of a file that a signature covers.
#[derive(Clone, Debug)]
pub enum Coverage {
    /// Every byte of the file except `/Contents`.
    WholeFile {
        /// The place of `/Contents`, delimiters included.
        gap: Range<usize>,
    },
    /// An earlier revision of the file.
    Revision {
        /// The place of `/Contents`, delimiters included.
        gap: Range<usize>,
        /// The byte at which the revision ends.
        end: usize,
        /// The changes after it.
        changes: Changes,
    },
    /// `/ByteRange` is not `[0 a b c]` around exactly its own `/Contents` to the end of a revision.
    Wrong {
        /// The difference. Lowercase, without a full stop.
        reason: String,
    },
}

impl AnySignature {
    /// The two parts of the file that the signature covers.
    pub fn signed_ranges<'a>(&self, file: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        let (gap, end) = match &self.coverage {
            Coverage::WholeFile { gap } => (gap, file.len()),
            Coverage::Revision { gap, end, .. } => (gap, *end),
            Coverage::Wrong { .. } => return None,
        };
        Some([file.get(..gap.start)?, file.get(gap.end..end)?])
    }

    /// The number of bytes from the first one on that the signature covers, `/Contents` included.
    pub fn covered_until(&self, file: &[u8]) -> Option<usize> {
        match self.coverage {
            Coverage::WholeFile { .. } => Some(file.len()),
            Coverage::Revision { end, .. } => Some(end),
            Coverage::Wrong { .. } => None,
        }
    }
}

pub(super) fn find(document: &Document<'_>) -> Result<Vec<AnySignature>, ReadError> {
    let mut finder = Finder { document, seen: BTreeSet::new(), found: Vec::new() };
    let catalog = document.catalog()?;
    let form = document.lookup(&catalog, b"AcroForm")?;
    if let Some(form) = form.as_dictionary() {
        let fields = document.lookup(form, b"Fields")?;
        for field in fields.as_array().unwrap_or_default() {
            finder.field(field, "", None, document.limits().depth)?;
        }
    }
    Ok(finder.found)
}

struct Finder<'d> {
    document: &'d Document<'d>,
    seen: BTreeSet<Reference>,
    found: Vec<AnySignature>,
}

impl Finder<'_> {
    /// Reads a field and its kids. `holder` is the object that contains the field.
    fn field(
        &mut self,
        field: &Object<'_>,
        parent: &str,
        holder: Option<Reference>,
        depth: usize,
    ) -> Result<(), ReadError> {
        let document = self.document;
        let holder = field.as_reference().or(holder);
        if let Some(reference) = field.as_reference()
            && !self.seen.insert(reference)
        {
            return Ok(());
        }
        let field = document.resolve(field)?;
        let Some(field) = field.as_dictionary() else { return Ok(()) };
        let number = holder.map(|holder| holder.number);
        let partial = passable(document.text_string(field, b"T", number))?.flatten().unwrap_or_default();
        let partial: String = partial.chars().take(LONGEST_NAME).collect();
        let name = match (parent, partial.as_str()) {
            ("", _) | (_, "") => format!("{parent}{partial}"),
            _ => format!("{parent}.{partial}"),
        };
        // A value with a byte range is a signature, whatever the type of the field.
        if let Some(value) = field.get(b"V") {
            let object = value.as_reference();
            let fresh = object.is_none_or(|object| self.seen.insert(object));
            let value = document.resolve(value)?;
            if let Some(value) = value.as_dictionary()
                && (value.get(b"ByteRange").is_some() || field.name(b"FT") == Some(b"Sig"))
                && fresh
            {
                if self.found.len() >= document.limits().signatures {
                    let at = object.map_or(Position::File, |object| Position::Object(object.number));
                    return Err(ReadError::new(ReadErrorKind::Limit(Limit::Signatures), at));
                }
                let signature = self.signature(value, name.clone(), object.or(holder))?;
                self.found.push(signature);
            }
        }
        let kids = document.lookup(field, b"Kids")?;
        let kids = kids.as_array().unwrap_or_default();
        if !kids.is_empty() {
            let at = holder.map_or(Position::File, |holder| Position::Object(holder.number));
            let depth = depth.checked_sub(1).ok_or(ReadError::new(ReadErrorKind::Limit(Limit::Depth), at))?;
            for kid in kids {
                self.field(kid, &name, holder, depth)?;
            }
        }
        Ok(())
    }

    fn signature(
        &self,
        value: &Dictionary<'_>,
        field: String,
        holder: Option<Reference>,
    ) -> Result<AnySignature, ReadError> {
        let document = self.document;
        let name = document.lookup(value, b"SubFilter")?;
        let sub_filter = name.as_name().map(|name| String::from_utf8_lossy(name).into_owned());
        let signing_time = passable(document.date(value, b"M", holder.map(|holder| holder.number)))?.flatten();
        let range = document.lookup(value, b"ByteRange")?;
        let contents = value.get(b"Contents").and_then(Object::as_string);
        let coverage = match contents {
            Some(contents) => self.coverage(contents, range.as_array().unwrap_or_default(), holder)?,
            None => {
                Coverage::Wrong { reason: "/Contents is not a string in the signature dictionary itself".to_owned() }
            }
        };
        let contents = contents.map(|contents| contents.bytes().into_owned()).unwrap_or_default();
        Ok(AnySignature { field, sub_filter, signing_time, contents, coverage })
    }

    fn coverage(
        &self,
        contents: &PdfString<'_>,
        range: &[Object<'_>],
        holder: Option<Reference>,
    ) -> Result<Coverage, ReadError> {
        let wrong = |reason: String| Ok(Coverage::Wrong { reason });
        let file = self.document.bytes();
        let numbers: Option<Vec<usize>> = range
            .iter()
            .take(5)
            .map(|number| number.as_integer().and_then(|number| usize::try_from(number).ok()))
            .collect();
        let Some(&[0, start, stop, rest]) = numbers.as_deref() else {
            return wrong("/ByteRange is not of the form [0 a b c]".to_owned());
        };
        // In an object stream the offset of the string is not an offset in the file.
        let in_file = holder.is_some_and(|holder| matches!(self.document.entry(holder.number), Entry::Offset { .. }));
        let gap = start..stop;
        if !in_file || !contents.is_hexadecimal() || file.get(gap.clone()) != Some(contents.raw()) {
            return wrong(format!(
                "/ByteRange omits the bytes {start} to {stop}, which are not exactly its own /Contents"
            ));
        }
        if contents.offset() != start {
            return wrong(format!("/ByteRange omits byte {start}, but /Contents is at byte {}", contents.offset()));
        }
        let digits = contents.raw().get(1..contents.raw().len().saturating_sub(1)).unwrap_or_default();
        if digits.len() % 2 != 0 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return wrong("/Contents has other characters than pairs of hexadecimal digits".to_owned());
        }
        let Some(end) = stop.checked_add(rest).filter(|end| *end <= file.len()) else {
            return wrong(format!("/ByteRange ends beyond the end of the file, which has {} bytes", file.len()));
        };
        if end == file.len() && revision::is_whole(self.document) {
            return Ok(Coverage::WholeFile { gap });
        }
        match revision::changes_after(self.document, end)? {
            Some(changes) => Ok(Coverage::Revision { gap, end, changes }),
            None => wrong(format!("/ByteRange ends at byte {end}, where no revision of the file ends")),
        }
    }
}
