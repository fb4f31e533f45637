//! Reads the signed attributes (RFC 5652 section 11, RFC 5035).

use const_oid::db::rfc5911;
use cqm_core::UnixTime;
use der::{
    Decode as _,
    asn1::{GeneralizedTime, UtcTime},
};
use sha1::{Digest as _, Sha1};

use crate::{
    DigestAlgorithm,
    asn1::{self, DerError, Element, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET},
    cms::{Attribute, CmsError, MAX_CERTIFICATES, algorithm::digest, decode::Form},
    x509::X509Certificate,
};

/// The greatest number of signed attributes. Signers use about five.
const MAX_ATTRIBUTES: usize = 64;

/// The signed attributes that the program reads. The signature covers the others too, but they have
/// no meaning here.
pub(super) struct Attributes<'a> {
    pub(super) message_digest: &'a [u8],
    pub(super) signing_time: Option<UnixTime>,
    /// The set in the order of DER, if the content is in another.
    pub(super) sorted: Option<Vec<u8>>,
    /// The certificates that the signer names, by the attribute that names them.
    certificates: Vec<(Attribute, Vec<CertificateIdentifier<'a>>)>,
}

impl<'a> Attributes<'a> {
    /// Reads the content of the set. It must be DER, because the signature covers the DER and not
    /// what came. Only the order of the attributes may differ in a foreign CMS.
    pub(super) fn read(content: &'a [u8], form: Form) -> Result<Self, CmsError> {
        asn1::check_der(content)?;
        let (values, sorted) = Values::read(content)?;
        if sorted.is_some() && form == Form::Profile {
            return Err(CmsError::AttributesUnsorted);
        }
        if values.required(Attribute::ContentType, OBJECT_IDENTIFIER)? != rfc5911::ID_DATA.as_bytes() {
            return Err(CmsError::AttributeValue(Attribute::ContentType));
        }
        let message_digest = values.required(Attribute::MessageDigest, OCTET_STRING)?;
        let signing_time = match values.only(Attribute::SigningTime)? {
            Some(value) => Some(time(value.raw).ok_or(CmsError::AttributeValue(Attribute::SigningTime))?),
            None => None,
        };
        let mut certificates = Vec::new();
        for attribute in [Attribute::SigningCertificateV2, Attribute::SigningCertificate] {
            if let Some(content) = values.content(attribute, SEQUENCE)? {
                let identifiers = match signing_certificates(attribute, content) {
                    Ok(identifiers) if !identifiers.is_empty() => identifiers,
                    Err(CmsError::UnsupportedDigest) if form == Form::Foreign => {
                        return Err(CmsError::UnsupportedDigest);
                    }
                    Ok(_) | Err(_) => return Err(CmsError::AttributeValue(attribute)),
                };
                certificates.push((attribute, identifiers));
            }
        }
        Ok(Self { message_digest, signing_time, sorted, certificates })
    }

    /// Checks that the first certificate that each attribute names is the signer's (RFC 5035
    /// sections 3 and 4).
    pub(super) fn check_signer(&self, signer: &X509Certificate) -> Result<(), CmsError> {
        for (attribute, identifiers) in &self.certificates {
            if !identifiers.first().is_some_and(|identifier| identifier.names(signer)) {
                return Err(CmsError::WrongSigningCertificate(*attribute));
            }
        }
        Ok(())
    }

    /// Checks that an attribute that names certificates is present.
    pub(super) fn require(&self, attribute: Attribute) -> Result<(), CmsError> {
        if self.certificates.iter().any(|(found, _)| *found == attribute) {
            Ok(())
        } else {
            Err(CmsError::AttributeMissing(attribute))
        }
    }

    /// The position of a certificate among those that the signer names; the greatest number if it
    /// is not named.
    pub(super) fn position_of(&self, certificate: &X509Certificate) -> usize {
        let named = self.certificates.first();
        named
            .and_then(|(_, identifiers)| identifiers.iter().position(|identifier| identifier.names(certificate)))
            .unwrap_or(usize::MAX)
    }
}

/// All signed attributes: the OID and the set of values of each.
struct Values<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Values<'a> {
    /// The second value is the set in the order of DER, if the content is in another.
    fn read(content: &'a [u8]) -> Result<(Self, Option<Vec<u8>>), CmsError> {
        let mut found: Vec<(&[u8], &[u8])> = Vec::new();
        let mut encodings: Vec<&[u8]> = Vec::new();
        let mut attributes = Elements::new(content);
        while !attributes.is_empty() {
            let element = attributes.element(SEQUENCE)?;
            let mut attribute = Elements::new(element.value);
            let oid = attribute.expect(OBJECT_IDENTIFIER)?;
            let values = attribute.expect(SET)?;
            attribute.finish()?;
            if found.len() == MAX_ATTRIBUTES {
                return Err(CmsError::TooManyAttributes);
            }
            if found.iter().any(|(other, _)| *other == oid) {
                return Err(CmsError::AttributeTwice);
            }
            encodings.push(element.raw);
            found.push((oid, values));
        }
        let sorted = (!encodings.is_sorted()).then(|| asn1::encode_set_of(SET, encodings));
        Ok((Self(found), sorted))
    }

    /// Returns the only value of an attribute; `None` if the attribute is missing.
    fn only(&self, attribute: Attribute) -> Result<Option<Element<'a>>, CmsError> {
        let Some((_, values)) = self.0.iter().find(|(oid, _)| *oid == attribute.oid().as_bytes()) else {
            return Ok(None);
        };
        let mut values = Elements::new(values);
        match values.next() {
            Ok(value) if values.is_empty() => Ok(Some(value)),
            _ => Err(CmsError::AttributeValue(attribute)),
        }
    }

    /// Returns the content of the only value, which must have this tag.
    fn content(&self, attribute: Attribute, tag: u8) -> Result<Option<&'a [u8]>, CmsError> {
        match self.only(attribute)? {
            Some(value) if value.tag == tag => Ok(Some(value.value)),
            Some(_) => Err(CmsError::AttributeValue(attribute)),
            None => Ok(None),
        }
    }

    fn required(&self, attribute: Attribute, tag: u8) -> Result<&'a [u8], CmsError> {
        self.content(attribute, tag)?.ok_or(CmsError::AttributeMissing(attribute))
    }
}

/// `ESSCertIDv2` (RFC 5035 section 4), or `ESSCertID` (RFC 5035 section 6).
struct CertificateIdentifier<'a> {
    hash: CertificateHash<'a>,
    /// The content octets of the `IssuerSerial`.
    issuer_serial: Option<&'a [u8]>,
}

enum CertificateHash<'a> {
    Sha1(&'a [u8]),
    Sha2(DigestAlgorithm, &'a [u8]),
}

impl CertificateIdentifier<'_> {
    fn names(&self, certificate: &X509Certificate) -> bool {
        let same_hash = match self.hash {
            // Another certificate with the same hash would be a second preimage, which is
            // infeasible for SHA-1 too.
            CertificateHash::Sha1(hash) => Sha1::digest(certificate.der()).as_slice() == hash,
            CertificateHash::Sha2(digest, hash) => digest.digest(&[certificate.der()]) == hash,
        };
        same_hash && self.issuer_serial.is_none_or(|content| issuer_serial_names(content, certificate).unwrap_or(false))
    }
}

/// Reads the identifiers in a `SigningCertificateV2` or `SigningCertificate`. The policies after
/// them are ignored.
fn signing_certificates(attribute: Attribute, content: &[u8]) -> Result<Vec<CertificateIdentifier<'_>>, CmsError> {
    let mut signing_certificate = Elements::new(content);
    let mut identifiers = Elements::new(signing_certificate.expect(SEQUENCE)?);
    signing_certificate.optional(SEQUENCE)?;
    signing_certificate.finish()?;
    let mut certificates = Vec::new();
    while !identifiers.is_empty() {
        if certificates.len() == MAX_CERTIFICATES {
            return Err(CmsError::TooManyCertificates { limit: MAX_CERTIFICATES });
        }
        let mut identifier = identifiers.enter(SEQUENCE)?;
        let hash = if attribute == Attribute::SigningCertificate {
            CertificateHash::Sha1(identifier.expect(OCTET_STRING)?)
        } else {
            let digest = match identifier.optional(SEQUENCE)? {
                Some(algorithm) => digest(Elements::new(algorithm.value))?,
                None => DigestAlgorithm::Sha256,
            };
            CertificateHash::Sha2(digest, identifier.expect(OCTET_STRING)?)
        };
        let issuer_serial = identifier.optional(SEQUENCE)?.map(|element| element.value);
        identifier.finish()?;
        certificates.push(CertificateIdentifier { hash, issuer_serial });
    }
    Ok(certificates)
}

/// Compares a certificate with an `IssuerSerial`: one directory name and the serial number.
fn issuer_serial_names(content: &[u8], certificate: &X509Certificate) -> Result<bool, DerError> {
    /// `[4]`, constructed: `directoryName`.
    const DIRECTORY_NAME: u8 = 0xa4;
    let mut elements = Elements::new(content);
    let names = elements.expect(SEQUENCE)?;
    let serial = elements.expect(INTEGER)?;
    let name = Elements::only(names, DIRECTORY_NAME)?.expect(SEQUENCE)?;
    Ok(name == certificate.issuer_content() && serial == certificate.serial_octets())
}

/// Reads a `Time` (RFC 5652 section 11.3).
fn time(encoded: &[u8]) -> Option<UnixTime> {
    let utc = UtcTime::from_der(encoded).map(|time| time.to_unix_duration());
    let time = utc.or_else(|_| GeneralizedTime::from_der(encoded).map(|time| time.to_unix_duration())).ok()?;
    i64::try_from(time.as_secs()).ok().map(UnixTime::new)
}
