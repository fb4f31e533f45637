//! `cqm verify`: one file or ten thousand, offline.

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::Context as _;
use cqm_sign::x509::TrustStore;
use cqm_verify::{FILE_SIZE_LIMIT, PdfPolicy, Question, Report, Verifier};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::{
    args::VerifyArgs,
    exit::Exit,
    input, report, state,
    terminal::{STRONG, outln, print_error, print_json, print_warning, styled},
};

/// So many files are verified before their reports are printed, in order.
const BATCH: usize = 256;

pub(crate) fn run(arguments: &VerifyArgs) -> anyhow::Result<Exit> {
    let mut verifier = Verifier::new(trust(&arguments.trust, &arguments.crl)?).with_pdfs(match arguments.any_pdf {
        true => PdfPolicy::WithoutToken,
        false => PdfPolicy::LettersAlone,
    });
    add_status_lists(&mut verifier, arguments)?;
    let at = match arguments.at {
        Some(date) => date.end(),
        None => input::now()?,
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
    for batch in arguments.files.chunks(BATCH) {
        for (path, result) in batch.iter().zip(verify(&verifier, batch, &question)) {
            exits.push(progress.suspend(|| print(path, &result, form))?);
        }
        progress.inc(batch.len() as u64);
    }
    progress.finish_and_clear();
    if form == Form::Lines {
        print_sum(&exits);
    }
    Ok(exits.into_iter().max().unwrap_or(Exit::Valid))
}

/// How reports are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One line of JSON for each file.
    Json,
    /// Everything about the only file.
    Full,
    /// A line for each file.
    Lines,
}

const DER_HINT: &str = "hint: `openssl x509 -inform DER -in FILE -out root.pem` makes PEM of a certificate in DER";

pub(crate) fn trust(pem: &Path, crls: &[PathBuf]) -> anyhow::Result<TrustStore> {
    let no_roots = || format!("`{}` holds no roots to trust", pem.display());
    let text = String::from_utf8(input::read(pem)?)
        .map_err(|_| anyhow::anyhow!("it is not PEM, which is text\n{DER_HINT}"))
        .with_context(no_roots)?;
    let mut trust = TrustStore::from_pem(&text).with_context(no_roots)?;
    for path in crls {
        trust.add_crl(&input::read(path)?).with_context(|| format!("`{}` is no usable CRL", path.display()))?;
    }
    Ok(trust)
}

/// Reads the status lists, and holds them against those that were seen before.
fn add_status_lists(verifier: &mut Verifier, arguments: &VerifyArgs) -> anyhow::Result<()> {
    let lists = arguments.status.iter().map(|path| input::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    lists.iter().for_each(|list| verifier.add_status_list(list));
    if !lists.is_empty()
        && let Err(error) = state::remember(verifier, &lists, arguments.state_dir.as_deref())
    {
        print_warning(format_args!("{error:#}; an older status list than this would not be noticed"));
    }
    Ok(())
}

/// A bar on stderr, if that is a terminal and the work is long.
fn progress(files: usize) -> ProgressBar {
    if files <= BATCH || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(files as u64).with_style(style)
}

/// Verifies files on all processors; the results stand in the order of the files.
fn verify(verifier: &Verifier, files: &[PathBuf], question: &Question<'_>) -> Vec<io::Result<Report>> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<io::Result<Report>>>> = files.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        while let Some((path, result)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            files.get(index).zip(results.get(index))
        } {
            let report = verify_file(verifier, path, question);
            if let Ok(mut result) = result.lock() {
                *result = Some(report);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, |count| count.get()).min(files.len());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let lost = || io::Error::other("the verification of this file was lost");
    results.into_iter().map(|result| result.into_inner().ok().flatten().unwrap_or_else(|| Err(lost()))).collect()
}

fn verify_file(verifier: &Verifier, path: &Path, question: &Question<'_>) -> io::Result<Report> {
    Ok(match cqm_files::read_up_to(path, FILE_SIZE_LIMIT as u64)? {
        cqm_files::Content::Whole(bytes) => verifier.verify(&bytes, question),
        cqm_files::Content::LargerThan(_) => Report::too_large(question.at),
    })
}

fn print(path: &Path, result: &io::Result<Report>, form: Form) -> anyhow::Result<Exit> {
    let name = path.display().to_string();
    match (result, form) {
        (Ok(report), Form::Json) => print_json(&JsonLine { file: &name, report })?,
        (Ok(report), Form::Full) => report::print_full(&name, report),
        (Ok(report), Form::Lines) => report::print_line(&name, report),
        (Err(error), Form::Json) => {
            print_json(&JsonError { file: &name, verdict: None, error: error.to_string() })?;
        }
        (Err(error), Form::Full) => {
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
