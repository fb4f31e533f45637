//! Verified certification paths, and what keeps a path from being one.

use cqm_core::UnixTime;

use crate::{
    key::KeyError,
    x509::{Purpose, RevocationReason, X509Certificate, crl::CrlEntry, purpose::Usage},
};

/// The evidence that a certificate leads to a trusted root and served its purpose at the instant asked.
///
/// Only [`TrustStore::verify_path`](crate::x509::TrustStore::verify_path) and its looser twin
/// [`TrustStore::verify_foreign_path`](crate::x509::TrustStore::verify_foreign_path) make it.
#[derive(Debug, Clone)]
pub struct VerifiedPath {
    pub(super) leaf: Covered,
    /// The leaf's issuer first.
    pub(super) intermediates: Vec<Covered>,
    pub(super) root: X509Certificate,
    pub(super) usage: Usage,
}

/// A certificate of a path, and what the CRL of its issuer says about it.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub(super) certificate: X509Certificate,
    pub(super) status: Option<CrlStatus>,
}

/// What a CRL, whose signature was verified, says about a certificate.
#[derive(Debug, Clone)]
pub(super) struct CrlStatus {
    pub(super) next_update: UnixTime,
    pub(super) entry: Option<CrlEntry>,
}

/// Whether CRLs were at hand for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// For every certificate but the root, a CRL of its issuer was consulted.
    Checked,
    /// For at least one certificate, no CRL was at hand.
    NotChecked,
}

impl VerifiedPath {
    /// The certificate that was asked about.
    pub fn leaf(&self) -> &X509Certificate {
        &self.leaf.certificate
    }

    /// The certificates between leaf and root, the leaf's issuer first.
    pub fn intermediates(&self) -> impl ExactSizeIterator<Item = &X509Certificate> {
        self.intermediates.iter().map(|covered| &covered.certificate)
    }

    /// The trusted root.
    pub fn root(&self) -> &X509Certificate {
        &self.root
    }

    /// The purpose that the leaf was verified for; `None` for one of
    /// [`TrustStore::verify_foreign_path`](crate::x509::TrustStore::verify_foreign_path).
    pub fn purpose(&self) -> Option<Purpose> {
        match self.usage {
            Usage::Purpose(purpose) => Some(purpose),
            Usage::AnyDocument => None,
        }
    }

    /// Whether CRLs were at hand.
    pub fn revocation(&self) -> Revocation {
        if self.covered().all(|covered| covered.status.is_some()) {
            Revocation::Checked
        } else {
            Revocation::NotChecked
        }
    }

    /// Asks about another instant, in seconds since 1970-01-01 UTC: the validity of every certificate, root included,
    /// and what the CRLs say. No signature is verified again.
    ///
    /// # Errors
    /// Everything that is wrong at that instant.
    pub fn valid_at(&self, at: UnixTime) -> Result<(), Vec<PathError>> {
        let errors = self.errors_at(at);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Every certificate but the root.
    fn covered(&self) -> impl Iterator<Item = &Covered> {
        core::iter::once(&self.leaf).chain(&self.intermediates)
    }

    pub(super) fn errors_at(&self, at: UnixTime) -> Vec<PathError> {
        let dates = self
            .covered()
            .map(|covered| &covered.certificate)
            .chain([&self.root])
            .filter_map(|certificate| date_error(certificate, at));
        let revocations = self.covered().filter_map(|covered| covered.error_at(at));
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

/// What is wrong with a certificate's validity at an instant.
pub(super) fn date_error(certificate: &X509Certificate, at: UnixTime) -> Option<PathError> {
    if at < certificate.not_before() {
        Some(PathError::NotYetValid { subject: certificate.subject(), at, not_before: certificate.not_before() })
    } else if at > certificate.not_after() {
        Some(PathError::Expired { subject: certificate.subject(), at, not_after: certificate.not_after() })
    } else {
        None
    }
}

/// Why a certificate does not lead to a trusted root, or may not serve. Subjects and issuers are names as RFC 4514 writes
/// them; instants are seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// A certificate on the path had expired.
    #[error("the certificate {subject:?} expired on {not_after}, the question is about {at}")]
    Expired {
        /// Whose certificate.
        subject: String,
        /// The instant asked about.
        at: UnixTime,
        /// The last second of its validity.
        not_after: UnixTime,
    },
    /// A certificate on the path was not valid yet.
    #[error("the certificate {subject:?} is valid from {not_before}, the question is about {at}")]
    NotYetValid {
        /// Whose certificate.
        subject: String,
        /// The instant asked about.
        at: UnixTime,
        /// The first second of its validity.
        not_before: UnixTime,
    },
    /// Neither a trusted root nor an intermediate at hand has the issuer's name.
    #[error("the certificate {subject:?} was issued by {issuer:?}, which is not trusted")]
    UnknownIssuer {
        /// Whose certificate.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// A signature on the path is not by the issuer's key.
    #[error("a signature on the path from the certificate {subject:?} to a trusted root does not match")]
    BadSignature {
        /// Where the path begins.
        subject: String,
    },
    /// A signature on the path is made with an algorithm that the program does not use.
    #[error("a signature on the path from the certificate {subject:?} has an algorithm that is not accepted")]
    UnsupportedAlgorithm {
        /// Where the path begins.
        subject: String,
    },
    /// The leaf's own key can't be used.
    #[error("the certificate {subject:?} has a key that can't be used: {error}")]
    UnusableKey {
        /// Whose certificate.
        subject: String,
        /// Why.
        error: KeyError,
    },
    /// The certificate is for something else: the leaf's purpose is not exactly the one needed, or an intermediate is
    /// confined to other purposes.
    #[error("the certificate {subject:?} is not for {needed} alone ({}), it names {}", needed.oid(), purposes(found))]
    WrongPurpose {
        /// Whose certificate.
        subject: String,
        /// What is needed.
        needed: Purpose,
        /// The OIDs that it names.
        found: Vec<String>,
    },
    /// The certificate names purposes, and none of them is the signing of documents.
    #[error("the certificate {subject:?} is not for signing documents, it names {}", purposes(found))]
    NotForDocuments {
        /// Whose certificate.
        subject: String,
        /// The OIDs that it names.
        found: Vec<String>,
    },
    /// The purpose must be critical, and is not.
    #[error("the certificate {subject:?} does not mark its purpose {needed} as critical")]
    PurposeNotCritical {
        /// Whose certificate.
        subject: String,
        /// The purpose.
        needed: Purpose,
    },
    /// The key usage lacks a bit.
    #[error("the certificate {subject:?} lacks the key usage {needed}")]
    KeyUsage {
        /// Whose certificate.
        subject: String,
        /// The bit, in RFC 5280's spelling.
        needed: &'static str,
    },
    /// The signer's certificate is one of a certification authority.
    #[error("the certificate {subject:?} is a certification authority's, which may not sign documents")]
    LeafIsCa {
        /// Whose certificate.
        subject: String,
    },
    /// A certificate that issued another is not one of a certification authority.
    #[error("the certificate {subject:?} is not a certification authority's, but issued another")]
    NotACa {
        /// Whose certificate.
        subject: String,
    },
    /// More intermediates than a path length constraint allows.
    #[error("the path from the certificate {subject:?} is longer than a certification authority on it allows")]
    PathLength {
        /// Where the path begins.
        subject: String,
    },
    /// A name that a name constraint excludes.
    #[error("a name on the path from the certificate {subject:?} violates a name constraint")]
    NameConstraints {
        /// Where the path begins.
        subject: String,
    },
    /// A certificate demands policy processing, which is not done here.
    #[error("the certificate {subject:?} demands policy processing ({extension}), which is not supported")]
    UnsupportedPolicy {
        /// Whose certificate.
        subject: String,
        /// The extension, in RFC 5280's spelling.
        extension: &'static str,
    },
    /// A certificate has a critical extension that is not known here.
    #[error("a certificate on the path from {subject:?} has a critical extension that is not supported")]
    UnsupportedExtension {
        /// Where the path begins.
        subject: String,
    },
    /// A certificate on the path is malformed.
    #[error("a certificate on the path from {subject:?} is malformed: {reason}")]
    Malformed {
        /// Where the path begins.
        subject: String,
        /// What is wrong.
        reason: String,
    },
    /// So many certificates fit each other that the search was given up.
    #[error("the search for a path from the certificate {subject:?} was given up: too many possibilities")]
    TooComplex {
        /// Where the path begins.
        subject: String,
    },
    /// A certificate on the path was revoked.
    #[error("the certificate {subject:?} with the serial number {serial} was revoked on {date}{}", because(*reason))]
    Revoked {
        /// Whose certificate.
        subject: String,
        /// Its serial number, hexadecimal.
        serial: String,
        /// The reason, if the CRL gives one.
        reason: Option<RevocationReason>,
        /// The revocation date.
        date: UnixTime,
    },
    /// The newest CRL at hand was to be replaced before the instant asked about: nobody can tell.
    #[error("the CRL of {issuer:?} was to be replaced by {next_update}, the question is about {at}")]
    CrlStale {
        /// Whose CRL.
        issuer: String,
        /// When the next one was due.
        next_update: UnixTime,
        /// The instant asked about.
        at: UnixTime,
    },
    /// A CRL that names an issuer on the path is not signed by its key.
    #[error("the CRL that names {issuer:?} is not signed by its key")]
    CrlBadSignature {
        /// Whose CRL it claims to be.
        issuer: String,
    },
}

fn purposes(found: &[String]) -> String {
    if found.is_empty() { "none".to_owned() } else { found.join(", ") }
}

fn because(reason: Option<RevocationReason>) -> String {
    reason.map_or_else(String::new, |reason| format!(" ({reason})"))
}
