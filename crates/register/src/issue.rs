//! Issuing from the register.
//!
//! One transaction gives out the number and the entry of the status list, and stores the signed
//! letter and token. Until its commit nothing signed exists outside of this process, so a killed
//! process leaves either nothing or an issued certificate (`docs/reference/register.md`).

use std::collections::BTreeMap;

use cqm_core::{
    CertificateNumber, CompanyNumber, Date, LabelIdentity,
    status::{EntryStatus, Event, Reason, StatusReference},
};

use crate::{
    CertificateBasis, Register, RegisterError, Stamp,
    action::{Action, EventRow, Issued, NEXT_EVENT, NEXT_IDX, NEXT_NUMBER},
    database::text,
    log::sha256,
    register::{Reader, Transaction},
};

impl Register {
    /// Begins to issue a certificate that is valid from the day `from` to the holder of a company.
    /// Waits until another writer ends.
    ///
    /// # Errors
    /// If the company is unknown or has no holder, no numbers are left, or the database fails.
    pub fn begin_issue(
        &mut self,
        company: CompanyNumber,
        from: Date,
        stamp: &Stamp,
    ) -> Result<PendingIssue<'_>, RegisterError> {
        let mut transaction = self.begin()?;
        let mut reader = transaction.reader();
        let basis = CertificateBasis::read(&mut reader, company)?;
        let number = NewNumber::choose(&mut reader, &basis, from)?;
        let idx = reader.counter(NEXT_IDX)?;
        idx.checked_add(1).ok_or(RegisterError::Exhausted { what: "the status list" })?;
        Ok(PendingIssue { transaction, stamp: stamp.clone(), basis, number, idx, from })
    }
}

/// A certificate that has its number and its entry of the status list, and is not signed yet.
///
/// No one else writes to the register while it lives. [`commit`](Self::commit) issues the
/// certificate; dropping it leaves the register as it was, and the next certificate gets the same
/// number and entry.
#[must_use = "dropping it issues nothing"]
pub struct PendingIssue<'a> {
    transaction: Transaction<'a>,
    stamp: Stamp,
    basis: CertificateBasis,
    number: NewNumber,
    idx: u32,
    from: Date,
}

/// A signed certificate to store.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Its last day.
    pub valid_until: Date,
    /// The token.
    pub token: &'a str,
    /// The letter.
    pub pdf: &'a [u8],
}

impl PendingIssue<'_> {
    /// The register's knowledge of the holder: its dossier, labels and earlier certificates.
    pub fn basis(&self) -> &CertificateBasis {
        &self.basis
    }

    /// The number of the certificate.
    pub fn number(&self) -> &CertificateNumber {
        &self.number.number
    }

    /// The certificate's entry in the status list.
    pub fn reference(&self) -> StatusReference {
        StatusReference { idx: self.idx, uri: self.basis.list_uri.clone() }
    }

    /// The entries of labels in the status list. Labels that the holder does not have are left out.
    pub fn label_references(
        &self,
        labels: impl IntoIterator<Item = LabelIdentity>,
    ) -> BTreeMap<LabelIdentity, StatusReference> {
        let reference = |label: LabelIdentity| {
            let idx = self.basis.labels.get(&label)?.idx;
            Some((label, StatusReference { idx, uri: self.basis.list_uri.clone() }))
        };
        labels.into_iter().filter_map(reference).collect()
    }

    /// The number of the first status list that knows the certificate: the next one to be
    /// published.
    pub fn min_status_seq(&self) -> u64 {
        self.basis.next_list
    }

    /// Stores the signed certificate and supersedes the earlier ones of the holder. Returns the
    /// numbers of the superseded certificates.
    ///
    /// # Errors
    /// If the certificate begins before one that it would supersede, or the database fails. Nothing
    /// is issued.
    pub fn commit(self, signed: Signed<'_>) -> Result<Vec<CertificateNumber>, RegisterError> {
        let Self { mut transaction, stamp, basis, number, idx, from } = self;
        let Signed { valid_until, token, pdf } = signed;
        let (events, superseded) = supersede(&basis, from, stamp.at.date().unwrap_or(from))?;
        let action = Action::Issued(Issued {
            number: number.number,
            is_new_number: number.is_new,
            next_number: number.next,
            holder: basis.holder.id,
            idx,
            valid_from: from,
            valid_until,
            min_status_seq: basis.next_list,
            token: sha256(token.as_bytes()),
            pdf: sha256(pdf),
            first_event: transaction.reader().counter(NEXT_EVENT)?,
            events,
        });
        transaction.append(&stamp, &action, &[token.as_bytes(), pdf])?;
        transaction.commit()?;
        Ok(superseded)
    }
}

/// The events that end the holder's certificates on the day on which the new one begins, and the
/// numbers of these certificates. Certificates whose last day is earlier are not superseded.
fn supersede(
    basis: &CertificateBasis,
    from: Date,
    recorded: Date,
) -> Result<(Vec<EventRow>, Vec<CertificateNumber>), RegisterError> {
    let (mut events, mut superseded) = (Vec::new(), Vec::new());
    for certificate in &basis.previous {
        let Some(((first, last), idx)) = certificate.validity.zip(certificate.idx) else { continue };
        if first > from {
            let previous = certificate.number.clone();
            return Err(RegisterError::BeforePrevious { from, previous, previous_from: first });
        }
        if last >= from {
            let (status, reason) = (EntryStatus::Invalid, Reason::Superseded);
            for effective in certificate.history.dates_from(from) {
                events.push(EventRow::new(&certificate.number, Event { idx, status, reason, effective, recorded }));
            }
            superseded.push(certificate.number.clone());
        }
    }
    Ok((events, superseded))
}

/// The number chosen for the next certificate.
struct NewNumber {
    number: CertificateNumber,
    /// Whether the register made it; otherwise a dossier brought it.
    is_new: bool,
    /// The counter's value after this number was chosen.
    next: u32,
}

impl NewNumber {
    /// Chooses the number that the dossier brought, if no certificate has it yet, otherwise the
    /// next free number of the counter.
    fn choose(reader: &mut Reader<'_>, basis: &CertificateBasis, from: Date) -> Result<Self, RegisterError> {
        let mut next = reader.counter(NEXT_NUMBER)?;
        let brought = &basis.holder.number;
        let sql = "SELECT idx FROM certificates WHERE number = $1";
        if let Some(row) = reader.first_row(sql, &[text(brought)])? {
            let idx: Option<u32> = row.column(0)?;
            if idx.is_none() {
                return Ok(Self { number: brought.clone(), is_new: false, next });
            }
        }
        let year: String = from.to_string().chars().take(4).collect();
        loop {
            let exhausted = || RegisterError::Exhausted { what: "certificates" };
            let number: CertificateNumber = format!("CQM-{year}-{next:04}").parse().map_err(|_| exhausted())?;
            next = next.checked_add(1).ok_or_else(exhausted)?;
            if reader.first_row(sql, &[text(&number)])?.is_none() {
                return Ok(Self { number, is_new: true, next });
            }
        }
    }
}
