//! The budgets that every reading of a PDF is held to.

use std::cell::{Cell, RefCell, RefMut};
use std::fmt;

use miniz_oxide::inflate::core::DecompressorOxide;

use crate::syntax::{Position, ReadError, ReadErrorKind};

/// The budgets for reading one file. Each holds over the whole file, so that a hostile file costs bounded time and memory
/// however its parts are arranged.
///
/// The defaults are those for CQM letters: a letter of forty sites uses less than a tenth of each but the depth.
/// A budget that is used up is a [`ReadErrorKind::Limit`], which is never the same as a malformed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes. Default 16 MiB.
    pub file_size: usize,
    /// The highest object number plus one, and the number of cross-reference entries of all sections together. Default 262 144.
    pub xref_entries: usize,
    /// Cross-reference sections, thus revisions. Default 64.
    pub xref_sections: usize,
    /// Values (numbers, names, strings, containers) in all objects together, each time that they are read. As a value counts too: each
    /// 64 bytes of an object beside its stream data, each 4 bytes of a string that is shown or of the text that it stands for, and each comparison of a text with a surface. Default 400 000.
    pub values: usize,
    /// Nesting of arrays and dictionaries in one object. Default 32.
    pub depth: usize,
    /// Bytes of all streams together, decompressed, each time that they are read. Default 8 MiB.
    pub inflated: usize,
    /// Pages, and nodes of the page tree. Default 500.
    pub pages: usize,
    /// Operators in the content of all pages together. Default 100 000.
    pub operators: usize,
    /// Signatures of a PDF that is no letter; each is a pass over the file. Default 8.
    pub signatures: usize,
    /// Problems that an inspection lists before it stops to look for more. Default 100.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_size: 16 << 20,
            xref_entries: 1 << 18,
            xref_sections: 64,
            values: 400_000,
            depth: 32,
            inflated: 8 << 20,
            pages: 500,
            operators: 100_000,
            signatures: 8,
            problems: 100,
        }
    }
}

/// The name of one budget of [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Limit {
    /// [`Limits::file_size`].
    #[error("file size")]
    FileSize,
    /// [`Limits::xref_entries`].
    #[error("cross-reference entries")]
    XrefEntries,
    /// [`Limits::xref_sections`].
    #[error("cross-reference sections")]
    XrefSections,
    /// [`Limits::values`].
    #[error("values")]
    Values,
    /// [`Limits::depth`].
    #[error("nesting depth")]
    Depth,
    /// [`Limits::inflated`].
    #[error("decompressed bytes")]
    Inflated,
    /// [`Limits::pages`].
    #[error("pages")]
    Pages,
    /// [`Limits::operators`].
    #[error("content operators")]
    Operators,
    /// [`Limits::signatures`].
    #[error("signatures")]
    Signatures,
    /// [`Limits::problems`].
    #[error("problems")]
    Problems,
}

/// How many bytes cost as much as a value, so that long strings, white space and comments are not free.
const BYTES_A_VALUE: usize = 64;

/// What is left of the budgets that are spent over a whole file.
pub(crate) struct Budget {
    values: Cell<usize>,
    inflated: Cell<usize>,
    operators: Cell<usize>,
    /// One decompressor serves all streams, one after the other.
    inflater: Box<RefCell<DecompressorOxide>>,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            values: Cell::new(limits.values),
            inflated: Cell::new(limits.inflated),
            operators: Cell::new(limits.operators),
            inflater: Box::default(),
        }
    }

    /// The decompressor, ready for a stream.
    pub(crate) fn inflater(&self) -> RefMut<'_, DecompressorOxide> {
        let mut inflater = self.inflater.borrow_mut();
        inflater.init();
        inflater
    }

    /// Values that may still be read.
    pub(crate) fn values_left(&self) -> usize {
        self.values.get()
    }

    /// Bytes that may still be decompressed.
    pub(crate) fn inflated_left(&self) -> usize {
        self.inflated.get()
    }

    pub(crate) fn spend_values(&self, count: usize, at: Position) -> Result<(), ReadError> {
        spend(&self.values, count, Limit::Values, at)
    }

    /// Pays for bytes that were looked at one by one.
    pub(crate) fn spend_bytes(&self, count: usize, at: Position) -> Result<(), ReadError> {
        self.spend_values(count / BYTES_A_VALUE, at)
    }

    pub(crate) fn spend_inflated(&self, count: usize, at: Position) -> Result<(), ReadError> {
        spend(&self.inflated, count, Limit::Inflated, at)
    }

    pub(crate) fn spend_operator(&self, at: Position) -> Result<(), ReadError> {
        spend(&self.operators, 1, Limit::Operators, at)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { values, inflated, operators, inflater: _ } = self;
        f.debug_struct("Budget")
            .field("values", values)
            .field("inflated", inflated)
            .field("operators", operators)
            .finish_non_exhaustive()
    }
}

fn spend(left: &Cell<usize>, count: usize, limit: Limit, at: Position) -> Result<(), ReadError> {
    match left.get().checked_sub(count) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => {
            left.set(0);
            Err(ReadError::new(ReadErrorKind::Limit(limit), at))
        }
    }
}
