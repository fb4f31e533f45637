//! The errors of the register.

use cqm_core::{
    CertificateNumber, CompanyNumber, CountryCode, Date, LabelIdentity, SiteReference, status::EntryStatus,
};

use crate::database::{DatabaseError, UnexpectedValue};

/// The register did not do what it was asked to. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The tables have another version.
    #[error("the register is of version {found}, this cqm knows version {known}")]
    Version {
        /// The version of the tables.
        found: i64,
        /// The version of this program.
        known: i64,
    },
    /// An entry of the log could not be written as JSON.
    #[error("an entry of the log could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// No numbers are left.
    #[error("no numbers are left for {what}")]
    Exhausted {
        /// What the numbers are for.
        what: &'static str,
    },
    /// A plan would now come to something else than was shown.
    #[error("the register changed in between\nhint: look at it again; nothing was changed")]
    Changed,
    /// The dossier breaks a rule that the register relies on.
    #[error("{0}")]
    Dossier(String),
    /// The companies of a dossier belong to several holders.
    #[error(
        "company {company} belongs to {holder}, and company {other} to {other_holder}: a dossier is of one holder\n\
         hint: import a dossier of {other_holder} without company {other} first"
    )]
    TwoHolders {
        /// A company.
        company: CompanyNumber,
        /// The holder to which it belongs.
        holder: String,
        /// Another company.
        other: CompanyNumber,
        /// The holder to which the other company belongs.
        other_holder: String,
    },
    /// The number of a site was given to a place in another country.
    #[error(
        "site {site} is in {known}, the dossier has it in {found}: numbers of sites are given out once\n\
         hint: give a new site a new number"
    )]
    SiteMoved {
        /// The site.
        site: SiteReference,
        /// Its country in the register.
        known: CountryCode,
        /// Its country in the dossier.
        found: CountryCode,
    },
    /// The dossier lists an approved label as only recognized.
    #[error("label {label} was approved on {approved}, the dossier has it as a recognition: it can't go back")]
    NotBack {
        /// The label.
        label: LabelIdentity,
        /// The day of its approval.
        approved: Date,
    },
    /// The dossier lists a label as stopped. Only a change of status stops a label.
    #[error("label {label} is written as stopped in the dossier")]
    StoppedInDossier {
        /// The label.
        label: LabelIdentity,
    },
    /// The certificate number of the dossier belongs to another holder.
    #[error("the number {number} was given to {holder}\nhint: choose another number")]
    NumberTaken {
        /// The number.
        number: CertificateNumber,
        /// The other holder.
        holder: String,
    },
    /// The register has nothing with this name.
    #[error("{what} {name} is not in the register")]
    Unknown {
        /// The kind of thing that was looked for.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A company belongs to no holder.
    #[error("company {company} belongs to no holder any more\nhint: import a dossier that has it")]
    NoHolder {
        /// The company.
        company: CompanyNumber,
    },
    /// The certificate is not issued yet.
    #[error("certificate {number} is not issued yet: a dossier has brought its number")]
    NotIssued {
        /// The number.
        number: CertificateNumber,
    },
    /// The new certificate would begin before the one that it supersedes.
    #[error(
        "the new certificate begins on {from}, before certificate {previous} of the same holder, \
         which is valid from {previous_from}"
    )]
    BeforePrevious {
        /// The first day of the new one.
        from: Date,
        /// The number of the earlier one.
        previous: CertificateNumber,
        /// The first day of the earlier one.
        previous_from: Date,
    },
    /// The label or certificate has a status that does not allow the change.
    #[error("{subject} is {status} since {since} ({reason}){}", .hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default())]
    Status {
        /// The label or the certificate.
        subject: String,
        /// Its status.
        status: EntryStatus,
        /// The first day of that status.
        since: Date,
        /// The reason for it.
        reason: cqm_core::status::Reason,
        /// What the user can do.
        hint: Option<&'static str>,
    },
    /// The label or certificate to resume is not suspended.
    #[error("{subject} is not suspended")]
    NotSuspended {
        /// The label or the certificate.
        subject: String,
    },
    /// The site has no label that could be stopped.
    #[error("site {site} has no label {which}that could be stopped")]
    NothingToStop {
        /// The site.
        site: SiteReference,
        /// A restriction of the labels, or empty.
        which: &'static str,
    },
}

impl From<UnexpectedValue> for RegisterError {
    fn from(error: UnexpectedValue) -> Self {
        Self::Database(error.into())
    }
}
