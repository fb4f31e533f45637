//! A private key together with its X.509 certificates.

use base16ct::HexDisplay;
use cqm_sign::{SignatureAlgorithm, Signer, SignerError, x509::X509Certificate};
use sha2::{Digest, Sha256};

use crate::SigningKey;

/// A private key together with its X.509 certificates: a signer whose key is in memory.
#[derive(Debug)]
pub struct KeyPair {
    key: SigningKey,
    certificates: Vec<X509Certificate>,
}

impl KeyPair {
    /// Joins a key with its X.509 certificate and the intermediates that follow it. Leaves out a
    /// root among these, because a verifier must have it already.
    ///
    /// # Errors
    /// If there is no certificate, the first one is for another key, or another one is for the same
    /// key.
    pub fn new(key: SigningKey, certificates: Vec<X509Certificate>) -> Result<Self, KeyPairError> {
        let mut rest = certificates.into_iter();
        let own = rest.next().ok_or(KeyPairError::NoCertificate)?;
        if own.spki() != key.spki() {
            return Err(KeyPairError::Mismatch {
                key: Sha256::digest(key.spki()).into(),
                certificate: Sha256::digest(own.spki()).into(),
            });
        }
        let above: Vec<_> = rest.collect();
        if let Some(authority) = above.iter().find(|authority| authority.has_key_of(&own)) {
            return Err(KeyPairError::KeyOfAuthority { subject: authority.subject() });
        }
        let intermediates = above.into_iter().filter(|certificate| !certificate.is_self_issued());
        Ok(Self { key, certificates: core::iter::once(own).chain(intermediates).collect() })
    }

    /// The private key.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The X.509 certificate of the key.
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

/// The reason that a key and certificates are not a pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyPairError {
    /// There is no certificate.
    #[error("there is no certificate")]
    NoCertificate,
    /// The first certificate is for another key.
    #[error(
        "private key and first certificate do not match: SHA-256 of their public keys is {:x} and {:x}",
        HexDisplay(key),
        HexDisplay(certificate)
    )]
    Mismatch {
        /// SHA-256 of the `SubjectPublicKeyInfo` of the private key.
        key: [u8; 32],
        /// SHA-256 of the `SubjectPublicKeyInfo` in the certificate.
        certificate: [u8; 32],
    },
    /// The key is also that of a CA above it.
    #[error("the CA {subject:?} has the same key\nhint: a signer needs a key of its own")]
    KeyOfAuthority {
        /// The subject of the CA.
        subject: String,
    },
}
