//! Errors of reading and verifying a list.

use cqm_core::{Date, UnixTime};
use cqm_sign::{json::JsonError, jws::JwsError, x509::PathError};

use crate::{
    agreement::Disagreement, crls::CrlsError, entries::EntriesError, events::EventsError, successors::SuccessorsError,
    tokens::TokensError,
};

/// The reason that a list is refused. Texts from the list are cut after 64 characters.
///
/// The enum is exhaustive on purpose: verification maps every variant to a finding code, and a new
/// variant must get its code.
#[derive(Debug, thiserror::Error)]
pub enum StatusListError {
    /// The list is not a token, has another type, or was not signed by the key that it names.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// The signer is not trusted to sign status lists.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Signer(Vec<PathError>),
    /// The list expires later than its signer's X.509 certificate.
    #[error("the list expires at {expires_at}, its signer's certificate ends at {not_after}")]
    OutlivesSigner {
        /// When the list expires.
        expires_at: UnixTime,
        /// The last second of the signer's X.509 certificate.
        not_after: UnixTime,
    },
    /// The claims are not the expected JSON object.
    #[error("the claims are {0}")]
    Json(#[from] JsonError),
    /// A claim has a value that is not allowed.
    #[error("the claim `{claim}` is {found}, expected {expected}")]
    Claim {
        /// The name of the claim.
        claim: &'static str,
        /// Its value.
        found: String,
        /// The expected value, in words.
        expected: String,
    },
    /// The entries can't be read.
    #[error(transparent)]
    Entries(#[from] EntriesError),
    /// The events can't be read.
    #[error("`events` {0}")]
    Events(#[from] EventsError),
    /// The successors of certificates can't be read.
    #[error("`cqm.successors` {0}")]
    Successors(#[from] SuccessorsError),
    /// The digests of tokens can't be read.
    #[error("`cqm.issued` {0}")]
    Tokens(#[from] TokensError),
    /// The CRLs can't be read.
    #[error("`cqm.crls` {0}")]
    Crls(#[from] CrlsError),
    /// The entries do not have the status that follows from the events.
    #[error(transparent)]
    Disagreement(#[from] Disagreement),
    /// A certificate that was revoked is not revoked on a later day.
    #[error(
        "the entry {idx}, that of a certificate, is revoked, and not any more from {from} on: no certificate comes back"
    )]
    Unrevoked {
        /// The index of the certificate.
        idx: u32,
        /// The first day on which it is not revoked.
        from: Date,
    },
}
