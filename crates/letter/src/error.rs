//! Why a letter cannot be made.

use std::fmt;

use krilla::error::KrillaError;

/// Why a letter cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// A character that no font of the letter has, or that none can show so that it can be told from another one.
    #[error("no font of the letter has the character `{}` (U+{:04X}) in {place}", character.escape_debug(), u32::from(*character))]
    NoGlyph {
        /// The character.
        character: char,
        /// Where it stands: "the city of site 99-02".
        place: String,
    },
    /// A text that does not fit on a page.
    #[error("{place} is too long: it takes more than a page")]
    TooLong {
        /// What does not fit: "the city of site 99-02".
        place: String,
    },
    /// The file cannot be written as PDF/A-3b.
    #[error("the letter cannot be written as PDF/A-3b: {0}")]
    Pdf(KrillaError),
}

impl LetterError {
    pub(crate) fn no_glyph(character: char, place: fmt::Arguments<'_>) -> Self {
        Self::NoGlyph { character, place: place.to_string() }
    }
}

/// Why a template of the letter cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file is no TOML, lacks the right types, or has a key that is not known; the text names the line.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A colour in which text would be hard to read or could hide.
    #[error(
        "the colour {colour} of `{key}` has a contrast of {contrast:.1} to {against}: expected at least {least:.1}"
    )]
    Contrast {
        /// The key in `[colours]`.
        key: &'static str,
        /// Its value.
        colour: String,
        /// The contrast ratio of WCAG 2, from 1 to 21.
        contrast: f32,
        /// What it was compared with.
        against: &'static str,
        /// The least ratio allowed.
        least: f32,
    },
    /// `valid_until` must hold the date, once.
    #[error("`valid_until` is `{text}`: expected {{date}} in it, once")]
    Date {
        /// The text.
        text: String,
    },
    /// The file of the logo cannot be read.
    #[error("cannot read the logo `{name}`")]
    LogoFile {
        /// The name in the template.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// The logo cannot be drawn.
    #[error("cannot draw the logo: {0}")]
    Logo(#[from] LogoError),
}

/// Why a logo cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    /// The file is no SVG.
    #[error("not an SVG file: {0}")]
    Svg(String),
    /// An element that is no shape.
    #[error(
        "line {line} has the element `{element}`: expected only shapes (path, rect, circle, ellipse, line, polyline, polygon) and groups of them"
    )]
    Element {
        /// The element's name.
        element: String,
        /// The line it begins in.
        line: u32,
    },
    /// Something that the letter does not draw: a gradient, a pattern, a clip, a mask, a filter, transparency.
    #[error("it has {what}: expected shapes in plain, opaque colours")]
    NotPlain {
        /// What was found.
        what: &'static str,
    },
    /// Nothing to see.
    #[error("it has no visible shape")]
    Empty,
}
