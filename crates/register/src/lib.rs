//! The program office's register: companies, sites, labels, certificates, their status, and a log
//! that cannot be rewritten unnoticed. It is a file (SQLite) or a database on a server for several
//! people at once (PostgreSQL).
//!
//! | to | use |
//! | --- | --- |
//! | name the place of a register | [`Location`] |
//! | create or open one | [`Register::create`], [`Register::open`] |
//! | import a dossier | [`Register::plan_import`], [`Register::import`] |
//! | issue a certificate | [`Register::begin_issue`], [`PendingIssue::commit`] |
//! | stop, revoke, suspend, resume | [`Register::plan_status`], [`Register::change_status`] |
//! | publish a status list | [`Register::begin_publish`], [`PendingList::commit`] |
//! | write the published list to its file | [`Register::begin_placing`] |
//! | look up a holder or site | [`Register::holders`], [`Register::holder`], [`Register::site`] |
//! | look up a label or certificate | [`Register::label`], [`Register::certificate`] |
//! | check it against its log | [`Register::verify`] |
//!
//! ```
//! use cqm_core::{Date, UnixTime, status::ListUri};
//! use cqm_register::{Location, Register, Stamp, Verification};
//!
//! # let folder = tempfile::tempdir()?;
//! # let toml = include_str!("../../../fixtures/dossiers/dummy-card-company.toml");
//! let location = Location::File(folder.path().join("office.db"));
//! let stamp = Stamp { who: "anna".into(), at: UnixTime::new(1_683_331_200), why: String::new() };
//! Register::create(&location, ListUri::default(), &stamp)?;
//!
//! let mut register = Register::open(&location)?;
//! let today = Date::constant(2023, 5, 6);
//! let plan = register.plan_import(cqm_issue::dossier::read(toml)?, toml.to_owned(), today)?;
//! assert_eq!(plan.changes().name, "Dummy Card Company");
//! register.import(&plan, &stamp)?;
//!
//! assert!(matches!(register.verify()?, Verification::Good { entries: 2, .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each change is one transaction: an entry of the log, and the rows that follow from it.
//!
//! - A *plan* is made first, shown to a person, and then carried out. It is refused if the register
//!   changed so that it would now come to something else.
//! - A *pending* certificate or list holds the transaction open while it is signed. Dropping it
//!   rolls the transaction back.
//!
//! `docs/reference/register.md` has the tables, the encoding of the log, and what holds if a
//! process is killed. This crate reads and writes the database, but has no clock: each change takes
//! a [`Stamp`].

mod action;
mod basis;
mod database;
mod error;
mod history;
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
mod upgrade;
mod verify;

pub use basis::CertificateBasis;
pub use database::{DatabaseError, Failure};
pub use error::RegisterError;
pub use import::{ImportChanges, ImportPlan};
pub use issue::{PendingIssue, Signed};
pub use location::{Location, LocationError, Server};
pub use log::{LogEntry, Stamp};
pub use publish::{KnownLists, ListContents, PendingList, PendingPlace};
pub use query::{HolderRecord, SiteRecord};
pub use records::{CertificateRecord, CompanyRecord, LabelRecord};
pub use register::Register;
pub use status::{StatusAction, StatusChange, StatusPlan, StatusRequest, Subject};
pub use verify::Verification;
