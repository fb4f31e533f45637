//! The data of a rule, and the report of its check.

use crate::{Certificate, Code, Date, Dossier, Finding};

/// A rule of the program.
#[derive(Debug)]
pub struct Rule {
    /// The short name: the name of its file, with hyphens.
    pub name: &'static str,
    /// What the rule asks for, in one sentence.
    pub title: &'static str,
    /// The section of the certification process that asks for it.
    pub clause: &'static str,
    /// The first day of issue for which the rule counts; `None` if it always did.
    pub effective_from: Option<Date>,
    /// The codes of the findings that it raises.
    pub codes: &'static [Code],
    pub(in crate::rules) check: Check,
}

impl Rule {
    /// Returns whether verification checks the rule too, and not only the office.
    pub fn is_checked_when_verifying(&self) -> bool {
        matches!(self.check, Check::Certificate(_))
    }

    pub(in crate::rules) fn report(&'static self, on: Date, check: impl FnOnce() -> Outcome) -> RuleReport {
        let outcome = match self.effective_from {
            Some(first) if on < first => return RuleReport::not_yet(self, on, first),
            _ => check(),
        };
        let Outcome { checked_against, findings } = outcome;
        RuleReport { rule: self, applies: true, checked_against, findings }
    }
}

/// The data that a rule looks at, with the function that checks it.
#[derive(Debug)]
pub(in crate::rules) enum Check {
    /// The content of the certificate.
    Certificate(fn(&Certificate) -> Outcome),
    /// The evidence for the certificate, on the day of issue.
    Dossier(fn(&Dossier, Date) -> Outcome),
}

/// The result of one rule.
#[derive(Debug, Clone)]
pub struct RuleReport {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether the rule was in force.
    pub applies: bool,
    /// What was checked, in words, whether the rule is met or not.
    pub checked_against: String,
    /// The violations; empty if the rule is met.
    pub findings: Vec<Finding>,
}

impl RuleReport {
    fn not_yet(rule: &'static Rule, on: Date, first: Date) -> Self {
        let checked_against = format!("not in force on {on}: it holds from {first} on");
        Self { rule, applies: false, checked_against, findings: Vec::new() }
    }
}

/// The result of one check of a rule that is in force.
#[derive(Debug)]
pub(in crate::rules) struct Outcome {
    pub(in crate::rules) checked_against: String,
    pub(in crate::rules) findings: Vec<Finding>,
}

impl Outcome {
    /// An outcome without findings; `checked_against` describes what is checked.
    pub(in crate::rules) fn against(checked_against: impl Into<String>) -> Self {
        Self { checked_against: checked_against.into(), findings: Vec::new() }
    }

    pub(in crate::rules) fn find(&mut self, code: Code, message: impl Into<String>) {
        self.findings.push(Finding::new(code, message));
    }
}
