//! The command lines of `cqm keys`, `cqm check` and `cqm issue`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use cqm_core::{CompanyNumber, Date};
use cqm_keys::KeyAlgorithm;

use super::register::StampArgs;

/// Make the keys and X.509 certificates of a test PKI
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    New(KeysNewArgs),
}

/// Make a test PKI: a root, an issuing CA, three signers, and CRLs
///
/// Writes root.pem, issuing-ca.pem, document-signer.pem, token-signer.pem and status-signer.pem,
/// each with its private key in NAME.key.pem (PKCS#8, mode 0600), and root.crl.pem and
/// issuing-ca.crl.pem. A bank needs only root.pem and a status list, which contains the CRLs. Keep
/// the private keys secret. The key of the root is needed only to replace the issuing CA: store it
/// offline.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cqm keys new keys
  cqm keys new keys --valid-from 2024-01-01 --years 5 --encrypt")]
pub(crate) struct KeysNewArgs {
    /// Folder for the files; it is created if needed, and no file in it is replaced
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
    /// First day of all X.509 certificates [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) valid_from: Option<Date>,
    /// Number of years that the X.509 certificates are valid, 1 to 50
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub(crate) years: u8,
    /// Key of the document signer: p256, p384, rsa3072, rsa4096 or ed25519
    ///
    /// The document signer signs the PDF. Use p256 unless another is required: viewers built on
    /// poppler (Okular, Evince and others) call an Ed25519 signature invalid.
    #[arg(long, value_name = "KEY", default_value_t = KeyAlgorithm::P256)]
    pub(crate) document_signer: KeyAlgorithm,
    /// Encrypt the private keys with a passphrase, from the variable CQM_PASSPHRASE or a prompt
    #[arg(long)]
    pub(crate) encrypt: bool,
}

/// Check a dossier against the rules of the program, without issuing
///
/// Runs every rule, and shows what each of them checked and found.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  a certificate may be issued
  1  a rule forbids to issue
  2  could not run, such as for an unreadable dossier

Examples:
  cqm check dossier.toml
  cqm check dossier.toml --on 2024-05-05 --json")]
pub(crate) struct CheckArgs {
    /// Dossier, a TOML file
    #[arg(value_name = "DOSSIER", value_hint = ValueHint::FilePath)]
    pub(crate) dossier: PathBuf,
    /// Day of issue to check for [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Issue a certificate from a dossier or from the register
///
/// Checks the rules of the program, signs the certificate token, composes the letter, attaches the
/// token, signs the PDF, and verifies the result. Writes the PDF, and the token beside it with the
/// ending .jwt: both files or none, and never over another file.
///
/// With --company, issues the certificate of a company, or of the whole group that it belongs to,
/// from the dossier that was imported last. The certificate lists the approved labels that were not
/// stopped. The register assigns its number and keeps the files, the status list covers it, and the
/// previous certificate of the holder is superseded.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  issued
  1  a rule forbids to issue; nothing was written but a preview
  2  could not run, such as for a missing key

Examples:
  cqm issue dossier.toml --preview --letter letter.toml --out preview.pdf
  cqm issue dossier.toml --keys keys --out letter.pdf
  cqm issue --company 99 --register office.db --keys keys --out letter.pdf")]
pub(crate) struct IssueArgs {
    /// Dossier, a TOML file
    #[arg(value_name = "DOSSIER", value_hint = ValueHint::FilePath, required_unless_present = "company")]
    pub(crate) dossier: Option<PathBuf>,
    /// Number of a company in the register, instead of a dossier
    #[arg(long, value_name = "CC", conflicts_with = "dossier")]
    pub(crate) company: Option<CompanyNumber>,
    /// Folder with the keys of the signers and root.pem, as made by `cqm keys new`
    ///
    /// With --preview it may be left out; dots are then in the place of the root's fingerprint.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required_unless_present = "preview")]
    pub(crate) keys: Option<PathBuf>,
    /// Write the signed PDF, or the preview, to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// Day of issue, the first day of the certificate [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// Only show how the letter will look: a PDF that is marked as a preview, without a signature
    ///
    /// Nothing is issued, and the register stays as it was. The preview is also written if a rule
    /// forbids to issue; the exit code is then 1.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Language, wording and look of the letter, a TOML file [default: built in]
    #[arg(long, value_name = "TOML", value_hint = ValueHint::FilePath)]
    pub(crate) letter: Option<PathBuf>,
    /// Register with the company: a file, or the URL of a PostgreSQL database [default:
    /// $CQM_REGISTER]
    // Clap does not read the variable: beside a dossier, `--register` is refused, but the variable,
    // which other commands use, is not.
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) register: Option<String>,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
