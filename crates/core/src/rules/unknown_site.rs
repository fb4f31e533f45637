//! Audits count for the site that they name (section 5.1). An audit of a site that the dossier does
//! not list would count for nothing, even if it failed.

use std::collections::HashSet;

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Code, Date, Dossier, Site};

pub(super) const RULE: Rule = Rule {
    name: "unknown-site",
    title: "audits and planned audits name sites of the dossier",
    clause: "CQM process, 5.1",
    effective_from: None,
    codes: &[Code::RuleUnknownSite],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, _: Date) -> Outcome {
    let (audits, planned) = (&dossier.audits, &dossier.audit_plan.audits);
    let sites: HashSet<_> = dossier.sites.iter().map(Site::reference).collect();
    let mut outcome = Outcome::against(format!(
        "{} and {} of {}",
        count(audits.len(), "audit"),
        count(planned.len(), "planned audit"),
        count(sites.len(), "site")
    ));
    for audit in audits.iter().filter(|audit| !sites.contains(&audit.site)) {
        let message = format!("audit {} names site {}, which the dossier does not list", audit.id, audit.site);
        outcome.find(Code::RuleUnknownSite, message);
    }
    for audit in planned.iter().filter(|audit| !sites.contains(&audit.site)) {
        let message =
            format!("the audit planned for {} names site {}, which the dossier does not list", audit.date, audit.site);
        outcome.find(Code::RuleUnknownSite, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::Grade,
        rules::support::testing::{ON, audit, codes, dossier, planned},
    };

    #[test]
    fn audits_done_and_planned_are_of_listed_sites() {
        let mut dossier = dossier();
        dossier.audits.push(audit("typo", "99-10", &["IL"], "2023-04-20", Grade::D));
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleUnknownSite]);
        dossier.audits[2].site = dossier.sites[1].reference();
        assert_eq!(codes(&check(&dossier, ON)), []);
        dossier.audit_plan.audits.push(planned("98-01", "2023-11-20"));
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleUnknownSite]);
    }
}
