//! Lines of text and lists in dossiers and tokens, with limits on their length and without
//! invisible characters (`docs/reference/certificate-token.md`, section 4).

use core::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

/// The largest number of characters of a line.
pub(crate) const LONGEST_LINE: usize = 200;

/// The largest number of lines of an address.
pub(crate) const MOST_ADDRESS_LINES: usize = 10;

/// The largest number of companies of a group.
pub(crate) const MOST_COMPANIES: usize = 100;

/// The largest number of sites of a certificate.
pub(crate) const MOST_SITES: usize = 1000;

/// The largest number of labels of a site.
pub(crate) const MOST_LABELS: usize = 200;

/// The largest number of audits of a dossier, and of its plan.
pub(crate) const MOST_AUDITS: usize = 5000;

/// The largest number of activities of an audit. The program knows fewer, but a list may repeat
/// one.
pub(crate) const MOST_ACTIVITIES: usize = 50;

/// The largest number of corrective actions of an audit.
pub(crate) const MOST_ACTIONS: usize = 1000;

/// The largest number of invoices of a dossier.
pub(crate) const MOST_FEES: usize = 1000;

/// Returns whether a character is invisible, or changes others invisibly: control characters,
/// characters that change the direction of writing, and characters without a mark on the page. With
/// them, two different names can look the same.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Reads a line, such as a name, a city or a line of an address.
pub(crate) fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Line::deserialize(deserializer).map(|Line(text)| text)
}

/// Reads a line that may be missing.
pub(crate) fn optional_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|Line(text)| text))
}

/// Reads the lines of an address.
pub(crate) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let lines = list::<MOST_ADDRESS_LINES, _, _>(deserializer)?;
    Ok(lines.into_iter().map(|Line(text)| text).collect())
}

/// Reads a list of at most `MOST` elements. Stops at the first element that is too many.
///
/// # Errors
/// Fails if there are more elements, or one can't be read.
pub fn list<'de, const MOST: usize, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct List<const MOST: usize, T>(PhantomData<T>);

    impl<'de, const MOST: usize, T: Deserialize<'de>> Visitor<'de> for List<MOST, T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(element) = elements.next_element()? {
                if list.len() == MOST {
                    return Err(A::Error::custom(format_args!("a list of more than {MOST} elements")));
                }
                list.push(element);
            }
            Ok(list)
        }
    }

    deserializer.deserialize_seq(List::<MOST, T>(PhantomData))
}

struct Line(String);

impl core::str::FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        if let Some(character) = text.chars().find(|&character| is_invisible(character)) {
            return Err(LineError::Invisible { character });
        }
        let characters = text.chars().count();
        if characters > LONGEST_LINE {
            return Err(LineError::TooLong { characters });
        }
        if text.trim().is_empty() {
            return Err(LineError::Empty);
        }
        Ok(Self(text.into()))
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parse(deserializer)
    }
}

/// The reason that a text is not a line of a certificate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum LineError {
    #[error("a text of {characters} characters: expected at most {LONGEST_LINE}")]
    TooLong { characters: usize },
    #[error("a text with the character U+{:04X}, which is invisible: expected characters that are printed", u32::from(*character))]
    Invisible { character: char },
    #[error("an empty text")]
    Empty,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_visible_characters_and_not_too_many() {
        let most = "é".repeat(LONGEST_LINE);
        for text in ["Dummy Card Company", "智卡 株式会社", "Αθήνα", "a\u{3000}b", "Zoe\u{308}", most.as_str()]
        {
            assert_eq!(text.parse::<Line>().map(|Line(line)| line).as_deref(), Ok(text));
        }
        for text in ["", " ", "\u{3000}"] {
            assert_eq!(text.parse::<Line>().err(), Some(LineError::Empty));
        }
        let long = format!("{most}é");
        assert_eq!(long.parse::<Line>().err(), Some(LineError::TooLong { characters: LONGEST_LINE + 1 }));
        // Control; soft hyphen; zero width; bidirectional marks, overrides and isolates; joiners;
        // fillers; variation selectors; tags.
        for character in [
            '\0',
            '\n',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{feff}',
            '\u{200f}',
            '\u{61c}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{2028}',
            '\u{2060}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{e0041}',
        ] {
            let text = format!("Dummy{character} Card Company");
            assert_eq!(text.parse::<Line>().err(), Some(LineError::Invisible { character }), "{character:?}");
        }
    }

    #[test]
    fn a_list_ends_with_its_limit() {
        let read = |json: &str| list::<2, _, u8>(&mut serde_json::Deserializer::from_str(json));
        assert_eq!(read("[1,2]").unwrap(), [1, 2]);
        assert_eq!(read("[1,2,3").unwrap_err().to_string(), "a list of more than 2 elements at line 1 column 6");
    }
}
