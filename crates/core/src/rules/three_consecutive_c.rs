//! The third grade C in a row is a fail (section 2.2.4). Section 3.6 says that termination "may"
//! follow, so a person can decide otherwise and record the reason.

use std::collections::HashMap;

use super::{
    Check, Outcome, Rule,
    support::{
        audit_index::AuditIndex,
        wording::{several, verb},
    },
};
use crate::{
    Activity, Code, Date, Dossier, Label, SiteReference,
    dossier::{Audit, Grade},
};

pub(super) const RULE: Rule = Rule {
    name: "three-consecutive-c",
    title: "no label rests on a third grade C in a row, unless a person decided so",
    clause: "CQM process, 2.2.4",
    effective_from: None,
    codes: &[Code::RuleThreeConsecutiveC, Code::RuleThreeConsecutiveCOverridden],
    check: Check::Dossier(check),
};

/// The number of grades C in a row that is a fail.
const LIMIT: usize = 3;

/// Audits graded C in a row, the latest first, with the labels that rest on them.
struct Series<'a> {
    audits: Vec<&'a Audit>,
    labels: Vec<&'a Label>,
}

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let index = AuditIndex::new(dossier, on);
    let mut longest = 0;
    let mut series: Vec<Series<'_>> = Vec::new();
    let mut places: HashMap<Vec<*const Audit>, usize> = HashMap::new();
    let mut known: HashMap<(SiteReference, Activity), Option<usize>> = HashMap::new();
    for (site, label) in dossier.approvals() {
        let activity = (site.reference(), label.activity());
        let place = *known.entry(activity).or_insert_with(|| {
            let audits = index.of(activity.0, activity.1)?;
            let in_a_row = audits.graded().iter().take_while(|(_, grade)| *grade == Grade::C);
            let audits: Vec<&Audit> = in_a_row.map(|(audit, _)| *audit).collect();
            longest = longest.max(audits.len());
            if audits.len() < LIMIT {
                return None;
            }
            let key = audits.iter().map(|audit| core::ptr::from_ref(*audit)).collect();
            Some(*places.entry(key).or_insert_with(|| {
                series.push(Series { audits, labels: Vec::new() });
                series.len().saturating_sub(1)
            }))
        });
        if let Some(series) = place.and_then(|place| series.get_mut(place)) {
            series.labels.push(label);
        }
    }
    let mut outcome = Outcome::against(match longest {
        0 => "no label rests on a grade C".into(),
        times => format!("grade C {times} times in a row at most, fewer than {LIMIT} wanted"),
    });
    for Series { audits, labels } in series {
        let Some(latest) = audits.first() else { continue };
        let ids = several(audits.iter().map(|audit| &audit.id));
        let message = format!(
            "audits {ids} of site {} were all graded C, {} times in a row: {} {} on them",
            latest.site,
            audits.len(),
            several(&labels),
            verb(labels.len(), "rests", "rest")
        );
        match latest.three_c_override.as_ref().filter(|decision| decision.date <= on) {
            Some(decision) => {
                let message = format!("{message}; {} decided on {}: {}", decision.by, decision.date, decision.reason);
                outcome.find(Code::RuleThreeConsecutiveCOverridden, message);
            }
            None => outcome.find(Code::RuleThreeConsecutiveC, message),
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::Override,
        rules::support::testing::{ON, audit, codes, date, dossier},
    };

    fn graded(grades: [Grade; 3]) -> Dossier {
        let mut dossier = dossier();
        let ends = ["2020-06-10", "2021-06-09", "2022-06-08"];
        dossier.audits.truncate(1);
        for (grade, end) in grades.into_iter().zip(ends) {
            dossier.audits.push(audit(end, "99-01", &["IL"], end, grade));
        }
        dossier
    }

    #[test]
    fn three_in_a_row_fail_and_two_do_not() {
        use Grade::{A, B, C};
        assert_eq!(codes(&check(&graded([C, C, C]), ON)), [Code::RuleThreeConsecutiveC]);
        let four = audit("2019-06-12", "99-01", &["IL"], "2019-06-12", C);
        let mut dossier = graded([C, C, C]);
        dossier.audits.push(four);
        let outcome = check(&dossier, ON);
        assert_eq!(codes(&outcome), [Code::RuleThreeConsecutiveC]);
        assert!(outcome.findings[0].message.ends_with("all graded C, 4 times in a row: 69901000DA rests on them"));
        for grades in [[A, C, C], [C, B, C], [C, C, B]] {
            assert_eq!(codes(&check(&graded(grades), ON)), [], "{grades:?}");
        }
    }

    #[test]
    fn a_recorded_decision_lets_the_third_c_pass_with_a_warning() {
        let mut dossier = graded([Grade::C; 3]);
        let decision = Override { by: "A. Clerk".into(), date: ON, reason: "new owner".into() };
        dossier.audits[3].three_c_override = Some(decision.clone());
        let outcome = check(&dossier, ON);
        assert_eq!(codes(&outcome), [Code::RuleThreeConsecutiveCOverridden]);
        assert!(outcome.findings[0].message.ends_with("A. Clerk decided on 2023-05-06: new owner"));
        assert_eq!(codes(&check(&dossier, date("2023-05-05"))), [Code::RuleThreeConsecutiveC], "decided later");
        dossier.audits[3].three_c_override = None;
        dossier.audits[2].three_c_override = Some(decision);
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleThreeConsecutiveC], "decided for another audit");
    }
}
