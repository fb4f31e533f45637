//! Errors, and where in a file they are.

use std::fmt;

use super::limits::Limit;

/// A place in a file.
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

/// The reason why a file, or a part of it, cannot be read, with its place.
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

    /// Replaces an offset inside the decompressed data of an object by the object.
    pub(crate) fn in_object(self, number: u32) -> Self {
        Self { kind: self.kind, at: Position::Object(number) }
    }

    /// The kind of the error.
    pub fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// The position of the error.
    pub fn at(&self) -> Position {
        self.at
    }
}

/// The kind of an error in a file, or in a part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
    /// The file can only be read with a password that someone has to enter.
    #[error("the file is encrypted and opens only with a password")]
    PasswordNeeded,
    /// The file is encrypted in a way that this reader does not undo.
    #[error("the file is encrypted: {0}")]
    Encryption(String),
    /// A limit is reached, so the file was not judged.
    #[error("a limit is reached: {0}")]
    Limit(Limit),
    /// A feature of ISO 32000-2 that this reader does not support.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// A byte sequence that is not PDF syntax.
    #[error("syntax: {0}")]
    Syntax(&'static str),
    /// A cross-reference section that contradicts itself or the file.
    #[error("cross-reference: {0}")]
    Xref(&'static str),
    /// A dictionary with the same key twice.
    #[error("key /{0} occurs twice in a dictionary")]
    DuplicateKey(String),
    /// Stream data that its filter cannot decode.
    #[error("filter: {0}")]
    Filter(&'static str),
    /// An object whose type does not fit its place.
    #[error("expected {expected}, found {found}")]
    Type {
        /// The type that belongs there.
        expected: &'static str,
        /// The type that is there.
        found: &'static str,
    },
    /// References that form a loop.
    #[error("a loop of references")]
    Loop,
}
