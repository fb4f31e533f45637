//! The command lines of `cqm verify`, `cqm inspect` and `cqm label`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use cqm_core::{Date, Label, LabelError, ReservedPositions};

/// Verify certificates offline
///
/// For each PDF or token, checks its integrity, its signatures, the X.509 certificates of its
/// signers up to a root that you trust, its token against its pages, the rules of the program, and
/// its dates. Reports "valid", "invalid" or "indeterminate", with every reason. Needs no network.
///
/// With the status list that the office publishes, also checks whether the certificate was revoked,
/// or one of its labels stopped or suspended, by the day asked about. The newest list seen is
/// remembered in the state folder, so that an older one is noticed.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  valid
  1  invalid
  2  could not run, such as for an unreadable file
  3  indeterminate: something that a verdict needs could not be checked
For several files, the exit code is the worst one: 1, then 2, then 3.

Examples:
  cqm verify letter.pdf --trust root.pem --status list.jwt
  cqm verify *.pdf --trust root.pem --crl root.crl.pem --status list.jwt --json
  cqm verify letter.pdf --trust root.pem --at 2024-05-05 --without-status")]
pub(crate) struct VerifyArgs {
    /// Files to verify: signed PDF letters or certificate tokens
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Root certificates to trust, in PEM; other certificates in the file are intermediates
    #[arg(long, value_name = "PEM", value_hint = ValueHint::FilePath)]
    pub(crate) trust: PathBuf,
    /// List of revoked X.509 certificates (CRL), in PEM or DER; may be repeated
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// Status list of the office; may be repeated, each certificate names the one it needs
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) status: Vec<PathBuf>,
    /// Check only this label; the exit code depends on it; may be repeated [default: every label]
    #[arg(long, value_name = "LABEL", value_parser = label)]
    pub(crate) label: Vec<Label>,
    /// Also judge PDFs without a certificate token, by their signatures only
    ///
    /// Checks that each signature is intact, covers the whole file, and is by a signer under your
    /// root. Lists the labels found in the text, but does not check what the text says.
    #[arg(long)]
    pub(crate) any_pdf: bool,
    /// Verify as of the end of this day, 23:59:59 UTC [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<Date>,
    /// Check only signatures and dates, not whether a label was stopped
    #[arg(long, conflicts_with = "status")]
    pub(crate) without_status: bool,
    /// Folder that remembers the newest status list seen [default: $XDG_STATE_HOME/cqm or
    /// ~/.local/state/cqm]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) state_dir: Option<PathBuf>,
    /// Print one line of JSON for each file instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Parses a label of a certificate. A later release of the program may have granted it, so its
/// reserved positions may be in use.
fn label(text: &str) -> Result<Label, LabelError> {
    Label::parse(text, ReservedPositions::Tolerate)
}

/// Show the content of a file without verifying it
///
/// Shows revisions, signatures with their signers and algorithms, attachments and labels. For X.509
/// certificates in PEM, such as root.pem, shows their fingerprints. Needs no trusted root.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  the content was shown; it may still be invalid
  2  could not run, or the file is of another kind

Examples:
  cqm inspect letter.pdf
  cqm inspect root.pem")]
pub(crate) struct InspectArgs {
    /// Signed PDF letter, certificate token, or X.509 certificates in PEM
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Explain a label, part by part
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cqm label 39902000DA")]
pub(crate) struct LabelArgs {
    /// Label of ten characters
    #[arg(value_name = "LABEL")]
    pub(crate) label: String,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Explain the code of a finding, or a label
///
/// Shows what a finding means, what to do about it, and which clause it enforces.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cqm explain status.stopped
  cqm explain 39902000DA")]
pub(crate) struct ExplainArgs {
    /// Code of a finding, such as status.stopped, or a label of ten characters
    #[arg(value_name = "CODE|LABEL")]
    pub(crate) subject: String,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
