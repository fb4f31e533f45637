//! The letter, from its head to its foot (section 5.5).

use std::num::NonZeroU16;

use cqm_core::{Certificate, Date};
use krilla::{
    metadata::{DateTime, Metadata},
    tagging::{ArtifactType, Tag, TagKind},
};

use crate::{
    LetterError, Template,
    fonts::Face,
    page::{BOTTOM, Drawing, Element, HEIGHT, LEFT, Pages, RIGHT, TOP, WIDTH},
    parts::{guide, table::Table},
    template::{Colours, Wording},
    text::{Line, Shaper, Style},
};

/// What the part "how to verify" prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// SHA-256 of the program's root certificate in DER.
    pub root_fingerprint: [u8; 32],
}

/// Makes the PDF file of a certificate.
///
/// The same arguments give the same bytes: the file's dates are the certificate's first second, its identifier the
/// certificate's number.
///
/// # Errors
/// When no font has a character of the certificate or of the template, or a text takes more than a page.
pub fn compose(
    certificate: &Certificate,
    template: &Template,
    verification: &Verification,
) -> Result<Vec<u8>, LetterError> {
    let mut composer = Composer {
        certificate,
        template,
        wording: &template.wording,
        styles: Styles::new(template.wording.colours),
        shaper: Shaper::default(),
        pages: Pages::default(),
    };
    let letter = composer.letter()?;
    let guide = guide::compose(&mut composer, verification)?;
    composer.furniture()?;
    composer.pages.write(vec![letter, guide], metadata(certificate, &template.wording))
}

fn metadata(certificate: &Certificate, wording: &Wording) -> Metadata {
    Metadata::new()
        .title(format!("{}: {} ({})", wording.title, certificate.holder.name, certificate.number))
        .authors(vec![wording.issuer.clone()])
        .producer("cqm".into())
        .language("en".into())
        .document_id(certificate.number.to_string())
        .creation_date(midnight(certificate.valid_from))
}

/// The first second of a day, UTC.
fn midnight(date: Date) -> DateTime {
    let text = date.to_string();
    let mut parts = text.split('-').map(|part| part.parse::<u16>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    let [_, month] = month.to_be_bytes();
    let [_, day] = day.to_be_bytes();
    DateTime::new(year).month(month).day(day).hour(0).minute(0).second(0).utc_offset_hour(0).utc_offset_minute(0)
}

/// The styles of the letter.
pub(crate) struct Styles {
    pub(crate) issuer: Style,
    pub(crate) program: Style,
    pub(crate) title: Style,
    pub(crate) holder: Style,
    pub(crate) body: Style,
    pub(crate) strong: Style,
    pub(crate) note: Style,
    pub(crate) validity: Style,
    pub(crate) heading: Style,
    pub(crate) column: Style,
    pub(crate) label: Style,
    pub(crate) city: Style,
    pub(crate) subcontractor: Style,
    pub(crate) small: Style,
    pub(crate) small_strong: Style,
    pub(crate) tiny: Style,
    pub(crate) part: Style,
}

impl Styles {
    fn new(colours: Colours) -> Self {
        let style = |face, size, leading, colour| Style { face, size, leading, colour };
        let Colours { text, accent, note, .. } = colours;
        Self {
            issuer: style(Face::SemiBold, 10.5, 14.0, accent),
            program: style(Face::Sans, 10.5, 14.0, note),
            title: style(Face::Serif, 30.0, 38.0, accent),
            holder: style(Face::Serif, 18.0, 24.0, text),
            body: style(Face::Sans, 10.0, 15.0, text),
            strong: style(Face::SemiBold, 10.0, 15.0, text),
            note: style(Face::Sans, 8.5, 12.0, note),
            validity: style(Face::Serif, 13.0, 18.0, accent),
            heading: style(Face::Serif, 15.0, 22.0, accent),
            column: style(Face::SemiBold, 6.8, 8.6, accent),
            label: style(Face::Sans, 7.8, 10.6, text),
            city: style(Face::Sans, 8.2, 10.6, text),
            subcontractor: style(Face::Sans, 7.2, 9.4, note),
            small: style(Face::Sans, 9.2, 13.0, text),
            small_strong: style(Face::SemiBold, 9.2, 13.0, text),
            tiny: style(Face::Sans, 7.4, 10.0, note),
            part: style(Face::SemiBold, 11.0, 13.0, accent),
        }
    }
}

/// A letter under composition.
pub(crate) struct Composer<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) template: &'a Template,
    pub(crate) wording: &'a Wording,
    pub(crate) styles: Styles,
    pub(crate) shaper: Shaper,
    pub(crate) pages: Pages,
}

/// A column that is filled from top to bottom, over as many pages as it takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) page: usize,
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) y: f32,
}

impl Column {
    /// Takes a stretch of the column, on the next page if this one has no room for it: its top.
    pub(crate) fn take(&mut self, height: f32) -> f32 {
        if self.y + height > BOTTOM && self.y > TOP {
            self.page += 1;
            self.y = TOP;
        }
        let top = self.y;
        self.y += height;
        top
    }

    /// Whether a stretch fits on this page.
    pub(crate) fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }
}

/// Where the lines of a paragraph stand in their column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

impl Align {
    pub(crate) fn x(self, left: f32, width: f32, line: &Line) -> f32 {
        match self {
            Self::Left => left,
            Self::Centre => left + (width - line.width) / 2.0,
            Self::Right => left + width - line.width,
        }
    }
}

/// The tag of a heading of this level, with its text as its title.
pub(crate) fn heading(level: u16, title: &str) -> TagKind {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title.into())).into()
}

impl Composer<'_> {
    /// Sets the lines of an element in a column.
    pub(crate) fn set(&mut self, column: &mut Column, element: &mut Element, lines: Vec<Line>, align: Align) {
        for line in lines {
            let top = column.take(line.style.leading);
            let x = align.x(column.x, column.width, &line);
            self.pages.text(column.page, element, line, x, top);
        }
    }

    /// The part of the letter that section 5.5 shows.
    fn letter(&mut self) -> Result<Element, LetterError> {
        const MEASURE: f32 = 520.0;
        let mut part = Element::new(Tag::Part);
        let mut column = Column { page: 0, x: (WIDTH - MEASURE) / 2.0, width: MEASURE, y: 40.0 };
        self.opening(&mut column, &mut part)?;
        column.y += 16.0;
        let closing = self.closing()?;
        if TOP + closing.height() > BOTTOM {
            return Err(LetterError::TooLong { place: "what the signing body and the signatory say".into() });
        }
        let mut column = Column { x: LEFT, width: RIGHT - LEFT, ..column };
        let table = Table::new(self)?.set(self, &mut column, closing.height())?;
        part.push(table);
        closing.set(self, &mut column, &mut part);
        Ok(part)
    }

    /// From the logo to the sentence of conformity.
    fn opening(&mut self, column: &mut Column, part: &mut Element) -> Result<(), LetterError> {
        const LOGO: (f32, f32) = (300.0, 44.0);
        let (certificate, wording) = (self.certificate, self.wording);
        let logo = self.template.logo.clone();
        let (width, height) = logo.within(LOGO);
        let x = (WIDTH - width) / 2.0;
        let y = column.take(height + 8.0);
        self.pages.draw(column.page, Drawing::Logo { logo, x, y, height });

        let Styles { issuer, program, title, holder, body, note, .. } = self.styles;
        self.centred(column, part, Tag::P.into(), &wording.issuer, issuer, "the issuer")?;
        self.centred(column, part, Tag::P.into(), &wording.program, program, "the program")?;
        column.y += 8.0;
        self.centred(column, part, heading(1, &wording.title), &wording.title, title, "the title")?;
        column.y += 7.0;
        let name = &certificate.holder.name;
        self.centred(column, part, heading(2, name), name, holder, "the holder's name")?;
        column.y += 4.0;
        self.centred(column, part, Tag::P.into(), &wording.address_intro, note, "the words before the address")?;
        column.y += 2.0;
        let mut address = Element::new(Tag::P);
        let country = certificate.holder.country.name();
        for text in certificate.holder.address.iter().map(String::as_str).chain([country]) {
            let lines = self.shaper.balanced(text, body, column.width, format_args!("the holder's address"))?;
            self.set(column, &mut address, lines, Align::Centre);
        }
        part.push(address);
        column.y += 9.0;
        self.centred(column, part, Tag::P.into(), &wording.statement, body, "the statement")
    }

    fn centred(
        &mut self,
        column: &mut Column,
        part: &mut Element,
        tag: TagKind,
        text: &str,
        style: Style,
        place: &str,
    ) -> Result<(), LetterError> {
        let mut element = Element::new(tag);
        let lines = self.shaper.balanced(text, style, column.width, format_args!("{place}"))?;
        self.set(column, &mut element, lines, Align::Centre);
        part.push(element);
        Ok(())
    }

    /// The signing body, the signatory, and how long the letter is valid.
    fn closing(&mut self) -> Result<Closing, LetterError> {
        let (certificate, wording) = (self.certificate, self.wording);
        let Styles { strong, body, note, validity, .. } = self.styles;
        let mut block = |texts: &[(&str, Style)], place: &str| {
            let mut lines = Vec::new();
            for (text, style) in texts {
                lines.extend(self.shaper.paragraph(text, *style, Closing::WIDTH, format_args!("{place}"))?);
            }
            Ok::<_, LetterError>(lines)
        };
        let body_lines: Vec<_> = wording.signing_body.iter().map(|line| (line.as_str(), note)).collect();
        let signatory = &certificate.signatory;
        let date = wording.valid_until(&certificate.valid_until.in_words());
        Ok(Closing {
            body: block(&body_lines, "the signing body")?,
            signatory: block(&[(&signatory.name, strong), (&signatory.title, body)], "the signatory")?,
            validity: block(&[(&date, validity)], "the end of validity")?,
        })
    }

    /// What stands at the foot of every page, and at the head of every page but the first.
    fn furniture(&mut self) -> Result<(), LetterError> {
        let (certificate, wording) = (self.certificate, self.wording);
        let (count, note) = (self.pages.len(), self.styles.note);
        let rule = wording.colours.rule;
        let (left, width) = (LEFT, RIGHT - LEFT);
        for page in 0..count {
            let number = format!("Page {} of {count}", page + 1);
            let number = self.shaper.line(&number, note, format_args!("the page number"))?;
            let certificate = format!("Certificate {}", certificate.number);
            let certificate = self.shaper.line(&certificate, note, format_args!("the certificate number"))?;
            let top = HEIGHT - 40.0;
            self.pages.rule(page, left, top - 7.0, width, 0.4, rule);
            self.pages.furniture(page, ArtifactType::Footer, certificate, left, top);
            let x = Align::Right.x(left, width, &number);
            self.pages.furniture(page, ArtifactType::PageNumber, number, x, top);
        }
        for page in 1..count {
            let head = format!("{} · {}", wording.title, certificate.holder.name);
            let lines = self.shaper.paragraph(&head, note, width, format_args!("the head of the page"))?;
            if let Some(line) = lines.into_iter().next() {
                self.pages.furniture(page, ArtifactType::Header, line, left, 26.0);
            }
        }
        Ok(())
    }
}

/// The end of the letter, which stays in one piece.
struct Closing {
    body: Vec<Line>,
    signatory: Vec<Line>,
    validity: Vec<Line>,
}

impl Closing {
    const WIDTH: f32 = 350.0;
    const ABOVE: f32 = 24.0;
    const BETWEEN: f32 = 8.0;

    fn height(&self) -> f32 {
        let lines = self.body.iter().chain(&self.signatory);
        let left = lines.map(|line| line.style.leading).sum::<f32>() + Self::BETWEEN;
        let right = self.body.iter().chain(&self.validity).map(|line| line.style.leading).sum::<f32>() + Self::BETWEEN;
        Self::ABOVE + left.max(right)
    }

    fn set(self, composer: &mut Composer<'_>, column: &mut Column, part: &mut Element) {
        let top = column.take(self.height()) + Self::ABOVE;
        let page = column.page;
        let (mut y, mut signatory) = (top, top);
        for (lines, below) in [(self.body, Self::BETWEEN), (self.signatory, 0.0)] {
            let mut element = Element::new(Tag::P);
            signatory = y;
            for line in lines {
                let leading = line.style.leading;
                composer.pages.text(page, &mut element, line, LEFT, y);
                y += leading;
            }
            y += below;
            part.push(element);
        }
        // The end of validity stands level with the signatory's name.
        let mut element = Element::new(Tag::P);
        let mut y = signatory;
        for line in self.validity {
            let leading = line.style.leading;
            let x = Align::Right.x(LEFT, RIGHT - LEFT, &line);
            composer.pages.text(page, &mut element, line, x, y);
            y += leading;
        }
        part.push(element);
    }
}
