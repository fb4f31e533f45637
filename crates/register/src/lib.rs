//! The program office's register: companies, sites, labels, certificates, their status, and a log that can't be rewritten
//! unseen. In a file (SQLite), or on a server for several people at once (PostgreSQL).
//!
//! | to | use |
//! | --- | --- |
//! | say where the register is | [`Location`] |
//! | make one, open one | [`Register::create`], [`Register::open`] |
//! | take a dossier in | [`Register::plan_import`], [`Register::import`] |
//! | issue | [`Register::issue`] |
//! | stop, revoke, suspend, resume | [`Register::plan_status`], [`Register::change_status`] |
//! | publish a status list | [`Register::publish`], [`Register::place_list`] |
//! | look things up | [`Register::holders`], [`Register::site`], [`Register::label`], [`Register::certificate`] |
//! | check that nobody changed anything behind its back | [`Register::verify`] |
//!
//! ```
//! use cqm_core::{UnixTime, status::ListUri};
//! use cqm_register::{Location, Register, Stamp, Verification};
//!
//! let folder = tempfile::tempdir()?;
//! let location = Location::File(folder.path().join("office.db"));
//! let stamp = Stamp { who: "anna".into(), at: UnixTime::new(1_683_331_200), why: String::new() };
//! Register::create(&location, ListUri::default(), &stamp)?;
//!
//! let mut register = Register::open(&location)?;
//! assert!(matches!(register.verify()?, Verification::Good { entries: 1, .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every change is one transaction: an entry of the log, and the rows that follow from it. What was read before is read
//! again in that transaction, and where it differs from what a person was shown, nothing is changed. `docs/reference/register.md`
//! has the tables, the encoding of the log, and what holds when a process is killed.
//!
//! This crate is the one library that does input and output by itself. It still has no clock: every change comes with a
//! [`Stamp`].

mod action;
mod database;
mod error;
mod import;
mod issue;
mod location;
mod log;
mod publish;
mod query;
mod records;
mod register;
mod status;
mod tables;
mod verify;

pub use database::DatabaseError;
pub use error::RegisterError;
pub use import::ImportPlan;
pub use issue::{Grant, SignCertificate, Signed};
pub use location::{Location, LocationError, Server};
pub use log::{LogEntry, Stamp};
pub use publish::{KnownLists, ListContents, SignList};
pub use query::{CertificateWithHolder, HolderRecord, SiteRecord};
pub use records::{CertificateBasis, CertificateRecord, LabelRecord};
pub use register::Register;
pub use status::{StatusChange, StatusPlan, StatusRequest, Subject};
pub use verify::Verification;
