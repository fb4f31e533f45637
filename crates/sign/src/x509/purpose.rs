//! The purposes of signers' certificates.

use core::fmt;

use crate::asn1::{OBJECT_IDENTIFIER, SEQUENCE, encode};

/// The purpose of a signer's certificate: its extended key usages (RFC 5280 section 4.2.1.12).
///
/// A signer's certificate names exactly the usages of one purpose and never serves another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Signing the PDF of a letter: `id-kp-documentSigning` of RFC 9336, and beside it a usage of
    /// the program, so that no other signer of documents under the same root signs letters.
    DocumentSigning,
    /// Signing certificate tokens: a usage of the program.
    TokenSigning,
    /// Signing status lists: a usage of the program.
    StatusListSigning,
    /// Signing time stamps: `id-kp-timeStamping` of RFC 3161, which demands a critical extension.
    TimeStamping,
}

/// An extended key usage.
///
/// Those of the program are `2.25.` and the integer of a UUID (ITU-T X.667). Most OID types have no
/// room for such an arc, so this is not one of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeyUsageOid {
    /// The dotted form.
    pub(super) dotted: &'static str,
    /// The content octets in DER.
    pub(super) octets: &'static [u8],
}

/// `id-kp-documentSigning` (RFC 9336).
const DOCUMENT_SIGNING: KeyUsageOid =
    KeyUsageOid { dotted: "1.3.6.1.5.5.7.3.36", octets: &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24] };

/// The program's usage for signers of letters, UUID e68a4d40-1798-45d6-8fe3-60ca4b36bea8.
pub(super) const LETTER_SIGNING: KeyUsageOid = KeyUsageOid {
    dotted: "2.25.306440542820452580823884229466761117352",
    octets: &[
        0x69, 0x83, 0xcd, 0x8a, 0xa6, 0xd0, 0x82, 0xf9, 0xc2, 0x97, 0xad, 0x8f, 0xf1, 0xd8, 0x99, 0xa4, 0xd9, 0xda,
        0xfd, 0x28,
    ],
};

/// The program's usage for signers of tokens, UUID b1394d15-626b-4136-82fe-cbc1f02108a3.
const TOKEN_SIGNING: KeyUsageOid = KeyUsageOid {
    dotted: "2.25.235570879614656682641549175829968259235",
    octets: &[
        0x69, 0x82, 0xe2, 0xb9, 0xa6, 0xc5, 0xac, 0xa6, 0xda, 0x84, 0xed, 0x82, 0xff, 0xb2, 0xf8, 0x9f, 0x81, 0x84,
        0x91, 0x23,
    ],
};

/// The program's usage for signers of status lists.
const STATUS_LIST_SIGNING: KeyUsageOid = KeyUsageOid {
    dotted: "2.25.44150059905032030270317421548570579275",
    octets: &[
        0x69, 0xc2, 0xb6, 0xff, 0x80, 0xf1, 0xe5, 0x8a, 0x8b, 0xf7, 0xb6, 0x9b, 0xcf, 0x8f, 0xf2, 0x86, 0xca, 0xa2,
        0x4b,
    ],
};

/// `id-kp-timeStamping` (RFC 5280 section 4.2.1.12).
const TIME_STAMPING: KeyUsageOid =
    KeyUsageOid { dotted: "1.3.6.1.5.5.7.3.8", octets: &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08] };

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::DocumentSigning, Self::TokenSigning, Self::StatusListSigning, Self::TimeStamping];

    /// The extended key usages, in the order in which certificates are issued with them.
    pub(super) fn usages(self) -> &'static [KeyUsageOid] {
        match self {
            Self::DocumentSigning => &[DOCUMENT_SIGNING, LETTER_SIGNING],
            Self::TokenSigning => &[TOKEN_SIGNING],
            Self::StatusListSigning => &[STATUS_LIST_SIGNING],
            Self::TimeStamping => &[TIME_STAMPING],
        }
    }

    /// The object identifiers of the extended key usages in dotted form.
    pub fn oids(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.usages().iter().map(|usage| usage.dotted)
    }

    /// The DER value of an extended key usage extension with only this purpose.
    pub fn extended_key_usage(self) -> Vec<u8> {
        let usages: Vec<u8> =
            self.usages().iter().flat_map(|usage| encode(OBJECT_IDENTIFIER, &[usage.octets])).collect();
        encode(SEQUENCE, &[&usages])
    }

    /// Returns whether these usages, given by the content octets of their OIDs, are exactly those
    /// of this purpose, in any order.
    pub(super) fn is_named_by(self, usages: &[Vec<u8>]) -> bool {
        let needed = self.usages();
        usages.len() == needed.len() && needed.iter().all(|usage| usages.iter().any(|named| named == usage.octets))
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
    /// Returns whether a certification authority that names these usages may issue certificates for
    /// this one. `anyExtendedKeyUsage` stands for all.
    pub(super) fn is_left_by(self, named: &[Vec<u8>]) -> bool {
        let names = |usage: &[u8]| named.iter().any(|named| named == usage);
        names(ANY_PURPOSE)
            || match self {
                Self::Purpose(purpose) => purpose.usages().iter().all(|usage| names(usage.octets)),
                Self::Foreign => DOCUMENT_PURPOSES.into_iter().any(names),
            }
    }
}

/// Returns whether a foreign signer may have these usages: at least one is for documents.
pub(super) fn signs_documents(named: &[Vec<u8>]) -> bool {
    DOCUMENT_PURPOSES.into_iter().any(|usage| named.iter().any(|named| named == usage))
}

/// The content octets of the OID `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12).
const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];

/// The extended key usages of certificates that sign PDF files in practice, as the content octets
/// of their OIDs.
const DOCUMENT_PURPOSES: [&[u8]; 5] = [
    DOCUMENT_SIGNING.octets,
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
            Self::DocumentSigning => "letter signing",
            Self::TokenSigning => "token signing",
            Self::StatusListSigning => "status list signing",
            Self::TimeStamping => "time stamping",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes `2.25.N` (ITU-T X.690, 8.19).
    fn octets(dotted: &str) -> Vec<u8> {
        let mut arc: u128 = dotted.strip_prefix("2.25.").unwrap().parse().unwrap();
        let mut octets = Vec::new();
        while arc > 0 {
            octets.push(u8::try_from(arc & 0x7f).unwrap() | if octets.is_empty() { 0 } else { 0x80 });
            arc >>= 7;
        }
        octets.push(2 * 40 + 25);
        octets.into_iter().rev().collect()
    }

    #[test]
    fn the_octets_of_the_program_are_those_of_the_dotted_forms() {
        for usage in [LETTER_SIGNING, TOKEN_SIGNING, STATUS_LIST_SIGNING] {
            assert_eq!(octets(usage.dotted), usage.octets, "{}", usage.dotted);
        }
    }

    #[test]
    fn no_usage_of_the_program_belongs_to_two_purposes() {
        let all: Vec<_> = Purpose::ALL.iter().flat_map(|purpose| purpose.oids()).collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
