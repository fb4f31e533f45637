//! Reports as text: what a bank clerk needs, on one screen.

use std::{collections::BTreeMap, fmt, io};

use cqm_core::{Certificate, Code, Finding, Severity, Verdict};
use cqm_verify::{LabelReport, Report, SignatureKind, SignatureReport, StatusAnswer, StatusReport};

use crate::terminal::{
    BAD, FAINT, STRONG, outln, padded, plural, print_hint, printable, severity_style, styled, verdict_style,
};

/// So many rows of sites fit on one screen with everything else.
const ROWS: usize = 10;

/// Prints everything about one file.
pub(crate) fn print_full(name: &str, report: &Report) {
    let verdict = report.verdict();
    let word = styled(verdict_style(verdict), verdict.as_str().to_uppercase());
    outln!("{word}  {}", printable(name));
    outln!("{}", styled(FAINT, format_args!("as of {}: {}", report.at(), conclusion(report))));
    print_findings(report, &[Severity::Error]);
    if let Some(certificate) = report.certificate() {
        outln!();
        print_certificate(certificate, report);
    } else if !report.signatures().is_empty() || report.labels_in_text().is_some() {
        outln!();
    }
    for signature in report.signatures() {
        print_signature(signature);
    }
    print_labels_in_text(report);
    print_findings(report, &[Severity::Warning, Severity::Info]);
    let has = |code| report.findings().iter().any(|finding| finding.code == code);
    if has(Code::StatusMissing) {
        print_hint("--status takes the list that the office publishes");
    }
    if has(Code::StatusStale) || has(Code::StatusRollback) || has(Code::StatusBeforeCertificate) {
        print_hint("--status needs the newest list that the office publishes");
    }
    if has(Code::StatusMissing) || has(Code::StatusNoReference) {
        print_hint("--without-status asks for signature and dates alone");
    }
    if has(Code::TrustUnknownIssuer) || has(Code::TrustBadSignature) {
        print_hint(
            "is the root in --trust that of the program office? `cqm inspect ROOT.pem` shows its fingerprint: compare it with the one that the office tells",
        );
    }
    if is_not_judged(report) {
        print_hint("--any-pdf judges a PDF without a certificate token, by its signatures alone");
    }
}

/// Prints one line about one file of many: whose certificate it is, and the codes of what keeps it from being valid.
pub(crate) fn print_line(name: &str, report: &Report) {
    let verdict = report.verdict();
    let mut line = printable(name);
    if let Some(certificate) = report.certificate() {
        let holder = printable(&certificate.holder.name);
        line += &format!("  {}, {holder}, until {}", certificate.number, certificate.valid_until);
    }
    match report.labels_in_text().map(<[_]>::len) {
        None | Some(0) => {}
        Some(labels) => line += &format!("  {labels} label{} read from text", plural(labels)),
    }
    let mut codes: Vec<&str> = Vec::new();
    for finding in report.findings().iter().filter(|finding| finding.severity() == Severity::Error) {
        let code = finding.code.as_str();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if !codes.is_empty() {
        line += &format!("  {}", styled(FAINT, format_args!("[{}]", codes.join(", "))));
    }
    outln!("{} {line}", styled(verdict_style(verdict), format_args!("{:<13}", verdict.as_str())));
}

/// Prints one line about one file of many that could not be read.
pub(crate) fn print_unread_line(name: &str, error: &io::Error) {
    outln!(
        "{} {}  {}",
        styled(BAD, format_args!("{:<13}", "unreadable")),
        printable(name),
        printable(&error.to_string())
    );
}

/// What the verdict means for the reader.
fn conclusion(report: &Report) -> &'static str {
    let with_status = !report.findings().iter().any(|finding| finding.code == Code::StatusNotAsked);
    let holds = |label: LabelReport<'_>| label.standing.state == StatusAnswer::Valid;
    match report.verdict() {
        Verdict::Valid if report.is_pdf_without_token() => {
            "signed by someone under your root, and unchanged; nothing checked what it says"
        }
        Verdict::Valid if with_status && !report.labels().all(holds) => {
            "genuine, unchanged and in date; what was asked about holds, other labels do not"
        }
        Verdict::Valid if with_status => "genuine, unchanged, in date, and no label stopped",
        Verdict::Valid => "genuine, unchanged and in date; not asked whether a label was stopped since",
        Verdict::Invalid => "do not rely on this file",
        Verdict::Indeterminate if is_status_alone_open(report) && report.is_pdf_without_token() => {
            "signed by someone under your root, and unchanged; nothing checked what it says, nor whether a label was stopped"
        }
        Verdict::Indeterminate if is_status_alone_open(report) => {
            "genuine, unchanged and in date, but whether a label was stopped by then could NOT be checked"
        }
        Verdict::Indeterminate => "nothing wrong was found, but not everything could be checked",
    }
}

/// Whether everything was checked but the status of the labels.
fn is_status_alone_open(report: &Report) -> bool {
    let errors = || report.findings().iter().filter(|finding| finding.severity() == Severity::Error);
    errors().all(|finding| finding.code.as_str().starts_with("status."))
}

fn print_certificate(certificate: &Certificate, report: &Report) {
    let row = |name: &str, value: &dyn fmt::Display| {
        outln!("  {} {value}", styled(FAINT, format_args!("{name:<12}")));
    };
    row("Certificate", &styled(STRONG, &certificate.number));
    row("Holder", &printable(&certificate.holder.name));
    row("Validity", &format_args!("from {} until {}", certificate.valid_from, certificate.valid_until));
    let (labels, sites) = (certificate.labels().count(), certificate.sites.len());
    row("Labels", &format_args!("{labels} at {sites} site{}", plural(sites)));
    // A site may stand in several rows of a certificate that breaks the rules: the text shows it once.
    let mut by_site: BTreeMap<(String, String), Vec<LabelReport<'_>>> = BTreeMap::new();
    for label in report.labels() {
        let place = (label.site.country.to_string(), label.site.city.clone());
        by_site.entry(place).or_default().push(label);
    }
    let rows = by_site.len();
    for ((country, city), labels) in by_site.into_iter().take(ROWS) {
        let (ended, others): (Vec<_>, Vec<_>) = labels.into_iter().partition(|label| ending(&label.standing).is_some());
        let others: Vec<String> = others.iter().map(label).collect();
        let mut place = format!("{country} {}", printable(&city));
        if !others.is_empty() {
            outln!("    {} {}", padded(&place, 24), others.join("  "));
            place.clear();
        }
        for ended in ended {
            let ending = ending(&ended.standing).unwrap_or_default();
            outln!("    {} {} {}", padded(&place, 24), label(&ended), styled(BAD, ending));
            place.clear();
        }
    }
    if rows > ROWS {
        outln!("    {}", styled(FAINT, format_args!("and {} more places; --json lists all", rows - ROWS)));
    }
}

fn label(label: &LabelReport<'_>) -> String {
    format!("{} {}", label.label, label.label.activity())
}

/// "stopped from 2024-02-01 on (fees-overdue)"
fn ending(standing: &StatusReport) -> Option<String> {
    let word = match standing.state {
        StatusAnswer::Stopped => "stopped",
        StatusAnswer::Suspended => "suspended",
        StatusAnswer::Valid | StatusAnswer::Unknown | StatusAnswer::NotChecked => return None,
    };
    let since = standing.event.map(|event| format!(" from {} on ({})", event.effective, event.reason));
    Some(format!("{word}{}", since.unwrap_or_default()))
}

/// Whether the file is a PDF that nobody asked to judge.
fn is_not_judged(report: &Report) -> bool {
    report.is_pdf_without_token() && report.labels_in_text().is_none()
}

fn print_labels_in_text(report: &Report) {
    let all = report.labels_in_text().unwrap_or_default();
    for (at, labels) in all.chunks(4).take(ROWS).enumerate() {
        let labels: Vec<String> = labels.iter().map(|label| format!("{label} {}", label.activity())).collect();
        let name = if at == 0 { "Labels" } else { "" };
        let mark = if at == 0 { "read from text, not checked: " } else { "" };
        outln!("  {} {mark}{}", styled(FAINT, format_args!("{name:<12}")), labels.join("  "));
    }
    let shown = 4 * ROWS;
    if all.len() > shown {
        outln!("    {}", styled(FAINT, format_args!("and {} more labels; --json lists all", all.len() - shown)));
    }
}

fn print_signature(signature: &SignatureReport) {
    let kind = match signature.kind {
        SignatureKind::Pdf => "PDF",
        SignatureKind::Token => "Token",
        SignatureKind::Status => "List",
    };
    let signer = printable(&signature.signer);
    let time = signature.signed_at.as_deref().unwrap_or("no time");
    let cover = match (signature.covers_whole_file, signature.covers_up_to) {
        (true, _) => String::new(),
        (false, Some(end)) => format!(", covers the file up to byte {end} alone"),
        (false, None) => ", does not cover the whole file".to_owned(),
    };
    outln!(
        "  {} {signer}, {}, {time}{cover}",
        styled(FAINT, format_args!("{:<12}", format!("{kind} signer"))),
        signature.algorithm
    );
}

/// Prints the findings of these severities, in their order, below an empty line.
fn print_findings(report: &Report, severities: &[Severity]) {
    let of = |severity| report.findings().iter().filter(move |finding| finding.severity() == severity);
    let mut above = None;
    for finding in severities.iter().flat_map(|severity| of(*severity)) {
        if above.is_none() {
            outln!();
        }
        print_finding(finding, above == Some(finding.code));
        above = Some(finding.code);
    }
}

/// What a finding means for the reader, unless the line above has said it, and what exactly was found.
fn print_finding(finding: &Finding, is_explained: bool) {
    let severity = finding.severity();
    if !is_explained {
        let word = format!("{severity:<8}");
        outln!("  {} {}", styled(severity_style(severity), word), finding.code.meaning());
    }
    outln!(
        "           {}",
        styled(FAINT, format_args!("{}: {} [{}]", finding.code, printable(&finding.message), finding.code.clause()))
    );
}
