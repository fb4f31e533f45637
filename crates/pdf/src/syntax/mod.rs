//! A strict reader for files that nobody trusts.
//!
//! [`Document::open`] reads the header and the cross-reference sections and nothing else; objects are parsed when they are asked for,
//! and streams are decompressed when their data is asked for. All of it is paid from one set of [`Limits`](crate::Limits).
//! Nothing is repaired: what ISO 32000-2 does not allow is an error with the place where it stands.
//!
//! | supported | not supported, and named so |
//! | --- | --- |
//! | cross-reference tables and streams, `/Prev`, hybrid files, object streams | encryption |
//! | `FlateDecode` with PNG predictors; [`Document::decode_all`] undoes the ASCII filters and run lengths too | other filters and predictors |

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

mod date;
mod document;
mod error;
mod filter;
mod lexer;
pub(crate) mod limits;
mod object;
mod parser;
mod skip;
mod xref;

pub use document::Document;
pub use error::{Position, ReadError, ReadErrorKind};
pub use object::{Dictionary, Object, PdfString, Reference, Stream};
pub use xref::{Entry, Section, SectionKind};

pub(crate) use lexer::{Lexer, Token, is_whitespace};
pub(crate) use object::utf16_be_characters;
pub(crate) use parser::Parser;
pub(crate) use skip::{Extent, Passed, skip_indirect};
