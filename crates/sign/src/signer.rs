//! The interface to a private key and its certificates.

use crate::{SignatureAlgorithm, x509::X509Certificate};

/// A private key that signs, in memory, in a file or in a hardware token, with its certificates.
pub trait Signer {
    /// The algorithm of all signatures by this signer.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The signer's own certificate, then the intermediates; never the root.
    fn certificates(&self) -> &[X509Certificate];

    /// Signs `message`, in the encoding that X.509 and CMS use: for ECDSA a DER `Ecdsa-Sig-Value`
    /// with the lower of the two possible values of `s`, otherwise the plain octets.
    ///
    /// # Errors
    /// Fails if the key is not available or refuses to sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// The error of a signer that made no signature, as text.
#[derive(Debug, thiserror::Error)]
#[error("the signing key made no signature: {0}")]
pub struct SignerError(pub String);
