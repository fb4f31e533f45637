//! Everything that the next certificate of a holder is made from.

use std::collections::{BTreeMap, BTreeSet};

use cqm_core::{CompanyNumber, Date, Dossier, LabelIdentity, Site, SiteReference, status::ListUri};

use crate::{
    CertificateRecord, LabelRecord, RegisterError,
    database::{DatabaseError, Failure},
    records::{self, Holder},
    register::Reader,
};

/// Everything that the next certificate of a holder is made from.
#[derive(Debug)]
pub struct CertificateBasis {
    pub(crate) holder: Holder,
    pub(crate) labels: BTreeMap<LabelIdentity, LabelRecord>,
    pub(crate) list_uri: ListUri,
    /// The number of the next status list.
    pub(crate) next_list: u64,
    /// The holder's certificates that have been issued and not ended by an event.
    pub(crate) previous: Vec<CertificateRecord>,
    dossier: String,
}

impl CertificateBasis {
    pub(crate) fn read(reader: &mut Reader<'_>, company: CompanyNumber) -> Result<Self, RegisterError> {
        let holder = records::holder_of(reader, company)?;
        let labels = records::labels_of(reader, &holder.companies)?;
        let last: Option<u64> = reader.one("SELECT MAX(seq) FROM lists", &[])?;
        let dossier = String::from_utf8(reader.document(&holder.dossier)?)
            .map_err(|error| DatabaseError::new(Failure::Corrupt, error))?;
        let mut previous = records::certificates_of(reader, &holder)?;
        previous.retain(|certificate| certificate.validity.is_some() && !certificate.history.is_stopped());
        Ok(Self {
            labels: labels.into_iter().map(|label| (label.identity, label)).collect(),
            list_uri: reader.list_uri()?,
            next_list: last.map_or(1, |seq| seq + 1),
            previous,
            dossier,
            holder,
        })
    }

    /// The holder's name.
    pub fn name(&self) -> &str {
        &self.holder.name
    }

    /// The text of the dossier that was imported last.
    pub fn dossier(&self) -> &str {
        &self.dossier
    }

    /// Removes from a dossier what a letter does not list on a day: labels that are only recognized
    /// or that were stopped (section 5.2), then sites that have neither a label nor a CID, and the
    /// audits of removed sites.
    pub fn restrict(&self, dossier: &mut Dossier, on: Date) {
        for site in &mut dossier.sites {
            site.labels.retain(|label| self.labels.get(&label.identity()).is_some_and(|record| record.is_listed(on)));
        }
        dossier.sites.retain(|site| !site.labels.is_empty() || site.cid.is_some());
        let sites: BTreeSet<SiteReference> = dossier.sites.iter().map(Site::reference).collect();
        dossier.audits.retain(|audit| sites.contains(&audit.site));
        dossier.audit_plan.audits.retain(|audit| sites.contains(&audit.site));
    }
}
