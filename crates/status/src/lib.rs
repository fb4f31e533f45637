//! The status list: one signed file with the status of every certificate and label
//! (`docs/reference/status-list.md`).
//!
//! | to | use |
//! | --- | --- |
//! | make and sign a list | [`ListDraft`] |
//! | verify a list | [`SignedList::parse`], then [`SignedList::verify`] |
//! | read a list without verifying it | [`SignedList::decode`] |
//! | get the status of an entry on a day | [`StatusList::status_of`] |
//! | know which certificate replaced another | [`StatusList::successor_of`] |
//! | know whether a token was issued | [`StatusList::names`], [`TokenDigest`] |
//! | detect a list that is older than one seen before, or contradicts it | [`History`] |
//! | read or write bare entries of 1, 2, 4 or 8 bits | [`Entries`] |
//!
//! ```
//! use cqm_core::Date;
//! use cqm_sign::x509::TrustStore;
//! use cqm_status::SignedList;
//!
//! # let (file, root) = (b"no list", include_str!("../../../keys-test/root.pem"));
//! let trust = TrustStore::from_pem(root)?;
//! let day = "2024-01-31".parse::<Date>()?;
//! match SignedList::parse(file).and_then(|list| list.verify(&trust)) {
//!     Ok(verified) => println!("entry 7: {}", verified.list().status_of(7, day.end())?.status()),
//!     Err(error) => println!("not authentic: {error}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate has no clock, no files and no memory: the caller passes the time, and the lists seen
//! before.

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

mod agreement;
mod claims;
mod crls;
mod digest;
mod draft;
mod entries;
mod error;
mod events;
mod gaps;
mod history;
mod list;
mod signed;
mod successors;
mod tokens;
mod zlib;

pub use agreement::Disagreement;
pub use claims::LIST_TYPE;
pub use crls::CrlsError;
pub use digest::{Digest, DigestError};
pub use draft::{ListDraft, ListDraftError};
pub use entries::{Bits, Entries, EntriesError, StatusListClaim};
pub use error::StatusListError;
pub use events::EventsError;
pub use history::{Contradiction, History};
pub use list::{CurrentStatus, NotIssued, StatusList};
pub use signed::{SignedList, VerifiedList};
pub use successors::SuccessorsError;
pub use tokens::{IssuedTokens, TokenDigest, TokensError};
pub use zlib::ZlibError;
