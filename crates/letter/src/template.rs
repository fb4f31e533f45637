//! The template of a letter: wording, colours and logo.

use std::io;

use serde::Deserialize;

use crate::{colour::Colour, error::TemplateError, logo::Logo};

/// The look of a letter, and its wording apart from the certificate's own: `letter.toml` and its
/// logo.
///
/// ```
/// use cqm_letter::Template;
///
/// let toml = "title = 'Statement of Quality'\n[colours]\naccent = '#14395b'\n";
/// let template = Template::from_toml(toml, |logo| std::fs::read(logo))?;
/// # Ok::<(), cqm_letter::TemplateError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Template {
    pub(crate) wording: Wording,
    pub(crate) logo: Logo,
}

impl Template {
    /// Reads a `letter.toml`. A key that is left out keeps its default. `read` is called with the
    /// name under `logo`, if there is one, and returns the bytes of that SVG file.
    ///
    /// # Errors
    /// If the TOML is malformed, has an unknown key, or has colours of too little contrast, or if
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

/// The placeholder for the last day of validity.
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
    /// Returns the sentence on the end of validity.
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
    /// The contrast that WCAG 2 requires of text at level AA.
    const LEAST: f32 = 4.5;

    /// Requires every colour of text to stand out from the paper and from the ground under
    /// headings, so that a reader cannot overlook any text of the letter.
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
