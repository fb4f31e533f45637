//! The search for a path from a leaf to a trusted root, and the meaning of the path builder's
//! errors.

use core::{cell::RefCell, time::Duration};

use cqm_core::UnixTime;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use crate::{
    SignatureAlgorithm,
    x509::{
        PathError, X509Certificate,
        memo::{Memo, Remembering},
        path::date_error,
        purpose::Usage,
        rules::{issuer_errors, policy_error},
    },
};

/// The most intermediates among which a path is searched, and the most bytes of all of them.
///
/// The path builder tries their orders and parses all of them at each step. These limits keep every
/// search to a fraction of a second. The path builder's own budget would let a file with thirty
/// intermediates take minutes.
const MAX_INTERMEDIATES: usize = 5;
const MAX_INTERMEDIATES_LENGTH: usize = 1 << 15;

/// A question for the path builder.
pub(super) struct Search<'a> {
    pub(super) leaf: &'a X509Certificate,
    /// The intermediates that came with the leaf.
    pub(super) own: &'a [X509Certificate],
    /// The intermediates of the trust store.
    pub(super) stored: &'a [X509Certificate],
    pub(super) roots: &'a [X509Certificate],
    /// The roots as the path builder has them, in the same order.
    pub(super) anchors: &'a [TrustAnchor<'static>],
    pub(super) usage: Usage,
    pub(super) at: UnixTime,
    pub(super) memo: &'a Memo,
}

/// The certificates above a leaf.
pub(super) struct Issuers {
    /// The leaf's issuer first.
    pub(super) intermediates: Vec<X509Certificate>,
    pub(super) root: X509Certificate,
}

impl<'a> Search<'a> {
    /// Finds the issuers from the leaf's own up to a root.
    pub(super) fn run(&self) -> Result<Issuers, Vec<PathError>> {
        let algorithms = SignatureAlgorithm::ALL.map(|algorithm| Remembering { algorithm, memo: self.memo });
        let algorithms = algorithms.each_ref().map(|algorithm| -> &dyn SignatureVerificationAlgorithm { algorithm });
        let leaf = CertificateDer::from(self.leaf.der());
        let intermediates: Vec<_> =
            self.reachable()?.into_iter().map(|certificate| CertificateDer::from(certificate.der())).collect();
        let end_entity = EndEntityCert::try_from(&leaf).map_err(|error| self.errors(&error))?;

        // The path builder goes on to another path if this one is refused.
        let found = RefCell::new(None);
        let refused = RefCell::new(Vec::new());
        let judge = |path: &webpki::VerifiedPath<'_>| match self.judge(path) {
            Ok(issuers) => {
                *found.borrow_mut() = Some(issuers);
                Ok(())
            }
            Err(errors) => {
                *refused.borrow_mut() = errors;
                Err(Error::UnknownIssuer)
            }
        };
        let result = end_entity.verify_for_usage(
            &algorithms,
            self.anchors,
            &intermediates,
            self.time(),
            AnyPurpose,
            None,
            Some(&judge),
        );
        let error = match (result, found.take()) {
            (Ok(_), Some(issuers)) => return Ok(issuers),
            (Ok(_), None) => Error::UnknownIssuer,
            (Err(error), _) => error,
        };
        let refused = refused.take();
        Err(if refused.is_empty() { self.errors(&error) } else { refused })
    }

    /// The time for the path builder. It is moved into the leaf's validity, which is checked
    /// elsewhere, so that an expired leaf does not hide the faults above it.
    fn time(&self) -> rustls_pki_types::UnixTime {
        let time = self.at.min(self.leaf.not_after()).max(self.leaf.not_before());
        let seconds = u64::try_from(time.seconds()).unwrap_or(0);
        rustls_pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    /// Applies the rules that the path builder does not check.
    fn judge(&self, path: &webpki::VerifiedPath<'_>) -> Result<Issuers, Vec<PathError>> {
        let intermediates: Vec<_> =
            path.intermediate_certificates().filter_map(|issuer| self.find(&issuer.der())).cloned().collect();
        let mut roots = self.anchors.iter().zip(self.roots);
        let Some((_, root)) = roots.find(|(anchor, _)| core::ptr::eq(*anchor, path.anchor())) else {
            return Err(self.errors(&Error::UnknownIssuer));
        };
        let errors = issuer_errors(self.leaf, &intermediates, root, self.usage, self.at);
        if errors.is_empty() { Ok(Issuers { intermediates, root: root.clone() }) } else { Err(errors) }
    }

    fn intermediates(&self) -> impl Iterator<Item = &'a X509Certificate> {
        self.own.iter().chain(self.stored)
    }

    fn find(&self, der: &[u8]) -> Option<&'a X509Certificate> {
        self.intermediates().find(|certificate| certificate.der() == der)
    }

    /// All intermediates that can be part of a path from the leaf, judged by their names.
    fn reachable(&self) -> Result<Vec<&'a X509Certificate>, Vec<PathError>> {
        let mut reachable: Vec<&X509Certificate> = Vec::new();
        let mut seen = 0_usize;
        let mut length = 0_usize;
        let mut below = self.leaf;
        loop {
            for issuer in self.intermediates().filter(|issuer| issuer.subject_content() == below.issuer_content()) {
                if reachable.contains(&issuer) {
                    continue;
                }
                length = length.saturating_add(issuer.der().len());
                if reachable.len() == MAX_INTERMEDIATES || length > MAX_INTERMEDIATES_LENGTH {
                    return Err(vec![PathError::TooComplex { subject: self.leaf.subject() }]);
                }
                reachable.push(issuer);
            }
            let Some(next) = reachable.get(seen) else { return Ok(reachable) };
            below = next;
            seen = seen.saturating_add(1);
        }
    }

    /// One chain of intermediates above the leaf, judged by their names: what errors are about.
    fn chain(&self) -> Vec<&'a X509Certificate> {
        let mut chain = Vec::new();
        let mut top = self.leaf;
        while let Some(issuer) = self
            .intermediates()
            .find(|issuer| issuer.subject_content() == top.issuer_content() && !chain.contains(issuer))
        {
            chain.push(issuer);
            top = issuer;
        }
        chain
    }

    /// Translates an error of the path builder.
    fn errors(&self, error: &Error) -> Vec<PathError> {
        let subject = self.leaf.subject();
        vec![match error {
            Error::UnknownIssuer => {
                let top = self.chain().pop().unwrap_or(self.leaf);
                PathError::UnknownIssuer { subject: top.subject(), issuer: top.issuer() }
            }
            // The path builder does not name the certificate. It can only be an intermediate.
            Error::CertExpired { .. } | Error::CertNotValidYet { .. } => {
                return self.chain().into_iter().filter_map(|issuer| date_error(issuer, self.at)).collect();
            }
            // `leaf_errors` reports it.
            Error::CaUsedAsEndEntity => return Vec::new(),
            Error::EndEntityUsedAsCa => PathError::NotACa {
                subject: self
                    .chain()
                    .into_iter()
                    .find(|issuer| !issuer.is_ca())
                    .map_or(subject, X509Certificate::subject),
            },
            Error::InvalidSignatureForPublicKey => PathError::BadSignature { subject },
            Error::UnsupportedSignatureAlgorithmContext(_)
            | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => PathError::UnsupportedAlgorithm { subject },
            Error::PathLenConstraintViolated => PathError::PathLength { subject },
            Error::NameConstraintViolation => PathError::NameConstraints { subject },
            Error::UnsupportedCriticalExtension => {
                let policies: Vec<_> = self.chain().into_iter().filter_map(policy_error).collect();
                if !policies.is_empty() || policy_error(self.leaf).is_some() {
                    return policies;
                }
                PathError::UnsupportedExtension { subject }
            }
            Error::MaximumPathBuildCallsExceeded
            | Error::MaximumPathDepthExceeded
            | Error::MaximumSignatureChecksExceeded
            | Error::MaximumNameConstraintComparisonsExceeded => PathError::TooComplex { subject },
            other => PathError::Malformed { subject, reason: other.to_string() },
        }]
    }
}

/// Accepts every purpose: `leaf_errors` and `issuer_errors` check them.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}
