//! The agreement of entries and events.
//!
//! A list contains the status twice: as entries, and as events. A reader that knows only the
//! entries must get the same answer as one that reads the events.

use cqm_core::{
    UnixTime,
    status::{Event, NOT_ISSUED},
};

use crate::entries::Entries;

/// An entry that does not have the status that follows from the events at the time of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the entry {idx} is {}, by the events it is {by_events}", named(*entry))]
pub struct Disagreement {
    /// The index of the entry.
    pub idx: u32,
    /// The value of the entry; `None` beyond the end of the entries.
    pub entry: Option<u8>,
    /// The value that follows from the events.
    pub by_events: u8,
}

fn named(entry: Option<u8>) -> String {
    entry.map_or_else(|| "missing".to_owned(), |entry| entry.to_string())
}

/// Checks that each entry has the status that follows from the events in effect at a time.
///
/// Goes through events and entries side by side, because both can be millions.
pub(crate) fn agree(entries: &Entries, events: &[Event], at: UnixTime) -> Result<(), Disagreement> {
    let mut set = entries.iter_set().filter(|(_, value)| *value != NOT_ISSUED);
    for own in events.chunk_by(|one, other| one.idx == other.idx) {
        let Some(Event { idx, .. }) = own.first() else { continue };
        let by_events = status_at(own, at).map_or(0, |event| event.status.value());
        // If the entry is 0, it is not among those that are set.
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

/// Returns the event that counts at a time among the events of one entry, which are sorted by
/// effective date.
pub(crate) fn status_at(own: &[Event], at: UnixTime) -> Option<&Event> {
    own.get(..own.partition_point(|event| event.effective.start() <= at))?.last()
}

#[cfg(test)]
mod tests {
    use cqm_core::{
        Date,
        status::{EntryStatus, Reason},
    };

    use super::*;

    const ISSUED: Date = Date::constant(2024, 1, 15);

    fn event(idx: u32, status: EntryStatus, effective: Date) -> Event {
        Event { idx, status, reason: Reason::FeesOverdue, effective, recorded: effective }
    }

    fn compare<const N: usize>(values: [u8; N], events: &[Event]) -> Result<(), Disagreement> {
        agree(&Entries::of_two_bits(values.into_iter(), NOT_ISSUED), events, ISSUED.start())
    }

    #[test]
    fn an_entry_has_the_status_of_the_last_event_in_effect() {
        use EntryStatus::{Invalid, Suspended, Valid};
        let events = [
            event(1, Suspended, ISSUED.plus_days(-2)),
            event(1, Invalid, ISSUED),
            event(3, Suspended, ISSUED.plus_days(-9)),
            event(3, Valid, ISSUED.plus_days(-1)),
            event(5, Invalid, ISSUED.tomorrow()),
            event(6, Suspended, ISSUED),
        ];
        assert_eq!(compare([0, 1, 0, 0, 0, 0, 2], &events), Ok(()));
        assert_eq!(compare([0, 0, 0, 0], &[]), Ok(()));
    }

    #[test]
    fn the_entry_that_disagrees_is_named() {
        let stopped = [event(3, EntryStatus::Invalid, ISSUED), event(5, EntryStatus::Suspended, ISSUED)];
        let disagreement = |idx, entry, by_events| Err(Disagreement { idx, entry, by_events });
        for (values, expected) in [
            ([0, 0, 0, 1, 0, 2, 0, 0], Ok(())),
            // Set without an event: before the events, between them, after them.
            ([0, 1, 0, 1, 0, 2, 0, 0], disagreement(1, Some(1), 0)),
            ([0, 0, 0, 1, 2, 2, 0, 0], disagreement(4, Some(2), 0)),
            ([0, 0, 0, 1, 0, 2, 1, 0], disagreement(6, Some(1), 0)),
            // An event without its entry: the first, the last.
            ([0, 0, 0, 0, 0, 2, 0, 0], disagreement(3, Some(0), 1)),
            ([0, 0, 0, 1, 0, 0, 0, 0], disagreement(5, Some(0), 2)),
            // Another status; an index that is not in use.
            ([0, 0, 0, 2, 0, 2, 0, 0], disagreement(3, Some(2), 1)),
            ([0, 0, 0, 3, 0, 2, 0, 0], disagreement(3, Some(3), 1)),
        ] {
            assert_eq!(compare(values, &stopped), expected, "{values:?}");
        }
        // Beyond the end.
        assert_eq!(compare([0, 0, 0, 1], &stopped), disagreement(5, None, 2));
        // An event that is not in effect yet: the entry must still be in use.
        let announced = [event(2, EntryStatus::Invalid, ISSUED.tomorrow())];
        assert_eq!(compare([0, 0, 3, 0], &announced), disagreement(2, Some(3), 0));
        assert_eq!(compare([0, 0, 1, 0], &announced), disagreement(2, Some(1), 0));
    }
}
