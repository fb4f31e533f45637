//! The signature algorithms of the program, and the digests they go with.

use core::fmt;

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
