//! Drafts of lists, and their signing.

use std::collections::BTreeMap;

use cqm_core::{
    CertificateNumber, UnixTime,
    claims::ISSUER,
    status::{EntryStatus, Event, ListUri, MAX_SEQ, NOT_ISSUED},
};
use cqm_sign::{
    Signer,
    jws::{self, JwsError},
    x509::Crl,
};

use crate::{
    Digest, SignedList, StatusListError, TokenDigest, agreement,
    claims::{Claims, CqmClaim, LIST_TYPE, VERSION},
    crls,
    entries::Entries,
    events, list, successors, tokens,
};

/// The content of a list that is not signed yet. [`Self::sign`] makes the list.
#[derive(Debug, Clone)]
pub struct ListDraft {
    /// The name of the list.
    pub uri: ListUri,
    /// When the list is issued. Its entries have the status of this time.
    pub issued_at: UnixTime,
    /// From when on the list must not be used.
    pub expires_at: UnixTime,
    /// The number of seconds after which a reader should look for a newer list.
    pub ttl: u64,
    /// The number: 1 for the first list, and larger for each later one.
    pub seq: u64,
    /// The digest of the list before; `None` for the first list.
    pub prev: Option<Digest>,
    /// The head of the register's log.
    pub log_head: Digest,
    /// A current CRL of every authority above the signers of letters, tokens and lists.
    pub crls: Vec<Crl>,
    /// The number of indices in use, from 0 on.
    pub issued: u32,
    /// The digests of all tokens that were issued, by the index of their certificate.
    pub tokens: BTreeMap<u32, TokenDigest>,
    /// All events, in the order of recording. Among events of one entry with the same effective
    /// date, the last one counts.
    pub events: Vec<Event>,
    /// The number of the certificate that replaced each superseded one, by the index of the
    /// superseded one.
    pub successors: BTreeMap<u32, CertificateNumber>,
}

impl ListDraft {
    /// Signs the list, and returns it as a compact JWS.
    ///
    /// # Errors
    /// Fails if the draft contradicts itself, if it ends after its signer, if a verifier would
    /// refuse the list, or if signing fails.
    pub fn sign(mut self, signer: &dyn Signer) -> Result<String, ListDraftError> {
        self.check(signer)?;
        // The sort is stable: events with the same effective date stay in the order of recording.
        self.events.sort_by_key(|event| (event.idx, event.effective));
        let claims = Claims {
            iss: ISSUER.to_owned(),
            status_list: self.entries()?.encode(),
            sub: self.uri,
            iat: self.issued_at,
            exp: self.expires_at,
            ttl: self.ttl,
            cqm: CqmClaim {
                version: VERSION,
                seq: self.seq,
                prev: self.prev.map(|digest| digest.to_string()),
                log_head: self.log_head.to_string(),
                events: events::encode(&self.events)?,
                successors: successors::encode(&self.successors)?,
                issued: tokens::encode(&self.tokens),
                crls: crls::encode(&self.crls),
            },
        };
        let list = jws::sign_compact(signer, LIST_TYPE, &serde_json::to_vec(&claims)?, self.issued_at)?;
        // A list that readers would refuse must not be published: it may be too long, for example.
        SignedList::parse(list.as_bytes()).and_then(|list| list.decode()).map_err(ListDraftError::Unreadable)?;
        Ok(list)
    }

    fn check(&self, signer: &dyn Signer) -> Result<(), ListDraftError> {
        let Self { issued_at, expires_at, seq, .. } = *self;
        if expires_at <= issued_at {
            return Err(ListDraftError::Expiry { issued_at, expires_at });
        }
        let leaf = signer.certificates().first().ok_or(JwsError::NoCertificate)?;
        let (not_before, not_after) = (leaf.not_before(), leaf.not_after());
        if issued_at < not_before || !list::ends_with_signer(expires_at, leaf) {
            return Err(ListDraftError::SignerValidity { not_before, not_after, issued_at, expires_at });
        }
        if !(1..=MAX_SEQ).contains(&seq) || (seq == 1) != self.prev.is_none() {
            return Err(ListDraftError::Seq { seq });
        }
        let with_event = self.events.iter().map(|event| event.idx);
        match with_event.chain(self.tokens.keys().copied()).find(|idx| *idx >= self.issued) {
            Some(idx) => Err(ListDraftError::NotIssued { idx, issued: self.issued }),
            None => Ok(()),
        }
    }

    /// Returns the entries, with the status that follows from the events in effect at the time of
    /// issue.
    fn entries(&self) -> Result<Entries, ListDraftError> {
        let mut events = self.events.as_slice();
        let mut values = Vec::with_capacity(usize::try_from(self.issued).unwrap_or(0));
        for idx in 0..self.issued {
            let (own, rest) = events.split_at(events.iter().take_while(|event| event.idx == idx).count());
            events = rest;
            if own.first().is_some_and(|event| event.status == EntryStatus::Valid) {
                return Err(ListDraftError::Resumption { idx });
            }
            values.push(agreement::status_at(own, self.issued_at).map_or(0, |event| event.status.value()));
        }
        Ok(Entries::of_two_bits(values.into_iter(), NOT_ISSUED))
    }
}

/// The reason that a list could not be made.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum ListDraftError {
    /// The list would end before it begins.
    #[error("the list would be issued at {issued_at} and expire at {expires_at}")]
    Expiry {
        /// When it would be issued.
        issued_at: UnixTime,
        /// When it would expire.
        expires_at: UnixTime,
    },
    /// The list would begin before its signer is valid, or end later than its signer.
    #[error(
        "the status signer is valid from {not_before} to {not_after}, the list would last from {issued_at} until {expires_at}"
    )]
    SignerValidity {
        /// The first second of the signer's X.509 certificate.
        not_before: UnixTime,
        /// The last second of the signer's X.509 certificate.
        not_after: UnixTime,
        /// When the list would be issued.
        issued_at: UnixTime,
        /// When it would expire.
        expires_at: UnixTime,
    },
    /// The number does not fit the list before. The first list has number 1 and no list before it;
    /// every other list has a larger number and a list before it.
    #[error(
        "the list has number {seq}: the first list has number 1 and none before it, others a larger number and one before"
    )]
    Seq {
        /// The number of the list.
        seq: u64,
    },
    /// An event or a token has an index that is not in use.
    #[error("an event or a token has the index {idx}, but only {issued} indices are in use")]
    NotIssued {
        /// The index of the entry.
        idx: u32,
        /// The number of indices in use.
        issued: u32,
    },
    /// The first event of an entry is a resumption.
    #[error("the first event of index {idx} is a resumption, but the entry was valid")]
    Resumption {
        /// The index of the entry.
        idx: u32,
    },
    /// Readers would refuse the list.
    #[error("the list could not be read again")]
    Unreadable(#[source] StatusListError),
    /// The claims could not be written as JSON.
    #[error("the claims of the list could not be written")]
    Claims(#[from] serde_json::Error),
    /// The list could not be signed.
    #[error("the list could not be signed")]
    Jws(#[from] JwsError),
}
