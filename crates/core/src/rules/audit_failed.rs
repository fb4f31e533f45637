//! No label rests on a failed audit, which is an audit graded D (section 2.2.4). Labels of other
//! sites are not affected.

use super::{
    Check, Outcome, Rule,
    support::{
        deciding_audit::deciding_audits,
        wording::{count, several, verb},
    },
};
use crate::{Code, Date, Dossier, dossier::Grade};

pub(super) const RULE: Rule = Rule {
    name: "audit-failed",
    title: "no label rests on a failed audit",
    clause: "CQM process, 2.2.4",
    effective_from: None,
    codes: &[Code::RuleAuditFailed],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let audits = deciding_audits(dossier, on);
    let mut outcome = Outcome::against(format!("{} that labels rest on", count(audits.len(), "audit")));
    for failed in audits.iter().filter(|deciding| deciding.grade == Grade::D) {
        let (id, end, site) = (&failed.audit.id, failed.audit.end, failed.audit.site);
        let (labels, rest) = (several(&failed.labels), verb(failed.labels.len(), "rests", "rest"));
        let message = format!("audit {id} of site {site}, ended {end}, was graded D, a fail: {labels} {rest} on it");
        outcome.find(Code::RuleAuditFailed, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, audit, codes, dossier};

    #[test]
    fn the_latest_audit_decides() {
        let failed = audit("2023-99-01", "99-01", &["IL"], "2023-03-01", Grade::D);
        let mut dossier = dossier();
        dossier.audits.insert(0, failed.clone());
        let outcome = check(&dossier, ON);
        assert_eq!(codes(&outcome), [Code::RuleAuditFailed]);
        assert!(outcome.findings[0].message.ends_with("a fail: 69901000DA rests on it"));
        dossier.audits.push(audit("2023-99-01b", "99-01", &["IL"], "2023-04-20", Grade::B));
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn a_fail_counts_before_it_is_reported() {
        let mut dossier = dossier();
        let mut failed = audit("2023-99-01", "99-01", &["IL"], "2023-05-02", Grade::D);
        failed.report = None;
        dossier.audits.push(failed);
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditFailed]);
        dossier.audits[2].end = ON;
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditFailed], "ended today");
        dossier.audits[2].end = ON.tomorrow();
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn a_failed_site_without_labels_does_not_hold_up_the_group() {
        let mut dossier = dossier();
        dossier.audits[1].grade = Some(Grade::D);
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleAuditFailed]);
        dossier.sites[1].labels.clear();
        assert_eq!(codes(&check(&dossier, ON)), []);
    }
}
