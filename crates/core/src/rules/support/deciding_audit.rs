//! The deciding audit of an approval label: the audit that the label rests on, the latest of its
//! activity at its site that has a final grade.

use crate::{
    Date, Dossier, Label, Site,
    dossier::{Audit, Grade},
};

/// An audit with the approval labels that rest on it.
pub(in crate::rules) struct DecidingAudit<'a> {
    pub(in crate::rules) audit: &'a Audit,
    /// The final grade of the audit.
    pub(in crate::rules) grade: Grade,
    /// Every label that rests on the audit.
    pub(in crate::rules) labels: Vec<&'a Label>,
    /// The labels for which no later audit has ended. A later audit may have ended without a final
    /// grade: then the label still rests on this audit, but its next audit has taken place.
    pub(in crate::rules) awaiting_next: Vec<&'a Label>,
}

/// Returns the audits that approval labels rest on, each audit once.
pub(in crate::rules) fn deciding_audits(dossier: &Dossier, on: Date) -> Vec<DecidingAudit<'_>> {
    let mut all: Vec<DecidingAudit<'_>> = Vec::new();
    for (site, label) in dossier.approvals() {
        let audits = dossier.audits_of(site.reference(), label.activity(), on);
        let Some((audit, grade)) = latest_graded(&audits, on) else { continue };
        let index = all.iter().position(|deciding| core::ptr::eq(deciding.audit, audit)).unwrap_or_else(|| {
            all.push(DecidingAudit { audit, grade, labels: Vec::new(), awaiting_next: Vec::new() });
            all.len().saturating_sub(1)
        });
        let Some(deciding) = all.get_mut(index) else { continue };
        deciding.labels.push(label);
        if audits.iter().all(|other| other.end <= audit.end) {
            deciding.awaiting_next.push(label);
        }
    }
    all
}

/// Returns the audit that one label rests on; `None` without a graded audit.
pub(in crate::rules) fn deciding_audit<'a>(
    dossier: &'a Dossier,
    site: &Site,
    label: &Label,
    on: Date,
) -> Option<&'a Audit> {
    let audits = dossier.audits_of(site.reference(), label.activity(), on);
    latest_graded(&audits, on).map(|(audit, _)| audit)
}

/// Returns the first audit with a final grade. The audits are sorted, the latest first.
fn latest_graded<'a>(audits: &[&'a Audit], on: Date) -> Option<(&'a Audit, Grade)> {
    audits.iter().find_map(|audit| Some((*audit, audit.final_grade(on)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, date, dossier};

    #[test]
    fn labels_of_one_audit_are_grouped() {
        let dossier = dossier();
        let all = deciding_audits(&dossier, ON);
        let ids = all.iter().map(|deciding| (deciding.audit.id.as_str(), deciding.labels.len()));
        assert_eq!(ids.collect::<Vec<_>>(), [("2022-99-02", 3), ("2021-99-01", 1)]);
    }

    #[test]
    fn an_audit_without_a_final_grade_leaves_the_one_before_deciding() {
        let mut dossier = dossier();
        let next = Audit { id: "next".into(), end: ON, grade: None, report: None, ..dossier.audits[1].clone() };
        dossier.audits.push(next);
        let all = deciding_audits(&dossier, ON);
        assert_eq!((all[1].audit.id.as_str(), all[1].labels.len(), all[1].awaiting_next.len()), ("2021-99-01", 1, 0));
        // The next audit ends the day after: the label still awaits it.
        let all = deciding_audits(&dossier, date("2023-05-05"));
        assert_eq!((all[1].labels.len(), all[1].awaiting_next.len()), (1, 1));
    }
}
