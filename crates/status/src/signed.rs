//! A list with its signature.

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

/// A list as it came. Nothing in it is to be believed before [`Self::verify`].
#[derive(Debug, Clone)]
pub struct SignedList {
    jws: Jws,
    digest: Digest,
}

impl SignedList {
    /// Reads a file: a compact JWS, with nothing but white space around it.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(file: &[u8]) -> Result<Self, StatusListError> {
        let file = file.trim_ascii();
        Ok(Self { jws: Jws::parse(file)?, digest: Digest::of_list(file) })
    }

    /// The digest of the list, which the next list names as the one before.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The signer's certificate.
    pub fn signer(&self) -> &X509Certificate {
        self.jws.signer()
    }

    /// Reads what the list says, without any trust in it.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn decode(&self) -> Result<StatusList, StatusListError> {
        StatusList::new(self.claims()?)
    }

    /// Verifies the list: its signature, its signer at the time of issue, its form, and that it agrees with itself.
    /// Nothing is inflated before the signer is known to be trusted.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn verify(self, trust: &TrustStore) -> Result<VerifiedList, StatusListError> {
        self.jws.verify(LIST_TYPE)?;
        let claims = self.claims()?;
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

/// The evidence that a list is authentic: signed, for the purpose, by someone whom a trusted root speaks for.
///
/// Only [`SignedList::verify`] makes it. That it is new enough for a question is another matter.
#[derive(Debug, Clone)]
pub struct VerifiedList {
    list: StatusList,
    digest: Digest,
    path: VerifiedPath,
}

impl VerifiedList {
    /// What it says.
    pub fn list(&self) -> &StatusList {
        &self.list
    }

    /// The digest of the list.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The path of its signer to the root, when the list was issued.
    pub fn path(&self) -> &VerifiedPath {
        &self.path
    }

    /// Holds the list against one that was seen before under the same name.
    ///
    /// # Errors
    /// When the list is older, another with the same number, or the next one after another.
    pub fn not_before(&self, seen: Seen) -> Result<(), Rollback> {
        let (seq, digest, prev) = (self.list.seq(), self.digest, self.list.prev());
        match seq.checked_sub(seen.seq) {
            None => Err(Rollback::Older { seq, seen: seen.seq }),
            Some(0) if digest != seen.digest => Err(Rollback::Equivocation { seq, digest, seen: seen.digest }),
            Some(1) if prev != Some(seen.digest) => Err(Rollback::Fork { seq, seen: seen.digest }),
            Some(_) => Ok(()),
        }
    }
}

/// What to keep in mind of a list that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub seq: u64,
    /// Its digest.
    pub digest: Digest,
}

impl From<&VerifiedList> for Seen {
    fn from(list: &VerifiedList) -> Self {
        Self { seq: list.list.seq(), digest: list.digest }
    }
}

/// A list that is neither the one that was seen before, nor one that came after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rollback {
    /// It is older.
    #[error("it has the number {seq}, and number {seen} was seen before")]
    Older {
        /// Its number.
        seq: u64,
        /// The number seen.
        seen: u64,
    },
    /// It has the same number, and other content.
    #[error("its number {seq} was seen before with other content: SHA-256 {seen}, here {digest}")]
    Equivocation {
        /// The number of both.
        seq: u64,
        /// Its digest.
        digest: Digest,
        /// The digest seen.
        seen: Digest,
    },
    /// It follows the one seen by its number, and names another as the one before it.
    #[error("its number {seq} follows the list that was seen before, but it names another than that: SHA-256 {seen}")]
    Fork {
        /// Its number.
        seq: u64,
        /// The digest of the list seen.
        seen: Digest,
    },
}
