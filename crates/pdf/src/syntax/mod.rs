//! A strict reader for files that are not trusted.
//!
//! [`Document::open`] reads the header and the cross-reference sections and nothing else. An object
//! is parsed when it is asked for, and a stream is decompressed when its data is asked for. All of
//! this is charged to one set of [`Limits`](crate::Limits). Nothing is repaired: what ISO 32000-2
//! does not allow is an error with its place in the file.
//!
//! | supported | refused, with an error that names it |
//! | --- | --- |
//! | cross-reference tables and streams | encryption; see [`Document::open_with_empty_password`] |
//! | `/Prev`, hybrid files, object streams | |
//! | `FlateDecode` with PNG predictors | other filters and predictors |
//! | ASCII filters and run lengths, only in [`Document::decode_all`] | |
//!
//! ```
//! use cqm_pdf::{Limits, syntax::{Document, Object}};
//!
//! let file = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\nxref\n0 2\n0000000000 65535 f \n\
//!     0000000009 00000 n \ntrailer <</Size 2/Root 1 0 R>> startxref 42 %%EOF";
//! let document = Document::open(file, &Limits::default())?;
//! assert!(document.catalog()?.is_type(b"Catalog"));
//! # Ok::<(), cqm_pdf::syntax::ReadError>(())
//! ```

// The modules from the lowest to the highest: each uses only modules above it in this list.
//
//     limits         the limits, as data
//     error          positions and errors
//     character      classes of characters
//     date           date strings
//     string         strings
//     object         objects, dictionaries, streams
//     lexer          bytes to tokens
//     budget         what is left of the limits
//     parser         tokens to objects
//     source         a file with its limits, its budget and a decompressor
//     filter         compressed data to bytes
//     indirect       `n g obj … endobj`, as an object
//     skip           `n g obj … endobj`, passed over without building it
//     xref           the cross-reference sections
//     object_stream  objects in object streams
//     document       all of it, behind one type
//     decryption     encrypted strings and streams, as they are without a password

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

mod budget;
mod character;
mod date;
mod decryption;
mod document;
mod error;
mod filter;
mod indirect;
mod lexer;
pub(crate) mod limits;
mod object;
mod object_stream;
mod parser;
mod skip;
mod source;
mod string;
mod xref;

pub use document::Document;
pub use error::{Position, ReadError, ReadErrorKind};
pub use object::{Dictionary, Object, Reference, Stream};
pub use string::PdfString;
pub use xref::{Entry, Section};

pub(crate) use budget::Budget;
pub(crate) use character::is_whitespace;
pub(crate) use lexer::{Lexer, Token};
pub(crate) use parser::Parser;
pub(crate) use skip::Passed;
pub(crate) use string::utf16_be_characters;
