//! The instructions for verifying the letter: the facts to compare, and the steps.

use krilla::tagging::{ListNumbering, Tag};

use crate::{
    canvas::{Align, Canvas, Column, heading},
    error::LetterError,
    page::Element,
    styles::Styles,
};

/// The content of the part "how to verify" beside the certificate and the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The SHA-256 digest of the program's root X.509 certificate in DER.
    pub root_fingerprint: [u8; 32],
}

/// Sets the part in a column and returns its element. A preview may be without `verification`.
pub(crate) fn set(
    canvas: &mut Canvas<'_>,
    column: &mut Column,
    verification: Option<&Verification>,
) -> Result<Element, LetterError> {
    let (wording, facts) = (&canvas.wording.verification, &canvas.words.facts);
    let Styles { heading: title, small, .. } = canvas.styles;
    let mut section = Element::new(Tag::Section);
    section.push(canvas.paragraph(column, heading(2, &wording.heading), &wording.heading, title)?);
    column.y += 4.0;
    section.push(canvas.paragraph(column, Tag::P.into(), &wording.intro, small)?);
    column.y += 8.0;

    let certificate = canvas.certificate;
    let validity = format!("{} {} {}", certificate.valid_from.in_words(), facts.to, certificate.valid_until.in_words());
    fact(canvas, column, &mut section, facts.number, &[certificate.number.as_str()])?;
    fact(canvas, column, &mut section, facts.validity, &[&validity])?;
    let [first, second] = verification.map_or_else(|| [NONE, NONE].map(String::from), groups);
    fact(canvas, column, &mut section, facts.fingerprint, &[&first, &second])?;
    if let Some(url) = &canvas.wording.verify_url {
        fact(canvas, column, &mut section, facts.online, &[url])?;
    }
    let top = column.take(10.0);
    canvas.thin_rule(column, top);

    let mut list = Element::new(Tag::L(ListNumbering::Decimal));
    for (index, text) in wording.steps.iter().enumerate() {
        list.push(step(canvas, column, index + 1, text)?);
    }
    section.push(list);
    Ok(section)
}

/// The place of half a fingerprint in a preview that is made without keys.
const NONE: &str = "···· ···· ···· ···· ···· ···· ···· ····";

/// Sets the name of a fact and its values, one a line, below a rule.
fn fact(
    canvas: &mut Canvas<'_>,
    column: &mut Column,
    section: &mut Element,
    name: &str,
    values: &[&str],
) -> Result<(), LetterError> {
    let Styles { small_strong, note, .. } = canvas.styles;
    let top = column.take(4.0);
    canvas.thin_rule(column, top);
    section.push(canvas.paragraph(column, Tag::P.into(), name, note)?);
    let mut element = Element::new(Tag::P);
    for value in values {
        let lines = canvas.shaper.paragraph(value, small_strong, column.width, format_args!("the facts"))?;
        canvas.set(column, &mut element, lines, Align::Left);
    }
    section.push(element);
    column.y += 4.0;
    Ok(())
}

/// Sets a numbered step, with its number to the left of its text.
fn step(canvas: &mut Canvas<'_>, column: &mut Column, number: usize, text: &str) -> Result<Element, LetterError> {
    const INDENT: f32 = 16.0;
    let Styles { small, small_strong, .. } = canvas.styles;
    let place = format_args!("step {number} of the verification");
    let number = canvas.shaper.line(&format!("{number}."), small_strong, place)?;
    let lines = canvas.prose(text, small, column.width - INDENT, place)?;
    let (mut item, mut label, mut body) = (Element::new(Tag::LI), Element::new(Tag::Lbl), Element::new(Tag::LBody));
    let mut inner = Column { x: column.x + INDENT, width: column.width - INDENT, ..*column };
    let mut beside = *column;
    let top = beside.take(number.style.leading);
    canvas.pages.text(beside.page, &mut label, number, column.x, top);
    canvas.set(&mut inner, &mut body, lines, Align::Left);
    *column = Column { page: inner.page, y: inner.y + 4.0, ..*column };
    item.push(label);
    item.push(body);
    Ok(item)
}

/// The fingerprint in two lines of eight groups of four digits.
fn groups(verification: &Verification) -> [String; 2] {
    let line = |bytes: &[u8]| {
        let groups: Vec<String> =
            bytes.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect()).collect();
        groups.join(" ")
    };
    let (first, second) = verification.root_fingerprint.split_at(16);
    [line(first), line(second)]
}
