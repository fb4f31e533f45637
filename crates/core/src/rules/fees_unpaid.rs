//! The yearly fees are paid up to the last day of the services (section 5.1).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "fees-unpaid",
    title: "the yearly fees are paid",
    clause: "CQM process, 5.1",
    effective_from: None,
    codes: &[Code::RuleFeesUnpaid],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let sed = dossier.services_expiration_date;
    // The invoice for the year after is sent 3 months before the SED (section 3.5). It does not
    // count until the SED moves.
    let due: Vec<_> = dossier.fees.iter().filter(|fee| fee.services_until <= sed).collect();
    let mut outcome = Outcome::against(format!("{} for services until {sed}", count(due.len(), "invoice")));
    for fee in &due {
        if fee.paid.is_none_or(|paid| paid > on) {
            let message = format!(
                "the fees for the services until {}, invoiced {}, are not paid by {on}",
                fee.services_until, fee.invoiced
            );
            outcome.find(Code::RuleFeesUnpaid, message);
        }
    }
    if !due.iter().any(|fee| fee.services_until == sed) {
        let message = format!("no invoice covers the services until {sed}");
        outcome.find(Code::RuleFeesUnpaid, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::Fee,
        rules::support::testing::{ON, codes, date, dossier},
    };

    #[test]
    fn fees_are_paid_by_the_day_of_issue() {
        for (paid, expected) in
            [(None, vec![Code::RuleFeesUnpaid]), (Some(ON.tomorrow()), vec![Code::RuleFeesUnpaid]), (Some(ON), vec![])]
        {
            let mut dossier = dossier();
            dossier.fees[0].paid = paid;
            assert_eq!(codes(&check(&dossier, ON)), expected, "{paid:?}");
        }
    }

    #[test]
    fn an_invoice_must_cover_the_services_to_their_end() {
        let mut dossier = dossier();
        dossier.fees[0].services_until = date("2023-05-31");
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleFeesUnpaid]);
        dossier.services_expiration_date = date("2023-05-31");
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn the_invoice_of_the_year_after_is_not_due_yet() {
        let mut dossier = dossier();
        dossier.fees.push(Fee { services_until: date("2025-05-31"), invoiced: ON, paid: None });
        assert_eq!(codes(&check(&dossier, ON)), []);
        // The SED is 2024-05-31.
        for (until, expected) in [
            ("2024-06-01", vec![]),
            ("2024-05-31", vec![Code::RuleFeesUnpaid]),
            ("2023-05-31", vec![Code::RuleFeesUnpaid]),
        ] {
            dossier.fees[1].services_until = date(until);
            assert_eq!(codes(&check(&dossier, ON)), expected, "{until}");
        }
    }
}
