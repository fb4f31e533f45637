//! Why the register can't do what it is asked to.

use cqm_core::{
    CertificateNumber, CompanyNumber, CountryCode, Date, LabelIdentity, SiteReference, status::EntryStatus,
};

use crate::database::DatabaseError;

/// Why the register did not do what it was asked to. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The tables are of another version.
    #[error("the register is of version {found}, this cqm knows version {known}\nhint: use a cqm that knows it")]
    Version {
        /// The version of the tables.
        found: i64,
        /// The version of this program.
        known: i64,
    },
    /// Something was about to be written that can't be.
    #[error("an entry of the log could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// No more numbers are left.
    #[error("no numbers are left for {what}")]
    Exhausted {
        /// What the numbers are for.
        what: &'static str,
    },
    /// Somebody changed what was shown.
    #[error("the register changed in between\nhint: look at it again; nothing was changed")]
    Changed,
    /// A site of the dossier stands under a company that the holder has not.
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
        /// Whose it is.
        holder: String,
        /// Another company.
        other: CompanyNumber,
        /// Whose that one is.
        other_holder: String,
    },
    /// A number of a site was given to another place.
    #[error(
        "site {site} is in {known}, the dossier has it in {found}: numbers of sites are given out once\n\
         hint: give a new site a new number"
    )]
    SiteMoved {
        /// The site.
        site: SiteReference,
        /// Where the register has it.
        known: CountryCode,
        /// Where the dossier has it.
        found: CountryCode,
    },
    /// An approved label stands as a recognition in the dossier.
    #[error("label {label} was approved on {approved}, the dossier has it as a recognition: it can't go back")]
    NotBack {
        /// The label.
        label: LabelIdentity,
        /// When it was approved.
        approved: Date,
    },
    /// A label stands as stopped in the dossier.
    #[error("label {label} is written as stopped in the dossier\nhint: leave it out; `cqm status stop` stops a label")]
    StoppedInDossier {
        /// The label.
        label: LabelIdentity,
    },
    /// The certificate's number is another holder's.
    #[error("the number {number} was given to {holder}\nhint: choose another number")]
    NumberTaken {
        /// The number.
        number: CertificateNumber,
        /// Whose it is.
        holder: String,
    },
    /// Nothing of this name is in the register.
    #[error("{what} {name} is not in the register\nhint: `cqm register list` and `cqm register log` show what is")]
    Unknown {
        /// What was looked for.
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
    /// A certificate that was never issued.
    #[error("certificate {number} is not issued yet: a dossier has brought its number")]
    NotIssued {
        /// The number.
        number: CertificateNumber,
    },
    /// The new certificate would begin before the one it replaces.
    #[error(
        "the new certificate begins on {from}, before certificate {previous} of the same holder, from {previous_from} on"
    )]
    BeforePrevious {
        /// The first day of the new one.
        from: Date,
        /// The number of the one that it replaces.
        previous: CertificateNumber,
        /// The first day of that one.
        previous_from: Date,
    },
    /// The status is what it would become, or can't become that.
    #[error("{subject} is {status} since {since} ({reason}){}", .hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default())]
    Status {
        /// The label or the certificate.
        subject: String,
        /// Its status.
        status: EntryStatus,
        /// Since when.
        since: Date,
        /// Why.
        reason: cqm_core::status::Reason,
        /// What can be done.
        hint: Option<&'static str>,
    },
    /// Nothing to resume.
    #[error("{subject} is not suspended")]
    NotSuspended {
        /// The label or the certificate.
        subject: String,
    },
    /// A site without a label that could be stopped.
    #[error("site {site} has no label {which}that could be stopped")]
    NothingToStop {
        /// The site.
        site: SiteReference,
        /// Which labels were looked for.
        which: &'static str,
    },
    /// What a signer did failed.
    #[error(transparent)]
    Outside(#[from] Box<dyn std::error::Error + Send + Sync>),
}
