//! Everything that can happen to a register.
//!
//! Each action is one entry of the log and determines the rows that follow from it. Both writing
//! and verifying use [`Action::changes`].

use cqm_core::{
    CertificateNumber, Cid, Company, CompanyNumber, CountryCode, Date, LabelIdentity, SiteReference,
    status::{EntryStatus, Event, ListUri, Reason},
};
use serde::{Deserialize, Serialize};

use crate::{
    database::{VERSION, Value, text},
    tables::{Change, Table},
};

/// A change of the register, as the log has it. Renaming a member breaks existing registers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "what", content = "details", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Action {
    /// The register was created.
    Created { list_uri: ListUri },
    /// The register was brought to a later version.
    Upgraded { version: i64 },
    /// A dossier was imported.
    Imported(Imported),
    /// A certificate was issued: it has its number and its entry of the status list, and it
    /// supersedes the earlier certificates of its holder.
    Issued(Issued),
    /// The status of labels or of a certificate changed.
    Status { first_event: u32, events: Vec<EventRow> },
    /// A status list was published.
    Published { seq: u64, list: String, log_head: String },
}

/// The import of a dossier.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Imported {
    pub(crate) holder: u32,
    pub(crate) is_new_holder: bool,
    pub(crate) name: String,
    pub(crate) dossier: String,
    pub(crate) companies_new: Vec<CompanyNumber>,
    pub(crate) companies_joined: Vec<CompanyNumber>,
    pub(crate) companies_left: Vec<CompanyNumber>,
    /// The companies whose names are new or change. Entries of version 1 have none.
    #[serde(default)]
    pub(crate) companies_named: Vec<Company>,
    pub(crate) sites_new: Vec<SiteRow>,
    pub(crate) sites_changed: Vec<SiteRow>,
    pub(crate) labels_new: Vec<LabelRow>,
    pub(crate) labels_approved: Vec<LabelIdentity>,
    pub(crate) on: Date,
    pub(crate) number: CertificateNumber,
    pub(crate) is_new_number: bool,
    pub(crate) next_number: u32,
    pub(crate) next_idx: u32,
}

/// The issue of a certificate.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Issued {
    pub(crate) number: CertificateNumber,
    /// Whether the register made the number; otherwise a dossier brought it.
    pub(crate) is_new_number: bool,
    pub(crate) next_number: u32,
    pub(crate) holder: u32,
    pub(crate) idx: u32,
    pub(crate) valid_from: Date,
    pub(crate) valid_until: Date,
    pub(crate) min_status_seq: u64,
    pub(crate) token: String,
    pub(crate) pdf: String,
    pub(crate) first_event: u32,
    pub(crate) events: Vec<EventRow>,
}

/// A row of the table `sites`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteRow {
    pub(crate) site: SiteReference,
    pub(crate) country: CountryCode,
    pub(crate) city: String,
    pub(crate) subcontractor: Option<String>,
    pub(crate) cid: Option<Cid>,
}

/// A label that is new to the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelRow {
    pub(crate) label: LabelIdentity,
    pub(crate) site: SiteReference,
    pub(crate) idx: u32,
    /// The first and the last day of the recognition; `None` if the label came approved.
    pub(crate) recognized: Option<(Date, Date)>,
}

/// An event of an entry of the status list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventRow {
    /// The label or the certificate that has the entry, for people who read the log.
    pub(crate) subject: String,
    pub(crate) idx: u32,
    pub(crate) status: EntryStatus,
    pub(crate) reason: Reason,
    pub(crate) effective: Date,
    pub(crate) recorded: Date,
}

impl EventRow {
    pub(crate) fn new(subject: impl ToString, event: Event) -> Self {
        let Event { idx, status, reason, effective, recorded } = event;
        Self { subject: subject.to_string(), idx, status, reason, effective, recorded }
    }
}

/// The counter of the certificate numbers that the register makes.
pub(crate) const NEXT_NUMBER: &str = "certificate";
/// The counter of the status list's entries.
pub(crate) const NEXT_IDX: &str = "entry";
/// The counter of events.
pub(crate) const NEXT_EVENT: &str = "event";
/// The counter of holders.
pub(crate) const NEXT_HOLDER: &str = "holder";

impl Action {
    /// The log's `what` and `details`. The members of the JSON are in alphabetical order.
    pub(crate) fn to_log(&self) -> Result<(String, String), serde_json::Error> {
        let value = serde_json::to_value(self)?;
        let what = value.get("what").and_then(|what| what.as_str()).unwrap_or_default().to_owned();
        Ok((what, value.get("details").map(ToString::to_string).unwrap_or_default()))
    }

    /// Reads the log's `what` and `details`.
    pub(crate) fn from_log(what: &str, details: &str) -> Result<Self, serde_json::Error> {
        let details: serde_json::Value = serde_json::from_str(details)?;
        serde_json::from_value(serde_json::json!({ "what": what, "details": details }))
    }

    /// The hashes of the documents that belong to the action.
    pub(crate) fn documents(&self) -> Vec<&str> {
        match self {
            Self::Imported(Imported { dossier, .. }) => vec![dossier],
            Self::Issued(Issued { token, pdf, .. }) => vec![token, pdf],
            Self::Published { list, .. } => vec![list],
            Self::Created { .. } | Self::Upgraded { .. } | Self::Status { .. } => vec![],
        }
    }

    /// The rows that follow from the action.
    pub(crate) fn changes(&self) -> Vec<Change> {
        match self {
            Self::Created { list_uri } => {
                let mut changes = vec![Table::Register.row([1_i64.into(), VERSION.into(), text(list_uri)])];
                let counters = [(NEXT_NUMBER, 1), (NEXT_IDX, 0), (NEXT_EVENT, 1), (NEXT_HOLDER, 1)];
                changes.extend(counters.map(|(name, first): (_, i64)| Table::Counters.row([text(name), first.into()])));
                changes
            }
            Self::Upgraded { version } => vec![Table::Register.update(1_i64.into(), [("version", (*version).into())])],
            Self::Imported(imported) => imported.changes(),
            Self::Issued(issued) => issued.changes(),
            Self::Status { first_event, events } => event_changes(*first_event, events),
            Self::Published { seq, list, log_head } => {
                let seq = i64::try_from(*seq).unwrap_or(i64::MAX);
                vec![Table::Lists.row([seq.into(), text(list), text(log_head)])]
            }
        }
    }
}

impl Imported {
    fn changes(&self) -> Vec<Change> {
        let holder: Value = self.holder.into();
        let mut changes = Vec::new();
        if self.is_new_holder {
            changes.push(count(NEXT_HOLDER, i64::from(self.holder) + 1));
            changes.push(Table::Holders.row([
                holder.clone(),
                text(&self.name),
                text(&self.dossier),
                text(&self.number),
            ]));
        } else {
            let set = [("name", text(&self.name)), ("dossier", text(&self.dossier)), ("number", text(&self.number))];
            changes.push(Table::Holders.update(holder.clone(), set));
        }
        for number in &self.companies_new {
            changes.push(Table::Companies.row([text(number), holder.clone(), Value::Null]));
        }
        for number in &self.companies_joined {
            changes.push(Table::Companies.update(text(number), [("holder", holder.clone())]));
        }
        for number in &self.companies_left {
            changes.push(Table::Companies.update(text(number), [("holder", Value::Null)]));
        }
        for Company { number, name } in &self.companies_named {
            changes.push(Table::Companies.update(text(number), [("name", text(name))]));
        }
        for SiteRow { site, country, city, subcontractor, cid } in &self.sites_new {
            let (subcontractor, cid) = (Value::from(subcontractor.as_ref()), Value::from(cid.as_ref()));
            let values = [text(site), text(site.company), text(country), text(city), subcontractor, cid];
            changes.push(Table::Sites.row(values));
        }
        for SiteRow { site, country: _, city, subcontractor, cid } in &self.sites_changed {
            let (subcontractor, cid) = (Value::from(subcontractor.as_ref()), Value::from(cid.as_ref()));
            let set = [("city", text(city)), ("subcontractor", subcontractor), ("cid", cid)];
            changes.push(Table::Sites.update(text(site), set));
        }
        for LabelRow { label, site, idx, recognized } in &self.labels_new {
            let (from, until) = recognized.unzip();
            let approved = recognized.is_none().then_some(self.on);
            changes.push(Table::Labels.row([
                text(label),
                text(site),
                (*idx).into(),
                from.into(),
                until.into(),
                approved.into(),
            ]));
        }
        for label in &self.labels_approved {
            changes.push(Table::Labels.update(text(label), [("approved", text(self.on))]));
        }
        if self.is_new_number {
            changes.push(numbered(&self.number, self.holder));
        }
        changes.push(count(NEXT_NUMBER, self.next_number.into()));
        changes.push(count(NEXT_IDX, self.next_idx.into()));
        changes
    }
}

impl Issued {
    fn changes(&self) -> Vec<Change> {
        let mut changes = vec![count(NEXT_IDX, i64::from(self.idx) + 1), count(NEXT_NUMBER, self.next_number.into())];
        if self.is_new_number {
            changes.push(numbered(&self.number, self.holder));
        }
        let set = [
            ("idx", self.idx.into()),
            ("valid_from", text(self.valid_from)),
            ("valid_until", text(self.valid_until)),
            ("token", text(&self.token)),
            ("pdf", text(&self.pdf)),
        ];
        changes.push(Table::Certificates.update(text(&self.number), set));
        changes.extend(event_changes(self.first_event, &self.events));
        changes
    }
}

/// The row of a certificate that has a number and is not issued yet.
fn numbered(number: &CertificateNumber, holder: u32) -> Change {
    let [idx, valid_from, valid_until, token, pdf] = [const { Value::Null }; 5];
    Table::Certificates.row([text(number), holder.into(), idx, valid_from, valid_until, token, pdf])
}

fn count(counter: &'static str, next: i64) -> Change {
    Table::Counters.update(text(counter), [("next", next.into())])
}

fn event_changes(first: u32, events: &[EventRow]) -> Vec<Change> {
    let mut next = i64::from(first);
    let mut changes = Vec::with_capacity(events.len() + 1);
    for EventRow { subject: _, idx, status, reason, effective, recorded } in events {
        changes.push(Table::Events.row([
            next.into(),
            (*idx).into(),
            text(status),
            text(reason),
            text(effective),
            text(recorded),
        ]));
        next += 1;
    }
    changes.push(count(NEXT_EVENT, next));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_of_version_1_named_no_companies() {
        let details = r#"{"companies_joined":[],"companies_left":[],"companies_new":["99"],"dossier":"00",
            "holder":1,"is_new_holder":true,"is_new_number":true,"labels_approved":[],"labels_new":[],"name":"A",
            "next_idx":0,"next_number":1,"number":"CQM-1","on":"2023-05-06","sites_changed":[],"sites_new":[]}"#;
        let Action::Imported(imported) = Action::from_log("imported", details).unwrap() else { panic!() };
        assert_eq!(imported.companies_named, []);
    }
}
