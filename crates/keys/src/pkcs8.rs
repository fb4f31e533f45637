//! Private keys as text: PKCS#8 (RFC 5958) in PEM (RFC 7468), with a passphrase encrypted with
//! PBES2 (RFC 8018).

use core::fmt;

use const_oid::ObjectIdentifier;
use ed25519_dalek::pkcs8::KeypairBytes;
use pkcs8::{
    EncodePrivateKey, EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument,
    pkcs5::{EncryptionScheme, Error as Pkcs5Error, pbes2, scrypt},
};
use rand_core::CryptoRng;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{KeyError, SigningKey, core_dump, signing_key::Secret};

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

pub(crate) const PLAIN: &str = "PRIVATE KEY";
pub(crate) const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// The cost of scrypt: 16 MiB, five times. OpenSSL refuses files that need 32 MiB or more, so `P`
/// raises the work instead.
const SCRYPT_LOG_N: u8 = 14;
const SCRYPT_R: u32 = 8;
const SCRYPT_P: u32 = 5;

/// The highest cost of opening a file: bytes of memory times passes for scrypt, rounds for PBKDF2.
const MAX_SCRYPT: u64 = 1 << 30;
const MAX_PBKDF2: u32 = 10_000_000;

/// The passphrase of an encrypted key. It is not empty, it is overwritten when dropped, and `Debug`
/// does not show it.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl TryFrom<String> for Passphrase {
    type Error = EmptyPassphrase;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() { Err(EmptyPassphrase) } else { Ok(Self(Zeroizing::new(text))) }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

impl ZeroizeOnDrop for Passphrase {}

/// The passphrase is empty, so it protects nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the passphrase is empty")]
pub struct EmptyPassphrase;

impl SigningKey {
    /// The key as PKCS#8 in PEM, without encryption.
    ///
    /// # Errors
    /// If the key cannot be encoded. Every generated key can.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.to_pkcs8()?.to_pem(PLAIN, LineEnding::LF).map_err(|_| KeyError::Malformed)
    }

    /// The key as PKCS#8 in PEM, encrypted with scrypt and AES-256-CBC. OpenSSL reads it too. The
    /// salt and the initialization vector come from `rng`.
    ///
    /// # Errors
    /// If the key cannot be encoded or encrypted.
    pub fn to_encrypted_pem<R: CryptoRng + ?Sized>(
        &self,
        passphrase: &Passphrase,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, KeyError> {
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        rng.fill_bytes(&mut salt);
        rng.fill_bytes(&mut iv);
        let parameters = scrypt::Params::new(SCRYPT_LOG_N, SCRYPT_R, SCRYPT_P)
            .ok()
            .and_then(|cost| pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv).ok())
            .ok_or(KeyError::Encrypting)?;
        let plain = self.to_pkcs8()?;
        let info = PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|_| KeyError::Malformed)?;
        info.encrypt_with_params(parameters, passphrase.as_bytes())
            .map_err(|_| KeyError::Encrypting)?
            .to_pem(ENCRYPTED, LineEnding::LF)
            .map_err(|_| KeyError::Encrypting)
    }

    /// Reads a PKCS#8 key in PEM. `passphrase` is ignored if the key is not encrypted.
    ///
    /// # Errors
    /// If the text is not such a key, the passphrase is missing or wrong, or the kind of key or
    /// encryption is not supported.
    pub fn from_pem(text: &str, passphrase: Option<&Passphrase>) -> Result<Self, KeyError> {
        core_dump::disable();
        let (label, document) = SecretDocument::from_pem(text).map_err(|_| KeyError::NotPem)?;
        match (label, passphrase) {
            (PLAIN, _) => Self::from_pkcs8(document.as_bytes()),
            (ENCRYPTED, None) => Err(KeyError::PassphraseNeeded),
            (ENCRYPTED, Some(passphrase)) => {
                // By chance, a wrong passphrase can leave valid padding, but then not valid DER.
                let plain = decrypt(document.as_bytes(), passphrase)?;
                if PrivateKeyInfoRef::try_from(plain.as_bytes()).is_err() {
                    return Err(KeyError::WrongPassphrase);
                }
                Self::from_pkcs8(plain.as_bytes())
            }
            (label, _) => Err(KeyError::Label { label: label.to_owned() }),
        }
    }

    fn to_pkcs8(&self) -> Result<SecretDocument, KeyError> {
        match &self.secret {
            Secret::P256(key) => key.to_pkcs8_der(),
            Secret::P384(key) => key.to_pkcs8_der(),
            Secret::Rsa(key) => key.to_pkcs8_der(),
            // Version 1, without the public key: OpenSSL 3.0 does not read version 2.
            Secret::Ed25519(key) => KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_der(),
        }
        .map_err(|_| KeyError::Malformed)
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Malformed)?;
        let algorithm = info.algorithm;
        let secret = match algorithm.oid {
            EC_PUBLIC_KEY => match algorithm.parameters_oid().map_err(|_| KeyError::Malformed)? {
                P256 => info.try_into().map(Secret::P256),
                P384 => info.try_into().map(|key| Secret::P384(Box::new(key))),
                curve => return Err(KeyError::Algorithm { algorithm: curve }),
            },
            RSA => {
                rsa::RsaPrivateKey::try_from(info).map(|key| Secret::Rsa(Box::new(rsa::pkcs1v15::SigningKey::new(key))))
            }
            ED25519 => ed25519_dalek::SigningKey::try_from(info).map(Secret::Ed25519),
            algorithm => return Err(KeyError::Algorithm { algorithm }),
        };
        Self::new(secret.map_err(|_| KeyError::Malformed)?)
    }
}

/// Decrypts an `EncryptedPrivateKeyInfo`, unless that costs too much.
fn decrypt(der: &[u8], passphrase: &Passphrase) -> Result<SecretDocument, KeyError> {
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Encryption)?;
    let EncryptionScheme::Pbes2(parameters) = &encrypted.encryption_algorithm else {
        return Err(KeyError::Encryption);
    };
    if let Some(scrypt) = parameters.kdf.scrypt() {
        let cost = scrypt
            .cost_parameter
            .saturating_mul(u64::from(scrypt.block_size))
            .saturating_mul(u64::from(scrypt.parallelization))
            .saturating_mul(128);
        if cost > MAX_SCRYPT {
            return Err(KeyError::DerivationCost);
        }
    }
    if parameters.kdf.pbkdf2().is_some_and(|pbkdf2| pbkdf2.iteration_count > MAX_PBKDF2) {
        return Err(KeyError::DerivationCost);
    }
    encrypted.decrypt(passphrase.as_bytes()).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(Pkcs5Error::DecryptFailed) | pkcs8::Error::Asn1(_) => {
            KeyError::WrongPassphrase
        }
        _ => KeyError::Encryption,
    })
}
