use std::fmt;

use crate::syntax::limits::Limit;

/// Where in a file something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// The file as a whole.
    File,
    /// A byte of the file, counted from 0.
    Offset(usize),
    /// An indirect object, by its number.
    Object(u32),
    /// A page, counted from 1.
    Page(usize),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("file"),
            Self::Offset(offset) => write!(f, "byte {offset}"),
            Self::Object(number) => write!(f, "object {number}"),
            Self::Page(page) => write!(f, "page {page}"),
        }
    }
}

/// Why a file, or a part of it, could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} ({at})")]
pub struct ReadError {
    kind: ReadErrorKind,
    at: Position,
}

impl ReadError {
    pub(crate) fn new(kind: ReadErrorKind, at: Position) -> Self {
        Self { kind, at }
    }

    pub(crate) fn syntax(what: &'static str, offset: usize) -> Self {
        Self::new(ReadErrorKind::Syntax(what), Position::Offset(offset))
    }

    /// The same error, placed at an object instead of at an offset inside its decompressed data.
    pub(crate) fn in_object(self, number: u32) -> Self {
        Self { kind: self.kind, at: Position::Object(number) }
    }

    /// What is wrong.
    pub fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// Where it is wrong.
    pub fn at(&self) -> Position {
        self.at
    }
}

/// What was wrong with a file, or with a part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadErrorKind {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file does not begin with `%PDF-` and a version.
    #[error("the file does not begin with a PDF header")]
    NotAPdf,
    /// The file ends without `startxref` and `%%EOF`.
    #[error("the file has no end: {0}")]
    Truncated(&'static str),
    /// The trailer has an `/Encrypt` entry.
    #[error("the file is encrypted")]
    Encrypted,
    /// A budget is used up; the file was not judged.
    #[error("a limit is reached: {0}")]
    Limit(Limit),
    /// Something that ISO 32000-2 allows and this reader does not read.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// A byte sequence that is not PDF syntax.
    #[error("syntax: {0}")]
    Syntax(&'static str),
    /// A cross-reference section that contradicts itself or the file.
    #[error("cross-reference: {0}")]
    Xref(&'static str),
    /// A dictionary with the same key twice.
    #[error("key /{0} stands twice in a dictionary")]
    DuplicateKey(String),
    /// Stream data that its filter can't decode.
    #[error("filter: {0}")]
    Filter(&'static str),
    /// An object of another type than its place asks for.
    #[error("expected {expected}, found {found}")]
    Type {
        /// The type that the place asks for.
        expected: &'static str,
        /// The type that stands there.
        found: &'static str,
    },
    /// References that lead back to themselves.
    #[error("a loop of references")]
    Loop,
}
