//! An approval label is granted after a passed audit (section 4.2) that covers its activity at its
//! site.

use super::{
    Check, Outcome, Rule,
    support::{
        audit_index::{AuditIndex, Audits},
        wording::count,
    },
};
use crate::{Code, Date, Dossier, Label};

pub(super) const RULE: Rule = Rule {
    name: "label-without-audit",
    title: "each approval label rests on a graded and reported audit of its site and activity",
    clause: "CQM process, 4.2",
    effective_from: None,
    codes: &[Code::RuleLabelWithoutAudit],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let labels = count(dossier.approvals().count(), "approval label");
    let mut outcome = Outcome::against(format!("{labels}, {}", count(dossier.audits.len(), "audit")));
    let index = AuditIndex::new(dossier, on);
    for (site, label) in dossier.approvals() {
        let audits = index.of(site.reference(), label.activity());
        if audits.and_then(Audits::deciding).is_none() {
            let message = format!(
                "label {label} of site {} has no audit behind it: {}",
                site.reference(),
                why(audits, label, on)
            );
            outcome.find(Code::RuleLabelWithoutAudit, message);
        }
    }
    outcome
}

/// Returns which audit comes closest, and what it lacks.
fn why(audits: Option<&Audits<'_>>, label: &Label, on: Date) -> String {
    match audits.and_then(|audits| audits.latest_ended(on).or_else(|| audits.latest())) {
        None => format!("none covers {} there", label.activity()),
        Some(audit) if audit.end > on => format!("audit {} ends on {}, after {on}", audit.id, audit.end),
        Some(audit) if audit.grade.is_none() => format!("audit {} has no grade yet", audit.id),
        Some(audit) => format!("audit {} has no final report by {on}", audit.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Audit;
    use crate::rules::support::testing::{ON, codes, dossier};

    type Change = fn(&mut Audit);

    #[test]
    fn an_audit_must_cover_the_activity_and_the_site_and_be_done() {
        let cases: [(Change, &str); 5] = [
            (|audit| audit.activities = vec![crate::Activity::CardBody], "none covers IL there"),
            (|audit| audit.site = "99-02".parse().unwrap(), "none covers IL there"),
            (|audit| audit.end = ON.tomorrow(), "audit 2021-99-01 ends on 2023-05-07, after 2023-05-06"),
            (|audit| audit.grade = None, "audit 2021-99-01 has no grade yet"),
            (|audit| audit.report = Some(ON.tomorrow()), "audit 2021-99-01 has no final report by 2023-05-06"),
        ];
        for (change, why) in cases {
            let mut dossier = dossier();
            assert_eq!(codes(&check(&dossier, ON)), []);
            change(&mut dossier.audits[1]);
            let outcome = check(&dossier, ON);
            assert_eq!(codes(&outcome), [Code::RuleLabelWithoutAudit], "{why}");
            assert!(outcome.findings[0].message.ends_with(why), "{}", outcome.findings[0].message);
        }
    }

    #[test]
    fn an_audit_counts_from_the_day_on_which_it_has_ended_and_is_reported() {
        let mut dossier = dossier();
        (dossier.audits[1].end, dossier.audits[1].report) = (ON, Some(ON));
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn the_audit_before_counts_until_the_next_one_is_reported() {
        let mut dossier = dossier();
        let next = Audit { id: "next".into(), end: ON, grade: None, report: None, ..dossier.audits[1].clone() };
        dossier.audits.push(next);
        assert_eq!(codes(&check(&dossier, ON)), []);
        dossier.audits.remove(1);
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleLabelWithoutAudit]);
    }
}
