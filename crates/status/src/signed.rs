//! Lists with their signature, before and after verification.

use cqm_sign::{
    json,
    jws::Jws,
    x509::{Purpose, TrustStore, VerifiedPath, X509Certificate},
};

use crate::{
    Digest, StatusList,
    claims::{Claims, LIST_TYPE},
    error::StatusListError,
    list,
};

/// A signed list that is not verified yet. [`Self::verify`] verifies it.
#[derive(Debug, Clone)]
pub struct SignedList {
    jws: Jws,
    digest: Digest,
}

impl SignedList {
    /// Reads a compact JWS, which may have white space around it.
    ///
    /// # Errors
    /// Fails if the file is not a compact JWS.
    pub fn parse(file: &[u8]) -> Result<Self, StatusListError> {
        let file = file.trim_ascii();
        Ok(Self { jws: Jws::parse(file)?, digest: Digest::of_list(file) })
    }

    /// Returns the digest of the list. The next list contains it as the digest of the list before.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns the signer's X.509 certificate.
    pub fn signer(&self) -> &X509Certificate {
        self.jws.signer()
    }

    /// Reads the content of the list without verifying the signature.
    ///
    /// # Errors
    /// Returns the first fault.
    pub fn decode(&self) -> Result<StatusList, StatusListError> {
        StatusList::new(self.claims()?)
    }

    /// Verifies the list: the signature, the signer at the time of issue, the form, and that
    /// entries and events agree. Inflates nothing before the signer is trusted.
    ///
    /// # Errors
    /// Returns the first fault.
    pub fn verify(self, trust: &TrustStore) -> Result<VerifiedList, StatusListError> {
        self.jws.verify(LIST_TYPE)?;
        let claims = self.claims()?;
        self.jws.verify_issued_at(claims.iat)?;
        let path = trust
            .verify_path(self.jws.signer(), self.jws.intermediates(), Purpose::StatusListSigning, claims.iat)
            .map_err(StatusListError::Signer)?;
        if !list::ends_with_signer(claims.exp, self.jws.signer()) {
            let not_after = self.jws.signer().not_after();
            return Err(StatusListError::OutlivesSigner { expires_at: claims.exp, not_after });
        }
        Ok(VerifiedList { list: StatusList::new(claims)?, digest: self.digest, path })
    }

    fn claims(&self) -> Result<Claims, StatusListError> {
        Ok(json::from_slice(self.jws.payload())?)
    }
}

/// An authentic list: a signer that a trusted root allows to sign status lists has signed it.
///
/// Only [`SignedList::verify`] makes it. Whether the list is new enough for a question is another
/// check.
#[derive(Debug, Clone)]
pub struct VerifiedList {
    list: StatusList,
    digest: Digest,
    path: VerifiedPath,
}

impl VerifiedList {
    /// Returns the content.
    pub fn list(&self) -> &StatusList {
        &self.list
    }

    /// Returns the digest of the list.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns the certification path from the signer to the root at the time of issue.
    pub fn path(&self) -> &VerifiedPath {
        &self.path
    }

    /// Verifies the signer at the time of issue again, with the CRLs that the trust store has now.
    ///
    /// # Errors
    /// Fails if the signer was revoked, or a CRL is too old or can't be used.
    pub fn verify_signer_again(&mut self, trust: &TrustStore) -> Result<(), StatusListError> {
        self.path = trust.verify_again(&self.path, self.list.issued_at()).map_err(StatusListError::Signer)?;
        Ok(())
    }

    /// Compares the list with one of the same name that was seen before.
    ///
    /// # Errors
    /// Fails if the list is older, if it has the same number and other content, or if it has the
    /// next number and follows another list.
    pub fn check_rollback(&self, seen: Seen) -> Result<(), Rollback> {
        let (seq, digest, prev) = (self.list.seq(), self.digest, self.list.prev());
        match seq.checked_sub(seen.seq) {
            None => Err(Rollback::Older { seq, seen: seen.seq }),
            Some(0) if digest != seen.digest => Err(Rollback::Equivocation { seq, digest, seen: seen.digest }),
            Some(1) if prev != Some(seen.digest) => Err(Rollback::Fork { seq, seen: seen.digest }),
            Some(_) => Ok(()),
        }
    }
}

/// The facts to remember about a list that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The number of the list.
    pub seq: u64,
    /// The digest of the list.
    pub digest: Digest,
}

impl From<&VerifiedList> for Seen {
    fn from(list: &VerifiedList) -> Self {
        Self { seq: list.list.seq(), digest: list.digest }
    }
}

/// A list that is neither the same as the one seen before, nor a later one.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rollback {
    /// The list is older.
    #[error("it has the number {seq}, and number {seen} was seen before")]
    Older {
        /// The number of the list.
        seq: u64,
        /// The number of the list seen before.
        seen: u64,
    },
    /// The list has the same number and other content.
    #[error("its number {seq} was seen before with other content: SHA-256 {seen}, here {digest}")]
    Equivocation {
        /// The number of both lists.
        seq: u64,
        /// The digest of the list.
        digest: Digest,
        /// The digest of the list seen before.
        seen: Digest,
    },
    /// The list has the next number, but names another list as the one before it.
    #[error("its number {seq} follows the list that was seen before, but it names another than that: SHA-256 {seen}")]
    Fork {
        /// The number of the list.
        seq: u64,
        /// The digest of the list seen before.
        seen: Digest,
    },
}
