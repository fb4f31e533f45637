//! A certificate lists the GVCP-registered sites, with or without labels, and the sites that have
//! labels; it lists no other sites (section 5.2).

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Certificate, Code};

pub(super) const RULE: Rule = Rule {
    name: "site-without-reason",
    title: "each site has a label or a GVCP identifier (CID)",
    clause: "CQM process, 5.2",
    effective_from: None,
    codes: &[Code::RuleSiteWithoutReason],
    check: Check::Certificate(check),
};

fn check(certificate: &Certificate) -> Outcome {
    let mut outcome = Outcome::against(count(certificate.sites.len(), "site"));
    for site in certificate.sites.iter().filter(|site| site.labels.is_empty() && site.cid.is_none()) {
        let message = format!("site {} has neither a label nor a CID, expected one of them", site.reference());
        outcome.find(Code::RuleSiteWithoutReason, message);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{certificate, codes, site};

    #[test]
    fn a_label_or_a_cid_is_reason_enough() {
        for (cid, labels, expected) in [
            (None, &[][..], vec![Code::RuleSiteWithoutReason]),
            (Some("10990003"), &[], vec![]),
            (None, &["69903000DA"], vec![]),
        ] {
            let mut certificate = certificate();
            certificate.sites.push(site("99-03", cid, labels));
            assert_eq!(codes(&check(&certificate)), expected, "{cid:?} {labels:?}");
        }
    }
}
