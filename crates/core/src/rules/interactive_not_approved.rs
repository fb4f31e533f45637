//! Interactive cards and their parts had to be approved before 2023-12-31 (section 4.1).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code, Date, LabelStatus};

pub(super) const RULE: Rule = Rule {
    name: "interactive-not-approved",
    title: "interactive cards and their parts are approved",
    clause: "CQM process, 4.1",
    effective_from: Some(Date::constant(2023, 12, 31)),
    codes: &[Code::RuleInteractiveNotApproved],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let labels: Vec<_> = certificate.labels().filter(|(_, label)| label.activity().is_interactive()).collect();
    let mut outcome =
        Outcome::against(format!("{} of interactive cards and their parts", count(labels.len(), "label")));
    for (site, label) in labels.into_iter().filter(|(_, label)| label.status() == LabelStatus::Recognition) {
        let activity = label.activity();
        let message = format!(
            "label {label} of site {} is a recognition for {activity}, which had to be approved before 2023-12-31",
            site.reference()
        );
        outcome.find(Code::RuleInteractiveNotApproved, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes};

    #[test]
    fn only_recognitions_of_interactive_activities_are_reported() {
        for (label, found) in [
            ("59901000DR", true),
            ("79901000DR", true),
            ("89901000DR", true),
            ("99901000DR", true),
            ("99901000DA", false),
            ("19901000DR", false),
            ("P9901000DR", false),
        ] {
            let mut certificate = certificate();
            certificate.sites[1].labels.push(label.parse().unwrap());
            let expected = if found { vec![Code::RuleInteractiveNotApproved] } else { vec![] };
            assert_eq!(codes(&check(&certificate)), expected, "{label}");
        }
    }
}
