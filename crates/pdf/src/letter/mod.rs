//! The strict judge: is a PDF a CQM letter?
//!
//! [`inspect`] reads any file and lists every [`Problem`]. A file without problems has a body
//! without gaps and without active content, and pages on which a person sees the text that is read.
//! What follows the body is compared by [`Parts::compare`] with the only tail that the letter can
//! have. The signature is not verified here, but [`Parts`] has everything that is needed to do so.
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

mod canvas;
mod catalog;
mod content;
mod decoration;
mod font;
pub(crate) mod layout;
mod legend;
mod names;
mod operand;
mod parts;
mod path;
pub(crate) mod problem;
mod profile;
mod rebuild;
mod rectangle;
mod resources;
mod streams;

pub use crate::TOKEN_NAME;
pub use crate::text::{Color, PageText, TextLine, TextRun};
pub use legend::legend_language;
pub use parts::{Comparison, Parts};
pub use problem::{Problem, ProblemKind};

use crate::syntax::limits::Limits;
use crate::syntax::{Dictionary, Document, Object, PdfString, Position, Reference};
use layout::Body;
use problem::Problems;
use streams::{Purpose, Streams};

/// The contents of a file, and the reasons why it is not a CQM letter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection<'a> {
    /// The ways in which the file breaks the profile. Empty for a letter.
    pub problems: Vec<Problem>,
    /// Body, token and CMS. `None` if the file is not a letter in these parts.
    pub parts: Option<Parts<'a>>,
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
pub fn inspect<'a>(bytes: &'a [u8], limits: &Limits) -> Inspection<'a> {
    let mut problems = Problems::new(limits);
    let mut inspection = Inspection::default();
    if let Err(problem) = fill(&mut inspection, bytes, limits, &mut problems) {
        problems.push(match problem.kind {
            ProblemKind::Empty | ProblemKind::NotAPdf | ProblemKind::LimitExceeded(_) => problem,
            _ => parts::explain(bytes, limits, problem),
        });
    }
    inspection.problems = problems.into_found();
    inspection
}

fn fill<'a>(
    inspection: &mut Inspection<'a>,
    bytes: &'a [u8],
    limits: &Limits,
    problems: &mut Problems,
) -> Result<(), Problem> {
    let body = layout::scan(bytes, limits, problems)?;
    let parts = Parts::find(&body)?;
    let (catalog, has_long_term_data) = catalog::read(&body, problems)?;
    inspection.parts = Some(parts.with_long_term_data(has_long_term_data));
    let pages = catalog::pages(&body.document, &catalog, problems);
    catalog::check_annotations(&pages, &body.outline, problems);
    let mut shared = resources::Shared::new(&body.document);
    inspection.pages = (1..).zip(&pages).map(|(number, page)| shared.page(page, number, problems)).collect();
    inspection.title = title(&body);
    rebuild::check(&body, problems);
    let mut streams = shared.into_streams();
    profile::check_output(&body.document, &catalog, &mut streams, problems);
    metadata(&body.document, &catalog, &mut streams, problems);
    // In a malformed file, parts that use streams may not have been read.
    if !problems.has(ProblemKind::Malformed) {
        streams.check(&body.streams, problems);
    }
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

/// The title in the information dictionary, the object before the catalog.
fn title(body: &Body<'_>) -> Option<String> {
    let number = u32::try_from(body.outline.catalog()).ok()?.checked_sub(1)?;
    let information = body.document.object(Reference { number, generation: 0 }).ok()?;
    information.as_dictionary()?.get(b"Title").and_then(Object::as_string).map(PdfString::text)
}
