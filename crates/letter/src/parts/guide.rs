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

/// A part of a label in the legend: its letters in the pattern, its positions, its name, what may stand there.
struct Part {
    pattern: &'static str,
    positions: &'static str,
    name: &'static str,
    values: Vec<Value>,
}

/// A character and what it says, or words alone.
struct Value {
    character: Option<char>,
    words: String,
}

/// The parts in the order of a label (section 4.3). No label stands here whole: a verifier takes every printed label
/// for one that the certificate lists.
fn parts() -> [Part; 7] {
    let says = |character, words: &str| Value { character: Some(character), words: words.into() };
    let words = |words: &str| vec![Value { character: None, words: words.into() }];
    let part = |pattern, positions, name, values| Part { pattern, positions, name, values };
    let mut activities = Activity::ALL;
    activities.sort_by_key(|activity| activity.letter());
    let activities = activities.map(|activity| says(activity.letter(), activity.description()));
    let packagings = [Packaging::WithModule, Packaging::WithoutModule, Packaging::Both];
    let packagings = packagings.map(|packaging| says(packaging.letter(), packaging.description()));
    let technologies = [Technology::Dual, Technology::ContactOnly];
    let technologies = technologies.map(|technology| says(technology.letter(), technology.description()));
    let status = LabelStatus::Approval;
    [
        part("A", "character 1", "Activity", activities.into()),
        part("CC", "characters 2 and 3", "Company", words("the company’s number in the program")),
        part("LL", "characters 4 and 5", "Site", words("the number of the manufacturing site within the company")),
        part("UU", "characters 6 and 7", "Reserved", words("reserved for future use, both 0")),
        part("P", "character 8", "Packaging", packagings.into()),
        part("T", "character 9", "Technology", technologies.into()),
        part("S", "character 10", "Status", vec![says(status.letter(), status.description())]),
    ]
}

fn labels(composer: &mut Composer<'_>, mut column: Column) -> Result<Element, LetterError> {
    let wording = &composer.wording.labels;
    let title = composer.styles.heading;
    let small = composer.styles.small;
    let column = &mut column;
    let mut section = Element::new(Tag::Section);
    paragraph(composer, column, &mut section, heading(2, &wording.heading), &wording.heading, title)?;
    column.y += 4.0;
    paragraph(composer, column, &mut section, Tag::P.into(), &wording.intro, small)?;
    column.y += 8.0;
    let mut table = Element::new(Tag::Table);
    let mut body = Element::new(Tag::TBody);
    for part in parts() {
        body.push(legend(composer, column, &part)?);
    }
    composer.pages.rule(column.page, column.x, column.y, column.width, 0.4, composer.wording.colours.rule);
    table.push(body);
    section.push(table);
    Ok(section)
}

/// One row of the legend.
fn legend(composer: &mut Composer<'_>, column: &mut Column, part: &Part) -> Result<Element, LetterError> {
    const LETTERS: f32 = 32.0;
    const NAME: f32 = 40.0;
    const VALUES: f32 = 120.0;
    const WORDS: f32 = 13.0;
    const ABOVE: f32 = 3.5;
    let Styles { small, small_strong, tiny, part: letters, .. } = composer.styles;
    let colours = composer.wording.colours;
    let place = format_args!("the legend of the labels");
    let shaper = &mut composer.shaper;
    let pattern = shaper.line(part.pattern, letters, place)?;
    let name = [shaper.line(part.name, small_strong, place)?, shaper.line(part.positions, tiny, place)?];
    let mut values = Vec::new();
    for value in &part.values {
        let (character, indent) = match value.character {
            Some(character) => (Some(shaper.line(&character.to_string(), small_strong, place)?), WORDS),
            None => (None, 0.0),
        };
        let words = shaper.paragraph(&value.words, small, column.width - VALUES - indent, place)?;
        values.push((character, words, indent));
    }
    let left: f32 = name.iter().map(|line| line.style.leading).sum();
    let right: f32 = values.iter().flat_map(|(_, words, _)| words).map(|line| line.style.leading).sum();
    let height = left.max(right) + 2.0 * ABOVE;

    let top = column.take(height);
    let (page, x) = (column.page, column.x);
    composer.pages.draw(page, Drawing::Box { x, y: top, width: LETTERS, height, colour: colours.ground });
    composer.pages.rule(page, x, top, column.width, 0.4, colours.rule);
    let mut header = Element::new(Tag::TH(TableHeaderScope::Row));
    let centre = Align::Centre.x(x, LETTERS, &pattern);
    composer.pages.text(page, &mut header, pattern, centre, top + ABOVE);
    let mut y = top + ABOVE;
    for line in name {
        let leading = line.style.leading;
        composer.pages.text(page, &mut header, line, x + NAME, y);
        y += leading;
    }
    let mut cell = Element::new(Tag::TD);
    let mut y = top + ABOVE;
    for (character, words, indent) in values {
        if let Some(line) = character {
            composer.pages.text(page, &mut cell, line, x + VALUES, y);
        }
        for line in words {
            let leading = line.style.leading;
            composer.pages.text(page, &mut cell, line, x + VALUES + indent, y);
            y += leading;
        }
    }
    let mut row = Element::new(Tag::TR);
    row.push(header);
    row.push(cell);
    Ok(row)
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
        let groups: Vec<String> =
            bytes.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect()).collect();
        groups.join(" ")
    };
    let (first, second) = fingerprint.split_at(16);
    [line(first), line(second)]
}
