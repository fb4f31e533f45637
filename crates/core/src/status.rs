//! The words of the status list: what an entry stands for, what happened to it, and why (`docs/reference/status-list.md`).

use core::{fmt, str::FromStr};
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Certificate, Date, LabelIdentity};

/// The status of an entry that was given out: of a certificate, or of a label whatever certificate lists it.
///
/// The numbers are those of the IETF Token Status List. A fourth, [`NOT_ISSUED`], is the value of indices that nobody
/// was given; it is no status of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryStatus {
    /// 0: it holds.
    Valid,
    /// 1: the certificate was revoked, or the label stopped.
    Invalid,
    /// 2: it does not hold for the time being.
    Suspended,
}

/// The value of indices that nobody was given. What has such an index was not issued by the office.
pub const NOT_ISSUED: u8 = 3;

impl EntryStatus {
    /// The number in a status list.
    pub const fn value(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::Suspended => 2,
        }
    }

    /// The status of a number in a status list. `None` for [`NOT_ISSUED`] and all above.
    pub const fn from_value(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::Valid),
            1 => Some(Self::Invalid),
            2 => Some(Self::Suspended),
            _ => None,
        }
    }

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Suspended => "suspended",
        }
    }
}

impl fmt::Display for EntryStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for EntryStatus {
    type Err = EntryStatusError;

    fn from_str(text: &str) -> Result<Self, EntryStatusError> {
        let mut all = [Self::Valid, Self::Invalid, Self::Suspended].into_iter();
        let error = || EntryStatusError { text: text.chars().take(64).collect() };
        all.find(|status| status.as_str() == text).ok_or_else(error)
    }
}

crate::text::serde_as_text!(EntryStatus);

/// A text that is not the word of a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a status: expected valid, invalid or suspended")]
pub struct EntryStatusError {
    text: String,
}

/// Why a certificate was revoked, or a label stopped or suspended (section 3.6, `docs/reference/rules.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The site lost its GVCP certification.
    GvcpDecertified,
    /// The yearly fees are overdue.
    FeesOverdue,
    /// An audit was graded D.
    AuditFailed,
    /// Three audits in a row were graded C.
    ThreeConsecutiveC,
    /// The report of an audit is overdue.
    AuditReportOverdue,
    /// A corrective action is overdue.
    CorrectiveActionOverdue,
    /// The vendor asked for it.
    VendorRequest,
    /// A newer certificate of the same holder replaces this one.
    Superseded,
    /// The key that signed it is no longer safe.
    KeyCompromise,
}

impl Reason {
    /// Every reason, in the order of `docs/reference/rules.md`.
    pub const ALL: [Self; 9] = [
        Self::GvcpDecertified,
        Self::FeesOverdue,
        Self::AuditFailed,
        Self::ThreeConsecutiveC,
        Self::AuditReportOverdue,
        Self::CorrectiveActionOverdue,
        Self::VendorRequest,
        Self::Superseded,
        Self::KeyCompromise,
    ];

    /// The reason code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GvcpDecertified => "gvcp-decertified",
            Self::FeesOverdue => "fees-overdue",
            Self::AuditFailed => "audit-failed",
            Self::ThreeConsecutiveC => "three-consecutive-c",
            Self::AuditReportOverdue => "audit-report-overdue",
            Self::CorrectiveActionOverdue => "corrective-action-overdue",
            Self::VendorRequest => "vendor-request",
            Self::Superseded => "superseded",
            Self::KeyCompromise => "key-compromise",
        }
    }

    /// What the code says.
    pub const fn description(self) -> &'static str {
        match self {
            Self::GvcpDecertified => "the site lost its GVCP certification",
            Self::FeesOverdue => "the yearly fees are overdue",
            Self::AuditFailed => "an audit was graded D",
            Self::ThreeConsecutiveC => "three audits in a row were graded C",
            Self::AuditReportOverdue => "the report of an audit is overdue",
            Self::CorrectiveActionOverdue => "a corrective action is overdue",
            Self::VendorRequest => "the vendor asked for it",
            Self::Superseded => "a newer certificate of the same holder replaces this one",
            Self::KeyCompromise => "the key that signed it is no longer safe",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    fn from_str(text: &str) -> Result<Self, ReasonError> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.as_str() == text).ok_or_else(|| ReasonError { text: text.chars().take(64).collect() })
    }
}

crate::text::serde_as_text!(Reason);

/// A text that is no reason code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no reason code: expected {}", Reason::ALL.map(Reason::as_str).join(", "))]
pub struct ReasonError {
    text: String,
}

/// Something that happened to an entry: from its effective date on, the entry has this status.
///
/// An entry without events is valid. A resumption is an event with the status [`EntryStatus::Valid`] and the reason that
/// no longer holds. Of several events that are effective on a day, the one with the latest effective date counts; of
/// several with the same effective date, the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event {
    /// The index of the entry.
    pub idx: u32,
    /// Its status from then on.
    pub status: EntryStatus,
    /// Why; for a resumption, the reason that no longer holds.
    pub reason: Reason,
    /// The first day of the new status, from 00:00:00 UTC on.
    pub effective: Date,
    /// The day on which the register learned of it.
    pub recorded: Date,
}

impl Event {
    /// Whether it was recorded more than a day after it took effect, later than notice should take (`docs/reference/rules.md`).
    pub fn is_late(&self) -> bool {
        self.recorded.days_since(self.effective) > 1
    }
}

/// The URI of a status list unless the register says otherwise.
pub const DEFAULT_LIST: &str = "urn:cqm:status:1";

/// The name of a status list: an absolute URI of 3 to 200 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListUri(String);

impl ListUri {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// [`DEFAULT_LIST`].
impl Default for ListUri {
    fn default() -> Self {
        Self(DEFAULT_LIST.to_owned())
    }
}

impl fmt::Display for ListUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ListUri {
    type Err = ListUriError;

    fn from_str(text: &str) -> Result<Self, ListUriError> {
        let scheme = |scheme: &str| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        };
        match text.split_once(':') {
            Some((before, after))
                if scheme(before)
                    && !after.is_empty()
                    && text.len() <= 200
                    && text.bytes().all(|b| b.is_ascii_graphic()) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(ListUriError { text: text.chars().take(64).collect() }),
        }
    }
}

crate::text::serde_as_text!(ListUri);

/// A text that is no URI of a status list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no URI of a status list: expected a scheme, a colon and more, up to 200 visible ASCII characters")]
pub struct ListUriError {
    text: String,
}

/// Where the status of something is found: an entry of a status list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusReference {
    /// The index of the entry.
    pub idx: u32,
    /// The list.
    pub uri: ListUri,
}

impl fmt::Display for StatusReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.idx, self.uri)
    }
}

/// Where the status of a certificate and of each of its labels is found.
///
/// It is known to have an entry for each label of its certificate and for no other, all in one list, and none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReferences {
    certificate: StatusReference,
    labels: BTreeMap<LabelIdentity, StatusReference>,
    min_status_seq: u64,
}

impl StatusReferences {
    /// The references of a certificate: its own, those of its labels, and the number of the next list to be published.
    ///
    /// # Errors
    /// When a label has no entry, an entry is for no label of the certificate, is of another list, or stands twice.
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

    /// The entry of the certificate itself.
    pub fn certificate(&self) -> &StatusReference {
        &self.certificate
    }

    /// The entry of a label.
    pub fn label(&self, identity: LabelIdentity) -> Option<&StatusReference> {
        self.labels.get(&identity)
    }

    /// The number of the first list that knows these entries: older lists can't answer.
    pub fn min_status_seq(&self) -> u64 {
        self.min_status_seq
    }
}

/// The largest number of a list: the largest integer that every JSON reader keeps exactly (RFC 8259 section 6).
pub const MAX_SEQ: u64 = (1 << 53) - 1;

/// Why references don't fit a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusReferenceError {
    /// A label has no entry.
    #[error("the label {label}_ has no status reference, though the certificate has one")]
    Missing {
        /// The label, without its last character.
        label: LabelIdentity,
    },
    /// An entry is for a label that the certificate doesn't list.
    #[error("the label {label}_ has a status reference, but the certificate does not list it")]
    NotListed {
        /// The label, without its last character.
        label: LabelIdentity,
    },
    /// A label stands twice, with different entries.
    #[error("the label {label}_ has two status references")]
    Ambiguous {
        /// The label, without its last character.
        label: LabelIdentity,
    },
    /// An entry is of another list than the certificate's own.
    #[error("the status reference {reference} is of another list than the certificate's, {uri}")]
    AnotherList {
        /// The entry.
        reference: StatusReference,
        /// The list of the certificate.
        uri: ListUri,
    },
    /// An entry is named for two things.
    #[error("the status reference {reference} is given twice")]
    Twice {
        /// The entry.
        reference: StatusReference,
    },
    /// The certificate has no reference or no `min_status_seq`, though something else of it has.
    #[error("`{missing}` is missing, though there are status references: all of them are needed, or none")]
    Incomplete {
        /// The claim.
        missing: &'static str,
    },
    /// No list can have this number.
    #[error("`min_status_seq` is {min_status_seq}, expected 1 to {MAX_SEQ}")]
    Seq {
        /// The number.
        min_status_seq: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_codes_are_those_of_the_rules_page() {
        let page = include_str!("../../../docs/reference/rules.md");
        for reason in Reason::ALL {
            assert!(page.contains(&format!("| `{reason}` | ")), "{reason}");
            assert_eq!(reason.as_str().parse(), Ok(reason));
        }
        assert!("Superseded".parse::<Reason>().is_err());
    }

    #[test]
    fn the_word_of_a_status_is_read_back() {
        for status in [EntryStatus::Valid, EntryStatus::Invalid, EntryStatus::Suspended] {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        assert!("Valid".parse::<EntryStatus>().is_err());
    }

    #[test]
    fn notice_within_a_day_is_not_late() {
        let date = |day| Date::constant(2024, 2, day);
        let event = |recorded| Event {
            idx: 0,
            status: EntryStatus::Invalid,
            reason: Reason::FeesOverdue,
            effective: date(10),
            recorded: date(recorded),
        };
        for (recorded, late) in [(1, false), (10, false), (11, false), (12, true)] {
            assert_eq!(event(recorded).is_late(), late, "{recorded}");
        }
    }

    #[test]
    fn lists_are_named_by_absolute_uris() {
        for text in [DEFAULT_LIST, "https://example.org/status/1", "a:b"] {
            assert_eq!(text.parse::<ListUri>().unwrap().as_str(), text);
        }
        let long = format!("urn:{}", "x".repeat(197));
        for text in ["", "urn:", ":x", "status", "1rn:x", "u rn:x", "urn:x y", "urn:é", "urn:x\n", &long] {
            assert!(text.parse::<ListUri>().is_err(), "{text}");
        }
    }
}
