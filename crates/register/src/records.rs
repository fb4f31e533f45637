//! Where a holder and its labels stand.

use std::collections::{BTreeMap, BTreeSet};

use cqm_core::{
    CertificateNumber, CompanyNumber, Date, Dossier, Label, LabelIdentity, LabelStatus, Site, SiteReference,
    status::{EntryStatus, Event, ListUri},
};

use crate::{
    RegisterError,
    action::StatusWord,
    database::{DatabaseError, Row, text},
    register::Reader,
};

/// A company or a group of companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) companies: Vec<CompanyNumber>,
    /// The hash of its dossier.
    pub(crate) dossier: String,
    /// The number that the dossier brought.
    pub(crate) number: CertificateNumber,
}

pub(crate) fn holder(reader: &mut Reader<'_>, id: u32) -> Result<Holder, RegisterError> {
    let missing = || RegisterError::Unknown { what: "holder", name: id.to_string() };
    let row =
        reader.row("SELECT name, dossier, number FROM holders WHERE id = $1", &[id.into()])?.ok_or_else(missing)?;
    let companies = reader.rows("SELECT number FROM companies WHERE holder = $1 ORDER BY number", &[id.into()])?;
    Ok(Holder {
        id,
        name: row.column(0).map_err(DatabaseError::from)?,
        companies: companies.iter().map(|row| row.parsed(0)).collect::<Result<_, _>>().map_err(DatabaseError::from)?,
        dossier: row.column(1).map_err(DatabaseError::from)?,
        number: row.parsed(2).map_err(DatabaseError::from)?,
    })
}

/// The holder of a company.
pub(crate) fn holder_of(reader: &mut Reader<'_>, company: CompanyNumber) -> Result<Holder, RegisterError> {
    let unknown = || RegisterError::Unknown { what: "company", name: company.to_string() };
    let row = reader.row("SELECT holder FROM companies WHERE number = $1", &[text(company)])?.ok_or_else(unknown)?;
    match row.column(0).map_err(DatabaseError::from)? {
        Some(id) => holder(reader, id),
        None => Err(RegisterError::NoHolder { company }),
    }
}

/// What happened to an entry of the status list, in the order in which it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct EntryHistory {
    pub(crate) events: Vec<Event>,
}

impl EntryHistory {
    pub(crate) fn read(reader: &mut Reader<'_>, idx: u32) -> Result<Self, RegisterError> {
        let sql = "SELECT idx, status, reason, effective, recorded FROM events WHERE idx = $1 ORDER BY id";
        let rows = reader.rows(sql, &[idx.into()])?;
        Ok(Self { events: rows.iter().map(event).collect::<Result<_, _>>()? })
    }

    /// The event that counts on a day. `None`: it never was anything but valid.
    pub(crate) fn on(&self, day: Date) -> Option<&Event> {
        self.events.iter().filter(|event| event.effective <= day).max_by_key(|event| event.effective)
    }

    /// The next event after a day, if it changes the status of that day.
    pub(crate) fn after(&self, day: Date) -> Option<&Event> {
        let next = self.events.iter().map(|event| event.effective).filter(|effective| *effective > day).min()?;
        let status = |event: Option<&Event>| event.map_or(EntryStatus::Valid, |event| event.status);
        self.on(next).filter(|event| event.status != status(self.on(day)))
    }

    /// The event that counts in the end.
    pub(crate) fn last(&self) -> Option<&Event> {
        self.events.iter().max_by_key(|event| event.effective)
    }

    /// Whether it is stopped or revoked in the end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.last().is_some_and(|event| event.status == EntryStatus::Invalid)
    }
}

/// An event from a row of idx, status, reason, effective and recorded.
pub(crate) fn event(row: &Row) -> Result<Event, DatabaseError> {
    Ok(Event {
        idx: row.column(0)?,
        status: row.parsed::<StatusWord>(1)?.0,
        reason: row.parsed(2)?,
        effective: row.parsed(3)?,
        recorded: row.parsed(4)?,
    })
}

/// A label in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRecord {
    /// Which label.
    pub identity: LabelIdentity,
    /// Where.
    pub site: SiteReference,
    /// Its entry in the status list.
    pub idx: u32,
    /// The first and the last day of its recognition.
    pub recognition: Option<(Date, Date)>,
    /// The day on which it was approved.
    pub approved: Option<Date>,
    pub(crate) state: EntryHistory,
}

impl LabelRecord {
    /// The status on a day, and the event that led to it. `None`: nothing ever happened to it.
    pub fn event(&self, on: Date) -> Option<&Event> {
        self.state.on(on)
    }

    /// The change of status that is announced for a day after this one, the next of them.
    pub fn announced(&self, on: Date) -> Option<&Event> {
        self.state.after(on)
    }

    /// What stands in the last position of the label on a day.
    pub fn status(&self, on: Date) -> LabelStatus {
        match self.state.on(on).map(|event| event.status) {
            Some(EntryStatus::Invalid) => LabelStatus::Stopped,
            _ if self.approved.is_some() => LabelStatus::Approval,
            _ => LabelStatus::Recognition,
        }
    }

    /// The label as it stands on a day.
    pub fn label(&self, on: Date) -> Label {
        self.identity.with_status(self.status(on))
    }

    /// Whether a letter lists it: approved and not stopped (section 5.2).
    fn is_listed(&self, on: Date) -> bool {
        self.status(on) == LabelStatus::Approval
    }
}

const LABEL_COLUMNS: &str = "label, site, idx, recognized, recognized_until, approved";

/// The labels at the sites of some companies.
pub(crate) fn labels_of(
    reader: &mut Reader<'_>,
    companies: &[CompanyNumber],
) -> Result<Vec<LabelRecord>, RegisterError> {
    let mut labels = Vec::new();
    for company in companies {
        let sql = format!(
            "SELECT {LABEL_COLUMNS} FROM labels WHERE site IN (SELECT site FROM sites WHERE company = $1) \
             ORDER BY site, label"
        );
        for row in reader.rows(&sql, &[text(company)])? {
            labels.push(label_standing(reader, &row)?);
        }
    }
    Ok(labels)
}

/// The labels at a site.
pub(crate) fn labels_at(reader: &mut Reader<'_>, site: SiteReference) -> Result<Vec<LabelRecord>, RegisterError> {
    let rows =
        reader.rows(&format!("SELECT {LABEL_COLUMNS} FROM labels WHERE site = $1 ORDER BY label"), &[text(site)])?;
    rows.iter().map(|row| label_standing(reader, row)).collect()
}

/// One label.
pub(crate) fn label(reader: &mut Reader<'_>, identity: LabelIdentity) -> Result<LabelRecord, RegisterError> {
    let sql = format!("SELECT {LABEL_COLUMNS} FROM labels WHERE label = $1");
    match reader.row(&sql, &[text(identity)])? {
        Some(row) => label_standing(reader, &row),
        None => Err(RegisterError::Unknown { what: "label", name: identity.to_string() }),
    }
}

fn label_standing(reader: &mut Reader<'_>, row: &Row) -> Result<LabelRecord, RegisterError> {
    let idx = row.column(2).map_err(DatabaseError::from)?;
    let state = EntryHistory::read(reader, idx)?;
    let read = || -> Result<LabelRecord, DatabaseError> {
        Ok(LabelRecord {
            identity: row.parsed(0)?,
            site: row.parsed(1)?,
            idx,
            recognition: row.parsed_optional(3)?.zip(row.parsed_optional(4)?),
            approved: row.parsed_optional(5)?,
            state,
        })
    };
    Ok(read()?)
}

/// A certificate in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// Its number.
    pub number: CertificateNumber,
    /// Its entry in the status list, once it was given one.
    pub idx: Option<u32>,
    /// Its first and its last day, once it is issued.
    pub validity: Option<(Date, Date)>,
    pub(crate) state: EntryHistory,
}

impl CertificateRecord {
    /// The event that counts on a day. `None`: nothing ever happened to it.
    pub fn event(&self, on: Date) -> Option<&Event> {
        self.state.on(on)
    }

    /// The change of status that is announced for a day after this one, the next of them.
    pub fn announced(&self, on: Date) -> Option<&Event> {
        self.state.after(on)
    }
}

/// The certificates of a holder, in the order of their entries.
pub(crate) fn certificates_of(reader: &mut Reader<'_>, holder: u32) -> Result<Vec<CertificateRecord>, RegisterError> {
    let sql = "SELECT number, idx, valid_from, valid_until FROM certificates WHERE holder = $1 ORDER BY idx, number";
    let rows = reader.rows(sql, &[holder.into()])?;
    rows.iter().map(|row| certificate_standing(reader, row)).collect()
}

fn certificate_standing(reader: &mut Reader<'_>, row: &Row) -> Result<CertificateRecord, RegisterError> {
    let idx: Option<u32> = row.column(1).map_err(DatabaseError::from)?;
    let state = match idx {
        Some(idx) => EntryHistory::read(reader, idx)?,
        None => EntryHistory::default(),
    };
    let read = || -> Result<CertificateRecord, DatabaseError> {
        Ok(CertificateRecord {
            number: row.parsed(0)?,
            idx,
            validity: row.parsed_optional(2)?.zip(row.parsed_optional(3)?),
            state,
        })
    };
    Ok(read()?)
}

/// A certificate, and the number of its holder.
pub(crate) fn certificate(
    reader: &mut Reader<'_>,
    number: &CertificateNumber,
) -> Result<(CertificateRecord, u32), RegisterError> {
    let sql = "SELECT number, idx, valid_from, valid_until, holder FROM certificates WHERE number = $1";
    match reader.row(sql, &[text(number)])? {
        Some(row) => Ok((certificate_standing(reader, &row)?, row.column(4).map_err(DatabaseError::from)?)),
        None => Err(RegisterError::Unknown { what: "certificate", name: number.to_string() }),
    }
}

/// All that a certificate rests on.
#[derive(Debug)]
pub struct CertificateBasis {
    pub(crate) holder: Holder,
    pub(crate) labels: BTreeMap<LabelIdentity, LabelRecord>,
    pub(crate) list_uri: ListUri,
    pub(crate) next_list: u64,
    pub(crate) previous: Vec<CertificateRecord>,
    pub(crate) toml: String,
}

impl CertificateBasis {
    pub(crate) fn read(reader: &mut Reader<'_>, company: CompanyNumber) -> Result<Self, RegisterError> {
        let holder = holder_of(reader, company)?;
        let labels = labels_of(reader, &holder.companies)?;
        let last: Option<u64> = reader.one("SELECT MAX(seq) FROM lists", &[])?;
        let toml = reader.document(&holder.dossier)?;
        let mut previous = certificates_of(reader, holder.id)?;
        previous.retain(|certificate| certificate.validity.is_some() && !certificate.state.is_stopped());
        Ok(Self {
            labels: labels.into_iter().map(|label| (label.identity, label)).collect(),
            list_uri: reader.list_uri()?,
            next_list: last.map_or(1, |seq| seq + 1),
            previous,
            toml: String::from_utf8(toml).map_err(|error| RegisterError::Outside(error.into()))?,
            holder,
        })
    }

    /// The name of the holder.
    pub fn name(&self) -> &str {
        &self.holder.name
    }

    /// The dossier, as it was imported.
    pub fn dossier(&self) -> &str {
        &self.toml
    }

    /// Takes out of the dossier what a letter does not list: labels that are recognized only, that were stopped since,
    /// and sites that have neither a label nor a CID then,
    /// with their audits.
    pub fn restrict(&self, dossier: &mut Dossier, on: Date) {
        for site in &mut dossier.sites {
            site.labels
                .retain(|label| self.labels.get(&label.identity()).is_some_and(|standing| standing.is_listed(on)));
        }
        dossier.sites.retain(|site| !site.labels.is_empty() || site.cid.is_some());
        let sites: BTreeSet<SiteReference> = dossier.sites.iter().map(Site::reference).collect();
        dossier.audits.retain(|audit| sites.contains(&audit.site));
        dossier.audit_plan.audits.retain(|audit| sites.contains(&audit.site));
    }
}
