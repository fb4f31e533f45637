//! Verdicts of verification, in the words of ETSI EN 319 102-1.

use core::fmt;

use serde::{Serialize, Serializer};

/// The verdict of verification (ETSI EN 319 102-1 section 5.1.3), ordered from the best to the
/// worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every check passed (TOTAL-PASSED).
    Valid,
    /// A check could not be made (INDETERMINATE).
    Indeterminate,
    /// A check failed (TOTAL-FAILED).
    Invalid,
}

impl Verdict {
    /// Returns the word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Indeterminate => "indeterminate",
            Self::Invalid => "invalid",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
