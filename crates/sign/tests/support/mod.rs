//! A certification authority for tests, which makes good and faulty certificates and CRLs.

#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod parts;

use cqm_core::UnixTime;
use cqm_sign::{
    SignatureAlgorithm, Signer, SignerError,
    x509::{Purpose, X509Certificate},
};
use ed25519_dalek::Signer as _;
use rsa::pkcs8::DecodePrivateKey as _;
use sha2::Digest as _;

/// 2023-01-01T00:00:00Z.
pub const START: UnixTime = UnixTime::new(1_672_531_200);
/// 2024-01-01T00:00:00Z, the time of most checks.
pub const MIDDLE: UnixTime = UnixTime::new(1_704_067_200);
/// 2032-12-31T23:59:59Z.
pub const END: UnixTime = UnixTime::new(1_988_150_399);

pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(parts.concat());
    out
}

pub fn oid(dotted: &str) -> Vec<u8> {
    der(6, &[const_oid::ObjectIdentifier::new_unwrap(dotted).as_bytes()])
}

pub fn name(common_name: &str) -> Vec<u8> {
    let attribute = der(0x30, &[&oid("2.5.4.3"), &der(0x0c, &[common_name.as_bytes()])]);
    der(0x30, &[&der(0x31, &[&attribute])])
}

fn time(at: UnixTime) -> Vec<u8> {
    let at = ::der::DateTime::from_unix_duration(std::time::Duration::from_secs(at.seconds() as u64)).unwrap();
    let (y, m, d) = (at.year() % 100, at.month(), at.day());
    let text = format!("{y:02}{m:02}{d:02}{:02}{:02}{:02}Z", at.hour(), at.minutes(), at.seconds());
    der(0x17, &[text.as_bytes()])
}

#[derive(Clone)]
pub enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Rsa(Box<rsa::RsaPrivateKey>),
    Ed25519(ed25519_dalek::SigningKey),
}

impl Key {
    pub fn p256(seed: u8) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub fn p384(seed: u8) -> Self {
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[seed; 48]).unwrap())
    }

    /// The key in `data/rsa3072.pk8`, made with `openssl genpkey -algorithm RSA -pkeyopt
    /// rsa_keygen_bits:3072 | openssl pkcs8 -topk8 -nocrypt -outform DER`.
    pub fn rsa() -> Self {
        let key = rsa::RsaPrivateKey::from_pkcs8_der(include_bytes!("../data/rsa3072.pk8"));
        Self::Rsa(Box::new(key.unwrap()))
    }

    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn all() -> [Self; 4] {
        [Self::p256(7), Self::p384(7), Self::rsa(), Self::ed25519(7)]
    }

    pub fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::P256(_) => SignatureAlgorithm::EcdsaP256Sha256,
            Self::P384(_) => SignatureAlgorithm::EcdsaP384Sha384,
            Self::Rsa(_) => SignatureAlgorithm::RsaPkcs1Sha256,
            Self::Ed25519(_) => SignatureAlgorithm::Ed25519,
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_der().as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => {
                key.sign(rsa::Pkcs1v15Sign::new::<sha2::Sha256>(), &sha2::Sha256::digest(message)).unwrap()
            }
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
        }
    }

    pub fn spki(&self) -> Vec<u8> {
        use rsa::pkcs8::EncodePublicKey as _;
        match self {
            Self::P256(key) => key.verifying_key().to_public_key_der().unwrap().into_vec(),
            Self::P384(key) => key.verifying_key().to_public_key_der().unwrap().into_vec(),
            Self::Rsa(key) => key.to_public_key().to_public_key_der().unwrap().into_vec(),
            Self::Ed25519(key) => key.verifying_key().to_public_key_der().unwrap().into_vec(),
        }
    }

    fn identifier(&self) -> Vec<u8> {
        match self {
            Self::P256(_) => der(0x30, &[&oid("1.2.840.10045.4.3.2")]),
            Self::P384(_) => der(0x30, &[&oid("1.2.840.10045.4.3.3")]),
            Self::Rsa(_) => der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
            Self::Ed25519(_) => der(0x30, &[&oid("1.3.101.112")]),
        }
    }

    fn signed(&self, tbs: &[u8]) -> Vec<u8> {
        let signature = der(3, &[&[0], &self.sign(tbs)]);
        der(0x30, &[tbs, &self.identifier(), &signature])
    }
}

/// A certificate before it is signed.
#[derive(Clone)]
pub struct Draft {
    pub subject: Vec<u8>,
    pub issuer: Vec<u8>,
    pub serial: u8,
    pub not_before: UnixTime,
    pub not_after: UnixTime,
    pub spki: Vec<u8>,
    pub extensions: Vec<Vec<u8>>,
}

pub fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let value = der(4, &[value]);
    if critical { der(0x30, &[&oid(id), &[1, 1, 0xff], &value]) } else { der(0x30, &[&oid(id), &value]) }
}

pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

pub fn ca(path_length: Option<u8>) -> Vec<u8> {
    match path_length {
        Some(length) => extension(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff], &[2, 1, length]])),
        None => extension(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]])),
    }
}

/// keyCertSign and cRLSign.
pub fn ca_usage() -> Vec<u8> {
    extension(KEY_USAGE, true, &[3, 2, 1, 0x06])
}

/// digitalSignature and contentCommitment.
pub fn leaf_usage() -> Vec<u8> {
    extension(KEY_USAGE, true, &[3, 2, 6, 0xc0])
}

pub fn purpose(ids: &[&str]) -> Vec<u8> {
    let ids: Vec<u8> = ids.iter().flat_map(|id| oid(id)).collect();
    extension(EXTENDED_KEY_USAGE, false, &der(0x30, &[&ids]))
}

/// The extended key usages of a signer of the program.
pub fn extended_key_usage(purpose: Purpose) -> Vec<u8> {
    extension(EXTENDED_KEY_USAGE, false, &purpose.extended_key_usage())
}

pub const DOCUMENT_SIGNING: &str = "1.3.6.1.5.5.7.3.36";

impl Draft {
    pub fn root(key: &Key) -> Self {
        Self {
            subject: name("Test Root"),
            issuer: name("Test Root"),
            serial: 1,
            not_before: START,
            not_after: END,
            spki: key.spki(),
            extensions: vec![ca(None), ca_usage()],
        }
    }

    pub fn intermediate(key: &Key) -> Self {
        Self { subject: name("Test Intermediate"), serial: 2, ..Self::root(key) }
    }

    pub fn leaf(key: &Key) -> Self {
        Self {
            subject: name("Test Signer"),
            serial: 3,
            extensions: vec![leaf_usage(), extended_key_usage(Purpose::DocumentSigning)],
            ..Self::root(key)
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn signed_by(&self, issuer: &Key) -> X509Certificate {
        X509Certificate::from_der(&self.der(issuer)).unwrap()
    }

    pub fn der(&self, issuer: &Key) -> Vec<u8> {
        let tbs = der(
            0x30,
            &[
                &[0xa0, 3, 2, 1, 2],
                &[2, 1, self.serial],
                &issuer.identifier(),
                &self.issuer,
                &der(0x30, &[&time(self.not_before), &time(self.not_after)]),
                &self.subject,
                &self.spki,
                &der(0xa3, &[&der(0x30, &[&self.extensions.concat()])]),
            ],
        );
        issuer.signed(&tbs)
    }
}

/// An entry of a CRL.
pub struct Entry {
    pub serial: u8,
    pub date: UnixTime,
    /// The number of the reason (RFC 5280 section 5.3.1).
    pub reason: Option<u8>,
}

pub fn crl(key: &Key, this_update: UnixTime, next_update: UnixTime, entries: &[Entry]) -> Vec<u8> {
    let entries: Vec<u8> = entries
        .iter()
        .flat_map(|entry| {
            let reason = entry
                .reason
                .map_or_else(Vec::new, |reason| der(0x30, &[&extension("2.5.29.21", false, &[0x0a, 1, reason])]));
            der(0x30, &[&[2, 1, entry.serial], &time(entry.date), &reason])
        })
        .collect();
    let entries = if entries.is_empty() { entries } else { der(0x30, &[&entries]) };
    let number = extension("2.5.29.20", false, &[2, 1, 1]);
    let tbs = der(
        0x30,
        &[
            &[2, 1, 1],
            &key.identifier(),
            &name("Test Root"),
            &time(this_update),
            &time(next_update),
            &entries,
            &der(0xa0, &[&der(0x30, &[&number])]),
        ],
    );
    key.signed(&tbs)
}

pub fn pem(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, der).unwrap()
}

pub fn certificate_pem(certificate: &X509Certificate) -> String {
    pem("CERTIFICATE", certificate.der())
}

/// A key with its certificates.
pub struct TestSigner {
    pub key: Key,
    pub certificates: Vec<X509Certificate>,
}

impl TestSigner {
    /// A document signer directly under the root of `Key::p256(1)`.
    pub fn document(key: Key) -> Self {
        let certificate = Draft::leaf(&key).signed_by(&Key::p256(1));
        Self { key, certificates: vec![certificate] }
    }

    /// A document signer under an intermediate.
    pub fn under_intermediate(key: Key) -> Self {
        let intermediate_key = Key::p256(2);
        let leaf = Draft::leaf(&key).with(|draft| draft.issuer = name("Test Intermediate"));
        let intermediate = Draft::intermediate(&intermediate_key).signed_by(&Key::p256(1));
        Self { key, certificates: vec![leaf.signed_by(&intermediate_key), intermediate] }
    }
}

impl Signer for TestSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }

    fn certificates(&self) -> &[X509Certificate] {
        &self.certificates
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.key.sign(message))
    }
}
