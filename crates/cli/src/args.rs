//! The command line, with the texts of `--help` and of the man pages.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};

pub(crate) mod issue;
pub(crate) mod register;
pub(crate) mod status;
pub(crate) mod verify;

pub(crate) use issue::{CheckArgs, IssueArgs, KeysArgs, KeysCommand, KeysNewArgs};
use register::RegisterArgs;
use status::StatusArgs;
pub(crate) use verify::{ExplainArgs, InspectArgs, LabelArgs, VerifyArgs};

/// Issue CQM certificates and verify them offline
///
/// CQM (Card Quality Management) certifies the makers of payment cards. A certificate is a signed
/// PDF letter that lists the labels of a vendor, one for each activity at each site. The program
/// office issues such letters with this command. A bank, or anyone else, verifies with it whether a
/// letter is genuine and in date, and whether its labels were stopped. Verifying needs no network.
#[derive(Debug, Parser)]
#[command(
    name = "cqm",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = FIRST_STEPS,
    after_long_help = format!("{EXIT_CODES}\n\n{FIRST_STEPS}"),
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  valid, or done
  1  invalid, or refused by the rules of the program
  2  could not run, such as for an unreadable file or bad arguments
  3  indeterminate: something that a verdict needs could not be checked
For several files, the exit code is the worst one: 1, then 2, then 3.

A DATE is a UTC day, as in 2024-05-05.";

const FIRST_STEPS: &str = "\
First steps:
  cqm demo                                 Run a complete example
  cqm verify letter.pdf --trust root.pem   Is this letter genuine and in date?
  cqm label 39902000DA                     What does this label mean?
  cqm explain status.stopped               What does this finding mean?
  cqm verify --help                        Show all options, with examples";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(DemoArgs),
    Keys(KeysArgs),
    Check(CheckArgs),
    Issue(IssueArgs),
    Verify(VerifyArgs),
    Inspect(InspectArgs),
    Explain(ExplainArgs),
    Label(LabelArgs),
    Register(RegisterArgs),
    Status(StatusArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Run a complete example, from new keys to a stopped label
///
/// Makes a test PKI, issues the certificate of a made-up vendor, and verifies it. Shows that a
/// tampered copy and an expired certificate are invalid. Then keeps a register, stops a label,
/// publishes a status list, and verifies again. All files stay in a new folder.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Folder for the files; it must not exist yet [default: cqm-demo, cqm-demo-2, …]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cqm completions bash > ~/.local/share/bash-completion/completions/cqm")]
pub(crate) struct CompletionsArgs {
    /// Shell that runs the script
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Write the man pages, one for each command
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder for the man pages; it is created if needed
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
}
