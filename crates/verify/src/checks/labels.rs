//! The labels that were asked about: each must be listed.

use cqm_core::{Code, Finding, Label};

use super::Case;

/// Reports labels that were asked about and are not on the certificate or in the text.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let labels = case.question.labels;
    let missing = |message: String| Finding::new(Code::LabelNotListed, message);
    if let Some(listed) = case.evidence.vouched_labels_in_text() {
        let unread = labels.iter().filter(|label| !listed.contains(label));
        return unread.map(|label| missing(format!("{label} was not read from the text of the PDF"))).collect();
    }
    let Some(authentic) = case.evidence.authentic() else { return Vec::new() };
    let certificate = &authentic.claims.certificate;
    let is_listed = |label: &&Label| certificate.labels().any(|(_, listed)| listed == *label);
    let unlisted = labels.iter().filter(|label| !is_listed(label));
    unlisted.map(|label| missing(format!("{label} is not on certificate {}", certificate.number))).collect()
}
