//! The program's rules, as of the day of issue.

use cqm_core::{Finding, rules};

use super::Case;

/// Runs every rule that needs only the certificate.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(claims) = &case.evidence.claims else { return Vec::new() };
    // A time beyond the calendar is also beyond every rule's effective date.
    let on = claims.issued_at.date().unwrap_or(claims.certificate.valid_from);
    rules::check_certificate(&claims.certificate, on).into_iter().flat_map(|report| report.findings).collect()
}
