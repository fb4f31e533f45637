//! The words of reports.

use cqm_core::{Code, Severity, Verdict, is_invisible};

use super::{LabelReport, Report, SignatureKind, StatusAnswer, StatusReport};

/// The meaning of the verdict for the reader, in a sentence.
pub fn conclusion(report: &Report) -> &'static str {
    let with_status = !report.findings().iter().any(|finding| finding.code == Code::StatusNotAsked);
    let is_valid = |label: LabelReport<'_>| label.status.answer == StatusAnswer::Valid;
    match report.verdict() {
        Verdict::Valid if report.is_pdf_without_token() => {
            "signed by someone under your root, and unchanged; its text was not checked"
        }
        Verdict::Valid if with_status && !report.labels().all(is_valid) => {
            "genuine, unchanged and in date; the labels asked about are valid, other labels are not"
        }
        Verdict::Valid if with_status => "genuine, unchanged, in date, and no label stopped",
        Verdict::Valid => "genuine, unchanged and in date; not asked whether a label was stopped since",
        Verdict::Invalid => "do not rely on this file",
        Verdict::Indeterminate if is_only_status_open(report) && report.is_pdf_without_token() => {
            "signed by someone under your root, and unchanged; neither its text was checked, nor whether a label was stopped"
        }
        Verdict::Indeterminate if is_only_status_open(report) => {
            "genuine, unchanged and in date, but whether a label was stopped by then could NOT be checked"
        }
        Verdict::Indeterminate => "nothing wrong was found, but not everything could be checked",
    }
}

/// Returns whether everything but the status of the labels was checked.
fn is_only_status_open(report: &Report) -> bool {
    let mut errors = report.findings().iter().filter(|finding| finding.severity() == Severity::Error);
    errors.all(|finding| finding.code.as_str().starts_with("status."))
}

/// The reason that a label or certificate is not valid: "stopped from 2024-02-01 on
/// (fees-overdue)". `None` if it is valid or the status is unknown.
pub(crate) fn ending(report: &StatusReport) -> Option<String> {
    let word = match report.answer {
        StatusAnswer::Stopped => "stopped",
        StatusAnswer::Suspended => "suspended",
        StatusAnswer::Valid | StatusAnswer::Unknown | StatusAnswer::NotChecked => return None,
    };
    let since = report.event.map(|event| format!(" from {} on ({})", event.effective, event.reason));
    Some(format!("{word}{}", since.unwrap_or_default()))
}

/// The name of a signature's signer in a table.
pub(crate) fn signer(kind: SignatureKind) -> &'static str {
    match kind {
        SignatureKind::Pdf => "PDF signer",
        SignatureKind::Token => "Token signer",
        SignatureKind::Status => "List signer",
    }
}

/// The ending of a counted noun.
pub const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Escapes in JSON what [`cqm_core::printable`] escapes.
pub(crate) fn escape_json(json: &str) -> String {
    let mut line = String::with_capacity(json.len().saturating_add(1));
    for character in json.chars() {
        match is_invisible(character) {
            // Such a character can only be inside a string, where JSON has escapes of UTF-16 units.
            true => line.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
            false => line.push(character),
        }
    }
    line
}
