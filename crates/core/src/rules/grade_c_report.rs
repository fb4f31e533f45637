//! The labels of an audit graded C are valid for 6 months, and longer once the auditor has reported
//! on the corrective actions (section 2.2.4).

use super::{
    Check, Outcome, Rule,
    support::{
        deciding_audit::deciding_audits,
        wording::{count, several, verb},
    },
};
use crate::{Code, Date, Dossier, dossier::Grade};

pub(super) const RULE: Rule = Rule {
    name: "grade-c-report",
    title: "labels of a grade C are extended after 6 months by the auditor's report",
    clause: "CQM process, 2.2.4",
    effective_from: None,
    codes: &[Code::RuleGradeCReportMissing, Code::RuleGradeCReportDue],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let mut audits = deciding_audits(dossier, on);
    audits.retain(|deciding| deciding.grade == Grade::C);
    let valid_until = dossier.last_day(on);
    let mut outcome = Outcome::against(format!("{} graded C that labels rest on", count(audits.len(), "audit")));
    for deciding in audits {
        let audit = deciding.audit;
        if audit.corrective_action_report.is_some_and(|report| report <= on) {
            continue;
        }
        let due = audit.end.plus_months(6);
        let are = verb(deciding.labels.len(), "is", "are");
        let (id, site, end, labels) = (&audit.id, audit.site, audit.end, several(deciding.labels));
        let missing = format!(
            "audit {id} of site {site}, ended {end}, was graded C, and the auditor's report on its corrective actions"
        );
        if due < on {
            let message = format!("{missing} was due by {due}: {labels} {are} suspended");
            outcome.find(Code::RuleGradeCReportMissing, message);
        } else if due < valid_until {
            let suspended = due.tomorrow();
            let message = format!(
                "{missing} is due by {due}: without it {labels} {are} suspended from {suspended} on, \
                 while the certificate is valid until {valid_until}"
            );
            outcome.find(Code::RuleGradeCReportDue, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, audit, codes, date, dossier};

    fn graded_c(end: &str) -> Dossier {
        let mut dossier = dossier();
        dossier.audits[1] = audit("2022-99-01", "99-01", &["IL"], end, Grade::C);
        dossier
    }

    #[test]
    fn the_report_is_missing_from_the_day_after_six_months() {
        assert_eq!(codes(&check(&graded_c("2022-11-05"), ON)), [Code::RuleGradeCReportMissing]);
        assert_eq!(codes(&check(&graded_c("2022-11-06"), ON)), [Code::RuleGradeCReportDue]);
    }

    #[test]
    fn a_report_by_the_day_of_issue_extends_the_labels() {
        let mut dossier = graded_c("2022-10-20");
        dossier.audits[1].corrective_action_report = Some(ON);
        assert_eq!(codes(&check(&dossier, ON)), []);
        dossier.audits[1].corrective_action_report = Some(ON.tomorrow());
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleGradeCReportMissing]);
    }

    #[test]
    fn a_certificate_that_ends_in_time_needs_no_warning() {
        let mut dossier = graded_c("2023-02-10");
        dossier.valid_until = Some(date("2023-08-11"));
        let outcome = check(&dossier, ON);
        assert_eq!(codes(&outcome), [Code::RuleGradeCReportDue]);
        assert!(outcome.findings[0].message.contains("is due by 2023-08-10: without it 69901000DA"));
        dossier.valid_until = Some(date("2023-08-10"));
        assert_eq!(codes(&check(&dossier, ON)), []);
    }
}
