//! The signatures over certificates and CRLs that a trust store has verified.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest as _, Sha256};

use crate::{
    SignatureAlgorithm,
    key::PublicKey,
    verifier::{self, SignatureVerifier},
};

/// More than one program has signers and lists; few enough to use little memory.
const MAX_ENTRIES: usize = 4096;

/// Verifies signatures over certificates and CRLs, and remembers the good ones, so that the same
/// certificate under the same issuer costs one hash the second time. Bad signatures are not
/// remembered.
#[derive(Debug)]
pub(super) struct Memo {
    verifier: &'static dyn SignatureVerifier,
    good: Mutex<BTreeSet<[u8; 32]>>,
}

impl Default for Memo {
    fn default() -> Self {
        Self::over(verifier::DEFAULT)
    }
}

impl Memo {
    /// Verifies with a given library.
    pub(super) fn over(verifier: &'static dyn SignatureVerifier) -> Self {
        Self { verifier, good: Mutex::default() }
    }

    /// Returns whether a signature is good. `spki` identifies the key.
    pub(super) fn verify(
        &self,
        key: &PublicKey,
        spki: &[u8],
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let entry = entry(algorithm, spki, message, signature);
        if self.good().contains(&entry) {
            return true;
        }
        if key.verify_with(self.verifier, algorithm, message, signature).is_err() {
            return false;
        }
        let mut good = self.good();
        if good.len() >= MAX_ENTRIES {
            good.clear();
        }
        good.insert(entry);
        true
    }

    /// A thread that panicked can't have left the set half changed.
    fn good(&self) -> MutexGuard<'_, BTreeSet<[u8; 32]>> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The digest of everything that a verification depends on, each part after its length.
fn entry(algorithm: SignatureAlgorithm, key: &[u8], message: &[u8], signature: &[u8]) -> [u8; 32] {
    let algorithm = format!("{algorithm:?}");
    let mut digest = Sha256::new();
    for part in [algorithm.as_bytes(), key, message, signature] {
        // A length fits 64 bits on every machine.
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
