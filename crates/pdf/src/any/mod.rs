//! PDFs of others, which carry no certificate token: their signatures, what those cover, and the text of their pages.
//!
//! [`AnyPdf`] reads all of PDF that signed letters use, from the same reader and within the same [`Limits`] as
//! [`letter`](crate::letter), but asks little of a file: who signed it answers for what it shows. What a signature does not cover
//! is named, and so is what lets a page show something else tomorrow. `docs/reference/any-pdf.md` has the rules.
//!
//! Text is read to find labels in it, so it is exact for Latin letters and digits alone.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

mod content;
mod encoding;
mod font;
mod page;
mod revision;
mod signature;
mod survey;

pub use content::AnyText;
pub use revision::{Change, ChangedObject, Changes};
pub use signature::{AnySignature, Coverage};
pub use survey::{Survey, mentions_token};

use crate::syntax::limits::Limits;
use crate::syntax::{Document, ReadError};

/// A PDF of others, opened and not trusted.
///
/// ```
/// use cqm_pdf::{Limits, any::AnyPdf, syntax::ReadErrorKind};
///
/// let error = AnyPdf::open(b"%PDF-1.7\n", &Limits::default()).unwrap_err();
/// assert!(matches!(error.kind(), ReadErrorKind::Truncated(_)));
/// ```
#[derive(Debug)]
pub struct AnyPdf<'a> {
    document: Document<'a>,
}

impl<'a> AnyPdf<'a> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`Document::open`]; an encrypted file is one of them.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        Ok(Self { document: Document::open(bytes, limits)? })
    }

    /// Looks through all objects for a certificate token, and for what can change what people see.
    ///
    /// # Errors
    ///
    /// Fails when a limit is reached. That an object can't be read is noted, and the others are looked through.
    pub fn survey(&self) -> Result<Survey, ReadError> {
        survey::survey(&self.document)
    }

    /// The signatures in the fields of the form, in their order.
    ///
    /// # Errors
    ///
    /// Fails when the form, a field or a signature dictionary can't be read.
    pub fn signatures(&self) -> Result<Vec<AnySignature>, ReadError> {
        signature::find(&self.document)
    }

    /// The text of all pages.
    ///
    /// # Errors
    ///
    /// Fails when a limit is reached. What can't be read otherwise is named in the [`AnyText`].
    pub fn text(&self) -> Result<AnyText, ReadError> {
        content::text(&self.document)
    }
}
