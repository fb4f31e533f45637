//! What a user trusts: roots, intermediates and CRLs, and the paths that lead there (RFC 5280 section 6).

use core::cell::RefCell;

use const_oid::db::rfc5280;
use cqm_core::UnixTime;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use crate::{
    SignatureAlgorithm,
    x509::{
        CrlError, PathError, PemError, Purpose, VerifiedPath, X509Certificate,
        certificate::ExtendedKeyUsage,
        crl::Crl,
        memo::{Memo, Remembering},
        path::{Covered, CrlStatus, date_error},
        pem,
        purpose::{ANY_PURPOSE, Usage},
    },
};

/// The most intermediates that a path is searched among, and the most bytes of them all.
///
/// The path builder tries their orders, and parses all of them at every step. With these limits it is done in a fraction of
/// a second whatever they are; its own budget lets a file with thirty of them take minutes.
const MAX_INTERMEDIATES: usize = 5;
const MAX_INTERMEDIATES_LENGTH: usize = 1 << 15;

/// Roots that a user trusts, intermediates that help to reach them, and CRLs.
///
/// Verifying the same certificates again costs a hash each: signatures found good are remembered. One store serves any
/// number of files, from any number of threads.
#[derive(Debug)]
pub struct TrustStore {
    roots: Vec<X509Certificate>,
    anchors: Vec<TrustAnchor<'static>>,
    intermediates: Vec<X509Certificate>,
    crls: Vec<Crl>,
    memo: Memo,
}

impl TrustStore {
    /// Reads a PEM text: self-issued certificates are roots, all others intermediates.
    ///
    /// # Errors
    /// When a block is not a certificate, a root is not one of a certification authority, or there is no root.
    pub fn from_pem(text: &str) -> Result<Self, TrustError> {
        Self::from_certificates(pem::certificates(text)?)
    }

    /// Takes self-issued certificates as roots, all others as intermediates. Errors count them from 1.
    ///
    /// # Errors
    /// When a root is not one of a certification authority, or there is no root.
    pub fn from_certificates(certificates: Vec<X509Certificate>) -> Result<Self, TrustError> {
        let mut store = Self {
            roots: Vec::new(),
            anchors: Vec::new(),
            intermediates: Vec::new(),
            crls: Vec::new(),
            memo: Memo::default(),
        };
        for (at, certificate) in certificates.into_iter().enumerate() {
            let block = at.saturating_add(1);
            let subject = || certificate.subject();
            if !certificate.is_self_issued() {
                store.intermediates.push(certificate);
                continue;
            }
            if !certificate.is_ca() {
                return Err(TrustError::NotACa { block, subject: subject() });
            }
            let der = CertificateDer::from(certificate.der());
            let anchor = webpki::anchor_from_trusted_cert(&der).map_err(|error| TrustError::UnusableRoot {
                block,
                subject: subject(),
                reason: error.to_string(),
            })?;
            store.anchors.push(anchor.to_owned());
            store.roots.push(certificate);
        }
        if store.roots.is_empty() {
            return Err(TrustError::NoRoot);
        }
        Ok(store)
    }

    /// Adds a CRL, in DER or in PEM. Its signature is verified with the path that asks it.
    ///
    /// # Errors
    /// When the bytes are not a complete CRL of version 2 with a `nextUpdate`.
    pub fn add_crl(&mut self, crl: &[u8]) -> Result<(), CrlError> {
        self.crls.push(Crl::read(crl)?);
        Ok(())
    }

    /// Verifies with a given library.
    #[cfg(test)]
    pub(super) fn over(self, verifier: &'static dyn crate::verifier::SignatureVerifier) -> Self {
        Self { memo: Memo::over(verifier), ..self }
    }

    /// The trusted roots.
    pub fn roots(&self) -> &[X509Certificate] {
        &self.roots
    }

    /// Verifies that `leaf` leads to a trusted root and may serve `purpose` at an instant, in seconds since 1970-01-01
    /// UTC. `intermediates` are those that came with it.
    ///
    /// CRLs that were added are consulted: of those of an issuer, the newest. The revocation date decides whether a
    /// certificate was revoked at that instant, but one whose key was compromised counts as revoked from the beginning.
    ///
    /// # Errors
    /// Everything that is wrong with the leaf, and what is wrong with the path. If [`PathError::CrlStale`] is all, then
    /// the path would be good but for the CRL's age.
    pub fn verify_path(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        purpose: Purpose,
        at: UnixTime,
    ) -> Result<VerifiedPath, Vec<PathError>> {
        self.verify(leaf, intermediates, Usage::Purpose(purpose), at)
    }

    /// Verifies that `leaf`, whose signature stands in a document that is not of the program, leads to a trusted root and
    /// may sign documents as others see it.
    ///
    /// This is [`Self::verify_path`] with a looser leaf: its key usage, if it has one, must hold `digitalSignature` or
    /// `contentCommitment`; its extended key usage, if it has one, must name `anyExtendedKeyUsage`, `documentSigning` of RFC
    /// 9336, `emailProtection`, or what Adobe or Microsoft made for documents.
    ///
    /// # Errors
    /// As [`Self::verify_path`].
    pub fn verify_foreign_path(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        at: UnixTime,
    ) -> Result<VerifiedPath, Vec<PathError>> {
        self.verify(leaf, intermediates, Usage::AnyDocument, at)
    }

    fn verify(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        usage: Usage,
        at: UnixTime,
    ) -> Result<VerifiedPath, Vec<PathError>> {
        let mut errors = leaf_errors(leaf, usage);
        match self.build(leaf, intermediates, usage, at) {
            Ok((issuers, root)) => {
                let path = self.consult_crls(leaf, issuers, root, usage, &mut errors);
                errors.extend(path.errors_at(at));
                if errors.is_empty() {
                    return Ok(path);
                }
            }
            Err(path_errors) => {
                errors.extend(date_error(leaf, at));
                errors.extend(path_errors);
                if errors.is_empty() {
                    errors.push(PathError::Malformed {
                        subject: leaf.subject(),
                        reason: "no certificate in its validity leads to a root".to_owned(),
                    });
                }
            }
        }
        Err(errors)
    }

    /// Finds the issuers from the leaf's own up to a root.
    fn build(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        usage: Usage,
        at: UnixTime,
    ) -> Result<(Vec<X509Certificate>, X509Certificate), Vec<PathError>> {
        let candidates = Candidates { leaf, own: intermediates, stored: &self.intermediates, at };
        let algorithms = SignatureAlgorithm::ALL.map(|algorithm| Remembering { algorithm, memo: &self.memo });
        let algorithms = algorithms.each_ref().map(|algorithm| -> &dyn SignatureVerificationAlgorithm { algorithm });
        // The leaf's dates are judged apart, so that a leaf out of date does not hide what is wrong above it.
        let time = at.min(leaf.not_after()).max(leaf.not_before());
        let seconds = core::time::Duration::from_secs(u64::try_from(time.seconds()).unwrap_or(0));
        let time = rustls_pki_types::UnixTime::since_unix_epoch(seconds);
        let leaf_der = CertificateDer::from(leaf.der());
        let intermediates_der: Vec<_> =
            candidates.reachable()?.into_iter().map(|certificate| CertificateDer::from(certificate.der())).collect();
        let end_entity = EndEntityCert::try_from(&leaf_der).map_err(|error| candidates.errors(&error))?;

        // What the path builder does not look at is judged per path, so that it may find another one.
        let found = RefCell::new(None);
        let refused = RefCell::new(Vec::new());
        let judge = |path: &webpki::VerifiedPath<'_>| {
            let issuers: Vec<_> =
                path.intermediate_certificates().filter_map(|issuer| candidates.find(&issuer.der())).cloned().collect();
            let root = self
                .anchors
                .iter()
                .zip(&self.roots)
                .find(|(anchor, _)| core::ptr::eq(*anchor, path.anchor()))
                .map(|(_, root)| root);
            let Some(root) = root else {
                return Err(webpki::Error::UnknownIssuer);
            };
            let errors = issuer_errors(leaf, &issuers, root, usage, at);
            if errors.is_empty() {
                *found.borrow_mut() = Some((issuers, root.clone()));
                Ok(())
            } else {
                *refused.borrow_mut() = errors;
                Err(webpki::Error::UnknownIssuer)
            }
        };
        let result = end_entity.verify_for_usage(
            &algorithms,
            &self.anchors,
            &intermediates_der,
            time,
            AnyPurpose,
            None,
            Some(&judge),
        );
        match (result, found.take()) {
            (Ok(_), Some(found)) => Ok(found),
            (Ok(_), None) => Err(candidates.errors(&webpki::Error::UnknownIssuer)),
            (Err(error), _) => {
                let refused = refused.take();
                Err(if refused.is_empty() { candidates.errors(&error) } else { refused })
            }
        }
    }

    /// Looks up every certificate but the root in the CRLs of its issuer.
    fn consult_crls(
        &self,
        leaf: &X509Certificate,
        issuers: Vec<X509Certificate>,
        root: X509Certificate,
        usage: Usage,
        errors: &mut Vec<PathError>,
    ) -> VerifiedPath {
        let mut covered = |certificate: &X509Certificate, above: &[X509Certificate]| Covered {
            certificate: certificate.clone(),
            status: self.crl_status(certificate, above, &root, errors),
        };
        let leaf = covered(leaf, &issuers);
        let mut above = issuers.as_slice();
        let mut intermediates = Vec::new();
        while let Some((certificate, rest)) = above.split_first() {
            intermediates.push(covered(certificate, rest));
            above = rest;
        }
        VerifiedPath { leaf, intermediates, root, usage }
    }

    /// What the newest CRL of a certificate's issuer says about it.
    ///
    /// The CRL is signed with the key that signed the certificate or, where the issuer has changed its key, with one of the
    /// same name further up the path. One further down would speak for itself.
    fn crl_status(
        &self,
        certificate: &X509Certificate,
        above: &[X509Certificate],
        root: &X509Certificate,
        errors: &mut Vec<PathError>,
    ) -> Option<CrlStatus> {
        let mut named = self.crls.iter().filter(|crl| crl.is_for(certificate)).peekable();
        named.peek()?;
        let issuers = || {
            let all = above.iter().chain([root]);
            all.filter(|issuer| issuer.subject_content() == certificate.issuer_content())
        };
        let may_sign = |issuer: &X509Certificate| issuer.key_usage().is_none_or(|usage| usage.crl_sign());
        if !issuers().any(may_sign) {
            errors.push(PathError::KeyUsage { subject: certificate.issuer(), needed: "cRLSign" });
            return None;
        }
        let newest = named
            .filter(|crl| issuers().any(|issuer| may_sign(issuer) && crl.is_signed_by(issuer, &self.memo)))
            .max_by_key(|crl| crl.this_update());
        let Some(crl) = newest else {
            errors.push(PathError::CrlBadSignature { issuer: certificate.issuer() });
            return None;
        };
        Some(CrlStatus { next_update: crl.next_update(), entry: crl.entry(certificate) })
    }
}

/// What is wrong with a leaf whatever its path and the instant.
fn leaf_errors(leaf: &X509Certificate, usage: Usage) -> Vec<PathError> {
    let subject = || leaf.subject();
    let mut errors = Vec::new();
    let named = leaf.extended_key_usage();
    let signs = match usage {
        Usage::Purpose(purpose) => {
            match named {
                Some(named) if named.purposes == [purpose.oid_octets()] => {
                    if purpose == Purpose::TimeStamping && !named.critical {
                        errors.push(PathError::PurposeNotCritical { subject: subject(), needed: purpose });
                    }
                }
                _ => errors.push(wrong_purpose(leaf, usage, named)),
            }
            leaf.key_usage().is_some_and(|bits| bits.digital_signature())
        }
        Usage::AnyDocument => {
            if named.is_some_and(|named| !named.purposes.iter().any(|purpose| usage.allows(purpose))) {
                errors.push(wrong_purpose(leaf, usage, named));
            }
            leaf.key_usage().is_none_or(|bits| bits.digital_signature() || bits.non_repudiation())
        }
    };
    if !signs {
        errors.push(PathError::KeyUsage { subject: subject(), needed: "digitalSignature" });
    }
    if leaf.is_ca() {
        errors.push(PathError::LeafIsCa { subject: subject() });
    }
    if let Err(error) = leaf.public_key() {
        errors.push(PathError::UnusableKey { subject: subject(), error });
    }
    errors.extend(policy_error(leaf));
    errors
}

/// What is wrong with the certificates above a leaf, root included.
fn issuer_errors(
    leaf: &X509Certificate,
    issuers: &[X509Certificate],
    root: &X509Certificate,
    usage: Usage,
    at: UnixTime,
) -> Vec<PathError> {
    let mut errors = Vec::new();
    for issuer in issuers.iter().chain([root]) {
        if issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
            errors.push(PathError::KeyUsage { subject: issuer.subject(), needed: "keyCertSign" });
        }
        errors.extend(policy_error(issuer));
        errors.extend(date_error(issuer, at));
    }
    for issuer in issuers {
        let confined = issuer
            .extended_key_usage()
            .filter(|named| !named.purposes.iter().any(|found| usage.allows(found) || found == ANY_PURPOSE));
        if confined.is_some() {
            errors.push(wrong_purpose(issuer, usage, confined));
        }
    }
    // The path builder asks every constraint but the root's.
    let below = issuers.iter().filter(|issuer| !issuer.is_self_issued()).count();
    if root.path_length().is_some_and(|most| below > usize::from(most)) {
        errors.push(PathError::PathLength { subject: leaf.subject() });
    }
    errors
}

fn wrong_purpose(certificate: &X509Certificate, usage: Usage, named: Option<&ExtendedKeyUsage>) -> PathError {
    let subject = certificate.subject();
    let found = named.map_or(&[][..], |named| named.purposes.as_slice()).iter().map(|octets| dotted(octets)).collect();
    match usage {
        Usage::Purpose(needed) => PathError::WrongPurpose { subject, needed, found },
        Usage::AnyDocument => PathError::NotForDocuments { subject, found },
    }
}

/// An OID in dotted form; one whose arcs are too large for that in hexadecimal.
fn dotted(octets: &[u8]) -> String {
    let named = [Purpose::DocumentSigning, Purpose::StatusListSigning, Purpose::TimeStamping]
        .into_iter()
        .find(|purpose| purpose.oid_octets() == octets);
    match (named, const_oid::ObjectIdentifier::from_bytes(octets)) {
        (Some(purpose), _) => purpose.oid().to_owned(),
        (None, Ok(oid)) => oid.to_string(),
        (None, Err(_)) => format!("#{}", crate::x509::certificate::hex(octets)),
    }
}

/// Policies are not processed here, so what makes them decide is refused: to ignore it could accept too much.
fn policy_error(certificate: &X509Certificate) -> Option<PathError> {
    let extension = if certificate.criticality(rfc5280::ID_CE_POLICY_CONSTRAINTS).is_some() {
        "policyConstraints"
    } else if certificate.criticality(rfc5280::ID_CE_INHIBIT_ANY_POLICY).is_some() {
        "inhibitAnyPolicy"
    } else if certificate.criticality(rfc5280::ID_CE_CERTIFICATE_POLICIES) == Some(true) {
        "certificatePolicies, critical"
    } else if certificate.criticality(rfc5280::ID_CE_POLICY_MAPPINGS) == Some(true) {
        "policyMappings, critical"
    } else {
        return None;
    };
    Some(PathError::UnsupportedPolicy { subject: certificate.subject(), extension })
}

/// Purposes are judged by [`leaf_errors`] and [`issuer_errors`].
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

/// The certificates that a path may be made of, and the words for what the path builder says about them.
struct Candidates<'a> {
    leaf: &'a X509Certificate,
    own: &'a [X509Certificate],
    stored: &'a [X509Certificate],
    at: UnixTime,
}

impl<'a> Candidates<'a> {
    fn issuers(&self) -> impl Iterator<Item = &'a X509Certificate> {
        self.own.iter().chain(self.stored)
    }

    fn find(&self, der: &[u8]) -> Option<&'a X509Certificate> {
        self.issuers().find(|certificate| certificate.der() == der)
    }

    /// All that can be part of a path from the leaf, by their names.
    fn reachable(&self) -> Result<Vec<&'a X509Certificate>, Vec<PathError>> {
        let mut reachable: Vec<&X509Certificate> = Vec::new();
        let mut seen = 0_usize;
        let mut length = 0_usize;
        let mut below = self.leaf;
        loop {
            for issuer in self.issuers().filter(|issuer| issuer.subject_content() == below.issuer_content()) {
                if !reachable.contains(&issuer) {
                    length = length.saturating_add(issuer.der().len());
                    if reachable.len() == MAX_INTERMEDIATES || length > MAX_INTERMEDIATES_LENGTH {
                        return Err(vec![PathError::TooComplex { subject: self.leaf.subject() }]);
                    }
                    reachable.push(issuer);
                }
            }
            let Some(next) = reachable.get(seen) else { return Ok(reachable) };
            below = next;
            seen = seen.saturating_add(1);
        }
    }

    /// One issuer after the other that are reached from the leaf by names.
    fn chain(&self) -> Vec<&'a X509Certificate> {
        let mut chain = Vec::new();
        let mut top = self.leaf;
        while let Some(issuer) =
            self.issuers().find(|issuer| issuer.subject_content() == top.issuer_content() && !chain.contains(issuer))
        {
            chain.push(issuer);
            top = issuer;
        }
        chain
    }

    fn errors(&self, error: &webpki::Error) -> Vec<PathError> {
        use webpki::Error;
        let subject = self.leaf.subject();
        vec![match error {
            Error::UnknownIssuer => {
                let top = self.chain().pop().unwrap_or(self.leaf);
                PathError::UnknownIssuer { subject: top.subject(), issuer: top.issuer() }
            }
            // The path builder says when, not who: it can only be an intermediate.
            Error::CertExpired { .. } | Error::CertNotValidYet { .. } => {
                return self.chain().into_iter().filter_map(|issuer| date_error(issuer, self.at)).collect();
            }
            // Named by `leaf_errors` already.
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

/// Why a PEM text can't be trusted. Blocks are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// A block is not a certificate.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// No certificate is self-issued.
    #[error("no root is among the trusted certificates: none is self-issued")]
    NoRoot,
    /// A self-issued certificate is not one of a certification authority.
    #[error("PEM block {block}, {subject:?}, is self-issued, but not a certification authority's certificate")]
    NotACa {
        /// Which block.
        block: usize,
        /// Whose certificate.
        subject: String,
    },
    /// A root that can't serve as one.
    #[error("PEM block {block}, {subject:?}, can't serve as a root: {reason}")]
    UnusableRoot {
        /// Which block.
        block: usize,
        /// Whose certificate.
        subject: String,
        /// Why.
        reason: String,
    },
}
