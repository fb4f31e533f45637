//! Stopping, suspending and resuming labels; revoking certificates.

use std::collections::BTreeSet;

use cqm_core::{
    CertificateNumber, Date, Label, SiteReference,
    status::{EntryStatus, Event, Reason},
};

use crate::{
    Register, RegisterError, Stamp,
    action::{Action, EventRow, NEXT_EVENT},
    records::{self, EntryHistory},
    register::Reader,
};

/// What has a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A label, whatever certificate lists it and whatever its last character.
    Label(Label),
    /// A certificate.
    Certificate(CertificateNumber),
}

impl Subject {
    /// What the log calls it: a label by its first nine characters, a certificate by its number.
    fn name(&self) -> String {
        match self {
            Self::Label(label) => label.identity().to_string(),
            Self::Certificate(number) => number.to_string(),
        }
    }
}

impl core::fmt::Display for Subject {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Label(label) => write!(f, "label {label}"),
            Self::Certificate(number) => write!(f, "certificate {number}"),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusRequest {
    /// A label is stopped, or a certificate revoked: both for good, but that the office may resume a label.
    End(Subject),
    /// The labels of a site are stopped: after a loss of GVCP those that need it (section 3.6), else all.
    EndAtSite(SiteReference),
    /// A label or a certificate does not hold for the time being.
    Suspend(Subject),
    /// A suspended label or certificate, or a stopped label, holds again.
    Resume(Subject),
}

/// What a request comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusPlan {
    /// What changes, each subject once, with its status before, if it was other than valid.
    pub changes: Vec<StatusChange>,
    rows: Vec<EventRow>,
}

/// A change of one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The label or the certificate.
    pub subject: Subject,
    /// What counted before, on the day of the change.
    pub before: Option<Event>,
    /// What counts from then on.
    pub event: Event,
}

impl Register {
    /// Says what a request would change. Without a reason, a resumption takes that of what it ends.
    ///
    /// # Errors
    /// When the subject is unknown or has that status already, or the database fails.
    pub fn plan_status(
        &mut self,
        request: &StatusRequest,
        reason: Option<Reason>,
        effective: Date,
        today: Date,
    ) -> Result<StatusPlan, RegisterError> {
        self.read(|reader| plan(reader, request, reason, effective, today))
    }

    /// Changes what was shown.
    ///
    /// # Errors
    /// When the register changed since, or the database fails.
    pub fn change_status(
        &mut self,
        request: &StatusRequest,
        reason: Option<Reason>,
        effective: Date,
        shown: &StatusPlan,
        stamp: &Stamp,
    ) -> Result<(), RegisterError> {
        self.write(stamp, |writer| {
            let today = stamp.at.date().unwrap_or(effective);
            let plan = plan(&mut writer.reader, request, reason, effective, today)?;
            if plan != *shown {
                return Err(RegisterError::Changed);
            }
            let first_event = writer.reader.counter(NEXT_EVENT)?;
            writer.append(&Action::Status { first_event, events: plan.rows }, &[])
        })
    }
}

fn plan(
    reader: &mut Reader<'_>,
    request: &StatusRequest,
    reason: Option<Reason>,
    effective: Date,
    today: Date,
) -> Result<StatusPlan, RegisterError> {
    let mut plan = Plan { changes: Vec::new(), rows: Vec::new(), reason, effective, recorded: today };
    match request {
        StatusRequest::End(subject) => {
            let (subject, idx, state) = entry(reader, subject, effective)?;
            plan.end(subject, idx, &state)?;
        }
        StatusRequest::EndAtSite(site) => {
            let needs_gvcp = reason == Some(Reason::GvcpDecertified);
            for label in records::labels_at(reader, *site)? {
                let concerned = !needs_gvcp || label.identity.activity().needs_gvcp();
                if concerned && !label.state.is_stopped() {
                    plan.end(Subject::Label(label.label(effective)), label.idx, &label.state)?;
                }
            }
            if plan.changes.is_empty() {
                let which = if needs_gvcp { "that needs GVCP, " } else { "" };
                return Err(RegisterError::NothingToStop { site: *site, which });
            }
        }
        StatusRequest::Suspend(subject) => {
            let (subject, idx, state) = entry(reader, subject, effective)?;
            plan.suspend(subject, idx, &state)?;
        }
        StatusRequest::Resume(subject) => {
            let (subject, idx, state) = entry(reader, subject, effective)?;
            plan.resume(subject, idx, &state)?;
        }
    }
    Ok(StatusPlan { changes: plan.changes, rows: plan.rows })
}

/// A label as it stands on a day, or a certificate that was issued, with its entry.
fn entry(reader: &mut Reader<'_>, subject: &Subject, on: Date) -> Result<(Subject, u32, EntryHistory), RegisterError> {
    match subject {
        Subject::Label(label) => {
            let record = records::label(reader, label.identity())?;
            Ok((Subject::Label(record.label(on)), record.idx, record.state))
        }
        Subject::Certificate(number) => {
            let (record, _) = records::certificate(reader, number)?;
            match record.idx.filter(|_| record.validity.is_some()) {
                Some(idx) => Ok((subject.clone(), idx, record.state)),
                None => Err(RegisterError::NotIssued { number: number.clone() }),
            }
        }
    }
}

struct Plan {
    changes: Vec<StatusChange>,
    rows: Vec<EventRow>,
    reason: Option<Reason>,
    effective: Date,
    recorded: Date,
}

impl Plan {
    fn end(&mut self, subject: Subject, idx: u32, state: &EntryHistory) -> Result<(), RegisterError> {
        if let Some(event) = state.last().filter(|event| event.status == EntryStatus::Invalid) {
            return Err(already(&subject, event, None));
        }
        let reason = self.reason.unwrap_or(Reason::VendorRequest);
        for effective in state.dates_from(self.effective) {
            self.row(&subject, idx, EntryStatus::Invalid, reason, effective);
        }
        self.change(subject, idx, state, EntryStatus::Invalid, reason);
        Ok(())
    }

    fn suspend(&mut self, subject: Subject, idx: u32, state: &EntryHistory) -> Result<(), RegisterError> {
        self.refuse_later(&subject, state)?;
        if let Some(event) = state.last().filter(|event| event.status != EntryStatus::Valid) {
            return Err(already(&subject, event, None));
        }
        let reason = self.reason.unwrap_or(Reason::VendorRequest);
        self.row(&subject, idx, EntryStatus::Suspended, reason, self.effective);
        self.change(subject, idx, state, EntryStatus::Suspended, reason);
        Ok(())
    }

    fn resume(&mut self, subject: Subject, idx: u32, state: &EntryHistory) -> Result<(), RegisterError> {
        self.refuse_later(&subject, state)?;
        let Some(event) = state.last().filter(|event| event.status != EntryStatus::Valid) else {
            return Err(RegisterError::NotSuspended { subject: subject.to_string() });
        };
        if event.status == EntryStatus::Invalid && matches!(subject, Subject::Certificate(_)) {
            return Err(already(&subject, event, Some("a revoked certificate stays so; issue a new one")));
        }
        let reason = self.reason.unwrap_or(event.reason);
        self.row(&subject, idx, EntryStatus::Valid, reason, self.effective);
        self.change(subject, idx, state, EntryStatus::Valid, reason);
        Ok(())
    }

    /// A change that would be undone by one with a later date makes no sense.
    fn refuse_later(&self, subject: &Subject, state: &EntryHistory) -> Result<(), RegisterError> {
        match state.last().filter(|event| event.effective > self.effective) {
            Some(event) => Err(already(subject, event, Some("choose an effective date that is not before it"))),
            None => Ok(()),
        }
    }

    fn row(&mut self, subject: &Subject, idx: u32, status: EntryStatus, reason: Reason, effective: Date) {
        let event = Event { idx, status, reason, effective, recorded: self.recorded };
        self.rows.push(EventRow::new(subject.name(), event));
    }

    fn change(&mut self, subject: Subject, idx: u32, state: &EntryHistory, status: EntryStatus, reason: Reason) {
        let event = Event { idx, status, reason, effective: self.effective, recorded: self.recorded };
        self.changes.push(StatusChange { subject, before: state.on(self.effective).copied(), event });
    }
}

impl EntryHistory {
    /// The days on which an event must take effect so that nothing undoes it: its own, and every later one on which
    /// something is known to happen.
    pub(crate) fn dates_from(&self, effective: Date) -> BTreeSet<Date> {
        let later = self.events.iter().map(|event| event.effective).filter(|&date| date > effective);
        later.chain([effective]).collect()
    }
}

fn already(subject: &Subject, event: &Event, hint: Option<&'static str>) -> RegisterError {
    RegisterError::Status {
        subject: subject.to_string(),
        status: event.status,
        since: event.effective,
        reason: event.reason,
        hint,
    }
}
