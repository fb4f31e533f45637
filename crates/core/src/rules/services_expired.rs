//! A certificate ends with the yearly services at the latest (section 1.3), so it can't be issued
//! once they have ended.

use super::{Check, Outcome, Rule};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "services-expired",
    title: "the yearly services run on the day of issue",
    clause: "CQM process, 1.3",
    effective_from: None,
    codes: &[Code::RuleServicesExpired],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let sed = dossier.services_expiration_date;
    let mut outcome = Outcome::against(format!("services until {sed}"));
    if sed < on {
        let message = format!("the yearly services ended on {sed}, before the day of issue, {on}");
        outcome.find(Code::RuleServicesExpired, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, codes, date, dossier};

    #[test]
    fn services_run_to_the_end_of_their_last_day() {
        for (sed, expected) in [("2023-05-05", vec![Code::RuleServicesExpired]), ("2023-05-06", vec![])] {
            let mut dossier = dossier();
            dossier.services_expiration_date = date(sed);
            assert_eq!(codes(&check(&dossier, ON)), expected, "{sed}");
        }
    }
}
