//! `cqm check`: the program's prerequisites, without issuing.

use std::path::Path;

use anyhow::Context as _;
use cqm_core::{Date, Severity, rules::RuleReport};
use cqm_issue::Draft;
use serde::Serialize;

use crate::{
    args::CheckArgs,
    exit::Exit,
    input,
    terminal::{FAINT, STRONG, severity_style, styled},
};

pub(crate) fn run(arguments: &CheckArgs) -> anyhow::Result<Exit> {
    let draft = draft(&arguments.dossier, arguments.on)?;
    if arguments.json {
        print_json(&draft)?;
    } else {
        print_text(&draft);
    }
    let refused = draft.findings().any(|finding| finding.severity() == Severity::Error);
    Ok(if refused { Exit::Invalid } else { Exit::Valid })
}

/// Reads a dossier and drafts its certificate.
pub(crate) fn draft(path: &Path, on: Option<Date>) -> anyhow::Result<Draft> {
    let text = input::read_text(path)?;
    let on = match on {
        Some(on) => on,
        None => input::today()?,
    };
    let dossier = cqm_issue::dossier::read(&text).with_context(|| format!("`{}` is no dossier", path.display()))?;
    Ok(Draft::new(&dossier, on))
}

/// Prints every rule, what it was checked against, and what it found.
pub(crate) fn print_text(draft: &Draft) {
    let certificate = draft.certificate();
    anstream::println!(
        "{} for {}, from {} until {}",
        styled(STRONG, format_args!("Certificate {}", certificate.number)),
        certificate.holder.name,
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
    anstream::println!("{}: {errors} error{s}, {warnings} warning{t}", styled(style, conclusion));
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn print_rule(report: &RuleReport) {
    let worst = report.findings.iter().map(cqm_core::Finding::severity).max();
    let (mark, style) = match worst {
        None => ("ok", FAINT),
        Some(severity) => (severity.as_str(), severity_style(severity)),
    };
    let rule = report.rule;
    anstream::println!("  {} {}  {}", styled(style, format_args!("{mark:<8}")), rule.title, styled(FAINT, rule.clause));
    anstream::println!("           {}", styled(FAINT, &report.checked_against));
    for finding in &report.findings {
        anstream::println!(
            "           {}: {}",
            styled(severity_style(finding.severity()), finding.code),
            finding.message
        );
    }
}

fn print_json(draft: &Draft) -> anyhow::Result<()> {
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
        findings: &'a [cqm_core::Finding],
    }
    let certificate = draft.certificate();
    let rules = draft.reports().iter().map(|report| Rule {
        rule: report.rule.name,
        clause: report.rule.clause,
        checked_against: &report.checked_against,
        findings: &report.findings,
    });
    let check = Check {
        number: certificate.number.as_str(),
        valid_from: certificate.valid_from,
        valid_until: certificate.valid_until,
        may_be_issued: draft.findings().all(|finding| finding.severity() != Severity::Error),
        rules: rules.collect(),
    };
    anstream::println!("{}", serde_json::to_string(&check)?);
    Ok(())
}
