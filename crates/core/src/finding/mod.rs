//! Findings: what checks found, and what follows for the verdict.

mod code;

use core::fmt;

use serde::{Serialize, Serializer};

use crate::Verdict;

pub use code::Code;

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind of finding.
    pub code: Code,
    /// What exactly was found, in a sentence for people, with both sides of each comparison.
    pub message: String,
}

impl Finding {
    /// Creates a finding.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Returns the severity.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Writes `{"code", "severity", "clause", "message"}`.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut fields = serializer.serialize_struct("Finding", 4)?;
        fields.serialize_field("code", self.code.as_str())?;
        fields.serialize_field("severity", self.severity().as_str())?;
        fields.serialize_field("clause", self.code.clause())?;
        fields.serialize_field("message", &self.message)?;
        fields.end()
    }
}

/// Returns the verdict that follows from findings: the worst verdict among their consequences, or
/// valid without findings (ETSI EN 319 102-1 section 5.1.3).
///
/// ```
/// use cqm_core::{Code, Finding, Verdict, conclude};
///
/// let warning = Finding::new(Code::TrustTestRoot, "the root is that of the public test keys");
/// let expired = Finding::new(Code::DateExpired, "valid until 2024-05-05, asked about 2024-06-01");
/// assert_eq!(conclude([&warning]), Verdict::Valid);
/// assert_eq!(conclude([&warning, &expired]), Verdict::Invalid);
/// ```
pub fn conclude<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Verdict {
    findings.into_iter().map(|finding| finding.code.consequence().verdict()).max().unwrap_or(Verdict::Valid)
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The finding is good to know.
    Info,
    /// The verdict can be valid, but a person should look at the finding.
    Warning,
    /// The verdict is not valid.
    Error,
}

impl Severity {
    /// Returns the word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The consequence of a finding for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// The verdict is invalid.
    Invalid,
    /// The verdict is not valid, because something could not be checked.
    Indeterminate,
    /// The verdict does not change; a person should look at the finding.
    Warning,
    /// The verdict does not change.
    Info,
}

impl Consequence {
    /// Returns the best verdict that a report with such a finding can have.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Invalid => Verdict::Invalid,
            Self::Indeterminate => Verdict::Indeterminate,
            Self::Warning | Self::Info => Verdict::Valid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides() {
        let finding = |code| Finding::new(code, "");
        let warning = finding(Code::TrustTestRoot);
        let open = finding(Code::StatusMissing);
        let broken = finding(Code::CmsBadSignature);
        assert_eq!(conclude([&warning]), Verdict::Valid);
        assert_eq!(conclude([&warning, &open]), Verdict::Indeterminate);
        assert_eq!(conclude([&open, &broken, &warning]), Verdict::Invalid);
        assert_eq!(conclude([]), Verdict::Valid);
    }
}
