//! The audit plan for the next 12 months is committed (section 5.1), and contains every audit that
//! is due in these months.

use std::collections::BTreeSet;

use super::{
    Check, Outcome, Rule,
    support::{
        deciding_audit::deciding_audits,
        wording::{count, several},
    },
};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "audit-plan-not-committed",
    title: "the audit plan for the next 12 months is committed and complete",
    clause: "CQM process, 5.1",
    effective_from: None,
    codes: &[Code::RuleAuditPlanNotCommitted],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let plan = &dossier.audit_plan;
    let horizon = on.last_day_of_months(12);
    let committed = plan.committed.map_or_else(|| "not committed".into(), |date| format!("committed {date}"));
    let planned = count(plan.audits.len(), "audit");
    let mut outcome =
        Outcome::against(format!("a plan {committed} with {planned}, for those due from {on} to {horizon}"));
    match plan.committed {
        None => {
            let message = format!("the audit plan from {on} to {horizon} is not committed");
            outcome.find(Code::RuleAuditPlanNotCommitted, message);
        }
        Some(date) if date > on => {
            let message = format!("the audit plan is committed on {date}, after the day of issue, {on}");
            outcome.find(Code::RuleAuditPlanNotCommitted, message);
        }
        Some(date) if date < on.plus_months(-12) => {
            let message = format!(
                "the audit plan was committed on {date}, more than 12 months before the day of issue, {on}: it is not the \
                 plan from {on} to {horizon}"
            );
            outcome.find(Code::RuleAuditPlanNotCommitted, message);
        }
        Some(_) => {}
    }
    let planned: BTreeSet<_> = plan.audits.iter().map(|next| (next.site, next.date)).collect();
    for deciding in deciding_audits(dossier, on) {
        let audit = deciding.audit;
        let Some(due) = audit.next_due().filter(|due| (on..=horizon).contains(due)) else { continue };
        let in_time = planned.range((audit.site, on)..=(audit.site, due)).next().is_some();
        if !in_time && !deciding.awaiting_next.is_empty() {
            let message = format!(
                "the next audit of site {} for {} is due by {due} (audit {}, ended {}, was graded {}), and the plan has \
                 none from {on} to {due}",
                audit.site,
                several(&deciding.awaiting_next),
                audit.id,
                audit.end,
                deciding.grade
            );
            outcome.find(Code::RuleAuditPlanNotCommitted, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::Audit,
        rules::support::testing::{ON, codes, date, dossier, planned},
    };

    #[test]
    fn the_plan_is_committed_within_the_12_months_before_issue() {
        for (committed, expected) in [
            (None, vec![Code::RuleAuditPlanNotCommitted]),
            (Some("2022-05-05"), vec![Code::RuleAuditPlanNotCommitted]),
            (Some("2022-05-06"), vec![]),
            (Some("2023-05-06"), vec![]),
            (Some("2023-05-07"), vec![Code::RuleAuditPlanNotCommitted]),
        ] {
            let mut dossier = dossier();
            dossier.audit_plan.committed = committed.map(date);
            assert_eq!(codes(&check(&dossier, ON)), expected, "{committed:?}");
        }
    }

    #[test]
    fn every_audit_due_in_the_next_12_months_is_planned_in_time() {
        let mut dossier = dossier();
        dossier.audits[1].end = date("2021-05-06"); // grade A: due by 2024-05-06, one day past the 12 months
        assert_eq!(codes(&check(&dossier, ON)), []);
        dossier.audits[1].end = date("2021-05-05");
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditPlanNotCommitted]);
        for (site, day, expected) in [
            ("99-01", "2024-05-05", vec![]),
            ("99-01", "2023-05-06", vec![]),
            ("99-01", "2024-05-06", vec![Code::RuleAuditPlanNotCommitted]),
            ("99-01", "2023-05-05", vec![Code::RuleAuditPlanNotCommitted]),
            ("99-02", "2024-03-01", vec![Code::RuleAuditPlanNotCommitted]),
        ] {
            dossier.audit_plan.audits = vec![planned(site, day)];
            assert_eq!(codes(&check(&dossier, ON)), expected, "{site} {day}");
        }
    }

    #[test]
    fn an_audit_due_on_the_day_of_issue_is_planned_for_it() {
        let mut dossier = dossier();
        dossier.audits[1].end = date("2020-05-06");
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditPlanNotCommitted]);
        dossier.audit_plan.audits = vec![planned("99-01", "2023-05-06")];
        assert_eq!(codes(&check(&dossier, ON)), []);
        // Due the day before: another rule reports it.
        dossier.audit_plan.audits.clear();
        dossier.audits[1].end = date("2020-05-05");
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn an_audit_that_took_place_needs_no_plan() {
        let mut dossier = dossier();
        dossier.audits[1].end = date("2020-06-10");
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditPlanNotCommitted]);
        let next = Audit { end: date("2023-04-28"), grade: None, report: None, ..dossier.audits[1].clone() };
        dossier.audits.push(next);
        assert_eq!(codes(&check(&dossier, ON)), []);
    }
}
