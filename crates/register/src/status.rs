//! Stopping, suspending and resuming labels; revoking, suspending and resuming certificates.

use cqm_core::{
    CertificateNumber, Date, Label, SiteReference,
    status::{EntryStatus, Event, Reason},
};

use crate::{
    Register, RegisterError, Stamp,
    action::{Action, EventRow, NEXT_EVENT},
    history::EntryHistory,
    records,
    register::Reader,
};

/// A label or a certificate whose status changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A label, on all certificates that list it. Its last character is ignored.
    Label(Label),
    /// A certificate.
    Certificate(CertificateNumber),
}

impl Subject {
    /// The name in the log: the first nine characters of a label, or the number of a certificate.
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

/// A request to change the status of labels or of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRequest {
    /// What to do with which labels or certificate.
    pub action: StatusAction,
    /// The reason. Without one, a resumption gets the reason of the event that it ends, and the
    /// other actions get [`Reason::VendorRequest`].
    pub reason: Option<Reason>,
    /// The first day of the new status.
    pub effective: Date,
}

/// A change of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusAction {
    /// Stops a label or revokes a certificate. Permanent, except that a label may be resumed.
    End(Subject),
    /// Stops the labels of a site: for [`Reason::GvcpDecertified`] those that need GVCP (section
    /// 3.6), for other reasons all.
    EndAtSite(SiteReference),
    /// Makes a label or a certificate invalid until it is resumed.
    Suspend(Subject),
    /// Makes a suspended label or certificate, or a stopped label, valid again.
    Resume(Subject),
}

/// A request with the changes that it comes to, to be shown before they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusPlan {
    request: StatusRequest,
    changes: Vec<StatusChange>,
    rows: Vec<EventRow>,
}

impl StatusPlan {
    /// The request.
    pub fn request(&self) -> &StatusRequest {
        &self.request
    }

    /// The changes, each subject once.
    pub fn changes(&self) -> &[StatusChange] {
        &self.changes
    }
}

/// The change of one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The label or the certificate.
    pub subject: Subject,
    /// The event that counted before on the effective date; `None` if the subject was valid without
    /// any event.
    pub before: Option<Event>,
    /// The new event.
    pub event: Event,
}

impl Register {
    /// Plans a change of status, without making it. `today` is the day on which it is recorded.
    ///
    /// # Errors
    /// If the subject is unknown, the change is impossible, or the database fails.
    pub fn plan_status(&mut self, request: StatusRequest, today: Date) -> Result<StatusPlan, RegisterError> {
        self.read(|reader| plan(reader, request, today))
    }

    /// Makes a planned change of status.
    ///
    /// # Errors
    /// If the request would now come to something else ([`RegisterError::Changed`]), or the
    /// database fails. Nothing is changed.
    pub fn change_status(&mut self, planned: &StatusPlan, stamp: &Stamp) -> Result<(), RegisterError> {
        let today = stamp.at.date().unwrap_or(planned.request.effective);
        let mut transaction = self.begin()?;
        let mut reader = transaction.reader();
        let plan = plan(&mut reader, planned.request.clone(), today)?;
        if plan != *planned {
            return Err(RegisterError::Changed);
        }
        let first_event = reader.counter(NEXT_EVENT)?;
        transaction.append(stamp, &Action::Status { first_event, events: plan.rows }, &[])?;
        transaction.commit()
    }
}

fn plan(reader: &mut Reader<'_>, request: StatusRequest, today: Date) -> Result<StatusPlan, RegisterError> {
    let StatusRequest { ref action, reason, effective } = request;
    let mut planner = Planner { changes: Vec::new(), rows: Vec::new(), reason, effective, recorded: today };
    match action {
        StatusAction::End(subject) => planner.end(&Entry::find(reader, subject, effective)?)?,
        StatusAction::EndAtSite(site) => planner.end_at_site(reader, *site)?,
        StatusAction::Suspend(subject) => planner.suspend(&Entry::find(reader, subject, effective)?)?,
        StatusAction::Resume(subject) => planner.resume(&Entry::find(reader, subject, effective)?)?,
    }
    let Planner { changes, rows, .. } = planner;
    Ok(StatusPlan { request, changes, rows })
}

/// A label or an issued certificate, with its entry in the status list.
struct Entry {
    subject: Subject,
    idx: u32,
    history: EntryHistory,
}

impl Entry {
    /// Looks a subject up. The label gets the last character that it has on the day.
    fn find(reader: &mut Reader<'_>, subject: &Subject, on: Date) -> Result<Self, RegisterError> {
        match subject {
            Subject::Label(label) => {
                let record = records::label(reader, label.identity())?;
                Ok(Self { subject: Subject::Label(record.label(on)), idx: record.idx, history: record.history })
            }
            Subject::Certificate(number) => {
                let record = records::certificate(reader, number)?;
                match record.idx.filter(|_| record.validity.is_some()) {
                    Some(idx) => Ok(Self { subject: subject.clone(), idx, history: record.history }),
                    None => Err(RegisterError::NotIssued { number: number.clone() }),
                }
            }
        }
    }

    /// The event that counts in the end, if the entry is stopped, revoked or suspended by it.
    fn ended(&self) -> Option<&Event> {
        self.history.last().filter(|event| event.status != EntryStatus::Valid)
    }

    /// The error that the entry has another status already.
    fn already(&self, event: &Event, hint: Option<&'static str>) -> RegisterError {
        RegisterError::Status {
            subject: self.subject.to_string(),
            status: event.status,
            since: event.effective,
            reason: event.reason,
            hint,
        }
    }
}

/// Collects the changes and events of a request.
struct Planner {
    changes: Vec<StatusChange>,
    rows: Vec<EventRow>,
    reason: Option<Reason>,
    effective: Date,
    recorded: Date,
}

impl Planner {
    fn end(&mut self, entry: &Entry) -> Result<(), RegisterError> {
        if let Some(event) = entry.history.last().filter(|event| event.status == EntryStatus::Invalid) {
            return Err(entry.already(event, None));
        }
        let reason = self.reason.unwrap_or(Reason::VendorRequest);
        for effective in entry.history.dates_from(self.effective) {
            self.row(entry, EntryStatus::Invalid, reason, effective);
        }
        self.change(entry, EntryStatus::Invalid, reason);
        Ok(())
    }

    fn end_at_site(&mut self, reader: &mut Reader<'_>, site: SiteReference) -> Result<(), RegisterError> {
        let gvcp_only = self.reason == Some(Reason::GvcpDecertified);
        for label in records::labels_at(reader, site)? {
            let concerned = !gvcp_only || label.identity.activity().needs_gvcp();
            if concerned && !label.history.is_stopped() {
                let subject = Subject::Label(label.label(self.effective));
                self.end(&Entry { subject, idx: label.idx, history: label.history })?;
            }
        }
        if self.changes.is_empty() {
            let which = if gvcp_only { "that needs GVCP, " } else { "" };
            return Err(RegisterError::NothingToStop { site, which });
        }
        Ok(())
    }

    fn suspend(&mut self, entry: &Entry) -> Result<(), RegisterError> {
        self.refuse_later(entry)?;
        if let Some(event) = entry.ended() {
            return Err(entry.already(event, None));
        }
        let reason = self.reason.unwrap_or(Reason::VendorRequest);
        self.row(entry, EntryStatus::Suspended, reason, self.effective);
        self.change(entry, EntryStatus::Suspended, reason);
        Ok(())
    }

    fn resume(&mut self, entry: &Entry) -> Result<(), RegisterError> {
        self.refuse_later(entry)?;
        let Some(event) = entry.ended() else {
            return Err(RegisterError::NotSuspended { subject: entry.subject.to_string() });
        };
        if event.status == EntryStatus::Invalid && matches!(entry.subject, Subject::Certificate(_)) {
            return Err(entry.already(event, Some("a revoked certificate stays so; issue a new one")));
        }
        let reason = self.reason.unwrap_or(event.reason);
        self.row(entry, EntryStatus::Valid, reason, self.effective);
        self.change(entry, EntryStatus::Valid, reason);
        Ok(())
    }

    /// Refuses a change that a recorded event with a later effective date would undo.
    fn refuse_later(&self, entry: &Entry) -> Result<(), RegisterError> {
        match entry.history.last().filter(|event| event.effective > self.effective) {
            Some(event) => Err(entry.already(event, Some("choose an effective date that is not before it"))),
            None => Ok(()),
        }
    }

    fn row(&mut self, entry: &Entry, status: EntryStatus, reason: Reason, effective: Date) {
        let event = Event { idx: entry.idx, status, reason, effective, recorded: self.recorded };
        self.rows.push(EventRow::new(entry.subject.name(), event));
    }

    fn change(&mut self, entry: &Entry, status: EntryStatus, reason: Reason) {
        let event = Event { idx: entry.idx, status, reason, effective: self.effective, recorded: self.recorded };
        let before = entry.history.on(self.effective).copied();
        self.changes.push(StatusChange { subject: entry.subject.clone(), before, event });
    }
}
