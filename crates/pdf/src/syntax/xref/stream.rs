//! Cross-reference streams (ISO 32000-2, 7.5.8).

use super::entry::Entry;
use super::trailer::{check_size, size};
use crate::syntax::filter::{inflate, unpredict};
use crate::syntax::indirect;
use crate::syntax::source::Source;
use crate::syntax::{Dictionary, Object, Position, ReadError, ReadErrorKind, Stream};

/// Reads the stream object at `offset`, and passes each entry to `set`. Everything in it is direct,
/// so that it can be read without any other object. Returns its dictionary.
pub(super) fn read<'a>(
    source: &Source<'a>,
    offset: usize,
    mut set: impl FnMut(u32, Entry) -> Result<(), ReadError>,
) -> Result<Dictionary<'a>, ReadError> {
    let at = Position::Offset(offset);
    let error = |what| ReadError::new(ReadErrorKind::Xref(what), at);
    let length = |_| Err(error("the length of a cross-reference stream is not direct"));
    let found = indirect::read(source, offset, &length).map_err(|found| match found.kind() {
        ReadErrorKind::Syntax(_) => error("neither a table nor a stream"),
        _ => found,
    })?;
    let Object::Stream(stream) = found.object else {
        return Err(found.object.instead_of("a stream", at));
    };
    if !stream.dictionary.is_type(b"XRef") {
        return Err(error("a stream that is not of the type XRef"));
    }
    let data = decode(source, &stream, at)?;
    let rows = Rows::read(&stream.dictionary, at)?;
    let highest = rows.each(&data, at, &mut set)?;
    check_size(&stream.dictionary, highest, at)?;
    Ok(stream.dictionary)
}

/// The data of the stream. Only `FlateDecode` is supported here.
fn decode(source: &Source<'_>, stream: &Stream<'_>, at: Position) -> Result<Vec<u8>, ReadError> {
    let Some(filter) = stream.dictionary.get(b"Filter") else { return Ok(stream.raw.to_vec()) };
    if single(filter).and_then(Object::as_name) != Some(b"FlateDecode") {
        let what = "the filter of a cross-reference stream";
        return Err(ReadError::new(ReadErrorKind::Unsupported(what.into()), at));
    }
    let data = inflate(stream.raw, source, at)?;
    let parameters = stream.dictionary.get(b"DecodeParms");
    match parameters.and_then(single).and_then(Object::as_dictionary) {
        Some(parameters) => unpredict(data, parameters, at),
        None => Ok(data),
    }
}

/// The layout of the rows of the data, and the objects that they are about.
struct Rows {
    /// The widths of the three fields of a row, from `/W`.
    widths: [usize; 3],
    /// The first number and the count of each subsection, from `/Index`.
    index: Vec<usize>,
}

impl Rows {
    /// Reads `/W` and `/Index`. `each` checks that `/Index` has pairs.
    fn read(dictionary: &Dictionary<'_>, at: Position) -> Result<Self, ReadError> {
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), at);
        let widths = integers(dictionary, b"W").ok_or_else(|| error("no valid /W"))?;
        let widths = <[usize; 3]>::try_from(widths).map_err(|_| error("/W does not have three elements"))?;
        if widths.iter().any(|&width| width > 8) {
            return Err(error("a field of /W is wider than 8 bytes"));
        }
        let size = size(dictionary, at)?;
        let index = match dictionary.get(b"Index") {
            Some(_) => integers(dictionary, b"Index").ok_or_else(|| error("no valid /Index"))?,
            None => vec![0, size],
        };
        if widths == [0; 3] {
            return Err(error("entries without bytes"));
        }
        Ok(Self { widths, index })
    }

    /// Passes each entry to `set`; returns the highest object number.
    fn each(
        &self,
        data: &[u8],
        at: Position,
        set: &mut impl FnMut(u32, Entry) -> Result<(), ReadError>,
    ) -> Result<Option<u32>, ReadError> {
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), at);
        let length = self.widths.iter().fold(0_usize, |length, &width| length.saturating_add(width));
        let mut rows = data.chunks_exact(length);
        let mut highest = None;
        for subsection in self.index.chunks(2) {
            let &[first, count] = subsection else {
                return Err(error("/Index has an odd number of elements"));
            };
            for position in 0..count {
                let number = first
                    .checked_add(position)
                    .and_then(|number| u32::try_from(number).ok())
                    .ok_or_else(|| error("an object number is out of range"))?;
                let row = rows.next().ok_or_else(|| error("the stream has fewer entries than /Index"))?;
                let entry = self.entry(row).ok_or_else(|| error("an entry of an unknown type or out of range"))?;
                set(number, entry)?;
                highest = highest.max(Some(number));
            }
        }
        match rows.next() {
            Some(_) => Err(error("the stream has more entries than /Index")),
            None => Ok(highest),
        }
    }

    fn entry(&self, row: &[u8]) -> Option<Entry> {
        let [kind_width, second_width, _] = self.widths;
        let (kind, row) = row.split_at_checked(kind_width)?;
        let (second, third) = row.split_at_checked(second_width)?;
        // Without a field for it the type is 1.
        let kind = if kind.is_empty() { 1 } else { big_endian(kind) };
        let (second, third) = (big_endian(second), big_endian(third));
        match kind {
            0 => Some(Entry::Free),
            1 => Some(Entry::Offset { offset: usize::try_from(second).ok()?, generation: u16::try_from(third).ok()? }),
            2 => Some(Entry::Compressed { stream: u32::try_from(second).ok()?, index: usize::try_from(third).ok()? }),
            _ => None,
        }
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte))
}

/// The object itself, or the only element of an array.
fn single<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Object<'a>> {
    match object {
        Object::Array(elements) => match elements.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        other => Some(other),
    }
}

fn integers(dictionary: &Dictionary<'_>, key: &[u8]) -> Option<Vec<usize>> {
    let elements = dictionary.get(key)?.as_array()?;
    elements.iter().map(|value| usize::try_from(value.as_integer()?).ok()).collect()
}
