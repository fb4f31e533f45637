//! A label identifies one activity at one site of one company (section 1.3), so it is listed once,
//! with one status.

use std::collections::HashMap;

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "label-twice",
    title: "each label is listed once, with one status",
    clause: "CQM process, 1.3",
    effective_from: None,
    codes: &[Code::RuleLabelTwice],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let mut outcome = Outcome::against(count(certificate.labels().count(), "label"));
    let mut seen = HashMap::new();
    for (site, label) in certificate.labels() {
        if let Some((first_site, first)) = seen.insert(label.identity(), (site.reference(), label)) {
            let message = format!(
                "label {label} of site {} is listed a second time: {first} of site {first_site} is the same label",
                site.reference()
            );
            outcome.find(Code::RuleLabelTwice, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes};

    #[test]
    fn labels_that_differ_only_in_their_status_are_one_label() {
        for (label, expected) in [
            ("39902000DA", vec![Code::RuleLabelTwice]),
            ("39902000DR", vec![Code::RuleLabelTwice]),
            ("39902001DA", vec![]),
            ("39902000CA", vec![]),
        ] {
            let mut certificate = certificate();
            certificate.sites[0].labels.push(label.parse().unwrap());
            assert_eq!(codes(&check(&certificate)), expected, "{label}");
        }
    }
}
