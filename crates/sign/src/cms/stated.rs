//! The digest that a signature states, read before anything is asked about key and algorithms.
//!
//! A file that was changed is known by its digest, whoever signed it and however. So this reader
//! asks for nothing else: it accepts weak digests and ignores faults in the rest of the CMS.

use const_oid::{ObjectIdentifier, db::rfc5911};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

use crate::{
    algorithm::digest_of,
    asn1::{
        CONTEXT_0, CONTEXT_0_PRIMITIVE, CONTEXT_1, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Rules, SEQUENCE,
        SET,
    },
    cms::{CmsError, MAX_LENGTH},
};

/// `id-ct-TSTInfo` (RFC 3161 section 2.4.2).
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// The place at which a CMS states the digest of the bytes that a PDF signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestPlace {
    /// The signed attribute `messageDigest`: `adbe.pkcs7.detached` and `ETSI.CAdES.detached`.
    Attribute,
    /// The content, which is the SHA-1 digest: `adbe.pkcs7.sha1` (ISO 32000-2, 12.8.3.3.1).
    Content,
    /// The message imprint of a time stamp: `ETSI.RFC3161` (ISO 32000-2, 12.8.5).
    TimeStamp,
}

/// The digest of the covered bytes as a signature states it. Nothing else of the signature is
/// verified, so a digest that matches proves nothing; one that differs proves a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedDigest {
    algorithm: StatedAlgorithm,
    value: Vec<u8>,
}

impl StatedDigest {
    /// Reads the digest from a CMS in DER or BER. `None` if the CMS states none there, or if it is
    /// made with an algorithm that is not known here.
    pub fn read(cms: &[u8], place: DigestPlace) -> Option<Self> {
        if cms.len() > MAX_LENGTH {
            return None;
        }
        let signed_data = Parts::read(cms)?;
        match place {
            DigestPlace::Attribute => signed_data.in_attributes(),
            DigestPlace::Content => signed_data.in_content(),
            DigestPlace::TimeStamp => signed_data.in_time_stamp(),
        }
    }

    /// Compares the digest with that of the concatenated ranges of bytes.
    ///
    /// # Errors
    /// Returns [`CmsError::DigestMismatch`] if other bytes were signed.
    pub fn compare(&self, ranges: &[&[u8]]) -> Result<(), CmsError> {
        let computed = self.algorithm.digest(ranges);
        if computed == self.value {
            return Ok(());
        }
        Err(CmsError::DigestMismatch { signed: self.value.clone(), computed })
    }
}

/// The parts of a `SignedData` that can state a digest.
struct Parts<'a> {
    content_type: &'a [u8],
    /// The element inside `[0]` of the encapsulated content.
    content: Option<Elements<'a>>,
    /// The only signer info.
    signer: Elements<'a>,
}

impl<'a> Parts<'a> {
    fn read(cms: &'a [u8]) -> Option<Self> {
        let mut content_info = Elements::only_under(Rules::Ber, cms, SEQUENCE).ok()?;
        if content_info.expect(OBJECT_IDENTIFIER).ok()? != rfc5911::ID_SIGNED_DATA.as_bytes() {
            return None;
        }
        let mut signed_data = content_info.enter(CONTEXT_0).ok()?.enter(SEQUENCE).ok()?;
        signed_data.expect(INTEGER).ok()?;
        signed_data.expect(SET).ok()?;
        let mut encapsulated = signed_data.enter(SEQUENCE).ok()?;
        let content_type = encapsulated.expect(OBJECT_IDENTIFIER).ok()?;
        let content = encapsulated.enter(CONTEXT_0).ok();
        signed_data.optional(CONTEXT_0).ok()?;
        signed_data.optional(CONTEXT_1).ok()?;
        let mut signers = signed_data.enter(SET).ok()?;
        let signer = signers.enter(SEQUENCE).ok()?;
        signers.is_empty().then_some(Self { content_type, content, signer })
    }

    fn in_attributes(mut self) -> Option<StatedDigest> {
        if self.content.is_some() {
            return None;
        }
        self.signer.expect(INTEGER).ok()?;
        // Issuer and serial number, or a key identifier in one piece or in segments.
        let identifier = self.signer.next().ok()?;
        if ![SEQUENCE, CONTEXT_0, CONTEXT_0_PRIMITIVE].contains(&identifier.tag) {
            return None;
        }
        let algorithm = StatedAlgorithm::read(self.signer.enter(SEQUENCE).ok()?)?;
        let mut attributes = self.signer.enter(CONTEXT_0).ok()?;
        let mut found = None;
        while !attributes.is_empty() {
            let mut attribute = attributes.enter(SEQUENCE).ok()?;
            if attribute.expect(OBJECT_IDENTIFIER).ok()? != rfc5911::ID_MESSAGE_DIGEST.as_bytes() {
                continue;
            }
            let mut values = attribute.enter(SET).ok()?;
            let value = values.octets(OCTET_STRING).ok()?.into_owned();
            // Several digests contradict each other; other checks refuse them.
            if found.is_some() || !values.is_empty() {
                return None;
            }
            found = Some(value);
        }
        Some(StatedDigest { algorithm, value: found? })
    }

    fn in_content(self) -> Option<StatedDigest> {
        let value = self.content?.octets(OCTET_STRING).ok()?.into_owned();
        let is_data = self.content_type == rfc5911::ID_DATA.as_bytes();
        is_data.then_some(StatedDigest { algorithm: StatedAlgorithm::Sha1, value })
    }

    /// Reads `TSTInfo` (RFC 3161 section 2.4.2).
    fn in_time_stamp(self) -> Option<StatedDigest> {
        if self.content_type != TIME_STAMP.as_bytes() {
            return None;
        }
        let content = self.content?.octets(OCTET_STRING).ok()?;
        let mut information = Elements::under(Rules::Ber, &content).enter(SEQUENCE).ok()?;
        information.expect(INTEGER).ok()?;
        information.expect(OBJECT_IDENTIFIER).ok()?;
        let mut imprint = information.enter(SEQUENCE).ok()?;
        let algorithm = StatedAlgorithm::read(imprint.enter(SEQUENCE).ok()?)?;
        let value = imprint.octets(OCTET_STRING).ok()?.into_owned();
        Some(StatedDigest { algorithm, value })
    }
}

/// A digest algorithm that can be computed, accepted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatedAlgorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512Of224,
    Sha512Of256,
    Sha3Of224,
    Sha3Of256,
    Sha3Of384,
    Sha3Of512,
}

impl StatedAlgorithm {
    const ALL: [(Self, ObjectIdentifier); 12] = [
        (Self::Sha256, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1")),
        (Self::Sha384, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2")),
        (Self::Sha512, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3")),
        (Self::Sha1, ObjectIdentifier::new_unwrap("1.3.14.3.2.26")),
        (Self::Md5, ObjectIdentifier::new_unwrap("1.2.840.113549.2.5")),
        (Self::Sha224, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4")),
        (Self::Sha512Of224, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.5")),
        (Self::Sha512Of256, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.6")),
        (Self::Sha3Of224, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.7")),
        (Self::Sha3Of256, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8")),
        (Self::Sha3Of384, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.9")),
        (Self::Sha3Of512, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.10")),
    ];

    /// Reads an `AlgorithmIdentifier`. None of these algorithms has parameters with a meaning.
    fn read(mut identifier: Elements<'_>) -> Option<Self> {
        let found = identifier.expect(OBJECT_IDENTIFIER).ok()?;
        Self::ALL.into_iter().find(|(_, oid)| oid.as_bytes() == found).map(|(algorithm, _)| algorithm)
    }

    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Md5 => digest_of::<Md5>(parts),
            Self::Sha1 => digest_of::<Sha1>(parts),
            Self::Sha224 => digest_of::<Sha224>(parts),
            Self::Sha256 => digest_of::<Sha256>(parts),
            Self::Sha384 => digest_of::<Sha384>(parts),
            Self::Sha512 => digest_of::<Sha512>(parts),
            Self::Sha512Of224 => digest_of::<Sha512_224>(parts),
            Self::Sha512Of256 => digest_of::<Sha512_256>(parts),
            Self::Sha3Of224 => digest_of::<Sha3_224>(parts),
            Self::Sha3Of256 => digest_of::<Sha3_256>(parts),
            Self::Sha3Of384 => digest_of::<Sha3_384>(parts),
            Self::Sha3Of512 => digest_of::<Sha3_512>(parts),
        }
    }
}
