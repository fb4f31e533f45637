//! The marks of a preview: a line at the head of every page, and large letters across it.

use krilla::tagging::ArtifactType;

use crate::{
    canvas::{Align, Canvas},
    colour::Colour,
    error::LetterError,
    fonts::Face,
    language::Language,
    page::{Drawing, WIDTH},
    text::Style,
};

/// White on red, at the upper edge.
const GROUND: Colour = Colour([0xb0, 0x00, 0x20]);
const HEIGHT: f32 = 20.0;
/// Across the page, behind its text.
const ACROSS: Colour = Colour([0xf3, 0xc6, 0xcc]);

/// Marks all pages. Comes after everything else.
pub(crate) fn mark(canvas: &mut Canvas<'_>) -> Result<(), LetterError> {
    let (english, own) = (Language::English.words().preview, canvas.words.preview);
    let both = if english == own { english.to_owned() } else { format!("{english} · {own}") };
    let place = format_args!("the mark of a preview");
    let style = Style { face: Face::SemiBold, size: 11.0, leading: HEIGHT, colour: Colour::WHITE };
    let head = canvas.shaper.line(&both, style, place)?;
    let style = Style { face: Face::SemiBold, size: 58.0, leading: 58.0, colour: ACROSS };
    let across = canvas.shaper.line(english, style, place)?;
    for page in 0..canvas.pages.len() {
        canvas.pages.behind(page, Drawing::Across { line: across.clone() });
        canvas.pages.draw(page, Drawing::Box { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT, colour: GROUND });
        let x = Align::Centre.x(0.0, WIDTH, &head);
        canvas.pages.artifact(page, ArtifactType::Header, head.clone(), x, 0.0);
    }
    Ok(())
}
