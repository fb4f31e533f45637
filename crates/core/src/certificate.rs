//! The certificate: the letter that lists the approved labels of a company (section 5).

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    Activity, CertificateNumber, Cid, CompanyNumber, CountryCode, Date, Label, LabelIdentity, SiteNumber,
    SiteReference, line,
};

/// The content of a certificate, the "Statement of Quality" of a company or a group of companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The number. No two certificates have the same number.
    pub number: CertificateNumber,
    /// The company or group whose labels it lists.
    pub holder: Holder,
    /// The first day.
    pub valid_from: Date,
    /// The last day, which is included: CED, the certificate expiration date (section 1.3).
    pub valid_until: Date,
    /// The listed sites, also those without labels (section 5.2).
    pub sites: Vec<Site>,
    /// The person who signs for the program's owner.
    pub signatory: Signatory,
}

impl Certificate {
    /// Returns all labels with their sites, in the order of the letter.
    pub fn labels(&self) -> impl Iterator<Item = (&Site, &Label)> {
        self.sites.iter().flat_map(|site| site.labels.iter().map(move |label| (site, label)))
    }

    /// Returns the label with an identity, with the status that the certificate lists.
    pub fn label(&self, identity: LabelIdentity) -> Option<&Label> {
        self.labels().map(|(_, label)| label).find(|label| label.identity() == identity)
    }
}

/// The company or group of companies whose labels a certificate lists (section 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The name, as the letter prints it.
    #[serde(deserialize_with = "line::line")]
    pub name: String,
    /// The principal place of business, line by line, without the country.
    #[serde(deserialize_with = "line::address")]
    pub address: Vec<String>,
    /// The country of the principal place of business.
    pub country: CountryCode,
    /// The company, or every company of the group. None has the number of another.
    #[serde(deserialize_with = "companies")]
    pub companies: Vec<Company>,
}

impl Holder {
    /// Returns the registration numbers of the companies, in their order.
    pub fn company_numbers(&self) -> impl Iterator<Item = CompanyNumber> {
        self.companies.iter().map(|company| company.number)
    }
}

/// A company of a holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// The registration number.
    pub number: CompanyNumber,
    /// The name. A holder that is one company has the same name.
    #[serde(deserialize_with = "line::line")]
    pub name: String,
}

/// Reads the companies of a holder.
fn companies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Company>, D::Error> {
    let companies = line::list::<{ line::MOST_COMPANIES }, _, Company>(deserializer)?;
    match twice(companies.iter().map(|company| company.number)) {
        Some(number) => Err(D::Error::custom(format_args!("the company {number} twice"))),
        None => Ok(companies),
    }
}

/// Returns the first company that a list contains twice.
pub(crate) fn twice(companies: impl IntoIterator<Item = CompanyNumber>) -> Option<CompanyNumber> {
    let mut seen = BTreeSet::new();
    companies.into_iter().find(|number| !seen.insert(*number))
}

/// A manufacturing location of a company, with its labels (section 5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The company that the site belongs to.
    pub company: CompanyNumber,
    /// The number of the site within its company.
    pub number: SiteNumber,
    /// The country of the site.
    pub country: CountryCode,
    /// The city of the site.
    pub city: String,
    /// The subcontractor who runs the site, if any.
    pub subcontractor: Option<String>,
    /// The identifier in the GVCP, if the site is GVCP certified.
    pub cid: Option<Cid>,
    /// The labels granted to the site.
    pub labels: Vec<Label>,
}

impl Site {
    /// Returns the numbers of company and site, which identify the site.
    pub fn reference(&self) -> SiteReference {
        SiteReference { company: self.company, number: self.number }
    }

    /// Returns the labels of one activity, which are one cell of the letter's table.
    pub fn labels_of(&self, activity: Activity) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(move |label| label.activity() == activity)
    }
}

/// The person who signs for the program's owner, as the letter prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// The name.
    #[serde(deserialize_with = "line::line")]
    pub name: String,
    /// The job title.
    #[serde(deserialize_with = "line::line")]
    pub title: String,
}
