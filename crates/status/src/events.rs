//! The events of a list, column by column (`docs/reference/status-list.md`, section 5).
//!
//! As an array of objects, ten thousand events would take six times the room of the list itself; columns of differences
//! compress to half of that.

use cqm_core::{
    Date,
    status::{EntryStatus, Event, Reason},
};
use cqm_sign::json::{self, JsonError};
use serde::{Deserialize, Serialize};

use crate::zlib::{self, ZlibError};

/// The events of a list are not longer when they are inflated: 16 MiB, which are some 400,000 events.
pub(crate) const MAX_BYTES: usize = 16 << 20;

/// One array for each property, all of the same length, and the reasons that occur: the events by index and effective
/// date.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    /// The index of the first event, then how much larger each index is than the one before.
    idx: Vec<u32>,
    status: Vec<u8>,
    reasons: Vec<Reason>,
    /// The place of the event's reason in `reasons`.
    reason: Vec<u8>,
    effective: Vec<Date>,
    /// How many days after its effective date the event was recorded; less than 0 where it was announced.
    recorded_after: Vec<i32>,
}

/// Writes events, which are in order.
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

/// Reads events, and makes sure that they are in order.
pub(crate) fn decode(text: &str) -> Result<Vec<Event>, EventsError> {
    let columns: Columns = json::from_slice(&zlib::decode(text, MAX_BYTES)?)?;
    let Columns { idx, status, reasons, reason, effective, recorded_after } = columns;
    let length = idx.len();
    if [status.len(), reason.len(), effective.len(), recorded_after.len()].iter().any(|other| *other != length) {
        return Err(EventsError::Lengths);
    }
    let mut events = Vec::with_capacity(length);
    let mut above: Option<Event> = None;
    let rows = idx.into_iter().zip(status).zip(reason).zip(effective).zip(recorded_after);
    for (at, ((((gap, status), reason), effective), days)) in rows.enumerate() {
        let wrong = |what| EventsError::Event { at, what };
        let idx = above.map_or(0, |above| above.idx).checked_add(gap).ok_or(wrong("an index too large"))?;
        let status = EntryStatus::from_value(status).ok_or(wrong("a status other than 0, 1 and 2"))?;
        let reason = reasons.get(usize::from(reason)).ok_or(wrong("a reason that is not in `reasons`"))?;
        match above.filter(|above| above.idx == idx) {
            Some(above) if above.effective > effective => return Err(wrong("an earlier date than the one before it")),
            None if status == EntryStatus::Valid => return Err(wrong("a resumption of what was valid")),
            _ => {}
        }
        if days.unsigned_abs() > MAX_DAYS {
            return Err(wrong("a recorded date too far from its effective date"));
        }
        let event = Event { idx, status, reason: *reason, effective, recorded: effective.plus_days(days) };
        events.push(event);
        above = Some(event);
    }
    Ok(events)
}

/// An event is not recorded longer than a century before or after it takes effect.
const MAX_DAYS: u32 = 36_525;

/// Why events can't be read.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// They are not one whole zlib stream in base64url, or too many.
    #[error(transparent)]
    Zlib(#[from] ZlibError),
    /// They are not the JSON object expected.
    #[error("is {0}")]
    Json(#[from] JsonError),
    /// The arrays are of different lengths.
    #[error("has arrays of different lengths")]
    Lengths,
    /// An event contradicts the others or itself.
    #[error("has, as event {at}, {what}")]
    Event {
        /// Which, counted from 0.
        at: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}
