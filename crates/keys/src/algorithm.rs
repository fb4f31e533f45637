//! The kinds of keys that sign.

use core::{fmt, str::FromStr};

use cqm_sign::SignatureAlgorithm;

/// A kind of key, including its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// ECDSA on P-256 (FIPS 186-5), the document signer's default.
    P256,
    /// ECDSA on P-384 (FIPS 186-5).
    P384,
    /// RSA with a modulus of 3072 bits (RFC 8017).
    Rsa3072,
    /// RSA with a modulus of 4096 bits (RFC 8017).
    Rsa4096,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl KeyAlgorithm {
    /// Every kind, the default of the document signer first.
    pub const ALL: [Self; 5] = [Self::P256, Self::P384, Self::Rsa3072, Self::Rsa4096, Self::Ed25519];

    /// The algorithm of the signatures by such a key.
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::EcdsaP256Sha256,
            Self::P384 => SignatureAlgorithm::EcdsaP384Sha384,
            Self::Rsa3072 | Self::Rsa4096 => SignatureAlgorithm::RsaPkcs1Sha256,
            Self::Ed25519 => SignatureAlgorithm::Ed25519,
        }
    }
}

/// Writes the name: `p256`, `p384`, `rsa3072`, `rsa4096`, `ed25519`.
impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
            Self::Ed25519 => "ed25519",
        })
    }
}

/// Reads the names that [`Display`](fmt::Display) writes.
impl FromStr for KeyAlgorithm {
    type Err = UnknownKeyAlgorithm;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.to_string() == name)
            .ok_or_else(|| UnknownKeyAlgorithm(name.to_owned()))
    }
}

/// The name is not a kind of key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of key: expected p256, p384, rsa3072, rsa4096 or ed25519")]
pub struct UnknownKeyAlgorithm(pub String);
