//! The closing: the signing body, the signatory, and the end of validity (section 5.5).

use krilla::tagging::Tag;

use crate::{
    canvas::{Align, Canvas, Column},
    error::LetterError,
    page::{BOTTOM, Element, LEFT, RIGHT, TOP},
    styles::Styles,
    text::{Line, Style},
};

const WIDTH: f32 = 350.0;
/// The space above the closing.
const ABOVE: f32 = 24.0;
/// The space between the signing body and the signatory.
const BETWEEN: f32 = 8.0;

/// The lines of the closing, which is never broken over two pages.
pub(crate) struct Closing {
    body: Vec<Line>,
    signatory: Vec<Line>,
    validity: Vec<Line>,
}

impl Closing {
    /// Shapes the closing. Fails if it takes more than a page.
    pub(crate) fn new(canvas: &mut Canvas<'_>) -> Result<Self, LetterError> {
        let (certificate, wording) = (canvas.certificate, canvas.wording);
        let Styles { strong, body, note, validity, .. } = canvas.styles;
        let mut block = |texts: &[(&str, Style)], place: &str| {
            let mut lines = Vec::new();
            for (text, style) in texts {
                lines.extend(canvas.shaper.paragraph(text, *style, WIDTH, format_args!("{place}"))?);
            }
            Ok::<_, LetterError>(lines)
        };
        let signing_body: Vec<_> = wording.signing_body.iter().map(|line| (line.as_str(), note)).collect();
        let signatory = &certificate.signatory;
        let date = wording.valid_until(&certificate.valid_until.in_words());
        let closing = Self {
            body: block(&signing_body, "the signing body")?,
            signatory: block(&[(&signatory.name, strong), (&signatory.title, body)], "the signatory")?,
            validity: block(&[(&date, validity)], "the end of validity")?,
        };
        if TOP + closing.height() > BOTTOM {
            return Err(LetterError::TooLong { place: "the text of the signing body and the signatory".into() });
        }
        Ok(closing)
    }

    pub(crate) fn height(&self) -> f32 {
        let height =
            |right: &[Line]| self.body.iter().chain(right).map(|line| line.style.leading).sum::<f32>() + BETWEEN;
        ABOVE + height(&self.signatory).max(height(&self.validity))
    }

    /// Sets the closing in a column and adds its elements to `part`.
    pub(crate) fn set(self, canvas: &mut Canvas<'_>, column: &mut Column, part: &mut Element) {
        let top = column.take(self.height()) + ABOVE;
        let pages = &mut canvas.pages;
        let mut set = |lines: Vec<Line>, align: Align, top: f32| {
            let mut element = Element::new(Tag::P);
            let x = |line: &Line| align.x(LEFT, RIGHT - LEFT, line);
            let end = pages.lines(column.page, &mut element, lines, x, top);
            part.push(element);
            end
        };
        let signatory = set(self.body, Align::Left, top) + BETWEEN;
        set(self.signatory, Align::Left, signatory);
        // Level with the signatory's name.
        set(self.validity, Align::Right, signatory);
    }
}
