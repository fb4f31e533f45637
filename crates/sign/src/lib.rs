//! Signed envelopes over bytes, made and checked: CMS, JWS and X.509 certification paths.

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

mod algorithm;
mod asn1;
pub mod cms;
pub mod json;
pub mod jws;
mod key;
mod signer;
pub mod x509;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use key::{KeyAlgorithm, KeyError, PublicKey, SignatureError};
pub use signer::{Signer, SignerError};
