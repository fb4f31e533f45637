//! A single X.509 certificate.

use core::fmt;
use std::sync::{Arc, OnceLock};

use const_oid::{AssociatedOid, ObjectIdentifier, db::rfc5280};
use cqm_core::UnixTime;
use der::Decode;
use sha2::{Digest as _, Sha256};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};

use crate::{
    asn1::{self, DerError, Elements},
    key::{KeyError, PublicKey},
    x509::{PemError, pem, purpose::LETTER_SIGNING},
};

/// The greatest length of a certificate, in bytes. The path builder has the same limit.
const MAX_LENGTH: usize = 0xffff;

/// An X.509 certificate with its original bytes. Cheap to clone.
#[derive(Clone)]
pub struct X509Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    spki: Vec<u8>,
    key_bits: Vec<u8>,
    not_before: UnixTime,
    not_after: UnixTime,
    public_key: OnceLock<Result<PublicKey, KeyError>>,
    basic_constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<ExtendedKeyUsage>,
    subject_key_identifier: Option<Vec<u8>>,
}

/// The purposes that a certificate names, as the content octets of their OIDs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExtendedKeyUsage {
    pub(super) critical: bool,
    pub(super) purposes: Vec<Vec<u8>>,
}

impl X509Certificate {
    /// Reads one DER certificate of version 3.
    ///
    /// A key that can't be used is not an error here; [`Self::public_key`] reports it.
    ///
    /// # Errors
    /// Fails if the bytes are not the DER of exactly one certificate, if there are more than 65,535
    /// of them, or if an extension that the program reads is malformed or present twice.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_LENGTH {
            return Err(CertificateError::TooLong { length: der.len(), limit: MAX_LENGTH });
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(CertificateError::malformed)?;
        let fields = Fields::read(der).map_err(CertificateError::malformed)?;
        let validity = parsed.tbs_certificate().validity();
        Ok(Self(Arc::new(Inner {
            serial: fields.serial.to_vec(),
            issuer: fields.issuer.to_vec(),
            subject: fields.subject.to_vec(),
            spki: fields.spki.to_vec(),
            key_bits: fields.key_bits.to_vec(),
            not_before: seconds(validity.not_before)?,
            not_after: seconds(validity.not_after)?,
            public_key: OnceLock::new(),
            basic_constraints: extension(&parsed)?,
            key_usage: extension(&parsed)?,
            extended_key_usage: extended_key_usage(&parsed)?,
            subject_key_identifier: extension::<SubjectKeyIdentifier>(&parsed)?
                .map(|identifier| identifier.0.into_bytes().into()),
            der: der.to_vec(),
            parsed,
        })))
    }

    /// Reads the certificates of a PEM text (RFC 7468), in their order. Text between the blocks is
    /// ignored.
    ///
    /// # Errors
    /// Fails if there is no block or a block is not a certificate. The error has the number of the
    /// block.
    pub fn from_pem_chain(text: &str) -> Result<Vec<Self>, PemError> {
        pem::certificates(text)
    }

    /// The original DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The subject in the form of RFC 4514. The text may contain anything: escape it before
    /// printing it to a terminal.
    pub fn subject(&self) -> String {
        self.0.parsed.tbs_certificate().subject().to_string()
    }

    /// The issuer in the form of RFC 4514. The text may contain anything; escape it before
    /// printing.
    pub fn issuer(&self) -> String {
        self.0.parsed.tbs_certificate().issuer().to_string()
    }

    /// The common name of the subject, if there is one.
    pub fn common_name(&self) -> Option<String> {
        let name = self.0.parsed.tbs_certificate().subject().common_name();
        Some(name.ok()??.value().into_owned())
    }

    /// The content octets of the serial number in lower-case hexadecimal.
    pub fn serial(&self) -> String {
        base16ct::lower::encode_string(&self.0.serial)
    }

    /// The first second of the validity.
    pub fn not_before(&self) -> UnixTime {
        self.0.not_before
    }

    /// The last second of the validity.
    pub fn not_after(&self) -> UnixTime {
        self.0.not_after
    }

    /// The SHA-256 digest of the DER bytes.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.0.der).into()
    }

    /// The SHA-256 digest of the `SubjectPublicKeyInfo`.
    pub fn key_fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.0.spki).into()
    }

    /// The original DER bytes of the `SubjectPublicKeyInfo`.
    pub fn spki(&self) -> &[u8] {
        &self.0.spki
    }

    /// The subject's public key.
    ///
    /// # Errors
    /// Fails if the program can't use the key.
    pub fn public_key(&self) -> Result<&PublicKey, KeyError> {
        self.0.public_key.get_or_init(|| PublicKey::from_spki(&self.0.spki)).as_ref().map_err(|error| *error)
    }

    /// The subject key identifier (RFC 5280 section 4.2.1.2), if there is one.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.subject_key_identifier.as_deref()
    }

    /// Returns whether the basic constraints make this the certificate of a certification
    /// authority.
    pub fn is_ca(&self) -> bool {
        self.0.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca)
    }

    /// Returns whether issuer and subject have the same name, as in a root.
    pub fn is_self_issued(&self) -> bool {
        self.0.issuer == self.0.subject
    }

    /// Returns whether this certificate has the public key of another, however each encodes it.
    pub fn has_key_of(&self, other: &Self) -> bool {
        match (self.public_key(), other.public_key()) {
            (Ok(own), Ok(others)) => own == others,
            // Keys that can't be read are compared by their bytes.
            _ => self.spki() == other.spki(),
        }
    }

    /// Returns whether the certificate names the program's extended key usage for signers of
    /// letters. Whatever such a signer signs must be a letter with a certificate token.
    pub fn is_for_letters(&self) -> bool {
        self.extended_key_usage().is_some_and(|usage| usage.purposes.iter().any(|named| named == LETTER_SIGNING.octets))
    }

    pub(super) fn path_length(&self) -> Option<u8> {
        self.0.basic_constraints.as_ref()?.path_len_constraint
    }

    pub(super) fn key_usage(&self) -> Option<&KeyUsage> {
        self.0.key_usage.as_ref()
    }

    pub(super) fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        self.0.extended_key_usage.as_ref()
    }

    /// Returns whether an extension is critical; `None` if it is absent.
    pub(super) fn criticality(&self, oid: ObjectIdentifier) -> Option<bool> {
        let mut extensions = self.0.parsed.tbs_certificate().extensions()?.iter();
        extensions.find(|extension| extension.extn_id == oid).map(|extension| extension.critical)
    }

    /// The content octets of the serial number.
    pub(crate) fn serial_octets(&self) -> &[u8] {
        &self.0.serial
    }

    /// The content octets of the issuer's name.
    pub(crate) fn issuer_content(&self) -> &[u8] {
        &self.0.issuer
    }

    /// The content octets of the subject's name.
    pub(super) fn subject_content(&self) -> &[u8] {
        &self.0.subject
    }

    /// The bits of the `subjectPublicKey`.
    pub(super) fn key_bits(&self) -> &[u8] {
        &self.0.key_bits
    }
}

impl PartialEq for X509Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for X509Certificate {}

impl fmt::Debug for X509Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("X509Certificate")
            .field("subject", &self.subject())
            .field("serial", &self.serial())
            .finish_non_exhaustive()
    }
}

/// The fields whose original bytes are needed.
struct Fields<'a> {
    serial: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
    spki: &'a [u8],
    key_bits: &'a [u8],
}

impl<'a> Fields<'a> {
    fn read(der: &'a [u8]) -> Result<Self, DerError> {
        let mut tbs = Elements::new(Elements::only(der, asn1::SEQUENCE)?.expect(asn1::SEQUENCE)?);
        tbs.expect(asn1::CONTEXT_0)?;
        let serial = tbs.expect(asn1::INTEGER)?;
        tbs.expect(asn1::SEQUENCE)?;
        let issuer = tbs.expect(asn1::SEQUENCE)?;
        tbs.expect(asn1::SEQUENCE)?;
        let subject = tbs.expect(asn1::SEQUENCE)?;
        let spki = tbs.element(asn1::SEQUENCE)?;
        let mut key = Elements::new(spki.value);
        key.expect(asn1::SEQUENCE)?;
        Ok(Self {
            serial,
            issuer,
            subject,
            spki: spki.raw,
            key_bits: asn1::bit_string_octets(key.expect(asn1::BIT_STRING)?)?,
        })
    }
}

/// Reads the value of an extension, which must not be present twice.
fn extension<'a, T: Decode<'a, Error = der::Error> + AssociatedOid>(
    certificate: &'a x509_cert::Certificate,
) -> Result<Option<T>, CertificateError> {
    let found = certificate.tbs_certificate().get_extension::<T>();
    Ok(found.map_err(|_| CertificateError::Extension { oid: T::OID })?.map(|(_, value)| value))
}

/// Reads the extended key usages. The OIDs of `x509-cert` have no room for an arc that is a UUID.
fn extended_key_usage(certificate: &x509_cert::Certificate) -> Result<Option<ExtendedKeyUsage>, CertificateError> {
    const OID: ObjectIdentifier = rfc5280::ID_CE_EXT_KEY_USAGE;
    let mut extensions = certificate
        .tbs_certificate()
        .extensions()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter(|extension| extension.extn_id == OID);
    let Some(extension) = extensions.next() else {
        return Ok(None);
    };
    let read = || {
        let mut elements = Elements::only(extension.extn_value.as_bytes(), asn1::SEQUENCE)?;
        let mut purposes = Vec::new();
        while !elements.is_empty() {
            purposes.push(elements.expect(asn1::OBJECT_IDENTIFIER)?.to_vec());
        }
        Ok::<_, DerError>(purposes)
    };
    match (read(), extensions.next()) {
        (Ok(purposes), None) => Ok(Some(ExtendedKeyUsage { critical: extension.critical, purposes })),
        _ => Err(CertificateError::Extension { oid: OID }),
    }
}

fn seconds(time: x509_cert::time::Time) -> Result<UnixTime, CertificateError> {
    i64::try_from(time.to_unix_duration().as_secs()).map(UnixTime::new).map_err(CertificateError::malformed)
}

/// Bytes that are refused as a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The bytes are not the DER of one certificate of version 3.
    #[error("not an X.509 certificate in DER: {0}")]
    Malformed(String),
    /// The certificate is too long.
    #[error("the certificate has {length} bytes, at most {limit} are accepted")]
    TooLong {
        /// The length of the certificate.
        length: usize,
        /// The greatest length accepted.
        limit: usize,
    },
    /// An extension is malformed or present twice.
    #[error("the certificate's extension {oid} is malformed or present twice")]
    Extension {
        /// The OID of the extension.
        oid: ObjectIdentifier,
    },
}

impl CertificateError {
    fn malformed(error: impl fmt::Display) -> Self {
        Self::Malformed(error.to_string())
    }
}
