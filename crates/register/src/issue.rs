//! Issuing from the register: one transaction gives out the number and the entry of the status list, has the certificate
//! signed, and keeps the letter and the token. Until it is committed nothing that was signed exists outside of this
//! process, so a process that is killed leaves either nothing or an issued certificate (`docs/reference/register.md`).

use std::collections::BTreeMap;

use cqm_core::{
    CertificateNumber, CompanyNumber, Date, LabelIdentity,
    status::{EntryStatus, Event, Reason, StatusReference},
};

use crate::{
    CertificateBasis, Register, RegisterError, Stamp,
    action::{self, Action, EventRow, NEXT_EVENT, NEXT_IDX, NEXT_NUMBER},
    database::{DatabaseError, text},
    log::sha256,
    register::{Reader, Writer},
};

/// What a certificate is to be made of: the holder's standing, and the numbers given out to it.
#[derive(Debug)]
pub struct Grant {
    /// Where the holder and its labels stand.
    pub standing: CertificateBasis,
    /// The number of the certificate.
    pub number: CertificateNumber,
    idx: u32,
}

impl Grant {
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

    /// The number of the first status list that knows the certificate: the next one to be published.
    pub fn min_status_seq(&self) -> u64 {
        self.standing.next_list
    }
}

/// A certificate that was signed.
#[derive(Debug)]
pub struct Signed {
    /// Its last day.
    pub valid_until: Date,
    /// The token.
    pub token: String,
    /// The letter.
    pub pdf: Vec<u8>,
}

/// What has a certificate signed. `None`: the rules forbid it.
pub type SignCertificate<'a> =
    dyn FnMut(&Grant) -> Result<Option<Signed>, Box<dyn std::error::Error + Send + Sync>> + 'a;

impl Register {
    /// Issues a certificate that begins on the day `from` to the holder of a company, while nobody else writes, and
    /// supersedes those that the holder had before. Gives the numbers of these, or nothing where `sign` did not sign.
    ///
    /// # Errors
    /// When the company is unknown, the certificate would begin before one that it replaces, `sign` fails, or the
    /// database does. Nothing is issued then.
    pub fn issue(
        &mut self,
        company: CompanyNumber,
        from: Date,
        stamp: &Stamp,
        sign: &mut SignCertificate<'_>,
    ) -> Result<Option<Vec<CertificateNumber>>, RegisterError> {
        self.write(stamp, |writer| {
            let standing = CertificateBasis::read(&mut writer.reader, company)?;
            let (number, is_new_number, next_number) = number(&mut writer.reader, &standing, from)?;
            let idx = writer.reader.counter(NEXT_IDX)?;
            idx.checked_add(1).ok_or(RegisterError::Exhausted { what: "the status list" })?;
            let grant = Grant { standing, number, idx };
            let Some(signed) = sign(&grant)? else { return Ok(None) };

            let Grant { standing, number, idx } = grant;
            let Signed { valid_until, token, pdf } = signed;
            let (events, superseded) = supersede(writer, &standing, from)?;
            let action = Action::Issued(action::Issued {
                number,
                is_new_number,
                next_number,
                holder: standing.holder.id,
                idx,
                valid_from: from,
                valid_until,
                min_status_seq: standing.next_list,
                token: sha256(token.as_bytes()),
                pdf: sha256(&pdf),
                first_event: writer.reader.counter(NEXT_EVENT)?,
                events,
            });
            writer.append(&action, &[token.as_bytes(), &pdf])?;
            Ok(Some(superseded))
        })
    }
}

/// What ends the holder's certificates where the new one begins; those that have ended by then stay as they are.
fn supersede(
    writer: &Writer<'_>,
    standing: &CertificateBasis,
    from: Date,
) -> Result<(Vec<EventRow>, Vec<CertificateNumber>), RegisterError> {
    let recorded = writer.at().date().unwrap_or(from);
    let (mut events, mut superseded) = (Vec::new(), Vec::new());
    for certificate in &standing.previous {
        let Some(((first, last), idx)) = certificate.validity.zip(certificate.idx) else { continue };
        if first > from {
            let previous = certificate.number.clone();
            return Err(RegisterError::BeforePrevious { from, previous, previous_from: first });
        }
        if last >= from {
            let (status, reason) = (EntryStatus::Invalid, Reason::Superseded);
            for effective in certificate.state.dates_from(from) {
                events.push(EventRow::new(&certificate.number, Event { idx, status, reason, effective, recorded }));
            }
            superseded.push(certificate.number.clone());
        }
    }
    Ok((events, superseded))
}

/// The number of a new certificate, whether the register made it, and the next count. It is the number that the dossier
/// brought if no certificate has it yet.
fn number(
    reader: &mut Reader<'_>,
    standing: &CertificateBasis,
    from: Date,
) -> Result<(CertificateNumber, bool, u32), RegisterError> {
    let mut next = reader.counter(NEXT_NUMBER)?;
    let brought = &standing.holder.number;
    let sql = "SELECT idx FROM certificates WHERE number = $1";
    if let Some(row) = reader.row(sql, &[text(brought)])? {
        let idx: Option<u32> = row.column(0).map_err(DatabaseError::from)?;
        if idx.is_none() {
            return Ok((brought.clone(), false, next));
        }
    }
    let year: String = from.to_string().chars().take(4).collect();
    loop {
        let exhausted = || RegisterError::Exhausted { what: "certificates" };
        let number: CertificateNumber = format!("CQM-{year}-{next:04}").parse().map_err(|_| exhausted())?;
        next = next.checked_add(1).ok_or_else(exhausted)?;
        if reader.row(sql, &[text(&number)])?.is_none() {
            return Ok((number, true, next));
        }
    }
}
