//! The purposes of signers' certificates.

use core::fmt;

/// The purpose of a signer's certificate: its one extended key usage (RFC 5280 section 4.2.1.12).
///
/// A signer's certificate has exactly one purpose and never serves another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Signing documents: the PDF and the certificate token. `id-kp-documentSigning` of RFC 9336.
    DocumentSigning,
    /// Signing status lists. The OID is the program's own: `2.25.` and the integer of a UUID (ITU-T
    /// X.667).
    StatusListSigning,
    /// Signing time stamps. `id-kp-timeStamping` of RFC 3161, which demands a critical extension.
    TimeStamping,
}

impl Purpose {
    /// The object identifier in dotted form.
    pub fn oid(self) -> &'static str {
        match self {
            Self::DocumentSigning => "1.3.6.1.5.5.7.3.36",
            Self::StatusListSigning => "2.25.44150059905032030270317421548570579275",
            Self::TimeStamping => "1.3.6.1.5.5.7.3.8",
        }
    }

    /// The content octets of the object identifier in DER.
    ///
    /// Most OID types have no room for an arc that is a UUID, so this is not one of them.
    pub fn oid_octets(self) -> &'static [u8] {
        match self {
            Self::DocumentSigning => &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24],
            Self::StatusListSigning => &[
                0x69, 0xc2, 0xb6, 0xff, 0x80, 0xf1, 0xe5, 0x8a, 0x8b, 0xf7, 0xb6, 0x9b, 0xcf, 0x8f, 0xf2, 0x86, 0xca,
                0xa2, 0x4b,
            ],
            Self::TimeStamping => &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08],
        }
    }

    /// The DER value of an extended key usage extension with only this purpose.
    pub fn extended_key_usage(self) -> Vec<u8> {
        use crate::asn1::{OBJECT_IDENTIFIER, SEQUENCE, encode};
        encode(SEQUENCE, &[&encode(OBJECT_IDENTIFIER, &[self.oid_octets()])])
    }
}

/// The usage that the certificates of a path must allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Usage {
    /// A signer of the program: its certificate has exactly this purpose.
    Purpose(Purpose),
    /// A foreign signer: its certificate may sign documents.
    Foreign,
}

impl Usage {
    /// Returns whether a leaf may have this extended key usage, given by the content octets of its
    /// OID.
    pub(super) fn allows(self, purpose: &[u8]) -> bool {
        match self {
            Self::Purpose(needed) => purpose == needed.oid_octets(),
            Self::Foreign => DOCUMENT_PURPOSES.contains(&purpose),
        }
    }
}

/// The content octets of the OID `id-kp-clientAuth` (RFC 5280 section 4.2.1.12).
pub(super) const CLIENT_AUTHENTICATION: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];

/// The content octets of the OID `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12).
pub(super) const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];

/// The extended key usages of certificates that sign PDF files in practice, as the content octets
/// of their OIDs.
const DOCUMENT_PURPOSES: [&[u8]; 5] = [
    // id-kp-documentSigning (RFC 9336)
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24],
    // id-kp-emailProtection (RFC 5280 section 4.2.1.12): the usual choice before RFC 9336
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04],
    // 1.2.840.113583.1.1.5, Adobe: authentic documents
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 0x01, 0x01, 0x05],
    // 1.3.6.1.4.1.311.10.3.12, Microsoft: document signing
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x03, 0x0c],
    ANY_PURPOSE,
];

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DocumentSigning => "document signing",
            Self::StatusListSigning => "status list signing",
            Self::TimeStamping => "time stamping",
        })
    }
}
