//! The legend: what the characters of a label mean (section 4.3).

use cqm_core::{Activity, LabelStatus, Packaging, Technology};
use krilla::tagging::{TableHeaderScope, Tag};

use crate::{
    canvas::{Align, Canvas, Column, heading},
    error::LetterError,
    page::{Drawing, Element},
    styles::Styles,
    text::Line,
};

/// A part of a label.
struct Part {
    /// Its letters in the pattern of a label.
    pattern: &'static str,
    positions: &'static str,
    name: &'static str,
    values: Vec<Value>,
}

/// The meaning of a character, or words about the whole part.
struct Value {
    character: Option<char>,
    words: String,
}

/// The parts in the order of a label. The legend shows no whole label, because a verifier takes
/// every printed label for one that the certificate lists.
fn parts() -> [Part; 7] {
    let meaning = |character, words: &str| Value { character: Some(character), words: words.into() };
    let words = |words: &str| vec![Value { character: None, words: words.into() }];
    let part = |pattern, positions, name, values| Part { pattern, positions, name, values };
    let mut activities = Activity::ALL;
    activities.sort_by_key(|activity| activity.letter());
    let activities = activities.map(|activity| meaning(activity.letter(), activity.description()));
    let packagings = [Packaging::WithModule, Packaging::WithoutModule, Packaging::Both];
    let packagings = packagings.map(|packaging| meaning(packaging.letter(), packaging.description()));
    let technologies = [Technology::Dual, Technology::ContactOnly];
    let technologies = technologies.map(|technology| meaning(technology.letter(), technology.description()));
    let status = LabelStatus::Approval;
    [
        part("A", "character 1", "Activity", activities.into()),
        part("CC", "characters 2 and 3", "Company", words("the company’s number in the program")),
        part("LL", "characters 4 and 5", "Site", words("the number of the manufacturing site within the company")),
        part("UU", "characters 6 and 7", "Reserved", words("reserved for future use, both 0")),
        part("P", "character 8", "Packaging", packagings.into()),
        part("T", "character 9", "Technology", technologies.into()),
        part("S", "character 10", "Status", vec![meaning(status.letter(), status.description())]),
    ]
}

/// Sets the legend in a column and returns its element.
pub(crate) fn set(canvas: &mut Canvas<'_>, column: &mut Column) -> Result<Element, LetterError> {
    let wording = &canvas.wording.labels;
    let Styles { heading: title, small, .. } = canvas.styles;
    let mut section = Element::new(Tag::Section);
    section.push(canvas.paragraph(column, heading(2, &wording.heading), &wording.heading, title)?);
    column.y += 4.0;
    section.push(canvas.paragraph(column, Tag::P.into(), &wording.intro, small)?);
    column.y += 8.0;
    let mut body = Element::new(Tag::TBody);
    for part in parts() {
        body.push(Row::new(canvas, column.width, &part)?.set(canvas, column));
    }
    canvas.thin_rule(column, column.y);
    let mut table = Element::new(Tag::Table);
    table.push(body);
    section.push(table);
    Ok(section)
}

/// The width of the pattern, and where the name and the values begin after the left edge.
const PATTERN: f32 = 32.0;
const NAME: f32 = 40.0;
const VALUES: f32 = 120.0;
/// Where the words begin after the character that they explain.
const WORDS: f32 = 13.0;
/// The space between the text of a row and its upper and lower edges.
const ABOVE: f32 = 3.5;

/// The shaped lines of a part of a label.
struct Row {
    pattern: Line,
    name: [Line; 2],
    values: Vec<RowValue>,
}

struct RowValue {
    character: Option<Line>,
    words: Vec<Line>,
    indent: f32,
}

impl Row {
    fn new(canvas: &mut Canvas<'_>, width: f32, part: &Part) -> Result<Self, LetterError> {
        let Styles { small, small_strong, tiny, pattern, .. } = canvas.styles;
        let place = format_args!("the legend of the labels");
        let shaper = &mut canvas.shaper;
        let pattern = shaper.line(part.pattern, pattern, place)?;
        let name = [shaper.line(part.name, small_strong, place)?, shaper.line(part.positions, tiny, place)?];
        let mut values = Vec::new();
        for value in &part.values {
            let character = value.character.map(|character| shaper.line(&character.to_string(), small_strong, place));
            let character = character.transpose()?;
            let indent = if character.is_some() { WORDS } else { 0.0 };
            let words = shaper.paragraph(&value.words, small, width - VALUES - indent, place)?;
            values.push(RowValue { character, words, indent });
        }
        Ok(Self { pattern, name, values })
    }

    fn height(&self) -> f32 {
        let left: f32 = self.name.iter().map(|line| line.style.leading).sum();
        let right: f32 = self.values.iter().flat_map(|value| &value.words).map(|line| line.style.leading).sum();
        left.max(right) + 2.0 * ABOVE
    }

    fn set(self, canvas: &mut Canvas<'_>, column: &mut Column) -> Element {
        let height = self.height();
        let y = column.take(height);
        let (page, x, top) = (column.page, column.x, y + ABOVE);
        let colour = canvas.wording.colours.ground;
        canvas.pages.draw(page, Drawing::Box { x, y, width: PATTERN, height, colour });
        canvas.thin_rule(column, y);

        let mut header = Element::new(Tag::TH(TableHeaderScope::Row));
        let centre = Align::Centre.x(x, PATTERN, &self.pattern);
        canvas.pages.text(page, &mut header, self.pattern, centre, top);
        canvas.pages.lines(page, &mut header, self.name, |_| x + NAME, top);

        let mut cell = Element::new(Tag::TD);
        let mut y = top;
        for RowValue { character, words, indent } in self.values {
            if let Some(line) = character {
                canvas.pages.text(page, &mut cell, line, x + VALUES, y);
            }
            y = canvas.pages.lines(page, &mut cell, words, |_| x + VALUES + indent, y);
        }
        let mut row = Element::new(Tag::TR);
        row.push(header);
        row.push(cell);
        row
    }
}
