//! What a trust store learned from the files before: which signatures over certificates are good, and which signers are.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use sha2::{Digest as _, Sha256};

use crate::{SignatureAlgorithm, key::PublicKey, x509::X509Certificate};

/// More entries than signers and lists of one program, and few enough to stay small.
const MAX_ENTRIES: usize = 4096;

/// How many signers are kept. Each may hold tables of 24 kB that make its signatures cheaper to verify.
const MAX_SIGNERS: usize = 64;

/// Which signatures over certificates and CRLs were found good, so that the same certificate under the same issuer costs one
/// hash the second time, and the signers whose path was good. What was not good is never kept.
#[derive(Debug, Default)]
pub(super) struct Memo {
    good: Mutex<BTreeSet<[u8; 32]>>,
    signers: Mutex<BTreeMap<[u8; 32], X509Certificate>>,
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
        if lock(&self.good).contains(&entry) {
            return Ok(());
        }
        PublicKey::from_bits(algorithm.key_kind(), key)
            .map_err(|_| InvalidSignature)?
            .verify(algorithm, message, signature)
            .map_err(|_| InvalidSignature)?;
        let mut good = lock(&self.good);
        if good.len() >= MAX_ENTRIES {
            good.clear();
        }
        good.insert(entry);
        Ok(())
    }

    /// Keeps a signer whose path is good, as long as there is room.
    pub(super) fn keep_signer(&self, signer: &X509Certificate) {
        let mut signers = lock(&self.signers);
        if signers.len() < MAX_SIGNERS {
            signers.entry(signer.fingerprint()).or_insert_with(|| signer.clone());
        }
    }

    /// The signer as it was kept, if it was.
    pub(super) fn signer(&self, signer: &X509Certificate) -> Option<X509Certificate> {
        lock(&self.signers).get(&signer.fingerprint()).cloned()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The digest of all that a verification depends on, each part after its length.
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
