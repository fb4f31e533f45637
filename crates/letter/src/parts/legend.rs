//! The legend: what the characters of a label mean (section 4.3).
//!
//! It is the same in every letter of its language: built-in words, colours and fonts, and the same
//! place. A page's content begins with it, so that the numbers of its glyphs, fonts and marked
//! content are the same too, and a verifier can know it by its bytes.

use cqm_core::{Activity, LabelStatus, Packaging, Technology};
use krilla::tagging::{TableHeaderScope, Tag};

use crate::{
    canvas::{Align, Canvas, Column, heading},
    error::LetterError,
    language::{Legend, Part},
    page::{Drawing, Element},
    styles::LegendStyles,
    template::Colours,
    text::Line,
};

/// A part of a label, with its letters in the pattern of a label.
struct Entry {
    pattern: &'static str,
    part: &'static Part,
    values: Vec<Value>,
}

/// The meaning of a character, or words about the whole part.
struct Value {
    character: Option<char>,
    words: &'static str,
}

/// The parts in the order of a label. The legend shows no whole label, because a verifier takes
/// every printed label for one that the certificate lists.
fn entries(legend: &'static Legend) -> [Entry; 7] {
    let meaning = |(character, words)| Value { character: Some(character), words };
    let words = |words| vec![Value { character: None, words }];
    let entry = |pattern, part, values| Entry { pattern, part, values };
    let mut activities: Vec<_> = Activity::ALL.map(Activity::letter).into_iter().zip(legend.activities).collect();
    activities.sort_unstable();
    let packagings = [Packaging::WithModule, Packaging::WithoutModule, Packaging::Both].map(Packaging::letter);
    let technologies = [Technology::Dual, Technology::ContactOnly].map(Technology::letter);
    [
        entry("A", &legend.activity, activities.into_iter().map(meaning).collect()),
        entry("CC", &legend.company, words(legend.the_company)),
        entry("LL", &legend.site, words(legend.the_site)),
        entry("UU", &legend.reserved, words(legend.both_zero)),
        entry("P", &legend.packaging, packagings.into_iter().zip(legend.packagings).map(meaning).collect()),
        entry("T", &legend.technology, technologies.into_iter().zip(legend.technologies).map(meaning).collect()),
        entry("S", &legend.status, vec![meaning((LabelStatus::Approval.letter(), legend.approval))]),
    ]
}

/// Sets the legend in a column of a page without content, and returns its element.
pub(crate) fn set(canvas: &mut Canvas<'_>, column: &mut Column) -> Result<Element, LetterError> {
    let legend = &canvas.words.legend;
    let styles = LegendStyles::new(Colours::default());
    let mut section = Element::new(Tag::Section);
    section.push(canvas.paragraph(column, heading(2, legend.heading), legend.heading, styles.heading)?);
    column.y += 4.0;
    section.push(canvas.paragraph(column, Tag::P.into(), legend.intro, styles.words)?);
    column.y += 8.0;
    let mut body = Element::new(Tag::TBody);
    for entry in entries(legend) {
        body.push(Row::new(canvas, column.width, &styles, &entry)?.set(canvas, column));
    }
    rule(canvas, column, column.y);
    canvas.pages.end_of_legend(column.page);
    let mut table = Element::new(Tag::Table);
    table.push(body);
    section.push(table);
    Ok(section)
}

/// The width of the pattern, and where the name and the values begin after the left edge.
const PATTERN: f32 = 32.0;
const NAME: f32 = 40.0;
const VALUES: f32 = 124.0;
/// Where the words begin after the character that they explain.
const WORDS: f32 = 13.0;
/// The space between the text of a row and its upper and lower edges.
const ABOVE: f32 = 3.5;

/// Draws a thin rule in the colour of the legend.
fn rule(canvas: &mut Canvas<'_>, column: &Column, y: f32) {
    canvas.pages.rule(column.page, column.x, y, column.width, 0.4, Colours::default().rule);
}

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
    fn new(
        canvas: &mut Canvas<'_>,
        width: f32,
        styles: &LegendStyles,
        Entry { pattern, part, values: meanings }: &Entry,
    ) -> Result<Self, LetterError> {
        let place = format_args!("the legend of the labels");
        let pattern = canvas.shaper.line(pattern, styles.pattern, place)?;
        let name = canvas.shaper.line(part.name, styles.name, place)?;
        let characters = canvas.shaper.line(part.characters, styles.place, place)?;
        let mut values = Vec::new();
        for value in meanings {
            let character =
                value.character.map(|character| canvas.shaper.line(&character.to_string(), styles.character, place));
            let character = character.transpose()?;
            let indent = if character.is_some() { WORDS } else { 0.0 };
            let words = canvas.prose(value.words, styles.words, width - VALUES - indent, place)?;
            values.push(RowValue { character, words, indent });
        }
        Ok(Self { pattern, name: [name, characters], values })
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
        let colour = Colours::default().ground;
        canvas.pages.draw(page, Drawing::Box { x, y, width: PATTERN, height, colour });
        rule(canvas, column, y);

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
