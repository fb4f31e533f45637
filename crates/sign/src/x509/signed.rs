//! What certificates and CRLs have in common: bytes, an algorithm and a signature.

use crate::{
    SignatureAlgorithm,
    asn1::{self, DerError, Elements},
    key::KeyKind,
    x509::{PathError, X509Certificate, memo::Memo},
};

/// The parts of a certificate or CRL that its signature is verified with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed<'a> {
    /// The whole element that is signed.
    pub(super) tbs: &'a [u8],
    /// The content of the algorithm identifier.
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

/// The relation between a signature and the key of a certificate.
pub(super) enum Link {
    Good,
    /// The key did not make the signature.
    Bad,
    /// Key or algorithm are not accepted, so it can't be verified.
    Unknown(PathError),
}

impl<'a> Signed<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, DerError> {
        let mut elements = Elements::only(der, asn1::SEQUENCE)?;
        let signed = Self {
            tbs: elements.element(asn1::SEQUENCE)?.raw,
            algorithm: elements.expect(asn1::SEQUENCE)?,
            signature: asn1::bit_string_octets(elements.expect(asn1::BIT_STRING)?)?,
        };
        elements.finish()?;
        Ok(signed)
    }

    /// Verifies the signature with the key of `issuer`. `subject` is the name of what is signed.
    pub(super) fn verify(&self, issuer: &X509Certificate, memo: &Memo, subject: impl FnOnce() -> String) -> Link {
        let key = match issuer.public_key() {
            Ok(key) => key,
            Err(error) => return Link::Unknown(PathError::UnusableKey { subject: issuer.subject(), error }),
        };
        let algorithm = |kind| SignatureAlgorithm::from_identifier(Elements::new(self.algorithm), kind);
        match algorithm(key.kind()) {
            Some(algorithm) if memo.verify(key, issuer.spki(), algorithm, self.tbs, self.signature) => Link::Good,
            Some(_) => Link::Bad,
            // A known algorithm of another kind of key was not made with this one.
            None if KeyKind::ALL.into_iter().any(|kind| algorithm(kind).is_some()) => Link::Bad,
            None => Link::Unknown(PathError::UnsupportedAlgorithm { subject: subject() }),
        }
    }
}
