//! All corrective actions of audits older than 4 months are closed (section 5.1). Actions for
//! recommended improvements may stay open, because these are not non-conformities (section 2.2.3).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{
    Code, Date, Dossier,
    dossier::{ActionKind, Audit},
};

pub(super) const RULE: Rule = Rule {
    name: "corrective-action-open",
    title: "the corrective actions of audits older than 4 months are closed",
    clause: "CQM process, 5.1",
    effective_from: None,
    codes: &[Code::RuleCorrectiveActionOpen],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let due = |audit: &Audit| audit.end.plus_months(4);
    let old: Vec<_> = dossier.audits.iter().filter(|audit| due(audit) < on).collect();
    let actions = || old.iter().flat_map(|audit| audit.actions.iter().map(move |action| (*audit, action)));
    let total = count(actions().count(), "corrective action");
    let mut outcome = Outcome::against(format!("{total} of {} older than 4 months", count(old.len(), "audit")));
    for (audit, action) in actions() {
        let required = action.kind != ActionKind::Improvement;
        if required && action.closed.is_none_or(|closed| closed > on) {
            let message = format!(
                "corrective action \"{}\" of audit {} of site {} is open on {on}; it was due by {}",
                action.title,
                audit.id,
                audit.site,
                due(audit)
            );
            outcome.find(Code::RuleCorrectiveActionOpen, message);
        }
    }
    for audit in &old {
        let found = audit.nc_major > 0 || audit.nc_minor > 0;
        if found && audit.actions.iter().all(|action| action.kind == ActionKind::Improvement) {
            let message = format!(
                "audit {} of site {} found {} NC+ and {} NC-, but the dossier records no corrective action; they were \
                 due by {}",
                audit.id,
                audit.site,
                audit.nc_major,
                audit.nc_minor,
                due(audit)
            );
            outcome.find(Code::RuleCorrectiveActionOpen, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, codes, date, dossier};

    #[test]
    fn actions_are_due_four_months_after_the_audit() {
        for (end, closed, expected) in [
            ("2023-01-06", None, vec![]),
            ("2023-01-05", None, vec![Code::RuleCorrectiveActionOpen]),
            ("2023-01-05", Some(ON), vec![]),
            ("2023-01-05", Some(ON.tomorrow()), vec![Code::RuleCorrectiveActionOpen]),
        ] {
            let mut dossier = dossier();
            dossier.audits[0].end = date(end);
            dossier.audits[0].actions[1].closed = closed;
            assert_eq!(codes(&check(&dossier, ON)), expected, "{end} {closed:?}");
        }
    }

    #[test]
    fn an_open_recommended_improvement_holds_nothing_up() {
        let mut dossier = dossier();
        dossier.audits[0].actions[1].closed = None;
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleCorrectiveActionOpen]);
        dossier.audits[0].actions[1].kind = ActionKind::Improvement;
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn non_conformities_without_any_recorded_action_are_found() {
        let mut dossier = dossier();
        dossier.audits[0].actions.clear();
        for (major, minor, expected) in
            [(1, 0, vec![Code::RuleCorrectiveActionOpen]), (0, 1, vec![Code::RuleCorrectiveActionOpen]), (0, 0, vec![])]
        {
            (dossier.audits[0].nc_major, dossier.audits[0].nc_minor) = (major, minor);
            assert_eq!(codes(&check(&dossier, ON)), expected, "{major} NC+, {minor} NC-");
        }
        dossier.audits[0].nc_major = 1;
        for (end, expected) in [("2023-01-06", vec![]), ("2023-01-05", vec![Code::RuleCorrectiveActionOpen])] {
            dossier.audits[0].end = date(end);
            assert_eq!(codes(&check(&dossier, ON)), expected, "{end}");
        }
    }
}
