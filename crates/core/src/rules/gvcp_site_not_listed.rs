//! All GVCP-registered sites of the holder are listed, with the identifier in the registry (section
//! 5.2).

use std::collections::HashMap;

use super::{Check, Outcome, Rule, support::wording::count};
use crate::{Code, Date, Dossier};

pub(super) const RULE: Rule = Rule {
    name: "gvcp-site-not-listed",
    title: "the sites listed are those of the GVCP registry",
    clause: "CQM process, 5.2",
    effective_from: None,
    codes: &[Code::RuleGvcpSiteNotListed],
    check: Check::Dossier(check),
};

fn check(dossier: &Dossier, on: Date) -> Outcome {
    let extract = &dossier.gvcp;
    let checked = extract.checked;
    let registered = count(extract.sites.len(), "site");
    let mut outcome = Outcome::against(format!("the GVCP registry of {checked}, which lists {registered}"));
    let mut find = |message: String| outcome.find(Code::RuleGvcpSiteNotListed, message);
    if checked > on {
        find(format!("the GVCP registry was looked up on {checked}, after the day of issue, {on}"));
    }
    let listed: HashMap<_, _> = dossier.sites.iter().map(|site| (site.reference(), site.cid.as_ref())).collect();
    for entry in &extract.sites {
        match listed.get(&entry.site) {
            None => find(format!("site {} has CID {} in the GVCP registry and is not listed", entry.site, entry.cid)),
            Some(None) => {
                find(format!("site {} has CID {} in the GVCP registry and none here", entry.site, entry.cid));
            }
            Some(Some(cid)) if **cid != entry.cid => {
                find(format!("site {} has CID {} in the GVCP registry and {cid} here", entry.site, entry.cid));
            }
            Some(Some(_)) => {}
        }
    }
    let registered: HashMap<_, _> = extract.sites.iter().map(|entry| (entry.site, &entry.cid)).collect();
    for site in &dossier.sites {
        if let (Some(cid), None) = (&site.cid, registered.get(&site.reference())) {
            find(format!("site {} has CID {cid} here and is not in the GVCP registry", site.reference()));
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::GvcpSite,
        rules::support::testing::{ON, codes, dossier, site},
    };

    fn entry(site: &str, cid: &str) -> GvcpSite {
        GvcpSite { site: site.parse().unwrap(), cid: cid.parse().unwrap() }
    }

    #[test]
    fn registered_sites_are_listed_without_labels_too() {
        let mut dossier = dossier();
        dossier.gvcp.sites.push(entry("99-04", "10990004"));
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleGvcpSiteNotListed]);
        dossier.sites.push(site("99-04", Some("10990004"), &[]));
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn identifiers_are_those_of_the_registry() {
        for (cid, expected) in [
            (Some("10990001"), vec![]),
            (Some("10990007"), vec![Code::RuleGvcpSiteNotListed]),
            (None, vec![Code::RuleGvcpSiteNotListed]),
        ] {
            let mut dossier = dossier();
            dossier.gvcp.sites.push(entry("99-01", "10990001"));
            dossier.sites[1].cid = cid.map(|cid| cid.parse().unwrap());
            assert_eq!(codes(&check(&dossier, ON)), expected, "{cid:?}");
        }
    }

    #[test]
    fn an_identifier_that_the_registry_lacks_is_found() {
        let mut dossier = dossier();
        dossier.gvcp.sites.clear();
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleGvcpSiteNotListed]);
        dossier.sites[0].cid = None;
        assert_eq!(codes(&check(&dossier, ON)), []);
    }

    #[test]
    fn the_registry_is_looked_up_by_the_day_of_issue() {
        let mut dossier = dossier();
        dossier.gvcp.checked = ON;
        assert_eq!(codes(&check(&dossier, ON)), []);
        dossier.gvcp.checked = ON.tomorrow();
        assert_eq!(codes(&check(&dossier, ON)), [Code::RuleGvcpSiteNotListed]);
    }
}
