//! The status of an entry of a status list.

use core::{fmt, str::FromStr};

use crate::text::Quoted;

/// The status of an entry: of one certificate, or of one label in all certificates that list it.
///
/// The values are those of the IETF Token Status List. A fourth value, [`NOT_ISSUED`], marks the
/// indices that are not in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryStatus {
    /// 0: the certificate or label is valid.
    Valid,
    /// 1: the certificate was revoked, or the label stopped.
    Invalid,
    /// 2: the certificate or label is suspended, and may be resumed.
    Suspended,
}

/// The value of an index that belongs to no certificate and no label. The office did not issue a
/// certificate that names such an index.
pub const NOT_ISSUED: u8 = 3;

impl EntryStatus {
    /// Returns the value in a status list.
    pub const fn value(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::Suspended => 2,
        }
    }

    /// Returns the status of a value in a status list; `None` for [`NOT_ISSUED`] and above.
    pub const fn from_value(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::Valid),
            1 => Some(Self::Invalid),
            2 => Some(Self::Suspended),
            _ => None,
        }
    }

    /// Returns the word used in reports.
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

/// The text is not the word of a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a status: expected valid, invalid or suspended", Quoted(text))]
pub struct EntryStatusError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_values_are_a_status() {
        let read: Vec<u8> = (0..=u8::MAX).filter(|value| EntryStatus::from_value(*value).is_some()).collect();
        assert_eq!(read, [0, 1, 2]);
        for value in read {
            assert_eq!(EntryStatus::from_value(value).unwrap().value(), value);
        }
    }

    #[test]
    fn the_word_of_a_status_is_read_back() {
        for status in [EntryStatus::Valid, EntryStatus::Invalid, EntryStatus::Suspended] {
            assert_eq!(status.to_string().parse(), Ok(status));
        }
        assert!("Valid".parse::<EntryStatus>().is_err());
    }
}
