//! The last part of the letter: how to verify it, and what the characters of a label mean.

use cqm_core::{Activity, LabelStatus, Packaging, Technology};
use krilla::tagging::{ListNumbering, TableHeaderScope, Tag};

use crate::{
    LetterError,
    letter::{Align, Column, Composer, Styles, Verification, heading},
    page::{Drawing, Element, LEFT, RIGHT, TOP},
    text::Style,
};

/// Between the two columns.
const GUTTER: f32 = 44.0;
const WIDTH: f32 = (RIGHT - LEFT - GUTTER) / 2.0;

/// Sets both parts on a page of their own, side by side.
pub(crate) fn compose(composer: &mut Composer<'_>, verification: &Verification) -> Result<Element, LetterError> {
    let left = Column { page: composer.pages.len(), x: LEFT, width: WIDTH, y: TOP };
    let right = Column { x: LEFT + WIDTH + GUTTER, ..left };
    let mut part = Element::new(Tag::Part);
    part.push(verify(composer, left, verification)?);
    part.push(labels(composer, right)?);
    Ok(part)
}

fn verify(
    composer: &mut Composer<'_>,
    mut column: Column,
    verification: &Verification,
) -> Result<Element, LetterError> {
    let wording = &composer.wording.verification;
    let Styles { heading: title, small, small_strong, note, .. } = composer.styles;
    let mut section = Element::new(Tag::Section);
    let column = &mut column;
    paragraph(composer, column, &mut section, heading(2, &wording.heading), &wording.heading, title)?;
    column.y += 4.0;
    paragraph(composer, column, &mut section, Tag::P.into(), &wording.intro, small)?;
    column.y += 8.0;

    let certificate = composer.certificate;
    let validity = format!("{} to {}", certificate.valid_from.in_words(), certificate.valid_until.in_words());
    let [first, second] = groups(verification.root_fingerprint);
    let facts: [(&str, &[&str]); 3] = [
        ("Certificate number", &[certificate.number.as_str()]),
        ("Valid from the first to the last day", &[&validity]),
        ("Fingerprint of the program’s root certificate (SHA-256)", &[&first, &second]),
    ];
    for (name, values) in facts {
        let top = column.take(4.0);
        composer.pages.rule(column.page, column.x, top, column.width, 0.4, composer.wording.colours.rule);
        paragraph(composer, column, &mut section, Tag::P.into(), name, note)?;
        let mut element = Element::new(Tag::P);
        for value in values {
            let lines = composer.shaper.paragraph(value, small_strong, column.width, format_args!("the facts"))?;
            composer.set(column, &mut element, lines, Align::Left);
        }
        section.push(element);
        column.y += 4.0;
    }
    let top = column.take(10.0);
    composer.pages.rule(column.page, column.x, top, column.width, 0.4, composer.wording.colours.rule);

    let mut list = Element::new(Tag::L(ListNumbering::Decimal));
    const INDENT: f32 = 16.0;
    for (index, step) in wording.steps.iter().enumerate() {
        let place = format_args!("step {} of the verification", index + 1);
        let number = composer.shaper.line(&format!("{}.", index + 1), small_strong, place)?;
        let lines = composer.shaper.paragraph(step, small, column.width - INDENT, place)?;
        let (mut item, mut label, mut body) = (Element::new(Tag::LI), Element::new(Tag::Lbl), Element::new(Tag::LBody));
        let mut inner = Column { x: column.x + INDENT, width: column.width - INDENT, ..*column };
        let mut beside = *column;
        let top = beside.take(number.style.leading);
        composer.pages.text(beside.page, &mut label, number, column.x, top);
        composer.set(&mut inner, &mut body, lines, Align::Left);
        *column = Column { page: inner.page, y: inner.y + 4.0, ..*column };
        item.push(label);
        item.push(body);
        list.push(item);
    }
    section.push(list);
    Ok(section)
}

/// A part of a label in the legend: the pattern, the positions, the name, what may stand there.
struct Part {
    pattern: &'static str,
    positions: &'static str,
    name: &'static str,
    values: Vec<String>,
}

/// The parts in the order of a label (section 4.3).
fn parts() -> [Part; 7] {
    let mut activities = Activity::ALL;
    activities.sort_by_key(|activity| activity.letter());
    let activities = activities.map(|activity| format!("{}  {}", activity.letter(), activity.description()));
    let part = |pattern, positions, name, values: Vec<String>| Part { pattern, positions, name, values };
    let number = |whose| format!("registration number of the {whose}, two characters, 0–9 or A–Z");
    [
        part("A", "1", "Activity", activities.into()),
        part("CC", "2–3", "Company", vec![number("company")]),
        part("LL", "4–5", "Site", vec![number("site")]),
        part("UU", "6–7", "Reserved", vec!["0 at both, for future use".into()]),
        part(
            "P",
            "8",
            "Packaging",
            [Packaging::WithModule, Packaging::WithoutModule, Packaging::Both]
                .map(|value| format!("{}  {}", value.letter(), value.description()))
                .into(),
        ),
        part(
            "T",
            "9",
            "Interface",
            [Technology::Dual, Technology::ContactOnly]
                .map(|value| format!("{}  {}", value.letter(), value.description()))
                .into(),
        ),
        part(
            "S",
            "10",
            "Status",
            vec![format!("{}  {}", LabelStatus::Approval.letter(), LabelStatus::Approval.description())],
        ),
    ]
}

fn labels(composer: &mut Composer<'_>, mut column: Column) -> Result<Element, LetterError> {
    let wording = &composer.wording.labels;
    let Styles { heading: title, small, small_strong, column: tiny, part: letters, .. } = composer.styles;
    let colours = composer.wording.colours;
    let mut section = Element::new(Tag::Section);
    let column = &mut column;
    paragraph(composer, column, &mut section, heading(2, &wording.heading), &wording.heading, title)?;
    column.y += 4.0;
    paragraph(composer, column, &mut section, Tag::P.into(), &wording.intro, small)?;
    column.y += 8.0;

    const BESIDE: f32 = 92.0;
    let place = format_args!("the legend of the labels");
    let mut table = Element::new(Tag::Table);
    let mut body = Element::new(Tag::TBody);
    for part in parts() {
        let pattern = composer.shaper.line(part.pattern, Style { size: 11.0, leading: 12.4, ..letters }, place)?;
        let positions = composer.shaper.line(part.positions, Style { leading: 12.4, ..tiny }, place)?;
        let name = composer.shaper.line(part.name, small_strong, place)?;
        let mut lines = Vec::new();
        for value in &part.values {
            lines.extend(composer.shaper.paragraph(value, small, column.width - BESIDE, place)?);
        }
        let height: f32 = lines.iter().map(|line| line.style.leading).sum::<f32>() + 8.0;
        let top = column.take(height);
        let (page, x) = (column.page, column.x);
        composer.pages.draw(page, Drawing::Box { x, y: top, width: 30.0, height, colour: colours.ground });
        composer.pages.rule(page, x, top, column.width, 0.4, colours.rule);
        let mut row = Element::new(Tag::TR);
        let mut header = Element::new(Tag::TH(TableHeaderScope::Row));
        let centre = Align::Centre.x(x, 30.0, &pattern);
        composer.pages.text(page, &mut header, pattern, centre, top + 4.0);
        composer.pages.text(page, &mut header, name, x + 38.0, top + 4.0);
        let mut cell = Element::new(Tag::TD);
        let _ = positions;
        let mut y = top + 4.0;
        for line in lines {
            let leading = line.style.leading;
            composer.pages.text(page, &mut cell, line, x + BESIDE, y);
            y += leading;
        }
        row.push(header);
        row.push(cell);
        body.push(row);
    }
    composer.pages.rule(column.page, column.x, column.y, column.width, 0.4, colours.rule);
    table.push(body);
    section.push(table);
    Ok(section)
}

fn paragraph(
    composer: &mut Composer<'_>,
    column: &mut Column,
    section: &mut Element,
    tag: krilla::tagging::TagKind,
    text: &str,
    style: Style,
) -> Result<(), LetterError> {
    let mut element = Element::new(tag);
    let lines = composer.shaper.paragraph(text, style, column.width, format_args!("`{text}`"))?;
    composer.set(column, &mut element, lines, Align::Left);
    section.push(element);
    Ok(())
}

/// The fingerprint in two lines of eight groups of four digits.
fn groups(fingerprint: [u8; 32]) -> [String; 2] {
    let line = |bytes: &[u8]| {
        let groups: Vec<String> = bytes.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect()).collect();
        groups.join(" ")
    };
    let (first, second) = fingerprint.split_at(16);
    [line(first), line(second)]
}
