//! The claims of a status list token.

use cqm_core::{UnixTime, bounded_list, status::ListUri};
use serde::{Deserialize, Serialize};

use crate::{crls::MAX_CRLS, entries::StatusListClaim, tokens::TokensClaim};

/// The media type of the token, without `application/`: the `typ` of its header.
pub const LIST_TYPE: &str = "statuslist+jwt";

/// The version of the `cqm` claim that this crate writes and reads.
pub(crate) const VERSION: u32 = 2;

/// The claims as they are transmitted. Other claims beside these are ignored, as RFC 7519 requires.
/// The claim `cqm` has a version, and only the members that its version defines.
#[derive(Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: ListUri,
    pub(crate) iat: UnixTime,
    pub(crate) exp: UnixTime,
    pub(crate) ttl: u64,
    pub(crate) status_list: StatusListClaim,
    pub(crate) cqm: CqmClaim,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CqmClaim {
    pub(crate) version: u32,
    pub(crate) seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) prev: Option<String>,
    pub(crate) log_head: String,
    pub(crate) events: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) successors: Option<String>,
    pub(crate) issued: TokensClaim,
    #[serde(deserialize_with = "bounded_list::<MAX_CRLS, _, _>")]
    pub(crate) crls: Vec<String>,
}
