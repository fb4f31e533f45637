//! From findings to a verdict, and what a user may loosen.

use std::collections::HashSet;

use cqm_core::{Code, Finding, Verdict, conclude};

use crate::report::cut;

/// Which PDFs are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdfPolicy {
    /// Only letters, which carry a certificate token. Any other PDF is not a certificate.
    LettersOnly,
    /// Also PDFs without a token, by their signatures. What they print is not checked.
    WithoutToken,
}

/// The role of the labels' status: whether it is part of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPolicy {
    /// It is: without it, the verdict is at best indeterminate.
    Required,
    /// Only signature and dates are asked about. A label that was stopped since is not noticed.
    SignatureAndDatesOnly,
}

/// The number of findings in a report: enough for people, and a bound for hostile files.
const FINDINGS_LIMIT: usize = 200;

/// The number of characters of a message in a report. A hostile file may quote megabytes.
pub(crate) const MESSAGE_LIMIT: usize = 2000;

/// The findings of a report with the verdict that follows from them.
#[derive(Debug, Clone)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    pub(crate) findings: Vec<Finding>,
}

/// Concludes the verdict: the worst consequence of all findings (ETSI EN 319 102-1, 5.1.3).
///
/// A finding that was made twice is listed once. Long lists and messages are cut. The findings that
/// decide the verdict are kept.
pub(crate) fn judge(mut findings: Vec<Finding>) -> Judgement {
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert((finding.code, finding.message.clone())));
    if findings.len() > FINDINGS_LIMIT {
        findings.sort_by_key(|finding| core::cmp::Reverse((conclude([finding]), finding.severity())));
        let message = format!("there are {} findings, {FINDINGS_LIMIT} are listed", findings.len());
        findings.truncate(FINDINGS_LIMIT);
        findings.push(Finding::new(Code::LimitExceeded, message));
    }
    for finding in &mut findings {
        cut(&mut finding.message, MESSAGE_LIMIT);
    }
    Judgement { verdict: conclude(&findings), findings }
}
