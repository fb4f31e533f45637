//! The rules of the program, one file each, with the section of the certification process and
//! the day from which the rule is in force.
//!
//! [`check_dossier`] runs every rule before a certificate is issued. [`check_certificate`] runs the
//! rules that need only the certificate; verification runs them with the date of issue.
//!
//! `CONTRIBUTING.md`, "Add a rule", has the steps for a new one.

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

pub use support::rule::{Rule, RuleReport};

use crate::{Certificate, Date, Dossier};
use support::rule::{Check, Outcome};

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

/// Checks the content of a certificate by the rules in force on its day of issue.
pub fn check_certificate(certificate: &Certificate, on: Date) -> Vec<RuleReport> {
    let report = |rule: &'static Rule| match rule.check {
        Check::Certificate(check) => Some(rule.report(on, || check(certificate))),
        Check::Dossier(_) => None,
    };
    RULES.iter().filter_map(report).collect()
}

/// Checks whether a dossier allows its certificate to be issued on a day: every rule, on the
/// evidence and on the draft. Evidence with a later date does not count.
pub fn check_dossier(dossier: &Dossier, on: Date) -> Vec<RuleReport> {
    let draft = dossier.certificate(on);
    let report = |rule: &'static Rule| match rule.check {
        Check::Certificate(check) => rule.report(on, || check(&draft)),
        Check::Dossier(check) => rule.report(on, || check(dossier, on)),
    };
    RULES.iter().map(report).collect()
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeSet, HashSet},
        fs,
        path::Path,
    };

    use super::*;
    use crate::Code;

    #[test]
    fn every_rule_has_a_file_of_its_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let files: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-"))
            .filter(|name| name != "mod")
            .collect();
        assert_eq!(files, RULES.iter().map(|rule| rule.name.to_owned()).collect());
    }

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
    fn rules_are_in_the_order_of_the_sections() {
        let section = |rule: &Rule| -> Vec<u32> {
            let section = rule.clause.strip_prefix("CQM process, ").unwrap();
            section.split('.').map(|part| part.parse().unwrap()).collect()
        };
        assert!(RULES.is_sorted_by_key(section));
    }

    #[test]
    fn a_rule_that_is_not_in_force_yet_finds_nothing_and_reports_so() {
        let cases =
            [("contact-only", "39902000CA", "2023-03-31"), ("interactive-not-approved", "99902000DR", "2023-12-30")];
        for (rule, label, day_before) in cases {
            let mut certificate = support::testing::certificate();
            certificate.sites[0].labels.push(label.parse().unwrap());
            let report = |on| {
                let reports = check_certificate(&certificate, on);
                reports.into_iter().find(|report| report.rule.name == rule).unwrap()
            };
            let last = support::testing::date(day_before);
            let (before, after) = (report(last), report(last.tomorrow()));
            assert!(!before.applies && before.findings.is_empty(), "{rule}");
            let first = last.tomorrow();
            assert_eq!(before.checked_against, format!("not in force on {last}: it holds from {first} on"));
            assert!(after.applies && after.findings.len() == 1, "{rule}");
        }
    }

    #[test]
    fn a_dossier_in_order_meets_every_rule_and_each_reports_what_it_checked() {
        let reports = check_dossier(&support::testing::dossier(), support::testing::date("2023-05-06"));
        assert_eq!(reports.len(), RULES.len());
        for report in reports {
            assert_eq!(report.findings, [], "{}", report.rule.name);
            assert!(!report.checked_against.is_empty(), "{}", report.rule.name);
        }
    }
}
