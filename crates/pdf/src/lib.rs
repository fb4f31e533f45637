//! The PDF embedder, and a strict reader of its own for hostile files. No cryptography: signatures come and go as octets.
//!
//! | job | use |
//! | --- | --- |
//! | put the certificate token and a signature into a letter of ours | [`embed()`], then [`Unsigned::finish`] |
//! | hold any file to the profile of CQM letters, and see what is inside | [`letter::inspect`] |
//! | see the signatures, the coverage and the text of a PDF that is no letter of ours | [`any::AnyPdf`] |
//! | read single objects of a file that nobody trusts | [`syntax::Document`] |
//! | say how much a file may cost | [`Limits`] |
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
mod text;
mod write;

pub use syntax::limits::{Limit, Limits};
/// The file name under which a letter carries its certificate token.
pub const TOKEN_NAME: &str = "certificate.jwt";

pub use write::{Attachment, EmbedError, SignatureEntries, Unsigned, embed};
