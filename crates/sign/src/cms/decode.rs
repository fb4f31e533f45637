//! Reads a CMS: of the profile strictly, a foreign one as far as RFC 5652 and the algorithms allow.

use std::borrow::Cow;

use const_oid::db::rfc5911;

use crate::{
    DigestAlgorithm,
    asn1::{
        self, CONTEXT_0, CONTEXT_0_PRIMITIVE, CONTEXT_1, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Rules,
        SEQUENCE, SET,
    },
    cms::{
        Attribute, CmsError, MAX_CERTIFICATES, MAX_FOREIGN_CERTIFICATES, MAX_LENGTH, SignedAttributes, SignedData,
        algorithm::{digest, signature_algorithm},
        attributes::Attributes,
    },
    x509::X509Certificate,
};

/// The rules by which a CMS is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The program's profile: DER, and nothing else than the profile has.
    Profile,
    /// The standards: a CMS that other software made.
    Foreign,
}

/// Reads a `ContentInfo` and checks everything that needs neither the signed bytes nor trust.
pub(super) fn content_info(bytes: &[u8], form: Form) -> Result<SignedData, CmsError> {
    if bytes.len() > MAX_LENGTH {
        return Err(CmsError::TooLong);
    }
    let rules = match form {
        Form::Profile => Rules::Der,
        Form::Foreign => Rules::Ber,
    };
    let mut content_info = Elements::only_under(rules, bytes, SEQUENCE)?;
    if content_info.expect(OBJECT_IDENTIFIER)? != rfc5911::ID_SIGNED_DATA.as_bytes() {
        return Err(CmsError::NotSignedData);
    }
    let mut content = content_info.enter(CONTEXT_0)?;
    content_info.finish()?;

    let mut signed_data = content.enter(SEQUENCE)?;
    content.finish()?;
    let version = signed_data.expect(INTEGER)?;
    // A version follows from the kinds of content, certificates and signers (RFC 5652 section 5.1).
    // Their own errors are more precise.
    match (form, version) {
        (_, [1]) | (Form::Foreign, [3..=5]) => {}
        _ => return Err(wrong_version("signed data", version)),
    }
    let digests = signed_data.enter(SET)?;
    encapsulated_content(signed_data.enter(SEQUENCE)?)?;
    let certificates = match signed_data.optional(CONTEXT_0)? {
        Some(set) => Certificates::read(Elements::under(rules, set.value), form)?,
        None => Certificates::default(),
    };
    // CRLs: not in the profile, and ignored in a foreign CMS.
    signed_data.optional(CONTEXT_1)?;
    let mut signers = signed_data.enter(SET)?;
    signed_data.finish()?;
    if signers.is_empty() {
        return Err(CmsError::NoSigner);
    }
    let signer = SignerInfo::read(signers.enter(SEQUENCE)?, form)?;
    if !signers.is_empty() {
        return Err(CmsError::SeveralSigners);
    }
    if !names_digest(digests, signer.digest, form)? {
        return Err(CmsError::UnsupportedDigest);
    }
    signer.resolve(bytes, certificates, form)
}

/// Returns whether the signer's digest is among the digest algorithms before the content (RFC 5652
/// section 5.1).
fn names_digest(mut digests: Elements<'_>, sought: DigestAlgorithm, form: Form) -> Result<bool, CmsError> {
    let mut named = false;
    while !digests.is_empty() {
        match (digest(digests.enter(SEQUENCE)?), form) {
            (Ok(found), _) => named |= found == sought,
            // An unknown digest is not the signer's.
            (Err(CmsError::UnsupportedDigest), Form::Foreign) => {}
            (Err(error), _) => return Err(error),
        }
    }
    Ok(named)
}

/// The identifier of the signer's certificate (RFC 5652 section 5.3).
enum Identifier<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    SubjectKey(Cow<'a, [u8]>),
}

impl Identifier<'_> {
    fn names(&self, certificate: &X509Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.issuer_content() == *issuer && certificate.serial_octets() == *serial
            }
            Self::SubjectKey(octets) => certificate.subject_key_identifier() == Some(octets),
        }
    }
}

struct SignerInfo<'a> {
    identifier: Identifier<'a>,
    digest: DigestAlgorithm,
    /// The content octets of the set.
    attributes: Option<&'a [u8]>,
    algorithm: Elements<'a>,
    signature: Cow<'a, [u8]>,
}

impl<'a> SignerInfo<'a> {
    fn read(mut elements: Elements<'a>, form: Form) -> Result<Self, CmsError> {
        let version = elements.expect(INTEGER)?;
        let mut ahead = elements.clone();
        let (identifier, its_version) = if let Some(identifier) = elements.optional(SEQUENCE)? {
            let mut identifier = Elements::new(identifier.value);
            let issuer = identifier.expect(SEQUENCE)?;
            let serial = identifier.expect(INTEGER)?;
            identifier.finish()?;
            (Identifier::IssuerAndSerial { issuer, serial }, 1)
        } else if form == Form::Foreign {
            let octets = ahead.octets(CONTEXT_0_PRIMITIVE).map_err(|_| CmsError::SignerIdentifier)?;
            elements = ahead;
            (Identifier::SubjectKey(octets), 3)
        } else {
            return Err(CmsError::SignerIdentifier);
        };
        // The version follows from the identifier.
        if version != [its_version] {
            return Err(wrong_version("signer info", version));
        }
        let digest = digest(elements.enter(SEQUENCE)?)?;
        let attributes = elements.optional(CONTEXT_0)?.map(|element| element.value);
        let algorithm = elements.enter(SEQUENCE)?;
        let signature = elements.octets(OCTET_STRING)?;
        // Unsigned attributes: not in the profile, and ignored in a foreign CMS.
        elements.optional(CONTEXT_1)?;
        elements.finish()?;
        Ok(Self { identifier, digest, attributes, algorithm, signature })
    }

    /// Finds the signer's certificate and checks the algorithm and the attributes.
    fn resolve(self, bytes: &[u8], certificates: Certificates, form: Form) -> Result<SignedData, CmsError> {
        let Certificates { mut certificates, unread } = certificates;
        let position = certificates.iter().position(|certificate| self.identifier.names(certificate));
        let Some(position) = position else {
            return Err(unread.unwrap_or(CmsError::NoCertificate));
        };
        let signer = certificates.remove(position);
        let key = signer.public_key()?;
        let algorithm = signature_algorithm(self.algorithm, self.digest, key)?;
        if form == Form::Profile && !algorithm.is_of_the_profile() {
            return Err(CmsError::UnsupportedSignatureAlgorithm);
        }
        let attributes = match self.attributes {
            Some(content) => {
                let attributes = Attributes::read(content, form)?;
                attributes.check_signer(&signer)?;
                if form == Form::Profile {
                    attributes.require(Attribute::SigningCertificateV2)?;
                }
                // The sort is stable: certificates that the signer does not name keep their order,
                // after the others.
                certificates.sort_by_cached_key(|certificate| attributes.position_of(certificate));
                Some(SignedAttributes {
                    encoded: asn1::encode(SET, &[content]),
                    sorted: attributes.sorted,
                    message_digest: attributes.message_digest.to_vec(),
                    signing_time: attributes.signing_time,
                })
            }
            None if form == Form::Foreign => None,
            None => return Err(CmsError::NoSignedAttributes),
        };
        Ok(SignedData {
            encoded: bytes.to_vec(),
            signer,
            intermediates: certificates,
            algorithm,
            attributes,
            signature: self.signature.into_owned(),
        })
    }
}

fn wrong_version(of: &'static str, octets: &[u8]) -> CmsError {
    CmsError::Version { of, found: base16ct::lower::encode_string(octets.get(..8).unwrap_or(octets)) }
}

fn encapsulated_content(mut elements: Elements<'_>) -> Result<(), CmsError> {
    let content_type = elements.expect(OBJECT_IDENTIFIER)?;
    if elements.optional(CONTEXT_0)?.is_some() {
        return Err(CmsError::ContentInside);
    }
    elements.finish()?;
    if content_type != rfc5911::ID_DATA.as_bytes() {
        return Err(CmsError::ContentType);
    }
    Ok(())
}

/// The certificates inside a CMS.
#[derive(Default)]
struct Certificates {
    certificates: Vec<X509Certificate>,
    /// The error of the first unreadable certificate.
    unread: Option<CmsError>,
}

impl Certificates {
    /// In a foreign CMS, anything that is not an X.509 certificate in DER is skipped.
    fn read(mut elements: Elements<'_>, form: Form) -> Result<Self, CmsError> {
        let limit = match form {
            Form::Profile => MAX_CERTIFICATES,
            Form::Foreign => MAX_FOREIGN_CERTIFICATES,
        };
        let mut read = Self::default();
        let mut count = 0_usize;
        while !elements.is_empty() {
            count = count.saturating_add(1);
            if count > limit {
                return Err(CmsError::TooManyCertificates { limit });
            }
            let element = elements.next()?;
            let certificate = match element.tag {
                SEQUENCE => X509Certificate::from_der(element.raw).map_err(CmsError::Certificate),
                _ => Err(CmsError::NotACertificate),
            };
            match (certificate, form) {
                (Ok(certificate), _) => read.certificates.push(certificate),
                (Err(error), Form::Profile) => return Err(error),
                (Err(error), Form::Foreign) => {
                    read.unread.get_or_insert(error);
                }
            }
        }
        Ok(read)
    }
}
