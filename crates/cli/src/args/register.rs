//! The command line of `cqm register`, and what all commands that use the register have in common.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use cqm_core::{CertificateNumber, CompanyNumber, status::ListUri};

/// The variable that names the register.
pub(crate) const REGISTER: &str = "CQM_REGISTER";

/// Which register.
#[derive(Debug, Args)]
pub(crate) struct LocationArgs {
    /// The register: a file, or the URL of a PostgreSQL database
    #[arg(long, value_name = "FILE|URL", env = REGISTER, hide_env_values = true)]
    pub(crate) register: String,
}

/// What the log says of a change.
#[derive(Debug, Args)]
pub(crate) struct StampArgs {
    /// Who does it, for the log [default: the name of the user]
    #[arg(long, value_name = "NAME", env = "CQM_WHO", hide_env_values = true)]
    pub(crate) who: Option<String>,
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) clock: ClockArgs,
}

/// What time it is.
#[derive(Debug, Args)]
pub(crate) struct ClockArgs {
    /// The time, instead of the machine's: for examples that can be repeated
    #[arg(long, value_name = "TIME", env = "CQM_NOW", hide = true)]
    pub(crate) now: Option<String>,
}

/// What a command that asks has in common with others.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// Do it without asking
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Keep the office's register: companies, sites, labels, certificates
///
/// The register is a file (SQLite), or a PostgreSQL database for several people at once: --register or the variable
/// CQM_REGISTER says which. A password for PostgreSQL is taken from PGPASSWORD.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
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
}

/// Make an empty register
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// The name of the status list, an absolute URI
    #[arg(long, value_name = "URI", default_value_t)]
    pub(crate) list: ListUri,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Take a dossier in: what it says becomes what the office knows of its holder
///
/// Registers the companies, sites and labels that are new, and keeps the dossier for the next certificate. Labels
/// written with R are recognized from today on, for six months; labels written with A are approved. Shows what it will
/// change, and asks.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The dossier, a TOML file
    #[arg(value_name = "DOSSIER", value_hint = ValueHint::FilePath)]
    pub(crate) dossier: PathBuf,
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

/// List the holders, with their companies, labels and certificates
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) clock: ClockArgs,
    /// One line of JSON for each holder instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show a company with its group, a site, a label or a certificate
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// A company (99), a site (99-02), a label (39902000DA) or the number of a certificate
    #[arg(value_name = "WHAT")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    #[command(flatten)]
    pub(crate) clock: ClockArgs,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Write something that the register keeps to a file: a certificate, a status list, or a dossier
#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = false, args = ["certificate", "list", "company"])]
pub(crate) struct ExportArgs {
    /// The letter of a certificate, with its token beside it
    #[arg(long, value_name = "NUMBER")]
    pub(crate) certificate: Option<CertificateNumber>,
    /// The status list with this number
    #[arg(long, value_name = "SEQ")]
    pub(crate) list: Option<u64>,
    /// The dossier of a company's holder, as it was imported last
    #[arg(long, value_name = "CC")]
    pub(crate) company: Option<CompanyNumber>,
    /// Write to this file; no file is replaced
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show the log: what was done, by whom, when and why
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// One line of JSON for each entry instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check the log's chain, and all that the register holds against the log
///
/// Ends with 1 when something was changed behind the log's back, and names the first entry that is broken.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) location: LocationArgs,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
