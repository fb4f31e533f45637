//! The certification authorities and CRLs that a user trusts.

use std::collections::BTreeSet;

use cqm_core::UnixTime;

use crate::x509::{
    CrlError, PathError, PemError, Purpose, VerifiedPath, X509Certificate,
    crl::{Crl, may_sign},
    memo::Memo,
    path::{Covered, CrlStatus, date_error},
    pem,
    purpose::Usage,
    rules::leaf_errors,
    search::{Issuers, Search},
};

/// Certification authorities that a user trusts, and CRLs.
///
/// The store remembers which signatures over certificates and CRLs were good, so verifying the same
/// certificate again costs one hash. One store serves any number of files, from any number of
/// threads.
#[derive(Debug)]
pub struct TrustStore {
    anchors: Vec<X509Certificate>,
    skipped: Vec<Skipped>,
    pub(super) crls: Vec<Crl>,
    /// CRLs that were seen before, so that an older one does not undo a revocation.
    pub(super) remembered: Vec<Crl>,
    pub(super) memo: Memo,
}

impl TrustStore {
    /// Reads a PEM text. Every certificate of a certification authority becomes an anchor, at which
    /// a path may end: roots and those that someone else certified (RFC 5280 section 6.1.1 (d)).
    /// All other blocks are skipped; [`Self::skipped`] names them.
    ///
    /// # Errors
    /// Fails if the text is longer than 24 MiB, or if there is no anchor.
    pub fn from_pem(text: &str) -> Result<Self, TrustError> {
        Self::from_blocks(pem::each_certificate(text)?)
    }

    /// Takes certificates like [`Self::from_pem`], as blocks that are counted from 1.
    ///
    /// # Errors
    /// Fails if there is no anchor.
    pub fn from_certificates(certificates: Vec<X509Certificate>) -> Result<Self, TrustError> {
        Self::from_blocks((1..).zip(certificates.into_iter().map(Ok)))
    }

    fn from_blocks(
        blocks: impl Iterator<Item = (usize, Result<X509Certificate, PemError>)>,
    ) -> Result<Self, TrustError> {
        let (mut anchors, mut skipped, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (block, certificate) in blocks {
            match certificate {
                Ok(certificate) if certificate.is_ca() => {
                    if seen.insert(certificate.fingerprint()) {
                        anchors.push(certificate);
                    }
                }
                Ok(certificate) => skipped.push(Skipped::NotACa { block, subject: certificate.subject() }),
                Err(error) => skipped.push(Skipped::Unreadable(error)),
            }
        }
        if anchors.is_empty() {
            return Err(TrustError::NoAnchor { skipped });
        }
        Ok(Self { anchors, skipped, crls: Vec::new(), remembered: Vec::new(), memo: Memo::default() })
    }

    /// The blocks of the text that are not used, with the reasons.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Adds a CRL in DER or PEM. Its signature is verified when a path consults it.
    ///
    /// # Errors
    /// Fails if the bytes are not a CRL of version 2 with a `nextUpdate`, or longer than 16 MiB, or
    /// if the CRL covers neither all certificates of its issuer nor those of a distribution point.
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

    /// The CRLs that were added.
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// Returns a store with the same roots and intermediates, and no CRLs.
    #[must_use]
    pub fn without_crls(&self) -> Self {
        Self {
            anchors: self.anchors.clone(),
            skipped: self.skipped.clone(),
            crls: Vec::new(),
            remembered: Vec::new(),
            memo: Memo::default(),
        }
    }

    /// Verifies with a given library.
    #[cfg(test)]
    pub(super) fn over(self, verifier: &'static dyn crate::verifier::SignatureVerifier) -> Self {
        Self { memo: Memo::over(verifier), ..self }
    }

    /// The trusted certification authorities, roots and others.
    pub fn roots(&self) -> &[X509Certificate] {
        &self.anchors
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

    /// Returns whether a verified path leads to `root`, at its end or through a cross-certificate,
    /// which another root has for its successor. The cross-certificate came with the leaf or is
    /// among the trusted certificates.
    pub fn leads_to(&self, path: &VerifiedPath, root: &X509Certificate, at: UnixTime) -> bool {
        let own: Vec<_> = path.intermediates().cloned().collect();
        let search = Search {
            leaf: path.leaf(),
            own: &own,
            stored: self.anchors.iter().collect(),
            anchors: core::slice::from_ref(root),
            usage: path.usage,
            at,
            memo: &self.memo,
        };
        path.root() == root || search.run().is_ok()
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
            stored: self.anchors.iter().filter(|anchor| !anchor.is_self_issued()).collect(),
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
        let issuers = Issuers { intermediates: path.intermediates().cloned().collect(), anchor: path.root().clone() };
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
        let Issuers { intermediates, anchor } = issuers;
        let mut covered = |certificate: &X509Certificate, above: &[X509Certificate]| Covered {
            certificate: certificate.clone(),
            status: self.crl_status(certificate, &mut above.iter().chain([&anchor]), errors),
        };
        let leaf = covered(leaf, &intermediates);
        let mut above = intermediates.as_slice();
        let mut intermediates = Vec::new();
        while let Some((certificate, rest)) = above.split_first() {
            intermediates.push(covered(certificate, rest));
            above = rest;
        }
        // Another anchor may have revoked this one. CRLs that none of them signed say nothing.
        let status = self.crl_status(&anchor, &mut self.anchors.iter(), &mut Vec::new());
        VerifiedPath { leaf, intermediates, root: Covered { certificate: anchor, status }, usage }
    }

    /// Looks up a certificate in the newest CRL of its issuer; `None` if there is no CRL.
    ///
    /// The CRL must be signed with the key that signed the certificate or, if the issuer has
    /// changed its key, with a key of the same name further up the path (`above`). A key further
    /// down would vouch for itself.
    fn crl_status(
        &self,
        certificate: &X509Certificate,
        above: &mut dyn Iterator<Item = &X509Certificate>,
        errors: &mut Vec<PathError>,
    ) -> Option<CrlStatus> {
        let issuers: Vec<_> = above.filter(|issuer| certificate.names_issuer(issuer)).collect();
        let remembered = self.newest(&self.remembered, certificate, &issuers);
        if !self.crls.iter().any(|crl| crl.is_for(certificate)) {
            // A remembered CRL revokes, but its age leaves nothing open: the user did not give it.
            let entry = remembered?.entry(certificate)?;
            return Some(CrlStatus { next_update: remembered?.next_update(), entry: Some(entry) });
        }
        if !issuers.iter().any(|issuer| may_sign(issuer)) {
            errors.push(PathError::KeyUsage { subject: certificate.issuer(), needed: "cRLSign" });
            return None;
        }
        let Some(given) = self.newest(&self.crls, certificate, &issuers) else {
            errors.push(PathError::CrlBadSignature { issuer: certificate.issuer() });
            return None;
        };
        let crl = remembered.filter(|remembered| remembered.age() > given.age()).unwrap_or(given);
        Some(CrlStatus { next_update: crl.next_update(), entry: crl.entry(certificate) })
    }
}

/// A block of a trust file that is not used. Blocks are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Skipped {
    /// The block is not a certificate that can be read.
    #[error(transparent)]
    Unreadable(PemError),
    /// The certificate is not that of a certification authority, so it can't vouch for others.
    #[error("PEM block {block}, {subject:?}, is not the certificate of a certification authority")]
    NotACa {
        /// The number of the block.
        block: usize,
        /// The subject of the certificate.
        subject: String,
    },
}

/// A PEM text without an anchor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// The text is too long.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// No certificate is that of a certification authority.
    #[error("the trusted certificates include no certification authority{}", reasons(skipped))]
    NoAnchor {
        /// The blocks of the text, with the reasons why they are not used.
        skipped: Vec<Skipped>,
    },
}

/// The first reasons for a message: `: …; …`, or nothing.
fn reasons(skipped: &[Skipped]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<_> = skipped.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = if skipped.len() > SHOWN { "; …" } else { "" };
    if shown.is_empty() { String::new() } else { format!(": {}{more}", shown.join("; ")) }
}
