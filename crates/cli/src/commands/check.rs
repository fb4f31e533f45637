//! `cqm check`: checks the prerequisites of the program, without issuing.

use std::path::Path;

use cqm_core::{Date, Dossier, Finding, Severity, rules::RuleReport};
use cqm_files::shown;
use cqm_issue::{Draft, dossier::DossierError};
use serde::Serialize;

use crate::{
    args::CheckArgs,
    clock,
    exit::Exit,
    input,
    terminal::{FAINT, STRONG, outln, plural, print_json, printable, severity_style, styled},
};

pub(crate) fn run(arguments: &CheckArgs) -> anyhow::Result<Exit> {
    let draft = draft(&arguments.dossier, arguments.on)?;
    if arguments.json {
        print_json(&Check::new(&draft))?;
    } else {
        print_text(&draft);
    }
    Ok(if is_allowed(&draft) { Exit::Valid } else { Exit::Invalid })
}

/// Returns whether no rule forbids to issue.
fn is_allowed(draft: &Draft) -> bool {
    draft.findings().all(|finding| finding.severity() != Severity::Error)
}

/// Reads a dossier and drafts its certificate.
pub(crate) fn draft(path: &Path, on: Option<Date>) -> anyhow::Result<Draft> {
    let text = input::read_text(path)?;
    let on = match on {
        Some(on) => on,
        None => clock::today()?,
    };
    Ok(Draft::new(&dossier(path, &text)?, on))
}

/// Reads a dossier from the text of a file.
pub(crate) fn dossier(path: &Path, text: &str) -> anyhow::Result<Dossier> {
    cqm_issue::dossier::read(text).map_err(|error| unreadable(path, &error))
}

/// The error in a dossier with the line that contains it, and a mark under the place.
fn unreadable(path: &Path, error: &DossierError) -> anyhow::Error {
    let DossierError { line, column, message, .. } = error;
    let (excerpt, indent) = error.excerpt();
    let margin = line.to_string().len();
    anyhow::anyhow!(
        "`{}` is no dossier: line {line}, column {column}: {message}\n\
         {:margin$} |\n{line} | {excerpt}\n{:margin$} | {:indent$}^",
        shown(path),
        "",
        "",
        ""
    )
}

/// Prints each rule with what it was checked against and its findings.
pub(crate) fn print_text(draft: &Draft) {
    let certificate = draft.certificate();
    outln!(
        "{} for {}, from {} until {}",
        styled(STRONG, format_args!("Certificate {}", certificate.number)),
        printable(&certificate.holder.name),
        certificate.valid_from,
        certificate.valid_until
    );
    for report in draft.reports() {
        print_rule(report);
    }
    let count = |severity| draft.findings().filter(|finding| finding.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let conclusion = if errors == 0 { "it may be issued" } else { "it must not be issued" };
    let style = severity_style(if errors == 0 { Severity::Info } else { Severity::Error });
    let (s, t) = (plural(errors), plural(warnings));
    outln!("{}: {errors} error{s}, {warnings} warning{t}", styled(style, conclusion));
}

fn print_rule(report: &RuleReport) {
    let worst = report.findings.iter().map(Finding::severity).max();
    let (mark, style) = match worst {
        None | Some(Severity::Info) => ("ok", FAINT),
        Some(severity @ Severity::Warning) => ("warning", severity_style(severity)),
        Some(severity @ Severity::Error) => ("failed", severity_style(severity)),
    };
    let rule = report.rule;
    outln!("  {} {}  {}", styled(style, format_args!("{mark:<8}")), rule.title, styled(FAINT, rule.clause));
    outln!("           {}", styled(FAINT, printable(&report.checked_against)));
    for finding in &report.findings {
        outln!(
            "           {}: {}",
            styled(severity_style(finding.severity()), finding.code),
            printable(&finding.message)
        );
    }
}

/// The result, as JSON shows it.
#[derive(Serialize)]
struct Check<'a> {
    number: &'a str,
    valid_from: Date,
    valid_until: Date,
    may_be_issued: bool,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    rule: &'a str,
    clause: &'a str,
    checked_against: &'a str,
    findings: &'a [Finding],
}

impl<'a> Check<'a> {
    fn new(draft: &'a Draft) -> Self {
        let certificate = draft.certificate();
        let rules = draft.reports().iter().map(|report| Rule {
            rule: report.rule.name,
            clause: report.rule.clause,
            checked_against: &report.checked_against,
            findings: &report.findings,
        });
        Self {
            number: certificate.number.as_str(),
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            may_be_issued: is_allowed(draft),
            rules: rules.collect(),
        }
    }
}
