//! Signatures by certification authorities that were verified before.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use sha2::{Digest as _, Sha256};

use crate::{SignatureAlgorithm, key::PublicKey};

/// More entries than signers and lists of one program, and few enough to stay small.
const MAX_ENTRIES: usize = 4096;

/// Which signatures over certificates and CRLs were found good, so that the same certificate under the same issuer costs one
/// hash the second time. A signature that was not good is never kept.
#[derive(Debug, Default)]
pub(super) struct Memo {
    good: Mutex<BTreeSet<[u8; 32]>>,
}

impl Memo {
    /// Verifies a signature by the key with these `subjectPublicKey` bits.
    pub(super) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let entry = entry(algorithm, key, message, signature);
        if self.lock().contains(&entry) {
            return Ok(());
        }
        PublicKey::from_bits(algorithm.key_kind(), key)
            .map_err(|_| InvalidSignature)?
            .verify(algorithm, message, signature)
            .map_err(|_| InvalidSignature)?;
        let mut good = self.lock();
        if good.len() >= MAX_ENTRIES {
            good.clear();
        }
        good.insert(entry);
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<[u8; 32]>> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The digest of all that a verification depends on, each part after its length.
fn entry(algorithm: SignatureAlgorithm, key: &[u8], message: &[u8], signature: &[u8]) -> [u8; 32] {
    let identifier = algorithm.identifier();
    let mut digest = Sha256::new();
    for part in [identifier.as_ref(), key, message, signature] {
        // A length fits 64 bits on every machine.
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// One algorithm as the path builder wants it.
#[derive(Debug)]
pub(super) struct Remembering<'a> {
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) memo: &'a Memo,
}

impl SignatureVerificationAlgorithm for Remembering<'_> {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.memo.verify(self.algorithm, public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.key_kind().identifier()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.identifier()
    }
}
