//! The limits that every reading of a PDF is held to.

/// The limits for reading one file. Each applies to the whole file, so that a hostile file costs
/// bounded time and memory however its parts are arranged.
///
/// The defaults are those for CQM letters: a letter of forty sites uses less than a tenth of each
/// except the depth. Reaching a limit is
/// [`ReadErrorKind::Limit`](crate::syntax::ReadErrorKind::Limit), which never means that the file
/// is malformed.
///
/// ```
/// use cqm_pdf::Limits;
///
/// let strict = Limits { pages: 10, ..Limits::default() };
/// assert_eq!(strict.file_size, 16 * 1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes. Default 16 MiB.
    pub file_size: usize,
    /// The highest object number plus one, and the number of cross-reference entries of all
    /// sections together. Default 262 144.
    pub xref_entries: usize,
    /// Cross-reference sections, that is revisions. Default 64.
    pub xref_sections: usize,
    /// Values (numbers, names, strings, containers) in all objects together, counted each time that
    /// they are read. These also count as one value each: 64 bytes of an object outside its stream
    /// data, 4 bytes of a string that is shown or of the text that it represents, and a comparison
    /// of a text with a surface. Default 400 000.
    pub values: usize,
    /// Nesting of arrays and dictionaries in one object. Default 32.
    pub depth: usize,
    /// Bytes of all streams together, decompressed, counted each time that they are read.
    /// Default 8 MiB.
    pub inflated: usize,
    /// Pages, and nodes of the page tree. Default 500.
    pub pages: usize,
    /// Operators in the content of all pages together. Default 100 000.
    pub operators: usize,
    /// Signatures of a PDF that is not a letter; each costs a pass over the file. Default 8.
    pub signatures: usize,
    /// Problems that an inspection lists before it stops listing more. Default 100.
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

/// The name of one of the [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
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
