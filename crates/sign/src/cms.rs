//! CMS signatures (RFC 5652) at the level PAdES B-B (ETSI EN 319 142-1, EN 319 122-1).
//!
//! [`sign_detached`] makes the only encoding that the profile allows: version 1, one signer named
//! by issuer and serial number, the certificates of the signer and its intermediates, and three
//! signed attributes: content type, message digest and `signingCertificateV2`. The last one names
//! every certificate inside, so the signature covers all of them. There is no signing time, because
//! PAdES has it in the signature dictionary.
//!
//! [`SignedData`] is a CMS that was read. A foreign CMS is one that other software made; it is held
//! to the standards, not to the profile.
//!
//! | CMS | read with | checked with |
//! | --- | --- | --- |
//! | letters | [`SignedData::from_der`] | [`SignedData::verify`], [`SignedData::check_profile`] |
//! | foreign | [`SignedData::from_foreign`] | [`SignedData::verify`] |
//! | not accepted | [`StatedDigest::read`] | [`StatedDigest::compare`], which can only refuse |

mod algorithm;
mod attributes;
mod decode;
mod encode;
mod stated;

use const_oid::{ObjectIdentifier, db::rfc5911};
use cqm_core::UnixTime;

use crate::{
    DigestAlgorithm, Hashed, KeyAlgorithm, SignatureAlgorithm, SignatureError, Signer, SignerError,
    asn1::{self, DerError, Elements, Rules},
    cms::decode::Form,
    key::{KeyError, KeyKind},
    x509::{CertificateError, X509Certificate},
};

pub use stated::{DigestPlace, StatedDigest};

/// The greatest number of certificates in a CMS of the profile.
const MAX_CERTIFICATES: usize = 8;

/// The greatest number of certificates in a foreign CMS.
const MAX_FOREIGN_CERTIFICATES: usize = 32;

/// The greatest length of a CMS, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// Signs the concatenated ranges of bytes and returns the DER of a CMS `ContentInfo`.
///
/// The signature is verified with the signer's certificate before it is returned.
///
/// # Errors
/// Fails if the signer has no certificate, if it makes no signature, or if the signature does not
/// fit the certificate.
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

/// Returns the greatest number of bytes that [`sign_detached`] returns for this signer. A signature
/// dictionary needs room for them.
///
/// # Errors
/// Fails if the signer has no certificate or the key in its certificate can't be used.
pub fn encoded_len_limit(signer: &dyn Signer) -> Result<usize, CmsError> {
    let (leaf, intermediates) = certificates(signer)?;
    let signature_length = match leaf.public_key()?.algorithm() {
        // A SEQUENCE of two INTEGERs, each with at most one leading zero octet.
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

/// Splits the `/Contents` of a PDF signature into the CMS, in DER or BER, and the padding after it,
/// which should be zeros.
///
/// # Errors
/// Fails if the octets do not begin with a whole SEQUENCE.
pub fn split_padding(contents: &[u8]) -> Result<(&[u8], &[u8]), CmsError> {
    let mut elements = Elements::under(Rules::Ber, contents);
    let element = elements.element(asn1::SEQUENCE)?;
    Ok((element.raw, elements.rest()))
}

/// A parsed CMS signature over bytes outside of it.
#[derive(Debug, Clone)]
pub struct SignedData {
    encoded: Vec<u8>,
    signer: X509Certificate,
    intermediates: Vec<X509Certificate>,
    algorithm: SignatureAlgorithm,
    /// `None` if the signature covers the content itself.
    attributes: Option<SignedAttributes>,
    signature: Vec<u8>,
}

/// The attributes that the signature covers.
#[derive(Debug, Clone)]
struct SignedAttributes {
    /// The original bytes under the tag of a SET, which is what the signature covers.
    encoded: Vec<u8>,
    /// The same attributes in the order of DER, if the original order is another.
    sorted: Option<Vec<u8>>,
    message_digest: Vec<u8>,
    signing_time: Option<UnixTime>,
}

impl SignedData {
    /// Reads the DER of a CMS `ContentInfo` by the profile of letters. No bytes may follow it.
    ///
    /// The CMS must have one signer, named by issuer and serial number, signed attributes with
    /// `signingCertificateV2`, and no content inside. Every rule that needs neither the signed
    /// bytes nor trust is checked, except that the encoding is the only allowed one: see
    /// [`Self::check_profile`].
    ///
    /// # Errors
    /// Returns the first fault.
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        decode::content_info(der, Form::Profile)
    }

    /// Reads a foreign CMS `ContentInfo`: the `/Contents` of any PDF signature. No bytes may follow
    /// it.
    ///
    /// More is accepted than in a letter: BER; a signer named by its subject key identifier; no
    /// signed attributes, or other ones, in any order; `signingCertificate`, or no attribute that
    /// names the certificate; RSASSA-PSS, and ECDSA with a digest longer than the curve. CRLs,
    /// unsigned attributes and other certificates may be present, but nothing relies on them.
    ///
    /// Refused are several signers, content inside, signed attributes that are not in DER, a
    /// `signingCertificate` that names another certificate, and SHA-1. The reasons are in
    /// `docs/reference/clauses-cms.md`.
    ///
    /// # Errors
    /// Returns the first fault.
    pub fn from_foreign(ber: &[u8]) -> Result<Self, CmsError> {
        decode::content_info(ber, Form::Foreign)
    }

    /// The signer's certificate.
    pub fn signer(&self) -> &X509Certificate {
        &self.signer
    }

    /// The other certificates inside, in the order in which the signer names them.
    pub fn intermediates(&self) -> &[X509Certificate] {
        &self.intermediates
    }

    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The time of the signature as the signer claims it in the signed attributes.
    ///
    /// A letter has none: its time is in the signature dictionary of the PDF.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.attributes.as_ref()?.signing_time
    }

    /// Returns whether the signed attributes are in another order than that of DER. A foreign
    /// signature may cover them in either order, and verifiers disagree on which.
    pub fn has_unsorted_attributes(&self) -> bool {
        self.attributes.as_ref().is_some_and(|attributes| attributes.sorted.is_some())
    }

    /// Verifies the signature over the concatenated ranges of bytes. Whether the signer is trusted
    /// is a question for [`TrustStore`](crate::x509::TrustStore).
    ///
    /// # Errors
    /// Returns every fault. [`CmsError::DigestMismatch`] means that other bytes were signed,
    /// [`CmsError::Signature`] that the signer's key did not make the signature. Without signed
    /// attributes the second covers both cases, and content that could be signed attributes is
    /// [`CmsError::ContentLikeAttributes`].
    pub fn verify(&self, ranges: &[&[u8]]) -> Result<(), Vec<CmsError>> {
        self.verify_with(ranges, |digest| digest.digest(ranges))
    }

    /// Verifies the signature over bytes that were hashed already and those that follow them, as
    /// [`Self::verify`] does.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verify_after(&self, first: &Hashed<'_>, following: &[&[u8]]) -> Result<(), Vec<CmsError>> {
        let ranges = [&[first.bytes()], following].concat();
        self.verify_with(&ranges, |digest| first.digest_with(digest, following))
    }

    fn verify_with(&self, ranges: &[&[u8]], digest: impl Fn(DigestAlgorithm) -> Vec<u8>) -> Result<(), Vec<CmsError>> {
        let mut errors = Vec::new();
        let signed = match &self.attributes {
            Some(attributes) => {
                let computed = digest(self.algorithm.digest());
                if computed != attributes.message_digest {
                    let signed = attributes.message_digest.clone();
                    errors.push(CmsError::DigestMismatch { signed, computed });
                }
                self.verify_signature(&attributes.encoded).or_else(|error| match &attributes.sorted {
                    // RFC 5652 section 5.4: the signature covers the DER, whatever was sent.
                    Some(sorted) => self.verify_signature(sorted),
                    None => Err(error),
                })
            }
            None => {
                let content = ranges.concat();
                // Signed attributes of another CMS would verify here as content, because they are
                // hashed in the same way (RFC 5652 section 5.4).
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

    /// Checks that the bytes are the only encoding that the profile allows for these certificates,
    /// this digest and this signature. So nothing can be changed or added unnoticed: no unsigned
    /// attribute, CRL or certificate, and no second form of an ECDSA signature.
    ///
    /// # Errors
    /// Returns [`CmsError::OutsideProfile`] or [`CmsError::HighS`]; for a foreign CMS also
    /// [`CmsError::UnsupportedSignatureAlgorithm`] or [`CmsError::NoSignedAttributes`].
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

/// Checks that an ECDSA signature is the DER of its form with the lower `s`. Both forms verify.
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

/// A signed attribute that the program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// `contentType` (RFC 5652 section 11.1).
    ContentType,
    /// `messageDigest` (RFC 5652 section 11.2).
    MessageDigest,
    /// `signingTime` (RFC 5652 section 11.3). In foreign signatures only.
    SigningTime,
    /// `signingCertificateV2` (RFC 5035 section 3).
    SigningCertificateV2,
    /// `signingCertificate` (RFC 5035 section 5), with SHA-1. In foreign signatures only.
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

/// A CMS that is refused or can't be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CmsError {
    /// The bytes are not a CMS `ContentInfo` in DER; a foreign one may be in BER.
    #[error("not a CMS: {0}")]
    Malformed(String),
    /// The CMS is too long.
    #[error("the CMS is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The content is not signed data.
    #[error("the CMS is not signed data")]
    NotSignedData,
    /// A version does not fit the contents. It is 1, unless a foreign CMS names the signer by a key
    /// identifier.
    #[error("the version of the {of} is {found}, which does not fit its contents")]
    Version {
        /// The part with the version.
        of: &'static str,
        /// The content octets of the version in hexadecimal.
        found: String,
    },
    /// The type of the signed content is not `id-data`.
    #[error("the signed content is not of the type id-data")]
    ContentType,
    /// The CMS contains content. That of a PDF signature contains none.
    #[error("the CMS contains content of its own, so it does not sign the bytes around it")]
    ContentInside,
    /// The CMS has no signer.
    #[error("the CMS has no signer")]
    NoSigner,
    /// The CMS has several signers.
    #[error("the CMS has several signers, expected one")]
    SeveralSigners,
    /// The signer is not named by issuer and serial number; in a foreign CMS, nor by a subject key
    /// identifier.
    #[error("the signer is not named by issuer and serial number")]
    SignerIdentifier,
    /// The signer's certificate is not among the certificates.
    #[error("the signer's certificate is missing")]
    NoCertificate,
    /// The CMS has too many certificates.
    #[error("the CMS contains more than {limit} certificates")]
    TooManyCertificates {
        /// The greatest number accepted.
        limit: usize,
    },
    /// One of the certificates is not an X.509 certificate.
    #[error("the CMS contains a certificate that is not an X.509 certificate")]
    NotACertificate,
    /// One of the certificates is malformed.
    #[error("a certificate in the CMS is malformed: {0}")]
    Certificate(#[from] CertificateError),
    /// The signer's key can't be used.
    #[error("the signer's certificate can't be used: {0}")]
    Key(#[from] KeyError),
    /// There are no signed attributes.
    #[error("the signature has no signed attributes")]
    NoSignedAttributes,
    /// A signed attribute is missing.
    #[error("the signed attribute {0} is missing")]
    AttributeMissing(Attribute),
    /// A signed attribute is present twice.
    #[error("a signed attribute is present twice")]
    AttributeTwice,
    /// A signed attribute is malformed or has a value that is not allowed.
    #[error("the signed attribute {0} is malformed or has a wrong value")]
    AttributeValue(Attribute),
    /// There are too many signed attributes.
    #[error("the signature has too many signed attributes")]
    TooManyAttributes,
    /// The signed attributes are not in the order of DER.
    #[error("the signed attributes are not in DER: their order is wrong")]
    AttributesUnsorted,
    /// A signed attribute names another certificate than the signer's.
    #[error("the signed attribute {0} names another certificate than the signer's")]
    WrongSigningCertificate(Attribute),
    /// The digest is not SHA-256, SHA-384 or SHA-512.
    #[error("the digest algorithm is not one of SHA-256, SHA-384 and SHA-512")]
    UnsupportedDigest,
    /// The signature algorithm or its parameters are not supported.
    #[error("the signature algorithm or its parameters are not supported")]
    UnsupportedSignatureAlgorithm,
    /// The digest does not fit the signature algorithm.
    #[error("{signature} needs {}, the signer names {digest}", signature.digest())]
    DigestForSignature {
        /// The algorithm of the signature.
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
    /// There are no signed attributes, and the content could be the signed attributes of another
    /// signature.
    #[error("the signature has no signed attributes, and what it signs could be signed attributes itself")]
    ContentLikeAttributes,
    /// The signer's key did not make the signature, or the algorithm needs another kind of key.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// An ECDSA signature has the higher `s` or is not in DER.
    #[error("the ECDSA signature is not in its only allowed form, the DER with the lower s")]
    HighS,
    /// The encoding is not the only one that the profile allows.
    #[error("the CMS differs from the only allowed encoding at byte {offset}")]
    OutsideProfile {
        /// The first byte that differs, or the end of the shorter encoding.
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
