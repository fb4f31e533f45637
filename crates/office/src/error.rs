//! The errors of the office.

use std::{io, path::PathBuf, string::FromUtf8Error};

use cqm_core::{CertificateNumber, Finding, UnixTime, status::StatusReferenceError};
use cqm_files::{FileError, shown};
use cqm_issue::{IssueError, dossier::DossierError};
use cqm_keys::LoadError;
use cqm_letter::TemplateError;
use cqm_register::RegisterError;
use cqm_sign::x509::{CrlError, PemError, TrustError};
use cqm_status::{DigestError, ListDraftError, StatusListError};

/// The office could not do what it was asked to. Nothing was changed, except where a variant says
/// so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeError {
    /// The register failed or refused.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A key could not be loaded.
    #[error(transparent)]
    Key(#[from] LoadError),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A certificate could not be made.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The entries of the status list do not fit the certificate.
    #[error(transparent)]
    StatusReference(#[from] StatusReferenceError),
    /// A status list could not be made.
    #[error(transparent)]
    List(#[from] ListDraftError),
    /// The head of the log is not a SHA-256.
    #[error(transparent)]
    LogHead(#[from] DigestError),
    /// A file could not be read.
    #[error("`{}` could not be read", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A file is not text.
    #[error("`{}` is not UTF-8 text", shown(path))]
    NotText {
        /// The file.
        path: PathBuf,
        /// The place that is not UTF-8.
        source: FromUtf8Error,
    },
    /// The folder of the keys does not exist.
    #[error("there is no folder `{}`", shown(path))]
    NoKeyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder of the keys is a file.
    #[error("`{}` is not a folder", shown(path))]
    KeyFolderIsFile {
        /// The file.
        path: PathBuf,
    },
    /// The folder of the keys has no root.
    #[error("there is no `{}`", shown(path))]
    NoRootFile {
        /// The missing file.
        path: PathBuf,
    },
    /// The file of the root does not contain one.
    #[error("`{}` does not contain a root certificate", shown(path))]
    NotARoot {
        /// The file.
        path: PathBuf,
        /// The error.
        source: TrustError,
    },
    /// The file of a signer does not contain its certificates.
    #[error("`{}` does not contain an X.509 certificate", shown(path))]
    NotACertificate {
        /// The file.
        path: PathBuf,
        /// The error.
        source: PemError,
    },
    /// A file is not a CRL.
    #[error("`{}` does not contain a CRL", shown(path))]
    NotACrl {
        /// The file.
        path: PathBuf,
        /// The error.
        source: CrlError,
    },
    /// An authority above the signers has no CRL in the folder of the keys.
    #[error(
        "the folder of the keys has no CRL of {authority:?}, which every status list must contain\n\
         hint: put it there as a file whose name ends with .crl.pem"
    )]
    NoCrl {
        /// The subject of the authority.
        authority: String,
    },
    /// The newest CRL of an authority is not current.
    #[error(
        "the CRL of {authority:?} is good from {this_update} to {next_update}, the list would be issued at {issued_at}\n\
         hint: put the newest CRL of this authority into the folder of the keys"
    )]
    CrlNotCurrent {
        /// The subject of the authority.
        authority: String,
        /// The time from which the CRL speaks.
        this_update: UnixTime,
        /// The time by which the next CRL is due.
        next_update: UnixTime,
        /// When the list would be issued.
        issued_at: UnixTime,
    },
    /// The SHA-256 of a token in the register is damaged.
    #[error("the register has no SHA-256 of the token with the entry {idx}")]
    TokenHash {
        /// The entry of the certificate.
        idx: u32,
    },
    /// A file is not a template of the letter.
    #[error("`{}` is not a template of the letter", shown(path))]
    Template {
        /// The file.
        path: PathBuf,
        /// The error.
        source: TemplateError,
    },
    /// The token, whose name is the PDF's with the extension `jwt`, would replace the PDF.
    #[error("the PDF and its token would both be `{}`", shown(path))]
    OneNameForTwo {
        /// The file.
        path: PathBuf,
    },
    /// The dossier in the register is not in the form that this version reads.
    #[error("the dossier in the register can't be read\nhint: import it again")]
    StoredDossier(#[source] DossierError),
    /// The new certificate does not verify.
    #[error(
        "what was issued does not verify, so it was not written\n\
         hint: root.pem in the folder of the keys must be the root of the signers there, and they must be in date"
    )]
    DoesNotVerify {
        /// The findings that make it invalid or indeterminate.
        findings: Vec<Finding>,
    },
    /// The certificate is issued, but its files could not be written. The register has them.
    #[error("certificate {number} is issued and in the register, but its files could not be written")]
    IssuedButNotWritten {
        /// The number of the certificate.
        number: CertificateNumber,
        /// The error.
        source: FileError,
    },
    /// The file to write a status list to exists and is not a list of this register.
    #[error(
        "`{}` exists already and is not a status list of this register\n\
         hint: choose another name; only an earlier list is replaced",
        shown(path)
    )]
    NotAnEarlierList {
        /// The file.
        path: PathBuf,
    },
    /// The status signer has no X.509 certificate.
    #[error("the status signer has no X.509 certificate")]
    NoStatusSigner,
    /// The new status list does not verify.
    #[error("what was signed does not verify, so it was not published")]
    ListDoesNotVerify(#[source] StatusListError),
    /// The list is published, but its file could not be written. The register has it.
    #[error("list {seq} is published in the register, but its file could not be written")]
    PublishedButNotWritten {
        /// The number of the list.
        seq: u64,
        /// The error.
        source: Box<OfficeError>,
    },
}
