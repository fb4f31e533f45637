//! The audits of each activity at each site, found once for all labels.

use core::cmp::Reverse;
use std::collections::HashMap;

use crate::{
    Activity, Date, Dossier, SiteReference,
    dossier::{Audit, Grade},
};

/// The audits of a dossier, by site and activity.
///
/// A dossier may have many labels and many audits, so no rule looks through all audits for each
/// label.
pub(in crate::rules) struct AuditIndex<'a>(HashMap<(SiteReference, Activity), Audits<'a>>);

/// The audits of one activity at one site.
#[derive(Default)]
pub(in crate::rules) struct Audits<'a> {
    /// Every audit, the one that ends last first; among audits that end on the same day, the one
    /// with the worst grade.
    all: Vec<&'a Audit>,
    /// The audits that ended by the day, in the same order, without those that have no final grade.
    graded: Vec<(&'a Audit, Grade)>,
}

impl<'a> AuditIndex<'a> {
    /// Finds the audits of a dossier, and their grades on a day.
    pub(in crate::rules) fn new(dossier: &'a Dossier, on: Date) -> Self {
        let mut index: HashMap<_, Audits<'a>> = HashMap::new();
        for audit in &dossier.audits {
            for activity in &audit.activities {
                index.entry((audit.site, *activity)).or_default().all.push(audit);
            }
        }
        for Audits { all, graded } in index.values_mut() {
            all.sort_by_key(|audit| Reverse((audit.end, audit.grade)));
            // An activity may be named twice in an audit.
            all.dedup_by(|a, b| core::ptr::eq(*a, *b));
            graded.extend(all.iter().filter_map(|audit| Some((*audit, audit.final_grade(on)?))));
        }
        Self(index)
    }

    /// Returns the audits of an activity at a site; `None` if no audit covers it.
    pub(in crate::rules) fn of(&self, site: SiteReference, activity: Activity) -> Option<&Audits<'a>> {
        self.0.get(&(site, activity))
    }
}

impl<'a> Audits<'a> {
    /// Returns the audit that the labels rest on, the latest with a final grade.
    pub(in crate::rules) fn deciding(&self) -> Option<(&'a Audit, Grade)> {
        self.graded.first().copied()
    }

    /// Returns the audits with a final grade, the latest first.
    pub(in crate::rules) fn graded(&self) -> &[(&'a Audit, Grade)] {
        &self.graded
    }

    /// Returns the latest audit that ended by a day, with or without a grade.
    pub(in crate::rules) fn latest_ended(&self, on: Date) -> Option<&'a Audit> {
        let ended = self.all.partition_point(|audit| audit.end > on);
        self.all.get(ended).copied()
    }

    /// Returns the audit that ends last.
    pub(in crate::rules) fn latest(&self) -> Option<&'a Audit> {
        self.all.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::{ON, date, dossier};

    #[test]
    fn of_two_audits_that_end_on_one_day_the_worse_counts() {
        let mut dossier = dossier();
        let failed = Audit { grade: Some(Grade::D), ..dossier.audits[0].clone() };
        dossier.audits.push(failed);
        let index = AuditIndex::new(&dossier, ON);
        let audits = index.of("99-02".parse().unwrap(), Activity::CardBody).unwrap();
        let grades: Vec<_> = audits.graded().iter().map(|(_, grade)| *grade).collect();
        assert_eq!(grades, [Grade::D, Grade::B]);
    }

    #[test]
    fn an_audit_that_ends_later_is_the_latest_but_has_not_ended() {
        let mut dossier = dossier();
        let next = Audit { end: ON.tomorrow(), id: "next".into(), ..dossier.audits[0].clone() };
        dossier.audits.push(next);
        let site = "99-02".parse().unwrap();
        for (on, ended) in [(date("2022-11-17"), None), (ON, Some("2022-99-02")), (ON.tomorrow(), Some("next"))] {
            let index = AuditIndex::new(&dossier, on);
            let audits = index.of(site, Activity::CardBody).unwrap();
            assert_eq!(audits.latest_ended(on).map(|audit| audit.id.as_str()), ended, "{on}");
            assert_eq!(audits.latest().unwrap().id, "next");
        }
        assert!(AuditIndex::new(&dossier, ON).of(site, Activity::Inlay).is_none());
    }

    #[test]
    fn an_activity_named_twice_is_one_audit() {
        let mut dossier = dossier();
        dossier.audits[1].activities = vec![Activity::Inlay; 3];
        let index = AuditIndex::new(&dossier, ON);
        assert_eq!(index.of("99-01".parse().unwrap(), Activity::Inlay).unwrap().graded().len(), 1);
    }
}
