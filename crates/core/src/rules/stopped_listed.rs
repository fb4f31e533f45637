//! A stopped label is no longer approved, so it is not listed (section 5.2).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code, LabelStatus};

pub(super) const RULE: Rule = Rule {
    name: "stopped-listed",
    title: "no stopped label is listed",
    clause: "CQM process, 5.2",
    effective_from: None,
    codes: &[Code::RuleStoppedListed],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let mut outcome = Outcome::against(count(certificate.labels().count(), "label"));
    for (site, label) in certificate.labels().filter(|(_, label)| label.status() == LabelStatus::Stopped) {
        let message = format!("label {label} of site {} is stopped (S), expected an approval (A)", site.reference());
        outcome.find(Code::RuleStoppedListed, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes};

    #[test]
    fn stopped_labels_are_found() {
        for (label, expected) in [("69901000DA", vec![]), ("69901000DS", vec![Code::RuleStoppedListed])] {
            let mut certificate = certificate();
            certificate.sites[1].labels = vec![label.parse().unwrap()];
            assert_eq!(codes(&check(&certificate)), expected, "{label}");
        }
    }
}
