//! Issues certificates: a dossier becomes a draft, a checked draft, and an issued certificate.
//!
//! | to | use |
//! | --- | --- |
//! | read the office's TOML | [`dossier::read`] |
//! | run every rule of the program for the day of issue | [`Draft::new`] |
//! | get a [`Checked`] draft, unless a rule forbids to issue it | [`Draft::approve`] |
//! | name the status list that will report on its labels | [`Checked::with_status`] |
//! | sign token and letter, and verify the result | [`Checked::issue`] with an [`Office`] |
//!
//! Each step takes a value that only the step before it can make, so a letter that breaks a rule,
//! or that does not verify against the office's root, cannot be issued.
//!
//! ```
//! use cqm_core::Date;
//! use cqm_issue::{Draft, Office, dossier};
//! use cqm_letter::Template;
//!
//! # use cqm_keys::Role;
//! # let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../../keys-test");
//! # let load = |role| cqm_keys::load(keys.as_ref(), role, || Err("not encrypted".into()));
//! # let (document_signer, token_signer) = (load(Role::DocumentSigner)?, load(Role::TokenSigner)?);
//! # let root = load(Role::Root)?.certificate().clone();
//! # let text = include_str!("../../../fixtures/dossiers/dummy-card-company.toml");
//! let draft = Draft::new(&dossier::read(text)?, Date::constant(2023, 5, 6));
//! assert_eq!(draft.findings().count(), 0);
//! let office = Office {
//!     document_signer: &document_signer,
//!     token_signer: &token_signer,
//!     root: &root,
//!     template: &Template::default(),
//! };
//! let issued = draft.approve()?.issue(&office)?;
//! assert!(issued.pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `examples/issue_letter.rs` is a whole program. The crate has no clock and reads no files: the
//! day, the signers and the template are passed in.

pub mod dossier;
mod draft;
mod issued;

pub use draft::{Checked, Draft, Refused};
pub use issued::{IssueError, Issued, Office};
