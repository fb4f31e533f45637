//! Making a list.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cqm_core::{
    UnixTime,
    claims::ISSUER,
    status::{EntryStatus, Event, ListUri, MAX_SEQ, NOT_ISSUED},
};
use cqm_sign::{
    Signer,
    jws::{self, JwsError},
    x509::X509Certificate,
};

use crate::{
    Digest, SignedList, StatusListError,
    claims::{Claims, CqmClaim, LIST_TYPE, MAX_CERTIFICATES, VERSION},
    entries::Entries,
    events, list,
};

/// What a list is to say. [`Self::sign`] makes it.
#[derive(Debug, Clone)]
pub struct ListDraft {
    /// Which list it is.
    pub uri: ListUri,
    /// When it is issued. Events that are effective by then make up its entries.
    pub issued_at: UnixTime,
    /// From when on it must not be used any more.
    pub expires_at: UnixTime,
    /// After so many seconds a reader should look for a newer one.
    pub ttl: u64,
    /// Its number: 1 for the first, and larger for each that follows.
    pub seq: u64,
    /// The digest of the list before, none for the first.
    pub prev: Option<Digest>,
    /// The head of the register's log.
    pub log_head: Digest,
    /// The certificates of the token signers in use.
    pub certs: Vec<X509Certificate>,
    /// How many indices were given out, from 0 on.
    pub issued: u32,
    /// What happened to entries, in the order of recording. It decides between events of an entry that take effect on the
    /// same day: the last counts.
    pub events: Vec<Event>,
}

impl ListDraft {
    /// Signs the list: a compact JWS.
    ///
    /// # Errors
    /// When the draft contradicts itself or outlives its signer, or no signature can be made. Nothing that a verifier
    /// would refuse is signed.
    pub fn sign(mut self, signer: &dyn Signer) -> Result<String, ListDraftError> {
        self.check(signer)?;
        // Stable: events of one day stay in their order.
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
                certs: self.certs.iter().map(|certificate| STANDARD.encode(certificate.der())).collect(),
                events: events::encode(&self.events)?,
            },
        };
        let list = jws::sign_compact(signer, LIST_TYPE, &serde_json::to_vec(&claims)?)?;
        // What can't be read is not published: it may be too long, or hold what readers refuse.
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
        if self.certs.len() > MAX_CERTIFICATES {
            return Err(ListDraftError::Certificates { count: self.certs.len() });
        }
        match self.events.iter().find(|event| event.idx >= self.issued) {
            Some(event) => Err(ListDraftError::NotIssued { idx: event.idx, issued: self.issued }),
            None => Ok(()),
        }
    }

    /// The state of all events that are effective when the list is issued.
    fn entries(&self) -> Result<Entries, ListDraftError> {
        let mut events = self.events.as_slice();
        let mut values = Vec::with_capacity(usize::try_from(self.issued).unwrap_or(0));
        for idx in 0..self.issued {
            let (own, rest) = events.split_at(events.iter().take_while(|event| event.idx == idx).count());
            events = rest;
            if own.first().is_some_and(|event| event.status == EntryStatus::Valid) {
                return Err(ListDraftError::Resumption { idx });
            }
            values.push(list::status_at(own, self.issued_at).map_or(0, |event| event.status.value()));
        }
        Ok(Entries::of_two_bits(values.into_iter(), NOT_ISSUED))
    }
}

/// Why a list is not made.
#[derive(Debug, thiserror::Error)]
pub enum ListDraftError {
    /// It would end before it begins.
    #[error("the list would be issued at {issued_at} and expire at {expires_at}")]
    Expiry {
        /// When it would be issued.
        issued_at: UnixTime,
        /// When it would expire.
        expires_at: UnixTime,
    },
    /// It would begin before its signer, or outlive it.
    #[error(
        "the status signer is valid from {not_before} to {not_after}, the list would last from {issued_at} until {expires_at}"
    )]
    SignerValidity {
        /// The first second of the signer.
        not_before: UnixTime,
        /// Its last.
        not_after: UnixTime,
        /// When the list would be issued.
        issued_at: UnixTime,
        /// When it would expire.
        expires_at: UnixTime,
    },
    /// The first list has the number 1 and none before it; all others have both.
    #[error(
        "the list's number is {seq}: the first has 1 and no list before it, every other a larger one and a list before"
    )]
    Seq {
        /// The number.
        seq: u64,
    },
    /// More certificates than a list names.
    #[error("{count} certificates of token signers, a list names at most {MAX_CERTIFICATES}")]
    Certificates {
        /// How many.
        count: usize,
    },
    /// Something happened to an entry that was not given out.
    #[error("an event of the index {idx}, though only {issued} were given out")]
    NotIssued {
        /// The index.
        idx: u32,
        /// How many were given out.
        issued: u32,
    },
    /// The first event of an entry is a resumption.
    #[error("the first event of the index {idx} resumes what was valid")]
    Resumption {
        /// The index.
        idx: u32,
    },
    /// Readers would refuse it.
    #[error("the list could not be read again")]
    Unreadable(#[source] StatusListError),
    /// The claims could not be written as JSON.
    #[error("the claims of the list could not be written")]
    Claims(#[from] serde_json::Error),
    /// The list could not be signed.
    #[error("the list could not be signed")]
    Jws(#[from] JwsError),
}
