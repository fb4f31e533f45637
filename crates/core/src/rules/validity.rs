//! A certificate is valid for at most 12 months (section 5.3).

use super::{Check, Outcome, Rule};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "validity",
    title: "the certificate is valid for 12 months at most",
    clause: "CQM process, 5.3",
    effective_from: None,
    codes: &[Code::RuleValidity],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let (from, until) = (certificate.valid_from, certificate.valid_until);
    let latest = from.last_day_of_months(12);
    let mut outcome = Outcome::against(format!("{from} to {until}, at the latest {latest}"));
    if until < from {
        outcome.find(Code::RuleValidity, format!("the certificate ends on {until}, before its first day, {from}"));
    } else if until > latest {
        let message = format!("the certificate ends on {until}; 12 months from {from} end on {latest}");
        outcome.find(Code::RuleValidity, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes, date};

    #[test]
    fn a_certificate_lasts_from_one_day_to_twelve_months() {
        for (until, expected) in [
            ("2023-05-05", vec![Code::RuleValidity]),
            ("2023-05-06", vec![]),
            ("2024-05-05", vec![]),
            ("2024-05-06", vec![Code::RuleValidity]),
        ] {
            let mut certificate = certificate();
            certificate.valid_until = date(until);
            assert_eq!(codes(&check(&certificate)), expected, "{until}");
        }
    }
}
