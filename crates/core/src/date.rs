//! Dates of the program are UTC days.

use core::{fmt, str::FromStr};

use jiff::{Span, civil};

use crate::{UnixTime, text::Quoted};

/// A UTC day, from 00:00:00 to 23:59:59.
///
/// ```
/// let issued: cqm_core::Date = "2023-05-06".parse()?;
/// assert_eq!(issued.last_day_of_months(12).to_string(), "2024-05-05");
/// assert_eq!(issued.end().to_string(), "2023-05-06T23:59:59Z");
/// # Ok::<(), cqm_core::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// Creates a date from a year (1900 to 9999), a month (1 to 12) and a day of the month.
    ///
    /// # Errors
    /// Fails if the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateError> {
        match civil::Date::new(year, month, day) {
            Ok(date) if year >= FIRST_YEAR => Ok(Self(date)),
            _ => Err(DateError::NoSuchDay { text: format!("{year:04}-{month:02}-{day:02}") }),
        }
    }

    /// Creates a date from numbers in the source code.
    ///
    /// # Panics
    /// Panics if the calendar has no such day; for a constant, when it is compiled.
    pub const fn constant(year: i16, month: i8, day: i8) -> Self {
        Self(civil::date(year, month, day))
    }

    /// Returns the first second of the day.
    pub fn start(self) -> UnixTime {
        let midnight = self.0.at(0, 0, 0, 0);
        let timestamp = jiff::tz::Offset::UTC.to_timestamp(midnight);
        UnixTime::new(timestamp.map_or(i64::MAX, |timestamp| timestamp.as_second()))
    }

    /// Returns the last second of the day, 23:59:59.
    pub fn end(self) -> UnixTime {
        self.start().plus_seconds(86_399)
    }

    /// Returns the day after; for 9999-12-31, the same day.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// Returns the same day a number of calendar months later, or earlier if it is negative. In a
    /// shorter month it is the last day: one month after 31 January is the last day of February.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(Span::new().months(months)))
    }

    /// Returns the day a number of days later, or earlier if it is negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(Span::new().days(days)))
    }

    /// Returns the last day of a period of calendar months that begins with this day: twelve months
    /// from 2023-05-06 end with 2024-05-05. If the last month has no such day, the period ends with
    /// that month: twelve months from 2024-02-29 end with 2025-02-28.
    #[must_use]
    pub fn last_day_of_months(self, months: i32) -> Self {
        let after = self.plus_months(months);
        if after.0.day() < self.0.day() { after } else { Self(after.0.yesterday().unwrap_or(after.0)) }
    }

    /// Returns the number of days from `earlier` to this day; negative if this day is before
    /// `earlier`.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// Returns the day as letters print it: "May 5th 2024".
    pub fn in_words(self) -> String {
        let ordinal = match self.0.day() {
            1 | 21 | 31 => "st",
            2 | 22 => "nd",
            3 | 23 => "rd",
            _ => "th",
        };
        format!("{}{ordinal} {}", self.0.strftime("%B %-d"), self.0.year())
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

/// Writes ISO 8601: "2024-05-05".
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads the form that [`Display`](fmt::Display) writes, and no other.
impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let is_date = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_date {
            return Err(DateError::Form { text: text.into() });
        }
        match text.parse::<civil::Date>() {
            Ok(date) if date.year() >= FIRST_YEAR => Ok(Self(date)),
            _ => Err(DateError::NoSuchDay { text: text.into() }),
        }
    }
}

/// The reason that a text is not a date.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text does not have the form year, month, day.
    #[error("`{}` is not a date: write year-month-day, as in 2024-05-05", Quoted(text))]
    Form {
        /// The text.
        text: String,
    },
    /// The form is right, but the calendar has no such day.
    #[error("`{}` is not a day of the calendar", Quoted(text))]
    NoSuchDay {
        /// The text.
        text: String,
    },
}

/// The first year of dates.
const FIRST_YEAR: i16 = 1900;

crate::text::serde_as_text!(Date);

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn twelve_months_end_on_the_day_before_the_same_day() {
        assert_eq!(date("2023-05-06").last_day_of_months(12), date("2024-05-05"));
        assert_eq!(date("2023-01-01").last_day_of_months(12), date("2023-12-31"));
        assert_eq!(date("2023-03-01").last_day_of_months(12), date("2024-02-29"));
    }

    #[test]
    fn months_are_clamped_to_the_end_of_the_month() {
        assert_eq!(date("2023-01-31").plus_months(1), date("2023-02-28"));
        assert_eq!(date("2024-02-29").last_day_of_months(12), date("2025-02-28"));
        assert_eq!(date("2023-08-31").last_day_of_months(6), date("2024-02-29"));
    }

    #[test]
    fn a_day_is_its_seconds() {
        assert_eq!(date("2024-05-05").start().to_string(), "2024-05-05T00:00:00Z");
        assert_eq!(date("2024-05-05").end().to_string(), "2024-05-05T23:59:59Z");
        assert_eq!(date("2024-05-05").end().date(), Some(date("2024-05-05")));
        assert_eq!(date("2024-05-06").days_since(date("2024-05-04")), 2);
        assert_eq!(date("2024-02-28").days_since(date("2024-03-01")), -2);
        assert_eq!(date("1969-12-31").end().seconds(), -1);
    }

    #[test]
    fn the_letter_writes_days_with_ordinals() {
        for (day, words) in [
            ("2024-05-05", "May 5th 2024"),
            ("2024-03-01", "March 1st 2024"),
            ("2024-04-02", "April 2nd 2024"),
            ("2024-07-03", "July 3rd 2024"),
            ("2024-09-11", "September 11th 2024"),
            ("2024-10-13", "October 13th 2024"),
            ("2024-11-21", "November 21st 2024"),
            ("2024-03-22", "March 22nd 2024"),
            ("2024-01-23", "January 23rd 2024"),
            ("2024-12-31", "December 31st 2024"),
        ] {
            assert_eq!(date(day).in_words(), words);
        }
    }

    #[test]
    fn only_one_form_of_a_date_is_read() {
        for text in ["", "2024-5-5", "2024-05-05 ", "+024-05-05", "2024/05/05", "05.05.2024", "２024-05-05"] {
            assert_eq!(text.parse::<Date>(), Err(DateError::Form { text: text.into() }));
        }
        for text in ["2023-02-29", "2023-13-01", "2023-00-10", "2023-04-31", "0000-01-01", "1899-12-31"] {
            assert_eq!(text.parse::<Date>(), Err(DateError::NoSuchDay { text: text.into() }));
        }
        for text in ["2024-02-29", "1900-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        assert!(Date::new(1899, 12, 31).is_err() && Date::new(1900, 1, 1).is_ok());
    }
}
