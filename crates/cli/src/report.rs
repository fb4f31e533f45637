//! Reports as text: what a bank clerk needs, on one screen.

use std::{collections::BTreeMap, fmt};

use cqm_core::{Certificate, Finding, Severity, Verdict};
use cqm_verify::{LabelReport, LabelState, Report, SignatureKind, SignatureReport};

use crate::terminal::{FAINT, STRONG, printable, severity_style, styled, verdict_style};

/// So many rows of sites fit on one screen with everything else.
const ROWS: usize = 10;

/// Prints everything about one file.
pub(crate) fn print_full(name: &str, report: &Report) {
    let verdict = report.verdict();
    let word = styled(verdict_style(verdict), verdict.as_str().to_uppercase());
    anstream::println!("{word}  {}", printable(name));
    anstream::println!("{}", styled(FAINT, format_args!("{}, asked about {}", conclusion(report), report.at())));
    if let Some(certificate) = report.certificate() {
        anstream::println!();
        print_certificate(certificate, report);
    }
    for signature in report.signatures() {
        print_signature(signature);
    }
    let mut findings: Vec<&Finding> = report.findings().iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
    if !findings.is_empty() {
        anstream::println!();
    }
    for finding in findings {
        print_finding(finding);
    }
}

/// Prints one line about one file of many, and a line for everything that keeps it from being valid.
pub(crate) fn print_line(name: &str, report: &Report) {
    let verdict = report.verdict();
    let what = report.certificate().map_or_else(String::new, |certificate| {
        let holder = printable(&certificate.holder.name);
        format!("  {}, {holder}, until {}", certificate.number, certificate.valid_until)
    });
    let word = format!("{verdict:<13}");
    anstream::println!("{} {}{what}", styled(verdict_style(verdict), word), printable(name));
    for finding in report.findings().iter().filter(|finding| finding.severity() == Severity::Error) {
        anstream::println!("              {}: {}", finding.code, printable(&finding.message));
    }
}

/// What the verdict means for the reader.
fn conclusion(report: &Report) -> &'static str {
    let with_status = !report.findings().iter().any(|finding| finding.code == cqm_core::Code::StatusNotAsked);
    match report.verdict() {
        Verdict::Valid if with_status => "genuine, unchanged, in date, and no label stopped",
        Verdict::Valid => "genuine, unchanged and in date; whether a label was stopped since was not asked",
        Verdict::Invalid => "do not rely on this file",
        Verdict::Indeterminate => "nothing wrong was found, but not everything could be checked",
    }
}

fn print_certificate(certificate: &Certificate, report: &Report) {
    let row = |name: &str, value: &dyn fmt::Display| {
        anstream::println!("  {} {value}", styled(FAINT, format_args!("{name:<12}")));
    };
    row("Certificate", &styled(STRONG, &certificate.number));
    row("Holder", &printable(&certificate.holder.name));
    row("Valid", &format_args!("from {} until {}", certificate.valid_from, certificate.valid_until));
    let (labels, sites) = (certificate.labels().count(), certificate.sites.len());
    row("Labels", &format_args!("{labels} at {sites} site{}", if sites == 1 { "" } else { "s" }));
    // A site may stand in several rows of a certificate that breaks the rules: the text shows it once.
    let mut by_site: BTreeMap<(String, String), Vec<LabelReport<'_>>> = BTreeMap::new();
    for label in report.labels() {
        let place = (label.site.country.to_string(), label.site.city.clone());
        by_site.entry(place).or_default().push(label);
    }
    let rows = by_site.len();
    for ((country, city), labels) in by_site.into_iter().take(ROWS) {
        let labels: Vec<String> = labels.iter().map(label).collect();
        let place = format!("{country} {}", printable(&city));
        anstream::println!("    {place:<24} {}", labels.join("  "));
    }
    if rows > ROWS {
        anstream::println!("    {}", styled(FAINT, format_args!("and {} more places; --json lists all", rows - ROWS)));
    }
}

fn label(label: &LabelReport<'_>) -> String {
    let state = match label.state {
        LabelState::NotChecked => "",
    };
    format!("{} {}{state}", label.label, label.label.activity())
}

fn print_signature(signature: &SignatureReport) {
    let kind = match signature.kind {
        SignatureKind::Pdf => "PDF",
        SignatureKind::Token => "Token",
    };
    let signer = printable(&signature.signer);
    let time = signature.signed_at.as_deref().unwrap_or("no time");
    let cover = if signature.covers_whole_file { "" } else { ", does not cover the whole file" };
    anstream::println!(
        "  {} {signer}, {}, {time}{cover}",
        styled(FAINT, format_args!("{:<12}", format!("{kind} signer"))),
        signature.algorithm
    );
}

fn print_finding(finding: &Finding) {
    let severity = finding.severity();
    let word = format!("{severity:<8}");
    anstream::println!("  {} {}", styled(severity_style(severity), word), finding.code.meaning());
    anstream::println!(
        "           {}",
        styled(FAINT, format_args!("{}: {} [{}]", finding.code, printable(&finding.message), finding.code.clause()))
    );
}
