//! References from a certificate to the entries of a status list.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{ListUri, MAX_SEQ};
use crate::{Certificate, LabelIdentity};

/// The entry of a status list that has the status of a certificate or a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusReference {
    /// The index of the entry.
    pub idx: u32,
    /// The name of the list.
    pub uri: ListUri,
}

impl fmt::Display for StatusReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.idx, self.uri)
    }
}

/// The entries that have the status of a certificate and of each of its labels.
///
/// There is one entry for each label of the certificate and none for other labels. All entries are
/// in one list, and each entry is used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReferences {
    certificate: StatusReference,
    labels: BTreeMap<LabelIdentity, StatusReference>,
    min_status_seq: u64,
}

impl StatusReferences {
    /// Creates the references of a certificate from its own entry, the entries of its labels, and
    /// the number of the next list that will be published.
    ///
    /// # Errors
    /// Fails if a label has no entry, or if an entry belongs to a label that the certificate does
    /// not list, is in another list, or is used twice.
    pub fn new(
        of: &Certificate,
        certificate: StatusReference,
        labels: BTreeMap<LabelIdentity, StatusReference>,
        min_status_seq: u64,
    ) -> Result<Self, StatusReferenceError> {
        let listed: BTreeSet<LabelIdentity> = of.labels().map(|(_, label)| label.identity()).collect();
        if let Some(label) = listed.iter().find(|label| !labels.contains_key(label)) {
            return Err(StatusReferenceError::Missing { label: *label });
        }
        if let Some(label) = labels.keys().find(|label| !listed.contains(label)) {
            return Err(StatusReferenceError::NotListed { label: *label });
        }
        if let Some(reference) = labels.values().find(|reference| reference.uri != certificate.uri) {
            return Err(StatusReferenceError::AnotherList { reference: reference.clone(), uri: certificate.uri });
        }
        let mut seen = BTreeSet::from([&certificate]);
        if let Some(reference) = labels.values().find(|reference| !seen.insert(reference)) {
            return Err(StatusReferenceError::Twice { reference: reference.clone() });
        }
        if !(1..=MAX_SEQ).contains(&min_status_seq) {
            return Err(StatusReferenceError::Seq { min_status_seq });
        }
        Ok(Self { certificate, labels, min_status_seq })
    }

    /// Returns the entry of the certificate itself.
    pub fn certificate(&self) -> &StatusReference {
        &self.certificate
    }

    /// Returns the entry of a label.
    pub fn label(&self, identity: LabelIdentity) -> Option<&StatusReference> {
        self.labels.get(&identity)
    }

    /// Returns the number of the first list that contains these entries. Older lists can't answer
    /// for the certificate.
    pub fn min_status_seq(&self) -> u64 {
        self.min_status_seq
    }
}

/// The reason that status references do not fit a certificate.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusReferenceError {
    /// A label has no entry.
    #[error("the label {label}_ has no status reference, but the certificate has one")]
    Missing {
        /// The label, without its last character.
        label: LabelIdentity,
    },
    /// An entry belongs to a label that the certificate does not list.
    #[error("the label {label}_ has a status reference, but the certificate does not list it")]
    NotListed {
        /// The label, without its last character.
        label: LabelIdentity,
    },
    /// A label is listed twice, with different entries.
    #[error("the label {label}_ has two status references")]
    Ambiguous {
        /// The label, without its last character.
        label: LabelIdentity,
    },
    /// An entry is in another list than the certificate's own entry.
    #[error("the status reference {reference} is to another list than the certificate's, {uri}")]
    AnotherList {
        /// The entry.
        reference: StatusReference,
        /// The list that has the certificate's own entry.
        uri: ListUri,
    },
    /// An entry is used twice.
    #[error("the status reference {reference} is used twice")]
    Twice {
        /// The entry.
        reference: StatusReference,
    },
    /// The certificate has some of the status references, but not all of them.
    #[error("`{missing}` is missing, but there are status references: a certificate has all of them or none")]
    Incomplete {
        /// The name of the missing claim.
        missing: &'static str,
    },
    /// The number is not one that a list can have.
    #[error("`min_status_seq` is {min_status_seq}, expected 1 to {MAX_SEQ}")]
    Seq {
        /// The number.
        min_status_seq: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::support::testing::certificate;

    fn reference(idx: u32) -> StatusReference {
        StatusReference { idx, uri: ListUri::default() }
    }

    fn labels(of: &Certificate) -> BTreeMap<LabelIdentity, StatusReference> {
        of.labels().zip(1..).map(|((_, label), idx)| (label.identity(), reference(idx))).collect()
    }

    #[test]
    fn each_label_has_one_entry_of_its_own_in_the_certificates_list() {
        let certificate = certificate();
        let new = |labels| StatusReferences::new(&certificate, reference(0), labels, 3);
        let all = labels(&certificate);
        let references = new(all.clone()).unwrap();
        assert_eq!((references.certificate().idx, references.min_status_seq()), (0, 3));
        assert_eq!(reference(7).to_string(), "7 of urn:cqm:status:1");
        let label: LabelIdentity = "39902000D".parse().unwrap();
        assert_eq!(references.label(label), Some(&reference(1)));

        let mut missing = all.clone();
        missing.remove(&label);
        assert_eq!(new(missing), Err(StatusReferenceError::Missing { label }));
        let other: LabelIdentity = "19902000D".parse().unwrap();
        let surplus = all.clone().into_iter().chain([(other, reference(9))]).collect();
        assert_eq!(new(surplus), Err(StatusReferenceError::NotListed { label: other }));
        let elsewhere = StatusReference { idx: 1, uri: "urn:other:1".parse().unwrap() };
        let mut another = all.clone();
        another.insert(label, elsewhere.clone());
        let uri = ListUri::default();
        assert_eq!(new(another), Err(StatusReferenceError::AnotherList { reference: elsewhere, uri }));
        for used in [0, 2] {
            let mut twice = all.clone();
            twice.insert(label, reference(used));
            assert_eq!(new(twice), Err(StatusReferenceError::Twice { reference: reference(used) }));
        }
    }

    #[test]
    fn the_first_list_has_a_number_that_json_keeps() {
        let certificate = certificate();
        for (seq, allowed) in [(0, false), (1, true), (MAX_SEQ, true), (MAX_SEQ + 1, false)] {
            let references = StatusReferences::new(&certificate, reference(0), labels(&certificate), seq);
            assert_eq!(references.is_ok(), allowed, "{seq}");
        }
    }
}
