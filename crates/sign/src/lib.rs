//! Makes and verifies signed envelopes over bytes: CMS, JWS and X.509 certification paths.
//!
//! | job | type |
//! | --- | --- |
//! | sign and verify PDF signatures, of letters and foreign | [`cms`] |
//! | sign and verify certificate tokens and status lists | [`jws`] |
//! | verify that a signer is trusted, serves a purpose and is not revoked | [`x509::TrustStore`] |
//! | verify a bare signature | [`PublicKey`] |
//! | hash a part of what a signature covers, and all of it, in one pass | [`Hashed`] |
//! | read signed JSON | [`json`] |
//! | implement a private key that signs | [`Signer`] |
//!
//! The crate has no clock, network or randomness: bytes, times and signers are passed in. Every
//! input is treated as hostile: nothing panics, and sizes are limited.
//!
//! `docs/reference/clauses-cms.md` and `docs/reference/clauses-paths.md` list clause by clause what
//! the standards demand and how the crate meets it.
//!
//! A good signature does not prove who signed. Two steps belong together:
//!
//! ```
//! use cqm_core::UnixTime;
//! use cqm_sign::{
//!     cms::SignedData,
//!     x509::{Purpose, TrustStore, VerifiedPath},
//! };
//!
//! fn signer_of(
//!     cms: &[u8],
//!     signed_bytes: &[u8],
//!     trusted_roots: &str,
//!     at: UnixTime,
//! ) -> Result<VerifiedPath, Box<dyn std::error::Error>> {
//!     let signed = SignedData::from_der(cms)?;
//!     signed.verify(&[signed_bytes]).map_err(|errors| format!("{errors:?}"))?;
//!     signed.check_profile()?;
//!     let trust = TrustStore::from_pem(trusted_roots)?;
//!     let path = trust
//!         .verify_path(signed.signer(), signed.intermediates(), Purpose::DocumentSigning, at)
//!         .map_err(|errors| format!("{errors:?}"))?;
//!     Ok(path)
//! }
//! # assert!(signer_of(b"no CMS", b"", "", UnixTime::new(0)).is_err());
//! ```

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
mod verifier;
pub mod x509;

pub use algorithm::{DigestAlgorithm, Hashed, SignatureAlgorithm};
pub use key::{KeyAlgorithm, KeyError, PublicKey, SignatureError};
pub use signer::{Signer, SignerError};
