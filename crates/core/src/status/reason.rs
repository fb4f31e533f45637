//! Reason codes of revocations, stops and suspensions.

use core::{fmt, str::FromStr};

use crate::text::Quoted;

/// The reason that a certificate was revoked, or a label stopped or suspended (section 3.6,
/// `docs/reference/rules.md`).
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
    /// All reasons, in the order of `docs/reference/rules.md`.
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

    /// Returns the reason code.
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

    /// Returns the meaning of the code, in a few words.
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
        let known = Self::ALL.into_iter().find(|reason| reason.as_str() == text);
        known.ok_or_else(|| ReasonError { text: text.chars().take(64).collect() })
    }
}

crate::text::serde_as_text!(Reason);

/// The text is not a reason code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a reason code: expected {}", Quoted(text), Reason::ALL.map(Reason::as_str).join(", "))]
pub struct ReasonError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_codes_are_those_of_the_rules_page() {
        let page = include_str!("../../../../docs/reference/rules.md");
        for reason in Reason::ALL {
            assert!(page.contains(&format!("| `{reason}` | ")), "{reason}");
            assert_eq!(reason.as_str().parse(), Ok(reason));
        }
        assert!("Superseded".parse::<Reason>().is_err());
    }
}
