//! Importing a dossier: what it says becomes what the office knows of its holder.

use std::collections::BTreeSet;

use cqm_core::{
    CertificateNumber, Code, CompanyNumber, CountryCode, Date, Dossier, Label, LabelStatus, Site, SiteReference, rules,
};

use crate::{
    Register, RegisterError, Stamp,
    action::{Action, Imported, LabelRow, NEXT_HOLDER, NEXT_IDX, NEXT_NUMBER, SiteRow},
    database::{DatabaseError, text},
    log::sha256,
    records::{self, EntryHistory},
    register::Reader,
};

/// For how many months a recognition holds (section 3.2).
const RECOGNITION_MONTHS: i32 = 6;

/// What an import changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// The holder's name.
    pub name: String,
    /// The name that the register had, if it had another.
    pub former_name: Option<String>,
    /// Whether the register knows the holder already.
    pub is_new_holder: bool,
    /// Whether the dossier is the one that the register has.
    pub is_same_dossier: bool,
    /// Companies that are new to the register.
    pub companies_new: Vec<CompanyNumber>,
    /// Companies that belonged to nobody and join the group.
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
    /// Labels of the dossier that were stopped and stay so.
    pub stopped: Vec<Label>,
    /// The number that the dossier brings.
    pub number: CertificateNumber,
    /// Whether the register did not know that number; it is for the next certificate then.
    pub is_new_number: bool,
    holder: Option<u32>,
    sha256: String,
    rows_new: Vec<SiteRow>,
    rows_changed: Vec<SiteRow>,
}

impl Register {
    /// Says what the import of a dossier would change.
    ///
    /// # Errors
    /// When the dossier contradicts what the register knows, or the database fails.
    pub fn plan_import(&mut self, dossier: &Dossier, toml: &str, on: Date) -> Result<ImportPlan, RegisterError> {
        self.read(|reader| plan(reader, dossier, toml, on))
    }

    /// Imports a dossier, as it was shown.
    ///
    /// # Errors
    /// When the register changed since, or the database fails.
    pub fn import(
        &mut self,
        dossier: &Dossier,
        toml: &str,
        on: Date,
        shown: &ImportPlan,
        stamp: &Stamp,
    ) -> Result<(), RegisterError> {
        self.write(stamp, |writer| {
            let plan = plan(&mut writer.reader, dossier, toml, on)?;
            if plan != *shown {
                return Err(RegisterError::Changed);
            }
            let action = plan.action(&mut writer.reader, on)?;
            writer.append(&action, &[toml.as_bytes()])
        })
    }
}

fn plan(reader: &mut Reader<'_>, dossier: &Dossier, toml: &str, on: Date) -> Result<ImportPlan, RegisterError> {
    check(dossier, on)?;
    let (holder, companies_new, companies_joined) = companies(reader, dossier)?;
    let mut plan = ImportPlan {
        name: dossier.holder.name.clone(),
        former_name: None,
        is_new_holder: holder.is_none(),
        is_same_dossier: false,
        companies_new,
        companies_joined,
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
        plan.is_same_dossier = known.dossier == plan.sha256;
        plan.companies_left =
            known.companies.into_iter().filter(|number| !dossier.holder.companies.contains(number)).collect();
        plan.former_name = (known.name != plan.name).then_some(known.name);
    }
    for site in &dossier.sites {
        plan.site(reader, site)?;
        for label in &site.labels {
            plan.label(reader, label, on)?;
        }
    }
    plan.number(reader)?;
    Ok(plan)
}

/// What the register relies on in every dossier: each site and label once, each where it belongs.
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

/// The holder of the companies, those that are new, and those that had no holder.
#[expect(clippy::type_complexity, reason = "taken apart where it is made")]
fn companies(
    reader: &mut Reader<'_>,
    dossier: &Dossier,
) -> Result<(Option<u32>, Vec<CompanyNumber>, Vec<CompanyNumber>), RegisterError> {
    let mut found: Option<(u32, CompanyNumber)> = None;
    let (mut new, mut joined) = (Vec::new(), Vec::new());
    for company in dossier.holder.companies.iter().copied().collect::<BTreeSet<_>>() {
        let Some(row) = reader.row("SELECT holder FROM companies WHERE number = $1", &[text(company)])? else {
            new.push(company);
            continue;
        };
        let holder: Option<u32> = row.column(0).map_err(DatabaseError::from)?;
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
    Ok((found.map(|(holder, _)| holder), new, joined))
}

impl ImportPlan {
    /// Whether the import changes anything.
    pub fn is_empty(&self) -> bool {
        self.is_same_dossier && self.approved.is_empty() && self.recognized.is_empty() && !self.is_new_number
    }

    fn site(&mut self, reader: &mut Reader<'_>, site: &Site) -> Result<(), RegisterError> {
        let found = SiteRow {
            site: site.reference(),
            country: site.country,
            city: site.city.clone(),
            subcontractor: site.subcontractor.clone(),
            cid: site.cid.clone(),
        };
        let sql = "SELECT country, city, subcontractor, cid FROM sites WHERE site = $1";
        let Some(row) = reader.row(sql, &[text(found.site)])? else {
            self.sites_new.push(found.site);
            self.rows_new.push(found);
            return Ok(());
        };
        let known = SiteRow {
            site: found.site,
            country: row.parsed::<CountryCode>(0).map_err(DatabaseError::from)?,
            city: row.column(1).map_err(DatabaseError::from)?,
            subcontractor: row.column(2).map_err(DatabaseError::from)?,
            cid: row.parsed_optional(3).map_err(DatabaseError::from)?,
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

    fn label(&mut self, reader: &mut Reader<'_>, label: &Label, on: Date) -> Result<(), RegisterError> {
        let identity = label.identity();
        let sql = "SELECT idx, approved FROM labels WHERE label = $1";
        let known = reader.row(sql, &[text(identity)])?;
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
        let idx: u32 = row.column(0).map_err(DatabaseError::from)?;
        let approved: Option<Date> = row.parsed_optional(1).map_err(DatabaseError::from)?;
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

    fn number(&mut self, reader: &mut Reader<'_>) -> Result<(), RegisterError> {
        match reader.row("SELECT holder FROM certificates WHERE number = $1", &[text(&self.number)])? {
            None => self.is_new_number = true,
            Some(row) => {
                let holder: u32 = row.column(0).map_err(DatabaseError::from)?;
                if self.holder != Some(holder) {
                    let holder = records::holder(reader, holder)?.name;
                    return Err(RegisterError::NumberTaken { number: self.number.clone(), holder });
                }
            }
        }
        Ok(())
    }

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
            if reader.row("SELECT idx FROM labels WHERE label = $1", &[text(label)])?.is_some() {
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

/// The count in a number such as `CQM-2023-0099`.
fn counted(number: &CertificateNumber) -> Option<u32> {
    let (rest, count) = number.as_str().rsplit_once('-')?;
    rest.starts_with("CQM-").then(|| count.parse().ok())?
}
