//! Only dual-interface labels are granted from April 2023 (section 4.3).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code, Date, Technology};

pub(super) const RULE: Rule = Rule {
    name: "contact-only",
    title: "labels are for dual-interface technology",
    clause: "CQM process, 4.3",
    effective_from: Some(Date::constant(2023, 4, 1)),
    codes: &[Code::RuleContactOnly],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let mut outcome = Outcome::against(count(certificate.labels().count(), "label"));
    for (site, label) in certificate.labels().filter(|(_, label)| label.technology() == Technology::ContactOnly) {
        let message =
            format!("label {label} of site {} is contact-only (C), expected dual interface (D)", site.reference());
        outcome.find(Code::RuleContactOnly, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes};

    #[test]
    fn contact_only_labels_are_not_listed() {
        let mut certificate = certificate();
        certificate.sites[1].labels = vec!["69901000DA".parse().unwrap()];
        assert_eq!(codes(&check(&certificate)), []);
        certificate.sites[1].labels = vec!["69901000CA".parse().unwrap()];
        assert_eq!(codes(&check(&certificate)), [Code::RuleContactOnly]);
    }
}
