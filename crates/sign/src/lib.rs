//! Signed envelopes over bytes, made and checked: CMS, JWS and X.509 certification paths.

mod algorithm;
mod signer;
pub mod x509;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use signer::{Signer, SignerError};
