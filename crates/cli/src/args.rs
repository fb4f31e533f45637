//! The command line, as `--help` and the man pages show it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use cqm_core::{CompanyNumber, Date, Label, LabelError, ReservedPositions};
use cqm_keys::KeyAlgorithm;

pub(crate) mod register;
pub(crate) mod status;

use register::{RegisterArgs, StampArgs};
use status::StatusArgs;

/// Issue CQM certificates, and verify them offline
///
/// CQM (Card Quality Management) certifies the makers of payment cards. A certificate is a signed PDF letter that lists
/// a vendor's labels, one for each activity at each site. This command issues such letters, and tells anyone, without a
/// network, whether a letter is genuine and in date.
#[derive(Debug, Parser)]
#[command(name = "cqm", version, propagate_version = true, arg_required_else_help = true, after_long_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  valid, or done
  1  invalid, or refused by the rules of the program
  2  could not run: unreadable file, bad arguments
  3  indeterminate: something needed for a verdict could not be checked
For several files the exit code is the worst one: 1, then 2, then 3.

A DATE is a UTC day, as in 2024-05-05.

First steps:
  cqm demo                                         the whole story on an example
  cqm verify LETTER.pdf --trust root.pem           is this letter genuine and in date?
  cqm label 39902000DA                             what does this label say?";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(DemoArgs),
    Keys(KeysArgs),
    Check(CheckArgs),
    Issue(IssueArgs),
    Verify(VerifyArgs),
    Inspect(InspectArgs),
    Label(LabelArgs),
    Register(RegisterArgs),
    Status(StatusArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Show the whole story on an example: keys, issue, verify, tamper, stop a label
///
/// Makes a test PKI, issues the certificate of a made-up vendor, verifies it, and shows that a tampered copy and an
/// expired date are refused. Then it keeps a register, stops a label, publishes a status list, and verifies again.
/// Everything it makes stays in a fresh folder to look at.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Write to this folder, which must not exist yet [default: cqm-demo, cqm-demo-2, …]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
}

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

/// Make a test PKI: a root, a document signer, a token signer, a status signer, and a CRL
///
/// Writes root.pem, document-signer.pem, token-signer.pem and status-signer.pem, each with its private key in
/// NAME.key.pem (PKCS#8, mode 0600), and root.crl.pem. Give root.pem to those who verify.
#[derive(Debug, Args)]
pub(crate) struct KeysNewArgs {
    /// Write to this folder; no file in it is replaced
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
    /// The first day of all X.509 certificates [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) valid_from: Option<Date>,
    /// For how many years they are valid
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub(crate) years: u8,
    /// The key of the document signer, which signs the PDF: p256, p384, rsa3072, rsa4096 or ed25519
    ///
    /// Choose p256 unless you must not: viewers built on poppler (Okular, Evince, …) do not accept Ed25519.
    #[arg(long, value_name = "KEY", default_value_t = KeyAlgorithm::P256)]
    pub(crate) document_signer: KeyAlgorithm,
    /// Encrypt the private keys with a passphrase: taken from the variable CQM_PASSPHRASE, or asked for
    #[arg(long)]
    pub(crate) encrypt: bool,
}

/// Check the program's prerequisites of a dossier, without issuing
///
/// Runs every rule of the program, and says for each what it was checked against and what it found. Ends with 1 when a
/// rule forbids to issue.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The dossier, a TOML file
    #[arg(value_name = "DOSSIER", value_hint = ValueHint::FilePath)]
    pub(crate) dossier: PathBuf,
    /// As of this day of issue [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Issue a certificate, from a dossier or from the register
///
/// Checks the rules of the program, signs the certificate token, sets the letter, attaches the token, and signs the
/// PDF. The token is written beside it, with the ending .jwt. Neither file is ever replaced, and both appear whole or
/// not at all.
///
/// With --company, the certificate is that of the company or of the whole group it belongs to, as the dossier says that
/// was imported last; it lists the approved labels that were not stopped. The register gives out its number and keeps
/// its files, the status list tells of it, and the certificate that the holder had before is superseded.
#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// The dossier, a TOML file
    #[arg(value_name = "DOSSIER", value_hint = ValueHint::FilePath, required_unless_present = "company")]
    pub(crate) dossier: Option<PathBuf>,
    /// The number of a company in the register, instead of a dossier
    #[arg(long, value_name = "CC", conflicts_with = "dossier")]
    pub(crate) company: Option<CompanyNumber>,
    /// The register that has the company: a file, or the URL of a PostgreSQL database [default: that of CQM_REGISTER]
    // The variable is read when it is needed: it may stand for other commands, beside a dossier.
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) register: Option<String>,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
    /// The folder with the signers' keys and the root, as `cqm keys new` makes it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) keys: PathBuf,
    /// Write the signed PDF to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// The day of issue, and the first day of the certificate [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// The wording and look of the letter, a TOML file [default: built in]
    #[arg(long, value_name = "TOML", value_hint = ValueHint::FilePath)]
    pub(crate) letter: Option<PathBuf>,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Verify certificates offline
///
/// Reads each PDF or token, checks its integrity, its signatures, its signers' certificates up to a root that you
/// trust, its token against its pages, the rules of the program, and its dates; then says "valid", "invalid" or
/// "indeterminate", with every reason. Needs no network.
///
/// With the status list that the office publishes, it says of the certificate and of each label whether it was revoked,
/// stopped or suspended by the day asked about, when and why. It keeps the newest list it has seen in its state folder,
/// so that an older one is noticed.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The files: signed PDF letters or certificate tokens
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The root certificates that you trust, in PEM; other certificates in it serve as intermediates
    #[arg(long, value_name = "PEM", value_hint = ValueHint::FilePath)]
    pub(crate) trust: PathBuf,
    /// A list of revoked certificates (CRL), in PEM or DER; repeat for several
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// A status list, as the office publishes it; repeat for several: a certificate names its own
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) status: Vec<PathBuf>,
    /// Ask about this label alone, and end by it; repeat for several [default: every label]
    #[arg(long, value_name = "LABEL", value_parser = label)]
    pub(crate) label: Vec<Label>,
    /// Judge a PDF that carries no certificate token too, by its signatures alone
    ///
    /// Says whether each signature is intact, covers the whole file and is by a signer under your root, and lists the
    /// labels that can be read from the text. Nothing checks what the text says.
    #[arg(long)]
    pub(crate) any_pdf: bool,
    /// Ask about the end of this day, 23:59:59 UTC [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<Date>,
    /// Ask for signature and dates alone, not whether a label was stopped since
    #[arg(long, conflicts_with = "status")]
    pub(crate) without_status: bool,
    /// Keep in mind here which status lists were seen [default: $XDG_STATE_HOME/cqm or ~/.local/state/cqm]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) state_dir: Option<PathBuf>,
    /// One line of JSON for each file instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// A label of a certificate, which a later release of the program may have granted.
fn label(text: &str) -> Result<Label, LabelError> {
    Label::parse(text, ReservedPositions::Tolerate)
}

/// Show what is inside a file; no trust needed, and no judgement made
///
/// Shows revisions, signatures with their signers and algorithms, attachments, and labels. Nothing it shows has been
/// verified. Of certificates in PEM, such as root.pem, shows the fingerprint. Ends with 2 when the file is none of these.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A signed PDF letter, a certificate token, or X.509 certificates in PEM
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Explain a label, part by part
#[derive(Debug, Args)]
pub(crate) struct LabelArgs {
    /// The label, ten characters, as in 39902000DA
    #[arg(value_name = "LABEL")]
    pub(crate) label: String,
    /// One line of JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print the completions for a shell
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Write the man pages, one for each command
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write to this folder
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
}
