//! The errors of letters, templates and logos.

use std::fmt;

use krilla::error::KrillaError;

/// The reason why a letter cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LetterError {
    /// No font of the letter has the character, or its glyph already shows another character.
    #[error(
        "no font of the letter has the character `{}` (U+{:04X}) in {place}",
        character.escape_debug(), u32::from(*character)
    )]
    NoGlyph {
        /// The character.
        character: char,
        /// Where it is: "the city of site 99-02".
        place: String,
    },
    /// A text does not fit on a page.
    #[error("{place} is too long: it takes more than a page")]
    TooLong {
        /// The text that does not fit: "the city of site 99-02".
        place: String,
    },
    /// The letter cannot be written as PDF/A-3a.
    #[error("the letter cannot be written as PDF/A-3a: {0}")]
    Pdf(KrillaError),
}

impl LetterError {
    pub(crate) fn no_glyph(character: char, place: fmt::Arguments<'_>) -> Self {
        Self::NoGlyph { character, place: place.to_string() }
    }
}

/// The reason why a template cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The file is not TOML, or has an unknown key or a value of the wrong type. The text names the
    /// line.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// Text in this colour would be hard to read, or could be hidden.
    #[error(
        "the colour {colour} of `{key}` has a contrast of {contrast:.1} to {against}: expected at least {least:.1}"
    )]
    Contrast {
        /// The key in `[colours]`.
        key: &'static str,
        /// Its value.
        colour: String,
        /// The WCAG 2 contrast ratio, from 1 to 21.
        contrast: f32,
        /// The colour that it was compared with.
        against: &'static str,
        /// The smallest ratio allowed.
        least: f32,
    },
    /// `valid_until` does not have `{date}` exactly once.
    #[error("`valid_until` is `{text}`: expected {{date}} in it, exactly once")]
    Date {
        /// The value.
        text: String,
    },
    /// `verify_url` is not an address to print.
    #[error("`verify_url` is `{}`: expected {expected}", url.escape_debug())]
    Url {
        /// The value.
        url: String,
        /// What it lacks.
        expected: &'static str,
    },
    /// The file of the logo cannot be read.
    #[error("cannot read the logo `{name}`")]
    LogoFile {
        /// The name in the template.
        name: String,
        /// The reason.
        source: std::io::Error,
    },
    /// The logo cannot be drawn.
    #[error("cannot draw the logo: {0}")]
    Logo(#[from] LogoError),
}

/// The reason why a logo cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogoError {
    /// The file is not SVG.
    #[error("not an SVG file: {0}")]
    Svg(String),
    /// An element is neither a shape nor a group.
    #[error(
        "line {line} has the element `{element}`: expected only groups and shapes \
         (path, rect, circle, ellipse, line, polyline, polygon)"
    )]
    Element {
        /// The element's name.
        element: String,
        /// The line in which it begins.
        line: u32,
    },
    /// The logo has something that letters do not draw: a gradient, a pattern, a clip, a mask, a
    /// filter, or transparency.
    #[error("it has {what}: expected shapes in plain, opaque colours")]
    NotPlain {
        /// What was found.
        what: &'static str,
    },
    /// The logo would be invisible.
    #[error("it has no visible shape")]
    Empty,
}
