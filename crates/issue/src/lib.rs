//! Issuing: a dossier becomes a draft, a checked draft, and an issued certificate.
//!
//! Data flows one way, and each step takes what only the step before can make:
//!
//! 1. [`dossier::read`] turns the office's TOML into a [`Dossier`](cqm_core::dossier::Dossier).
//! 2. [`Draft::new`] runs every rule of the program on it for the day of issue.
//! 3. [`Draft::approve`] gives a [`Checked`] draft, unless a rule refuses.
//!    [`Checked::with_status`] adds where the status of its labels will be found, if a register keeps it.
//! 4. [`Checked::issue`] signs the token, sets the letter, embeds the token, and signs the PDF.
//!
//! Nothing here reads a clock or a file: the day, the signers and the template are passed in.

pub mod dossier;
mod draft;
mod issued;

pub use draft::{Checked, Draft, Refused};
pub use issued::{IssueError, Issued, Office};
