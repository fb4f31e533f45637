//! A list as it was read, and what it says about an entry on a day.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cqm_core::{
    UnixTime,
    claims::ISSUER,
    status::{EntryStatus, Event, ListUri, MAX_SEQ, NOT_ISSUED},
};
use cqm_sign::x509::X509Certificate;

use crate::{
    Digest,
    claims::{Claims, MAX_CERTIFICATES, VERSION},
    entries::{Bits, Entries},
    error::{Disagreement, StatusListError},
    events,
};

/// What a list says. It was read, and agrees with itself; that it is authentic, only a
/// [`VerifiedList`](crate::VerifiedList) knows.
#[derive(Debug, Clone)]
pub struct StatusList {
    uri: ListUri,
    issued_at: UnixTime,
    expires_at: UnixTime,
    ttl: u64,
    seq: u64,
    prev: Option<Digest>,
    log_head: Digest,
    certs: Vec<X509Certificate>,
    entries: Entries,
    /// By index, then by effective date.
    events: Vec<Event>,
}

impl StatusList {
    pub(crate) fn new(claims: Claims) -> Result<Self, StatusListError> {
        let differs = |claim, found: &dyn ToString, expected: &dyn ToString| StatusListError::Claim {
            claim,
            found: found.to_string().chars().take(64).collect(),
            expected: expected.to_string(),
        };
        let Claims { iss, sub, iat, exp, ttl, status_list, cqm } = claims;
        if cqm.version != VERSION {
            return Err(differs("cqm.version", &cqm.version, &VERSION));
        }
        if iss != ISSUER {
            return Err(differs("iss", &iss, &ISSUER));
        }
        if exp <= iat {
            return Err(differs("exp", &exp, &format_args!("later than {iat}")));
        }
        if ttl == 0 {
            return Err(differs("ttl", &ttl, &"1 or more"));
        }
        if !(1..=MAX_SEQ).contains(&cqm.seq) {
            return Err(differs("cqm.seq", &cqm.seq, &format_args!("1 to {MAX_SEQ}")));
        }
        let digest = |claim, text: &String| text.parse::<Digest>().map_err(|error| differs(claim, text, &error));
        let prev = cqm.prev.as_ref().map(|prev| digest("cqm.prev", prev)).transpose()?;
        if (cqm.seq == 1) != prev.is_none() {
            let expected = if cqm.seq == 1 { "no list before the first" } else { "the digest of the list before" };
            return Err(differs("cqm.prev", &cqm.prev.unwrap_or_else(|| "missing".to_owned()), &expected));
        }
        let log_head = digest("cqm.log_head", &cqm.log_head)?;
        if cqm.certs.len() > MAX_CERTIFICATES {
            return Err(differs("cqm.certs", &cqm.certs.len(), &format_args!("at most {MAX_CERTIFICATES}")));
        }
        let certs = cqm.certs.iter().map(|text| certificate(text)).collect::<Result<_, _>>()?;
        let entries = Entries::decode(&status_list)?;
        if entries.bits() != Bits::Two {
            return Err(differs("status_list.bits", &entries.bits().get(), &Bits::Two.get()));
        }
        let events = events::decode(&cqm.events)?;
        agree(&entries, &events, iat)?;
        Ok(Self {
            uri: sub,
            issued_at: iat,
            expires_at: exp,
            ttl,
            seq: cqm.seq,
            prev,
            log_head,
            certs,
            entries,
            events,
        })
    }

    /// Which list it is: the claim `sub`.
    pub fn uri(&self) -> &ListUri {
        &self.uri
    }

    /// When it was issued: the claim `iat`.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// From when on it must not be used any more: the claim `exp`.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// After so many seconds a reader should look for a newer one.
    pub fn ttl(&self) -> u64 {
        self.ttl
    }

    /// Its number, which only grows from list to list.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The digest of the list before; none for the first.
    pub fn prev(&self) -> Option<Digest> {
        self.prev
    }

    /// The head of the register's log when the list was made.
    pub fn log_head(&self) -> Digest {
        self.log_head
    }

    /// The certificates of the token signers in use.
    pub fn certs(&self) -> &[X509Certificate] {
        &self.certs
    }

    /// The entries as of [`Self::issued_at`].
    pub fn entries(&self) -> &Entries {
        &self.entries
    }

    /// Everything that ever happened to an entry, by index, then by effective date.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether the list must not be used for an instant, since a newer one was to be published before.
    pub fn is_stale(&self, at: UnixTime) -> bool {
        at >= self.expires_at
    }

    /// What became of an entry by an instant, as far as the list knows.
    ///
    /// # Errors
    /// When nobody was given the index.
    pub fn standing(&self, idx: u32, at: UnixTime) -> Result<CurrentStatus, NotIssued> {
        match self.entries.get(idx) {
            None | Some(NOT_ISSUED) => Err(NotIssued { idx }),
            Some(_) => {
                let from = self.events.partition_point(|event| event.idx < idx);
                let own = self.events.get(from..).unwrap_or_default();
                let own = own.get(..own.partition_point(|event| event.idx == idx)).unwrap_or_default();
                Ok(CurrentStatus { event: status_at(own, at).copied() })
            }
        }
    }
}

fn certificate(text: &str) -> Result<X509Certificate, StatusListError> {
    let der = STANDARD.decode(text).map_err(|_| StatusListError::Certificate("not encoded in base64".to_owned()))?;
    X509Certificate::from_der(&der).map_err(|error| StatusListError::Certificate(error.to_string()))
}

/// Makes sure that the entries are the state of all events that are effective at `at`, and nothing else.
fn agree(entries: &Entries, events: &[Event], at: UnixTime) -> Result<(), Disagreement> {
    let mut set = entries.iter_set().filter(|(_, value)| *value != NOT_ISSUED);
    for own in events.chunk_by(|one, other| one.idx == other.idx) {
        let Some(Event { idx, .. }) = own.first() else { continue };
        let by_events = status_at(own, at).map_or(0, |event| event.status.value());
        // An entry without an event, or the one that this event asks for.
        let found = match by_events {
            0 => entries.get(*idx).map(|entry| (*idx, entry)),
            _ => set.next(),
        };
        match found {
            Some((found, entry)) if found == *idx && entry == by_events => {}
            Some((found, entry)) if found < *idx => {
                return Err(Disagreement { idx: found, entry: Some(entry), by_events: 0 });
            }
            _ => return Err(Disagreement { idx: *idx, entry: entries.get(*idx), by_events }),
        }
    }
    match set.next() {
        Some((idx, entry)) => Err(Disagreement { idx, entry: Some(entry), by_events: 0 }),
        None => Ok(()),
    }
}

/// The event among those of one entry, by effective date, that counts at an instant.
pub(crate) fn status_at(own: &[Event], at: UnixTime) -> Option<&Event> {
    own.get(..own.partition_point(|event| event.effective.start() <= at))?.last()
}

/// Whether a list with this expiry ends with its signer's certificate at the latest.
pub(crate) fn ends_with_signer(expires_at: UnixTime, signer: &X509Certificate) -> bool {
    // The expiry is the first second that the list is not for; the certificate names its last.
    expires_at <= signer.not_after().plus_seconds(1)
}

/// What became of an entry by an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentStatus {
    /// The event that counts. None if nothing happened to the entry by then: it is valid.
    pub event: Option<Event>,
}

impl CurrentStatus {
    /// The status.
    pub fn status(&self) -> EntryStatus {
        self.event.map_or(EntryStatus::Valid, |event| event.status)
    }
}

/// Nobody was given an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nobody was given the index {idx}")]
pub struct NotIssued {
    /// The index.
    pub idx: u32,
}
