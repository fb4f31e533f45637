//! The status of the certificate and its labels (`docs/reference/status-list.md`, section 8).

use std::collections::BTreeSet;

use cqm_core::{
    Certificate, CertificateNumber, Code, Finding, Label, UnixTime,
    status::{EntryStatus, Event, StatusReferences},
};
use cqm_status::{StatusList, VerifiedList};

use super::Case;
use crate::{
    evidence::status::{ListProblem, StatusEvidence},
    policy::StatusPolicy,
    report::{StatusAnswer, StatusReport},
};

/// Reports what keeps the certificate or a label from being valid, and what could not be asked.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if case.question.status == StatusPolicy::SignatureAndDatesOnly {
        let mut findings = vec![Finding::new(Code::StatusNotAsked, "only signature and dates were asked about")];
        if case.evidence.is_bare_token() {
            let message = "a token without its letter is believed only if a status list names it";
            findings.push(Finding::new(Code::TokenUnconfirmed, message));
        }
        return findings;
    }
    if case.evidence.labels_in_text.is_some() {
        let message = "a PDF without a certificate token names no status list";
        return vec![Finding::new(Code::StatusNoReference, message)];
    }
    // The claims of a token that is not authentic prove nothing, so no list is asked about them.
    let Some(authentic) = case.evidence.authentic() else { return Vec::new() };
    let certificate = &authentic.claims.certificate;
    match (&authentic.claims.status, &case.evidence.status) {
        (Some(references), Some(status)) => {
            let (at, asked) = (case.question.at, asked(certificate, case.question.labels));
            StatusCheck { status, certificate, references, at, asked, findings: Vec::new() }.run()
        }
        _ => {
            let message = format!("certificate {} was issued without a register", certificate.number);
            vec![Finding::new(Code::StatusNoReference, message)]
        }
    }
}

/// The labels of the certificate that the verdict depends on.
fn asked(certificate: &Certificate, labels: &[Label]) -> BTreeSet<Label> {
    let listed = certificate.labels().map(|(_, label)| *label);
    listed.filter(|label| labels.is_empty() || labels.contains(label)).collect()
}

struct StatusCheck<'a> {
    status: &'a StatusEvidence<'a>,
    certificate: &'a Certificate,
    references: &'a StatusReferences,
    at: UnixTime,
    asked: BTreeSet<Label>,
    findings: Vec<Finding>,
}

impl StatusCheck<'_> {
    fn run(mut self) -> Vec<Finding> {
        let Self { status, certificate, references, .. } = self;
        self.findings.extend(status.lists.unusable.iter().chain(&status.lists.memory).cloned());
        match status.list {
            None => self.report_missing(),
            Some(list) if status.problems.is_empty() && !status.is_named => self.report_unnamed(list),
            Some(_) if status.problems.is_empty() => {
                let number = format!("certificate {}", certificate.number);
                let entry = references.certificate().to_string();
                let ended = Ended::certificate(status.reports.successor.as_ref());
                self.judge(&number, &entry, status.reports.certificate.report, &ended);
                let asked = certificate.labels().map(|(_, label)| *label).filter(|label| self.asked.contains(label));
                for label in asked.collect::<Vec<_>>() {
                    let entry = references.label(label.identity()).map(ToString::to_string).unwrap_or_default();
                    let report = status.reports.label(label.identity());
                    self.judge(&label.to_string(), &entry, report, &Ended::LABEL);
                }
            }
            Some(list) => self.report_problems(list),
        }
        self.report_others();
        self.findings
    }

    /// Reports that no list of the certificate's name was given. A list that cannot be believed
    /// may be the one, and has its own finding.
    fn report_missing(&mut self) {
        let lists = self.status.lists;
        if !lists.unusable.is_empty() {
            return;
        }
        let uri = &self.references.certificate().uri;
        let name = |list: &VerifiedList| match list.list().uri() {
            same if same == uri => format!("{uri} under another root"),
            other => other.to_string(),
        };
        let given: BTreeSet<String> = lists.usable.iter().map(name).collect();
        let given = if given.is_empty() { "none".into() } else { Vec::from_iter(given).join(", ") };
        self.find(Code::StatusMissing, format!("the certificate names the list {uri}; given: {given}"));
    }

    /// Reports that the office issued no such certificate, or another one with the same number.
    fn report_unnamed(&mut self, verified: &VerifiedList) {
        let (list, entry) = (verified.list(), self.references.certificate());
        let number = &self.certificate.number;
        let what = match (list.status_of(entry.idx, self.at), list.tokens().get(entry.idx)) {
            (Err(_), _) => format!("the entry {entry} was never given out"),
            (Ok(_), None) => format!("the list has no token for the entry {entry}"),
            (Ok(_), Some(_)) => format!("the list has another token for the entry {entry}"),
        };
        self.find(Code::StatusNotIssued, format!("certificate {number}: {what}"));
    }

    fn report_problems(&mut self, verified: &VerifiedList) {
        let list = verified.list();
        let name = format!("the list {}, number {} of {}", list.uri(), list.seq(), list.issued_at());
        for problem in &self.status.problems {
            let (code, message) = match problem {
                ListProblem::Rollback { seen } => {
                    let message =
                        format!("{name}: it has the number {}, and number {seen} was seen before", list.seq());
                    (Code::StatusRollback, message)
                }
                ListProblem::Fork(contradiction) => {
                    (Code::StatusFork, format!("the list {}: {contradiction}", list.uri()))
                }
                ListProblem::BeforeCertificate => {
                    let min_status_seq = self.references.min_status_seq();
                    let message = format!("{name}: the certificate was issued for number {min_status_seq} or later");
                    (Code::StatusBeforeCertificate, message)
                }
                ListProblem::Stale => {
                    let (expires_at, at) = (list.expires_at(), self.at);
                    let age = age(expires_at, at);
                    let message =
                        format!("{name}: it expired at {expires_at}, {age} before {at}{}", self.last_word(list));
                    (Code::StatusStale, message)
                }
            };
            self.find(code, message);
        }
    }

    /// The last events in an expired list that end something the verdict depends on.
    fn last_word(&self, list: &StatusList) -> String {
        let label = |label: &Label| Some((label.to_string(), Ended::LABEL, self.references.label(label.identity())?));
        let own = self.references.certificate();
        let ended = Ended::certificate(list.successor_of(own.idx));
        let own = (self.certificate.number.to_string(), ended, own);
        let words: Vec<String> = core::iter::once(own)
            .chain(self.asked.iter().filter_map(label))
            .filter_map(|(what, ended, reference)| {
                let event = list.status_of(reference.idx, self.at).ok()?.event?;
                (event.status != EntryStatus::Valid).then(|| format!("{what} {}", ended.describe(&event)))
            })
            .collect();
        if words.is_empty() { String::new() } else { format!("; its last events: {}", words.join("; ")) }
    }

    /// Reports what keeps an entry from being valid.
    fn judge(&mut self, what: &str, entry: &str, report: StatusReport, ended: &Ended<'_>) {
        match (report.answer, report.event) {
            (StatusAnswer::Stopped, Some(event)) => self.find(ended.code, format!("{what} {}", ended.describe(&event))),
            (StatusAnswer::Suspended, Some(event)) => {
                self.find(Code::StatusSuspended, format!("{what} {}", ended.describe(&event)));
            }
            (StatusAnswer::Unknown, _) => {
                self.find(Code::StatusNotIssued, format!("{what}: the entry {entry} was never given out"));
            }
            _ => {}
        }
        if let Some(event) = report.event.filter(Event::is_late) {
            let (days, Event { effective, recorded, .. }) = (event.recorded.days_since(event.effective), event);
            let message = format!("{what}: effective on {effective}, recorded on {recorded}, {days} days later");
            self.find(Code::StatusLateEntry, message);
        }
    }

    /// Lists the labels that are valid, if one that was asked about is not.
    fn report_others(&mut self) {
        let answer = |label: &Label| self.status.reports.label(label.identity()).answer;
        let is_down = |label| matches!(answer(label), StatusAnswer::Stopped | StatusAnswer::Suspended);
        if self.asked.iter().any(is_down) {
            let labels = self.certificate.labels().map(|(_, label)| label);
            let valid = labels.filter(|label| answer(label) == StatusAnswer::Valid);
            let valid: Vec<String> = valid.map(ToString::to_string).collect();
            if !valid.is_empty() {
                self.find(Code::StatusOthersStand, valid.join(", "));
            }
        }
    }

    fn find(&mut self, code: Code, message: String) {
        self.findings.push(Finding::new(code, message));
    }
}

/// "less than a day", "a day", "31 days"
fn age(expires_at: UnixTime, at: UnixTime) -> String {
    match at.seconds().saturating_sub(expires_at.seconds()) / (24 * 60 * 60) {
        0 => "less than a day".to_owned(),
        1 => "a day".to_owned(),
        days => format!("{days} days"),
    }
}

/// The words for an entry that has ended for good.
struct Ended<'a> {
    code: Code,
    word: &'static str,
    /// The number of the certificate that replaced a superseded one.
    successor: Option<&'a CertificateNumber>,
}

impl<'a> Ended<'a> {
    const LABEL: Self = Self { code: Code::StatusStopped, word: "stopped", successor: None };

    const fn certificate(successor: Option<&'a CertificateNumber>) -> Self {
        Self { code: Code::StatusRevoked, word: "revoked", successor }
    }

    /// "stopped from 2024-02-01 on: fees-overdue (the yearly fees are overdue)"
    fn describe(&self, event: &Event) -> String {
        let word = if event.status == EntryStatus::Invalid { self.word } else { event.status.as_str() };
        let Event { effective, reason, .. } = event;
        let successor = self.successor.filter(|_| event.supersedes());
        let successor = successor.map(|number| format!("; {number} replaced it")).unwrap_or_default();
        format!("{word} from {effective} on: {reason} ({}){successor}", reason.description())
    }
}
