//! The composer: puts the parts of a letter together, from the logo to the legend (section 5.5).

use cqm_core::{Certificate, Date};
use krilla::{
    metadata::{DateTime, Metadata},
    tagging::Tag,
};

use crate::parts::verification::Verification;
use crate::{
    canvas::{Canvas, Column},
    error::LetterError,
    page::{Element, LEFT, RIGHT, TOP, WIDTH},
    parts::{closing::Closing, legend, opening, preview, running, table::Table, verification},
    template::Template,
};

/// Composes the PDF file of a certificate.
///
/// The same arguments give the same bytes: the creation date of the file is the first second of the
/// certificate, and its identifier is the certificate's number.
///
/// # Errors
/// If no font has a character of the certificate or of the template, or if a text takes more than a
/// page.
pub fn compose(
    certificate: &Certificate,
    template: &Template,
    verification: &Verification,
) -> Result<Vec<u8>, LetterError> {
    let (canvas, elements) = pages(certificate, template, Some(verification))?;
    let title = &template.wording.title;
    canvas.pages.write(elements, title, metadata(certificate, template, title))
}

/// Composes a PDF file that shows how the letter of a certificate will look.
///
/// Every page is marked as a preview, across the page and in its head. The file proves nothing: it
/// is not signed and has no token, and none can be put into it. Without `verification`, dots are in
/// the place of the fingerprint.
///
/// # Errors
/// As for [`compose`].
pub fn preview(
    certificate: &Certificate,
    template: &Template,
    verification: Option<&Verification>,
) -> Result<Vec<u8>, LetterError> {
    let (mut canvas, elements) = pages(certificate, template, verification)?;
    preview::mark(&mut canvas)?;
    let title = canvas.words.preview;
    canvas.pages.write(elements, title, metadata(certificate, template, title))
}

/// Sets all pages, and returns the elements of their structure.
fn pages<'a>(
    certificate: &'a Certificate,
    template: &'a Template,
    verification: Option<&Verification>,
) -> Result<(Canvas<'a>, Vec<Element>), LetterError> {
    let mut canvas = Canvas::new(certificate, template);
    let statement = statement(&mut canvas)?;
    let guide = guide(&mut canvas, verification)?;
    running::set(&mut canvas)?;
    Ok((canvas, vec![statement, guide]))
}

/// Sets the statement of quality: opening, table and closing.
fn statement(canvas: &mut Canvas<'_>) -> Result<Element, LetterError> {
    const MEASURE: f32 = 520.0;
    let mut part = Element::new(Tag::Part);
    let mut column = Column { page: 0, x: (WIDTH - MEASURE) / 2.0, width: MEASURE, y: 40.0 };
    opening::set(canvas, &mut column, &mut part)?;
    column.y += 16.0;
    let closing = Closing::new(canvas)?;
    let mut column = Column { x: LEFT, width: RIGHT - LEFT, ..column };
    part.push(Table::new(canvas)?.set(canvas, &mut column, closing.height()));
    closing.set(canvas, &mut column, &mut part);
    Ok(part)
}

/// Sets the reader's guide on a new page: how to verify the letter, and beside it the legend, with
/// which the content of the page begins.
fn guide(canvas: &mut Canvas<'_>, verification: Option<&Verification>) -> Result<Element, LetterError> {
    const GUTTER: f32 = 44.0;
    let width = (RIGHT - LEFT - GUTTER) / 2.0;
    let mut left = Column { page: canvas.pages.len(), x: LEFT, width, y: TOP };
    let mut right = Column { x: LEFT + width + GUTTER, ..left };
    let mut part = Element::new(Tag::Part);
    let legend = legend::set(canvas, &mut right)?;
    part.push(verification::set(canvas, &mut left, verification)?);
    part.push(legend);
    Ok(part)
}

fn metadata(certificate: &Certificate, template: &Template, title: &str) -> Metadata {
    let wording = &template.wording;
    Metadata::new()
        .title(format!("{title}: {} ({})", certificate.holder.name, certificate.number))
        .authors(vec![wording.issuer.clone()])
        .producer("cqm".into())
        .language(wording.language.words().tag.into())
        .document_id(certificate.number.to_string())
        .creation_date(midnight(certificate.valid_from))
}

/// The first second of a day, UTC.
fn midnight(date: Date) -> DateTime {
    let text = date.to_string();
    let mut parts = text.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let year = next().parse().unwrap_or_default();
    let month = next().parse().unwrap_or_default();
    let day = next().parse().unwrap_or_default();
    DateTime::new(year).month(month).day(day).hour(0).minute(0).second(0).utc_offset_hour(0).utc_offset_minute(0)
}
