//! A certificate lists each site once (section 5.2).

use std::collections::HashSet;

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "site-twice",
    title: "each site is listed once",
    clause: "CQM process, 5.2",
    effective_from: None,
    codes: &[Code::RuleSiteTwice],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let mut outcome = Outcome::against(count(certificate.sites.len(), "site"));
    let mut seen = HashSet::new();
    for site in certificate.sites.iter().map(crate::Site::reference) {
        if !seen.insert(site) {
            outcome.find(Code::RuleSiteTwice, format!("site {site} is listed more than once, expected one row"));
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes, site};

    #[test]
    fn a_second_row_of_a_site_is_found() {
        for (reference, expected) in [("99-03", vec![]), ("98-01", vec![]), ("99-01", vec![Code::RuleSiteTwice])] {
            let mut certificate = certificate();
            certificate.sites.push(site(reference, None, &[]));
            assert_eq!(codes(&check(&certificate)), expected, "{reference}");
        }
    }
}
