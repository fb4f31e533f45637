//! The command line of `cqm status`.

use std::path::PathBuf;

use clap::{
    Args, Subcommand, ValueHint,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use cqm_core::{CertificateNumber, Date, Label, NumberError, SiteReference, status::Reason};
use cqm_register::Subject;

use super::register::{ConfirmArgs, LocationArgs, StampArgs};

/// Stop, suspend and resume labels, revoke certificates, and publish the status list
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
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
/// The label no longer holds from the effective date on, on whatever certificate it stands; it is left out of the next
/// certificate. With --site and the reason gvcp-decertified, the labels of the site that need GVCP are stopped; with
/// another reason, all labels of the site. Shows what it will change, and asks.
#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = false, args = ["label", "site"])]
pub(crate) struct StopArgs {
    /// The label, ten characters
    #[arg(value_name = "LABEL")]
    pub(crate) label: Option<Label>,
    /// A site, instead of one label
    #[arg(long, value_name = "CC-LL")]
    pub(crate) site: Option<SiteReference>,
    /// Why, in the words of the program
    #[arg(long, value_name = "CODE", value_parser = reasons(termination))]
    pub(crate) reason: Reason,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Revoke a certificate
///
/// The certificate no longer holds from the effective date on; its labels do, on other certificates. Shows what it will
/// change, and asks.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The number of the certificate
    #[arg(value_name = "NUMBER")]
    pub(crate) number: CertificateNumber,
    /// Why, in the words of the program
    #[arg(long, value_name = "CODE", value_parser = reasons(revocation))]
    pub(crate) reason: Reason,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Suspend a label or a certificate for the time being
///
/// Shows what it will change, and asks.
#[derive(Debug, Args)]
pub(crate) struct SuspendArgs {
    /// A label, or the number of a certificate
    #[arg(value_name = "LABEL|NUMBER", value_parser = subject)]
    pub(crate) subject: Subject,
    /// Why, in the words of the program
    #[arg(long, value_name = "CODE", value_parser = reasons(revocation))]
    pub(crate) reason: Reason,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Let a suspended label or certificate, or a stopped label, hold again
///
/// Shows what it will change, and asks.
#[derive(Debug, Args)]
pub(crate) struct ResumeArgs {
    /// A label, or the number of a certificate
    #[arg(value_name = "LABEL|NUMBER", value_parser = subject)]
    pub(crate) subject: Subject,
    /// The reason that no longer holds [default: that of the suspension]
    #[arg(long, value_name = "CODE", value_parser = reasons(revocation))]
    pub(crate) reason: Option<Reason>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// What every change of a status has in common.
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    /// The first day of the new status [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) effective: Option<Date>,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    #[command(flatten)]
    pub(crate) confirm: ConfirmArgs,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Sign and publish the status list
///
/// Writes one small signed file that tells what became of every certificate and label of the register. A list that this
/// register published before is replaced, nothing else is.
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// The folder with the status signer's key, as `cqm keys new` makes it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) keys: PathBuf,
    /// Write the list to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// For how many days the list is good; never longer than its signer
    #[arg(long, value_name = "DAYS", default_value_t = 31, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub(crate) valid_for: u16,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show what a status list says
///
/// Shows its name, number and dates, and every event: what became of which entry, when and why. With --trust it verifies
/// the list too, and ends with 1 if it is not authentic.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The status list
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// The root certificates that you trust, in PEM; other certificates in it serve as intermediates
    #[arg(long, value_name = "PEM", value_hint = ValueHint::FilePath)]
    pub(crate) trust: Option<PathBuf>,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// A label, or the number of a certificate.
fn subject(text: &str) -> Result<Subject, NumberError> {
    match text.parse() {
        Ok(label) => Ok(Subject::Label(label)),
        Err(_) => text.parse().map(Subject::Certificate),
    }
}

/// The reasons that a command takes, with their meaning for the help. The others are hidden: that one is refused, and why,
/// the command says.
fn reasons(taken: fn(&str) -> Result<Reason, String>) -> impl TypedValueParser<Value = Reason> {
    let values = Reason::ALL.map(|reason| {
        let value = PossibleValue::new(reason.as_str()).help(reason.description());
        value.hide(taken(reason.as_str()).is_err())
    });
    PossibleValuesParser::new(values).try_map(move |text| taken(&text))
}

/// A reason for which a person ends a certificate.
fn revocation(text: &str) -> Result<Reason, String> {
    match text.parse().map_err(|error: cqm_core::status::ReasonError| error.to_string())? {
        Reason::Superseded => Err("a certificate is superseded by issuing the next one".into()),
        reason => Ok(reason),
    }
}

/// A reason for which a label is stopped.
fn termination(text: &str) -> Result<Reason, String> {
    match revocation(text)? {
        Reason::KeyCompromise => Err("a key is no reason to stop a label: revoke the certificate".into()),
        reason => Ok(reason),
    }
}
