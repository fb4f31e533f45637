//! `cqm verify`: verifies files offline, one or ten thousand.

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use cqm_bank::{CHUNK, Memory, MemoryError, verify_files};
use cqm_files::shown;
use cqm_sign::x509::TrustStore;
use cqm_verify::{PdfPolicy, Question, Report, Verifier, report::VERSION};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::{
    args::VerifyArgs,
    clock,
    exit::Exit,
    input, report,
    terminal::{STRONG, outln, print_error, print_json, print_warning, printable, styled},
};

pub(crate) fn run(arguments: &VerifyArgs) -> anyhow::Result<Exit> {
    let mut verifier = Verifier::new(trust(&arguments.trust, &arguments.crl)?).with_pdfs(match arguments.any_pdf {
        true => PdfPolicy::WithoutToken,
        false => PdfPolicy::LettersOnly,
    });
    add_status_lists(&mut verifier, arguments)?;
    let at = match arguments.at {
        Some(date) => date.end(),
        None => clock::now()?,
    };
    let question = Question::new(at).about(&arguments.label);
    let question = if arguments.without_status { question.without_status() } else { question };
    let form = match (arguments.json, arguments.files.len()) {
        (true, _) => Form::Json,
        (false, 1) => Form::Full,
        (false, _) => Form::Lines,
    };
    let progress = progress(arguments.files.len());
    let mut exits: Vec<Exit> = Vec::with_capacity(arguments.files.len());
    for (path, result) in verify_files(&verifier, &question, &arguments.files) {
        exits.push(progress.suspend(|| print(path, &result, form))?);
        progress.inc(1);
    }
    progress.finish_and_clear();
    if form == Form::Lines {
        print_sum(&exits);
    }
    Ok(exits.into_iter().max().unwrap_or(Exit::Valid))
}

/// The form of the printed reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One line of JSON for each file.
    Json,
    /// The full report on the only file.
    Full,
    /// One line for each file.
    Lines,
}

const DER_HINT: &str = "hint: `openssl x509 -inform DER -in FILE -out root.pem` converts a certificate from DER to PEM";

/// Reads the roots to trust, and adds CRLs.
pub(crate) fn trust(pem: &Path, crls: &[PathBuf]) -> anyhow::Result<TrustStore> {
    let no_roots = || format!("`{}` contains no root certificates", shown(pem));
    let text = String::from_utf8(input::read(pem)?)
        .map_err(|_| anyhow::anyhow!("it is not PEM, which is text\n{DER_HINT}"))
        .with_context(no_roots)?;
    let mut trust = TrustStore::from_pem(&text).with_context(no_roots)?;
    for path in crls {
        trust.add_crl(&input::read(path)?).with_context(|| format!("`{}` is not a usable CRL", shown(path)))?;
    }
    Ok(trust)
}

/// Adds the status lists to the verifier, together with those that this machine has seen before.
fn add_status_lists(verifier: &mut Verifier, arguments: &VerifyArgs) -> anyhow::Result<()> {
    let lists = arguments.status.iter().map(|path| input::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    if lists.is_empty() {
        return Ok(());
    }
    lists.iter().for_each(|list| verifier.add_status_list(list));
    let folder = arguments.state_dir.clone().or_else(|| Memory::default_folder(|name| std::env::var_os(name)));
    let Some(folder) = folder else {
        print_warning(format_args!("no folder to remember status lists: --state-dir names one; {NOT_NOTICED}"));
        return Ok(());
    };
    for problem in Memory::new(&folder).remember(verifier, &lists) {
        match problem {
            MemoryError::Folder { .. } => {
                print_warning(format_args!("{:#}; {NOT_NOTICED}", anyhow::Error::from(problem)));
            }
            ignored => print_warning(format_args!("{:#}", anyhow::Error::from(ignored))),
        }
    }
    Ok(())
}

const NOT_NOTICED: &str = "an older status list would not be noticed";

/// A progress bar on stderr, if that is a terminal and the work takes long.
fn progress(files: usize) -> ProgressBar {
    if files <= CHUNK || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(files as u64).with_style(style)
}

fn print(path: &Path, result: &io::Result<Report>, form: Form) -> anyhow::Result<Exit> {
    let name = path.display().to_string();
    match (result, form) {
        (Ok(report), Form::Json) => print_json(&JsonLine { file: &name, report })?,
        (Ok(report), Form::Full) => report::print_full(&name, report),
        (Ok(report), Form::Lines) => report::print_line(&name, report),
        (Err(error), Form::Json) => {
            print_json(&JsonError { file: &name, version: VERSION, verdict: None, error: error.to_string() })?;
        }
        (Err(error), Form::Full) => {
            let name = printable(&name);
            let hint = match path.is_dir() {
                true => format!("\nhint: name the files in it, as in {}/*.pdf", name.trim_end_matches('/')),
                false => String::new(),
            };
            print_error(&anyhow::anyhow!("{error}{hint}").context(format!("`{name}` could not be read")));
        }
        (Err(error), Form::Lines) => report::print_unread_line(&name, error),
    }
    Ok(result.as_ref().map_or(Exit::CouldNotRun, |report| report.verdict().into()))
}

#[derive(Serialize)]
struct JsonLine<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

#[derive(Serialize)]
struct JsonError<'a> {
    file: &'a str,
    version: u32,
    verdict: Option<()>,
    error: String,
}

fn print_sum(exits: &[Exit]) {
    let count = |exit| exits.iter().filter(|other| **other == exit).count();
    let sum = format!(
        "{} files: {} valid, {} invalid, {} indeterminate, {} could not be read",
        exits.len(),
        count(Exit::Valid),
        count(Exit::Invalid),
        count(Exit::Indeterminate),
        count(Exit::CouldNotRun)
    );
    outln!("{}", styled(STRONG, sum));
}
