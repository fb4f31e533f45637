//! A certificate lists only sites of the company or group of companies that holds it (section 5.2).

use std::collections::HashSet;

use super::{
    Check, Outcome, Rule,
    support::wording::{count, several},
};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "site-of-another-company",
    title: "each site belongs to a company of the holder",
    clause: "CQM process, 5.2",
    effective_from: None,
    codes: &[Code::RuleSiteOfAnotherCompany],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let companies: HashSet<_> = certificate.holder.company_numbers().collect();
    let numbers = several(certificate.holder.company_numbers());
    let sites = count(certificate.sites.len(), "site");
    let mut outcome = Outcome::against(format!("{sites}, companies {numbers}"));
    for site in certificate.sites.iter().filter(|site| !companies.contains(&site.company)) {
        let message = format!(
            "site {} belongs to company {}, which is not one of the holder's: {numbers}",
            site.reference(),
            site.company
        );
        outcome.find(Code::RuleSiteOfAnotherCompany, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes, company, site};

    #[test]
    fn a_group_has_the_sites_of_all_its_companies() {
        let mut certificate = certificate();
        certificate.sites.push(site("98-01", None, &["69801000DA"]));
        assert_eq!(codes(&check(&certificate)), [Code::RuleSiteOfAnotherCompany]);
        certificate.holder.companies.push(company("98", "Another"));
        assert_eq!(codes(&check(&certificate)), []);
    }
}
