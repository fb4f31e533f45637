//! Changes of the status of an entry.

use super::{EntryStatus, Reason};
use crate::Date;

/// A change of an entry: its status from the effective date on.
///
/// An entry without events is valid. A resumption is an event with the status
/// [`EntryStatus::Valid`] and the reason of the suspension that it ends. On a day, the event with
/// the latest effective date counts among those that are effective; among events with the same
/// effective date, the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event {
    /// The index of the entry.
    pub idx: u32,
    /// The new status.
    pub status: EntryStatus,
    /// Why the status changed; for a resumption, the reason that no longer applies.
    pub reason: Reason,
    /// The first day of the new status, from 00:00:00 UTC.
    pub effective: Date,
    /// The day on which the register recorded the change.
    pub recorded: Date,
}

impl Event {
    /// Returns whether the event ends a certificate because a newer one of the same holder replaces
    /// it.
    pub fn supersedes(&self) -> bool {
        self.status == EntryStatus::Invalid && self.reason == Reason::Superseded
    }

    /// Returns whether the event was recorded more than a day after its effective date. Notice
    /// should not take longer (`docs/reference/rules.md`).
    pub fn is_late(&self) -> bool {
        self.recorded.days_since(self.effective) > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notice_within_a_day_is_not_late() {
        let date = |day| Date::constant(2024, 2, day);
        let event = |recorded| Event {
            idx: 0,
            status: EntryStatus::Invalid,
            reason: Reason::FeesOverdue,
            effective: date(10),
            recorded: date(recorded),
        };
        for (recorded, late) in [(1, false), (10, false), (11, false), (12, true)] {
            assert_eq!(event(recorded).is_late(), late, "{recorded}");
        }
    }
}
