//! Importing a dossier: the register takes its companies, sites and labels, and keeps its text for
//! the next certificate.

use std::collections::BTreeSet;

use cqm_core::{CertificateNumber, Code, CompanyNumber, Date, Dossier, Label, LabelStatus, Site, SiteReference, rules};

use crate::{
    Register, RegisterError, Stamp,
    action::{Action, Imported, LabelRow, NEXT_HOLDER, NEXT_IDX, NEXT_NUMBER, SiteRow},
    database::text,
    history::EntryHistory,
    log::sha256,
    records,
    register::Reader,
};

/// The months for which a recognition is valid (section 3.2).
const RECOGNITION_MONTHS: i32 = 6;

/// A dossier to import with the changes that it comes to, to be shown before they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    dossier: Dossier,
    toml: String,
    on: Date,
    changes: ImportChanges,
}

impl ImportPlan {
    /// The changes.
    pub fn changes(&self) -> &ImportChanges {
        &self.changes
    }
}

/// The changes of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportChanges {
    /// The holder's name.
    pub name: String,
    /// The name in the register, if the dossier has another.
    pub former_name: Option<String>,
    /// Whether the holder is new to the register.
    pub is_new_holder: bool,
    /// Whether the register has this dossier already.
    pub is_same_dossier: bool,
    /// Companies that are new to the register.
    pub companies_new: Vec<CompanyNumber>,
    /// Companies that had no holder and join the group.
    pub companies_joined: Vec<CompanyNumber>,
    /// Companies that leave the group.
    pub companies_left: Vec<CompanyNumber>,
    /// Sites that are new to the register.
    pub sites_new: Vec<SiteReference>,
    /// Sites whose city, subcontractor or CID changes.
    pub sites_changed: Vec<SiteReference>,
    /// Labels that are recognized from this day on, with the last day of the recognition.
    pub recognized: Vec<(Label, Date)>,
    /// Labels that are approved from this day on.
    pub approved: Vec<Label>,
    /// Labels of the dossier that were stopped and stay stopped.
    pub stopped: Vec<Label>,
    /// The certificate number that the dossier brings.
    pub number: CertificateNumber,
    /// Whether that number is new to the register; it is then the number of the next certificate.
    pub is_new_number: bool,
    holder: Option<u32>,
    sha256: String,
    rows_new: Vec<SiteRow>,
    rows_changed: Vec<SiteRow>,
}

impl Register {
    /// Plans the import of a dossier, without making it. `toml` is the text of the dossier, `on`
    /// the day from which its labels are recognized or approved.
    ///
    /// # Errors
    /// If the dossier contradicts the register, or the database fails.
    pub fn plan_import(&mut self, dossier: Dossier, toml: String, on: Date) -> Result<ImportPlan, RegisterError> {
        let changes = self.read(|reader| ImportChanges::find(reader, &dossier, &toml, on))?;
        Ok(ImportPlan { dossier, toml, on, changes })
    }

    /// Makes a planned import.
    ///
    /// # Errors
    /// If the import would now come to something else ([`RegisterError::Changed`]), or the database
    /// fails. Nothing is changed.
    pub fn import(&mut self, planned: &ImportPlan, stamp: &Stamp) -> Result<(), RegisterError> {
        let ImportPlan { dossier, toml, on, changes: shown } = planned;
        let mut transaction = self.begin()?;
        let mut reader = transaction.reader();
        let changes = ImportChanges::find(&mut reader, dossier, toml, *on)?;
        if changes != *shown {
            return Err(RegisterError::Changed);
        }
        let action = changes.action(&mut reader, *on)?;
        transaction.append(stamp, &action, &[toml.as_bytes()])?;
        transaction.commit()
    }
}

/// Refuses a dossier that lists a site or a label twice or at the wrong place. The register relies
/// on these rules; the others are checked before a certificate is issued.
fn check(dossier: &Dossier, on: Date) -> Result<(), RegisterError> {
    let relied_on =
        [Code::RuleSiteTwice, Code::RuleLabelTwice, Code::RuleSiteOfAnotherCompany, Code::RuleLabelOfAnotherSite];
    let reports = rules::check_certificate(&dossier.certificate(on), on);
    let mut findings = reports.into_iter().flat_map(|report| report.findings);
    match findings.find(|finding| relied_on.contains(&finding.code)) {
        Some(finding) => Err(RegisterError::Dossier(finding.message)),
        None => Ok(()),
    }
}

/// The companies of a dossier, by what the register knows of them.
struct Companies {
    holder: Option<u32>,
    new: Vec<CompanyNumber>,
    /// Companies without a holder.
    joined: Vec<CompanyNumber>,
}

impl Companies {
    fn find(reader: &mut Reader<'_>, dossier: &Dossier) -> Result<Self, RegisterError> {
        let mut found: Option<(u32, CompanyNumber)> = None;
        let (mut new, mut joined) = (Vec::new(), Vec::new());
        for company in dossier.holder.company_numbers().collect::<BTreeSet<_>>() {
            let Some(row) = reader.first_row("SELECT holder FROM companies WHERE number = $1", &[text(company)])?
            else {
                new.push(company);
                continue;
            };
            let holder: Option<u32> = row.column(0)?;
            match (holder, found) {
                (None, _) => joined.push(company),
                (Some(holder), None) => found = Some((holder, company)),
                (Some(holder), Some((other, _))) if holder == other => {}
                (Some(holder), Some((first, first_company))) => {
                    return Err(RegisterError::TwoHolders {
                        company: first_company,
                        holder: records::holder(reader, first)?.name,
                        other: company,
                        other_holder: records::holder(reader, holder)?.name,
                    });
                }
            }
        }
        Ok(Self { holder: found.map(|(holder, _)| holder), new, joined })
    }
}

impl ImportChanges {
    fn find(reader: &mut Reader<'_>, dossier: &Dossier, toml: &str, on: Date) -> Result<Self, RegisterError> {
        check(dossier, on)?;
        let Companies { holder, new, joined } = Companies::find(reader, dossier)?;
        let mut changes = Self {
            name: dossier.holder.name.clone(),
            former_name: None,
            is_new_holder: holder.is_none(),
            is_same_dossier: false,
            companies_new: new,
            companies_joined: joined,
            companies_left: Vec::new(),
            sites_new: Vec::new(),
            sites_changed: Vec::new(),
            recognized: Vec::new(),
            approved: Vec::new(),
            stopped: Vec::new(),
            number: dossier.number.clone(),
            is_new_number: false,
            holder,
            sha256: sha256(toml.as_bytes()),
            rows_new: Vec::new(),
            rows_changed: Vec::new(),
        };
        if let Some(holder) = holder {
            let known = records::holder(reader, holder)?;
            changes.is_same_dossier = known.dossier == changes.sha256;
            let stays = |number: &CompanyNumber| dossier.holder.company_numbers().any(|stays| stays == *number);
            changes.companies_left = known.companies.into_iter().filter(|number| !stays(number)).collect();
            changes.former_name = (known.name != changes.name).then_some(known.name);
        }
        for site in &dossier.sites {
            changes.site(reader, site)?;
            for label in &site.labels {
                changes.label(reader, label, on)?;
            }
        }
        changes.number(reader)?;
        Ok(changes)
    }

    /// Returns whether the import changes nothing.
    pub fn is_empty(&self) -> bool {
        self.is_same_dossier && self.approved.is_empty() && self.recognized.is_empty() && !self.is_new_number
    }

    /// Adds a site that is new or changed.
    fn site(&mut self, reader: &mut Reader<'_>, site: &Site) -> Result<(), RegisterError> {
        let found = SiteRow {
            site: site.reference(),
            country: site.country,
            city: site.city.clone(),
            subcontractor: site.subcontractor.clone(),
            cid: site.cid.clone(),
        };
        let sql = "SELECT country, city, subcontractor, cid FROM sites WHERE site = $1";
        let Some(row) = reader.first_row(sql, &[text(found.site)])? else {
            self.sites_new.push(found.site);
            self.rows_new.push(found);
            return Ok(());
        };
        let known = SiteRow {
            site: found.site,
            country: row.parsed(0)?,
            city: row.column(1)?,
            subcontractor: row.column(2)?,
            cid: row.parsed_optional(3)?,
        };
        if known.country != found.country {
            return Err(RegisterError::SiteMoved { site: found.site, known: known.country, found: found.country });
        }
        if known != found {
            self.sites_changed.push(found.site);
            self.rows_changed.push(found);
        }
        Ok(())
    }

    /// Adds a label whose life changes, or that was stopped.
    fn label(&mut self, reader: &mut Reader<'_>, label: &Label, on: Date) -> Result<(), RegisterError> {
        let identity = label.identity();
        let sql = "SELECT idx, approved FROM labels WHERE label = $1";
        let known = reader.first_row(sql, &[text(identity)])?;
        let Some(row) = known else {
            match label.status() {
                LabelStatus::Recognition => {
                    self.recognized.push((*label, on.last_day_of_months(RECOGNITION_MONTHS)));
                }
                LabelStatus::Approval => self.approved.push(*label),
                LabelStatus::Stopped => return Err(RegisterError::StoppedInDossier { label: identity }),
            }
            return Ok(());
        };
        let idx: u32 = row.column(0)?;
        let approved: Option<Date> = row.parsed_optional(1)?;
        let is_stopped = EntryHistory::read(reader, idx)?.is_stopped();
        match (label.status(), approved) {
            _ if is_stopped => self.stopped.push(*label),
            (LabelStatus::Stopped, _) => return Err(RegisterError::StoppedInDossier { label: identity }),
            (LabelStatus::Recognition, Some(approved)) => {
                return Err(RegisterError::NotBack { label: identity, approved });
            }
            (LabelStatus::Recognition, None) | (LabelStatus::Approval, Some(_)) => {}
            (LabelStatus::Approval, None) => self.approved.push(*label),
        }
        Ok(())
    }

    /// Finds whether the certificate number is new; refuses one that another holder has.
    fn number(&mut self, reader: &mut Reader<'_>) -> Result<(), RegisterError> {
        match reader.first_row("SELECT holder FROM certificates WHERE number = $1", &[text(&self.number)])? {
            None => self.is_new_number = true,
            Some(row) => {
                let holder: u32 = row.column(0)?;
                if self.holder != Some(holder) {
                    let holder = records::holder(reader, holder)?.name;
                    return Err(RegisterError::NumberTaken { number: self.number.clone(), holder });
                }
            }
        }
        Ok(())
    }

    /// The action for the log, with the numbers that it gives out.
    fn action(self, reader: &mut Reader<'_>, on: Date) -> Result<Action, RegisterError> {
        let holder = match self.holder {
            Some(holder) => holder,
            None => reader.counter(NEXT_HOLDER)?,
        };
        let mut next_number = reader.counter(NEXT_NUMBER)?;
        if let Some(taken) = counted(&self.number).filter(|_| self.is_new_number) {
            next_number = next_number.max(taken.saturating_add(1));
        }
        let mut known = BTreeSet::new();
        for label in self.approved.iter().map(Label::identity) {
            if reader.first_row("SELECT idx FROM labels WHERE label = $1", &[text(label)])?.is_some() {
                known.insert(label);
            }
        }
        let mut next_idx = reader.counter(NEXT_IDX)?;
        let mut labels_new = Vec::new();
        let recognized = self.recognized.iter().map(|(label, until)| (label, Some((on, *until))));
        let approved = self.approved.iter().filter(|label| !known.contains(&label.identity()));
        for (label, recognized) in recognized.chain(approved.map(|label| (label, None))) {
            labels_new.push(LabelRow {
                label: label.identity(),
                site: label.identity().site(),
                idx: next_idx,
                recognized,
            });
            next_idx = next_idx.checked_add(1).ok_or(RegisterError::Exhausted { what: "the status list" })?;
        }
        Ok(Action::Imported(Imported {
            holder,
            is_new_holder: self.is_new_holder,
            name: self.name,
            dossier: self.sha256,
            companies_new: self.companies_new,
            companies_joined: self.companies_joined,
            companies_left: self.companies_left,
            sites_new: self.rows_new,
            sites_changed: self.rows_changed,
            labels_new,
            labels_approved: known.into_iter().collect(),
            on,
            number: self.number,
            is_new_number: self.is_new_number,
            next_number,
            next_idx,
        }))
    }
}

/// The count in a certificate number such as `CQM-2023-0099`.
fn counted(number: &CertificateNumber) -> Option<u32> {
    let (rest, count) = number.as_str().rsplit_once('-')?;
    rest.starts_with("CQM-").then(|| count.parse().ok())?
}
