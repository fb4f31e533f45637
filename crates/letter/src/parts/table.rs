//! The table of labels: one row per site, one column per activity (section 5.5).

use std::num::NonZeroU32;

use cqm_core::{Activity, Site};
use krilla::tagging::{ArtifactType, TableHeaderScope, Tag};

use crate::{
    canvas::{Align, Canvas, Column},
    error::LetterError,
    language::Words,
    page::{BOTTOM, Drawing, Element, LEFT, RIGHT, TOP},
    styles::Styles,
    text::Line,
};

/// The widths of the columns: a country code, a label, and what is left for the city.
const CODE: f32 = 44.0;
const LABEL: f32 = 55.6;
const CITY: f32 = RIGHT - LEFT - CODE - 10.0 * LABEL;
/// The space between the text of a cell and its left and right edges.
const SIDE: f32 = 3.0;
/// The space between the text of a cell and its upper and lower edges.
const ABOVE: f32 = 4.0;
/// The number of cells in the row of a site without labels: country, city, and why there are none.
const WITHOUT_LABELS: usize = 3;
/// The number of last rows that stay on one page with the closing.
const CLOSING_ROWS: usize = 2;

/// The shaped cells of the table.
pub(crate) struct Table {
    head: Row,
    rows: Vec<Row>,
}

/// The lines of each cell of a row.
struct Row {
    cells: Vec<Vec<Line>>,
    height: f32,
}

impl Table {
    /// Shapes the table. Fails if a row takes more than a page.
    pub(crate) fn new(canvas: &mut Canvas<'_>) -> Result<Self, LetterError> {
        let head = Row::of_headings(canvas)?;
        let mut rows = Vec::new();
        for site in &canvas.certificate.sites {
            let row = Row::of_site(canvas, site)?;
            if TOP + head.height + row.height > BOTTOM {
                let place = format!("the city or the subcontractor of site {}-{}", site.company, site.number);
                return Err(LetterError::TooLong { place });
            }
            rows.push(row);
        }
        Ok(Self { head, rows })
    }

    /// Sets the table in a column and returns its element. Its last rows are on the page on which
    /// the closing, of height `closing`, follows.
    pub(crate) fn set(self, canvas: &mut Canvas<'_>, column: &mut Column, closing: f32) -> Element {
        let mut head = Element::new(Tag::THead);
        let mut body = Element::new(Tag::TBody);
        let needed = self.needed(closing);
        let first = needed.first().copied().unwrap_or(closing);
        if !column.fits(self.head.height + first) {
            column.turn();
        }
        head.push(self.head.set_head(canvas, column));
        for (row, needed) in self.rows.into_iter().zip(needed) {
            if !column.fits(needed) {
                canvas.thin_rule(column, column.y);
                column.turn();
                self.head.repeat_head(canvas, column);
            }
            body.push(row.set(canvas, column));
        }
        canvas.pages.rule(column.page, LEFT, column.y, RIGHT - LEFT, 0.8, canvas.wording.colours.accent);
        let mut table = Element::new(Tag::Table);
        table.push(head);
        table.push(body);
        table
    }

    /// The height that must be free for each row to begin on a page. For the first of the last
    /// rows, it includes the rows after it and the closing.
    fn needed(&self, closing: f32) -> Vec<f32> {
        let mut needed: Vec<f32> = self.rows.iter().map(|row| row.height).collect();
        let last = needed.len().saturating_sub(CLOSING_ROWS);
        let together = needed[last..].iter().sum::<f32>() + closing;
        if let Some(first) = needed.get_mut(last) {
            *first = together;
        }
        needed
    }
}

impl Row {
    fn new(cells: Vec<Vec<Line>>) -> Self {
        let height = cells.iter().map(|lines| lines.iter().map(|line| line.style.leading).sum::<f32>());
        let height = height.fold(0.0, f32::max) + 2.0 * ABOVE;
        Self { cells, height }
    }

    fn of_headings(canvas: &mut Canvas<'_>) -> Result<Self, LetterError> {
        let Words { country, city, activities, .. } = *canvas.words;
        let cells = [country, city].into_iter().chain(activities).enumerate().map(|(index, heading)| {
            let width = width(index) - 2.0 * SIDE;
            canvas.prose(heading, canvas.styles.column, width, format_args!("the heading of a column"))
        });
        Ok(Self::new(cells.collect::<Result<_, _>>()?))
    }

    fn of_site(canvas: &mut Canvas<'_>, site: &Site) -> Result<Self, LetterError> {
        let Styles { city, subcontractor, label, .. } = canvas.styles;
        let (company, number) = (site.company, site.number);
        let shaper = &mut canvas.shaper;
        let width = CITY - 2.0 * SIDE;
        let code =
            shaper.line(&site.country.to_string(), city, format_args!("the country of site {company}-{number}"))?;
        let mut place =
            shaper.paragraph(&site.city, city, width, format_args!("the city of site {company}-{number}"))?;
        if let Some(name) = &site.subcontractor {
            let of = format_args!("the subcontractor of site {company}-{number}");
            place.extend(shaper.paragraph(name, subcontractor, width, of)?);
        }
        let mut cells = vec![vec![code], place];
        if site.labels.is_empty() {
            let width = 10.0 * LABEL - 2.0 * SIDE;
            let place = format_args!("the row of site {company}-{number}");
            cells.push(canvas.prose(canvas.words.no_label, canvas.styles.subcontractor, width, place)?);
            return Ok(Self::new(cells));
        }
        for activity in Activity::ALL {
            let labels = site
                .labels_of(activity)
                .map(|text| shaper.line(&text.to_string(), label, format_args!("a label of site {company}-{number}")));
            cells.push(labels.collect::<Result<_, _>>()?);
        }
        Ok(Self::new(cells))
    }

    /// Sets the headings of the columns as headers of the table.
    fn set_head(&self, canvas: &mut Canvas<'_>, column: &mut Column) -> Element {
        let top = self.take_head(canvas, column);
        let mut row = Element::new(Tag::TR);
        for (index, lines) in self.cells.iter().enumerate() {
            let mut cell = Element::new(Tag::TH(TableHeaderScope::Column));
            let (y, x) = (self.above_bottom(top, lines), |line: &Line| x_of(index, line));
            canvas.pages.lines(column.page, &mut cell, lines.iter().cloned(), x, y);
            row.push(cell);
        }
        row
    }

    /// Sets the headings again on a further page. They are artifacts, so that assistive software
    /// reads them only once.
    fn repeat_head(&self, canvas: &mut Canvas<'_>, column: &mut Column) {
        let top = self.take_head(canvas, column);
        for (index, lines) in self.cells.iter().enumerate() {
            let mut y = self.above_bottom(top, lines);
            for line in lines.iter().cloned() {
                let (x, leading) = (x_of(index, &line), line.style.leading);
                canvas.pages.artifact(column.page, ArtifactType::PaginationOther, line, x, y);
                y += leading;
            }
        }
    }

    /// Takes the place of the headings, draws its ground and returns its top.
    fn take_head(&self, canvas: &mut Canvas<'_>, column: &mut Column) -> f32 {
        let colours = canvas.wording.colours;
        let (y, width, height) = (column.take(self.height), RIGHT - LEFT, self.height);
        canvas.pages.draw(column.page, Drawing::Box { x: LEFT, y, width, height, colour: colours.ground });
        canvas.pages.rule(column.page, LEFT, y, width, 0.8, colours.accent);
        y
    }

    /// Returns the top of the lines of a cell that end at the bottom of a row.
    fn above_bottom(&self, top: f32, lines: &[Line]) -> f32 {
        top + self.height - ABOVE - lines.iter().map(|line| line.style.leading).sum::<f32>()
    }

    /// Sets the row of a site, with the city as its header.
    fn set(self, canvas: &mut Canvas<'_>, column: &mut Column) -> Element {
        let top = column.take(self.height);
        canvas.thin_rule(column, top);
        let mut row = Element::new(Tag::TR);
        let without_labels = self.cells.len() == WITHOUT_LABELS;
        for (index, lines) in self.cells.into_iter().enumerate() {
            let (mut cell, x): (_, fn(usize, &Line) -> f32) = match index {
                1 => (Element::new(Tag::TH(TableHeaderScope::Row)), x_of),
                2 if without_labels => {
                    (Element::new(Tag::TD.with_col_span(NonZeroU32::new(10))), |index, _| left(index) + SIDE)
                }
                _ => (Element::new(Tag::TD), x_of),
            };
            canvas.pages.lines(column.page, &mut cell, lines, |line| x(index, line), top + ABOVE);
            row.push(cell);
        }
        row
    }
}

/// The left edge of a column.
fn left(index: usize) -> f32 {
    (0..index).map(width).sum::<f32>() + LEFT
}

fn width(index: usize) -> f32 {
    match index {
        0 => CODE,
        1 => CITY,
        _ => LABEL,
    }
}

/// Returns the position at which a line of a cell begins: labels are centred in their column, texts
/// are not.
fn x_of(index: usize, line: &Line) -> f32 {
    let align = if index < 2 { Align::Left } else { Align::Centre };
    align.x(left(index) + SIDE, width(index) - 2.0 * SIDE, line)
}
