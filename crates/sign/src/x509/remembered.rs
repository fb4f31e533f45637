//! CRLs that were seen before.
//!
//! Whoever asks chooses the CRLs that are given, and may give an old one. A CRL that was seen
//! before can only add revocations.

use crate::x509::{
    TrustStore, VerifiedPath, X509Certificate,
    crl::{Crl, may_sign},
};

impl TrustStore {
    /// Adds a CRL that was seen before. Where it is newer than every CRL that was
    /// [added](Self::add_crl), it is consulted instead of them. Without one that was added, only
    /// its revocations count, not its age. One whose signature is not good is ignored.
    pub fn remember_crl(&mut self, crl: Crl) {
        if !self.remembered.iter().any(|known| known.der() == crl.der()) {
            self.remembered.push(crl);
        }
    }

    /// Returns whether a certificate of the path, except the root, was revoked because someone else
    /// has, or may have, its key: by the newest of all CRLs of its issuer's key that were added or
    /// remembered. The age of that CRL makes no difference, because nothing ends a compromise.
    pub fn is_compromised(&self, path: &VerifiedPath) -> bool {
        let certificates: Vec<&X509Certificate> = [path.leaf()].into_iter().chain(path.intermediates()).collect();
        let issuers = certificates.iter().copied().skip(1).chain([path.root()]);
        certificates.iter().zip(issuers).any(|(certificate, issuer)| {
            let newest = |crls| self.newest(crls, certificate, &[issuer]);
            let crl = newest(&self.crls).into_iter().chain(newest(&self.remembered)).max_by_key(|crl| crl.age());
            crl.and_then(|crl| crl.entry(certificate)).is_some_and(|entry| entry.is_compromise())
        })
    }

    /// The newest of these CRLs for a certificate that one of the issuers has signed.
    pub(super) fn newest<'a>(
        &self,
        crls: &'a [Crl],
        certificate: &X509Certificate,
        issuers: &[&X509Certificate],
    ) -> Option<&'a Crl> {
        crls.iter()
            .filter(|crl| crl.is_for(certificate))
            .filter(|crl| issuers.iter().any(|issuer| may_sign(issuer) && crl.is_signed_by(issuer, &self.memo)))
            .max_by_key(|crl| crl.age())
    }
}
