//! The dictionary entries that cross-reference tables and streams have in common (ISO 32000-2,
//! 7.5.5).

use crate::syntax::{Dictionary, Position, ReadError, ReadErrorKind};

/// The value of a key that is a byte offset in the file, if the key is present.
pub(super) fn offset_entry(
    trailer: &Dictionary<'_>,
    key: &[u8],
    bytes: &[u8],
    at: Position,
) -> Result<Option<usize>, ReadError> {
    let Some(value) = trailer.get(key) else { return Ok(None) };
    value
        .as_integer()
        .and_then(|offset| usize::try_from(offset).ok())
        .filter(|&offset| offset < bytes.len())
        .map(Some)
        .ok_or(ReadError::new(ReadErrorKind::Xref("an offset in the trailer is not inside the file"), at))
}

/// `/Size` of the trailer, which every object number of its section is below.
pub(super) fn size(trailer: &Dictionary<'_>, at: Position) -> Result<usize, ReadError> {
    trailer
        .get(b"Size")
        .and_then(|size| usize::try_from(size.as_integer()?).ok())
        .ok_or(ReadError::new(ReadErrorKind::Xref("no valid /Size"), at))
}

/// Checks that the highest object number of a section is below its `/Size`.
pub(super) fn check_size(trailer: &Dictionary<'_>, highest: Option<u32>, at: Position) -> Result<(), ReadError> {
    let size = size(trailer, at)?;
    match highest {
        Some(highest) if usize::try_from(highest).map_or(true, |highest| highest >= size) => {
            Err(ReadError::new(ReadErrorKind::Xref("an object number is not below /Size"), at))
        }
        _ => Ok(()),
    }
}
