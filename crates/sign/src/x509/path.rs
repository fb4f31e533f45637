//! Verified certification paths, and the faults of paths.

use const_oid::ObjectIdentifier;
use cqm_core::UnixTime;

use crate::{
    key::KeyError,
    x509::{Purpose, RevocationReason, X509Certificate, crl::CrlEntry, purpose::Usage},
};

/// The evidence that a certificate leads to a trusted anchor and served its purpose at a time.
///
/// Only [`TrustStore::verify_path`](crate::x509::TrustStore::verify_path) and
/// [`TrustStore::verify_foreign_path`](crate::x509::TrustStore::verify_foreign_path) create it.
#[derive(Debug, Clone)]
pub struct VerifiedPath {
    pub(super) leaf: Covered,
    /// The leaf's issuer first.
    pub(super) intermediates: Vec<Covered>,
    pub(super) root: Covered,
    pub(super) usage: Usage,
}

/// A certificate of a path, with its status in the CRL of its issuer; `None` without a CRL.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub(super) certificate: X509Certificate,
    pub(super) status: Option<CrlStatus>,
}

/// The status of a certificate in a CRL whose signature was verified.
#[derive(Debug, Clone)]
pub(super) struct CrlStatus {
    pub(super) next_update: UnixTime,
    pub(super) entry: Option<CrlEntry>,
}

/// The use of CRLs for a path: whether its certificates were looked up in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// Every certificate except the root was looked up in a CRL of its issuer.
    Checked,
    /// For at least one certificate there was no CRL.
    NotChecked,
}

impl VerifiedPath {
    /// The certificate that was verified.
    pub fn leaf(&self) -> &X509Certificate {
        &self.leaf.certificate
    }

    /// The certificates between the leaf and the root, the leaf's issuer first.
    pub fn intermediates(&self) -> impl ExactSizeIterator<Item = &X509Certificate> {
        self.intermediates.iter().map(|covered| &covered.certificate)
    }

    /// The anchor at which the path ends: a root or another certification authority that the user
    /// trusts.
    pub fn root(&self) -> &X509Certificate {
        &self.root.certificate
    }

    /// The purpose that the leaf was verified for; `None` for a path of
    /// [`TrustStore::verify_foreign_path`](crate::x509::TrustStore::verify_foreign_path).
    pub fn purpose(&self) -> Option<Purpose> {
        match self.usage {
            Usage::Purpose(purpose) => Some(purpose),
            Usage::Foreign => None,
        }
    }

    /// Returns whether the certificates were looked up in CRLs.
    pub fn revocation(&self) -> Revocation {
        if self.covered().all(|covered| covered.status.is_some()) {
            Revocation::Checked
        } else {
            Revocation::NotChecked
        }
    }

    /// Checks the path at another time: the validity of every certificate, the root's included, and
    /// the revocations. No signature is verified again.
    ///
    /// # Errors
    /// Returns every fault at that time.
    pub fn valid_at(&self, at: UnixTime) -> Result<(), Vec<PathError>> {
        let errors = self.errors_at(at);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Every certificate except the anchor.
    fn covered(&self) -> impl Iterator<Item = &Covered> {
        core::iter::once(&self.leaf).chain(&self.intermediates)
    }

    pub(super) fn errors_at(&self, at: UnixTime) -> Vec<PathError> {
        let dates = self
            .covered()
            .map(|covered| &covered.certificate)
            .chain([self.root()])
            .filter_map(|certificate| date_error(certificate, at));
        let revocations = self.covered().filter_map(|covered| covered.error_at(at));
        // A current CRL for an anchor is not required. A revocation counts if there is one.
        let of_anchor = self.root.error_at(at).filter(|error| matches!(error, PathError::Revoked { .. }));
        let revocations = revocations.chain(of_anchor);
        dates.chain(revocations).collect()
    }
}

impl Covered {
    fn error_at(&self, at: UnixTime) -> Option<PathError> {
        let status = self.status.as_ref()?;
        match &status.entry {
            Some(entry) if entry.revokes_at(at) => Some(PathError::Revoked {
                subject: self.certificate.subject(),
                serial: self.certificate.serial(),
                reason: entry.reason,
                date: entry.date,
            }),
            _ if at > status.next_update => {
                Some(PathError::CrlStale { issuer: self.certificate.issuer(), next_update: status.next_update, at })
            }
            _ => None,
        }
    }
}

/// Returns an error if the certificate is not in its validity at a time.
pub(super) fn date_error(certificate: &X509Certificate, at: UnixTime) -> Option<PathError> {
    if at < certificate.not_before() {
        Some(PathError::NotYetValid { subject: certificate.subject(), at, not_before: certificate.not_before() })
    } else if at > certificate.not_after() {
        Some(PathError::Expired { subject: certificate.subject(), at, not_after: certificate.not_after() })
    } else {
        None
    }
}

/// A fault that keeps a certificate from leading to a trusted root or from serving its purpose.
/// Subjects and issuers are names in the form of RFC 4514.
///
/// The enum is exhaustive, so that whoever maps each fault to a code of its own notices a new one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// A certificate on the path had expired.
    #[error("the certificate {subject:?} expired on {not_after}, the question is about {at}")]
    Expired {
        /// The subject of the certificate.
        subject: String,
        /// The time of the check.
        at: UnixTime,
        /// The last second of its validity.
        not_after: UnixTime,
    },
    /// A certificate on the path was not valid yet.
    #[error("the certificate {subject:?} is valid from {not_before}, the question is about {at}")]
    NotYetValid {
        /// The subject of the certificate.
        subject: String,
        /// The time of the check.
        at: UnixTime,
        /// The first second of its validity.
        not_before: UnixTime,
    },
    /// No trusted root and no known intermediate has the issuer's name.
    #[error("the certificate {subject:?} was issued by {issuer:?}, which is not trusted")]
    UnknownIssuer {
        /// The subject of the certificate.
        subject: String,
        /// The issuer of the certificate.
        issuer: String,
    },
    /// The signature over a certificate was not made with the key of its issuer.
    #[error("the certificate {subject:?} is not signed with the key of its issuer")]
    BadSignature {
        /// The subject of the certificate.
        subject: String,
    },
    /// The signature over a certificate has an algorithm that the program does not accept.
    #[error("the certificate {subject:?} is signed with an algorithm that is not accepted")]
    UnsupportedAlgorithm {
        /// The subject of the certificate.
        subject: String,
    },
    /// The key of the leaf, or of an issuer, can't be used.
    #[error("the certificate {subject:?} has a key that can't be used: {error}")]
    UnusableKey {
        /// The subject of the certificate.
        subject: String,
        /// The fault of the key.
        error: KeyError,
    },
    /// The leaf has other purposes than exactly the one needed, or an intermediate is confined to
    /// other purposes.
    #[error(
        "the certificate {subject:?} must have {needed} ({}) as its only purpose; it names {}",
        needed.oids().collect::<Vec<_>>().join(" and "),
        purposes(found)
    )]
    WrongPurpose {
        /// The subject of the certificate.
        subject: String,
        /// The purpose that is needed.
        needed: Purpose,
        /// The OIDs of the purposes that the certificate names.
        found: Vec<String>,
    },
    /// The certificate names purposes, but none for signing documents.
    #[error("the certificate {subject:?} is not for signing documents; it names {}", purposes(found))]
    NotForDocuments {
        /// The subject of the certificate.
        subject: String,
        /// The OIDs of the purposes that the certificate names.
        found: Vec<String>,
    },
    /// The certificate names client authentication as its only purpose, which leaves open whether
    /// it may sign documents.
    #[error("the certificate {subject:?} is for client authentication only; whether it may sign documents is unclear")]
    PurposeUnclear {
        /// The subject of the certificate.
        subject: String,
    },
    /// The extension that names the purpose must be critical and is not.
    #[error("the certificate {subject:?} does not mark its purpose {needed} as critical")]
    PurposeNotCritical {
        /// The subject of the certificate.
        subject: String,
        /// The purpose that is needed.
        needed: Purpose,
    },
    /// The key usage lacks a bit.
    #[error("the certificate {subject:?} lacks the key usage {needed}")]
    KeyUsage {
        /// The subject of the certificate.
        subject: String,
        /// The missing bit, in the spelling of RFC 5280.
        needed: &'static str,
    },
    /// The signer's certificate is that of a certification authority.
    #[error("the certificate {subject:?} is a certification authority's, which may not sign documents")]
    LeafIsCa {
        /// The subject of the certificate.
        subject: String,
    },
    /// The signer's certificate has the key usage of a certification authority.
    #[error("the certificate {subject:?} has the key usage keyCertSign, which a signer of documents must not have")]
    LeafSignsCertificates {
        /// The subject of the certificate.
        subject: String,
    },
    /// A certificate issued another, but is not that of a certification authority.
    #[error("the certificate {subject:?} is not a certification authority's, but issued another")]
    NotACa {
        /// The subject of the certificate.
        subject: String,
    },
    /// The path has more intermediates than a path length constraint allows.
    #[error("the path from the certificate {subject:?} is longer than a certification authority on it allows")]
    PathLength {
        /// The subject of the leaf.
        subject: String,
    },
    /// A certificate has a name that an issuer above it may not certify.
    #[error("the certificate {subject:?} has a name that its issuer {issuer:?} may not certify: {name}")]
    NameConstraints {
        /// The subject of the certificate.
        subject: String,
        /// The name: its form and its text.
        name: String,
        /// The issuer with the constraint.
        issuer: String,
    },
    /// A certificate has a name of a form that an issuer above it constrains, and this form can't
    /// be compared.
    #[error(
        "the certificate {subject:?} has a name of the form {form}, whose constraint by {issuer:?} can't be checked"
    )]
    UnsupportedConstraint {
        /// The subject of the certificate.
        subject: String,
        /// The form of the name, in the spelling of RFC 5280.
        form: &'static str,
        /// The issuer with the constraint.
        issuer: String,
    },
    /// An issuer on the path demands a policy that the certificates do not have in common.
    #[error("the certificate {subject:?} has no policy that its issuers demand")]
    Policy {
        /// The subject of the certificate.
        subject: String,
    },
    /// A certificate has an unknown critical extension.
    #[error("the certificate {subject:?} has the critical extension {extension}, which is not supported")]
    UnsupportedExtension {
        /// The subject of the certificate.
        subject: String,
        /// The OID of the extension.
        extension: ObjectIdentifier,
    },
    /// A certificate on the path is malformed.
    #[error("the certificate {subject:?} is malformed: {reason}")]
    Malformed {
        /// The subject of the certificate.
        subject: String,
        /// What is malformed.
        reason: String,
    },
    /// Too many certificates have names that fit each other, so the search was stopped.
    #[error("the search for a path from the certificate {subject:?} was stopped: too many possibilities")]
    TooComplex {
        /// The subject of the leaf.
        subject: String,
    },
    /// A certificate on the path was revoked.
    #[error(
        "the certificate {subject:?} with the serial number {serial} was revoked on {date}{}",
        reason_in_parentheses(*reason)
    )]
    Revoked {
        /// The subject of the certificate.
        subject: String,
        /// The serial number in hexadecimal.
        serial: String,
        /// The reason, if the CRL has one.
        reason: Option<RevocationReason>,
        /// The revocation date.
        date: UnixTime,
    },
    /// The newest known CRL was due to be replaced before the time of the check, so the status is
    /// unknown.
    #[error("the CRL of {issuer:?} was due to be replaced by {next_update}, the question is about {at}")]
    CrlStale {
        /// The issuer of the CRL.
        issuer: String,
        /// The date when the next CRL was due.
        next_update: UnixTime,
        /// The time of the check.
        at: UnixTime,
    },
    /// A CRL that names an issuer on the path is not signed by its key.
    #[error("the CRL that names {issuer:?} is not signed by its key")]
    CrlBadSignature {
        /// The issuer that the CRL names.
        issuer: String,
    },
}

fn purposes(found: &[String]) -> String {
    if found.is_empty() { "none".to_owned() } else { found.join(", ") }
}

/// The reason of a revocation for a message: ` (key compromise)`, or nothing.
fn reason_in_parentheses(reason: Option<RevocationReason>) -> String {
    reason.map_or_else(String::new, |reason| format!(" ({reason})"))
}
