//! Opaque sRGB colours, and how well two of them can be told apart.

use std::{fmt, str::FromStr};

use krilla::{color::rgb, paint::Fill};
use serde::Deserialize;

/// An opaque sRGB colour, written `#14395b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Colour(pub(crate) [u8; 3]);

impl Colour {
    pub(crate) const WHITE: Self = Self([0xff; 3]);

    /// Returns the colour as a fill of krilla.
    pub(crate) fn fill(self) -> Fill {
        let Self([red, green, blue]) = self;
        Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
    }

    /// Returns the WCAG 2 contrast ratio: from 1 (the same luminance) to 21 (black and white).
    pub(crate) fn contrast(self, other: Self) -> f32 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Returns the WCAG 2 relative luminance.
    fn luminance(self) -> f32 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f32::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for Colour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .map(|value| {
                let [_, red, green, blue] = value.to_be_bytes();
                Self([red, green, blue])
            })
            .ok_or_else(|| format!("`{text}` is not a colour: expected six hexadecimal digits, as in #14395b"))
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
