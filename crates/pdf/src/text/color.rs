//! Colours, and the contrast between them.

/// A colour in sRGB, each component from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// Red.
    pub red: f64,
    /// Green.
    pub green: f64,
    /// Blue.
    pub blue: f64,
}

impl Color {
    pub(crate) const BLACK: Self = Self { red: 0.0, green: 0.0, blue: 0.0 };
    pub(crate) const WHITE: Self = Self { red: 1.0, green: 1.0, blue: 1.0 };

    /// The colour of 1 (gray), 3 (RGB) or 4 (CMYK) components.
    ///
    /// ICC-based spaces are treated as the device space with the same number of components, which
    /// is close enough for a contrast.
    pub(crate) fn from_components(components: &[f64]) -> Option<Self> {
        if !components.iter().all(|component| (0.0..=1.0).contains(component)) {
            return None;
        }
        match *components {
            [gray] => Some(Self { red: gray, green: gray, blue: gray }),
            [red, green, blue] => Some(Self { red, green, blue }),
            [cyan, magenta, yellow, black] => {
                let part = |ink: f64| (1.0 - ink) * (1.0 - black);
                Some(Self { red: part(cyan), green: part(magenta), blue: part(yellow) })
            }
            _ => None,
        }
    }

    /// The contrast ratio of WCAG 2.1, from 1 (the same luminance) to 21 (black on white).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// The relative luminance of WCAG 2.1.
    fn luminance(self) -> f64 {
        let linear = |part: f64| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}
