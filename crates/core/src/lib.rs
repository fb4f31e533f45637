//! The words of the CQM program: labels, sites, certificates, dates, rules, findings and verdicts.
//!
//! | to | use |
//! | --- | --- |
//! | read a label and say what it means | [`Label`] |
//! | hold what a certificate says | [`Certificate`], [`Holder`], [`Site`] |
//! | write and read the claims of the certificate token | [`claims::Claims`] |
//! | hold what the office knows before it issues | [`Dossier`] |
//! | check a dossier or a certificate by the program's rules | [`rules`] |
//! | say what became of a certificate or a label, when and why | [`status`] |
//! | reckon with days and months as the program does | [`Date`] |
//! | say what a check came upon, and what follows | [`Finding`], [`Code`], [`Verdict`] |
//!
//! Sections that the documentation names without a document are those of the program's certification process, release
//! 1.7; `docs/reference/rules.md` says what each of them asks for and what was decided where it is silent.
//!
//! ```
//! let label: cqm_core::Label = "39902000DA".parse()?;
//! assert_eq!(label.activity().acronym(), "CB");
//! assert_eq!(label.company().to_string(), "99");
//! # Ok::<(), cqm_core::LabelError>(())
//! ```
//!
//! The crate is pure: it has no clock, reads no file, and knows nothing of signatures.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::panic
    )
)]

mod activity;
mod certificate;
pub mod claims;
mod country;
mod date;
pub mod dossier;
mod finding;
mod label;
mod line;
mod number;
pub mod rules;
pub mod status;
mod text;
mod time;
mod verdict;

pub use activity::{Activity, ActivityError};
pub use certificate::{Certificate, Holder, Signatory, Site};
pub use country::{CountryCode, CountryError};
pub use date::{Date, DateError};
pub use dossier::Dossier;
pub use finding::{Code, Consequence, Finding, Severity, conclude};
pub use label::{Label, LabelError, LabelIdentity, LabelStatus, Packaging, Part, ReservedPositions, Technology};
pub use line::is_invisible;
pub use number::{CertificateNumber, Cid, CompanyNumber, NumberError, SiteNumber, SiteReference};
pub use time::{TimeError, UnixTime};
pub use verdict::Verdict;
