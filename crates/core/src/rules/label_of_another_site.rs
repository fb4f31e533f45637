//! A label is listed for the company and the site that it names (section 4.3).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code, SiteReference};

pub(super) const RULE: Rule = Rule {
    name: "label-of-another-site",
    title: "each label names the company and the site that it is listed for",
    clause: "CQM process, 4.3",
    effective_from: None,
    codes: &[Code::RuleLabelOfAnotherSite],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let labels = count(certificate.labels().count(), "label");
    let mut outcome = Outcome::against(format!("{labels} of {}", count(certificate.sites.len(), "site")));
    for (site, label) in certificate.labels() {
        let named = SiteReference { company: label.company(), number: label.site() };
        if named != site.reference() {
            let message = format!("label {label} names site {named}, but it is listed for site {}", site.reference());
            outcome.find(Code::RuleLabelOfAnotherSite, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes};

    #[test]
    fn both_the_company_and_the_site_must_fit() {
        for (label, expected) in [
            ("69901000DA", vec![]),
            ("69902000DA", vec![Code::RuleLabelOfAnotherSite]),
            ("69801000DA", vec![Code::RuleLabelOfAnotherSite]),
        ] {
            let mut certificate = certificate();
            certificate.sites[1].labels = vec![label.parse().unwrap()];
            assert_eq!(codes(&check(&certificate)), expected, "{label}");
        }
    }
}
