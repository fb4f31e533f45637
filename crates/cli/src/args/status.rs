//! The command line of `cqm status`.

use std::path::PathBuf;

use clap::{
    Args, Subcommand, ValueHint,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use cqm_core::{CertificateNumber, Date, Label, NumberError, SiteReference, status::Reason};
use cqm_register::Subject;

use super::register::{ConfirmArgs, LocationArgs, StampArgs};

/// Stop labels, revoke certificates, and publish the status list
///
/// Each change is recorded in the register. Banks learn of it from the next status list.
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  cqm status stop 39902000DA --reason fees-overdue --register office.db
  cqm status publish --keys keys --out list.jwt --register office.db"
)]
pub(crate) struct StatusArgs {
    #[command(subcommand)]
    pub(crate) command: StatusCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StatusCommand {
    Stop(StopArgs),
    Revoke(RevokeArgs),
    Suspend(SuspendArgs),
    Resume(ResumeArgs),
    Publish(PublishArgs),
    Show(ShowArgs),
}

/// Stop a label, or the labels of a site
///
/// A stopped label is invalid from the effective date on, in every certificate that lists it, and
/// is left out of the next certificate. With --site, stops all labels of the site, or only those
/// that need GVCP if the reason is gvcp-decertified. Shows the changes, and asks before it makes
/// them.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cqm status stop 39902000DA --reason fees-overdue --register office.db
  cqm status stop --site 99-02 --reason gvcp-decertified --register office.db")]
#[group(id = "what", required = true, multiple = false, args = ["label", "site"])]
pub(crate) struct StopArgs {
    /// Label of ten characters
    #[arg(value_name = "LABEL")]
    pub(crate) label: Option<Label>,
    /// Site whose labels are stopped, instead of one label
    #[arg(long, value_name = "CC-LL")]
    pub(crate) site: Option<SiteReference>,
    /// Reason for the change
    #[arg(long, value_name = "CODE", value_parser = reasons(stop_reason))]
    pub(crate) reason: Reason,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Revoke a certificate
///
/// A revoked certificate is invalid from the effective date on. Its labels stay valid in other
/// certificates. Shows the change, and asks before it makes it.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// Number of the certificate
    #[arg(value_name = "NUMBER")]
    pub(crate) number: CertificateNumber,
    /// Reason for the change
    #[arg(long, value_name = "CODE", value_parser = reasons(revocation_reason))]
    pub(crate) reason: Reason,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Suspend a label or a certificate until it is resumed
///
/// Shows the change, and asks before it makes it.
#[derive(Debug, Args)]
pub(crate) struct SuspendArgs {
    /// Label, or number of a certificate
    #[arg(value_name = "LABEL|NUMBER", value_parser = subject)]
    pub(crate) subject: Subject,
    /// Reason for the change
    #[arg(long, value_name = "CODE", value_parser = reasons(revocation_reason))]
    pub(crate) reason: Reason,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Resume a suspended label or certificate, or a stopped label
///
/// Shows the change, and asks before it makes it.
#[derive(Debug, Args)]
pub(crate) struct ResumeArgs {
    /// Label, or number of a certificate
    #[arg(value_name = "LABEL|NUMBER", value_parser = subject)]
    pub(crate) subject: Subject,
    /// Reason that no longer applies [default: the reason of the suspension]
    #[arg(long, value_name = "CODE", value_parser = reasons(revocation_reason))]
    pub(crate) reason: Option<Reason>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// The options of every change.
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    /// First day of the new status [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) effective: Option<Date>,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    #[command(flatten)]
    pub(crate) confirm: ConfirmArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Sign the status list and publish it
///
/// Writes one small signed file with the status of every certificate and label in the register.
/// Replaces a list that this register published before, but no other file.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  cqm status publish --keys keys --out list.jwt --register office.db")]
pub(crate) struct PublishArgs {
    /// Folder with the key of the status signer, as made by `cqm keys new`
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) keys: PathBuf,
    /// Write the list to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// Number of days that the list is valid, 1 to 3660; it never outlives its signer
    #[arg(long, value_name = "DAYS", default_value_t = 31, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub(crate) valid_for: u16,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show the content of a status list
///
/// Shows the name, number and dates of the list, and every event: the entry, its new status, when
/// and why. With --trust, also verifies the list.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  shown; with --trust, also authentic
  1  not authentic (with --trust)
  2  could not run, or the file is not a status list

Examples:
  cqm status show list.jwt
  cqm status show list.jwt --trust root.pem")]
pub(crate) struct ShowArgs {
    /// Status list
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Root certificates to trust, in PEM; other certificates in the file are intermediates
    #[arg(long, value_name = "PEM", value_hint = ValueHint::FilePath)]
    pub(crate) trust: Option<PathBuf>,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Parses a label, or the number of a certificate.
fn subject(text: &str) -> Result<Subject, NumberError> {
    match text.parse() {
        Ok(label) => Ok(Subject::Label(label)),
        Err(_) => text.parse().map(Subject::Certificate),
    }
}

/// A parser for the reasons that a command accepts, with their meanings for the help. The help
/// hides the other reasons; the parser knows them, so that the error can explain why they are
/// refused.
fn reasons(accept: fn(&str) -> Result<Reason, String>) -> impl TypedValueParser<Value = Reason> {
    let values = Reason::ALL.map(|reason| {
        let value = PossibleValue::new(reason.as_str()).help(reason.description());
        value.hide(accept(reason.as_str()).is_err())
    });
    PossibleValuesParser::new(values).try_map(move |text| accept(&text))
}

/// Accepts the reasons for which a person can revoke a certificate.
fn revocation_reason(text: &str) -> Result<Reason, String> {
    match text.parse().map_err(|error: cqm_core::status::ReasonError| error.to_string())? {
        Reason::Superseded => Err("a certificate is superseded by issuing the next one".into()),
        reason => Ok(reason),
    }
}

/// Accepts the reasons for which a label can be stopped.
fn stop_reason(text: &str) -> Result<Reason, String> {
    match revocation_reason(text)? {
        Reason::KeyCompromise => Err("a compromised key does not stop a label: revoke the certificate".into()),
        reason => Ok(reason),
    }
}
