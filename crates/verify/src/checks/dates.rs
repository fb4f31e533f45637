//! Dates: the certificate's first and last day, and what was issued or signed later than asked
//! about.

use cqm_core::{Certificate, Code, Finding};

use super::Case;

/// Compares the dates with the time of the question. The last day counts in full.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let at = case.question.at;
    let mut findings = Vec::new();
    // The token of a letter says from when on it is valid; other PDFs have only their signatures.
    for signature in case.evidence.signatures.iter().filter(|signature| signature.field.is_some()) {
        if let Some(signed_at) = signature.signed_at.filter(|signed_at| *signed_at > at) {
            let message = format!("the PDF was signed at {signed_at}, the question is about {at}");
            findings.push(Finding::new(Code::DateNotYetValid, case.evidence.about(signature, message)));
        }
    }
    if let Some(claims) = &case.evidence.claims {
        let Certificate { valid_from, valid_until, .. } = claims.certificate;
        if at < claims.issued_at {
            let message = format!("issued at {}, the question is about {at}", claims.issued_at);
            findings.push(Finding::new(Code::DateNotYetValid, message));
        }
        if at < valid_from.start() {
            let message = format!("valid from {valid_from} on, the question is about {at}");
            findings.push(Finding::new(Code::DateNotYetValid, message));
        }
        if at > valid_until.end() {
            let message = format!("valid until {valid_until}, the question is about {at}");
            findings.push(Finding::new(Code::DateExpired, message));
        }
    }
    findings
}
