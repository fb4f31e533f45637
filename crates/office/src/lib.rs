//! The decisions of the program office: import, issue, stop, publish, over its register and its
//! keys.
//!
//! | to | use |
//! | --- | --- |
//! | load the keys | [`IssuingKeys::load`], [`PublishingKeys::load`] |
//! | issue from a dossier or from the register | [`IssueProposal`], [`ApprovedIssue::issue`] |
//! | stop, revoke, suspend, resume | [`ChangeProposal`] |
//! | import a dossier | [`ImportProposal`] |
//! | publish the status list | [`publish`] |
//! | read a template of the letter | [`read_template`] |
//!
//! A *proposal* has been looked up and checked, but nothing is changed yet: the caller shows it,
//! asks, and commits it or drops it. Everything that a person sees is a value. The crate prints
//! nothing, asks nothing and has no clock: days and the [`Stamp`](cqm_register::Stamp) are passed
//! in.
//!
//! ```
//! use cqm_core::{Date, status::ListUri};
//! use cqm_letter::Template;
//! use cqm_office::{ImportProposal, IssueProposal, IssuingKeys, LetterFiles};
//! use cqm_register::{Location, Register, Stamp};
//!
//! # let folder = tempfile::tempdir()?;
//! # let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../../keys-test").as_ref();
//! # let toml = include_str!("../../../fixtures/dossiers/dummy-card-company.toml").to_owned();
//! let location = Location::File(folder.path().join("office.db"));
//! let today = Date::constant(2023, 5, 6);
//! let stamp = Stamp { who: "anna".into(), at: today.start(), why: String::new() };
//! Register::create(&location, ListUri::default(), &stamp)?;
//! let mut register = Register::open(&location)?;
//!
//! let dossier = cqm_issue::dossier::read(&toml)?;
//! ImportProposal::new(&mut register, dossier, toml, today)?.commit(&stamp)?;
//!
//! let keys = IssuingKeys::load(keys, &|_| Err("the test keys are not encrypted".into()))?;
//! let files = LetterFiles::new(&folder.path().join("letter.pdf"))?;
//! let company = "99".parse()?;
//! let proposal = IssueProposal::from_register(&mut register, company, today, today, &stamp)?;
//! let issued = proposal.approve()?.issue(&keys, &Template::default(), files)?;
//! assert_eq!(issued.certificate.number.as_str(), "CQM-2023-0099");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod change;
mod error;
mod import;
mod issue;
mod keys;
mod publish;
mod read;
mod template;

pub use change::ChangeProposal;
pub use error::OfficeError;
pub use import::ImportProposal;
pub use issue::{ApprovedIssue, IssueProposal, IssuedCertificate, LetterFiles};
pub use keys::{AskPassphrase, IssuingKeys, PublishingKeys};
pub use publish::{PublishedList, publish};
pub use template::read_template;
