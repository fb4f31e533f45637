//! A private key with the certificates that speak for it.

use cqm_sign::{SignatureAlgorithm, Signer, SignerError, x509::X509Certificate};

use sha2::{Digest, Sha256};

use crate::{SigningKey, signing_key::Hex};

/// A private key with the certificates that speak for it: a signer whose key is in memory.
#[derive(Debug)]
pub struct KeyPair {
    key: SigningKey,
    certificates: Vec<X509Certificate>,
}

impl KeyPair {
    /// Joins a key with its own certificate and the intermediates that follow. A root among those is left out, since
    /// whoever verifies has to have it already.
    ///
    /// # Errors
    /// When there is no certificate, or the first one is not the key's.
    pub fn new(key: SigningKey, certificates: Vec<X509Certificate>) -> Result<Self, KeyPairError> {
        let mut rest = certificates.into_iter();
        let own = rest.next().ok_or(KeyPairError::NoCertificate)?;
        if own.spki() != key.spki() {
            return Err(KeyPairError::Mismatch {
                key: Sha256::digest(key.spki()).into(),
                certificate: Sha256::digest(own.spki()).into(),
            });
        }
        let intermediates = rest.filter(|certificate| !certificate.is_self_issued());
        Ok(Self { key, certificates: core::iter::once(own).chain(intermediates).collect() })
    }

    /// The private key.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The key's own certificate.
    pub fn certificate(&self) -> &X509Certificate {
        // `new` keeps at least one.
        &self.certificates[0]
    }
}

impl Signer for KeyPair {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }

    fn certificates(&self) -> &[X509Certificate] {
        &self.certificates
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign(message).map_err(|error| SignerError(error.to_string()))
    }
}

/// Why a key and certificates are no pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyPairError {
    /// There is no certificate.
    #[error("there is no certificate")]
    NoCertificate,
    /// The first certificate certifies another key.
    #[error(
        "the private key and the first certificate do not match: the key's public half has SHA-256 {}, the certificate's {}",
        Hex(key),
        Hex(certificate)
    )]
    Mismatch {
        /// SHA-256 of the key's `SubjectPublicKeyInfo`.
        key: [u8; 32],
        /// SHA-256 of the certificate's `SubjectPublicKeyInfo`.
        certificate: [u8; 32],
    },
}
