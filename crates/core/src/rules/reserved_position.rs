//! Two positions of a label are reserved for future use, and are `0` today (section 4.3). A dossier
//! with other characters can't be read. A certificate may have them if it was issued under a later
//! release of the program.

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "reserved-position",
    title: "the reserved positions of each label are 00",
    clause: "CQM process, 4.3",
    effective_from: None,
    codes: &[Code::LabelReservedPosition],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let mut outcome = Outcome::against(count(certificate.labels().count(), "label"));
    for (_, label) in certificate.labels() {
        if let Some(reserved) = label.unexpected_reserved() {
            let message = format!("label {label} has {reserved} in its reserved positions, expected 00");
            outcome.find(Code::LabelReservedPosition, message);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Label, ReservedPositions,
        rules::support::testing::{certificate, codes},
    };

    #[test]
    fn a_label_of_a_later_release_is_reported() {
        let mut certificate = certificate();
        assert_eq!(codes(&check(&certificate)), []);
        certificate.sites[1].labels = vec![Label::parse("69901001DA", ReservedPositions::Tolerate).unwrap()];
        assert_eq!(codes(&check(&certificate)), []);
        certificate.sites[1].labels = vec![Label::parse("69901100DA", ReservedPositions::Tolerate).unwrap()];
        let outcome = check(&certificate);
        assert_eq!(codes(&outcome), [Code::LabelReservedPosition]);
        assert_eq!(outcome.findings[0].message, "label 69901100DA has 10 in its reserved positions, expected 00");
    }
}
