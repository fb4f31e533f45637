//! The opening: from the logo to the statement of conformity (section 5.5).

use krilla::tagging::{Tag, TagKind};

use crate::{
    canvas::{Align, Canvas, Column, heading},
    error::LetterError,
    page::{Drawing, Element, WIDTH},
    styles::Styles,
    text::Style,
};

/// The largest logo: its width and its height.
const LOGO: (f32, f32) = (300.0, 44.0);

/// Sets the opening in a column and adds its elements to `part`.
pub(crate) fn set(canvas: &mut Canvas<'_>, column: &mut Column, part: &mut Element) -> Result<(), LetterError> {
    let (holder, wording) = (&canvas.certificate.holder, canvas.wording);
    let Styles { issuer, program, title, holder: name, body, note, .. } = canvas.styles;

    logo(canvas, column);
    part.push(centred(canvas, column, Tag::P.into(), &wording.issuer, issuer, "the issuer")?);
    part.push(centred(canvas, column, Tag::P.into(), &wording.program, program, "the program")?);
    column.y += 8.0;
    part.push(centred(canvas, column, heading(1, &wording.title), &wording.title, title, "the title")?);
    column.y += 7.0;
    part.push(centred(canvas, column, heading(2, &holder.name), &holder.name, name, "the holder's name")?);
    column.y += 4.0;
    let intro = &wording.address_intro;
    part.push(centred(canvas, column, Tag::P.into(), intro, note, "the words before the address")?);
    column.y += 2.0;
    part.push(address(canvas, column)?);
    column.y += 9.0;
    part.push(centred(canvas, column, Tag::P.into(), &wording.statement, body, "the statement")?);
    if holder.companies.len() > 1 {
        column.y += 5.0;
        companies(canvas, column, part)?;
    }
    Ok(())
}

/// Sets the companies of a group: what the second and third characters of its labels mean.
fn companies(canvas: &mut Canvas<'_>, column: &mut Column, part: &mut Element) -> Result<(), LetterError> {
    let place = "the companies of the group";
    let Styles { note, body, .. } = canvas.styles;
    part.push(centred(canvas, column, Tag::P.into(), canvas.words.companies, note, place)?);
    let companies = &canvas.certificate.holder.companies;
    let lines: Vec<String> = companies.iter().map(|company| format!("{} {}", company.number, company.name)).collect();
    for line in &lines {
        part.push(centred(canvas, column, Tag::P.into(), line, body, place)?);
    }
    Ok(())
}

fn logo(canvas: &mut Canvas<'_>, column: &mut Column) {
    let (width, height) = canvas.logo.within(LOGO);
    let y = column.take(height + 8.0);
    let drawing = Drawing::Logo { logo: canvas.logo.clone(), x: (WIDTH - width) / 2.0, y, height };
    canvas.pages.draw(column.page, drawing);
}

/// The holder's address with its country, as one paragraph.
fn address(canvas: &mut Canvas<'_>, column: &mut Column) -> Result<Element, LetterError> {
    let holder = &canvas.certificate.holder;
    let mut element = Element::new(Tag::P);
    for text in holder.address.iter().map(String::as_str).chain([holder.country.name()]) {
        let place = format_args!("the holder's address");
        let lines = canvas.shaper.balanced(text, canvas.styles.body, column.width, place)?;
        canvas.set(column, &mut element, lines, Align::Centre);
    }
    Ok(element)
}

fn centred(
    canvas: &mut Canvas<'_>,
    column: &mut Column,
    tag: TagKind,
    text: &str,
    style: Style,
    place: &str,
) -> Result<Element, LetterError> {
    let mut element = Element::new(tag);
    let lines = canvas.shaper.balanced(text, style, column.width, format_args!("{place}"))?;
    canvas.set(column, &mut element, lines, Align::Centre);
    Ok(element)
}
