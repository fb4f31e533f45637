//! Grade A requires an audit without major non-conformities (section 2.2.4). The other grades set
//! no number.

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Code, Date, Dossier, dossier::Grade};

pub(super) const RULE: Rule = Rule {
    name: "grade-contradicts-findings",
    title: "audits graded A have no major non-conformity",
    clause: "CQM process, 2.2.4",
    effective_from: None,
    codes: &[Code::RuleGradeContradictsFindings],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, _: Date) -> Outcome {
    let best: Vec<_> = dossier.audits.iter().filter(|audit| audit.grade == Some(Grade::A)).collect();
    let mut outcome = Outcome::against(format!("{} graded A", count(best.len(), "audit")));
    for audit in best.into_iter().filter(|audit| audit.nc_major > 0) {
        let (id, site, found) = (&audit.id, audit.site, audit.nc_major);
        let message = format!("audit {id} of site {site} is graded A with {found} NC+, expected none");
        outcome.find(Code::RuleGradeContradictsFindings, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, codes, dossier};

    #[test]
    fn a_major_non_conformity_rules_grade_a_out() {
        let mut dossier = dossier();
        dossier.audits[1].nc_minor = 3;
        assert_eq!(codes(&check(&dossier, ON)), []);
        dossier.audits[1].nc_major = 1;
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleGradeContradictsFindings]);
        dossier.audits[1].grade = Some(Grade::B);
        assert_eq!(codes(&check(&dossier, ON)), []);
    }
}
