//! Holders, labels and certificates, as they are read from the tables.

use cqm_core::{
    CertificateNumber, CompanyNumber, Date, Label, LabelIdentity, LabelStatus, SiteReference,
    status::{EntryStatus, Event},
};

use crate::{
    RegisterError,
    database::{Row, UnexpectedValue, text},
    history::EntryHistory,
    register::Reader,
};

/// A company in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyRecord {
    /// Its number.
    pub number: CompanyNumber,
    /// Its name; `None` if its dossier was imported by version 1.
    pub name: Option<String>,
}

/// A company or a group of companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) companies: Vec<CompanyRecord>,
    /// The hash of the dossier that was imported last.
    pub(crate) dossier: String,
    /// The certificate number that this dossier brought.
    pub(crate) number: CertificateNumber,
}

pub(crate) fn holder(reader: &mut Reader<'_>, id: u32) -> Result<Holder, RegisterError> {
    let missing = || RegisterError::Unknown { what: "holder", name: id.to_string() };
    let row = reader
        .first_row("SELECT name, dossier, number FROM holders WHERE id = $1", &[id.into()])?
        .ok_or_else(missing)?;
    let companies =
        reader.rows("SELECT number, name FROM companies WHERE holder = $1 ORDER BY number", &[id.into()])?;
    Ok(Holder {
        id,
        name: row.column(0)?,
        companies: companies.iter().map(company).collect::<Result<_, _>>()?,
        dossier: row.column(1)?,
        number: row.parsed(2)?,
    })
}

fn company(row: &Row) -> Result<CompanyRecord, UnexpectedValue> {
    Ok(CompanyRecord { number: row.parsed(0)?, name: row.column(1)? })
}

/// The holder of a company.
pub(crate) fn holder_of(reader: &mut Reader<'_>, company: CompanyNumber) -> Result<Holder, RegisterError> {
    let unknown = || RegisterError::Unknown { what: "company", name: company.to_string() };
    let row =
        reader.first_row("SELECT holder FROM companies WHERE number = $1", &[text(company)])?.ok_or_else(unknown)?;
    match row.column(0)? {
        Some(id) => holder(reader, id),
        None => Err(RegisterError::NoHolder { company }),
    }
}

/// A label in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRecord {
    /// The label without its last character.
    pub identity: LabelIdentity,
    /// The site that has it.
    pub site: SiteReference,
    /// Its entry in the status list.
    pub idx: u32,
    /// The first and the last day of its recognition.
    pub recognition: Option<(Date, Date)>,
    /// The day of its approval.
    pub approved: Option<Date>,
    pub(crate) history: EntryHistory,
}

impl LabelRecord {
    /// The event that determines the status on a day. `None` if no event is in effect yet: the
    /// label is valid.
    pub fn event(&self, on: Date) -> Option<&Event> {
        self.history.on(on)
    }

    /// The next change of status that is recorded for a day after this one.
    pub fn announced(&self, on: Date) -> Option<&Event> {
        self.history.after(on)
    }

    /// The status that the last character of the label shows on a day.
    pub fn status(&self, on: Date) -> LabelStatus {
        match self.history.on(on).map(|event| event.status) {
            Some(EntryStatus::Invalid) => LabelStatus::Stopped,
            _ if self.approved.is_some() => LabelStatus::Approval,
            _ => LabelStatus::Recognition,
        }
    }

    /// The label with the last character that it has on a day.
    pub fn label(&self, on: Date) -> Label {
        self.identity.with_status(self.status(on))
    }

    /// Returns whether a letter lists the label: it is approved and not stopped (section 5.2).
    pub(crate) fn is_listed(&self, on: Date) -> bool {
        self.status(on) == LabelStatus::Approval
    }
}

const LABEL_COLUMNS: &str = "label, site, idx, recognized, recognized_until, approved";

/// The labels at the sites of some companies.
pub(crate) fn labels_of(
    reader: &mut Reader<'_>,
    companies: &[CompanyRecord],
) -> Result<Vec<LabelRecord>, RegisterError> {
    let mut labels = Vec::new();
    for CompanyRecord { number, .. } in companies {
        let sql = format!(
            "SELECT {LABEL_COLUMNS} FROM labels WHERE site IN (SELECT site FROM sites WHERE company = $1) \
             ORDER BY site, label"
        );
        for row in reader.rows(&sql, &[text(number)])? {
            labels.push(label_record(reader, &row)?);
        }
    }
    Ok(labels)
}

/// The labels at a site.
pub(crate) fn labels_at(reader: &mut Reader<'_>, site: SiteReference) -> Result<Vec<LabelRecord>, RegisterError> {
    let rows =
        reader.rows(&format!("SELECT {LABEL_COLUMNS} FROM labels WHERE site = $1 ORDER BY label"), &[text(site)])?;
    rows.iter().map(|row| label_record(reader, row)).collect()
}

pub(crate) fn label(reader: &mut Reader<'_>, identity: LabelIdentity) -> Result<LabelRecord, RegisterError> {
    let sql = format!("SELECT {LABEL_COLUMNS} FROM labels WHERE label = $1");
    match reader.first_row(&sql, &[text(identity)])? {
        Some(row) => label_record(reader, &row),
        None => Err(RegisterError::Unknown { what: "label", name: identity.to_string() }),
    }
}

/// Reads a label from a row of [`LABEL_COLUMNS`], and its events.
fn label_record(reader: &mut Reader<'_>, row: &Row) -> Result<LabelRecord, RegisterError> {
    let idx = row.column(2)?;
    Ok(LabelRecord {
        identity: row.parsed(0)?,
        site: row.parsed(1)?,
        idx,
        recognition: row.parsed_optional(3)?.zip(row.parsed_optional(4)?),
        approved: row.parsed_optional(5)?,
        history: EntryHistory::read(reader, idx)?,
    })
}

/// A certificate in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// Its number.
    pub number: CertificateNumber,
    /// The name that its holder has now.
    pub holder: String,
    /// Its entry in the status list, once it is issued.
    pub idx: Option<u32>,
    /// Its first and its last day, once it is issued.
    pub validity: Option<(Date, Date)>,
    pub(crate) history: EntryHistory,
}

impl CertificateRecord {
    /// The event that determines the status on a day. `None` if no event is in effect yet: the
    /// certificate is valid.
    pub fn event(&self, on: Date) -> Option<&Event> {
        self.history.on(on)
    }

    /// The next change of status that is recorded for a day after this one.
    pub fn announced(&self, on: Date) -> Option<&Event> {
        self.history.after(on)
    }
}

const CERTIFICATE_COLUMNS: &str = "certificates.number, idx, valid_from, valid_until, name";

/// The certificates of a holder, in the order of their entries.
pub(crate) fn certificates_of(
    reader: &mut Reader<'_>,
    holder: &Holder,
) -> Result<Vec<CertificateRecord>, RegisterError> {
    let sql = format!(
        "SELECT {CERTIFICATE_COLUMNS} FROM certificates JOIN holders ON holders.id = holder \
         WHERE holder = $1 ORDER BY idx, certificates.number"
    );
    let rows = reader.rows(&sql, &[holder.id.into()])?;
    rows.iter().map(|row| certificate_record(reader, row)).collect()
}

pub(crate) fn certificate(
    reader: &mut Reader<'_>,
    number: &CertificateNumber,
) -> Result<CertificateRecord, RegisterError> {
    let sql = format!(
        "SELECT {CERTIFICATE_COLUMNS} FROM certificates JOIN holders ON holders.id = holder \
         WHERE certificates.number = $1"
    );
    match reader.first_row(&sql, &[text(number)])? {
        Some(row) => certificate_record(reader, &row),
        None => Err(RegisterError::Unknown { what: "certificate", name: number.to_string() }),
    }
}

/// Reads a certificate from a row of [`CERTIFICATE_COLUMNS`], and its events.
fn certificate_record(reader: &mut Reader<'_>, row: &Row) -> Result<CertificateRecord, RegisterError> {
    let idx: Option<u32> = row.column(1)?;
    Ok(CertificateRecord {
        number: row.parsed(0)?,
        holder: row.column(4)?,
        idx,
        validity: row.parsed_optional(2)?.zip(row.parsed_optional(3)?),
        history: match idx {
            Some(idx) => EntryHistory::read(reader, idx)?,
            None => EntryHistory::default(),
        },
    })
}
