//! All due audits are reported (section 5.1). The auditor reports within 1 month of the audit's end
//! (section 2.3). The office notifies the grade within 5 weeks of the report (section 2.1.3).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "audit-unreported",
    title: "all audits are reported and graded in time",
    clause: "CQM process, 5.1",
    effective_from: None,
    codes: &[Code::RuleAuditUnreported],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let ended: Vec<_> = dossier.audits.iter().filter(|audit| audit.end <= on).collect();
    let mut outcome = Outcome::against(format!("{} that ended by {on}", count(ended.len(), "audit")));
    for audit in ended {
        let (id, site, end) = (&audit.id, audit.site, audit.end);
        match audit.report.filter(|&report| report <= on) {
            None => {
                let due = end.plus_months(1);
                if due < on {
                    let message = format!("audit {id} of site {site} ended {end}; its final report was due by {due}");
                    outcome.find(Code::RuleAuditUnreported, message);
                }
            }
            Some(report) => {
                let due = report.plus_days(5 * 7);
                if audit.grade.is_none() && due < on {
                    let message =
                        format!("audit {id} of site {site} was reported {report}; its grade was due by {due}");
                    outcome.find(Code::RuleAuditUnreported, message);
                }
            }
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, codes, date, dossier};

    #[test]
    fn the_report_is_due_one_month_after_the_audit() {
        for (end, report, expected) in [
            ("2023-04-06", None, vec![]),
            ("2023-04-05", None, vec![Code::RuleAuditUnreported]),
            ("2023-04-05", Some("2023-05-06"), vec![]),
            ("2023-04-05", Some("2023-05-07"), vec![Code::RuleAuditUnreported]),
            ("2023-05-07", None, vec![]),
        ] {
            let mut dossier = dossier();
            dossier.audits[0].end = date(end);
            dossier.audits[0].report = report.map(date);
            assert_eq!(codes(&check(&dossier, ON)), expected, "{end} {report:?}");
        }
    }

    #[test]
    fn audits_are_counted_from_the_day_they_end() {
        let mut dossier = dossier();
        for (end, checked) in
            [(ON, "2 audits that ended by 2023-05-06"), (ON.tomorrow(), "1 audit that ended by 2023-05-06")]
        {
            dossier.audits[0].end = end;
            assert_eq!(check(&dossier, ON).checked_against, checked);
        }
    }

    #[test]
    fn the_grade_is_due_five_weeks_after_the_report() {
        for (report, expected) in [("2023-04-01", vec![]), ("2023-03-31", vec![Code::RuleAuditUnreported])] {
            let mut dossier = dossier();
            dossier.audits[0].report = Some(date(report));
            dossier.audits[0].grade = None;
            assert_eq!(codes(&check(&dossier, ON)), expected, "{report}");
        }
    }
}
