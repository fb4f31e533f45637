//! The running lines: the foot of every page, and the head of every page but the first.

use krilla::tagging::ArtifactType;

use crate::{
    canvas::{Align, Canvas},
    error::LetterError,
    page::{HEIGHT, LEFT, RIGHT},
};

/// Where the two lines begin, from the top of the page.
const HEAD: f32 = 26.0;
const FOOT: f32 = HEIGHT - 40.0;

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

fn foot(canvas: &mut Canvas<'_>, page: usize, count: usize) -> Result<(), LetterError> {
    let (note, width) = (canvas.styles.note, RIGHT - LEFT);
    let number = format!("Page {} of {count}", page + 1);
    let number = canvas.shaper.line(&number, note, format_args!("the page number"))?;
    let certificate = format!("Certificate {}", canvas.certificate.number);
    let certificate = canvas.shaper.line(&certificate, note, format_args!("the certificate number"))?;
    canvas.pages.rule(page, LEFT, FOOT - 7.0, width, 0.4, canvas.wording.colours.rule);
    canvas.pages.artifact(page, ArtifactType::Footer, certificate, LEFT, FOOT);
    let x = Align::Right.x(LEFT, width, &number);
    canvas.pages.artifact(page, ArtifactType::PageNumber, number, x, FOOT);
    Ok(())
}

/// Sets the title and the holder's name, cut to one line.
fn head(canvas: &mut Canvas<'_>, page: usize) -> Result<(), LetterError> {
    let text = format!("{} · {}", canvas.wording.title, canvas.certificate.holder.name);
    let place = format_args!("the head of the page");
    let lines = canvas.shaper.paragraph(&text, canvas.styles.note, RIGHT - LEFT, place)?;
    if let Some(line) = lines.into_iter().next() {
        canvas.pages.artifact(page, ArtifactType::Header, line, LEFT, HEAD);
    }
    Ok(())
}
