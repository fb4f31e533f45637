use std::collections::BTreeSet;

use super::filter::inflate;
use super::{Dictionary, Document, Lexer, Object, Parser, Position, ReadError, ReadErrorKind, Reference, Token};
use crate::syntax::limits::{Budget, Limit, Limits};

/// Where an object is (ISO 32000-2, 7.5.4 and 7.5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// No section mentions the number.
    Absent,
    /// The number is free.
    Free,
    /// The object begins at this byte of the file.
    Offset {
        /// Byte offset of the object number.
        offset: usize,
        /// The generation number.
        generation: u16,
    },
    /// The object is in an object stream.
    Compressed {
        /// The number of the object stream.
        stream: u32,
        /// The position in the object stream, from 0.
        index: usize,
    },
}

/// How a cross-reference section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// A table that begins with `xref`.
    Table,
    /// A table whose trailer names a cross-reference stream beside it.
    Hybrid,
    /// A cross-reference stream.
    Stream,
}

/// One cross-reference section: a revision of the file.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    /// Byte offset of `xref`, or of the stream's object number.
    pub offset: usize,
    /// Byte offset just after the trailer dictionary, or after `endobj` of the stream.
    pub end: usize,
    /// How it is written.
    pub kind: SectionKind,
    /// Comments in the table and its trailer.
    pub comments: usize,
    /// The trailer dictionary, or the dictionary of the stream.
    pub trailer: Dictionary<'a>,
}

/// All cross-reference sections, the newest first, and what they say together.
#[derive(Debug)]
pub(super) struct Xref<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) entries: Vec<Entry>,
}

impl<'a> Xref<'a> {
    /// Reads the section at `start` and all that it leads to by `/Prev` and `/XRefStm`.
    pub(super) fn load(bytes: &'a [u8], start: usize, limits: &Limits, budget: &Budget) -> Result<Self, ReadError> {
        let mut loader = Loader { bytes, limits, budget, entries: Vec::new(), count: 0 };
        let mut sections = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(start);
        while let Some(offset) = next {
            let at = Position::Offset(offset);
            if !seen.insert(offset) {
                return Err(ReadError::new(ReadErrorKind::Loop, at));
            }
            if sections.len() >= limits.xref_sections {
                return Err(ReadError::new(ReadErrorKind::Limit(Limit::XrefSections), at));
            }
            let section = loader.section(offset)?;
            next = offset_entry(&section.trailer, b"Prev", bytes, at)?;
            sections.push(section);
        }
        Ok(Self { sections, entries: loader.entries })
    }

    pub(super) fn entry(&self, number: u32) -> Entry {
        usize::try_from(number).ok().and_then(|index| self.entries.get(index)).copied().unwrap_or(Entry::Absent)
    }
}

/// The value of a key that is a byte offset in the file, if the key is there.
fn offset_entry(trailer: &Dictionary<'_>, key: &[u8], bytes: &[u8], at: Position) -> Result<Option<usize>, ReadError> {
    let Some(value) = trailer.get(key) else { return Ok(None) };
    value
        .as_integer()
        .and_then(|offset| usize::try_from(offset).ok())
        .filter(|&offset| offset < bytes.len())
        .map(Some)
        .ok_or(ReadError::new(ReadErrorKind::Xref("an offset in the trailer is not inside the file"), at))
}

struct Loader<'a, 'b> {
    bytes: &'a [u8],
    limits: &'b Limits,
    budget: &'b Budget,
    entries: Vec<Entry>,
    count: usize,
}

impl<'a> Loader<'a, '_> {
    fn section(&mut self, offset: usize) -> Result<Section<'a>, ReadError> {
        let mut lexer = Lexer::new(self.bytes, offset);
        lexer.skip_whitespace();
        let offset = lexer.offset();
        if !lexer.eat(b"xref") {
            return self.stream(offset);
        }
        let mut table = Vec::new();
        let (trailer, end) = self.table(lexer, &mut table)?;
        let beside = offset_entry(&trailer, b"XRefStm", self.bytes, Position::Offset(offset))?;
        // In a hybrid file objects that are hidden from old readers are free in the table and stand in the stream.
        table
            .iter()
            .filter(|(_, entry)| *entry != Entry::Free)
            .try_for_each(|&(number, entry)| self.set(number, entry, offset))?;
        let kind = match beside {
            Some(beside) => {
                self.stream(beside)?;
                SectionKind::Hybrid
            }
            None => SectionKind::Table,
        };
        table
            .iter()
            .filter(|(_, entry)| *entry == Entry::Free)
            .try_for_each(|&(number, entry)| self.set(number, entry, offset))?;
        Ok(Section { offset, end: end.offset(), kind, comments: end.comments(), trailer })
    }

    fn set(&mut self, number: u32, entry: Entry, offset: usize) -> Result<(), ReadError> {
        let limit = ReadError::new(ReadErrorKind::Limit(Limit::XrefEntries), Position::Offset(offset));
        let index = usize::try_from(number).map_err(|_| limit.clone())?;
        self.count = self.count.saturating_add(1);
        if index >= self.limits.xref_entries || self.count > self.limits.xref_entries {
            return Err(limit);
        }
        if index >= self.entries.len() {
            self.entries.resize(index.saturating_add(1), Entry::Absent);
        }
        if let Some(slot @ Entry::Absent) = self.entries.get_mut(index) {
            *slot = entry;
        }
        Ok(())
    }

    fn table(
        &self,
        mut lexer: Lexer<'a>,
        table: &mut Vec<(u32, Entry)>,
    ) -> Result<(Dictionary<'a>, Lexer<'a>), ReadError> {
        loop {
            lexer.skip_whitespace();
            let start = lexer.offset();
            let error = |what| ReadError::new(ReadErrorKind::Xref(what), Position::Offset(start));
            if lexer.eat(b"trailer") {
                break;
            }
            let (Token::Integer(first), Token::Integer(count)) = (lexer.token()?, lexer.token()?) else {
                return Err(error("a subsection does not begin with two integers"));
            };
            let (Ok(first), Ok(count)) = (u32::try_from(first), u32::try_from(count)) else {
                return Err(error("a subsection begins with a number out of range"));
            };
            lexer.skip_whitespace();
            for position in 0..count {
                let offset = lexer.offset();
                let error = |what| ReadError::new(ReadErrorKind::Xref(what), Position::Offset(offset));
                if table.len() >= self.limits.xref_entries {
                    return Err(ReadError::new(ReadErrorKind::Limit(Limit::XrefEntries), Position::Offset(offset)));
                }
                let number = first.checked_add(position).ok_or_else(|| error("an object number is out of range"))?;
                let end = offset.saturating_add(20);
                let line = self.bytes.get(offset..end).ok_or_else(|| error("the table is cut short"))?;
                let entry =
                    table_entry(line).ok_or_else(|| error("an entry is not of the form that a table asks for"))?;
                table.push((number, entry));
                lexer.set_offset(end);
            }
        }
        let start = lexer.offset();
        let mut parser = Parser::new(lexer, self.budget, self.limits.depth);
        match parser.object()? {
            Object::Dictionary(trailer) => {
                check_size(&trailer, table.iter().map(|(number, _)| *number).max(), start)?;
                Ok((trailer, parser.lexer))
            }
            other => Err(expected("a dictionary", &other, Position::Offset(start))),
        }
    }

    /// A cross-reference stream (ISO 32000-2, 7.5.8). Everything in it is direct, so that it reads without any other object.
    fn stream(&mut self, offset: usize) -> Result<Section<'a>, ReadError> {
        let at = Position::Offset(offset);
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), at);
        let (_, object, end) = Document::indirect_at(self.bytes, offset, self.budget, self.limits, &|_| {
            Err(error("the length of a cross-reference stream is not direct"))
        })
        .map_err(|found| match found.kind() {
            ReadErrorKind::Syntax(_) => error("neither a table nor a stream"),
            _ => found,
        })?;
        let Object::Stream(stream) = object else {
            return Err(expected("a stream", &object, at));
        };
        let dictionary = stream.dictionary;
        if !dictionary.is_type(b"XRef") {
            return Err(error("a stream that is not of the type XRef"));
        }
        let data = match (dictionary.get(b"Filter"), dictionary.get(b"DecodeParms")) {
            (None, _) => stream.raw.to_vec(),
            (Some(filter), parameters) if single(filter).and_then(Object::as_name) == Some(b"FlateDecode") => {
                let data = inflate(stream.raw, self.budget, at)?;
                match parameters.and_then(single).and_then(Object::as_dictionary) {
                    Some(parameters) => Document::unpredict(data, parameters, at)?,
                    None => data,
                }
            }
            _ => {
                return Err(ReadError::new(
                    ReadErrorKind::Unsupported("the filter of a cross-reference stream".into()),
                    at,
                ));
            }
        };
        let widths: Vec<usize> = integers(&dictionary, b"W").ok_or_else(|| error("no valid /W"))?;
        let &[kind_width, second_width, third_width] = widths.as_slice() else {
            return Err(error("/W has not three elements"));
        };
        if widths.iter().any(|&width| width > 8) {
            return Err(error("a field of /W is wider than 8 bytes"));
        }
        let length = kind_width.saturating_add(second_width).saturating_add(third_width);
        let size = integer(&dictionary, b"Size").ok_or_else(|| error("no valid /Size"))?;
        let index = match dictionary.get(b"Index") {
            Some(_) => integers(&dictionary, b"Index").ok_or_else(|| error("no valid /Index"))?,
            None => vec![0, size],
        };
        if length == 0 {
            return Err(error("entries without bytes"));
        }
        let mut rows = data.chunks_exact(length);
        let mut highest = None;
        for subsection in index.chunks(2) {
            let &[first, count] = subsection else {
                return Err(error("/Index has an odd number of elements"));
            };
            for position in 0..count {
                let number = first
                    .checked_add(position)
                    .and_then(|number| u32::try_from(number).ok())
                    .ok_or_else(|| error("an object number is out of range"))?;
                let row = rows.next().ok_or_else(|| error("the stream has fewer entries than it says"))?;
                let (kind, row) = row.split_at_checked(kind_width).unwrap_or_default();
                let (second, third) = row.split_at_checked(second_width).unwrap_or_default();
                let kind = if kind_width == 0 { 1 } else { big_endian(kind) };
                let (second, third) = (big_endian(second), big_endian(third));
                let entry = match kind {
                    0 => Some(Entry::Free),
                    1 => usize::try_from(second)
                        .ok()
                        .zip(u16::try_from(third).ok())
                        .map(|(offset, generation)| Entry::Offset { offset, generation }),
                    2 => u32::try_from(second)
                        .ok()
                        .zip(usize::try_from(third).ok())
                        .map(|(stream, index)| Entry::Compressed { stream, index }),
                    _ => None,
                };
                self.set(number, entry.ok_or_else(|| error("an entry of an unknown type or out of range"))?, offset)?;
                highest = highest.max(Some(number));
            }
        }
        if rows.next().is_some() {
            return Err(error("the stream has more entries than it says"));
        }
        check_size(&dictionary, highest, offset)?;
        Ok(Section { offset, end, kind: SectionKind::Stream, comments: 0, trailer: dictionary })
    }
}

/// `nnnnnnnnnn ggggg n` with a two-byte end of line.
fn table_entry(line: &[u8]) -> Option<Entry> {
    let (offset, rest) = line.split_at_checked(10)?;
    let rest = rest.strip_prefix(b" ")?;
    let (generation, rest) = rest.split_at_checked(5)?;
    let rest = rest.strip_prefix(b" ")?;
    let (kind, end) = rest.split_first()?;
    if !matches!(end, b" \n" | b" \r" | b"\r\n") {
        return None;
    }
    let (offset, generation) = (decimal(offset)?, decimal(generation)?);
    match kind {
        b'n' => {
            Some(Entry::Offset { offset: usize::try_from(offset).ok()?, generation: u16::try_from(generation).ok()? })
        }
        b'f' => Some(Entry::Free),
        _ => None,
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |value, &byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(byte & 0x0f)),
        _ => None,
    })
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

fn integer(dictionary: &Dictionary<'_>, key: &[u8]) -> Option<usize> {
    dictionary.get(key)?.as_integer().and_then(|value| usize::try_from(value).ok())
}

fn integers(dictionary: &Dictionary<'_>, key: &[u8]) -> Option<Vec<usize>> {
    dictionary
        .get(key)?
        .as_array()?
        .iter()
        .map(|value| value.as_integer().and_then(|value| usize::try_from(value).ok()))
        .collect()
}

fn check_size(trailer: &Dictionary<'_>, highest: Option<u32>, offset: usize) -> Result<(), ReadError> {
    let error = |what| ReadError::new(ReadErrorKind::Xref(what), Position::Offset(offset));
    let size = integer(trailer, b"Size").ok_or_else(|| error("no valid /Size"))?;
    match highest {
        Some(highest) if usize::try_from(highest).map_or(true, |highest| highest >= size) => {
            Err(error("an object number is not below /Size"))
        }
        _ => Ok(()),
    }
}

pub(super) fn expected(expected: &'static str, found: &Object<'_>, at: Position) -> ReadError {
    ReadError::new(ReadErrorKind::Type { expected, found: found.type_name() }, at)
}

impl Entry {
    /// Whether a reference means the object of this entry, by its generation number.
    pub(super) fn answers(self, reference: Reference) -> bool {
        match self {
            Self::Absent | Self::Free => false,
            Self::Offset { generation, .. } => generation == reference.generation,
            Self::Compressed { .. } => reference.generation == 0,
        }
    }
}
