//! Composes the letter of a certificate: a tagged PDF/A-3a file, the same bytes for the same input.
//!
//! | to | use |
//! | --- | --- |
//! | make the file | [`compose`] |
//! | make a file that shows how it will look | [`preview`] |
//! | set the wording and the look of the letter | [`Template`] |
//! | set what "how to verify this letter" prints | [`Verification`] |
//!
//! The file has no signature and no attachment yet: `cqm-issue` adds both. Its pages contain only
//! text and filled shapes in opaque colours, so that a verifier can refuse everything else. Names
//! may be written in Latin, Greek, Cyrillic, Han, kana and Hangul; a character that no font has is
//! an error that names it.
//!
//! ```
//! # use cqm_core::{Certificate, Company, Date, Holder, Signatory, Site};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let certificate = Certificate {
//!     number: "CQM-2023-0099".parse()?,
//!     holder: Holder {
//!         name: "Dummy Card Company".into(),
//!         address: vec!["Shanghai Avenue, 1929".into(), "012345 Shenzhen".into()],
//!         country: "CN".parse()?,
//!         companies: vec![Company { number: "99".parse()?, name: "Dummy Card Company".into() }],
//!     },
//!     valid_from: Date::constant(2023, 5, 6),
//!     valid_until: Date::constant(2024, 5, 5),
//!     sites: vec![Site {
//!         company: "99".parse()?,
//!         number: "01".parse()?,
//!         country: "PT".parse()?,
//!         city: "Porto".into(),
//!         subcontractor: None,
//!         cid: None,
//!         labels: vec!["69901000DA".parse()?],
//!     }],
//!     signatory: Signatory { name: "Bruno Parfum".into(), title: "Director".into() },
//! };
//! let verification = cqm_letter::Verification { root_fingerprint: [0; 32] };
//! let pdf = cqm_letter::compose(&certificate, &cqm_letter::Template::default(), &verification)?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok(())
//! # }
//! ```
//!
//! # Modules
//!
//! Each module uses only modules above it in this list; a test holds the order:
//!
//! - `colour`, `error`: colours and their contrast; all errors
//! - `language`: the words of a letter in each language
//! - `fonts`: the embedded fonts
//! - `text`: a text becomes lines of glyphs
//! - `logo`: an SVG file becomes shapes
//! - `page`: pages, the structure tree, the PDF file
//! - `template`: `letter.toml`
//! - `styles`: the text styles of a letter and its legend
//! - `canvas`: all of these in one value, which every part draws on
//! - `parts`: the parts of a letter, which do not use each other
//! - `letter`: puts the parts together

mod canvas;
mod colour;
mod error;
mod fonts;
mod language;
mod letter;
mod logo;
mod page;
mod parts;
mod styles;
mod template;
mod text;

pub use error::{LetterError, LogoError, TemplateError};
pub use letter::{compose, preview};
pub use parts::verification::Verification;
pub use template::Template;
