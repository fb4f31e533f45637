//! The deciding audit of an approval label: the audit that the label rests on, the latest of its
//! activity at its site that has a final grade.

use std::collections::HashMap;

use super::audit_index::AuditIndex;
use crate::{
    Date, Dossier, Label,
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
    let index = AuditIndex::new(dossier, on);
    let mut all: Vec<DecidingAudit<'_>> = Vec::new();
    let mut places: HashMap<*const Audit, usize> = HashMap::new();
    for (site, label) in dossier.approvals() {
        let Some(audits) = index.of(site.reference(), label.activity()) else { continue };
        let Some((audit, grade)) = audits.deciding() else { continue };
        let place = *places.entry(audit).or_insert_with(|| {
            all.push(DecidingAudit { audit, grade, labels: Vec::new(), awaiting_next: Vec::new() });
            all.len().saturating_sub(1)
        });
        let Some(deciding) = all.get_mut(place) else { continue };
        deciding.labels.push(label);
        if audits.latest_ended(on).is_none_or(|latest| latest.end <= audit.end) {
            deciding.awaiting_next.push(label);
        }
    }
    all
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
