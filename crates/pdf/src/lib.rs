//! Writes tokens and signatures into letters, and reads hostile PDF files. There is no cryptography
//! here: signatures are bytes.
//!
//! | job | use |
//! | --- | --- |
//! | make the body of a letter from composed pages | [`Body::new`] |
//! | put a token and a signature into a letter | [`Body::tail`], then [`Unsigned::finish`] |
//! | check a file against the profile of letters, and read it | [`letter::inspect`] |
//! | read the signatures and the text of any other PDF | [`any::AnyPdf`] |
//! | read single objects of a file that is not trusted | [`syntax::Document`] |
//! | limit the time and memory that a file may cost | [`Limits`] |
//!
//! ```
//! use cqm_pdf::Limits;
//! use cqm_pdf::letter::{ProblemKind, inspect};
//!
//! let inspection = inspect(b"%PDF-1.7\n...", &Limits::default());
//! assert_eq!(inspection.problems[0].kind, ProblemKind::Truncated);
//! assert_eq!(inspection.problems[0].to_string(), "the file has no end: no startxref (byte 12)");
//! ```

pub mod any;
pub mod letter;
pub mod syntax;
mod tail;
mod text;
mod write;

pub use syntax::limits::{Limit, Limits};
/// The file name under which a letter carries its certificate token.
pub const TOKEN_NAME: &str = "certificate.jwt";

/// The first bytes of every letter: the version, and a comment that marks a binary file (ISO
/// 19005-3, 6.1.2).
pub(crate) const HEADER: &[u8] = b"%PDF-1.7\n%\xbb\xad\xc0\xde\n";

pub use tail::{Room, TailEntries, TailError, TailPart};
pub use write::{Body, BodyError, Unsigned, tidied};
