//! The program's rules, one file each, with the section that asks for it and the day from which it holds.
//!
//! [`check_dossier`] runs all of them before a certificate is issued. [`check_certificate`] runs those that need the
//! certificate alone; verification runs them again, at the date of issue.

mod audit_failed;
mod audit_overdue;
mod audit_plan_not_committed;
mod audit_unreported;
mod contact_only;
mod corrective_action_open;
mod dates_contradict;
mod fees_unpaid;
mod grade_c_report;
mod grade_contradicts_findings;
mod gvcp_missing;
mod gvcp_site_not_listed;
mod interactive_not_approved;
mod label_of_another_site;
mod label_twice;
mod label_without_audit;
mod no_label;
mod recognition_listed;
mod reserved_position;
mod services_expired;
mod site_of_another_company;
mod site_twice;
mod site_without_reason;
mod stopped_listed;
mod three_consecutive_c;
mod unknown_site;
mod validity;

pub(crate) mod support;

use crate::{Certificate, Code, Date, Dossier, Finding};

/// Every rule, in the order of the sections.
pub const RULES: &[Rule] = &[
    label_twice::RULE,
    services_expired::RULE,
    gvcp_missing::RULE,
    dates_contradict::RULE,
    audit_failed::RULE,
    grade_contradicts_findings::RULE,
    three_consecutive_c::RULE,
    grade_c_report::RULE,
    interactive_not_approved::RULE,
    label_without_audit::RULE,
    reserved_position::RULE,
    contact_only::RULE,
    label_of_another_site::RULE,
    audit_overdue::RULE,
    audit_unreported::RULE,
    corrective_action_open::RULE,
    audit_plan_not_committed::RULE,
    fees_unpaid::RULE,
    unknown_site::RULE,
    recognition_listed::RULE,
    stopped_listed::RULE,
    site_twice::RULE,
    site_of_another_company::RULE,
    site_without_reason::RULE,
    no_label::RULE,
    gvcp_site_not_listed::RULE,
    validity::RULE,
];

/// A rule of the program.
#[derive(Debug)]
pub struct Rule {
    /// Its short name, that of its file.
    pub name: &'static str,
    /// What it asks for, in a sentence.
    pub title: &'static str,
    /// Where the program asks for it.
    pub clause: &'static str,
    /// The first day on which it holds; `None` where it always did.
    pub effective_from: Option<Date>,
    /// The kinds of findings that it raises.
    pub codes: &'static [Code],
    check: Check,
}

impl Rule {
    /// Whether verification checks it too, and not the office alone.
    pub fn is_checked_when_verifying(&self) -> bool {
        matches!(self.check, Check::Certificate(_))
    }

    fn report(&'static self, on: Date, check: impl FnOnce() -> Outcome) -> RuleReport {
        let outcome = match self.effective_from {
            Some(first) if on < first => return RuleReport::not_yet(self, on, first),
            _ => check(),
        };
        let Outcome { checked_against, findings } = outcome;
        RuleReport { rule: self, applies: true, checked_against, findings }
    }
}

/// What a rule looks at.
#[derive(Debug)]
enum Check {
    /// What the certificate itself says.
    Certificate(fn(&Certificate) -> Outcome),
    /// The evidence behind it, on the day of issue.
    Dossier(fn(&Dossier, Date) -> Outcome),
}

/// What became of one rule.
#[derive(Debug, Clone)]
pub struct RuleReport {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether it was in force.
    pub applies: bool,
    /// What was checked, in words, whether the rule is met or not.
    pub checked_against: String,
    /// Where it is not met; none where it is.
    pub findings: Vec<Finding>,
}

impl RuleReport {
    fn not_yet(rule: &'static Rule, on: Date, first: Date) -> Self {
        let checked_against = format!("not in force on {on}: it holds from {first} on");
        Self { rule, applies: false, checked_against, findings: Vec::new() }
    }
}

/// Checks what a certificate says by the rules of the day on which it was issued.
pub fn check_certificate(certificate: &Certificate, on: Date) -> Vec<RuleReport> {
    let report = |rule: &'static Rule| match rule.check {
        Check::Certificate(check) => Some(rule.report(on, || check(certificate))),
        Check::Dossier(_) => None,
    };
    RULES.iter().filter_map(report).collect()
}

/// Checks whether a dossier allows its certificate to be issued on a day: every rule, on the evidence and on the draft.
/// What the dossier dates after that day has not happened yet.
pub fn check_dossier(dossier: &Dossier, on: Date) -> Vec<RuleReport> {
    let draft = dossier.certificate(on);
    let report = |rule: &'static Rule| match rule.check {
        Check::Certificate(check) => rule.report(on, || check(&draft)),
        Check::Dossier(check) => rule.report(on, || check(dossier, on)),
    };
    RULES.iter().map(report).collect()
}

/// What one check came to.
#[derive(Debug)]
struct Outcome {
    checked_against: String,
    findings: Vec<Finding>,
}

impl Outcome {
    /// No finding yet; `checked_against` says what is looked at.
    fn against(checked_against: impl Into<String>) -> Self {
        Self { checked_against: checked_against.into(), findings: Vec::new() }
    }

    fn find(&mut self, code: Code, message: impl Into<String>) {
        self.findings.push(Finding::new(code, message));
    }
}

/// "1 audit", "3 audits".
fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The verb that goes with so many things.
fn verb(number: usize, one: &'static str, several: &'static str) -> &'static str {
    if number == 1 { one } else { several }
}

/// The first few of a list: "39902000DA, 49902000DA and 7 more".
fn several<T: core::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    const SHOWN: usize = 4;
    let mut items = items.into_iter();
    let shown: Vec<String> = items.by_ref().take(SHOWN).map(|item| item.to_string()).collect();
    let more = match items.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rule_code_belongs_to_one_rule_of_the_same_clause() {
        let mut seen = HashSet::new();
        for rule in RULES {
            assert_eq!(rule.codes[0].clause(), rule.clause, "{}", rule.name);
            for code in rule.codes {
                assert!(seen.insert(*code), "{code} is raised by two rules");
            }
        }
        for code in Code::ALL.iter().filter(|code| code.as_str().starts_with("rule.")) {
            assert!(seen.contains(code), "{code} is raised by no rule");
        }
    }

    #[test]
    fn rules_stand_in_the_order_of_the_sections() {
        let section = |rule: &Rule| -> Vec<u32> {
            let section = rule.clause.strip_prefix("CQM process, ").unwrap();
            section.split('.').map(|part| part.parse().unwrap()).collect()
        };
        assert!(RULES.is_sorted_by_key(section));
    }

    #[test]
    fn a_rule_that_is_not_in_force_yet_finds_nothing_and_says_so() {
        let mut certificate = support::testing::certificate();
        certificate.sites[0].labels.push("39902000CA".parse().unwrap());
        let report = |on| {
            let reports = check_certificate(&certificate, support::testing::date(on));
            reports.into_iter().find(|report| report.rule.name == "contact-only").unwrap()
        };
        let before = report("2023-03-31");
        assert!(!before.applies && before.findings.is_empty());
        assert_eq!(before.checked_against, "not in force on 2023-03-31: it holds from 2023-04-01 on");
        let after = report("2023-04-01");
        assert!(after.applies && after.findings.len() == 1);
    }

    #[test]
    fn a_dossier_in_order_meets_every_rule_and_each_says_what_it_checked() {
        let reports = check_dossier(&support::testing::dossier(), support::testing::date("2023-05-06"));
        assert_eq!(reports.len(), RULES.len());
        for report in reports {
            assert_eq!(report.findings, [], "{}", report.rule.name);
            assert!(!report.checked_against.is_empty(), "{}", report.rule.name);
        }
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(several(["a"]), "a");
        assert_eq!(several(["a", "b", "c", "d"]), "a, b, c, d");
        assert_eq!(several(["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
    }
}
