//! The canvas that every part of a letter draws on, and the columns that its text flows in.

use std::{fmt, num::NonZeroU16};

use cqm_core::Certificate;
use krilla::tagging::{Tag, TagKind};

use crate::{
    error::LetterError,
    language::Words,
    logo::Logo,
    page::{BOTTOM, Element, Pages, TOP},
    styles::Styles,
    template::{Template, Wording},
    text::{Line, Shaper, Style},
};

/// A letter under composition: its content, its look, and the pages so far.
pub(crate) struct Canvas<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) wording: &'a Wording,
    pub(crate) words: &'static Words,
    pub(crate) logo: &'a Logo,
    pub(crate) styles: Styles,
    pub(crate) shaper: Shaper,
    pub(crate) pages: Pages,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(certificate: &'a Certificate, template: &'a Template) -> Self {
        Self {
            certificate,
            wording: &template.wording,
            words: template.wording.language.words(),
            logo: &template.logo,
            styles: Styles::new(template.wording.colours),
            shaper: Shaper::default(),
            pages: Pages::default(),
        }
    }

    /// Sets lines in a column, as content of `element`.
    pub(crate) fn set(&mut self, column: &mut Column, element: &mut Element, lines: Vec<Line>, align: Align) {
        for line in lines {
            let top = column.take(line.style.leading);
            let x = align.x(column.x, column.width, &line);
            self.pages.text(column.page, element, line, x, top);
        }
    }

    /// Sets a left-aligned paragraph in the language of the letter and returns its element.
    pub(crate) fn paragraph(
        &mut self,
        column: &mut Column,
        tag: TagKind,
        text: &str,
        style: Style,
    ) -> Result<Element, LetterError> {
        let mut element = Element::new(tag);
        let lines = self.prose(text, style, column.width, format_args!("`{text}`"))?;
        self.set(column, &mut element, lines, Align::Left);
        Ok(element)
    }

    /// Shapes a text in the language of the letter. Words that are wider than a line are
    /// hyphenated.
    pub(crate) fn prose(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        place: fmt::Arguments<'_>,
    ) -> Result<Vec<Line>, LetterError> {
        self.shaper.prose(text, style, width, self.words.hyphenation, place)
    }

    /// Draws a thin rule over the width of a column, `y` points from the top of its page.
    pub(crate) fn thin_rule(&mut self, column: &Column, y: f32) {
        self.pages.rule(column.page, column.x, y, column.width, 0.4, self.wording.colours.rule);
    }
}

/// A column that is filled from top to bottom and goes on over the following pages. Lengths are in
/// points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) page: usize,
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) y: f32,
}

impl Column {
    /// Takes `height` from the column and returns where it begins: on the next page if this page
    /// has not enough room.
    pub(crate) fn take(&mut self, height: f32) -> f32 {
        if !self.fits(height) && self.y > TOP {
            self.turn();
        }
        let top = self.y;
        self.y += height;
        top
    }

    /// Reports whether `height` fits on this page.
    pub(crate) fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Goes on at the top of the next page.
    pub(crate) fn turn(&mut self) {
        self.page += 1;
        self.y = TOP;
    }
}

/// The alignment of lines in a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

impl Align {
    /// Returns where `line` begins between `left` and `left + width`.
    pub(crate) fn x(self, left: f32, width: f32, line: &Line) -> f32 {
        match self {
            Self::Left => left,
            Self::Centre => left + (width - line.width) / 2.0,
            Self::Right => left + width - line.width,
        }
    }
}

/// The tag of a heading. Its title is its text: assistive software lists the headings by title.
pub(crate) fn heading(level: u16, title: &str) -> TagKind {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title.into())).into()
}
