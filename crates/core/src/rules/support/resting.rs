//! Which audit an approval label rests on.

use crate::{
    Date, Dossier, Label, Site,
    dossier::{Audit, Grade},
};

/// An audit with the approval labels that rest on it.
pub(in crate::rules) struct Resting<'a> {
    pub(in crate::rules) audit: &'a Audit,
    pub(in crate::rules) grade: Grade,
    pub(in crate::rules) labels: Vec<&'a Label>,
    /// Those of the labels whose next audit has not taken place yet.
    pub(in crate::rules) awaiting: Vec<&'a Label>,
}

/// The audits that approval labels rest on, each once.
pub(in crate::rules) fn resting(dossier: &Dossier, on: Date) -> Vec<Resting<'_>> {
    let mut all: Vec<Resting<'_>> = Vec::new();
    for (site, label) in dossier.approvals() {
        let audits = dossier.audits_of(site.reference(), label.activity(), on);
        let Some((audit, grade)) = latest_graded(&audits, on) else { continue };
        let index = all.iter().position(|resting| core::ptr::eq(resting.audit, audit)).unwrap_or_else(|| {
            all.push(Resting { audit, grade, labels: Vec::new(), awaiting: Vec::new() });
            all.len().saturating_sub(1)
        });
        let Some(resting) = all.get_mut(index) else { continue };
        resting.labels.push(label);
        if audits.iter().all(|other| other.end <= audit.end) {
            resting.awaiting.push(label);
        }
    }
    all
}

/// The audit that a label rests on: the latest of its activity at its site that has a final grade.
pub(in crate::rules) fn audit_behind<'a>(
    dossier: &'a Dossier,
    site: &Site,
    label: &Label,
    on: Date,
) -> Option<&'a Audit> {
    let audits = dossier.audits_of(site.reference(), label.activity(), on);
    latest_graded(&audits, on).map(|(audit, _)| audit)
}

fn latest_graded<'a>(audits: &[&'a Audit], on: Date) -> Option<(&'a Audit, Grade)> {
    audits.iter().find_map(|audit| Some((*audit, audit.final_grade(on)?)))
}
