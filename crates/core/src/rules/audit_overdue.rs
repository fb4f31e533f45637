//! All due audits are completed (section 5.1). The next audit is due within 3 years of a grade A, 2
//! years of a B, and 1 year of a C (section 2.2.4), the last day included.

use super::{
    Check, Outcome, Rule,
    support::{
        deciding_audit::deciding_audits,
        wording::{count, several},
    },
};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "audit-overdue",
    title: "all due audits are completed",
    clause: "CQM process, 5.1",
    effective_from: None,
    codes: &[Code::RuleAuditOverdue],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let audits = deciding_audits(dossier, on);
    let last = audits.iter().map(|deciding| deciding.audit.end).max();
    let awaited = audits.iter().filter(|deciding| !deciding.awaiting_next.is_empty());
    let next = awaited.clone().filter_map(|deciding| deciding.audit.next_due()).min();
    let mut checked_against = format!("{} that labels rest on", count(audits.len(), "audit"));
    if let Some(last) = last {
        checked_against = format!("{checked_against}, the last ended {last}");
    }
    if let Some(next) = next {
        checked_against = format!("{checked_against}; next one due by {next}");
    }
    let mut outcome = Outcome::against(checked_against);
    for deciding in awaited {
        let audit = deciding.audit;
        if let Some(due) = audit.next_due().filter(|&due| due < on) {
            let message = format!(
                "audit {} of site {}, ended {}, was graded {}, so the next one was due by {due}; none was completed by \
                 {on} for {}",
                audit.id,
                audit.site,
                audit.end,
                deciding.grade,
                several(&deciding.awaiting_next)
            );
            outcome.find(Code::RuleAuditOverdue, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::{Audit, Grade},
        rules::support::testing::{ON, codes, date, dossier},
    };

    #[test]
    fn the_grade_sets_the_deadline_and_its_last_day_counts() {
        for (grade, last, overdue) in [
            (Grade::A, "2020-05-06", "2020-05-05"),
            (Grade::B, "2021-05-06", "2021-05-05"),
            (Grade::C, "2022-05-06", "2022-05-05"),
        ] {
            let mut dossier = dossier();
            dossier.audits[1].grade = Some(grade);
            dossier.audits[1].end = date(last);
            assert_eq!(codes(&check(&dossier, ON)), [], "{grade}");
            dossier.audits[1].end = date(overdue);
            let outcome = check(&dossier, ON);
            assert_eq!(codes(&outcome), [Code::RuleAuditOverdue], "{grade}");
            assert!(outcome.findings[0].message.contains("so the next one was due by 2023-05-05"));
        }
    }

    #[test]
    fn an_audit_that_took_place_is_not_overdue_while_its_report_is_awaited() {
        let mut dossier = dossier();
        dossier.audits[1].end = date("2020-04-01");
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditOverdue]);
        let next = Audit { end: date("2023-04-28"), grade: None, report: None, ..dossier.audits[1].clone() };
        dossier.audits.push(next);
        assert_eq!(codes(&check(&dossier, ON)), []);
        for (end, expected) in [(ON, vec![]), (ON.tomorrow(), vec![Code::RuleAuditOverdue])] {
            dossier.audits[2].end = end;
            assert_eq!(codes(&check(&dossier, ON)), expected, "{end}");
        }
    }

    #[test]
    fn what_was_checked_names_the_last_audit_and_the_next() {
        assert_eq!(
            check(&dossier(), ON).checked_against,
            "2 audits that labels rest on, the last ended 2022-11-18; next one due by 2024-06-10"
        );
    }
}
