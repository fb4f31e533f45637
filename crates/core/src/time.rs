//! Times of the program are whole seconds in UTC.

use core::{fmt, str::FromStr};

use crate::{Date, text::Quoted};

/// A time in whole seconds since 1970-01-01T00:00:00Z (the `NumericDate` of RFC 7519).
///
/// ```
/// let time: cqm_core::UnixTime = "2024-05-05T23:59:59Z".parse()?;
/// assert_eq!(time.seconds(), 1_714_953_599);
/// assert_eq!(time.to_string(), "2024-05-05T23:59:59Z");
/// # Ok::<(), cqm_core::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct UnixTime(i64);

impl UnixTime {
    /// Creates a time from seconds since 1970-01-01T00:00:00Z.
    pub const fn new(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Returns the time a number of seconds later, or earlier if it is negative; clamped to the
    /// range of the type.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the UTC day of this time; `None` if its year has more than four digits.
    pub fn date(self) -> Option<Date> {
        let timestamp = jiff::Timestamp::from_second(self.0).ok()?;
        Some(Date::from(jiff::tz::Offset::UTC.to_datetime(timestamp).date()))
    }
}

/// Writes RFC 3339 in UTC: "2024-05-05T23:59:59Z".
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => timestamp.fmt(f),
            Err(_) => write!(f, "{} s after 1970", self.0),
        }
    }
}

/// Reads the form that [`Display`](fmt::Display) writes, and no other.
impl FromStr for UnixTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let error = || TimeError { text: text.chars().take(64).collect() };
        let timestamp: jiff::Timestamp = text.parse().map_err(|_| error())?;
        let time = Self(timestamp.as_second());
        if time.to_string() == text { Ok(time) } else { Err(error()) }
    }
}

/// The text is not a time in UTC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a time: write it in UTC, as in 2024-05-05T12:00:00Z", Quoted(text))]
pub struct TimeError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_form_of_a_time_is_read() {
        assert_eq!("2024-05-05T12:00:00Z".parse::<UnixTime>().unwrap().seconds(), 1_714_910_400);
        for text in [
            "",
            "2024-05-05",
            "2024-05-05T12:00Z",
            "2024-05-05T12:00:00",
            "2024-05-05T12:00:00+00:00",
            "2024-05-05T12:00:00.5Z",
            "2024-05-05T24:00:00Z",
            "2024-05-05T23:59:60Z",
            "2024-05-05t12:00:00z",
            " 2024-05-05T12:00:00Z",
        ] {
            assert!(text.parse::<UnixTime>().is_err(), "{text}");
        }
    }
}
