//! The signature algorithms of the program, and the digests they go with.

use core::fmt;

use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::key::KeyKind;

/// A signature algorithm with its digest and all parameters fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 over SHA-256 (FIPS 186-5; `ecdsa-with-SHA256` of RFC 5758).
    EcdsaP256Sha256,
    /// ECDSA on P-384 over SHA-384 (FIPS 186-5; `ecdsa-with-SHA384` of RFC 5758).
    EcdsaP384Sha384,
    /// RSASSA-PKCS1-v1_5 over SHA-256 (RFC 8017).
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 over SHA-384 (RFC 8017).
    RsaPkcs1Sha384,
    /// RSASSA-PKCS1-v1_5 over SHA-512 (RFC 8017).
    RsaPkcs1Sha512,
    /// Ed25519 (RFC 8032; in CMS with SHA-512, RFC 8419).
    Ed25519,
}

impl SignatureAlgorithm {
    /// All of them, the most frequent first.
    pub(crate) const ALL: [Self; 6] = [
        Self::EcdsaP256Sha256,
        Self::Ed25519,
        Self::EcdsaP384Sha384,
        Self::RsaPkcs1Sha256,
        Self::RsaPkcs1Sha384,
        Self::RsaPkcs1Sha512,
    ];

    /// The kind of key that makes such signatures.
    pub(crate) fn key_kind(self) -> KeyKind {
        match self {
            Self::EcdsaP256Sha256 => KeyKind::P256,
            Self::EcdsaP384Sha384 => KeyKind::P384,
            Self::RsaPkcs1Sha256 | Self::RsaPkcs1Sha384 | Self::RsaPkcs1Sha512 => KeyKind::Rsa,
            Self::Ed25519 => KeyKind::Ed25519,
        }
    }

    /// The content of the `AlgorithmIdentifier` that X.509 uses.
    pub(crate) fn identifier(self) -> AlgorithmIdentifier {
        match self {
            Self::EcdsaP256Sha256 => alg_id::ECDSA_SHA256,
            Self::EcdsaP384Sha384 => alg_id::ECDSA_SHA384,
            Self::RsaPkcs1Sha256 => alg_id::RSA_PKCS1_SHA256,
            Self::RsaPkcs1Sha384 => alg_id::RSA_PKCS1_SHA384,
            Self::RsaPkcs1Sha512 => alg_id::RSA_PKCS1_SHA512,
            Self::Ed25519 => alg_id::ED25519,
        }
    }

    /// The algorithm with this content of an `AlgorithmIdentifier`.
    pub(crate) fn from_identifier(content: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.identifier().as_ref() == content)
    }

    /// The digest of the content that goes with the signature in a CMS.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256Sha256 | Self::RsaPkcs1Sha256 => DigestAlgorithm::Sha256,
            Self::EcdsaP384Sha384 | Self::RsaPkcs1Sha384 => DigestAlgorithm::Sha384,
            Self::RsaPkcs1Sha512 | Self::Ed25519 => DigestAlgorithm::Sha512,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EcdsaP256Sha256 => "ECDSA P-256 with SHA-256",
            Self::EcdsaP384Sha384 => "ECDSA P-384 with SHA-384",
            Self::RsaPkcs1Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
            Self::RsaPkcs1Sha384 => "RSA PKCS#1 v1.5 with SHA-384",
            Self::RsaPkcs1Sha512 => "RSA PKCS#1 v1.5 with SHA-512",
            Self::Ed25519 => "Ed25519",
        })
    }
}

/// A member of the SHA-2 family (FIPS 180-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The digest of the parts, one after the other.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            for part in parts {
                digest.update(part);
            }
            digest.finalize().to_vec()
        }
        match self {
            Self::Sha256 => over::<Sha256>(parts),
            Self::Sha384 => over::<Sha384>(parts),
            Self::Sha512 => over::<Sha512>(parts),
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}
