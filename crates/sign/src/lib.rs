//! Signed envelopes over bytes, made and checked: CMS, JWS and X.509 certification paths.
//!
//! | job | where |
//! | --- | --- |
//! | sign and verify the signature of a PDF, ours or anyone's | [`cms`] |
//! | sign and verify a certificate token or a status list | [`jws`] |
//! | ask whether a signer leads to a trusted root, serves a purpose and is not revoked | [`x509::TrustStore`] |
//! | check a bare signature | [`PublicKey`] |
//! | read JSON that was signed | [`json`] |
//! | be the private key that signs | [`Signer`] |
//!
//! There is no clock, network or randomness in here: bytes, times and signers are passed in. All times are seconds since
//! 1970-01-01 UTC. Every input is taken as hostile: nothing panics, and sizes are bounded.
//!
//! `docs/reference/clauses-cms.md` and `docs/reference/clauses-paths.md` say clause by clause what the standards ask and what is done about it.
//!
//! A signature alone says nothing about who signed. Two steps belong together:
//!
//! ```
//! use cqm_sign::{
//!     cms::SignedData,
//!     x509::{Purpose, TrustStore, VerifiedPath},
//! };
//!
//! fn signer_of(
//!     cms: &[u8],
//!     signed_bytes: &[u8],
//!     trusted_roots: &str,
//!     at: cqm_core::UnixTime,
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
//! # assert!(signer_of(b"no CMS", b"", "", cqm_core::UnixTime::new(0)).is_err());
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

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use key::{KeyAlgorithm, KeyError, PublicKey, SignatureError};
pub use signer::{Signer, SignerError};
