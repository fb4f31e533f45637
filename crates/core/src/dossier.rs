//! The dossier: what the office knows about a holder before it issues the certificate (section 5.1).

use serde::{Deserialize, Deserializer};

use crate::{
    Activity, Certificate, CertificateNumber, Cid, CountryCode, Date, Holder, Label, LabelStatus, Signatory, Site,
    SiteReference, line,
};

/// What a certificate is asked for, and the evidence for it. [`crate::rules::check_dossier`] says whether it suffices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    /// The number that the certificate gets.
    pub number: CertificateNumber,
    /// SED, the last day of the yearly services (section 1.3).
    pub services_expiration_date: Date,
    /// The last day that is asked for, where it is to be earlier than the program allows (section 5.3).
    pub valid_until: Option<Date>,
    /// Whose certificate it is.
    pub holder: Holder,
    /// Who signs for the program's owner.
    pub signatory: Signatory,
    /// The sites with the labels that are asked to be listed.
    #[serde(deserialize_with = "sites")]
    pub sites: Vec<Site>,
    /// What the GVCP registry says about the holder.
    pub gvcp: GvcpExtract,
    /// Every audit that counts, in any order.
    #[serde(default)]
    pub audits: Vec<Audit>,
    /// The plan of the next audits.
    pub audit_plan: AuditPlan,
    /// The yearly fees.
    #[serde(default)]
    pub fees: Vec<Fee>,
}

impl Dossier {
    /// The draft of the certificate, issued on this day: all that the dossier asks for. It is the rules that refuse.
    pub fn certificate(&self, on: Date) -> Certificate {
        Certificate {
            number: self.number.clone(),
            holder: self.holder.clone(),
            valid_from: on,
            valid_until: self.last_day(on),
            sites: self.sites.clone(),
            signatory: self.signatory.clone(),
        }
    }

    /// The last day of a certificate issued on this day: the earliest of 12 months, the date asked for (section 5.3) and
    /// the SED (section 1.3). An SED that has passed does not count; a rule of its own refuses it.
    pub fn last_day(&self, on: Date) -> Date {
        let sed = Some(self.services_expiration_date).filter(|&sed| sed >= on);
        let limits = [sed, self.valid_until];
        limits.into_iter().flatten().fold(on.last_day_of_months(12), Date::min)
    }

    /// The approval labels that are asked to be listed, with their sites.
    pub fn approvals(&self) -> impl Iterator<Item = (&Site, &Label)> {
        let labels = self.sites.iter().flat_map(|site| site.labels.iter().map(move |label| (site, label)));
        labels.filter(|(_, label)| label.status() == LabelStatus::Approval)
    }

    /// The audits of an activity at a site that had ended by a day, the latest first; of those that ended on one day
    /// the one with the worst grade first.
    pub fn audits_of(&self, site: SiteReference, activity: Activity, on: Date) -> Vec<&Audit> {
        let covers = |audit: &&Audit| audit.site == site && audit.end <= on && audit.activities.contains(&activity);
        let mut audits: Vec<&Audit> = self.audits.iter().filter(covers).collect();
        audits.sort_by_key(|audit| core::cmp::Reverse((audit.end, audit.grade)));
        audits
    }
}

/// The extract of the GVCP registry for the holder (section 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GvcpExtract {
    /// The day on which the registry was looked up.
    pub checked: Date,
    /// The sites that it lists for the holder.
    pub sites: Vec<GvcpSite>,
}

/// A site in the GVCP registry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GvcpSite {
    /// The site.
    pub site: SiteReference,
    /// Its identifier there.
    pub cid: Cid,
}

/// An audit of a site, or the record of one that is yet to come.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// What the office calls it.
    pub id: String,
    /// The site audited.
    pub site: SiteReference,
    /// The activities audited.
    pub activities: Vec<Activity>,
    /// Its first day.
    pub start: Date,
    /// Its last day, from which every deadline counts (section 2.1.3).
    pub end: Date,
    /// The final grade, once the office has notified it (section 2.3).
    pub grade: Option<Grade>,
    /// How many major non-conformities, NC+, were found (section 2.2.1).
    pub nc_major: u32,
    /// How many minor non-conformities, NC-, were found (section 2.2.2).
    pub nc_minor: u32,
    /// The day of the auditor's final report (section 2.3).
    pub report: Option<Date>,
    /// The day of the auditor's report on the corrective actions, which extends the labels of a C (section 2.2.4).
    pub corrective_action_report: Option<Date>,
    /// The corrective actions (section 2.4).
    #[serde(default)]
    pub actions: Vec<CorrectiveAction>,
    /// The decision to go on in spite of a third C in a row, this audit's (section 3.6).
    pub three_c_override: Option<Override>,
}

impl Audit {
    /// The grade that labels can rest on by a day: that of an audit which has ended and is reported. A fail counts
    /// without its report too.
    pub fn final_grade(&self, on: Date) -> Option<Grade> {
        let reported = self.report.is_some_and(|report| report <= on);
        self.grade.filter(|&grade| self.end <= on && (reported || grade == Grade::D))
    }

    /// The last day for the next audit, by the grade (section 2.2.4): counted from this audit's end. `None` after a
    /// fail and without a grade.
    pub fn next_due(&self) -> Option<Date> {
        let months = match self.grade? {
            Grade::A => 36,
            Grade::B => 24,
            Grade::C => 12,
            Grade::D => return None,
        };
        Some(self.end.plus_months(months))
    }
}

/// The quality rank of an audit (section 2.2.4), from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Grade {
    /// Pass without major non-conformities.
    A,
    /// Pass with very few major non-conformities.
    B,
    /// Interim pass.
    C,
    /// Fail.
    D,
}

impl core::fmt::Display for Grade {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        })
    }
}

/// One action of the corrective action plan, CAP (section 2.4).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectiveAction {
    /// What is done.
    pub title: String,
    /// The kind of audit finding that it remedies.
    pub kind: ActionKind,
    /// The day on which the auditor closed it.
    pub closed: Option<Date>,
}

/// The kinds of audit findings (section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ActionKind {
    /// `NC+`, a major non-conformity.
    #[serde(rename = "NC+")]
    Major,
    /// `NC-`, a minor non-conformity.
    #[serde(rename = "NC-")]
    Minor,
    /// `RI`, a recommended improvement, which is no non-conformity.
    #[serde(rename = "RI")]
    Improvement,
}

/// A recorded decision to deviate from a rule, where the program lets a person decide.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Who decided.
    pub by: String,
    /// When.
    pub date: Date,
    /// Why.
    pub reason: String,
}

/// The audit plan of the next 12 months (section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditPlan {
    /// The day on which the holder committed to it.
    pub committed: Option<Date>,
    /// The audits planned.
    #[serde(default)]
    pub audits: Vec<PlannedAudit>,
}

/// An audit to come.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedAudit {
    /// Where.
    pub site: SiteReference,
    /// When.
    pub date: Date,
}

/// The invoice of one year of services (section 3.5).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The last day of the services that it pays for.
    pub services_until: Date,
    /// The day of the invoice.
    pub invoiced: Date,
    /// The day on which it was paid.
    pub paid: Option<Date>,
}

/// Reads sites as dossiers write them, with `site = "CC-LL"`.
fn sites<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Site>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename = "site")]
    struct Entry {
        site: SiteReference,
        country: CountryCode,
        #[serde(deserialize_with = "line::line")]
        city: String,
        #[serde(default, deserialize_with = "line::optional_line")]
        subcontractor: Option<String>,
        cid: Option<Cid>,
        #[serde(default, deserialize_with = "line::list::<{ line::MOST_LABELS }, _, _>")]
        labels: Vec<Label>,
    }

    let entries = line::list::<{ line::MOST_SITES }, _, Entry>(deserializer)?;
    let site = |entry: Entry| Site {
        company: entry.site.company,
        number: entry.site.number,
        country: entry.country,
        city: entry.city,
        subcontractor: entry.subcontractor,
        cid: entry.cid,
        labels: entry.labels,
    };
    Ok(entries.into_iter().map(site).collect())
}

#[cfg(test)]
mod tests {
    use crate::rules::support::testing::{date, dossier};

    #[test]
    fn a_certificate_ends_with_the_earliest_of_twelve_months_the_services_and_the_date_asked_for() {
        let on = date("2023-05-06");
        let mut dossier = dossier();
        let mut last_day = |sed: &str, asked: Option<&str>| {
            dossier.services_expiration_date = date(sed);
            dossier.valid_until = asked.map(date);
            dossier.certificate(on).valid_until.to_string()
        };
        assert_eq!(last_day("2024-05-31", None), "2024-05-05");
        assert_eq!(last_day("2024-02-29", None), "2024-02-29");
        assert_eq!(last_day("2024-02-29", Some("2023-11-30")), "2023-11-30");
        assert_eq!(last_day("2023-10-31", Some("2023-11-30")), "2023-10-31");
        assert_eq!(last_day("2023-05-06", None), "2023-05-06");
        assert_eq!(last_day("2023-05-05", None), "2024-05-05", "past: it is for the rule to refuse");
    }

    #[test]
    fn a_grade_is_final_once_the_audit_has_ended_and_is_reported() {
        use crate::dossier::{Audit, Grade};
        let audit = &dossier().audits[0];
        assert_eq!(audit.final_grade(date("2022-12-11")), None, "reported on the 12th");
        assert_eq!(audit.final_grade(date("2022-12-12")), Some(Grade::B));
        let failed = Audit { grade: Some(Grade::D), report: None, ..audit.clone() };
        assert_eq!(failed.final_grade(date("2022-11-17")), None, "ends on the 18th");
        assert_eq!(failed.final_grade(date("2022-11-18")), Some(Grade::D));
    }

    #[test]
    fn of_two_audits_that_end_on_one_day_the_worse_counts() {
        use crate::{Activity, dossier::Grade};
        let mut dossier = dossier();
        let failed = crate::dossier::Audit { grade: Some(Grade::D), ..dossier.audits[0].clone() };
        dossier.audits.push(failed);
        let audits = dossier.audits_of("99-02".parse().unwrap(), Activity::CardBody, date("2023-05-06"));
        let grades: Vec<_> = audits.iter().filter_map(|audit| audit.grade).collect();
        assert_eq!(grades, [Grade::D, Grade::B]);
    }
}
