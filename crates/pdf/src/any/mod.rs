//! The tolerant judge: PDFs that carry no certificate token. What do their signatures cover, and
//! what is the text of their pages?
//!
//! [`AnyPdf`] uses the same reader and the same [`Limits`] as [`letter`](crate::letter), but has
//! few rules for a file, because the signer is responsible for its contents. It reports what a
//! signature does not cover, and what lets a page show something else later.
//! `docs/reference/any-pdf.md` has the rules.
//!
//! Text is read to find labels in it, so it is exact only for Latin letters and digits.

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
mod layer;
mod page;
mod revision;
mod signature;
mod survey;

pub use content::AnyText;
pub use layer::{HiddenLayer, Layers};
pub use revision::{Change, ChangedObject, Changes};
pub use signature::{AnySignature, Coverage};
pub use survey::{Survey, mentions_token, spells_token};

use crate::syntax::limits::Limits;
use crate::syntax::{Document, ReadError, ReadErrorKind};

/// A PDF without a token that was opened. It is not trusted.
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
    /// Opens a file. It may be encrypted with an empty user password.
    ///
    /// # Errors
    ///
    /// As [`Document::open_with_empty_password`].
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        Ok(Self { document: Document::open_with_empty_password(bytes, limits)? })
    }

    /// Searches all objects for a certificate token, and for features that can change what people
    /// see. Whatever stops the search is reported in the [`Survey`].
    pub fn survey(&self) -> Survey {
        survey::survey(&self.document)
    }

    /// The signatures in the fields of the form, in the order of the fields.
    ///
    /// # Errors
    ///
    /// Fails if the form, a field or a signature dictionary cannot be read.
    pub fn signatures(&self) -> Result<Vec<AnySignature>, ReadError> {
        signature::find(&self.document)
    }

    /// The text of all pages, and the layers that hide some of it. Anything that cannot be read is
    /// reported in the [`AnyText`].
    pub fn text(&self) -> AnyText {
        content::text(&self.document)
    }
}

/// Replaces an error by `None`, unless a limit is reached.
fn passable<T>(result: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), ReadErrorKind::Limit(_)) => Err(error),
        Err(_) => Ok(None),
    }
}
