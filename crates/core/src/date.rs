//! Dates of the program: UTC days.

use core::{fmt, str::FromStr};

use jiff::{Span, civil};

use crate::UnixTime;

/// A UTC day. Days begin at 00:00:00 and end at 23:59:59.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The day of a year, a month (1 to 12) and a day of the month.
    ///
    /// # Errors
    /// When the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateError> {
        match civil::Date::new(year, month, day) {
            Ok(date) if (1900..=9999).contains(&year) => Ok(Self(date)),
            _ => Err(DateError::NoSuchDay { text: format!("{year:04}-{month:02}-{day:02}") }),
        }
    }

    /// A day written in the source of this workspace.
    ///
    /// # Panics
    /// When the calendar has no such day: at compile time where the value is a constant.
    pub const fn constant(year: i16, month: i8, day: i8) -> Self {
        Self(civil::date(year, month, day))
    }

    /// The first second of the day.
    pub fn start(self) -> UnixTime {
        let midnight = self.0.at(0, 0, 0, 0);
        let timestamp = jiff::tz::Offset::UTC.to_timestamp(midnight);
        UnixTime::new(timestamp.map_or(i64::MAX, |timestamp| timestamp.as_second()))
    }

    /// The last second of the day, 23:59:59.
    pub fn end(self) -> UnixTime {
        self.start().plus_seconds(SECONDS_OF_A_DAY - 1)
    }

    /// The day after. The last day there is has itself.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The same day so many calendar months later (or earlier), clamped to the end of a shorter month: 31 January and
    /// one month is the last of February.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(Span::new().months(months)))
    }

    /// So many days later (or earlier).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(Span::new().days(days)))
    }

    /// The last day of a period of `months` calendar months that begins with this day: twelve months from 2023-05-06
    /// end with 2024-05-05. Where the month of the end has no such day, the period ends with that month: twelve months
    /// from 2024-02-29 end with 2025-02-28.
    #[must_use]
    pub fn last_day_of_months(self, months: i32) -> Self {
        let after = self.plus_months(months);
        if after.0.day() < self.0.day() { after } else { Self(after.0.yesterday().unwrap_or(after.0)) }
    }

    /// How many days `self` is after `earlier`; negative when it is before.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.start().seconds().saturating_sub(earlier.start().seconds()) / SECONDS_OF_A_DAY
    }

    /// The day in the form of the letter: "May 5th 2024".
    pub fn in_words(self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = usize::try_from(self.0.month().saturating_sub(1)).unwrap_or(0);
        let day = self.0.day();
        let ordinal = match day {
            1 | 21 | 31 => "st",
            2 | 22 => "nd",
            3 | 23 => "rd",
            _ => "th",
        };
        let name = MONTHS.get(month).copied().unwrap_or_default();
        format!("{name} {day}{ordinal} {}", self.0.year())
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

/// ISO 8601: "2024-05-05".
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let form = || DateError::Form { text: text.into() };
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
            return Err(form());
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_i16, |sum, digit| {
                let digit = char::from(*digit).to_digit(10)?;
                sum.checked_mul(10)?.checked_add(i16::try_from(digit).ok()?)
            })
        };
        let (year, month, day) = number(&[y1, y2, y3, y4])
            .zip(number(&[m1, m2]))
            .zip(number(&[d1, d2]))
            .map(|((year, month), day)| (year, month, day))
            .ok_or_else(form)?;
        let no_such_day = |_| DateError::NoSuchDay { text: text.into() };
        Self::new(year, i8::try_from(month).map_err(no_such_day)?, i8::try_from(day).map_err(no_such_day)?)
            .map_err(|_| DateError::NoSuchDay { text: text.into() })
    }
}

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text has another form than year, month and day.
    #[error("`{text}` is not a date: write year-month-day, as in 2024-05-05")]
    Form {
        /// What was given.
        text: String,
    },
    /// The form is right, but the calendar has no such day.
    #[error("`{text}` is not a day of the calendar")]
    NoSuchDay {
        /// What was given.
        text: String,
    },
}

const SECONDS_OF_A_DAY: i64 = 86_400;

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
        assert_eq!(date("1969-12-31").end().seconds(), -1);
    }

    #[test]
    fn the_letter_writes_days_with_ordinals() {
        for (day, words) in [
            ("2024-05-05", "May 5th 2024"),
            ("2024-03-01", "March 1st 2024"),
            ("2024-03-22", "March 22nd 2024"),
            ("2024-10-13", "October 13th 2024"),
            ("2024-12-31", "December 31st 2024"),
            ("2024-01-23", "January 23rd 2024"),
        ] {
            assert_eq!(date(day).in_words(), words);
        }
    }

    #[test]
    fn only_one_form_of_a_date_is_read() {
        for text in ["", "2024-5-5", "2024-05-05 ", "+024-05-05", "2024/05/05", "05.05.2024", "２024-05-05"] {
            assert_eq!(text.parse::<Date>(), Err(DateError::Form { text: text.into() }));
        }
        for text in ["2023-02-29", "2023-13-01", "2023-00-10", "2023-04-31", "0000-01-01"] {
            assert_eq!(text.parse::<Date>(), Err(DateError::NoSuchDay { text: text.into() }));
        }
        assert!("2024-02-29".parse::<Date>().is_ok());
    }
}
