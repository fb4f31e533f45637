//! The content of a list, and the status of its entries.

use cqm_core::{
    CertificateNumber, Date, UnixTime,
    claims::ISSUER,
    status::{EntryStatus, Event, ListUri, MAX_SEQ, NOT_ISSUED},
};
use cqm_sign::x509::{Crl, X509Certificate};

use crate::{
    Digest, IssuedTokens, TokenDigest, TokensError,
    agreement::{agree, status_at},
    claims::{Claims, CqmClaim, VERSION},
    crls,
    entries::{Bits, Entries, StatusListClaim},
    error::StatusListError,
    events,
    successors::Successors,
};

/// The content of a list. Its form is right, and its entries and events agree. Whether it is
/// authentic, only a [`VerifiedList`](crate::VerifiedList) shows.
#[derive(Debug, Clone)]
pub struct StatusList {
    uri: ListUri,
    issued_at: UnixTime,
    expires_at: UnixTime,
    ttl: u64,
    seq: u64,
    prev: Option<Digest>,
    log_head: Digest,
    entries: Entries,
    /// Sorted by index, then by effective date.
    events: Vec<Event>,
    successors: Successors,
    tokens: IssuedTokens,
    crls: Vec<Crl>,
}

impl StatusList {
    pub(crate) fn new(claims: Claims) -> Result<Self, StatusListError> {
        check(&claims)?;
        let Claims { sub, iat, exp, ttl, status_list, cqm, .. } = claims;
        let prev = prev(&cqm)?;
        let log_head = digest("cqm.log_head", &cqm.log_head)?;
        let entries = two_bit_entries(&status_list)?;
        let events = events::decode(&cqm.events)?;
        agree(&entries, &events, iat)?;
        let tokens = IssuedTokens::decode(cqm.issued)?;
        if let Some((idx, _)) = tokens.iter().find(|(idx, _)| !is_in_use(&entries, *idx)) {
            return Err(TokensError::NotInUse { idx }.into());
        }
        let unrevoked = tokens.iter().find_map(|(idx, _)| Some((idx, first_unrevoked(events_of(&events, idx))?)));
        if let Some((idx, from)) = unrevoked {
            return Err(StatusListError::Unrevoked { idx, from });
        }
        let successors = cqm.successors.as_deref().map(Successors::decode).transpose()?.unwrap_or_default();
        successors.check(&tokens, &events)?;
        let crls = crls::decode(&cqm.crls)?;
        Ok(Self {
            uri: sub,
            issued_at: iat,
            expires_at: exp,
            ttl,
            seq: cqm.seq,
            prev,
            log_head,
            entries,
            events,
            successors,
            tokens,
            crls,
        })
    }

    /// Returns the name of the list: the claim `sub`.
    pub fn uri(&self) -> &ListUri {
        &self.uri
    }

    /// Returns when the list was issued: the claim `iat`.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// Returns from when on the list must not be used: the claim `exp`.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// Returns the number of seconds after which a reader should look for a newer list.
    pub fn ttl(&self) -> u64 {
        self.ttl
    }

    /// Returns the number of the list. Each later list has a larger one.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Returns the digest of the list before; `None` for the first list.
    pub fn prev(&self) -> Option<Digest> {
        self.prev
    }

    /// Returns the head of the register's log at the time when the list was made.
    pub fn log_head(&self) -> Digest {
        self.log_head
    }

    /// Returns the entries, with their status at [`Self::issued_at`].
    pub fn entries(&self) -> &Entries {
        &self.entries
    }

    /// Returns all events of all entries, sorted by index, then by effective date.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the number of the certificate that replaced the superseded one with an index; `None`
    /// if it was not superseded, or the list does not name its successor.
    pub fn successor_of(&self, idx: u32) -> Option<&CertificateNumber> {
        self.successors.get(idx)
    }

    /// Returns the indices of superseded certificates, and the numbers of their successors.
    pub fn successors(&self) -> impl Iterator<Item = (u32, &CertificateNumber)> {
        self.successors.iter()
    }

    /// Returns the digests of all tokens that were issued.
    pub fn tokens(&self) -> &IssuedTokens {
        &self.tokens
    }

    /// Returns whether the list names a token: the office issued it for the certificate with this
    /// index.
    pub fn names(&self, idx: u32, token: TokenDigest) -> bool {
        self.tokens.get(idx) == Some(token)
    }

    /// Returns the CRLs. Each is judged by its own signature.
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// Returns whether the list has expired at a time, so that it must not be used for it.
    pub fn is_stale(&self, at: UnixTime) -> bool {
        at >= self.expires_at
    }

    /// Returns the status of an entry at a time, as far as the list knows it.
    ///
    /// # Errors
    /// Fails if the index is not in use.
    pub fn status_of(&self, idx: u32, at: UnixTime) -> Result<CurrentStatus, NotIssued> {
        match is_in_use(&self.entries, idx) {
            false => Err(NotIssued { idx }),
            true => Ok(CurrentStatus { event: status_at(self.events_of(idx), at).copied() }),
        }
    }

    /// Returns the events of one entry, sorted by effective date.
    pub fn events_of(&self, idx: u32) -> &[Event] {
        events_of(&self.events, idx)
    }
}

/// Returns the events of one entry among those of all.
pub(crate) fn events_of(events: &[Event], idx: u32) -> &[Event] {
    let from = events.partition_point(|event| event.idx < idx);
    let to = events.partition_point(|event| event.idx <= idx);
    events.get(from..to).unwrap_or_default()
}

/// Returns the first day on which a certificate is not revoked, though it was before.
///
/// A revocation that is recorded late is repeated on each later day that has an event, so the last
/// event of a day counts.
fn first_unrevoked(own: &[Event]) -> Option<Date> {
    let mut days = own.chunk_by(|one, other| one.effective == other.effective);
    let mut is_revoked = false;
    days.find_map(|day| {
        is_revoked |= day.iter().any(|event| event.status == EntryStatus::Invalid);
        let last = day.last()?;
        (is_revoked && last.status != EntryStatus::Invalid).then_some(last.effective)
    })
}

/// Returns whether an index was given to a certificate or a label.
fn is_in_use(entries: &Entries, idx: u32) -> bool {
    entries.get(idx).is_some_and(|value| value != NOT_ISSUED)
}

/// Checks the claims that have a fixed value or a range.
fn check(claims: &Claims) -> Result<(), StatusListError> {
    let Claims { iss, iat, exp, ttl, cqm, .. } = claims;
    if cqm.version != VERSION {
        return Err(differs("cqm.version", &cqm.version, &VERSION));
    }
    if iss != ISSUER {
        return Err(differs("iss", iss, &ISSUER));
    }
    if exp <= iat {
        return Err(differs("exp", exp, &format_args!("later than {iat}")));
    }
    if *ttl == 0 {
        return Err(differs("ttl", ttl, &"1 or more"));
    }
    if !(1..=MAX_SEQ).contains(&cqm.seq) {
        return Err(differs("cqm.seq", &cqm.seq, &format_args!("1 to {MAX_SEQ}")));
    }
    Ok(())
}

/// Reads the digest of the list before. Only the first list has none.
fn prev(cqm: &CqmClaim) -> Result<Option<Digest>, StatusListError> {
    match &cqm.prev {
        None if cqm.seq == 1 => Ok(None),
        None => Err(differs("cqm.prev", &"missing", &"the digest of the list before")),
        Some(text) if cqm.seq == 1 => Err(differs("cqm.prev", text, &"no list before the first")),
        Some(text) => digest("cqm.prev", text).map(Some),
    }
}

fn digest(claim: &'static str, text: &str) -> Result<Digest, StatusListError> {
    text.parse().map_err(|error| differs(claim, &text, &error))
}

fn two_bit_entries(claim: &StatusListClaim) -> Result<Entries, StatusListError> {
    let entries = Entries::decode(claim)?;
    match entries.bits() {
        Bits::Two => Ok(entries),
        other => Err(differs("status_list.bits", &other.get(), &Bits::Two.get())),
    }
}

fn differs(claim: &'static str, found: &dyn ToString, expected: &dyn ToString) -> StatusListError {
    let found = found.to_string().chars().take(64).collect();
    StatusListError::Claim { claim, found, expected: expected.to_string() }
}

/// Returns whether a list with this expiry ends with its signer's X.509 certificate at the latest.
pub(crate) fn ends_with_signer(expires_at: UnixTime, signer: &X509Certificate) -> bool {
    // The expiry is the first second after the list; the X.509 certificate names its last second.
    expires_at <= signer.not_after().plus_seconds(1)
}

/// The status of an entry at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentStatus {
    /// The event that counts; `None` if there is no event until then, so that the entry is valid.
    pub event: Option<Event>,
}

impl CurrentStatus {
    /// Returns the status.
    pub fn status(&self) -> EntryStatus {
        self.event.map_or(EntryStatus::Valid, |event| event.status)
    }
}

/// The index is not in use: the office has issued nothing with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the index {idx} is not in use")]
pub struct NotIssued {
    /// The index of the entry.
    pub idx: u32,
}

#[cfg(test)]
mod tests {
    use cqm_core::status::Reason;

    use super::*;
    use crate::tokens::TokensClaim;

    const ISSUED: Date = Date::constant(2024, 1, 15);

    fn tokens<const N: usize>(indices: [u32; N]) -> TokensClaim {
        crate::tokens::encode(&indices.into_iter().map(|idx| (idx, TokenDigest::of(&idx.to_be_bytes()))).collect())
    }

    /// The claims of a list with four entries, of which entry 2 is stopped.
    fn claims() -> Claims {
        let event =
            |status, effective| Event { idx: 2, status, reason: Reason::FeesOverdue, effective, recorded: effective };
        let events =
            [event(EntryStatus::Suspended, ISSUED.plus_days(-5)), event(EntryStatus::Invalid, ISSUED.plus_days(5))];
        Claims {
            iss: ISSUER.to_owned(),
            sub: ListUri::default(),
            iat: ISSUED.start(),
            exp: ISSUED.end(),
            ttl: 1,
            status_list: Entries::of_two_bits([0, 0, 2].into_iter(), NOT_ISSUED).encode(),
            cqm: CqmClaim {
                version: VERSION,
                seq: 3,
                prev: Some(Digest([1; 32]).to_string()),
                log_head: Digest([2; 32]).to_string(),
                events: events::encode(&events).unwrap(),
                successors: None,
                issued: tokens([0, 2]),
                crls: Vec::new(),
            },
        }
    }

    type Change = fn(&mut Claims);

    #[test]
    fn claims_keep_to_their_bounds() {
        let cases: [(Change, Option<&str>); 16] = [
            (|_| (), None),
            (|claims| claims.cqm.version = VERSION + 1, Some("cqm.version")),
            (|claims| claims.iss.push('x'), Some("iss")),
            (|claims| claims.exp = claims.iat.plus_seconds(1), None),
            (|claims| claims.exp = claims.iat, Some("exp")),
            (|claims| claims.ttl = 0, Some("ttl")),
            (|claims| claims.cqm.seq = 0, Some("cqm.seq")),
            (|claims| claims.cqm.seq = 2, None),
            (|claims| claims.cqm.seq = MAX_SEQ, None),
            (|claims| claims.cqm.seq = MAX_SEQ + 1, Some("cqm.seq")),
            (|claims| claims.cqm.seq = 1, Some("cqm.prev")),
            (|claims| (claims.cqm.seq, claims.cqm.prev) = (1, None), None),
            (|claims| claims.cqm.prev = None, Some("cqm.prev")),
            (|claims| claims.cqm.prev = Some("12".to_owned()), Some("cqm.prev")),
            (|claims| claims.cqm.log_head.push('0'), Some("cqm.log_head")),
            (|claims| claims.status_list.bits = 4, Some("status_list.bits")),
        ];
        for (at, (change, expected)) in cases.into_iter().enumerate() {
            let mut claims = claims();
            change(&mut claims);
            let wrong = match StatusList::new(claims) {
                Ok(_) => None,
                Err(StatusListError::Claim { claim, .. }) => Some(claim),
                Err(other) => panic!("case {at}: {other}"),
            };
            assert_eq!(wrong, expected, "case {at}");
        }
    }

    #[test]
    fn a_list_names_the_tokens_of_indices_in_use() {
        let list = StatusList::new(claims()).unwrap();
        let token = |idx: u32| TokenDigest::of(&idx.to_be_bytes());
        assert!(list.names(0, token(0)) && list.names(2, token(2)));
        for (idx, other) in [(0, 2), (2, 0), (1, 1), (3, 3)] {
            assert!(!list.names(idx, token(other)), "{idx} {other}");
        }
        // Entry 3 fills the last byte and is not in use; entry 4 is beyond the end.
        for (idx, expected) in [(1, true), (3, false), (4, false)] {
            let mut claims = claims();
            claims.cqm.issued = tokens([0, idx]);
            match StatusList::new(claims) {
                Ok(list) => assert!(expected && list.tokens().len() == 2),
                Err(error) => assert!(
                    matches!(error, StatusListError::Tokens(TokensError::NotInUse { idx: found }) if found == idx && !expected)
                ),
            }
        }
    }

    #[test]
    fn no_certificate_comes_back() {
        use EntryStatus::{Invalid, Suspended, Valid};
        let first = |history: &[(EntryStatus, i32)]| {
            let event = |(status, day): &(EntryStatus, i32)| {
                let effective = ISSUED.plus_days(*day);
                Event { idx: 2, status: *status, reason: Reason::VendorRequest, effective, recorded: effective }
            };
            first_unrevoked(&history.iter().map(event).collect::<Vec<_>>())
        };
        for good in [
            &[][..],
            &[(Suspended, -9), (Valid, -5), (Suspended, -4), (Invalid, -2), (Invalid, 4)],
            // The revocation was recorded after the suspension.
            &[(Invalid, -9), (Suspended, -5), (Invalid, -5), (Valid, -4), (Invalid, -4)],
        ] {
            assert_eq!(first(good), None, "{good:?}");
        }
        for (bad, day) in [
            (&[(Invalid, -9), (Valid, -9)][..], -9),
            (&[(Invalid, -9), (Valid, -5)], -5),
            (&[(Invalid, -9), (Suspended, -5), (Invalid, -4)], -5),
            (&[(Suspended, -9), (Invalid, -5), (Invalid, -4), (Valid, 3)], 3),
        ] {
            assert_eq!(first(bad), Some(ISSUED.plus_days(day)), "{bad:?}");
        }
    }

    #[test]
    fn only_certificates_stay_revoked() {
        let with_token_of = |idx| {
            let event = |status, days| {
                let effective = ISSUED.plus_days(days);
                Event { idx: 2, status, reason: Reason::VendorRequest, effective, recorded: effective }
            };
            let events = [event(EntryStatus::Invalid, -5), event(EntryStatus::Valid, -4)];
            let mut claims = claims();
            claims.status_list = Entries::of_two_bits([0, 0, 0].into_iter(), NOT_ISSUED).encode();
            claims.cqm.events = events::encode(&events).unwrap();
            claims.cqm.issued = tokens([idx]);
            StatusList::new(claims)
        };
        assert!(with_token_of(1).is_ok());
        assert!(matches!(with_token_of(2), Err(StatusListError::Unrevoked { idx: 2, .. })));
    }

    #[test]
    fn the_status_changes_with_the_first_second_of_the_effective_date() {
        let list = StatusList::new(claims()).unwrap();
        let status = |idx, at| list.status_of(idx, at).map(|current| current.status());
        for (day, first) in [(-5, EntryStatus::Suspended), (5, EntryStatus::Invalid)] {
            let start = ISSUED.plus_days(day).start();
            assert_eq!(status(2, start), Ok(first));
            assert_ne!(status(2, start.plus_seconds(-1)), Ok(first));
        }
        for idx in [0, 1] {
            assert_eq!(status(idx, ISSUED.end()), Ok(EntryStatus::Valid));
        }
        for idx in [3, 4, u32::MAX] {
            assert_eq!(status(idx, ISSUED.end()), Err(NotIssued { idx }));
        }
    }

    #[test]
    fn a_list_is_stale_from_its_expiry_on() {
        let list = StatusList::new(claims()).unwrap();
        assert!(list.is_stale(list.expires_at()) && !list.is_stale(list.expires_at().plus_seconds(-1)));
    }
}
