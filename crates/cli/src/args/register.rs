//! The command line of `cqm register`, and the options of all commands that use the register.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use cqm_core::{CertificateNumber, CompanyNumber, status::ListUri};

/// The variable with the location of the register.
pub(crate) const REGISTER: &str = "CQM_REGISTER";

/// The location of the register.
#[derive(Debug, Args)]
pub(crate) struct LocationArgs {
    /// Register: a file, or the URL of a PostgreSQL database
    #[arg(long, value_name = "FILE|URL", env = REGISTER, hide_env_values = true)]
    pub(crate) register: String,
}

/// The details of a change that the log records.
#[derive(Debug, Args)]
pub(crate) struct StampArgs {
    /// Name of the person who makes the change, for the log [default: the user's name]
    #[arg(long, value_name = "NAME", env = "CQM_WHO", hide_env_values = true)]
    pub(crate) who: Option<String>,
    /// Note for the log, in your own words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) clock: ClockArgs,
}

/// The current time.
#[derive(Debug, Args)]
pub(crate) struct ClockArgs {
    /// Current time, instead of the clock of this machine, for repeatable examples
    #[arg(long, value_name = "TIME", env = "CQM_NOW", hide = true)]
    pub(crate) now: Option<String>,
}

/// The confirmation of a change.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// Make the change without asking
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Keep the register of companies, sites, labels and certificates
///
/// The register is a file (SQLite), or a PostgreSQL database that several people can use at once.
/// The option --register or the variable CQM_REGISTER names it. The password for PostgreSQL comes
/// from the URL or from PGPASSWORD.
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  cqm register init --register office.db
  cqm register import dossier.toml --register office.db
  cqm register show 39902000DA --register office.db"
)]
pub(crate) struct RegisterArgs {
    #[command(subcommand)]
    pub(crate) command: RegisterCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegisterCommand {
    Init(InitArgs),
    Import(ImportArgs),
    List(ListArgs),
    Show(ShowArgs),
    Export(ExportArgs),
    Log(LogArgs),
    Verify(VerifyArgs),
    Upgrade(UpgradeArgs),
}

/// Create an empty register
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Name of the status list, an absolute URI: the HTTPS address at which the office publishes it
    #[arg(long = "list-uri", alias = "list", value_name = "URI", default_value_t)]
    pub(crate) list: ListUri,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Import a dossier: record its holder, sites and labels
///
/// Records the companies, sites and labels that are new, and keeps the dossier for the next
/// certificate. Labels with the status R are recognized for six months from today; labels with the
/// status A are approved. Shows the changes, and asks before it makes them.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cqm register import dossier.toml --register office.db
  cqm register import dossier.toml --register office.db --yes")]
pub(crate) struct ImportArgs {
    /// Dossier, a TOML file
    #[arg(value_name = "DOSSIER", value_hint = ValueHint::FilePath)]
    pub(crate) dossier: PathBuf,
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

/// List all holders with their companies, labels and certificates
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) clock: ClockArgs,
    /// Print one line of JSON for each holder instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show a company with its group, a site, a label, or a certificate
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Company (99), site (99-02), label (39902000DA), or number of a certificate
    #[arg(value_name = "WHAT")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) clock: ClockArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Write a certificate, a status list or a dossier from the register to a file
#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = false, args = ["certificate", "list", "company"])]
pub(crate) struct ExportArgs {
    /// Write the letter of this certificate, and its token beside it
    #[arg(long, value_name = "NUMBER")]
    pub(crate) certificate: Option<CertificateNumber>,
    /// Write the status list with this number
    #[arg(long, value_name = "SEQ")]
    pub(crate) list: Option<u64>,
    /// Write the dossier that was imported last for the holder of this company
    #[arg(long, value_name = "CC")]
    pub(crate) company: Option<CompanyNumber>,
    /// Write to this file; no file is replaced
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show the log: each change, by whom, when and why
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// Print one line of JSON for each entry instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check the chain of the log, and the whole register against the log
///
/// Finds changes that were made without an entry in the log, and names the first broken entry.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  the register agrees with its log
  1  the register or its log was changed
  2  could not run")]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Bring a register of an earlier version to the version of this program
///
/// Make a copy before. The log records the change. A register of this version stays as it is.
#[derive(Debug, Args)]
pub(crate) struct UpgradeArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
