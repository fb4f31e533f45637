//! Sites that make or personalize cards are GVCP certified (section 1.9.1). Sites that make only
//! components need no such certification.

use super::{
    Check, Outcome, Rule,
    support::wording::{count, several},
};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "gvcp-missing",
    title: "sites that make or personalize cards have a GVCP identifier (CID)",
    clause: "CQM process, 1.9.1",
    effective_from: None,
    codes: &[Code::RuleGvcpMissing],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let needs = |site: &&crate::Site| site.labels.iter().any(|label| label.activity().needs_gvcp());
    let sites: Vec<_> = certificate.sites.iter().filter(needs).collect();
    let mut outcome = Outcome::against(format!("{} in need of a CID", count(sites.len(), "site")));
    for site in sites.into_iter().filter(|site| site.cid.is_none()) {
        let labels = several(site.labels.iter().filter(|label| label.activity().needs_gvcp()));
        let message = format!("site {} has no CID, which its labels {labels} need", site.reference());
        outcome.find(Code::RuleGvcpMissing, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes, site};

    #[test]
    fn cards_and_personalization_need_a_cid_and_components_do_not() {
        for (label, needed) in [
            ("19903000DA", false),
            ("29903000DA", false),
            ("39903000DA", true),
            ("49903000DA", true),
            ("59903000DA", false),
            ("69903000DA", false),
            ("79903000DA", false),
            ("89903000DA", false),
            ("99903000DA", true),
            ("P9903000DA", true),
        ] {
            let mut certificate = certificate();
            certificate.sites.push(site("99-03", None, &[label]));
            let expected = if needed { vec![Code::RuleGvcpMissing] } else { vec![] };
            assert_eq!(codes(&check(&certificate)), expected, "{label}");
            certificate.sites[2] = site("99-03", Some("10990003"), &[label]);
            assert_eq!(codes(&check(&certificate)), [], "{label}");
        }
    }
}
