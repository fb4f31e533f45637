//! ECDSA and RSA by ring.

use ring::{
    error::Unspecified,
    signature::{self, EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey},
};
use rsa::traits::PublicKeyParts as _;

use crate::{
    DigestAlgorithm, SignatureAlgorithm,
    key::Key,
    verifier::{SignatureVerifier, rust_crypto::RustCrypto},
};

/// Verifies with ring, and with [`RustCrypto`] where ring lacks the algorithm.
#[derive(Debug)]
pub(super) struct Ring;

impl SignatureVerifier for Ring {
    fn verifies(&self, key: &Key, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match verify(key, algorithm, message, signature) {
            Some(verified) => verified.is_ok(),
            None => RustCrypto.verifies(key, algorithm, message, signature),
        }
    }
}

/// Returns `None` for an algorithm that ring lacks.
pub(super) fn verify(
    key: &Key,
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Option<Result<(), Unspecified>> {
    // ring reads uncompressed points only. The key may have come in another form.
    match key {
        Key::P256(key) => {
            let algorithm = p256(algorithm)?;
            let point = key.to_sec1_point(false);
            Some(UnparsedPublicKey::new(algorithm, point.as_bytes()).verify(message, signature))
        }
        Key::P384(key) => {
            let algorithm = p384(algorithm)?;
            let point = key.to_sec1_point(false);
            Some(UnparsedPublicKey::new(algorithm, point.as_bytes()).verify(message, signature))
        }
        Key::Rsa(key) => {
            let parameters = rsa(algorithm)?;
            let components = RsaPublicKeyComponents { n: key.n_bytes(), e: key.e_bytes() };
            Some(components.verify(parameters, message, signature))
        }
        Key::Ed25519(_) => None,
    }
}

/// ring has no SHA-512 for ECDSA.
fn p256(algorithm: SignatureAlgorithm) -> Option<&'static EcdsaVerificationAlgorithm> {
    match algorithm {
        SignatureAlgorithm::EcdsaP256Sha256 => Some(&signature::ECDSA_P256_SHA256_ASN1),
        SignatureAlgorithm::EcdsaP256Sha384 => Some(&signature::ECDSA_P256_SHA384_ASN1),
        _ => None,
    }
}

/// ring has no SHA-512 for ECDSA.
fn p384(algorithm: SignatureAlgorithm) -> Option<&'static EcdsaVerificationAlgorithm> {
    match algorithm {
        SignatureAlgorithm::EcdsaP384Sha256 => Some(&signature::ECDSA_P384_SHA256_ASN1),
        SignatureAlgorithm::EcdsaP384Sha384 => Some(&signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

/// ring's RSASSA-PSS has a salt as long as the digest.
fn rsa(algorithm: SignatureAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1Sha256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        SignatureAlgorithm::RsaPkcs1Sha384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        SignatureAlgorithm::RsaPkcs1Sha512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        SignatureAlgorithm::RsaPss { digest, salt_length } => match (digest, salt_length) {
            (DigestAlgorithm::Sha256, 32) => Some(&signature::RSA_PSS_2048_8192_SHA256),
            (DigestAlgorithm::Sha384, 48) => Some(&signature::RSA_PSS_2048_8192_SHA384),
            (DigestAlgorithm::Sha512, 64) => Some(&signature::RSA_PSS_2048_8192_SHA512),
            _ => None,
        },
        _ => None,
    }
}
