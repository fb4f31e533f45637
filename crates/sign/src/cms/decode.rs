//! Reading a CMS, strictly.

use const_oid::db::rfc5911;
use rustls_pki_types::alg_id;

use crate::{
    DigestAlgorithm, SignatureAlgorithm, SignatureError,
    asn1::{
        CONTEXT_0, CONTEXT_1, DerError, Element, Elements, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE,
        SET,
    },
    cms::{Attribute, CmsError, MAX_CERTIFICATES, MAX_LENGTH, SignedData, digest_oid},
    x509::X509Certificate,
};

pub(super) fn content_info(der: &[u8]) -> Result<SignedData, CmsError> {
    if der.len() > MAX_LENGTH {
        return Err(CmsError::TooLong);
    }
    let mut content_info = Elements::only(der, SEQUENCE)?;
    if content_info.expect(OBJECT_IDENTIFIER)? != rfc5911::ID_SIGNED_DATA.as_bytes() {
        return Err(CmsError::NotSignedData);
    }
    let content = content_info.expect(CONTEXT_0)?;
    content_info.finish()?;

    let mut signed_data = Elements::only(content, SEQUENCE)?;
    version("signed data", &mut signed_data)?;
    let digests = signed_data.expect(SET)?;
    encapsulated_content(signed_data.expect(SEQUENCE)?)?;
    let certificates = match signed_data.optional(CONTEXT_0)? {
        Some(set) => certificates(set.value)?,
        None => Vec::new(),
    };
    // CRLs; the profile has none.
    signed_data.optional(CONTEXT_1)?;
    let mut signers = Elements::new(signed_data.expect(SET)?);
    signed_data.finish()?;
    if signers.is_empty() {
        return Err(CmsError::NoSigner);
    }
    let signer = SignerInfo::read(signers.expect(SEQUENCE)?)?;
    if !signers.is_empty() {
        return Err(CmsError::SeveralSigners);
    }

    let mut named = Vec::new();
    let mut digests = Elements::new(digests);
    while !digests.is_empty() {
        named.push(digest(digests.expect(SEQUENCE)?)?);
    }
    if !named.contains(&signer.digest) {
        return Err(CmsError::UnsupportedDigest);
    }
    signer.resolve(der, certificates)
}

struct SignerInfo<'a> {
    issuer: &'a [u8],
    serial: &'a [u8],
    digest: DigestAlgorithm,
    /// The content of the set.
    attributes: &'a [u8],
    algorithm: SignatureAlgorithm,
    signature: &'a [u8],
}

impl<'a> SignerInfo<'a> {
    fn read(content: &'a [u8]) -> Result<Self, CmsError> {
        let mut elements = Elements::new(content);
        let signer_version = elements.element(INTEGER)?;
        let identifier = elements.next()?;
        // Another identifier goes with another version: the identifier says more.
        if identifier.tag != SEQUENCE {
            return Err(CmsError::SignerIdentifier);
        }
        check_version("signer info", signer_version.value)?;
        let mut identifier = Elements::new(identifier.value);
        let issuer = identifier.expect(SEQUENCE)?;
        let serial = identifier.expect(INTEGER)?;
        identifier.finish()?;
        let digest = digest(elements.expect(SEQUENCE)?)?;
        let attributes = elements.optional(CONTEXT_0)?.ok_or(CmsError::NoSignedAttributes)?.value;
        let algorithm = signature_algorithm(elements.expect(SEQUENCE)?, digest)?;
        let signature = elements.expect(OCTET_STRING)?;
        // Unsigned attributes; the profile has none.
        elements.optional(CONTEXT_1)?;
        elements.finish()?;
        Ok(Self { issuer, serial, digest, attributes, algorithm, signature })
    }

    /// Finds the signer's certificate and judges what the attributes say.
    fn resolve(self, der: &[u8], mut certificates: Vec<X509Certificate>) -> Result<SignedData, CmsError> {
        let position = certificates
            .iter()
            .position(|certificate| {
                certificate.issuer_content() == self.issuer && certificate.serial_octets() == self.serial
            })
            .ok_or(CmsError::NoCertificate)?;
        let signer = certificates.remove(position);
        let key = signer.public_key()?;
        if key.kind() != self.algorithm.key_kind() {
            return Err(CmsError::Signature(SignatureError::WrongAlgorithm {
                key: key.algorithm(),
                signature: self.algorithm,
            }));
        }
        let attributes = Attributes::read(self.attributes)?;
        let (first, others) =
            attributes.certificates.split_first().ok_or(CmsError::AttributeValue(Attribute::SigningCertificateV2))?;
        if !first.names(&signer) {
            return Err(CmsError::WrongSigningCertificate);
        }
        // Stable: those that the signer does not name stay behind the others.
        certificates.sort_by_cached_key(|certificate| {
            others.iter().position(|identifier| identifier.names(certificate)).unwrap_or(usize::MAX)
        });
        Ok(SignedData {
            der: der.to_vec(),
            signer,
            intermediates: certificates,
            algorithm: self.algorithm,
            message_digest: attributes.message_digest.to_vec(),
            signed_attributes: crate::asn1::encode(SET, &[self.attributes]),
            signature: self.signature.to_vec(),
        })
    }
}

/// The signed attributes that are read. Others are covered by the signature and mean nothing here.
struct Attributes<'a> {
    message_digest: &'a [u8],
    certificates: Vec<CertificateIdentifier<'a>>,
}

impl<'a> Attributes<'a> {
    fn read(content: &'a [u8]) -> Result<Self, CmsError> {
        let mut found: Vec<(&[u8], &[u8])> = Vec::new();
        let mut attributes = Elements::new(content);
        while !attributes.is_empty() {
            let mut attribute = Elements::new(attributes.expect(SEQUENCE)?);
            let oid = attribute.expect(OBJECT_IDENTIFIER)?;
            let values = attribute.expect(SET)?;
            attribute.finish()?;
            if found.iter().any(|(other, _)| *other == oid) {
                return Err(CmsError::AttributeTwice);
            }
            found.push((oid, values));
        }
        let value = |attribute: Attribute, tag: u8| {
            let (_, values) = found
                .iter()
                .find(|(oid, _)| *oid == attribute.oid().as_bytes())
                .ok_or(CmsError::AttributeMissing(attribute))?;
            let mut values = Elements::new(values);
            let value = values.expect(tag);
            value.ok().filter(|_| values.is_empty()).ok_or(CmsError::AttributeValue(attribute))
        };
        if value(Attribute::ContentType, OBJECT_IDENTIFIER)? != rfc5911::ID_DATA.as_bytes() {
            return Err(CmsError::AttributeValue(Attribute::ContentType));
        }
        let message_digest = value(Attribute::MessageDigest, OCTET_STRING)?;
        let certificates = signing_certificates(value(Attribute::SigningCertificateV2, SEQUENCE)?)
            .map_err(|_| CmsError::AttributeValue(Attribute::SigningCertificateV2))?;
        Ok(Self { message_digest, certificates })
    }
}

/// `ESSCertIDv2` (RFC 5035 section 4).
struct CertificateIdentifier<'a> {
    digest: DigestAlgorithm,
    hash: &'a [u8],
    /// The content of the `IssuerSerial`.
    issuer_serial: Option<&'a [u8]>,
}

impl CertificateIdentifier<'_> {
    fn names(&self, certificate: &X509Certificate) -> bool {
        self.digest.digest(&[certificate.der()]) == self.hash
            && self.issuer_serial.is_none_or(|content| issuer_serial_names(content, certificate).unwrap_or(false))
    }
}

/// The identifiers in the content of a `SigningCertificateV2`. Policies after them are information.
fn signing_certificates(content: &[u8]) -> Result<Vec<CertificateIdentifier<'_>>, CmsError> {
    let mut signing_certificate = Elements::new(content);
    let mut identifiers = Elements::new(signing_certificate.expect(SEQUENCE)?);
    signing_certificate.optional(SEQUENCE)?;
    signing_certificate.finish()?;
    let mut certificates = Vec::new();
    while !identifiers.is_empty() {
        if certificates.len() == MAX_CERTIFICATES {
            return Err(CmsError::TooManyCertificates);
        }
        let mut identifier = Elements::new(identifiers.expect(SEQUENCE)?);
        let digest = match identifier.optional(SEQUENCE)? {
            Some(algorithm) => digest(algorithm.value)?,
            None => DigestAlgorithm::Sha256,
        };
        let hash = identifier.expect(OCTET_STRING)?;
        let issuer_serial = identifier.optional(SEQUENCE)?.map(|element| element.value);
        identifier.finish()?;
        certificates.push(CertificateIdentifier { digest, hash, issuer_serial });
    }
    Ok(certificates)
}

/// `IssuerSerial`: one directory name, and the serial number.
fn issuer_serial_names(content: &[u8], certificate: &X509Certificate) -> Result<bool, DerError> {
    /// `[4]`, constructed: `directoryName`.
    const DIRECTORY_NAME: u8 = 0xa4;
    let mut elements = Elements::new(content);
    let names = elements.expect(SEQUENCE)?;
    let serial = elements.expect(INTEGER)?;
    let name = Elements::only(names, DIRECTORY_NAME)?.expect(SEQUENCE)?;
    Ok(name == certificate.issuer_content() && serial == certificate.serial_octets())
}

fn version(of: &'static str, elements: &mut Elements<'_>) -> Result<(), CmsError> {
    check_version(of, elements.expect(INTEGER)?)
}

fn check_version(of: &'static str, octets: &[u8]) -> Result<(), CmsError> {
    if octets == [1] {
        Ok(())
    } else {
        Err(CmsError::Version { of, found: crate::x509::hex(octets.get(..8).unwrap_or(octets)) })
    }
}

fn encapsulated_content(content: &[u8]) -> Result<(), CmsError> {
    let mut elements = Elements::new(content);
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

fn certificates(content: &[u8]) -> Result<Vec<X509Certificate>, CmsError> {
    let mut elements = Elements::new(content);
    let mut certificates = Vec::new();
    while !elements.is_empty() {
        if certificates.len() == MAX_CERTIFICATES {
            return Err(CmsError::TooManyCertificates);
        }
        let Element { tag, raw, .. } = elements.next()?;
        if tag != SEQUENCE {
            return Err(CmsError::NotACertificate);
        }
        certificates.push(X509Certificate::from_der(raw)?);
    }
    Ok(certificates)
}

/// A digest's `AlgorithmIdentifier`, whose parameters are absent or, in older encodings, NULL (RFC 5754 section 2).
fn digest(content: &[u8]) -> Result<DigestAlgorithm, CmsError> {
    let mut elements = Elements::new(content);
    let oid = elements.expect(OBJECT_IDENTIFIER)?;
    let parameters = elements.optional(NULL)?;
    elements.finish()?;
    if parameters.is_some_and(|parameters| !parameters.value.is_empty()) {
        return Err(CmsError::UnsupportedDigest);
    }
    [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512]
        .into_iter()
        .find(|digest| digest_oid(*digest).as_bytes() == oid)
        .ok_or(CmsError::UnsupportedDigest)
}

/// A signature's `AlgorithmIdentifier`; `rsaEncryption` leaves the digest to the signer info.
fn signature_algorithm(content: &[u8], digest: DigestAlgorithm) -> Result<SignatureAlgorithm, CmsError> {
    if content == alg_id::RSA_ENCRYPTION.as_ref() {
        return Ok(match digest {
            DigestAlgorithm::Sha256 => SignatureAlgorithm::RsaPkcs1Sha256,
            DigestAlgorithm::Sha384 => SignatureAlgorithm::RsaPkcs1Sha384,
            DigestAlgorithm::Sha512 => SignatureAlgorithm::RsaPkcs1Sha512,
        });
    }
    let signature = SignatureAlgorithm::from_identifier(content).ok_or(CmsError::UnsupportedSignatureAlgorithm)?;
    if signature.digest() == digest { Ok(signature) } else { Err(CmsError::DigestForSignature { signature, digest }) }
}
