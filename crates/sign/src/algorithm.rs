//! Signature algorithms and their digests.

pub(crate) mod identifier;

use core::fmt;

use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{asn1::Elements, key::KeyKind};

/// A signature algorithm with its digest and all parameters.
///
/// Only foreign signatures have a digest for ECDSA that is weaker than the curve (FIPS 186-5
/// section 6.4 advises against it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 over SHA-256 (FIPS 186-5; `ecdsa-with-SHA256` of RFC 5758).
    EcdsaP256Sha256,
    /// ECDSA on P-256 over SHA-384. Foreign signatures only.
    EcdsaP256Sha384,
    /// ECDSA on P-256 over SHA-512. Foreign signatures only.
    EcdsaP256Sha512,
    /// ECDSA on P-384 over SHA-256. Foreign signatures only.
    EcdsaP384Sha256,
    /// ECDSA on P-384 over SHA-384 (FIPS 186-5; `ecdsa-with-SHA384` of RFC 5758).
    EcdsaP384Sha384,
    /// ECDSA on P-384 over SHA-512. Foreign signatures only.
    EcdsaP384Sha512,
    /// RSASSA-PKCS1-v1_5 over SHA-256 (RFC 8017).
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 over SHA-384 (RFC 8017).
    RsaPkcs1Sha384,
    /// RSASSA-PKCS1-v1_5 over SHA-512 (RFC 8017).
    RsaPkcs1Sha512,
    /// RSASSA-PSS (RFC 8017, RFC 4055), with MGF1 over the same digest. Foreign signatures only.
    RsaPss {
        /// The digest of the message and of MGF1.
        digest: DigestAlgorithm,
        /// The length of the salt in bytes.
        salt_length: u16,
    },
    /// Ed25519 (RFC 8032; in CMS with SHA-512, RFC 8419).
    Ed25519,
}

impl SignatureAlgorithm {
    /// All algorithms, the most frequent first. RSASSA-PSS has a salt as long as the digest, as in
    /// certificates.
    pub(crate) const ALL: [Self; 13] = [
        Self::EcdsaP256Sha256,
        Self::Ed25519,
        Self::EcdsaP384Sha384,
        Self::RsaPkcs1Sha256,
        Self::RsaPkcs1Sha384,
        Self::RsaPkcs1Sha512,
        Self::RsaPss { digest: DigestAlgorithm::Sha256, salt_length: 32 },
        Self::RsaPss { digest: DigestAlgorithm::Sha384, salt_length: 48 },
        Self::RsaPss { digest: DigestAlgorithm::Sha512, salt_length: 64 },
        Self::EcdsaP256Sha384,
        Self::EcdsaP256Sha512,
        Self::EcdsaP384Sha256,
        Self::EcdsaP384Sha512,
    ];

    /// Returns whether the program signs with this algorithm. The others occur in foreign
    /// signatures.
    pub(crate) fn is_of_the_profile(self) -> bool {
        match self {
            Self::EcdsaP256Sha256
            | Self::EcdsaP384Sha384
            | Self::RsaPkcs1Sha256
            | Self::RsaPkcs1Sha384
            | Self::RsaPkcs1Sha512
            | Self::Ed25519 => true,
            Self::EcdsaP256Sha384
            | Self::EcdsaP256Sha512
            | Self::EcdsaP384Sha256
            | Self::EcdsaP384Sha512
            | Self::RsaPss { .. } => false,
        }
    }

    /// The kind of key that makes such signatures.
    pub(crate) fn key_kind(self) -> KeyKind {
        match self {
            Self::EcdsaP256Sha256 | Self::EcdsaP256Sha384 | Self::EcdsaP256Sha512 => KeyKind::P256,
            Self::EcdsaP384Sha256 | Self::EcdsaP384Sha384 | Self::EcdsaP384Sha512 => KeyKind::P384,
            Self::RsaPkcs1Sha256 | Self::RsaPkcs1Sha384 | Self::RsaPkcs1Sha512 | Self::RsaPss { .. } => KeyKind::Rsa,
            Self::Ed25519 => KeyKind::Ed25519,
        }
    }

    /// The content of the `AlgorithmIdentifier` in X.509. For RSASSA-PSS the salt is as long as the
    /// digest.
    pub(crate) fn identifier(self) -> AlgorithmIdentifier {
        match self {
            Self::EcdsaP256Sha256 | Self::EcdsaP384Sha256 => alg_id::ECDSA_SHA256,
            Self::EcdsaP256Sha384 | Self::EcdsaP384Sha384 => alg_id::ECDSA_SHA384,
            Self::EcdsaP256Sha512 | Self::EcdsaP384Sha512 => alg_id::ECDSA_SHA512,
            Self::RsaPkcs1Sha256 => alg_id::RSA_PKCS1_SHA256,
            Self::RsaPkcs1Sha384 => alg_id::RSA_PKCS1_SHA384,
            Self::RsaPkcs1Sha512 => alg_id::RSA_PKCS1_SHA512,
            Self::RsaPss { digest: DigestAlgorithm::Sha256, .. } => alg_id::RSA_PSS_SHA256,
            Self::RsaPss { digest: DigestAlgorithm::Sha384, .. } => alg_id::RSA_PSS_SHA384,
            Self::RsaPss { digest: DigestAlgorithm::Sha512, .. } => alg_id::RSA_PSS_SHA512,
            Self::Ed25519 => alg_id::ED25519,
        }
    }

    /// Finds the algorithm of an `AlgorithmIdentifier`, given by its elements. The kind of key is
    /// needed because the identifier of ECDSA does not name the curve.
    ///
    /// Each identifier has one allowed form of its parameters, with two exceptions: the NULL of RSA
    /// with a digest may be absent (RFC 4055 section 5), and the parameters of RSASSA-PSS are read.
    pub(crate) fn from_identifier(elements: Elements<'_>, kind: KeyKind) -> Option<Self> {
        let completed = identifier::with_null(elements.clone());
        let content = completed.as_deref().unwrap_or(elements.rest());
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.key_kind() == kind && algorithm.identifier().as_ref() == content)
            .or_else(|| identifier::pss(elements).filter(|_| kind == KeyKind::Rsa))
    }

    /// The digest of the content in a CMS with this signature.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256Sha256 | Self::EcdsaP384Sha256 | Self::RsaPkcs1Sha256 => DigestAlgorithm::Sha256,
            Self::EcdsaP256Sha384 | Self::EcdsaP384Sha384 | Self::RsaPkcs1Sha384 => DigestAlgorithm::Sha384,
            Self::EcdsaP256Sha512 | Self::EcdsaP384Sha512 | Self::RsaPkcs1Sha512 | Self::Ed25519 => {
                DigestAlgorithm::Sha512
            }
            Self::RsaPss { digest, .. } => digest,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EcdsaP256Sha256 => "ECDSA P-256 with SHA-256",
            Self::EcdsaP256Sha384 => "ECDSA P-256 with SHA-384",
            Self::EcdsaP256Sha512 => "ECDSA P-256 with SHA-512",
            Self::EcdsaP384Sha256 => "ECDSA P-384 with SHA-256",
            Self::EcdsaP384Sha384 => "ECDSA P-384 with SHA-384",
            Self::EcdsaP384Sha512 => "ECDSA P-384 with SHA-512",
            Self::RsaPkcs1Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
            Self::RsaPkcs1Sha384 => "RSA PKCS#1 v1.5 with SHA-384",
            Self::RsaPkcs1Sha512 => "RSA PKCS#1 v1.5 with SHA-512",
            Self::RsaPss { digest, .. } => return write!(f, "RSA PSS with {digest}"),
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
    /// Computes the digest of the concatenated parts.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => digest_of::<Sha256>(parts),
            Self::Sha384 => digest_of::<Sha384>(parts),
            Self::Sha512 => digest_of::<Sha512>(parts),
        }
    }
}

/// Bytes with the state of their SHA-256 digest, which can be continued with what follows them. So
/// one pass gives the digests of a part and of the whole.
#[derive(Clone, Debug)]
pub struct Hashed<'a> {
    bytes: &'a [u8],
    state: Sha256,
}

impl<'a> Hashed<'a> {
    /// Hashes the bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut state = Sha256::new();
        state.update(bytes);
        Self { bytes, state }
    }

    /// The bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The SHA-256 digest of the bytes.
    pub fn sha256(&self) -> [u8; 32] {
        self.state.clone().finalize().into()
    }

    /// The digest of the bytes and of the parts that follow them.
    pub(crate) fn digest_with(&self, algorithm: DigestAlgorithm, following: &[&[u8]]) -> Vec<u8> {
        if algorithm != DigestAlgorithm::Sha256 {
            return algorithm.digest(&[&[self.bytes], following].concat());
        }
        let mut state = self.state.clone();
        following.iter().for_each(|part| state.update(part));
        state.finalize().to_vec()
    }
}

/// Computes a digest of the concatenated parts.
pub(crate) fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
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
