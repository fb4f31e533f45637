//! Signed tokens: JSON Web Signature in its compact form (RFC 7515), signed with Ed25519 (RFC 8037, RFC 9864).
//!
//! [`sign_compact`] makes a token, [`Jws`] reads one. Whether its signer may be trusted is asked with
//! [`TrustStore::verify_path`](crate::x509::TrustStore::verify_path).

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    KeyError, PublicKey, SignatureAlgorithm, SignatureError, Signer, SignerError,
    json::{self, JsonError},
    x509::{CertificateError, X509Certificate},
};

/// The longest token that is read, in bytes: room for a status list of millions of entries.
const MAX_LENGTH: usize = 4 << 20;

/// The longest header that is read, in bytes before decoding.
const MAX_HEADER_LENGTH: usize = 64 << 10;

/// The most certificates that are read from one header.
const MAX_CERTIFICATES: usize = 8;

/// Signs a payload as a compact JWS. The header has the type, the algorithm `EdDSA`, which every JOSE library knows, the
/// key's thumbprint (RFC 7638) and the certificates of the signer.
///
/// The signature is checked with the signer's certificate before it is returned.
///
/// # Errors
/// When the signer has no certificate or no Ed25519 key, no signature can be made, or it does not fit the certificate.
pub fn sign_compact(signer: &dyn Signer, typ: &str, payload: &[u8]) -> Result<String, JwsError> {
    let leaf = signer.certificates().first().ok_or(JwsError::NoCertificate)?;
    let key = leaf.public_key()?;
    let header = Header {
        typ: Some(typ.to_owned()),
        alg: "EdDSA".to_owned(),
        kid: Some(thumbprint(key)?),
        x5c: Some(signer.certificates().iter().map(|certificate| STANDARD.encode(certificate.der())).collect()),
        crit: None,
    };
    let header = serde_json::to_vec(&header).map_err(JsonError::from)?;
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature = signer.sign(token.as_bytes())?;
    key.verify(SignatureAlgorithm::Ed25519, token.as_bytes(), &signature)?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The JWK thumbprint of an Ed25519 key: the base64url of the SHA-256 digest over its required members (RFC 7638, RFC
/// 8037 appendix A.3).
fn thumbprint(key: &PublicKey) -> Result<String, JwsError> {
    let octets = key
        .ed25519_octets()
        .ok_or(SignatureError::WrongAlgorithm { key: key.algorithm(), signature: SignatureAlgorithm::Ed25519 })?;
    let x = URL_SAFE_NO_PAD.encode(octets);
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(jwk)))
}

/// The members of a header that are read; others have no meaning here (RFC 7515 section 4).
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Header {
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    alg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
    #[serde(skip_serializing)]
    #[serde(default, deserialize_with = "present")]
    crit: Option<serde_json::Value>,
}

/// `null` is present too.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// A compact JWS, parsed. Nothing in it is to be believed before [`Jws::verify`].
#[derive(Debug, Clone)]
pub struct Jws {
    typ: Option<String>,
    kid: Option<String>,
    signer: X509Certificate,
    intermediates: Vec<X509Certificate>,
    /// Header and payload with the dot between, as they came.
    signing_input: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Jws {
    /// Reads a token: three parts in base64url without padding, and nothing else, not even a line end.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn parse(token: &[u8]) -> Result<Self, JwsError> {
        if token.len() > MAX_LENGTH {
            return Err(JwsError::TooLong { length: token.len(), limit: MAX_LENGTH });
        }
        let mut dots = token.iter().enumerate().filter(|(_, octet)| **octet == b'.').map(|(at, _)| at);
        let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
            return Err(JwsError::Parts);
        };
        let (signing_input, signature) = split(token, second)?;
        let (header, payload) = split(signing_input, first)?;
        if header.len() > MAX_HEADER_LENGTH {
            return Err(JwsError::TooLong { length: header.len(), limit: MAX_HEADER_LENGTH });
        }
        let header: Header = json::from_slice(&decode(header, Part::Header)?)?;
        check_algorithm(&header.alg)?;
        if let Some(crit) = header.crit {
            return Err(JwsError::CriticalHeader { crit: excerpt(&crit.to_string()) });
        }
        let mut certificates = certificates(&header.x5c.unwrap_or_default())?.into_iter();
        Ok(Self {
            typ: header.typ,
            kid: header.kid,
            signer: certificates.next().ok_or(JwsError::NoCertificate)?,
            intermediates: certificates.collect(),
            payload: decode(payload, Part::Payload)?,
            signature: decode(signature, Part::Signature)?,
            signing_input: signing_input.to_vec(),
        })
    }

    /// The type in the header.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The key identifier in the header.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The payload, decoded from base64url and otherwise as it came.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signer's certificate, the first of `x5c`.
    pub fn signer(&self) -> &X509Certificate {
        &self.signer
    }

    /// The other certificates of `x5c`.
    pub fn intermediates(&self) -> &[X509Certificate] {
        &self.intermediates
    }

    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Ed25519
    }

    /// Checks that the token is of the type asked for, that its key identifier is the thumbprint of the signer's key, and
    /// that this key signed it.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn verify(&self, typ: &str) -> Result<(), JwsError> {
        if self.typ.as_deref() != Some(typ) {
            return Err(JwsError::Type { found: self.typ.as_deref().map(excerpt), expected: typ.to_owned() });
        }
        let key = self.signer.public_key()?;
        let thumbprint = thumbprint(key)?;
        if self.kid.as_ref() != Some(&thumbprint) {
            return Err(JwsError::KeyIdentifier { found: self.kid.as_deref().map(excerpt), expected: thumbprint });
        }
        Ok(key.verify(SignatureAlgorithm::Ed25519, &self.signing_input, &self.signature)?)
    }
}

fn split(bytes: &[u8], dot: usize) -> Result<(&[u8], &[u8]), JwsError> {
    let (before, rest) = bytes.split_at_checked(dot).ok_or(JwsError::Parts)?;
    Ok((before, rest.get(1..).ok_or(JwsError::Parts)?))
}

fn decode(part: &[u8], of: Part) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Base64(of))
}

fn check_algorithm(alg: &str) -> Result<(), JwsError> {
    match alg {
        "EdDSA" | "Ed25519" => Ok(()),
        _ if alg.eq_ignore_ascii_case("none") => Err(JwsError::Unsigned),
        "HS256" | "HS384" | "HS512" => Err(JwsError::SharedSecret { alg: alg.to_owned() }),
        _ => Err(JwsError::UnsupportedAlgorithm { alg: excerpt(alg) }),
    }
}

fn certificates(x5c: &[String]) -> Result<Vec<X509Certificate>, JwsError> {
    if x5c.len() > MAX_CERTIFICATES {
        return Err(JwsError::TooManyCertificates { count: x5c.len() });
    }
    x5c.iter()
        .map(|certificate| {
            let der = STANDARD.decode(certificate).map_err(|_| JwsError::Base64(Part::Certificate))?;
            Ok(X509Certificate::from_der(&der)?)
        })
        .collect()
}

/// As much of a foreign text as an error should show.
fn excerpt(text: &str) -> String {
    text.chars().take(64).collect()
}

/// A part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
    /// A certificate in the header.
    Certificate,
}

impl core::fmt::Display for Part {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
            Self::Certificate => "certificate in x5c",
        })
    }
}

/// Why a token is not made, or refused. Texts from the token are cut after 64 characters.
#[derive(Debug, thiserror::Error)]
pub enum JwsError {
    /// The token or its header is too long.
    #[error("a token or header of {length} bytes, at most {limit} are read")]
    TooLong {
        /// Its length.
        length: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Not three parts with dots between.
    #[error("the token has not the three parts, header.payload.signature")]
    Parts,
    /// A part is not base64url without padding; a certificate not base64.
    #[error("the token's {0} is not encoded in canonical base64")]
    Base64(Part),
    /// The header is not the JSON object expected.
    #[error("the token's header is {0}")]
    Header(#[from] JsonError),
    /// The token says that it has no signature.
    #[error("the token's algorithm is \"none\": it is not signed")]
    Unsigned,
    /// The token is authenticated with a secret that the reader would have to share.
    #[error("the token's algorithm {alg} needs a shared secret and proves nothing to others")]
    SharedSecret {
        /// The algorithm.
        alg: String,
    },
    /// Another algorithm than Ed25519.
    #[error("the token's algorithm is {alg:?}, expected EdDSA with Ed25519")]
    UnsupportedAlgorithm {
        /// The algorithm.
        alg: String,
    },
    /// The header demands extensions, none of which is known here.
    #[error("the token demands extensions that are not supported: {crit}")]
    CriticalHeader {
        /// What it demands.
        crit: String,
    },
    /// No certificate: neither in the header, nor with the signer.
    #[error("the token's signer has no certificate")]
    NoCertificate,
    /// More certificates than are read.
    #[error("the token's header has {count} certificates, at most {MAX_CERTIFICATES} are read")]
    TooManyCertificates {
        /// How many.
        count: usize,
    },
    /// A certificate in the header is malformed.
    #[error("a certificate in the token's header is malformed: {0}")]
    Certificate(#[from] CertificateError),
    /// The signer's key can't be used.
    #[error("the token signer's certificate can't be used: {0}")]
    Key(#[from] KeyError),
    /// The token is of another type.
    #[error("the token's type is {}, expected {expected:?}", named(found))]
    Type {
        /// Its type.
        found: Option<String>,
        /// The type asked for.
        expected: String,
    },
    /// The key identifier is not that of the signer's certificate.
    #[error("the token's key identifier is {}, the signer's certificate has {expected:?}", named(found))]
    KeyIdentifier {
        /// The one in the header.
        found: Option<String>,
        /// The thumbprint of the certificate's key.
        expected: String,
    },
    /// The signature is not one by the signer's key, or the key is of another kind.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signer made no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

fn named(found: &Option<String>) -> String {
    found.as_ref().map_or_else(|| "missing".to_owned(), |found| format!("{found:?}"))
}
