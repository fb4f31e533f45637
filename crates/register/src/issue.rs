//! Issuing from the register, so that a process that is killed at any point leaves no number given out twice and nothing
//! half issued (`docs/register.md`):
//!
//! 1. [`Register::reserve`] gives out the number and the entry of the status list, for good.
//! 2. The certificate is signed.
//! 3. [`Register::record`] makes it issued, if all that it rests on is still so, and supersedes the holder's certificate
//!    before it. The register holds the letter and the token from then on, whatever becomes of the files.

use std::collections::BTreeMap;

use cqm_core::{
    CertificateNumber, CompanyNumber, Date, LabelIdentity,
    status::{EntryStatus, Event, Reason, StatusReference},
};

use crate::{
    Register, RegisterError, Stamp, Standing,
    action::{Action, EventRow, NEXT_EVENT, NEXT_IDX, NEXT_NUMBER},
    database::{DatabaseError, text},
    log::sha256,
    register::{Reader, Writer},
};

/// A number and an entry of the status list, given out to one certificate.
#[derive(Debug, Clone)]
pub struct Reservation {
    /// The number.
    pub number: CertificateNumber,
    company: CompanyNumber,
    idx: u32,
    standing: Standing,
}

impl Reservation {
    /// What the certificate rests on.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The entry of the certificate in the status list.
    pub fn reference(&self) -> StatusReference {
        StatusReference { idx: self.idx, uri: self.standing.list_uri.clone() }
    }

    /// The entries of labels in the status list.
    pub fn label_references(
        &self,
        labels: impl IntoIterator<Item = LabelIdentity>,
    ) -> BTreeMap<LabelIdentity, StatusReference> {
        let reference = |label: LabelIdentity| {
            let idx = self.standing.labels.get(&label)?.idx;
            Some((label, StatusReference { idx, uri: self.standing.list_uri.clone() }))
        };
        labels.into_iter().filter_map(reference).collect()
    }

    /// The number of the first status list that knows the certificate.
    pub fn min_status_seq(&self) -> u64 {
        self.standing.next_list
    }
}

/// A certificate that was signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Its first day.
    pub valid_from: Date,
    /// Its last day.
    pub valid_until: Date,
    /// The token.
    pub token: &'a str,
    /// The letter.
    pub pdf: &'a [u8],
}

/// What became of a certificate that was signed.
#[derive(Debug)]
pub enum Recorded {
    /// It is issued, and replaces these.
    Issued {
        /// The certificates that it supersedes.
        superseded: Vec<CertificateNumber>,
    },
    /// What it rests on has changed since its number was given out: sign again.
    Outdated(Box<Reservation>),
}

impl Register {
    /// All that a certificate of a company, or of the group it belongs to, rests on.
    ///
    /// # Errors
    /// When the company is unknown, or the database fails.
    pub fn standing(&mut self, company: CompanyNumber) -> Result<Standing, RegisterError> {
        self.read(|reader| Standing::read(reader, company))
    }

    /// Gives out a number and an entry of the status list to a certificate that begins on the day `from`: the number
    /// `preferred`, which the dossier names, if the holder has it and it is still free; else the next one.
    ///
    /// # Errors
    /// When the register changed since `shown` was read, the certificate would begin before the one it replaces, or the
    /// database fails.
    pub fn reserve(
        &mut self,
        company: CompanyNumber,
        shown: &Standing,
        preferred: &CertificateNumber,
        from: Date,
        stamp: &Stamp,
    ) -> Result<Reservation, RegisterError> {
        self.write(stamp, |writer| {
            let standing = Standing::read(&mut writer.reader, company)?;
            if standing != *shown {
                return Err(RegisterError::Changed);
            }
            refuse_earlier(&standing, from)?;
            let idx = writer.reader.counter(NEXT_IDX)?;
            idx.checked_add(1).ok_or(RegisterError::Exhausted { what: "the status list" })?;
            let holder = standing.holder.id;
            let (number, is_new_number, next_number) = number(&mut writer.reader, holder, preferred, from)?;
            let action = Action::Reserved { number: number.clone(), holder, idx, is_new_number, next_number };
            writer.append(&action, &[])?;
            Ok(Reservation { number, company, idx, standing })
        })
    }

    /// Makes a signed certificate issued. From then on it is in the status list, and those of the holder before it end
    /// where it begins.
    ///
    /// # Errors
    /// When the database fails; the certificate is not issued then.
    pub fn record(
        &mut self,
        reservation: &Reservation,
        signed: &Signed<'_>,
        stamp: &Stamp,
    ) -> Result<Recorded, RegisterError> {
        self.write(stamp, |writer| {
            let Reservation { number, company, idx, standing: before } = reservation;
            let standing = Standing::read(&mut writer.reader, *company)?;
            refuse_earlier(&standing, signed.valid_from)?;
            let Standing { holder, labels, list_uri: _, next_list, previous, toml } = &standing;
            let is_the_same =
                (holder, labels, next_list, toml) == (&before.holder, &before.labels, &before.next_list, &before.toml);
            if !is_the_same {
                let (number, company, idx) = (number.clone(), *company, *idx);
                return Ok(Recorded::Outdated(Box::new(Reservation { number, company, idx, standing })));
            }
            supersede(writer, number, previous, *next_list, signed)
        })
    }
}

fn supersede(
    writer: &mut Writer<'_>,
    number: &CertificateNumber,
    previous: &[crate::CertificateStanding],
    min_status_seq: u64,
    signed: &Signed<'_>,
) -> Result<Recorded, RegisterError> {
    let Signed { valid_from, valid_until, token, pdf } = *signed;
    let recorded = writer.at().date().unwrap_or(valid_from);
    let (mut events, mut superseded) = (Vec::new(), Vec::new());
    for certificate in previous {
        let ended = certificate.validity.is_none_or(|(_, last)| last < valid_from);
        if let Some(idx) = certificate.idx.filter(|_| !ended) {
            let (status, reason) = (EntryStatus::Invalid, Reason::Superseded);
            for effective in certificate.state.dates_from(valid_from) {
                events.push(EventRow::new(&certificate.number, Event { idx, status, reason, effective, recorded }));
            }
            superseded.push(certificate.number.clone());
        }
    }
    let action = Action::Issued {
        number: number.clone(),
        valid_from,
        valid_until,
        min_status_seq,
        token: sha256(token.as_bytes()),
        pdf: sha256(pdf),
        first_event: writer.reader.counter(NEXT_EVENT)?,
        events,
    };
    writer.append(&action, &[token.as_bytes(), pdf])?;
    Ok(Recorded::Issued { superseded })
}

fn refuse_earlier(standing: &Standing, from: Date) -> Result<(), RegisterError> {
    for certificate in &standing.previous {
        if let Some((previous_from, _)) = certificate.validity.filter(|(first, _)| *first > from) {
            return Err(RegisterError::BeforePrevious { from, previous: certificate.number.clone(), previous_from });
        }
    }
    Ok(())
}

/// The number of a new certificate, whether the register has it to make, and the next count.
fn number(
    reader: &mut Reader<'_>,
    holder: u32,
    preferred: &CertificateNumber,
    on: Date,
) -> Result<(CertificateNumber, bool, u32), RegisterError> {
    let mut next = reader.counter(NEXT_NUMBER)?;
    let sql = "SELECT holder, idx FROM certificates WHERE number = $1";
    if let Some(row) = reader.row(sql, &[text(preferred)])? {
        let owner: u32 = row.column(0).map_err(DatabaseError::from)?;
        let idx: Option<u32> = row.column(1).map_err(DatabaseError::from)?;
        if owner == holder && idx.is_none() {
            return Ok((preferred.clone(), false, next));
        }
    }
    loop {
        let exhausted = RegisterError::Exhausted { what: "certificates" };
        let year: String = on.to_string().chars().take(4).collect();
        let Ok(number) = format!("CQM-{year}-{next:04}").parse::<CertificateNumber>() else { return Err(exhausted) };
        next = next.checked_add(1).ok_or(exhausted)?;
        if reader.row(sql, &[text(&number)])?.is_none() {
            return Ok((number, true, next));
        }
    }
}
