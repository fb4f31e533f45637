//! The strict judge: is a PDF a CQM letter?
//!
//! [`inspect`] reads any file and lists every [`Problem`]. A file without problems has one revision
//! without gaps, one certifying signature over the whole file, the certificate token as the only
//! attachment, no active content, and pages on which a person sees the text that is read here. The
//! signature is not verified here, but the [`Inspection`] has everything that is needed to do so.
//!
//! The rules come from ISO 32000-2 (12.8), ETSI EN 319 142-1 and ISO 19005-3, narrowed to what
//! letters use. Fonts, colours and operators are lists of what is allowed, so anything unforeseen
//! is refused.
//!
//! These are not checked, because they do not mislead a person who looks at the page: the structure
//! tree, the text of the XMP metadata and of the document information dictionary, and the shapes in
//! the embedded fonts.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

mod attachment;
mod canvas;
mod catalog;
mod content;
mod decoration;
mod font;
mod layout;
mod names;
mod operand;
mod path;
mod problem;
mod profile;
mod rebuild;
mod rectangle;
mod resources;
mod signature;
mod streams;

pub use crate::TOKEN_NAME;
pub use crate::text::{Color, PageText, TextLine, TextRun};
pub use attachment::Attachment;
pub use problem::{Problem, ProblemKind};
pub use signature::SignatureDictionary;

use crate::syntax::limits::Limits;
use crate::syntax::{Dictionary, Document, Object, PdfString, Position, ReadError};
use problem::Problems;
use streams::{Purpose, Streams};

/// The contents of a file, and the reasons why it is not a CQM letter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// The ways in which the file breaks the profile. Empty for a letter.
    pub problems: Vec<Problem>,
    /// The number of cross-reference sections: 1 for a file that was never updated, 0 if the file
    /// cannot be opened.
    pub revisions: usize,
    /// The signatures, in the order of their fields.
    pub signatures: Vec<SignatureDictionary>,
    /// The attached files.
    pub attachments: Vec<Attachment>,
    /// The pages in order, with their text.
    pub pages: Vec<PageText>,
    /// The title in the document information dictionary.
    pub title: Option<String>,
}

/// Reads a file and checks it against the profile of CQM letters. It never fails: what it cannot
/// read is one of the problems.
///
/// ```
/// use cqm_pdf::{Limits, letter::{ProblemKind, inspect}};
///
/// let inspection = inspect(b"", &Limits::default());
/// assert_eq!(inspection.problems[0].kind, ProblemKind::Empty);
/// ```
pub fn inspect(bytes: &[u8], limits: &Limits) -> Inspection {
    let mut problems = Problems::new(limits);
    let mut inspection = Inspection::default();
    if let Err(error) = fill(&mut inspection, bytes, limits, &mut problems) {
        problems.push(error.into());
    }
    inspection.problems = problems.into_found();
    inspection
}

fn fill(inspection: &mut Inspection, bytes: &[u8], limits: &Limits, problems: &mut Problems) -> Result<(), ReadError> {
    let document = Document::open(bytes, limits)?;
    inspection.revisions = document.sections().len();
    let catalog = document.catalog()?;
    let signatures = signature::find(&document, &catalog, problems);
    let in_file = layout::check(&document, &signatures, problems);
    rebuild::check(&document, problems);
    catalog::check(&document, &catalog, problems);
    inspection.attachments = attachment::find(&document, &catalog, problems);
    let pages = catalog::pages(&document, &catalog, problems);
    catalog::check_annotations(&document, &pages, signatures.first().and_then(|signature| signature.field), problems);
    let mut shared = resources::Shared::new(&document);
    inspection.pages = (1..).zip(&pages).map(|(number, page)| shared.page(page, number, problems)).collect();
    let mut streams = shared.into_streams();
    profile::check_output(&document, &catalog, &mut streams, problems);
    metadata(&document, &catalog, &mut streams, problems);
    // In a malformed file, parts that use streams may not have been read.
    if !problems.has(ProblemKind::Malformed) {
        streams.check(&document, &in_file, problems);
    }
    inspection.signatures = signatures.into_iter().map(|signature| signature.value).collect();
    inspection.title = title(&document);
    Ok(())
}

/// Checks the XMP metadata, which no viewer shows on a page.
fn metadata(document: &Document<'_>, catalog: &Dictionary<'_>, streams: &mut Streams, problems: &mut Problems) {
    if catalog.get(b"Metadata").is_some()
        && let Some(stream) = streams::stream(document, catalog, "Metadata", Position::File, problems)
    {
        streams.admit(&stream, Purpose::Metadata, problems);
    }
}

fn title(document: &Document<'_>) -> Option<String> {
    let information = document.lookup(document.trailer().ok()?, b"Info").ok()?;
    information.as_dictionary()?.get(b"Title").and_then(Object::as_string).map(PdfString::text)
}
