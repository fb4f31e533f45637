//! What was seen of one list (`docs/reference/status-list.md`, section 8).
//!
//! An office publishes one list after another, and each contains all that the ones before it
//! contain. So of the lists seen, the newest is enough, as long as it follows every other. If none
//! does, the list has forked: one who has the office's key tells different things to different
//! people, or the office has lost a part of its register.

use core::cmp::Ordering;

use cqm_core::status::Event;

use crate::{Digest, VerifiedList};

/// The largest number of lists of one signer that contradict each other.
const LIMIT: usize = 8;

/// The lists that were seen of one name under one root, as far as they can still matter: those that
/// no other list of the same signer follows.
///
/// The order in which lists are added makes no difference, unless a signer has signed so many
/// contradicting lists that not all are kept; then the contradiction stays until they are
/// [forgotten](Self::forget). Each signer's lists are kept apart, so that forgetting one signer
/// does not forget what another has said.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The newest first.
    lists: Vec<VerifiedList>,
    contradiction: Option<Contradiction>,
}

impl History {
    /// Adds a list of the same name and root. Returns whether it is kept: not if it was added
    /// before, if a kept list follows it, or if its signer has too many contradicting lists.
    pub fn add(&mut self, list: VerifiedList) -> bool {
        let own = || self.lists.iter().filter(|kept| is_same_signer(kept, &list));
        if own().count() >= LIMIT || own().any(|kept| kept.digest() == list.digest() || kept.follows(&list).is_ok()) {
            return false;
        }
        self.lists.retain(|kept| !is_same_signer(kept, &list) || list.follows(kept).is_err());
        self.lists.push(list);
        self.lists.sort_by(newest_first);
        self.contradiction = self.find_contradiction();
        true
    }

    /// Forgets the lists that fulfil a condition.
    pub fn forget(&mut self, condition: impl Fn(&VerifiedList) -> bool) {
        self.lists.retain(|list| !condition(list));
        self.contradiction = self.find_contradiction();
    }

    /// The lists that are kept, the newest first.
    pub fn lists(&self) -> &[VerifiedList] {
        &self.lists
    }

    /// The list with the largest number.
    pub fn newest(&self) -> Option<&VerifiedList> {
        self.lists.first()
    }

    /// The reason that the newest list does not follow all others; `None` if it does.
    pub fn contradiction(&self) -> Option<&Contradiction> {
        self.contradiction.as_ref()
    }

    fn find_contradiction(&self) -> Option<Contradiction> {
        let (newest, older) = self.lists.split_first()?;
        let of_signer = |list| self.lists.iter().filter(|kept| is_same_signer(kept, list)).count();
        if self.lists.iter().any(|list| of_signer(list) >= LIMIT) {
            return Some(Contradiction::TooMany);
        }
        older.iter().find_map(|list| newest.follows(list).err())
    }
}

/// Numbers can be equal; then the digests decide, so that the order is always the same.
fn newest_first(one: &VerifiedList, other: &VerifiedList) -> Ordering {
    let key = |list: &VerifiedList| (list.list().seq(), list.digest());
    key(other).cmp(&key(one))
}

/// Returns whether two lists have the same signer under the same path, so that both are forgotten
/// or none.
fn is_same_signer(one: &VerifiedList, other: &VerifiedList) -> bool {
    one.path().leaf() == other.path().leaf() && one.path().intermediates().eq(other.path().intermediates())
}

impl VerifiedList {
    /// Checks that this list can follow another one of the same name: it has a larger number, names
    /// the other one if that is the one before it, and contains all that the other one contains.
    ///
    /// Goes through both lists once, side by side.
    pub(crate) fn follows(&self, other: &Self) -> Result<(), Contradiction> {
        let (list, before) = (self.list(), other.list());
        let (seq, other_seq) = (list.seq(), before.seq());
        match seq.checked_sub(other_seq) {
            None => return Err(Contradiction::Later { seq, other: other_seq }),
            Some(0) => return Err(Contradiction::SameNumber { seq, one: self.digest(), other: other.digest() }),
            Some(1) if list.prev() != Some(other.digest()) => {
                return Err(Contradiction::AnotherBefore { seq, other: other_seq, seen: other.digest() });
            }
            Some(_) => {}
        }
        if let Some(event) = first_lost(before.events(), list.events()) {
            return Err(Contradiction::LostEvent { seq, other: other_seq, event });
        }
        if let Some(idx) = before.entries().first_taken_back(list.entries()) {
            return Err(Contradiction::TakenBack { seq, other: other_seq, idx });
        }
        match before.tokens().iter().find(|(idx, token)| !list.names(*idx, *token)) {
            Some((idx, _)) => Err(Contradiction::AnotherToken { seq, other: other_seq, idx }),
            None => Ok(()),
        }
    }
}

/// Returns the first event that is missing among the later events. They have to contain the earlier
/// ones in the same order, because of several events with the same date the last one counts.
fn first_lost(earlier: &[Event], later: &[Event]) -> Option<Event> {
    let mut later = later.iter();
    earlier.iter().find(|event| !later.any(|found| found == *event)).copied()
}

/// The reason that two lists of one name can't both be what the office published.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The list has the smaller number. Never a [`History::contradiction`].
    #[error("the list has the number {seq}, and number {other} was seen")]
    Later {
        /// The number of the list.
        seq: u64,
        /// The number of the other list.
        other: u64,
    },
    /// Two lists have the same number.
    #[error("two lists with the number {seq} were seen: SHA-256 {one} and {other}")]
    SameNumber {
        /// The number.
        seq: u64,
        /// The digest of one list.
        one: Digest,
        /// The digest of the other list.
        other: Digest,
    },
    /// The list names another list as the one before it.
    #[error("number {seq} names another list as the one before it than number {other} that was seen: SHA-256 {seen}")]
    AnotherBefore {
        /// The number of the list.
        seq: u64,
        /// The number before it.
        other: u64,
        /// The digest of the list with that number that was seen.
        seen: Digest,
    },
    /// An event is missing.
    #[error(
        "number {seq} lacks an event of number {other} that was seen: entry {} {} from {} on ({})",
        event.idx, event.status.as_str(), event.effective, event.reason
    )]
    LostEvent {
        /// The number of the list.
        seq: u64,
        /// The number of the list with the event.
        other: u64,
        /// The event.
        event: Event,
    },
    /// An entry that was given out is not any more.
    #[error("number {seq} takes back the entry {idx}, which number {other} that was seen had given out")]
    TakenBack {
        /// The number of the list.
        seq: u64,
        /// The number of the list in which the entry was given out.
        other: u64,
        /// The index of the entry.
        idx: u32,
    },
    /// The token of a certificate is missing, or is another one.
    #[error("number {seq} does not name the token of entry {idx} that number {other} named, which was seen")]
    AnotherToken {
        /// The number of the list.
        seq: u64,
        /// The number of the list with the token.
        other: u64,
        /// The index of the certificate.
        idx: u32,
    },
    /// A signer has signed so many contradicting lists that not all of them are kept.
    #[error("one signer has signed {LIMIT} or more lists that contradict each other")]
    TooMany,
}

#[cfg(test)]
mod tests {
    use cqm_core::{
        Date,
        status::{EntryStatus, Reason},
    };

    use super::*;

    #[test]
    fn later_events_contain_the_earlier_ones_in_their_order() {
        let event = |idx, status| {
            let day = Date::constant(2024, 1, 15);
            Event { idx, status, reason: Reason::FeesOverdue, effective: day, recorded: day }
        };
        let [a, b, c, d] = [
            event(1, EntryStatus::Suspended),
            event(1, EntryStatus::Valid),
            event(1, EntryStatus::Invalid),
            event(2, EntryStatus::Invalid),
        ];
        for (earlier, later, expected) in [
            (&[][..], &[][..], None),
            (&[], &[a], None),
            (&[a], &[], Some(a)),
            (&[a, b], &[a, b, c, d], None),
            (&[a, d], &[a, b, c, d], None),
            (&[a, b, d], &[a, b, c], Some(d)),
            // Of events with the same date the last one counts.
            (&[a, b], &[b, a], Some(b)),
            // Each event as often as before.
            (&[a, a], &[a, b], Some(a)),
            (&[a], &[Event { recorded: a.recorded.tomorrow(), ..a }], Some(a)),
        ] {
            assert_eq!(first_lost(earlier, later), expected);
        }
    }
}
