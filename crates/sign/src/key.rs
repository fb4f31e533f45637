//! Public keys and the signatures that they check.

use core::fmt;
use std::sync::Arc;

use ed25519_dalek::VerifyingKey as Ed25519Key;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey, pkcs1::DecodeRsaPublicKey as _, traits::PublicKeyParts as _};
use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier as _;

use crate::{
    DigestAlgorithm, SignatureAlgorithm,
    asn1::{self, DerError, Elements},
    p256_key::P256Key,
};

/// The shortest RSA modulus accepted, in bits.
const RSA_MIN_BITS: u32 = 2048;

/// A public key, parsed once and checked: a point on its curve, or an RSA modulus of 2048 to 8192 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Inner);

#[derive(Clone, PartialEq, Eq)]
enum Inner {
    P256(Arc<P256Key>),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(RsaPublicKey),
    Ed25519(Ed25519Key),
}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7, RFC 5480, RFC 8410).
    ///
    /// # Errors
    /// When the algorithm is not one of the program's, or the key is malformed or of the wrong size.
    pub fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        let mut elements = Elements::only(spki, asn1::SEQUENCE)?;
        let algorithm = elements.expect(asn1::SEQUENCE)?;
        let key = asn1::bit_string_octets(elements.expect(asn1::BIT_STRING)?)?;
        elements.finish()?;
        let kind = KeyKind::ALL
            .into_iter()
            .find(|kind| kind.identifier().as_ref() == algorithm)
            .ok_or(KeyError::UnsupportedAlgorithm)?;
        Self::from_bits(kind, key)
    }

    /// Reads the bits of a `subjectPublicKey`.
    pub(crate) fn from_bits(kind: KeyKind, bits: &[u8]) -> Result<Self, KeyError> {
        Ok(Self(match kind {
            KeyKind::P256 => Inner::P256(Arc::new(P256Key::from_sec1_bytes(bits).ok_or(KeyError::Malformed)?)),
            KeyKind::P384 => {
                Inner::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).map_err(|_| KeyError::Malformed)?)
            }
            KeyKind::Rsa => Inner::Rsa(rsa_key(bits)?),
            KeyKind::Ed25519 => {
                let bits = bits.try_into().map_err(|_| KeyError::Malformed)?;
                let key = Ed25519Key::from_bytes(bits).map_err(|_| KeyError::Malformed)?;
                if key.is_weak() {
                    return Err(KeyError::Malformed);
                }
                Inner::Ed25519(key)
            }
        }))
    }

    /// What kind of key this is.
    pub fn algorithm(&self) -> KeyAlgorithm {
        match &self.0 {
            Inner::P256(_) => KeyAlgorithm::P256,
            Inner::P384(_) => KeyAlgorithm::P384,
            Inner::Rsa(key) => KeyAlgorithm::Rsa { bits: key.n().bits() },
            Inner::Ed25519(_) => KeyAlgorithm::Ed25519,
        }
    }

    /// What kind of key this is, without its size.
    pub(crate) fn kind(&self) -> KeyKind {
        match &self.0 {
            Inner::P256(_) => KeyKind::P256,
            Inner::P384(_) => KeyKind::P384,
            Inner::Rsa(_) => KeyKind::Rsa,
            Inner::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    /// The 32 octets of an Ed25519 key; `None` for others.
    pub fn ed25519_octets(&self) -> Option<&[u8; 32]> {
        match &self.0 {
            Inner::Ed25519(key) => Some(key.as_bytes()),
            _ => None,
        }
    }

    /// Checks a signature in the encoding that X.509 and CMS use: a DER `Ecdsa-Sig-Value`, the plain octets otherwise.
    ///
    /// Ed25519 is checked strictly: canonical encodings, no key or nonce of small order. Either `s` is accepted for
    /// ECDSA, as certification authorities make both.
    ///
    /// # Errors
    /// When the algorithm doesn't go with the key, or the signature is not one over `message` by this key.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let verified = match (&self.0, algorithm) {
            (
                Inner::P256(key),
                SignatureAlgorithm::EcdsaP256Sha256
                | SignatureAlgorithm::EcdsaP256Sha384
                | SignatureAlgorithm::EcdsaP256Sha512,
            ) => key.verify(&algorithm.digest().digest(&[message]), signature),
            (Inner::P384(key), SignatureAlgorithm::EcdsaP384Sha384 | SignatureAlgorithm::EcdsaP384Sha512) => {
                p384::ecdsa::Signature::from_der(signature)
                    .and_then(|signature| key.verify_prehash(&algorithm.digest().digest(&[message]), &signature))
                    .is_ok()
            }
            (Inner::Rsa(key), SignatureAlgorithm::RsaPkcs1Sha256) => {
                key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature).is_ok()
            }
            (Inner::Rsa(key), SignatureAlgorithm::RsaPkcs1Sha384) => {
                key.verify(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message), signature).is_ok()
            }
            (Inner::Rsa(key), SignatureAlgorithm::RsaPkcs1Sha512) => {
                key.verify(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message), signature).is_ok()
            }
            (Inner::Rsa(key), SignatureAlgorithm::RsaPss { digest, salt_length }) => {
                let salt = usize::from(salt_length);
                let message = digest.digest(&[message]);
                match digest {
                    DigestAlgorithm::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt), &message, signature),
                    DigestAlgorithm::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt), &message, signature),
                    DigestAlgorithm::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt), &message, signature),
                }
                .is_ok()
            }
            (Inner::Ed25519(key), SignatureAlgorithm::Ed25519) => ed25519_dalek::Signature::from_slice(signature)
                .and_then(|signature| key.verify_strict(message, &signature))
                .is_ok(),
            _ => {
                return Err(SignatureError::WrongAlgorithm { key: self.algorithm(), signature: algorithm });
            }
        };
        if verified { Ok(()) } else { Err(SignatureError::Invalid) }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.algorithm())
    }
}

/// `RsaPublicKey` itself refuses a modulus over 8192 bits before it computes with it.
fn rsa_key(bits: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let key = RsaPublicKey::from_pkcs1_der(bits).map_err(|_| KeyError::Malformed)?;
    let bits = key.n().bits();
    if bits < RSA_MIN_BITS {
        return Err(KeyError::RsaTooSmall { bits });
    }
    Ok(key)
}

/// What kind of key a key is, without its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    P256,
    P384,
    Rsa,
    Ed25519,
}

impl KeyKind {
    pub(crate) const ALL: [Self; 4] = [Self::P256, Self::P384, Self::Rsa, Self::Ed25519];

    /// The content of the `AlgorithmIdentifier` of such a key.
    pub(crate) fn identifier(self) -> AlgorithmIdentifier {
        match self {
            Self::P256 => alg_id::ECDSA_P256,
            Self::P384 => alg_id::ECDSA_P384,
            Self::Rsa => alg_id::RSA_ENCRYPTION,
            Self::Ed25519 => alg_id::ED25519,
        }
    }
}

/// What kind of key a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// Elliptic curve key on NIST P-256.
    P256,
    /// Elliptic curve key on NIST P-384.
    P384,
    /// RSA key.
    Rsa {
        /// Length of the modulus.
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

/// Why a public key can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is neither ECDSA P-256, P-384, RSA nor Ed25519.
    #[error("the key's algorithm is not one of ECDSA P-256, ECDSA P-384, RSA and Ed25519")]
    UnsupportedAlgorithm,
    /// The RSA modulus is shorter than 2048 bits.
    #[error("the RSA key has {bits} bits, at least 2048 are needed")]
    RsaTooSmall {
        /// Length of the modulus.
        bits: u32,
    },
    /// The key is not a point on its curve, an Ed25519 key of small order, or an RSA key that is malformed or longer
    /// than 8192 bits.
    #[error("the key is malformed or too long")]
    Malformed,
}

impl From<DerError> for KeyError {
    fn from(_: DerError) -> Self {
        Self::Malformed
    }
}

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key can't make signatures with this algorithm.
    #[error("a key for {key} makes no signature with {signature}")]
    WrongAlgorithm {
        /// What the key is.
        key: KeyAlgorithm,
        /// What the signature claims to be.
        signature: SignatureAlgorithm,
    },
    /// The signature is not one over these bytes by this key.
    #[error("the signature does not match the signed bytes and the key")]
    Invalid,
}
