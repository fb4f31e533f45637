//! The table of labels, by site and activity (section 5.5).

use cqm_core::{Activity, Site};
use krilla::tagging::{ArtifactType, TableHeaderScope, Tag};

use crate::{
    LetterError,
    letter::{Align, Column, Composer},
    page::{BOTTOM, Drawing, Element, LEFT, RIGHT, TOP},
    text::Line,
};

/// The widths of the columns: of the country code, of a label; the city has the rest.
const CODE: f32 = 44.0;
const LABEL: f32 = 54.6;
const CITY: f32 = RIGHT - LEFT - CODE - 10.0 * LABEL;
/// Between the text of a cell and its left and right edges.
const SIDE: f32 = 3.0;
/// Between the text of a cell and its upper and lower edges.
const ABOVE: f32 = 4.0;
/// As many rows as stay with the end of the letter.
const CLOSING_ROWS: usize = 2;

/// The cells of the table, shaped.
pub(crate) struct Table {
    head: Row,
    rows: Vec<Row>,
}

/// The lines of each cell.
struct Row {
    cells: Vec<Vec<Line>>,
    height: f32,
}

impl Row {
    fn new(cells: Vec<Vec<Line>>) -> Self {
        let height = cells.iter().map(|lines| lines.iter().map(|line| line.style.leading).sum::<f32>());
        let height = height.fold(0.0, f32::max) + 2.0 * ABOVE;
        Self { cells, height }
    }
}

impl Table {
    pub(crate) fn new(composer: &mut Composer<'_>) -> Result<Self, LetterError> {
        let column = composer.styles.column;
        let headings = ["Country Code", "City (+ subcontractor name if any)"].into_iter();
        let headings = headings.chain(Activity::ALL.into_iter().map(Activity::heading));
        let mut head = Vec::new();
        for (index, heading) in headings.enumerate() {
            let width = width(index) - 2.0 * SIDE;
            head.push(composer.shaper.paragraph(heading, column, width, format_args!("the heading of a column"))?);
        }
        let head = Row::new(head);
        let mut rows = Vec::new();
        for site in &composer.certificate.sites {
            let row = row(composer, site)?;
            if TOP + head.height + row.height > BOTTOM {
                let place = format!("the city or the subcontractor of site {}-{}", site.company, site.number);
                return Err(LetterError::TooLong { place });
            }
            rows.push(row);
        }
        Ok(Self { head, rows })
    }

    /// Sets the table. Its last rows go to the page of the `closing` part, of that height.
    pub(crate) fn set(
        self,
        composer: &mut Composer<'_>,
        column: &mut Column,
        closing: f32,
    ) -> Result<Element, LetterError> {
        let colours = composer.wording.colours;
        let mut table = Element::new(Tag::Table);
        let mut head = Element::new(Tag::THead);
        let mut body = Element::new(Tag::TBody);
        let last = self.rows.len().saturating_sub(CLOSING_ROWS);
        let mut needed: Vec<f32> = self.rows.iter().map(|row| row.height).collect();
        if let Some(tail) = needed.get_mut(last..) {
            let together = tail.iter().sum::<f32>() + closing;
            if let Some(first) = tail.first_mut() {
                *first = together;
            }
        }
        let first = needed.first().copied().unwrap_or(closing);
        if !column.fits(self.head.height + first) {
            column.page += 1;
            column.y = TOP;
        }
        self.head.set_head(composer, column, Some(&mut head));
        for (row, needed) in self.rows.into_iter().zip(needed) {
            if !column.fits(needed) {
                composer.pages.rule(column.page, LEFT, column.y, RIGHT - LEFT, 0.4, colours.rule);
                column.page += 1;
                column.y = TOP;
                self.head.set_head(composer, column, None);
            }
            row.set_body(composer, column, &mut body);
        }
        composer.pages.rule(column.page, LEFT, column.y, RIGHT - LEFT, 0.8, colours.accent);
        table.push(head);
        table.push(body);
        Ok(table)
    }
}

impl Row {
    /// Sets the headings of the columns: the first time as headers of the table, later as a repetition.
    fn set_head(&self, composer: &mut Composer<'_>, column: &mut Column, head: Option<&mut Element>) {
        let colours = composer.wording.colours;
        let (page, top, width) = (column.page, column.take(self.height), RIGHT - LEFT);
        let (x, height) = (LEFT, self.height);
        composer.pages.draw(page, Drawing::Box { x, y: top, width, height, colour: colours.ground });
        composer.pages.rule(page, LEFT, top, width, 0.8, colours.accent);
        let mut row = Element::new(Tag::TR);
        for (index, lines) in self.cells.iter().enumerate() {
            let mut cell = Element::new(Tag::TH(TableHeaderScope::Column));
            let height: f32 = lines.iter().map(|line| line.style.leading).sum();
            let mut y = top + self.height - ABOVE - height;
            for line in lines.iter().cloned() {
                let leading = line.style.leading;
                let x = x_of(index, &line);
                match head {
                    Some(_) => composer.pages.text(page, &mut cell, line, x, y),
                    None => composer.pages.furniture(page, ArtifactType::PaginationOther, line, x, y),
                }
                y += leading;
            }
            row.push(cell);
        }
        if let Some(head) = head {
            head.push(row);
        }
    }

    fn set_body(self, composer: &mut Composer<'_>, column: &mut Column, body: &mut Element) {
        let colours = composer.wording.colours;
        let (page, top) = (column.page, column.take(self.height));
        composer.pages.rule(page, LEFT, top, RIGHT - LEFT, 0.4, colours.rule);
        let mut row = Element::new(Tag::TR);
        for (index, lines) in self.cells.into_iter().enumerate() {
            let mut cell = match index {
                1 => Element::new(Tag::TH(TableHeaderScope::Row)),
                _ => Element::new(Tag::TD),
            };
            let mut y = top + ABOVE;
            for line in lines {
                let leading = line.style.leading;
                let x = x_of(index, &line);
                composer.pages.text(page, &mut cell, line, x, y);
                y += leading;
            }
            row.push(cell);
        }
        body.push(row);
    }
}

fn row(composer: &mut Composer<'_>, site: &Site) -> Result<Row, LetterError> {
    let (city, subcontractor, label) = (composer.styles.city, composer.styles.subcontractor, composer.styles.label);
    let (company, number) = (site.company, site.number);
    let shaper = &mut composer.shaper;
    let width = CITY - 2.0 * SIDE;
    let code = shaper.line(&site.country.to_string(), city, format_args!("the country of site {company}-{number}"))?;
    let mut place = shaper.paragraph(&site.city, city, width, format_args!("the city of site {company}-{number}"))?;
    if let Some(name) = &site.subcontractor {
        let of = format_args!("the subcontractor of site {company}-{number}");
        place.extend(shaper.paragraph(name, subcontractor, width, of)?);
    }
    let mut cells = vec![vec![code], place];
    for activity in Activity::ALL {
        let labels = site
            .labels_of(activity)
            .map(|text| shaper.line(&text.to_string(), label, format_args!("a label of site {company}-{number}")));
        cells.push(labels.collect::<Result<_, _>>()?);
    }
    Ok(Row::new(cells))
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

/// Where a line of a cell begins: labels stand in the middle of their column, texts at its left.
fn x_of(index: usize, line: &Line) -> f32 {
    let align = if index < 2 { Align::Left } else { Align::Centre };
    align.x(left(index) + SIDE, width(index) - 2.0 * SIDE, line)
}
