//! Public keys, and the verification of bare signatures.

use core::fmt;

use const_oid::db::rfc5912;
use ed25519_dalek::VerifyingKey as Ed25519Key;
use rsa::{RsaPublicKey, pkcs1::DecodeRsaPublicKey as _, traits::PublicKeyParts as _};
use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use crate::{
    DigestAlgorithm, SignatureAlgorithm,
    algorithm::identifier,
    asn1::{self, DerError, Elements},
    verifier::{self, SignatureVerifier},
};

/// The shortest RSA modulus accepted, in bits.
const RSA_MIN_BITS: u32 = 2048;

/// The smallest public exponent of RSA accepted (FIPS 186-5 section 5.4).
const RSA_MIN_EXPONENT: u64 = 65_537;

/// A parsed and checked public key: a point on its curve, or an RSA modulus of 2048 to 8192 bits
/// with an exponent of at least 65,537.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub(crate) key: Key,
    confinement: Confinement,
}

/// The signatures that a key may make, as its algorithm identifier states them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Confinement {
    /// All that its kind can make.
    None,
    /// RSASSA-PSS, with any parameters (`id-RSASSA-PSS` without parameters, RFC 4055 section 1.2).
    Pss,
    /// RSASSA-PSS with this digest, and a salt at least as long (RFC 4055 section 3.3).
    PssWith { digest: DigestAlgorithm, least_salt: u16 },
}

impl Confinement {
    /// Reads the content of the `AlgorithmIdentifier` of a key that is confined to RSASSA-PSS.
    fn read(algorithm: &[u8]) -> Option<Self> {
        let mut elements = Elements::new(algorithm);
        if elements.expect(asn1::OBJECT_IDENTIFIER).ok()? != rfc5912::ID_RSASSA_PSS.as_bytes() {
            return None;
        }
        if elements.is_empty() {
            return Some(Self::Pss);
        }
        match identifier::pss(Elements::new(algorithm))? {
            SignatureAlgorithm::RsaPss { digest, salt_length } => {
                Some(Self::PssWith { digest, least_salt: salt_length })
            }
            _ => None,
        }
    }

    fn allows(self, algorithm: SignatureAlgorithm) -> bool {
        match (self, algorithm) {
            (Self::None, _) | (Self::Pss, SignatureAlgorithm::RsaPss { .. }) => true,
            (Self::PssWith { digest: needed, least_salt }, SignatureAlgorithm::RsaPss { digest, salt_length }) => {
                digest == needed && salt_length >= least_salt
            }
            _ => false,
        }
    }
}

/// A key as the types of RustCrypto have it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Key {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(RsaPublicKey),
    Ed25519(Ed25519Key),
}

impl Key {
    pub(crate) fn kind(&self) -> KeyKind {
        match self {
            Self::P256(_) => KeyKind::P256,
            Self::P384(_) => KeyKind::P384,
            Self::Rsa(_) => KeyKind::Rsa,
            Self::Ed25519(_) => KeyKind::Ed25519,
        }
    }
}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7, RFC 5480, RFC 8410).
    ///
    /// # Errors
    /// Fails if the program does not use the key's algorithm, or if the key is malformed or of the
    /// wrong size.
    pub fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        let mut elements = Elements::only(spki, asn1::SEQUENCE)?;
        let algorithm = elements.expect(asn1::SEQUENCE)?;
        let key = asn1::bit_string_octets(elements.expect(asn1::BIT_STRING)?)?;
        elements.finish()?;
        let kind = KeyKind::ALL.into_iter().find(|kind| kind.identifier().as_ref() == algorithm);
        let (kind, confinement) = match kind {
            Some(kind) => (kind, Confinement::None),
            None => (KeyKind::Rsa, Confinement::read(algorithm).ok_or(KeyError::UnsupportedAlgorithm)?),
        };
        Ok(Self { confinement, ..Self::from_bits(kind, key)? })
    }

    /// Reads the bits of a `subjectPublicKey`.
    pub(crate) fn from_bits(kind: KeyKind, bits: &[u8]) -> Result<Self, KeyError> {
        let key = match kind {
            KeyKind::P256 => Key::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).map_err(malformed)?),
            KeyKind::P384 => Key::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).map_err(malformed)?),
            KeyKind::Rsa => Key::Rsa(rsa_key(bits)?),
            KeyKind::Ed25519 => Key::Ed25519(ed25519_key(bits)?),
        };
        Ok(Self { key, confinement: Confinement::None })
    }

    /// The kind and the size of the key.
    pub fn algorithm(&self) -> KeyAlgorithm {
        match &self.key {
            Key::P256(_) => KeyAlgorithm::P256,
            Key::P384(_) => KeyAlgorithm::P384,
            Key::Rsa(key) => KeyAlgorithm::Rsa { bits: key.n().bits() },
            Key::Ed25519(_) => KeyAlgorithm::Ed25519,
        }
    }

    pub(crate) fn kind(&self) -> KeyKind {
        self.key.kind()
    }

    /// The 32 octets of an Ed25519 key; `None` for other keys.
    pub fn ed25519_octets(&self) -> Option<&[u8; 32]> {
        match &self.key {
            Key::Ed25519(key) => Some(key.as_bytes()),
            _ => None,
        }
    }

    /// Verifies a signature in the encoding that X.509 and CMS use: a DER `Ecdsa-Sig-Value` for
    /// ECDSA, the plain octets otherwise.
    ///
    /// Ed25519 is verified strictly: only canonical encodings, and no key or nonce of small order.
    /// For ECDSA both possible values of `s` are accepted, because certification authorities use
    /// both.
    ///
    /// # Errors
    /// Fails if the algorithm needs another kind of key, or if the signature is not one over
    /// `message` by this key.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.verify_with(verifier::DEFAULT, algorithm, message, signature)
    }

    /// Verifies like [`Self::verify`], with a given library.
    pub(crate) fn verify_with(
        &self,
        verifier: &dyn SignatureVerifier,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if algorithm.key_kind() != self.kind() || !self.confinement.allows(algorithm) {
            return Err(SignatureError::WrongAlgorithm { key: self.algorithm(), signature: algorithm });
        }
        if verifier.verifies(&self.key, algorithm, message, signature) { Ok(()) } else { Err(SignatureError::Invalid) }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.algorithm())
    }
}

/// The parser refuses a modulus of more than 8192 bits before it computes with it.
fn rsa_key(bits: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let key = RsaPublicKey::from_pkcs1_der(bits).map_err(malformed)?;
    let bits = key.n().bits();
    if bits < RSA_MIN_BITS {
        return Err(KeyError::RsaTooSmall { bits });
    }
    // A long exponent is larger than any that fits the comparison; leading zeros are not DER.
    let exponent = key.e_bytes();
    let small = exponent.iter().try_fold(0_u64, |value, &octet| Some(value.checked_mul(256)? | u64::from(octet)));
    if let Some(exponent) = small.filter(|exponent| *exponent < RSA_MIN_EXPONENT) {
        return Err(KeyError::RsaSmallExponent { exponent });
    }
    Ok(key)
}

fn ed25519_key(bits: &[u8]) -> Result<Ed25519Key, KeyError> {
    let key = Ed25519Key::from_bytes(bits.try_into().map_err(malformed)?).map_err(malformed)?;
    if key.is_weak() { Err(KeyError::Malformed) } else { Ok(key) }
}

fn malformed<E>(_: E) -> KeyError {
    KeyError::Malformed
}

/// The kind of a key, without its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    P256,
    P384,
    Rsa,
    Ed25519,
}

impl KeyKind {
    pub(crate) const ALL: [Self; 4] = [Self::P256, Self::P384, Self::Rsa, Self::Ed25519];

    /// The content of the `AlgorithmIdentifier` in a `SubjectPublicKeyInfo`.
    pub(crate) fn identifier(self) -> AlgorithmIdentifier {
        match self {
            Self::P256 => alg_id::ECDSA_P256,
            Self::P384 => alg_id::ECDSA_P384,
            Self::Rsa => alg_id::RSA_ENCRYPTION,
            Self::Ed25519 => alg_id::ED25519,
        }
    }
}

/// The kind of a key, with the size of an RSA key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// Elliptic curve key on NIST P-256.
    P256,
    /// Elliptic curve key on NIST P-384.
    P384,
    /// RSA key.
    Rsa {
        /// The length of the modulus.
        bits: u32,
    },
    /// Ed25519 key.
    Ed25519,
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::P256 => f.write_str("ECDSA P-256"),
            Self::P384 => f.write_str("ECDSA P-384"),
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// A public key that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key is neither ECDSA P-256, P-384, RSA nor Ed25519.
    #[error("the key's algorithm is not one of ECDSA P-256, ECDSA P-384, RSA and Ed25519")]
    UnsupportedAlgorithm,
    /// The RSA modulus is shorter than 2048 bits.
    #[error("the RSA key has {bits} bits, at least 2048 are needed")]
    RsaTooSmall {
        /// The length of the modulus.
        bits: u32,
    },
    /// The public exponent of the RSA key is smaller than 65,537.
    #[error("the RSA key has the exponent {exponent}, at least 65537 is needed")]
    RsaSmallExponent {
        /// The public exponent.
        exponent: u64,
    },
    /// The key is not a point on its curve, is an Ed25519 key of small order, or is an RSA key that
    /// is malformed or longer than 8192 bits.
    #[error("the key is malformed or too long")]
    Malformed,
}

impl From<DerError> for KeyError {
    fn from(_: DerError) -> Self {
        Self::Malformed
    }
}

/// A signature that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The signature's algorithm needs another kind of key.
    #[error("a key for {key} can't make a signature with {signature}")]
    WrongAlgorithm {
        /// The kind of the key.
        key: KeyAlgorithm,
        /// The algorithm of the signature.
        signature: SignatureAlgorithm,
    },
    /// The signature is not one over the given bytes by the given key.
    #[error("the signature does not match the signed bytes and the key")]
    Invalid,
}
