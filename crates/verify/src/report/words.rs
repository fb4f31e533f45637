//! The words of reports.

use cqm_core::is_invisible;

use super::{SignatureKind, StatusAnswer, StatusReport};

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
