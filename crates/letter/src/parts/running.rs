//! The running lines: the foot of every page, and the head of every page but the first.

use krilla::tagging::ArtifactType;

use crate::{
    canvas::{Align, Canvas},
    error::LetterError,
    page::{HEIGHT, LEFT, RIGHT},
    text::Line,
};

/// Where the two lines begin, from the top of the page.
const HEAD: f32 = 26.0;
const FOOT: f32 = HEIGHT - 40.0;
/// The least space between the title and the number in the head.
const BETWEEN: f32 = 24.0;

/// Sets the running lines on all pages. Comes last, because each foot prints the number of pages.
pub(crate) fn set(canvas: &mut Canvas<'_>) -> Result<(), LetterError> {
    let count = canvas.pages.len();
    for page in 0..count {
        foot(canvas, page, count)?;
    }
    for page in 1..count {
        head(canvas, page)?;
    }
    Ok(())
}

/// Sets the issuer, if it fits, and the number of the page.
fn foot(canvas: &mut Canvas<'_>, page: usize, count: usize) -> Result<(), LetterError> {
    let width = RIGHT - LEFT;
    let number = canvas.words.page.replace("{page}", &(page + 1).to_string()).replace("{count}", &count.to_string());
    let number = canvas.shaper.line(&number, canvas.styles.note, format_args!("the page number"))?;
    canvas.pages.rule(page, LEFT, FOOT - 7.0, width, 0.4, canvas.wording.colours.rule);
    let left =
        if page == 0 { certificate(canvas)? } else { whole(canvas, &canvas.wording.issuer, width - number.width)? };
    if let Some(left) = left {
        canvas.pages.artifact(page, ArtifactType::Footer, left, LEFT, FOOT);
    }
    let x = Align::Right.x(LEFT, width, &number);
    canvas.pages.artifact(page, ArtifactType::PageNumber, number, x, FOOT);
    Ok(())
}

/// Sets the number of the certificate, and the title if it fits. Never the holder's name: a name
/// that is cut may be the name of another company.
fn head(canvas: &mut Canvas<'_>, page: usize) -> Result<(), LetterError> {
    let width = RIGHT - LEFT;
    let Some(number) = certificate(canvas)? else { return Ok(()) };
    if let Some(title) = whole(canvas, &canvas.wording.title, width - number.width)? {
        canvas.pages.artifact(page, ArtifactType::Header, title, LEFT, HEAD);
    }
    let x = Align::Right.x(LEFT, width, &number);
    canvas.pages.artifact(page, ArtifactType::Header, number, x, HEAD);
    Ok(())
}

fn certificate(canvas: &mut Canvas<'_>) -> Result<Option<Line>, LetterError> {
    let text = format!("{} {}", canvas.words.certificate, canvas.certificate.number);
    canvas.shaper.line(&text, canvas.styles.note, format_args!("the certificate number")).map(Some)
}

/// Shapes a text of `letter.toml`, or nothing if it is longer than the room beside the other text.
fn whole(canvas: &mut Canvas<'_>, text: &str, room: f32) -> Result<Option<Line>, LetterError> {
    let line = canvas.shaper.line(text, canvas.styles.note, format_args!("`{text}`"))?;
    Ok((line.width <= room - BETWEEN).then_some(line))
}
