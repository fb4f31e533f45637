//! The days on the pages: the first and the last day of the certificate, and no others.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use cqm_core::{Certificate, Date};

/// The names of each month and their usual abbreviations, in languages that people who read letters
/// may use.
const MONTHS: [&str; 12] = [
    "january jan januar janvier januari enero gennaio janeiro",
    "february feb februar février februari febrero febbraio fevereiro",
    "march mar märz mars maart marzo março",
    "april apr avril abril aprile",
    "may mai mei mayo maggio maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août augustus agosto",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dicembre dezembro",
];

/// Words inside a date that say nothing about the day.
const CONNECTIVES: [&str; 12] = ["st", "nd", "rd", "th", "of", "de", "er", "the", "年", "月", "日", "del"];

/// The number of bytes of the longest of these words; a capital may take more bytes than its small
/// letter.
const LONGEST_WORD: usize = 16;

/// Returns whether the pages print the last day as letters do: "May 5th 2024".
pub(super) fn is_printed(words: &[&str], valid_until: Date) -> bool {
    let expiry = valid_until.in_words();
    let expiry: Vec<&str> = expiry.split(' ').collect();
    words.windows(expiry.len()).any(|window| window == expiry)
}

/// Returns the days that the lines print in full and that are not the certificate's first or last:
/// a day, a month and a year of four digits, with the month in words or as a number.
pub(super) fn others<'l>(certificate: &Certificate, lines: impl Iterator<Item = &'l str>) -> Vec<String> {
    let known = [certificate.valid_from, certificate.valid_until].map(|date| date.to_string());
    let mut words = Vec::new();
    for line in lines {
        // A number may look like a date.
        let number = certificate.number.as_str();
        let line = match line.contains(number) {
            true => Cow::Owned(line.replace(number, " ")),
            false => Cow::Borrowed(line),
        };
        read(&line, &mut words);
        words.push(Word::Break);
    }
    let mut others = Vec::new();
    let dates = |window: &[Word; 3]| -> Vec<String> {
        let date = |year: u32, month: u32, day: u32| {
            let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
            is_date.then(|| format!("{year:04}-{month:02}-{day:02}"))
        };
        let found = match *window {
            [Word::Month(month), Word::Short(day, _), Word::Year(year, _)]
            | [Word::Short(day, _), Word::Month(month), Word::Year(year, _)] => [date(year, month.into(), day), None],
            // A month as a number only where signs join the three numbers.
            [Word::Year(year, _), Word::Short(month, Joined::Yes), Word::Short(day, Joined::Yes)] => {
                [date(year, month, day), None]
            }
            [Word::Short(one, _), Word::Short(two, Joined::Yes), Word::Year(year, Joined::Yes)] => {
                [date(year, two, one), date(year, one, two)]
            }
            _ => [None, None],
        };
        found.into_iter().flatten().collect()
    };
    // A date in words may go on in the next line.
    let in_words: Vec<Word> = words.iter().copied().filter(|word| *word != Word::Break).collect();
    for window in words.array_windows().chain(in_words.array_windows()) {
        let dates = dates(window);
        if let Some(first) = dates.first()
            && !dates.iter().any(|date| known.contains(date))
            && !others.contains(first)
        {
            others.push(first.clone());
        }
    }
    others
}

/// Whether only signs, or nothing, are between a number and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joined {
    Yes,
    No,
}

/// A word of a line, as far as a date is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Month(u8),
    /// A number of one or two digits.
    Short(u32, Joined),
    /// A number of four digits.
    Year(u32, Joined),
    Other,
    /// The end of a line.
    Break,
}

/// Splits a line into numbers and words of letters.
fn read(line: &str, words: &mut Vec<Word>) {
    let mut joined = Joined::No;
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let kind = Kind::of(first);
        let end =
            rest.char_indices().find(|(_, character)| Kind::of(*character) != kind).map_or(rest.len(), |(end, _)| end);
        let (text, after) = rest.split_at(end);
        rest = after;
        match kind {
            Kind::Space => joined = Joined::No,
            Kind::Sign => {}
            Kind::Digit => {
                let number = text.chars().fold(0_u32, |number, digit| {
                    number.saturating_mul(10).saturating_add(digit_value(digit).unwrap_or_default())
                });
                words.push(match text.chars().count() {
                    1 | 2 => Word::Short(number, joined),
                    4 if (1900..3000).contains(&number) => Word::Year(number, joined),
                    _ => Word::Other,
                });
                joined = Joined::Yes;
            }
            Kind::Letter => {
                match word(text) {
                    Some(None) => continue,
                    Some(Some(month)) => words.push(Word::Month(month)),
                    None => words.push(Word::Other),
                }
                joined = Joined::No;
            }
        }
    }
}

/// The month that a word names, or `None` inside if it is a connective; `None` for any other word.
fn word(text: &str) -> Option<Option<u8>> {
    /// All words that are known, in small letters.
    static WORDS: LazyLock<HashMap<&str, Option<u8>>> = LazyLock::new(|| {
        let months = (1..).zip(MONTHS).flat_map(|(month, names)| names.split(' ').map(move |name| (name, Some(month))));
        months.chain(CONNECTIVES.map(|word| (word, None))).collect()
    });
    (text.len() <= LONGEST_WORD).then(|| WORDS.get(text.to_lowercase().as_str()).copied()).flatten()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Sign,
    Space,
}

impl Kind {
    fn of(character: char) -> Self {
        if digit_value(character).is_some() {
            Self::Digit
        } else if character.is_alphanumeric() {
            Self::Letter
        } else if character.is_whitespace() {
            Self::Space
        } else {
            Self::Sign
        }
    }
}

/// The value of a digit, also of one of full width.
fn digit_value(character: char) -> Option<u32> {
    match character {
        '\u{ff10}'..='\u{ff19}' => u32::from(character).checked_sub(0xff10),
        _ => character.to_digit(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days in a text.
    fn days(text: &str) -> Vec<String> {
        let mut certificate = crate::checks::agreement::tests::certificate();
        (certificate.valid_from, certificate.valid_until) =
            ("2023-05-06".parse().unwrap(), "2024-05-05".parse().unwrap());
        others(&certificate, text.lines())
    }

    #[test]
    fn the_days_of_the_certificate_are_no_others() {
        for text in [
            "May 6th 2023 to May 5th 2024",
            "2024-05-05, 05/05/2024, 5.5.2024, 6.5.2023, 5/6/2023",
            "2024年5月5日",
            "CQM-2023-0099 Page 1 of 2",
            "May 2034, 12 May Street 2034A, 10 Downing Street 2034, since 1999",
            "12, 2034 Neuchâtel",
            "0505 2034 05AB 1234 May",
        ] {
            assert_eq!(days(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn every_other_day_is_found() {
        for text in [
            "May 5th 2034",
            "may 5, 2034",
            "MAY 5TH, 2034",
            "5 May 2034",
            "5th of May 2034",
            "May 5th\n2034",
            "5 mai 2034",
            "5. Mai 2034",
            "5 de mayo de 2034",
            "2034-05-05",
            "5/5/2034",
            "05.05.2034",
            "2034/5/5",
            "2034年5月5日",
            "２０３４年５月５日",
        ] {
            assert_eq!(days(text), ["2034-05-05"], "{text}");
        }
    }
}
