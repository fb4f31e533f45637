//! A certificate lists at least one label (section 5.2).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "no-label",
    title: "at least one label is listed",
    clause: "CQM process, 5.2",
    effective_from: None,
    codes: &[Code::RuleNoLabel],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let sites = count(certificate.sites.len(), "site");
    let labels = certificate.labels().count();
    let mut outcome = Outcome::against(format!("{} of {sites}", count(labels, "label")));
    if labels == 0 {
        outcome.find(Code::RuleNoLabel, format!("none of {sites} has a label, expected at least one"));
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes};

    #[test]
    fn one_label_is_enough_and_none_is_not() {
        let mut certificate = certificate();
        certificate.sites[0].labels.clear();
        assert_eq!(codes(&check(&certificate)), []);
        certificate.sites[1].labels.clear();
        assert_eq!(codes(&check(&certificate)), [Code::RuleNoLabel]);
    }
}
