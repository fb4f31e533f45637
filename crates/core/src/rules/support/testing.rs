//! A dossier in order. The tests of the rules change one thing in it.

use crate::{
    Certificate, Code, Company, Date, Dossier, Holder, Signatory, Site, SiteReference,
    dossier::{ActionKind, Audit, AuditPlan, CorrectiveAction, Fee, Grade, GvcpExtract, GvcpSite, PlannedAudit},
};

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Returns the codes that a check found.
pub(in crate::rules) fn codes(outcome: &crate::rules::Outcome) -> Vec<Code> {
    outcome.findings.iter().map(|finding| finding.code).collect()
}

/// The day of issue on which the dossier is in order.
pub(crate) const ON: Date = Date::constant(2023, 5, 6);

pub(crate) fn certificate() -> Certificate {
    dossier().certificate(ON)
}

/// Returns a dossier with two sites: 99-02 makes cards (audited 2022-11-18, grade B), 99-01 makes
/// inlays (audited 2021-06-10, grade A).
pub(crate) fn dossier() -> Dossier {
    let closed = |kind, day| CorrectiveAction { title: "do better".into(), kind, closed: Some(date(day)) };
    Dossier {
        number: "CQM-2023-0099".parse().unwrap(),
        services_expiration_date: date("2024-05-31"),
        valid_until: None,
        holder: Holder {
            name: "Dummy Card Company".into(),
            address: vec!["Shanghai Avenue, 1929".into(), "012345 Shenzhen".into()],
            country: "CN".parse().unwrap(),
            companies: vec![company("99", "Dummy Card Company")],
        },
        signatory: Signatory { name: "Bruno Parfum".into(), title: "Product Approvals Director".into() },
        sites: vec![
            site("99-02", Some("10990002"), &["39902000DA", "49902000DA", "P9902000DA"]),
            site("99-01", None, &["69901000DA"]),
        ],
        gvcp: GvcpExtract {
            checked: date("2023-05-02"),
            sites: vec![GvcpSite { site: reference("99-02"), cid: "10990002".parse().unwrap() }],
        },
        audits: vec![
            Audit {
                start: date("2022-11-14"),
                report: Some(date("2022-12-12")),
                nc_major: 1,
                nc_minor: 1,
                actions: vec![closed(ActionKind::Major, "2023-02-20"), closed(ActionKind::Minor, "2023-03-10")],
                ..audit("2022-99-02", "99-02", &["CB", "ICC", "P"], "2022-11-18", Grade::B)
            },
            audit("2021-99-01", "99-01", &["IL"], "2021-06-10", Grade::A),
        ],
        audit_plan: AuditPlan { committed: Some(date("2023-04-17")), audits: Vec::new() },
        fees: vec![Fee {
            services_until: date("2024-05-31"),
            invoiced: date("2023-02-28"),
            paid: Some(date("2023-03-24")),
        }],
    }
}

pub(crate) fn company(number: &str, name: &str) -> Company {
    Company { number: number.parse().unwrap(), name: name.into() }
}

pub(crate) fn site(reference: &str, cid: Option<&str>, labels: &[&str]) -> Site {
    let SiteReference { company, number } = reference.parse().unwrap();
    Site {
        company,
        number,
        country: "CN".parse().unwrap(),
        city: "Shenzhen".into(),
        subcontractor: None,
        cid: cid.map(|cid| cid.parse().unwrap()),
        labels: labels.iter().map(|label| label.parse().unwrap()).collect(),
    }
}

/// Returns an audit of one day without non-conformities, reported on the same day.
pub(crate) fn audit(id: &str, site: &str, activities: &[&str], end: &str, grade: Grade) -> Audit {
    Audit {
        id: id.into(),
        site: reference(site),
        activities: activities.iter().map(|activity| activity.parse().unwrap()).collect(),
        start: date(end),
        end: date(end),
        grade: Some(grade),
        nc_major: 0,
        nc_minor: 0,
        report: Some(date(end)),
        corrective_action_report: None,
        actions: Vec::new(),
        three_c_override: None,
    }
}

pub(crate) fn planned(site: &str, day: &str) -> PlannedAudit {
    PlannedAudit { site: reference(site), date: date(day) }
}

pub(crate) fn reference(text: &str) -> SiteReference {
    text.parse().unwrap()
}
