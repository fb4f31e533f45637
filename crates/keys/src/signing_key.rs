//! A private key in memory.

use core::fmt;

use cqm_sign::SignatureAlgorithm;
use ed25519_dalek::pkcs8::spki::EncodePublicKey;
use p256::elliptic_curve::Generate;
use rand_core::CryptoRng;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256};
use signature::Signer;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::KeyAlgorithm;

/// A private key in memory, overwritten when it is dropped.
///
/// Signatures are deterministic, so issuing twice gives the same bytes: ECDSA after RFC 6979, RSASSA-PKCS1-v1_5,
/// Ed25519. `Debug` shows the public key's fingerprint alone.
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
    /// Makes a new key from `rng`, which must be the system's randomness unless the key is for a test.
    ///
    /// # Errors
    /// When no key could be made: the RSA generation can fail.
    pub fn generate<R: CryptoRng + ?Sized>(algorithm: KeyAlgorithm, rng: &mut R) -> Result<Self, KeyError> {
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

    /// The algorithm of every signature that this key makes.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        match self.secret {
            Secret::P256(_) => SignatureAlgorithm::EcdsaP256Sha256,
            Secret::P384(_) => SignatureAlgorithm::EcdsaP384Sha384,
            Secret::Rsa(_) => SignatureAlgorithm::RsaPkcs1Sha256,
            Secret::Ed25519(_) => SignatureAlgorithm::Ed25519,
        }
    }

    /// The public key as certificates carry it: a `SubjectPublicKeyInfo` in DER (RFC 5280, 4.1.2.7).
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The signature over `message`: a DER `Ecdsa-Sig-Value` with the lower `s` for ECDSA, the plain octets otherwise.
    ///
    /// # Errors
    /// When the RSA arithmetic fails, which takes a broken key or no system randomness to blind it with.
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
            .field("public_key_sha256", &Hex(&Sha256::digest(&self.spki)))
            .finish_non_exhaustive()
    }
}

// Every variant overwrites itself; the build breaks here when one of the crates stops doing so.
impl ZeroizeOnDrop for SigningKey {}
const _: () = {
    const fn overwritten_on_drop<T: ZeroizeOnDrop>() {}
    overwritten_on_drop::<p256::ecdsa::SigningKey>();
    overwritten_on_drop::<p384::ecdsa::SigningKey>();
    overwritten_on_drop::<rsa::pkcs1v15::SigningKey<Sha256>>();
    overwritten_on_drop::<ed25519_dalek::SigningKey>();
};

/// Bytes, shown as lower-case hexadecimal.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why there is no key, or no signature of it. No message carries anything of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text holds no private key in PEM.
    #[error("this is no private key in PEM: expected '-----BEGIN PRIVATE KEY-----' or its ENCRYPTED form")]
    NotPem,
    /// The PEM is of another type, such as the older `EC PRIVATE KEY`.
    #[error(
        "the PEM holds '{label}' instead of 'PRIVATE KEY' or 'ENCRYPTED PRIVATE KEY'\nhint: 'openssl pkcs8 -topk8' converts older forms"
    )]
    Label {
        /// What stands between `BEGIN` and the dashes.
        label: String,
    },
    /// The PEM decodes, but not to a PKCS#8 key.
    #[error("the private key is malformed: it is no PKCS#8 key of its algorithm")]
    Malformed,
    /// Neither P-256, P-384, RSA nor Ed25519.
    #[error("keys of algorithm {algorithm} are not supported: expected P-256, P-384, RSA or Ed25519")]
    Algorithm {
        /// The object identifier of the key's algorithm, or of its curve.
        algorithm: const_oid::ObjectIdentifier,
    },
    /// An RSA modulus of another size than the program uses.
    #[error("an RSA key of {bits} bits is not supported: expected 3072 or 4096")]
    RsaSize {
        /// The modulus in bits.
        bits: u32,
    },
    /// The key is encrypted, and no passphrase came with it.
    #[error("the private key is encrypted, and no passphrase was given")]
    PassphraseNeeded,
    /// The passphrase does not open the key.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The key is encrypted in a way that is not supported, such as PBES1.
    #[error(
        "the private key's encryption is not supported: expected PBES2 with scrypt or PBKDF2 and AES\nhint: 'openssl pkcs8 -topk8 -scrypt' writes it"
    )]
    Encryption,
    /// Opening the key would take more memory or time than any sensible file asks for.
    #[error("the private key's passphrase derivation is set too costly to run: more than 1 GiB or 10 million rounds")]
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
        hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    /// `Ecdsa-Sig-Value` of two numbers whose octets need no padding but that for the sign.
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

    /// The vectors of RFC 6979, A.2.5 and A.2.6, for the message "sample". Both have the upper `s`: ours is the
    /// curve's order minus theirs.
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

    /// `Debug` is derived nowhere above the secret, so what stands in it is the public half alone.
    #[test]
    fn debug_shows_no_secret() {
        let seed = [0xa5; 32];
        let key = SigningKey::new(Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))).unwrap();
        let shown = format!("{key:?} {key:#?}").to_lowercase();
        for secret in ["a5a5", "165, 165", "0xa5"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains(&Hex(&Sha256::digest(key.spki())).to_string()), "{shown}");
    }
}
