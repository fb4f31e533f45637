//! The certificate: the letter that lists a company's approved labels (section 5).

use serde::{Deserialize, Serialize};

use crate::{
    Activity, CertificateNumber, Cid, CompanyNumber, CountryCode, Date, Label, LabelIdentity, SiteNumber,
    SiteReference, line,
};

/// What a certificate says: the "Statement of Quality" of a company or a group of companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its number, given out once.
    pub number: CertificateNumber,
    /// Whose labels it lists.
    pub holder: Holder,
    /// Its first day.
    pub valid_from: Date,
    /// Its last day, which counts wholly: CED, the certificate expiration date (section 1.3).
    pub valid_until: Date,
    /// The sites it lists, those without any label too (section 5.2).
    pub sites: Vec<Site>,
    /// Who signs for the program's owner.
    pub signatory: Signatory,
}

impl Certificate {
    /// Every label with the site that holds it, in the order of the letter.
    pub fn labels(&self) -> impl Iterator<Item = (&Site, &Label)> {
        self.sites.iter().flat_map(|site| site.labels.iter().map(move |label| (site, label)))
    }

    /// The label of this identity, in the state that the certificate gives it.
    pub fn label(&self, identity: LabelIdentity) -> Option<&Label> {
        self.labels().map(|(_, label)| label).find(|label| label.identity() == identity)
    }
}

/// Whose labels a certificate lists: one company, or a group of companies (section 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The name on the letter.
    #[serde(deserialize_with = "line::line")]
    pub name: String,
    /// The principal place of business, line by line, without the country.
    #[serde(deserialize_with = "line::address")]
    pub address: Vec<String>,
    /// The country of that place.
    pub country: CountryCode,
    /// The registration numbers of the company, or of every company of the group.
    #[serde(deserialize_with = "line::list::<{ line::MOST_COMPANIES }, _, _>")]
    pub companies: Vec<CompanyNumber>,
}

/// A manufacturing location of a company (section 5.5), with its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The company that runs it.
    pub company: CompanyNumber,
    /// Its number within that company.
    pub number: SiteNumber,
    /// The country it stands in.
    pub country: CountryCode,
    /// The city it stands in.
    pub city: String,
    /// The subcontractor who runs it, if any.
    pub subcontractor: Option<String>,
    /// Its identifier in the GVCP, where it is certified.
    pub cid: Option<Cid>,
    /// The labels granted to it.
    pub labels: Vec<Label>,
}

impl Site {
    /// The site as the program names it, with its company.
    pub fn reference(&self) -> SiteReference {
        SiteReference { company: self.company, number: self.number }
    }

    /// The labels of one activity: one cell of the letter's table.
    pub fn labels_of(&self, activity: Activity) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(move |label| label.activity() == activity)
    }
}

/// Who signs for the program's owner, as the letter prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// The person's name.
    #[serde(deserialize_with = "line::line")]
    pub name: String,
    /// The person's office.
    #[serde(deserialize_with = "line::line")]
    pub title: String,
}
