//! The cross-reference sections of a file (ISO 32000-2, 7.5.4 and 7.5.8).

mod entry;
mod stream;
mod table;
mod trailer;

use std::collections::BTreeSet;

pub use entry::Entry;

use super::lexer::Lexer;
use super::limits::Limit;
use super::source::Source;
use super::{Dictionary, Position, ReadError, ReadErrorKind};
use trailer::offset_entry;

/// One cross-reference section: a revision of the file.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    /// The byte offset of `xref`, or of the stream's object number.
    pub offset: usize,
    /// The trailer dictionary, or the dictionary of the stream.
    pub trailer: Dictionary<'a>,
}

/// All cross-reference sections, the newest first, and the entries that result from them.
#[derive(Debug)]
pub(super) struct Xref<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) entries: Vec<Entry>,
}

impl<'a> Xref<'a> {
    /// Reads the section at `start`, and all sections that it leads to by `/Prev` and `/XRefStm`.
    pub(super) fn load(source: &Source<'a>, start: usize) -> Result<Self, ReadError> {
        let mut loader = Loader { source, entries: Vec::new(), count: 0 };
        let mut sections = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(start);
        while let Some(offset) = next {
            let at = Position::Offset(offset);
            if !seen.insert(offset) {
                return Err(ReadError::new(ReadErrorKind::Loop, at));
            }
            if sections.len() >= source.limits().xref_sections {
                return Err(ReadError::new(ReadErrorKind::Limit(Limit::XrefSections), at));
            }
            let section = loader.section(offset)?;
            next = offset_entry(&section.trailer, b"Prev", source.bytes(), at)?;
            sections.push(section);
        }
        Ok(Self { sections, entries: loader.entries })
    }

    pub(super) fn entry(&self, number: u32) -> Entry {
        usize::try_from(number).ok().and_then(|index| self.entries.get(index)).copied().unwrap_or(Entry::Absent)
    }
}

/// Gathers the entries of all sections.
struct Loader<'a, 's> {
    source: &'s Source<'a>,
    entries: Vec<Entry>,
    /// The entries of all sections together, also those that a newer section replaces.
    count: usize,
}

impl<'a> Loader<'a, '_> {
    fn section(&mut self, offset: usize) -> Result<Section<'a>, ReadError> {
        let mut lexer = Lexer::new(self.source.bytes(), offset);
        lexer.skip_whitespace();
        let offset = lexer.offset();
        if lexer.eat(b"xref") { self.table(lexer, offset) } else { self.stream(offset) }
    }

    fn table(&mut self, lexer: Lexer<'a>, offset: usize) -> Result<Section<'a>, ReadError> {
        let table = table::read(self.source, lexer)?;
        let beside = offset_entry(&table.trailer, b"XRefStm", self.source.bytes(), Position::Offset(offset))?;
        let (free, used): (Vec<_>, Vec<_>) = table.entries.into_iter().partition(|(_, entry)| *entry == Entry::Free);
        used.into_iter().try_for_each(|(number, entry)| self.set(number, entry, offset))?;
        // In a hybrid file the objects that are hidden from old readers are free in the table and
        // used in the stream, so the stream comes before the free entries.
        if let Some(beside) = beside {
            self.stream(beside)?;
        }
        free.into_iter().try_for_each(|(number, entry)| self.set(number, entry, offset))?;
        Ok(Section { offset, trailer: table.trailer })
    }

    fn stream(&mut self, offset: usize) -> Result<Section<'a>, ReadError> {
        let trailer = stream::read(self.source, offset, |number, entry| self.set(number, entry, offset))?;
        Ok(Section { offset, trailer })
    }

    /// Sets an entry, unless a newer section has set it.
    fn set(&mut self, number: u32, entry: Entry, offset: usize) -> Result<(), ReadError> {
        let most = self.source.limits().xref_entries;
        let limit = || ReadError::new(ReadErrorKind::Limit(Limit::XrefEntries), Position::Offset(offset));
        let index = usize::try_from(number).map_err(|_| limit())?;
        self.count = self.count.saturating_add(1);
        if index >= most || self.count > most {
            return Err(limit());
        }
        if index >= self.entries.len() {
            self.entries.resize(index.saturating_add(1), Entry::Absent);
        }
        if let Some(slot @ Entry::Absent) = self.entries.get_mut(index) {
            *slot = entry;
        }
        Ok(())
    }
}
