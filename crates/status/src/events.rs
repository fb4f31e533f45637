//! The encoding of events, column by column (`docs/reference/status-list.md`, section 5).
//!
//! As an array of objects, ten thousand events would be six times as large as the list itself;
//! columns of differences compress to half of that.

use cqm_core::{
    Date,
    status::{EntryStatus, Event, Reason},
};
use cqm_sign::json::{self, JsonError};
use serde::{Deserialize, Serialize};

use crate::zlib::{self, ZlibError};

/// The largest inflated size of the events: 16 MiB, which are about 400,000 events.
pub(crate) const MAX_BYTES: usize = 16 << 20;

/// The events, sorted by index and effective date: one array for each property, all of the same
/// length, and the reasons in use.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    /// The index of the first event, then the difference of each index to the one before.
    idx: Vec<u32>,
    status: Vec<u8>,
    reasons: Vec<Reason>,
    /// The position of each event's reason in `reasons`.
    reason: Vec<u8>,
    effective: Vec<Date>,
    /// The number of days from the effective date to the recorded date; negative if the event was
    /// recorded in advance.
    recorded_after: Vec<i32>,
}

/// Encodes events that are sorted by index and effective date.
pub(crate) fn encode(events: &[Event]) -> Result<String, serde_json::Error> {
    let mut above = 0;
    let gap = |event: &Event| event.idx.saturating_sub(core::mem::replace(&mut above, event.idx));
    let days = |event: &Event| i32::try_from(event.recorded.days_since(event.effective)).unwrap_or(i32::MAX);
    let reasons: Vec<Reason> =
        Reason::ALL.into_iter().filter(|reason| events.iter().any(|event| event.reason == *reason)).collect();
    let place = |event: &Event| reasons.iter().zip(0_u8..).find(|(reason, _)| **reason == event.reason);
    let columns = Columns {
        idx: events.iter().map(gap).collect(),
        status: events.iter().map(|event| event.status.value()).collect(),
        reason: events.iter().filter_map(place).map(|(_, place)| place).collect(),
        effective: events.iter().map(|event| event.effective).collect(),
        recorded_after: events.iter().map(days).collect(),
        reasons,
    };
    Ok(zlib::encode(&serde_json::to_vec(&columns)?))
}

/// Decodes events, and checks that they are sorted by index and effective date.
pub(crate) fn decode(text: &str) -> Result<Vec<Event>, EventsError> {
    let columns: Columns = json::from_slice(&zlib::decode(text, MAX_BYTES)?)?;
    let Columns { idx, status, reasons, reason, effective, recorded_after } = columns;
    let length = idx.len();
    if [status.len(), reason.len(), effective.len(), recorded_after.len()].iter().any(|other| *other != length) {
        return Err(EventsError::Lengths);
    }
    let mut events: Vec<Event> = Vec::with_capacity(length);
    let rows = idx.into_iter().zip(status).zip(reason).zip(effective).zip(recorded_after);
    for (at, ((((gap, status), reason), effective), days)) in rows.enumerate() {
        let row = Row { gap, status, reason, effective, days };
        let event = row.event(events.last(), &reasons).map_err(|what| EventsError::Event { at, what })?;
        events.push(event);
    }
    Ok(events)
}

/// One value of each column.
struct Row {
    gap: u32,
    status: u8,
    reason: u8,
    effective: Date,
    days: i32,
}

impl Row {
    /// Returns the event, or what is wrong with it. `above` is the event before it.
    fn event(self, above: Option<&Event>, reasons: &[Reason]) -> Result<Event, &'static str> {
        let Self { gap, status, reason, effective, days } = self;
        let idx = above.map_or(0, |above| above.idx).checked_add(gap).ok_or("an index too large")?;
        let status = EntryStatus::from_value(status).ok_or("a status other than 0, 1 and 2")?;
        let reason = *reasons.get(usize::from(reason)).ok_or("a reason that is not in `reasons`")?;
        match above.filter(|above| above.idx == idx) {
            Some(above) if above.effective > effective => return Err("an earlier date than the one before it"),
            None if status == EntryStatus::Valid => return Err("a resumption of an entry that was valid"),
            _ => {}
        }
        if days.unsigned_abs() > MAX_DAYS {
            return Err("a recorded date too far from its effective date");
        }
        Ok(Event { idx, status, reason, effective, recorded: effective.plus_days(days) })
    }
}

/// The largest number of days between the effective date and the recorded date: a century.
const MAX_DAYS: u32 = 36_525;

/// The reason that events can't be read.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// The events are not one whole zlib stream in base64url, or there are too many.
    #[error(transparent)]
    Zlib(#[from] ZlibError),
    /// The events are not the expected JSON object.
    #[error("is {0}")]
    Json(#[from] JsonError),
    /// The arrays have different lengths.
    #[error("has arrays of different lengths")]
    Lengths,
    /// An event contradicts the others or itself.
    #[error("has, as event {at}, {what}")]
    Event {
        /// The position of the event, counted from 0.
        at: usize,
        /// What is wrong with the event.
        what: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(idx: u32, status: EntryStatus, effective: Date, recorded: Date) -> Event {
        Event { idx, status, reason: Reason::FeesOverdue, effective, recorded }
    }

    #[test]
    fn events_are_read_as_they_were_written() {
        let date = |day| Date::constant(2024, 1, day);
        let events = [
            event(0, EntryStatus::Suspended, date(2), date(1)),
            event(0, EntryStatus::Valid, date(2), date(2)),
            event(7, EntryStatus::Invalid, date(1), date(31)),
            event(u32::MAX, EntryStatus::Invalid, date(1), date(1)),
        ];
        assert_eq!(decode(&encode(&events).unwrap()).unwrap(), events);
        assert_eq!(decode(&encode(&[]).unwrap()).unwrap(), []);
    }

    #[test]
    fn an_event_is_recorded_within_a_century_of_its_effective_date() {
        let effective = Date::constant(2100, 1, 1);
        for (days, allowed) in [(-36_526, false), (-36_525, true), (36_525, true), (36_526, false)] {
            let event = event(0, EntryStatus::Invalid, effective, effective.plus_days(days));
            assert_eq!(decode(&encode(&[event]).unwrap()).is_ok(), allowed, "{days}");
        }
    }
}
