//! The words of the CQM program: labels, sites, certificates, dates, rules, findings and verdicts.
//!
//! | to | use |
//! | --- | --- |
//! | read a label | [`Label`] |
//! | have the content of a certificate | [`Certificate`], [`Holder`], [`Site`] |
//! | write and read the claims of the certificate token | [`claims::Claims`] |
//! | have the evidence for a certificate | [`Dossier`] |
//! | check a dossier or a certificate against the program's rules | [`rules`] |
//! | name the status of a certificate or a label, its changes and their reasons | [`status`] |
//! | count days and months as the program does | [`Date`] |
//! | name a second | [`UnixTime`] |
//! | report what a check found, and the verdict that follows | [`Finding`], [`Code`], [`Verdict`] |
//!
//! Sections without the name of a document are those of the program's certification process,
//! release 1.7. `docs/reference/rules.md` explains what each section requires, and what was decided
//! where the process is silent. `docs/glossary.md` defines the words.
//!
//! To add a rule, read [`rules`]; to add a finding, read `finding/code.rs`.
//!
//! ```
//! let label: cqm_core::Label = "39902000DA".parse()?;
//! assert_eq!(label.activity().acronym(), "CB");
//! assert_eq!(label.company().to_string(), "99");
//! # Ok::<(), cqm_core::LabelError>(())
//! ```
//!
//! The crate has no clock, no files, no network and no cryptography.

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
mod letter;
mod line;
mod number;
pub mod rules;
pub mod status;
mod text;
mod time;
mod verdict;

pub use activity::{Activity, ActivityError};
pub use certificate::{Certificate, Company, Holder, Signatory, Site};
pub use country::{CountryCode, CountryError};
pub use date::{Date, DateError};
pub use dossier::Dossier;
pub use finding::{Code, Consequence, Finding, Severity, conclude};
pub use label::{Label, LabelError, LabelIdentity, LabelStatus, Packaging, Part, ReservedPositions, Technology};
pub use letter::LetterDigest;
pub use line::{is_invisible, list as bounded_list};
pub use number::{CertificateNumber, Cid, CompanyNumber, NumberError, SiteNumber, SiteReference};
pub use text::{Quoted, printable};
pub use time::{TimeError, UnixTime};
pub use verdict::Verdict;
