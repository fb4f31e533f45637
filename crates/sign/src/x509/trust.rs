//! The roots, intermediates and CRLs that a user trusts.

use cqm_core::UnixTime;
use rustls_pki_types::{CertificateDer, TrustAnchor};

use crate::x509::{
    CrlError, PathError, PemError, Purpose, VerifiedPath, X509Certificate,
    crl::Crl,
    memo::Memo,
    path::{Covered, CrlStatus, date_error},
    pem,
    purpose::Usage,
    rules::leaf_errors,
    search::{Issuers, Search},
};

/// Roots that a user trusts, intermediates that help to reach them, and CRLs.
///
/// The store remembers which signatures over certificates and CRLs were good, so verifying the same
/// certificate again costs one hash. One store serves any number of files, from any number of
/// threads.
#[derive(Debug)]
pub struct TrustStore {
    roots: Vec<X509Certificate>,
    /// The roots as the path builder has them, in the same order.
    anchors: Vec<TrustAnchor<'static>>,
    intermediates: Vec<X509Certificate>,
    crls: Vec<Crl>,
    memo: Memo,
}

impl TrustStore {
    /// Reads a PEM text. Self-issued certificates become roots, all others intermediates.
    ///
    /// # Errors
    /// Fails if a block is not a certificate, if a root is not the certificate of a certification
    /// authority, or if there is no root.
    pub fn from_pem(text: &str) -> Result<Self, TrustError> {
        Self::from_certificates(pem::certificates(text)?)
    }

    /// Takes self-issued certificates as roots, all others as intermediates. Errors count the
    /// certificates from 1.
    ///
    /// # Errors
    /// Fails if a root is not the certificate of a certification authority, or if there is no root.
    pub fn from_certificates(certificates: Vec<X509Certificate>) -> Result<Self, TrustError> {
        let mut store = Self {
            roots: Vec::new(),
            anchors: Vec::new(),
            intermediates: Vec::new(),
            crls: Vec::new(),
            memo: Memo::default(),
        };
        for (at, certificate) in certificates.into_iter().enumerate() {
            if certificate.is_self_issued() {
                store.add_root(at.saturating_add(1), certificate)?;
            } else {
                store.intermediates.push(certificate);
            }
        }
        if store.roots.is_empty() {
            return Err(TrustError::NoRoot);
        }
        Ok(store)
    }

    fn add_root(&mut self, block: usize, root: X509Certificate) -> Result<(), TrustError> {
        if !root.is_ca() {
            return Err(TrustError::NotACa { block, subject: root.subject() });
        }
        let der = CertificateDer::from(root.der());
        let anchor = webpki::anchor_from_trusted_cert(&der).map_err(|error| TrustError::UnusableRoot {
            block,
            subject: root.subject(),
            reason: error.to_string(),
        })?;
        self.anchors.push(anchor.to_owned());
        self.roots.push(root);
        Ok(())
    }

    /// Adds a CRL in DER or PEM. Its signature is verified when a path consults it.
    ///
    /// # Errors
    /// Fails if the bytes are not a complete CRL of version 2 with a `nextUpdate`.
    pub fn add_crl(&mut self, crl: &[u8]) -> Result<(), CrlError> {
        self.add_parsed_crl(Crl::read(crl)?);
        Ok(())
    }

    /// Adds a CRL that was read before. One that the store has already is not added again.
    pub fn add_parsed_crl(&mut self, crl: Crl) {
        if !self.crls.iter().any(|known| known.der() == crl.der()) {
            self.crls.push(crl);
        }
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

    /// Verifies that `leaf` leads to a trusted root and may serve `purpose` at a time.
    /// `intermediates` are the certificates that came with it.
    ///
    /// Of the CRLs that were added, the newest one of each issuer is consulted. A certificate
    /// counts as revoked from its revocation date on, or from the beginning if its key was
    /// compromised.
    ///
    /// # Errors
    /// Returns every fault of the leaf, and the faults of the path. If [`PathError::CrlStale`] is
    /// the only one, the path is good except for the CRL's age.
    pub fn verify_path(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        purpose: Purpose,
        at: UnixTime,
    ) -> Result<VerifiedPath, Vec<PathError>> {
        self.verify(leaf, intermediates, Usage::Purpose(purpose), at)
    }

    /// Verifies that `leaf`, the signer of a foreign document, leads to a trusted root and may sign
    /// documents.
    ///
    /// This is [`Self::verify_path`] with looser rules for the leaf. Its key usage, if present,
    /// must contain `digitalSignature` or `contentCommitment`. Its extended key usage, if present,
    /// must name `anyExtendedKeyUsage`, `documentSigning` (RFC 9336), `emailProtection`, or the
    /// usages of Adobe or Microsoft for documents.
    ///
    /// # Errors
    /// Returns the same errors as [`Self::verify_path`].
    pub fn verify_foreign_path(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        at: UnixTime,
    ) -> Result<VerifiedPath, Vec<PathError>> {
        self.verify(leaf, intermediates, Usage::Foreign, at)
    }

    fn verify(
        &self,
        leaf: &X509Certificate,
        intermediates: &[X509Certificate],
        usage: Usage,
        at: UnixTime,
    ) -> Result<VerifiedPath, Vec<PathError>> {
        let search = Search {
            leaf,
            own: intermediates,
            stored: &self.intermediates,
            roots: &self.roots,
            anchors: &self.anchors,
            usage,
            at,
            memo: &self.memo,
        };
        let mut errors = leaf_errors(leaf, usage);
        match search.run() {
            Ok(issuers) => {
                let path = self.consult_crls(leaf, issuers, usage, &mut errors);
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

    /// Looks the certificates of a verified path up again, in the CRLs that the store has now.
    ///
    /// # Errors
    /// Returns every fault of the path at this time that depends on CRLs or dates.
    pub fn verify_again(&self, path: &VerifiedPath, at: UnixTime) -> Result<VerifiedPath, Vec<PathError>> {
        let mut errors = Vec::new();
        let issuers = Issuers { intermediates: path.intermediates().cloned().collect(), root: path.root.clone() };
        let path = self.consult_crls(path.leaf(), issuers, path.usage, &mut errors);
        errors.extend(path.errors_at(at));
        if errors.is_empty() { Ok(path) } else { Err(errors) }
    }

    /// Looks up every certificate except the root in the CRLs of its issuer.
    fn consult_crls(
        &self,
        leaf: &X509Certificate,
        issuers: Issuers,
        usage: Usage,
        errors: &mut Vec<PathError>,
    ) -> VerifiedPath {
        let Issuers { intermediates, root } = issuers;
        let mut covered = |certificate: &X509Certificate, above: &[X509Certificate]| Covered {
            certificate: certificate.clone(),
            status: self.crl_status(certificate, above, &root, errors),
        };
        let leaf = covered(leaf, &intermediates);
        let mut above = intermediates.as_slice();
        let mut intermediates = Vec::new();
        while let Some((certificate, rest)) = above.split_first() {
            intermediates.push(covered(certificate, rest));
            above = rest;
        }
        VerifiedPath { leaf, intermediates, root, usage }
    }

    /// Looks up a certificate in the newest CRL of its issuer; `None` if there is no CRL.
    ///
    /// The CRL must be signed with the key that signed the certificate or, if the issuer has
    /// changed its key, with a key of the same name further up the path. A key further down would
    /// vouch for itself.
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

/// A PEM text that can't be trusted. Blocks are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// A block is not a certificate.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// No certificate is self-issued.
    #[error("no root is among the trusted certificates: none is self-issued")]
    NoRoot,
    /// A self-issued certificate is not that of a certification authority.
    #[error("PEM block {block}, {subject:?}, is self-issued, but not a certification authority's certificate")]
    NotACa {
        /// The number of the block.
        block: usize,
        /// The subject of the certificate.
        subject: String,
    },
    /// A root can't serve as one.
    #[error("PEM block {block}, {subject:?}, can't serve as a root: {reason}")]
    UnusableRoot {
        /// The number of the block.
        block: usize,
        /// The subject of the certificate.
        subject: String,
        /// The path builder's error.
        reason: String,
    },
}
