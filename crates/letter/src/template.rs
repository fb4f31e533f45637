//! The template of a letter: language, wording, colours and logo.

use std::io;

use serde::Deserialize;

use crate::{colour::Colour, error::TemplateError, language::Language, logo::Logo};

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
    /// If the TOML is malformed, has an unknown key, an address that is not plain HTTPS, or colours
    /// of too little contrast, or if the logo has anything but shapes in plain colours.
    pub fn from_toml(toml: &str, read: impl FnOnce(&str) -> io::Result<Vec<u8>>) -> Result<Self, TemplateError> {
        let mut file: File = toml::from_str(toml)?;
        let logo = file.logo.take();
        let wording = file.into_wording();
        if wording.valid_until.matches(DATE).count() != 1 {
            return Err(TemplateError::Date { text: wording.valid_until });
        }
        wording.verify_url.as_deref().map_or(Ok(()), check_url)?;
        wording.colours.check()?;
        let logo = match logo {
            None => Logo::default(),
            Some(name) => {
                let svg = read(&name).map_err(|source| TemplateError::LogoFile { name, source })?;
                Logo::from_svg(&svg)?
            }
        };
        Ok(Self { wording, logo })
    }
}

/// The placeholder for the last day of validity.
const DATE: &str = "{date}";

/// The scheme of `verify_url`.
const HTTPS: &str = "https://";

/// The longest `verify_url`: two lines of the letter.
const LONGEST_URL: usize = 160;

/// The wording of a letter, with the defaults of its language where `letter.toml` has none.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    pub(crate) language: Language,
    pub(crate) issuer: String,
    pub(crate) program: String,
    pub(crate) title: String,
    pub(crate) address_intro: String,
    pub(crate) statement: String,
    pub(crate) signing_body: Vec<String>,
    pub(crate) valid_until: String,
    pub(crate) verify_url: Option<String>,
    pub(crate) verification: VerificationWording,
    pub(crate) colours: Colours,
}

/// The wording of the instructions for verifying.
#[derive(Debug, Clone)]
pub(crate) struct VerificationWording {
    pub(crate) heading: String,
    pub(crate) intro: String,
    pub(crate) steps: Vec<String>,
}

impl Wording {
    /// Returns the sentence on the end of validity.
    pub(crate) fn valid_until(&self, date: &str) -> String {
        self.valid_until.replace(DATE, date)
    }
}

impl Default for Wording {
    fn default() -> Self {
        File::default().into_wording()
    }
}

/// The keys of `letter.toml`, each of which may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    language: Language,
    issuer: Option<String>,
    program: Option<String>,
    title: Option<String>,
    address_intro: Option<String>,
    statement: Option<String>,
    signing_body: Option<Vec<String>>,
    valid_until: Option<String>,
    verify_url: Option<String>,
    logo: Option<String>,
    verification: VerificationFile,
    colours: Colours,
}

/// The table `[verification]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct VerificationFile {
    heading: Option<String>,
    intro: Option<String>,
    steps: Option<Vec<String>>,
}

impl File {
    fn into_wording(self) -> Wording {
        let defaults = &self.language.words().defaults;
        let or = |text: Option<String>, default: &str| text.unwrap_or_else(|| default.into());
        let VerificationFile { heading, intro, steps } = self.verification;
        Wording {
            language: self.language,
            issuer: or(self.issuer, "CQM Program Office"),
            program: or(self.program, "Card Quality Management"),
            title: or(self.title, defaults.title),
            address_intro: or(self.address_intro, defaults.address_intro),
            statement: or(self.statement, defaults.statement),
            signing_body: self
                .signing_body
                .unwrap_or_else(|| vec!["CQM Program Office".into(), "Product Approvals".into()]),
            valid_until: or(self.valid_until, defaults.valid_until),
            verify_url: self.verify_url,
            verification: VerificationWording {
                heading: or(heading, defaults.heading),
                intro: or(intro, defaults.intro),
                steps: steps.unwrap_or_else(|| defaults.steps.map(String::from).into()),
            },
            colours: self.colours,
        }
    }
}

/// Requires an address that a person can type without doubt: HTTPS, and visible ASCII characters
/// only, because some letters of other scripts look like Latin ones.
fn check_url(url: &str) -> Result<(), TemplateError> {
    let expected = match url.strip_prefix(HTTPS) {
        None => "that it begins with https://",
        Some(rest) if !rest.starts_with(|first: char| first.is_ascii_alphanumeric()) => "a host after https://",
        Some(_) if !url.bytes().all(|byte| byte.is_ascii_graphic()) => "only visible ASCII characters",
        Some(_) if url.len() > LONGEST_URL => "at most 160 characters",
        Some(_) => return Ok(()),
    };
    Err(TemplateError::Url { url: url.into(), expected })
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
