//! The template: wording, colours and logo.

use std::{fmt, io, str::FromStr};

use krilla::{color::rgb, paint::Fill};
use serde::Deserialize;

use crate::{TemplateError, logo::Logo};

/// What the letter says beside the certificate's own words, and how it looks: `letter.toml` and its logo.
#[derive(Debug, Clone, Default)]
pub struct Template {
    pub(crate) wording: Wording,
    pub(crate) logo: Logo,
}

impl Template {
    /// The template of a `letter.toml`. A key that is left out keeps its default. `read` gives the bytes of the logo,
    /// an SVG file, for the name under `logo`; it is not called when there is none.
    ///
    /// # Errors
    /// When the TOML is malformed, has an unknown key, or has colours in which the letter could not be read, and when
    /// the logo has anything but shapes in plain colours.
    pub fn from_toml(toml: &str, read: impl FnOnce(&str) -> io::Result<Vec<u8>>) -> Result<Self, TemplateError> {
        let wording: Wording = toml::from_str(toml)?;
        if wording.valid_until.matches(DATE).count() != 1 {
            return Err(TemplateError::Date { text: wording.valid_until });
        }
        wording.colours.check()?;
        let logo = match &wording.logo {
            None => Logo::default(),
            Some(name) => {
                let svg = read(name).map_err(|source| TemplateError::LogoFile { name: name.clone(), source })?;
                Logo::from_svg(&svg)?
            }
        };
        Ok(Self { wording, logo })
    }
}

/// What becomes the last day of validity.
const DATE: &str = "{date}";

/// The text of `letter.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wording {
    pub(crate) issuer: String,
    pub(crate) program: String,
    pub(crate) title: String,
    pub(crate) address_intro: String,
    pub(crate) statement: String,
    pub(crate) signing_body: Vec<String>,
    pub(crate) valid_until: String,
    pub(crate) logo: Option<String>,
    pub(crate) verification: VerificationWording,
    pub(crate) labels: LabelsWording,
    pub(crate) colours: Colours,
}

impl Wording {
    /// The sentence that says how long the letter is valid.
    pub(crate) fn valid_until(&self, date: &str) -> String {
        self.valid_until.replace(DATE, date)
    }
}

impl Default for Wording {
    fn default() -> Self {
        Self {
            issuer: "CQM Program Office".into(),
            program: "Card Quality Management".into(),
            title: "Statement of Quality".into(),
            address_intro: "Having its principal place of business at".into(),
            statement: "has submitted smart card products and services for approval. They were found in conformity \
                with the requirements of the Card Quality Management program, and the labels below have been granted."
                .into(),
            signing_body: vec!["CQM Program Office".into(), "Product Approvals".into()],
            valid_until: "This letter is valid until {date}".into(),
            logo: None,
            verification: VerificationWording::default(),
            labels: LabelsWording::default(),
            colours: Colours::default(),
        }
    }
}

/// The table `[verification]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct VerificationWording {
    pub(crate) heading: String,
    pub(crate) intro: String,
    pub(crate) steps: Vec<String>,
}

impl Default for VerificationWording {
    fn default() -> Self {
        Self {
            heading: "How to verify this letter".into(),
            intro: "The electronic signature inside the file proves this letter. A printed copy, a scan or a picture \
                of it proves nothing."
                .into(),
            steps: [
                "Take the PDF file itself, as its holder publishes it. A PDF viewer that checks signatures shows who \
                 signed it and whether it was changed.",
                "Get the root certificate of the program and its newest status list from the program office, and \
                 compare the fingerprint of the root with the one above over a channel that you trust.",
                "Run “cqm verify letter.pdf --trust root.pem --status list.jwt” with the names of the three files. It \
                 needs no network, and checks the signatures, the dates, and whether a label was stopped since.",
                "Machines read the same statement from a signed token in the file, the attachment certificate.jwt.",
            ]
            .map(String::from)
            .into(),
        }
    }
}

/// The table `[labels]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LabelsWording {
    pub(crate) heading: String,
    pub(crate) intro: String,
}

impl Default for LabelsWording {
    fn default() -> Self {
        Self {
            heading: "What the characters of a label mean".into(),
            intro: "Ten characters name one activity, at one site, of one company.".into(),
        }
    }
}

/// The table `[colours]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Colours {
    pub(crate) text: Colour,
    pub(crate) accent: Colour,
    pub(crate) note: Colour,
    pub(crate) rule: Colour,
    pub(crate) ground: Colour,
}

impl Colours {
    /// The contrast that WCAG 2 asks of text, level AA.
    const LEAST: f32 = 4.5;

    /// Every colour of text must stand out from paper and from the ground under headings: the letter has no text that
    /// a reader could overlook.
    fn check(&self) -> Result<(), TemplateError> {
        for (key, colour) in [("text", self.text), ("accent", self.accent), ("note", self.note)] {
            for (against, ground) in [("white", Colour::WHITE), ("`ground`", self.ground)] {
                let contrast = colour.contrast(ground);
                if contrast < Self::LEAST {
                    let (colour, least) = (colour.to_string(), Self::LEAST);
                    return Err(TemplateError::Contrast { key, colour, contrast, against, least });
                }
            }
        }
        Ok(())
    }
}

impl Default for Colours {
    fn default() -> Self {
        Self {
            text: Colour([0x1b, 0x1f, 0x24]),
            accent: Colour([0x14, 0x39, 0x5b]),
            note: Colour([0x55, 0x60, 0x6b]),
            rule: Colour([0xb4, 0xbe, 0xc8]),
            ground: Colour([0xf1, 0xf4, 0xf7]),
        }
    }
}

/// A colour of sRGB, written `#14395b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Colour(pub(crate) [u8; 3]);

impl Colour {
    const WHITE: Self = Self([0xff; 3]);

    /// The colour as krilla fills with it.
    pub(crate) fn fill(self) -> Fill {
        let Self([red, green, blue]) = self;
        Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
    }

    /// The contrast ratio of WCAG 2: from 1, the same, to 21, black and white.
    fn contrast(self, other: Self) -> f32 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The relative luminance of WCAG 2.
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
            .ok_or_else(|| format!("`{text}` is no colour: expected a form as #14395b"))
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
