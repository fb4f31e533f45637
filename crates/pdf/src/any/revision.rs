//! Revisions of a file, and the changes after a revision (ISO 32000-2, 7.5.6).

use std::fmt;

use crate::syntax::{Document, Entry, Object, ReadError, ReadErrorKind, Reference, is_whitespace};

/// The most changed objects that are described. The others are only counted.
const MOST_DESCRIBED: usize = 12;

/// The changes after a revision of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The number of bytes after the revision.
    pub bytes: usize,
    /// The number of objects that differ from those of the revision.
    pub objects: usize,
    /// The first of them.
    pub described: Vec<ChangedObject>,
}

/// An object that a later revision changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedObject {
    /// The object number.
    pub number: u32,
    /// The kind of change.
    pub change: Change,
    /// `/Type`, `/FT` and `/Subtype` of the object, or of the removed object. Empty if it has none
    /// of them.
    pub kind: String,
}

/// The kind of change of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It did not exist before.
    Added,
    /// It is at another place in the file, perhaps with other content.
    Replaced,
    /// It no longer exists.
    Removed,
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes)?;
        for (index, object) in self.described.iter().enumerate() {
            let change = match object.change {
                Change::Added => "added",
                Change::Replaced => "replaced",
                Change::Removed => "removed",
            };
            let before = if index == 0 { ": " } else { ", " };
            write!(f, "{before}{change} object {}", object.number)?;
            if !object.kind.is_empty() {
                write!(f, " ({})", object.kind)?;
            }
        }
        match self.objects.saturating_sub(self.described.len()) {
            0 => Ok(()),
            others => write!(f, " and {others} more"),
        }
    }
}

/// Returns whether the file ends as a revision does: with `startxref`, the offset of a section,
/// `%%EOF`, and nothing else but white space.
pub(super) fn is_whole(document: &Document<'_>) -> bool {
    let after = document.end_of_file_marker().saturating_add(b"%%EOF".len());
    document.bytes().get(after..).is_some_and(|rest| rest.iter().copied().all(is_whitespace))
}

/// The changes after the revision that ends at this byte, or `None` if no revision ends there.
pub(super) fn changes_after(document: &Document<'_>, end: usize) -> Result<Option<Changes>, ReadError> {
    let Some(bytes) = document.bytes().get(..end) else { return Ok(None) };
    let revision = match Document::open_with_empty_password(bytes, document.limits()) {
        Ok(revision) if is_whole(&revision) => revision,
        Err(error) if matches!(error.kind(), ReadErrorKind::Limit(_)) => return Err(error),
        Ok(_) | Err(_) => return Ok(None),
    };
    let bytes = document.bytes().len().saturating_sub(end);
    let mut changes = Changes { bytes, objects: 0, described: Vec::new() };
    let count = document.entries().len().max(revision.entries().len());
    for number in (0..count).filter_map(|number| u32::try_from(number).ok()) {
        let [before, now] = [&revision, document].map(|file| file.entry(number));
        let change = match (exists(before), exists(now)) {
            _ if before == now => continue,
            (false, false) => continue,
            (false, true) => Change::Added,
            (true, true) => Change::Replaced,
            (true, false) => Change::Removed,
        };
        changes.objects = changes.objects.saturating_add(1);
        if changes.described.len() < MOST_DESCRIBED {
            let kind = if change == Change::Removed { kind(&revision, number) } else { kind(document, number) };
            changes.described.push(ChangedObject { number, change, kind });
        }
    }
    Ok(Some(changes))
}

fn exists(entry: Entry) -> bool {
    matches!(entry, Entry::Offset { .. } | Entry::Compressed { .. })
}

/// `/Type`, `/FT` and `/Subtype` of an object.
fn kind(document: &Document<'_>, number: u32) -> String {
    let generation = match document.entry(number) {
        Entry::Offset { generation, .. } => generation,
        _ => 0,
    };
    let Ok(object) = document.object(Reference { number, generation }) else { return "unreadable".to_owned() };
    let dictionary = match &object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dictionary,
        _ => return String::new(),
    };
    let names = [&b"Type"[..], b"FT", b"Subtype"].into_iter().filter_map(|key| dictionary.name(key));
    let names: Vec<_> =
        names.map(|name| String::from_utf8_lossy(name.get(..40).unwrap_or(name)).into_owned()).collect();
    names.join(" ")
}
