//! The libraries that verify signatures.
//!
//! | library | verifies |
//! | --- | --- |
//! | ring | ECDSA and RSA, except in wasm32, where it can't be built without imports |
//! | RustCrypto | Ed25519, what ring lacks, and everything in wasm32 |
//!
//! Both get keys that [`PublicKey`](crate::PublicKey) has parsed and checked, so which keys are
//! accepted does not depend on the library. They give the same verdict on every signature: the
//! tests run the same vectors over both.

#[cfg(not(target_arch = "wasm32"))]
mod ring;
mod rust_crypto;
#[cfg(test)]
mod tests;

use core::fmt;

use crate::{SignatureAlgorithm, key::Key};

/// A library that verifies signatures.
pub(crate) trait SignatureVerifier: fmt::Debug + Sync {
    /// Returns whether `signature` is one over `message` by `key`, in the encoding that X.509 and
    /// CMS use. An algorithm for another kind of key verifies nothing.
    fn verifies(&self, key: &Key, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool;
}

/// The library that is used outside of tests.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) const DEFAULT: &dyn SignatureVerifier = &ring::Ring;

/// The library that is used outside of tests.
#[cfg(target_arch = "wasm32")]
pub(crate) const DEFAULT: &dyn SignatureVerifier = &rust_crypto::RustCrypto;

/// Both libraries.
#[cfg(test)]
pub(crate) const ALL: [&dyn SignatureVerifier; 2] = [&ring::Ring, &rust_crypto::RustCrypto];
