//! A CMS in parts, which tests put together right or wrong.

use cqm_sign::{DigestAlgorithm, SignatureAlgorithm, x509::X509Certificate};

use super::{Key, TestSigner, der, name, oid};

pub const RANGES: &[&[u8]] = &[b"the first range, ", b"and the second"];

/// A function that signs bytes.
pub type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// The parts of a CMS. Each may be replaced by a wrong one.
pub struct Parts {
    pub key: Key,
    pub version: Vec<u8>,
    pub digests: Vec<Vec<u8>>,
    pub encapsulated: Vec<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub after_certificates: Vec<u8>,
    pub signer_version: Vec<u8>,
    pub identifier: Vec<u8>,
    pub digest: Vec<u8>,
    pub attributes: Option<Vec<Vec<u8>>>,
    pub algorithm: Vec<u8>,
    /// The signature; `None` for the one that the key makes.
    pub signature: Option<Vec<u8>>,
    /// The function that signs; `None` for the usual way of the key.
    pub signs: Option<Sign>,
    pub unsigned: Vec<u8>,
    pub signers: usize,
}

pub const DATA: &str = "1.2.840.113549.1.7.1";
pub const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
pub const SHA_512: &str = "2.16.840.1.101.3.4.2.3";

pub fn attribute(id: &str, values: &[u8]) -> Vec<u8> {
    der(0x30, &[&oid(id), &der(0x31, &[values])])
}

pub fn content_type(id: &str) -> Vec<u8> {
    attribute("1.2.840.113549.1.9.3", &oid(id))
}

pub fn message_digest(digest: DigestAlgorithm) -> Vec<u8> {
    attribute("1.2.840.113549.1.9.4", &der(4, &[&digest.digest(RANGES)]))
}

pub fn certificate_id(certificate: &X509Certificate) -> Vec<u8> {
    der(0x30, &[&der(4, &[&certificate.fingerprint()])])
}

pub fn signing_certificate(ids: &[u8]) -> Vec<u8> {
    attribute("1.2.840.113549.1.9.16.2.47", &der(0x30, &[&der(0x30, &[ids])]))
}

impl Parts {
    pub fn new(key: Key) -> Self {
        let signer = TestSigner::document(key.clone());
        let certificate = &signer.certificates[0];
        let digest = key.algorithm().digest();
        let digest_id = match digest {
            DigestAlgorithm::Sha256 => oid(SHA_256),
            DigestAlgorithm::Sha384 => oid("2.16.840.1.101.3.4.2.2"),
            DigestAlgorithm::Sha512 => oid(SHA_512),
        };
        let algorithm = match key.algorithm() {
            SignatureAlgorithm::EcdsaP256Sha256 => der(0x30, &[&oid("1.2.840.10045.4.3.2")]),
            SignatureAlgorithm::EcdsaP384Sha384 => der(0x30, &[&oid("1.2.840.10045.4.3.3")]),
            SignatureAlgorithm::Ed25519 => der(0x30, &[&oid("1.3.101.112")]),
            _ => der(0x30, &[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
        };
        Self {
            version: vec![2, 1, 1],
            digests: vec![der(0x30, &[&digest_id])],
            encapsulated: vec![oid(DATA)],
            certificates: vec![certificate.der().to_vec()],
            after_certificates: vec![],
            signer_version: vec![2, 1, 1],
            identifier: der(0x30, &[&name("Test Root"), &[2, 1, 3]]),
            digest: der(0x30, &[&digest_id]),
            attributes: Some(vec![
                content_type(DATA),
                message_digest(digest),
                signing_certificate(&certificate_id(certificate)),
            ]),
            algorithm,
            signature: None,
            signs: None,
            unsigned: vec![],
            signers: 1,
            key,
        }
    }

    pub fn der(self) -> Vec<u8> {
        self.encode(der, |octets| der(4, &[octets]))
    }

    /// Encodes in BER: indefinite lengths around certificates and signed attributes, and the
    /// signature in segments.
    pub fn ber(self) -> Vec<u8> {
        let segmented = |octets: &[u8]| {
            let (first, second) = octets.split_at(octets.len() / 2);
            indefinite(0x24, &[&der(4, &[first]), &indefinite(0x24, &[&der(4, &[second])])])
        };
        self.encode(indefinite, segmented)
    }

    fn encode(self, element: fn(u8, &[&[u8]]) -> Vec<u8>, octet_string: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let attributes = self.attributes.map(|mut attributes| {
            attributes.sort();
            attributes.concat()
        });
        let signed = attributes.clone().map_or_else(|| RANGES.concat(), |content| der(0x31, &[&content]));
        let signature = self.signature.unwrap_or_else(|| match self.signs {
            Some(sign) => sign(&signed),
            None => self.key.sign(&signed),
        });
        let signer = element(
            0x30,
            &[
                &self.signer_version,
                &self.identifier,
                &self.digest,
                &attributes.map_or_else(Vec::new, |content| element(0xa0, &[&content])),
                &self.algorithm,
                &octet_string(&signature),
                &self.unsigned,
            ],
        );
        let signed_data = element(
            0x30,
            &[
                &self.version,
                &element(0x31, &[&self.digests.concat()]),
                &element(0x30, &[&self.encapsulated.concat()]),
                &element(0xa0, &[&self.certificates.concat()]),
                &self.after_certificates,
                &element(0x31, &[&signer.repeat(self.signers)]),
            ],
        );
        element(0x30, &[&oid("1.2.840.113549.1.7.2"), &element(0xa0, &[&signed_data])])
    }
}

/// Encodes an element of indefinite length.
pub fn indefinite(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[tag, 0x80], &parts.concat()[..], &[0, 0]].concat()
}
