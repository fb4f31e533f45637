//! What makes a signature: a key somewhere, and the certificates that speak for it.

use crate::{SignatureAlgorithm, x509::X509Certificate};

/// A private key that signs, wherever it lives: in memory, in a file, in a token.
pub trait Signer {
    /// The algorithm of every signature this signer makes.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The certificates that speak for the key, the signer's own first, then the intermediates; never the root.
    fn certificates(&self) -> &[X509Certificate];

    /// The signature over `message`, in the encoding that X.509 and CMS use: a DER `Ecdsa-Sig-Value` with the lower of
    /// the two possible `s` for ECDSA, the plain octets otherwise.
    ///
    /// # Errors
    /// When the key is out of reach or refuses.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Why a signer made no signature.
#[derive(Debug, thiserror::Error)]
#[error("the signing key made no signature: {0}")]
pub struct SignerError(pub String);
