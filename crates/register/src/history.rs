//! The events of one entry of the status list, and the one that counts on a day.

use std::collections::BTreeSet;

use cqm_core::{
    Date,
    status::{EntryStatus, Event},
};

use crate::{
    RegisterError,
    database::{Row, UnexpectedValue},
    register::Reader,
};

/// The events of an entry, in the order in which they were recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct EntryHistory {
    events: Vec<Event>,
}

impl EntryHistory {
    pub(crate) fn read(reader: &mut Reader<'_>, idx: u32) -> Result<Self, RegisterError> {
        let sql = "SELECT idx, status, reason, effective, recorded FROM events WHERE idx = $1 ORDER BY id";
        let rows = reader.rows(sql, &[idx.into()])?;
        Ok(Self { events: rows.iter().map(event).collect::<Result<_, _>>()? })
    }

    /// The event that counts on a day: of those in effect, the one with the latest effective date;
    /// of several with that date, the last recorded. `None` if no event is in effect yet.
    pub(crate) fn on(&self, day: Date) -> Option<&Event> {
        self.events.iter().filter(|event| event.effective <= day).max_by_key(|event| event.effective)
    }

    /// The event that counts on the next day with an event, if its status differs from that on
    /// `day`.
    pub(crate) fn after(&self, day: Date) -> Option<&Event> {
        let next = self.events.iter().map(|event| event.effective).filter(|effective| *effective > day).min()?;
        let status = |event: Option<&Event>| event.map_or(EntryStatus::Valid, |event| event.status);
        self.on(next).filter(|event| event.status != status(self.on(day)))
    }

    /// The event that counts after all recorded events have taken effect.
    pub(crate) fn last(&self) -> Option<&Event> {
        self.events.iter().max_by_key(|event| event.effective)
    }

    /// Returns whether the entry is invalid after all recorded events have taken effect.
    pub(crate) fn is_stopped(&self) -> bool {
        self.last().is_some_and(|event| event.status == EntryStatus::Invalid)
    }

    /// The days on which an end must be recorded so that no recorded event undoes it: its own day,
    /// and each later effective date.
    pub(crate) fn dates_from(&self, effective: Date) -> BTreeSet<Date> {
        let later = self.events.iter().map(|event| event.effective).filter(|&date| date > effective);
        later.chain([effective]).collect()
    }
}

/// Reads an event from a row of idx, status, reason, effective and recorded.
pub(crate) fn event(row: &Row) -> Result<Event, UnexpectedValue> {
    Ok(Event {
        idx: row.column(0)?,
        status: row.parsed(1)?,
        reason: row.parsed(2)?,
        effective: row.parsed(3)?,
        recorded: row.parsed(4)?,
    })
}
