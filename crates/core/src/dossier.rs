//! The dossier: what the office knows about a holder before it issues the certificate (section
//! 5.1).

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    Activity, Certificate, CertificateNumber, Cid, Company, CompanyNumber, CountryCode, Date, Holder, Label,
    LabelStatus, Signatory, Site, SiteReference, certificate::twice, line,
};

/// A request for a certificate, with the evidence for it. [`crate::rules::check_dossier`] checks
/// whether the evidence is sufficient.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    /// The number of the certificate.
    pub number: CertificateNumber,
    /// SED, the last day of the yearly services (section 1.3).
    pub services_expiration_date: Date,
    /// The requested last day, if it is earlier than the program allows (section 5.3).
    pub valid_until: Option<Date>,
    /// The company or group that gets the certificate.
    #[serde(deserialize_with = "holder")]
    pub holder: Holder,
    /// The person who signs for the program's owner.
    pub signatory: Signatory,
    /// The sites to be listed, with their labels.
    #[serde(deserialize_with = "sites")]
    pub sites: Vec<Site>,
    /// The extract of the GVCP registry.
    pub gvcp: GvcpExtract,
    /// All audits that count, in any order.
    #[serde(default, deserialize_with = "line::list::<{ line::MOST_AUDITS }, _, _>")]
    pub audits: Vec<Audit>,
    /// The plan of the next audits.
    pub audit_plan: AuditPlan,
    /// The invoices of the yearly fees.
    #[serde(default, deserialize_with = "line::list::<{ line::MOST_FEES }, _, _>")]
    pub fees: Vec<Fee>,
}

impl Dossier {
    /// Returns the draft of the certificate, issued on a day. It contains everything that the
    /// dossier requests; the rules decide whether it may be issued.
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

    /// Returns the last day of a certificate issued on a day: the earliest of 12 months, the
    /// requested last day (section 5.3) and the SED (section 1.3). A past SED does not count; the
    /// rule `services-expired` refuses it.
    pub fn last_day(&self, on: Date) -> Date {
        let sed = Some(self.services_expiration_date).filter(|&sed| sed >= on);
        let limits = [sed, self.valid_until];
        limits.into_iter().flatten().fold(on.last_day_of_months(12), Date::min)
    }

    /// Returns the approval labels to be listed, with their sites.
    pub fn approvals(&self) -> impl Iterator<Item = (&Site, &Label)> {
        let labels = self.sites.iter().flat_map(|site| site.labels.iter().map(move |label| (site, label)));
        labels.filter(|(_, label)| label.status() == LabelStatus::Approval)
    }
}

/// The extract of the GVCP registry for the holder (section 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GvcpExtract {
    /// The day of the extract.
    pub checked: Date,
    /// The sites that the registry lists for the holder.
    #[serde(deserialize_with = "line::list::<{ line::MOST_SITES }, _, _>")]
    pub sites: Vec<GvcpSite>,
}

/// A site in the GVCP registry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GvcpSite {
    /// The site.
    pub site: SiteReference,
    /// The identifier of the site in the registry.
    pub cid: Cid,
}

/// An audit of a site, past or future.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// The office's name for the audit.
    #[serde(deserialize_with = "line::line")]
    pub id: String,
    /// The audited site.
    pub site: SiteReference,
    /// The audited activities.
    #[serde(deserialize_with = "line::list::<{ line::MOST_ACTIVITIES }, _, _>")]
    pub activities: Vec<Activity>,
    /// The first day.
    pub start: Date,
    /// The last day. Every deadline counts from it (section 2.1.3).
    pub end: Date,
    /// The final grade, once the office has notified it (section 2.3).
    pub grade: Option<Grade>,
    /// The number of major non-conformities, NC+ (section 2.2.1).
    pub nc_major: u32,
    /// The number of minor non-conformities, NC- (section 2.2.2).
    pub nc_minor: u32,
    /// The day of the auditor's final report (section 2.3).
    pub report: Option<Date>,
    /// The day of the auditor's report on the corrective actions. It extends the labels of an audit
    /// graded C (section 2.2.4).
    pub corrective_action_report: Option<Date>,
    /// The corrective actions (section 2.4).
    #[serde(default, deserialize_with = "line::list::<{ line::MOST_ACTIONS }, _, _>")]
    pub actions: Vec<CorrectiveAction>,
    /// The decision to continue although this audit is the third in a row graded C (section 3.6).
    pub three_c_override: Option<Override>,
}

impl Audit {
    /// Returns the grade if labels can rest on the audit on a day: if the audit has ended and is
    /// reported by then. A grade D also counts without a report.
    pub fn final_grade(&self, on: Date) -> Option<Grade> {
        let reported = self.report.is_some_and(|report| report <= on);
        self.grade.filter(|&grade| self.end <= on && (reported || grade == Grade::D))
    }

    /// Returns the last day for the next audit, which depends on the grade and counts from the end
    /// of this audit (section 2.2.4). `None` without a grade, and after a grade D.
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

/// The quality rank of an audit, ordered from the best to the worst (section 2.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Grade {
    /// Passed without major non-conformities.
    A,
    /// Passed with very few major non-conformities.
    B,
    /// Passed for the time being.
    C,
    /// Failed.
    D,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    /// What must be done.
    #[serde(deserialize_with = "line::line")]
    pub title: String,
    /// The kind of audit finding that the action remedies.
    pub kind: ActionKind,
    /// The day on which the auditor closed the action.
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
    /// `RI`, a recommended improvement, which is not a non-conformity.
    #[serde(rename = "RI")]
    Improvement,
}

/// A recorded decision of a person to deviate from a rule, where the program allows one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The person who decided.
    #[serde(deserialize_with = "line::line")]
    pub by: String,
    /// The day of the decision.
    pub date: Date,
    /// The reason.
    #[serde(deserialize_with = "line::line")]
    pub reason: String,
}

/// The audit plan of the next 12 months (section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditPlan {
    /// The day on which the holder committed to the plan.
    pub committed: Option<Date>,
    /// The planned audits.
    #[serde(default, deserialize_with = "line::list::<{ line::MOST_AUDITS }, _, _>")]
    pub audits: Vec<PlannedAudit>,
}

/// An audit in the audit plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedAudit {
    /// The site.
    pub site: SiteReference,
    /// The day.
    pub date: Date,
}

/// The invoice of one year of services (section 3.5).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The last day of the services that the invoice is for.
    pub services_until: Date,
    /// The day of the invoice.
    pub invoiced: Date,
    /// The day of the payment.
    pub paid: Option<Date>,
}

/// Reads a holder in the form of dossiers: a company without a name has that of the holder.
fn holder<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Holder, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename = "holder")]
    struct Entry {
        #[serde(deserialize_with = "line::line")]
        name: String,
        #[serde(deserialize_with = "line::address")]
        address: Vec<String>,
        country: CountryCode,
        #[serde(deserialize_with = "line::list::<{ line::MOST_COMPANIES }, _, _>")]
        companies: Vec<NumberOrCompany>,
    }

    let Entry { name, address, country, companies } = Entry::deserialize(deserializer)?;
    let is_group = companies.len() > 1;
    let company = |company| match company {
        NumberOrCompany::Company(company) if is_group || company.name == name => Ok(company),
        NumberOrCompany::Company(company) => Err(D::Error::custom(format_args!(
            "the company {} has another name than the holder, which is one company: leave the company's name out",
            company.number
        ))),
        NumberOrCompany::Number(number) if is_group => Err(D::Error::custom(format_args!(
            "the company {number} of a group has no name: write {{ number = \"{number}\", name = \"…\" }}"
        ))),
        NumberOrCompany::Number(number) => Ok(Company { number, name: name.clone() }),
    };
    let companies: Vec<Company> = companies.into_iter().map(company).collect::<Result<_, _>>()?;
    if let Some(number) = twice(companies.iter().map(|company| company.number)) {
        return Err(D::Error::custom(format_args!("the company {number} twice")));
    }
    Ok(Holder { name, address, country, companies })
}

/// A company in a dossier: its number, or a table with its number and its name.
enum NumberOrCompany {
    Number(CompanyNumber),
    Company(Company),
}

impl<'de> Deserialize<'de> for NumberOrCompany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = NumberOrCompany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of a company, or its number and name")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse().map(NumberOrCompany::Number).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Company::deserialize(MapAccessDeserializer::new(map)).map(NumberOrCompany::Company)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// Reads sites in the form of dossiers, with `site = "CC-LL"`.
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
        assert_eq!(last_day("2023-05-05", None), "2024-05-05", "past: the rule services-expired refuses it");
    }

    #[test]
    fn a_group_names_each_company_and_a_single_company_has_the_name_of_the_holder() {
        use serde_json::json;
        #[derive(Debug, serde::Deserialize)]
        struct Part {
            #[serde(deserialize_with = "super::holder")]
            holder: crate::Holder,
        }
        let read = |companies: serde_json::Value| {
            let holder = json!({"name": "Cards & Co", "address": ["A"], "country": "PT", "companies": companies});
            serde_json::from_value::<Part>(json!({"holder": holder})).map_err(|error| error.to_string())
        };
        let names = |companies| -> Vec<String> {
            read(companies).unwrap().holder.companies.into_iter().map(|company| company.name).collect()
        };
        let named = |number: &str, name: &str| json!({"number": number, "name": name});
        assert_eq!(names(json!(["99"])), ["Cards & Co"]);
        assert_eq!(names(json!([named("99", "Cards & Co")])), ["Cards & Co"]);
        assert_eq!(names(json!([named("21", "A"), named("99", "B")])), ["A", "B"]);
        for (companies, expected) in [
            (json!([named("99", "Another")]), "another name than the holder"),
            (json!(["21", named("99", "B")]), "the company 21 of a group has no name"),
            (json!([named("21", "A"), named("21", "B")]), "the company 21 twice"),
            (json!([{"number": "21"}, named("99", "B")]), "missing field `name`"),
            (json!([named("21", " "), named("99", "B")]), ""),
            (json!([21]), "the number of a company, or its number and name"),
        ] {
            let error = read(companies.clone()).unwrap_err();
            assert!(error.contains(expected), "{companies}: {error}");
        }
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
}
