//! Signed data (RFC 5652) at the level PAdES B-B (ETSI EN 319 142-1, EN 319 122-1).
//!
//! [`sign_detached`] makes the one encoding that the profile allows: version 1, one signer named by issuer and serial
//! number, the certificates of the signer and its intermediates, and three signed attributes: content type, message
//! digest and `signingCertificateV2`. The last one names every certificate inside, so the signature covers them all. There
//! is no signing time, since PAdES has it in the signature dictionary.
//!
//! [`SignedData`] is such an encoding, or one that others made:
//!
//! | whose | read with | then |
//! | --- | --- | --- |
//! | a letter of the program | [`SignedData::from_der`] | [`SignedData::verify`] checks it against the signed bytes, and [`SignedData::check_profile`] that no byte differs from the one allowed encoding |
//! | anyone's | [`SignedData::from_foreign`] | [`SignedData::verify`] |

mod algorithm;
mod attributes;
mod decode;
mod encode;

use const_oid::{ObjectIdentifier, db::rfc5911};
use cqm_core::UnixTime;

use crate::{
    DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, SignatureError, Signer, SignerError,
    asn1::{self, DerError, Elements, Rules},
    cms::decode::Form,
    key::{KeyError, KeyKind},
    x509::{CertificateError, X509Certificate},
};

/// The most certificates that are read from one CMS of the profile.
const MAX_CERTIFICATES: usize = 8;

/// The most certificates that are read from a CMS of others.
const MAX_FOREIGN_CERTIFICATES: usize = 32;

/// The longest CMS that is read, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// Signs the ranges of bytes, one after the other, and returns the DER of the CMS `ContentInfo`.
///
/// The signature is checked with the signer's certificate before it is returned.
///
/// # Errors
/// When the signer has no certificate, no signature can be made, or the signature does not fit the certificate.
pub fn sign_detached(signer: &dyn Signer, ranges: &[&[u8]]) -> Result<Vec<u8>, CmsError> {
    let (leaf, intermediates) = certificates(signer)?;
    let algorithm = signer.algorithm();
    if !algorithm.is_of_the_profile() {
        return Err(CmsError::UnsupportedSignatureAlgorithm);
    }
    let message_digest = algorithm.digest().digest(ranges);
    let attributes = encode::signed_attributes(leaf, intermediates, &message_digest);
    let signature = signer.sign(&attributes)?;
    leaf.public_key()?.verify(algorithm, &attributes, &signature)?;
    check_low_s(algorithm, &signature)?;
    Ok(encode::content_info(leaf, intermediates, algorithm, &attributes, &signature))
}

/// The most bytes that [`sign_detached`] returns for this signer: what a signature dictionary must have room for.
///
/// # Errors
/// When the signer has no certificate, or one with a key that can't be used.
pub fn encoded_len_limit(signer: &dyn Signer) -> Result<usize, CmsError> {
    let (leaf, intermediates) = certificates(signer)?;
    let signature_length = match leaf.public_key()?.algorithm() {
        // A SEQUENCE of two INTEGERs, each with a zero before its first bit at most.
        KeyAlgorithm::P256 => 72,
        KeyAlgorithm::P384 => 104,
        KeyAlgorithm::Rsa { bits } => usize::try_from(bits.div_ceil(8)).map_err(|_| CmsError::TooLong)?,
        KeyAlgorithm::Ed25519 => 64,
    };
    let algorithm = signer.algorithm();
    let message_digest = algorithm.digest().digest(&[]);
    let attributes = encode::signed_attributes(leaf, intermediates, &message_digest);
    let longest = encode::content_info(leaf, intermediates, algorithm, &attributes, &vec![0; signature_length]);
    Ok(longest.len())
}

/// The signer's own certificate, and the intermediates.
fn certificates(signer: &dyn Signer) -> Result<(&X509Certificate, &[X509Certificate]), CmsError> {
    signer.certificates().split_first().ok_or(CmsError::NoCertificate)
}

/// Parts the octets of `/Contents` of a PDF signature: the CMS, in DER or BER, and the padding after it, which should be zeros.
///
/// # Errors
/// When the octets do not begin with one whole SEQUENCE.
pub fn split_padding(contents: &[u8]) -> Result<(&[u8], &[u8]), CmsError> {
    let mut elements = Elements::under(Rules::Ber, contents);
    let element = elements.element(asn1::SEQUENCE)?;
    Ok((element.raw, elements.rest()))
}

/// A CMS signature over bytes that are elsewhere, parsed.
#[derive(Debug, Clone)]
pub struct SignedData {
    encoded: Vec<u8>,
    signer: X509Certificate,
    intermediates: Vec<X509Certificate>,
    algorithm: SignatureAlgorithm,
    /// `None`: the signature is over the content itself.
    attributes: Option<SignedAttributes>,
    signature: Vec<u8>,
}

/// What the signer signed besides the content.
#[derive(Debug, Clone)]
struct SignedAttributes {
    /// As they came, but for the tag of a SET: what is signed.
    encoded: Vec<u8>,
    message_digest: Vec<u8>,
    signing_time: Option<UnixTime>,
}

impl SignedData {
    /// Reads the DER of a CMS `ContentInfo`, and nothing after it, as the profile of letters has it.
    ///
    /// It must have one signer, named by issuer and serial number, with signed attributes, `signingCertificateV2` among
    /// them, and no content inside; every rule that needs neither the signed bytes nor trust is checked. Whether the
    /// encoding is the one allowed is [`Self::check_profile`]'s matter.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        decode::content_info(der, Form::Profile)
    }

    /// Reads a CMS `ContentInfo` that others made, and nothing after it: what stands in the `/Contents` of any PDF
    /// signature.
    ///
    /// More is accepted than in a letter: BER; signers named by their subject key identifier; no signed attributes, or
    /// others than the profile's; `signingCertificate`, or none that names the certificate; RSASSA-PSS, and ECDSA with a
    /// digest longer than the curve; CRLs, unsigned attributes and any certificates, on which nothing relies. What is
    /// refused stands with its reason in `docs/reference/clauses-cms.md`: several signers, content inside, signed attributes that are not
    /// in DER, a `signingCertificate` that names another certificate, SHA-1.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn from_foreign(ber: &[u8]) -> Result<Self, CmsError> {
        decode::content_info(ber, Form::Foreign)
    }

    /// The signer's certificate.
    pub fn signer(&self) -> &X509Certificate {
        &self.signer
    }

    /// The other certificates inside, in the order that the signer gives them.
    pub fn intermediates(&self) -> &[X509Certificate] {
        &self.intermediates
    }

    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// When it was made, as the signer says in the signed attributes, in seconds since 1970-01-01 UTC.
    ///
    /// A letter has its time in the signature dictionary of the PDF.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.attributes.as_ref()?.signing_time
    }

    /// Checks the signature over the ranges of bytes, one after the other. Who the signer is says
    /// [`TrustStore`](crate::x509::TrustStore).
    ///
    /// # Errors
    /// [`CmsError::DigestMismatch`] when other bytes were signed, [`CmsError::Signature`] when the signature is not one
    /// by the signer's key; both if it is both. Without signed attributes, the second says both, and content that could be
    /// attributes itself is [`CmsError::ContentLikeAttributes`].
    pub fn verify(&self, ranges: &[&[u8]]) -> Result<(), Vec<CmsError>> {
        let mut errors = Vec::new();
        let signed = match &self.attributes {
            Some(attributes) => {
                let computed = self.algorithm.digest().digest(ranges);
                if computed != attributes.message_digest {
                    let signed = attributes.message_digest.clone();
                    errors.push(CmsError::DigestMismatch { signed, computed });
                }
                self.verify_signature(&attributes.encoded)
            }
            None => {
                let content = ranges.concat();
                // Signed attributes of another CMS would verify here as content (RFC 5652 section 5.4 hashes them alike).
                if content.first() == Some(&asn1::SET) {
                    errors.push(CmsError::ContentLikeAttributes);
                }
                self.verify_signature(&content)
            }
        };
        errors.extend(signed.err());
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn verify_signature(&self, signed: &[u8]) -> Result<(), CmsError> {
        Ok(self.signer.public_key()?.verify(self.algorithm, signed, &self.signature)?)
    }

    /// Checks that the bytes are the one encoding that the profile allows for these certificates, this digest and this
    /// signature. Then nothing can be changed or added unseen: no unsigned attribute, no CRL, no other certificate, no
    /// second form of an ECDSA signature.
    ///
    /// # Errors
    /// [`CmsError::OutsideProfile`], [`CmsError::HighS`], and of a CMS of others what else is not the profile's.
    pub fn check_profile(&self) -> Result<(), CmsError> {
        if !self.algorithm.is_of_the_profile() {
            return Err(CmsError::UnsupportedSignatureAlgorithm);
        }
        check_low_s(self.algorithm, &self.signature)?;
        let message_digest = &self.attributes.as_ref().ok_or(CmsError::NoSignedAttributes)?.message_digest;
        let attributes = encode::signed_attributes(&self.signer, &self.intermediates, message_digest);
        let expected =
            encode::content_info(&self.signer, &self.intermediates, self.algorithm, &attributes, &self.signature);
        if expected == self.encoded {
            return Ok(());
        }
        let same = expected.iter().zip(&self.encoded).take_while(|(expected, found)| expected == found).count();
        Err(CmsError::OutsideProfile { offset: same })
    }
}

/// An ECDSA signature must be the DER of the one of its two forms that has the lower `s`.
fn check_low_s(algorithm: SignatureAlgorithm, signature: &[u8]) -> Result<(), CmsError> {
    let low = match algorithm.key_kind() {
        KeyKind::P256 => p256::ecdsa::Signature::from_der(signature)
            .is_ok_and(|parsed| parsed.normalize_s().to_der().as_bytes() == signature),
        KeyKind::P384 => p384::ecdsa::Signature::from_der(signature)
            .is_ok_and(|parsed| parsed.normalize_s().to_der().as_bytes() == signature),
        KeyKind::Rsa | KeyKind::Ed25519 => true,
    };
    if low { Ok(()) } else { Err(CmsError::HighS) }
}

/// The signed attributes that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// `contentType` (RFC 5652 section 11.1).
    ContentType,
    /// `messageDigest` (RFC 5652 section 11.2).
    MessageDigest,
    /// `signingTime` (RFC 5652 section 11.3). Not of the profile.
    SigningTime,
    /// `signingCertificateV2` (RFC 5035 section 3).
    SigningCertificateV2,
    /// `signingCertificate` (RFC 5035 section 5), with SHA-1. Not of the profile.
    SigningCertificate,
}

impl Attribute {
    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::ContentType => rfc5911::ID_CONTENT_TYPE,
            Self::MessageDigest => rfc5911::ID_MESSAGE_DIGEST,
            Self::SigningTime => rfc5911::ID_SIGNING_TIME,
            Self::SigningCertificateV2 => rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2,
            Self::SigningCertificate => rfc5911::ID_AA_SIGNING_CERTIFICATE,
        }
    }
}

impl core::fmt::Display for Attribute {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::ContentType => "contentType",
            Self::MessageDigest => "messageDigest",
            Self::SigningTime => "signingTime",
            Self::SigningCertificateV2 => "signingCertificateV2",
            Self::SigningCertificate => "signingCertificate",
        })
    }
}

/// Why a CMS is not made, or refused.
#[derive(Debug, thiserror::Error)]
pub enum CmsError {
    /// The bytes are not a CMS `ContentInfo`, in DER or, where others made it, in BER.
    #[error("not a CMS: {0}")]
    Malformed(String),
    /// The bytes are too many.
    #[error("the CMS is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The content is not signed data.
    #[error("the CMS is not signed data")]
    NotSignedData,
    /// A version that does not go with the rest: 1, unless others named the signer by a key identifier.
    #[error("the version of the {of} is {found}, which does not go with the rest of it")]
    Version {
        /// Of which part.
        of: &'static str,
        /// Its version, the content octets of the INTEGER as hexadecimal.
        found: String,
    },
    /// The type of the signed content is not `id-data`.
    #[error("the signed content is not of the type id-data")]
    ContentType,
    /// The signed content stands inside, where a PDF signature has none.
    #[error("the CMS holds content of its own, so it does not sign the bytes around it")]
    ContentInside,
    /// There is no signer.
    #[error("the CMS has no signer")]
    NoSigner,
    /// There are several signers.
    #[error("the CMS has several signers, expected one")]
    SeveralSigners,
    /// The signer is not named by issuer and serial number, nor, where others signed, by a subject key identifier.
    #[error("the signer is not named by issuer and serial number")]
    SignerIdentifier,
    /// No certificate inside is the signer's.
    #[error("the signer's certificate is missing")]
    NoCertificate,
    /// More certificates than are read.
    #[error("the CMS holds more than {limit} certificates")]
    TooManyCertificates {
        /// The most that are read.
        limit: usize,
    },
    /// Something inside is not an X.509 certificate.
    #[error("the CMS holds something that is not an X.509 certificate")]
    NotACertificate,
    /// A certificate inside is malformed.
    #[error("a certificate in the CMS is malformed: {0}")]
    Certificate(#[from] CertificateError),
    /// The signer's key can't be used.
    #[error("the signer's certificate can't be used: {0}")]
    Key(#[from] KeyError),
    /// The signer signed no attributes.
    #[error("the signature has no signed attributes")]
    NoSignedAttributes,
    /// A signed attribute is missing.
    #[error("the signed attribute {0} is missing")]
    AttributeMissing(Attribute),
    /// A signed attribute stands twice.
    #[error("a signed attribute stands twice")]
    AttributeTwice,
    /// A signed attribute has a value that is not allowed.
    #[error("the signed attribute {0} is malformed or has a wrong value")]
    AttributeValue(Attribute),
    /// More signed attributes than are read.
    #[error("the signature has too many signed attributes")]
    TooManyAttributes,
    /// The signed attributes are not in the order that DER asks for.
    #[error("the signed attributes are not in DER: their order is wrong")]
    AttributesUnsorted,
    /// The signed attributes name another certificate than the signer's.
    #[error("the signed attribute {0} names another certificate than the signer's")]
    WrongSigningCertificate(Attribute),
    /// The digest is not SHA-256, SHA-384 or SHA-512.
    #[error("the digest algorithm is not one of SHA-256, SHA-384 and SHA-512")]
    UnsupportedDigest,
    /// The signature algorithm is not one of the program's, or has wrong parameters.
    #[error("the signature algorithm, or its parameters, are not supported")]
    UnsupportedSignatureAlgorithm,
    /// The digest does not go with the signature algorithm.
    #[error("{signature} goes with {}, not with {digest}", signature.digest())]
    DigestForSignature {
        /// The signature's algorithm.
        signature: SignatureAlgorithm,
        /// The digest that the signer names.
        digest: DigestAlgorithm,
    },
    /// Other bytes were signed.
    #[error("the signed bytes were changed: their digest differs from the signed one")]
    DigestMismatch {
        /// The digest in the signed attributes.
        signed: Vec<u8>,
        /// The digest of the bytes.
        computed: Vec<u8>,
    },
    /// There are no signed attributes, and the content begins as attributes do: it could be those of another signature.
    #[error("the signature has no signed attributes, and what it signs could be signed attributes itself")]
    ContentLikeAttributes,
    /// The signature is not one by the signer's key, or the algorithm does not go with the key.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// An ECDSA signature is in the form with the higher `s`, or not in DER.
    #[error("the ECDSA signature is not in its one allowed form, the DER with the lower s")]
    HighS,
    /// The encoding is not the one that the profile allows.
    #[error("the CMS differs from the one allowed encoding at byte {offset}")]
    OutsideProfile {
        /// The first byte that differs, or where the shorter of the two ends.
        offset: usize,
    },
    /// The signer made no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

impl From<DerError> for CmsError {
    fn from(error: DerError) -> Self {
        Self::Malformed(error.to_string())
    }
}
