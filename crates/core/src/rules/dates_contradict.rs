//! The steps of an audit follow one another (section 2.1.3), so dates in another order are mistakes
//! in the dossier.

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "dates-contradict",
    title: "the dates of each audit follow one another",
    clause: "CQM process, 2.1.3",
    effective_from: None,
    codes: &[Code::RuleDatesContradict],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, _: Date) -> Outcome {
    let mut outcome = Outcome::against(count(dossier.audits.len(), "audit"));
    for audit in &dossier.audits {
        let (id, start, end) = (&audit.id, audit.start, audit.end);
        if end < start {
            let message = format!("audit {id} ends on {end}, before its first day, {start}");
            outcome.find(Code::RuleDatesContradict, message);
        }
        for (what, date) in
            [("final report", audit.report), ("report on the corrective actions", audit.corrective_action_report)]
        {
            if let Some(date) = date.filter(|&date| date < end) {
                let message = format!("the {what} of audit {id} is of {date}, before the end of the audit, {end}");
                outcome.find(Code::RuleDatesContradict, message);
            }
        }
        for action in &audit.actions {
            if let Some(closed) = action.closed.filter(|&closed| closed < start) {
                let title = &action.title;
                let message =
                    format!("action \"{title}\" of audit {id} was closed on {closed}, before the audit began, {start}");
                outcome.find(Code::RuleDatesContradict, message);
            }
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::Audit,
        rules::support::testing::{ON, codes, date, dossier},
    };

    type Set = fn(&mut Audit, Date);

    #[test]
    fn a_step_is_never_before_the_one_that_it_follows() {
        let cases: [(Set, &str, &str); 4] = [
            (|audit, day| audit.end = day, "2022-11-14", "2022-11-13"),
            (|audit, day| audit.report = Some(day), "2022-11-18", "2022-11-17"),
            (|audit, day| audit.corrective_action_report = Some(day), "2022-11-18", "2022-11-17"),
            (|audit, day| audit.actions[0].closed = Some(day), "2022-11-14", "2022-11-13"),
        ];
        for (set, right, wrong) in cases {
            let mut dossier = dossier();
            set(&mut dossier.audits[0], date(right));
            assert_eq!(codes(&check(&dossier, ON)), [], "{right}");
            set(&mut dossier.audits[0], date(wrong));
            assert_eq!(codes(&check(&dossier, ON)), [Code::RuleDatesContradict], "{wrong}");
        }
    }
}
