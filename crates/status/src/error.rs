//! Why a list is refused.

use cqm_core::UnixTime;
use cqm_sign::{json::JsonError, jws::JwsError, x509::PathError};

use crate::{entries::EntriesError, events::EventsError};

/// Why a list is refused. Texts from the list are cut after 64 characters.
#[derive(Debug, thiserror::Error)]
pub enum StatusListError {
    /// It is no token, of another type, or not signed by the key that it names.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// Its signer is not one who may sign lists.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Signer(Vec<PathError>),
    /// It outlives its signer.
    #[error("the list expires at {expires_at}, its signer's certificate ends at {not_after}")]
    OutlivesSigner {
        /// When the list expires.
        expires_at: UnixTime,
        /// The last second of the signer.
        not_after: UnixTime,
    },
    /// Its claims are not the JSON object expected.
    #[error("the claims are {0}")]
    Json(#[from] JsonError),
    /// A claim has a value that it must not have.
    #[error("the claim `{claim}` is {found}, expected {expected}")]
    Claim {
        /// The name of the claim.
        claim: &'static str,
        /// Its value.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// A certificate in `certs` is malformed.
    #[error("a certificate in `cqm.certs` is malformed: {0}")]
    Certificate(String),
    /// The entries can't be read.
    #[error(transparent)]
    Entries(#[from] EntriesError),
    /// The events can't be read.
    #[error("`events` {0}")]
    Events(#[from] EventsError),
    /// The entries are not the state that the events lead to.
    #[error(transparent)]
    Disagreement(#[from] Disagreement),
}

/// An entry that is not the state of the events that are effective when the list is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the entry {idx} is {}, by the events it is {by_events}", named(*entry))]
pub struct Disagreement {
    /// The index.
    pub idx: u32,
    /// Its value in `lst`; none beyond the end.
    pub entry: Option<u8>,
    /// Its value by `events`.
    pub by_events: u8,
}

fn named(entry: Option<u8>) -> String {
    entry.map_or_else(|| "missing".to_owned(), |entry| entry.to_string())
}
