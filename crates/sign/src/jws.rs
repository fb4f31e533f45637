//! Signed tokens: compact JSON Web Signatures (RFC 7515) with Ed25519 (RFC 8037, RFC 9864), which
//! are also JAdES baseline signatures of level B-B (ETSI TS 119 182-1).
//!
//! [`sign_compact`] makes a token, [`Jws`] reads one. Whether its signer is trusted is a question
//! for [`TrustStore::verify_path`](crate::x509::TrustStore::verify_path).

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cqm_core::UnixTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    KeyError, PublicKey, SignatureAlgorithm, SignatureError, Signer, SignerError,
    json::{self, JsonError},
    x509::{CertificateError, X509Certificate},
};

/// The greatest length of a token, in bytes: enough for a status list of millions of entries.
const MAX_LENGTH: usize = 4 << 20;

/// The greatest length of an encoded header, in bytes.
const MAX_HEADER_LENGTH: usize = 64 << 10;

/// The greatest number of certificates in a header.
const MAX_CERTIFICATES: usize = 8;

/// Signs a payload as a compact JWS. The header has the type, the algorithm `EdDSA`, which every
/// JOSE library knows, the key's thumbprint (RFC 7638), the certificates of the signer, and what
/// JAdES requires beside them: the time of signing and the digest of the signer's certificate.
///
/// The signature is verified with the signer's certificate before it is returned.
///
/// # Errors
/// Fails if the signer has no certificate or no Ed25519 key, if it makes no signature, or if the
/// signature does not fit the certificate.
pub fn sign_compact(signer: &dyn Signer, typ: &str, payload: &[u8], issued_at: UnixTime) -> Result<String, JwsError> {
    let leaf = signer.certificates().first().ok_or(JwsError::NoCertificate)?;
    let key = leaf.public_key()?;
    let header = Header {
        typ: Some(typ.to_owned()),
        alg: "EdDSA".to_owned(),
        kid: Some(thumbprint(key)?),
        x5c: Some(signer.certificates().iter().map(|certificate| STANDARD.encode(certificate.der())).collect()),
        iat: Some(issued_at),
        x5t_s256: Some(certificate_digest(leaf)),
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

/// The JWK thumbprint of an Ed25519 key: the SHA-256 digest of its required members in base64url
/// (RFC 7638, RFC 8037 appendix A.3).
fn thumbprint(key: &PublicKey) -> Result<String, JwsError> {
    let octets = key
        .ed25519_octets()
        .ok_or(SignatureError::WrongAlgorithm { key: key.algorithm(), signature: SignatureAlgorithm::Ed25519 })?;
    let x = URL_SAFE_NO_PAD.encode(octets);
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(jwk)))
}

/// The digest of a certificate in the header (RFC 7515 section 4.1.8).
fn certificate_digest(certificate: &X509Certificate) -> String {
    URL_SAFE_NO_PAD.encode(certificate.fingerprint())
}

/// The members of a header. There are no others: another member could mean something to another
/// library, such as a key (`jwk`, `jku`, `x5u`) or another payload (`b64`, `sigD`, `zip`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    alg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<UnixTime>,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    x5t_s256: Option<String>,
    #[serde(skip_serializing)]
    #[serde(default, deserialize_with = "present")]
    crit: Option<serde_json::Value>,
}

/// Makes `null` count as present.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// A parsed compact JWS. Nothing in it can be trusted before [`Jws::verify`].
#[derive(Debug, Clone)]
pub struct Jws {
    typ: Option<String>,
    kid: Option<String>,
    issued_at: UnixTime,
    certificate_digest: String,
    signer: X509Certificate,
    intermediates: Vec<X509Certificate>,
    /// The original bytes of header and payload with the dot between them.
    signing_input: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Jws {
    /// Reads a token: three parts in base64url without padding. Nothing may follow, not even a line
    /// end.
    ///
    /// # Errors
    /// Returns the first fault.
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
            issued_at: header.iat.ok_or(JwsError::MissingMember { member: "iat" })?,
            certificate_digest: header.x5t_s256.ok_or(JwsError::MissingMember { member: "x5t#S256" })?,
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

    /// The time of signing that the header claims.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// The payload after decoding base64url.
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

    /// Verifies that the token has this type, that its key identifier is the thumbprint of the
    /// signer's key, that the header has the digest of the signer's certificate, and that this key
    /// signed the token.
    ///
    /// # Errors
    /// Returns the first fault.
    pub fn verify(&self, typ: &str) -> Result<(), JwsError> {
        if self.typ.as_deref() != Some(typ) {
            return Err(JwsError::Type { found: self.typ.as_deref().map(excerpt), expected: typ.to_owned() });
        }
        let key = self.signer.public_key()?;
        let thumbprint = thumbprint(key)?;
        if self.kid.as_ref() != Some(&thumbprint) {
            return Err(JwsError::KeyIdentifier { found: self.kid.as_deref().map(excerpt), expected: thumbprint });
        }
        let digest = certificate_digest(&self.signer);
        if self.certificate_digest != digest {
            let found = excerpt(&self.certificate_digest);
            return Err(JwsError::CertificateDigest { found, expected: digest });
        }
        Ok(key.verify(SignatureAlgorithm::Ed25519, &self.signing_input, &self.signature)?)
    }

    /// Verifies that the claim `iat` is the time of signing in the header.
    ///
    /// # Errors
    /// Fails if they differ.
    pub fn verify_issued_at(&self, claim: UnixTime) -> Result<(), JwsError> {
        if self.issued_at == claim { Ok(()) } else { Err(JwsError::IssuedAt { header: self.issued_at, claim }) }
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

/// Cuts a text from a token after 64 characters, for an error.
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

/// A token that is refused or can't be made. Texts from the token are cut after 64 characters.
///
/// The enum is exhaustive, so that whoever maps each fault to a code of its own notices a new one.
#[derive(Debug, thiserror::Error)]
pub enum JwsError {
    /// The token or its header is too long.
    #[error("a token or header has {length} bytes, at most {limit} are accepted")]
    TooLong {
        /// The length found.
        length: usize,
        /// The greatest length accepted.
        limit: usize,
    },
    /// The token does not have three parts with dots between them.
    #[error("the token does not have three parts, header.payload.signature")]
    Parts,
    /// A part is not base64url without padding, or a certificate is not base64.
    #[error("the token's {0} is not encoded in canonical base64")]
    Base64(Part),
    /// The header is not the expected JSON object.
    #[error("the token's header is {0}")]
    Header(#[from] JsonError),
    /// The algorithm is "none".
    #[error("the token's algorithm is \"none\": it is not signed")]
    Unsigned,
    /// The token is authenticated with a shared secret.
    #[error("the token's algorithm {alg} needs a shared secret, so the token does not prove who made it")]
    SharedSecret {
        /// The algorithm.
        alg: String,
    },
    /// The algorithm is not Ed25519.
    #[error("the token's algorithm is {alg:?}, expected EdDSA with Ed25519")]
    UnsupportedAlgorithm {
        /// The algorithm.
        alg: String,
    },
    /// The header demands extensions (`crit`). None is supported.
    #[error("the token demands extensions that are not supported: {crit}")]
    CriticalHeader {
        /// The extensions that it demands.
        crit: String,
    },
    /// There is no certificate in the header, or the signer has none.
    #[error("the token's signer has no certificate")]
    NoCertificate,
    /// The header has too many certificates.
    #[error("the token's header has {count} certificates, at most {MAX_CERTIFICATES} are accepted")]
    TooManyCertificates {
        /// The number of certificates.
        count: usize,
    },
    /// A certificate in the header is malformed.
    #[error("a certificate in the token's header is malformed: {0}")]
    Certificate(#[from] CertificateError),
    /// The signer's key can't be used.
    #[error("the token signer's certificate can't be used: {0}")]
    Key(#[from] KeyError),
    /// The token has another type.
    #[error("the token's type is {}, expected {expected:?}", named(found))]
    Type {
        /// The type of the token.
        found: Option<String>,
        /// The expected type.
        expected: String,
    },
    /// The key identifier is not the thumbprint of the signer's key.
    #[error("the token's key identifier is {}, the signer's certificate has {expected:?}", named(found))]
    KeyIdentifier {
        /// The key identifier in the header.
        found: Option<String>,
        /// The thumbprint of the signer's key.
        expected: String,
    },
    /// The header lacks a member that JAdES requires.
    #[error("the token's header has no `{member}`")]
    MissingMember {
        /// The member.
        member: &'static str,
    },
    /// The digest in the header is not that of the signer's certificate.
    #[error("the token's header has the certificate digest {found:?}, the signer's certificate has {expected:?}")]
    CertificateDigest {
        /// The digest in the header.
        found: String,
        /// The digest of the signer's certificate.
        expected: String,
    },
    /// The header and the claims have different times of issue.
    #[error("the token's header was signed at {header}, its claim `iat` is {claim}")]
    IssuedAt {
        /// The time in the header.
        header: UnixTime,
        /// The time in the claims.
        claim: UnixTime,
    },
    /// The signer's key did not make the signature, or it is not an Ed25519 key.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signer made no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

fn named(found: &Option<String>) -> String {
    found.as_ref().map_or_else(|| "missing".to_owned(), |found| format!("{found:?}"))
}
