//! A private key in memory.

use core::fmt;

use base16ct::HexDisplay;
use cqm_sign::SignatureAlgorithm;
use ed25519_dalek::pkcs8::spki::EncodePublicKey;
use p256::elliptic_curve::Generate;
use rand_core::CryptoRng;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256};
use signature::Signer;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{KeyAlgorithm, core_dump};

/// A private key in memory, overwritten when it is dropped.
///
/// Signatures are deterministic (ECDSA of RFC 6979, RSASSA-PKCS1-v1_5, Ed25519), so issuing twice
/// gives the same bytes. `Debug` shows only the fingerprint of the public key.
pub struct SigningKey {
    pub(crate) secret: Secret,
    spki: Vec<u8>,
}

pub(crate) enum Secret {
    P256(p256::ecdsa::SigningKey),
    P384(Box<p384::ecdsa::SigningKey>),
    Rsa(Box<rsa::pkcs1v15::SigningKey<Sha256>>),
    Ed25519(ed25519_dalek::SigningKey),
}

impl SigningKey {
    /// Generates a key from `rng`, which must be the system's randomness unless the key is for a
    /// test.
    ///
    /// # Errors
    /// If the generation of an RSA key fails.
    pub fn generate<R: CryptoRng + ?Sized>(algorithm: KeyAlgorithm, rng: &mut R) -> Result<Self, KeyError> {
        core_dump::disable();
        let rsa = |rng: &mut R, bits| {
            rsa::pkcs1v15::SigningKey::random(rng, bits)
                .map(|key| Secret::Rsa(Box::new(key)))
                .map_err(|_| KeyError::Rsa)
        };
        let secret = match algorithm {
            KeyAlgorithm::P256 => Secret::P256(p256::ecdsa::SigningKey::generate_from_rng(rng)),
            KeyAlgorithm::P384 => Secret::P384(Box::new(p384::ecdsa::SigningKey::generate_from_rng(rng))),
            KeyAlgorithm::Rsa3072 => rsa(rng, 3072)?,
            KeyAlgorithm::Rsa4096 => rsa(rng, 4096)?,
            KeyAlgorithm::Ed25519 => {
                let mut seed = Zeroizing::new([0; 32]);
                rng.fill_bytes(&mut *seed);
                Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))
            }
        };
        Self::new(secret)
    }

    pub(crate) fn new(secret: Secret) -> Result<Self, KeyError> {
        let document = match &secret {
            Secret::P256(key) => key.verifying_key().to_public_key_der(),
            Secret::P384(key) => key.verifying_key().to_public_key_der(),
            Secret::Rsa(key) => {
                let public = rsa::RsaPublicKey::from(signature::Keypair::verifying_key(key.as_ref()));
                let bits = public.n().bits();
                if bits != 3072 && bits != 4096 {
                    return Err(KeyError::RsaSize { bits });
                }
                public.to_public_key_der()
            }
            Secret::Ed25519(key) => key.verifying_key().to_public_key_der(),
        };
        let spki = document.map_err(|_| KeyError::Malformed)?.into_vec();
        Ok(Self { secret, spki })
    }

    /// The algorithm of the signatures by this key.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        match self.secret {
            Secret::P256(_) => SignatureAlgorithm::EcdsaP256Sha256,
            Secret::P384(_) => SignatureAlgorithm::EcdsaP384Sha384,
            Secret::Rsa(_) => SignatureAlgorithm::RsaPkcs1Sha256,
            Secret::Ed25519(_) => SignatureAlgorithm::Ed25519,
        }
    }

    /// The public key as a `SubjectPublicKeyInfo` in DER (RFC 5280, 4.1.2.7).
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Signs `message`. Returns a DER `Ecdsa-Sig-Value` with the lower `s` for ECDSA, and the
    /// octets of the signature for RSA and Ed25519.
    ///
    /// # Errors
    /// If the RSA arithmetic fails, because the key is broken or the system has no randomness to
    /// blind it.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok(match &self.secret {
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_der().as_bytes().to_vec()
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_der().as_bytes().to_vec()
            }
            Secret::Rsa(key) => {
                signature::SignatureEncoding::to_vec(&key.try_sign(message).map_err(|_| KeyError::Rsa)?)
            }
            Secret::Ed25519(key) => key.sign(message).to_vec(),
        })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm())
            .field("public_key_sha256", &format_args!("{:x}", HexDisplay(&Sha256::digest(&self.spki))))
            .finish_non_exhaustive()
    }
}

// Every variant overwrites itself. The build breaks here if a crate stops doing so.
impl ZeroizeOnDrop for SigningKey {}
const _: () = {
    const fn overwritten_on_drop<T: ZeroizeOnDrop>() {}
    overwritten_on_drop::<p256::ecdsa::SigningKey>();
    overwritten_on_drop::<p384::ecdsa::SigningKey>();
    overwritten_on_drop::<rsa::pkcs1v15::SigningKey<Sha256>>();
    overwritten_on_drop::<ed25519_dalek::SigningKey>();
};

/// The reason that a key cannot be read, written or used. No message contains any part of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is not a private key in PEM.
    #[error("it is not a private key in PEM: expected `-----BEGIN PRIVATE KEY-----` or its ENCRYPTED form")]
    NotPem,
    /// The PEM is of another type, such as the older `EC PRIVATE KEY`.
    #[error(
        "the PEM is `{label}`: expected `PRIVATE KEY` or `ENCRYPTED PRIVATE KEY`\nhint: `openssl pkcs8 -topk8` converts older forms"
    )]
    Label {
        /// The text between `BEGIN` and the dashes.
        label: String,
    },
    /// The PEM can be decoded, but not to a PKCS#8 key.
    #[error("the private key is malformed: it is not a PKCS#8 key of its algorithm")]
    Malformed,
    /// The key is not P-256, P-384, RSA or Ed25519.
    #[error("keys of algorithm {algorithm} are not supported: expected P-256, P-384, RSA or Ed25519")]
    Algorithm {
        /// The object identifier of the algorithm, or of the curve.
        algorithm: const_oid::ObjectIdentifier,
    },
    /// The RSA modulus does not have 3072 or 4096 bits.
    #[error("an RSA key of {bits} bits is not supported: expected 3072 or 4096")]
    RsaSize {
        /// The size of the modulus in bits.
        bits: u32,
    },
    /// The key is encrypted, and there is no passphrase.
    #[error("the private key is encrypted, and no passphrase was given")]
    PassphraseNeeded,
    /// The passphrase does not decrypt the key.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The encryption is not supported, such as PBES1.
    #[error(
        "the encryption of the private key is not supported: expected PBES2 with scrypt or PBKDF2 and AES\nhint: `openssl pkcs8 -topk8 -scrypt` writes it"
    )]
    Encryption,
    /// Decrypting the key would take too much memory or time.
    #[error("decrypting the private key costs too much: more than 1 GiB or 10 million rounds")]
    DerivationCost,
    /// The key could not be encrypted.
    #[error("the private key could not be encrypted")]
    Encrypting,
    /// RSA generation or signing failed.
    #[error("the RSA operation failed")]
    Rsa,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        base16ct::lower::decode_vec(hex).unwrap()
    }

    /// `Ecdsa-Sig-Value` of two numbers without leading zero octets.
    fn ecdsa_der(r: &str, s: &str) -> Vec<u8> {
        let mut content = Vec::new();
        for number in [bytes(r), bytes(s)] {
            let padding = if number[0] & 0x80 == 0 { vec![] } else { vec![0] };
            content.extend([2, u8::try_from(number.len() + padding.len()).unwrap()]);
            content.extend(padding);
            content.extend(number);
        }
        [vec![0x30, u8::try_from(content.len()).unwrap()], content].concat()
    }

    /// The vectors of RFC 6979, A.2.5 and A.2.6, for the message "sample". The RFC has the upper
    /// `s`, so the expected `s` is the order of the curve minus the one there.
    #[test]
    fn ecdsa_is_deterministic_with_the_lower_s() {
        let p256 = bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        let key = SigningKey::new(Secret::P256(p256::ecdsa::SigningKey::from_slice(&p256).unwrap())).unwrap();
        assert_eq!(
            key.sign(b"sample").unwrap(),
            ecdsa_der(
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9",
            )
        );

        let p384 =
            bytes("6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5");
        let key = p384::ecdsa::SigningKey::from_slice(&p384).unwrap();
        let key = SigningKey::new(Secret::P384(Box::new(key))).unwrap();
        assert_eq!(
            key.sign(b"sample").unwrap(),
            ecdsa_der(
                "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
                "6610b514ea0e87315e01bf24d9fcec70ecf18bf5e69dbad9a727ea302393848fb4f04c6cd0423fdc7169525094629eab",
            )
        );
    }

    /// `Debug` is not derived for a type that contains the secret.
    #[test]
    fn debug_shows_no_secret() {
        let seed = [0xa5; 32];
        let key = SigningKey::new(Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))).unwrap();
        let shown = format!("{key:?} {key:#?}").to_lowercase();
        for secret in ["a5a5", "165, 165", "0xa5"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains(&base16ct::lower::encode_string(&Sha256::digest(key.spki()))), "{shown}");
    }
}
