//! Types that TOML and JSON store as text, and how text of unknown origin is shown.

use core::fmt;

use crate::line::is_invisible;

/// Escapes every character of a text of unknown origin that a terminal would obey, and those that
/// cannot be seen.
///
/// ```
/// assert_eq!(cqm_core::printable("a\nhint: b"), "a\\u{a}hint: b");
/// ```
pub fn printable(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        match is_invisible(character) {
            true => shown.extend(character.escape_unicode()),
            false => shown.push(character),
        }
        shown
    })
}

/// A text of unknown origin inside a message: printable, and at most [`Quoted::LONGEST`] characters
/// of it.
pub struct Quoted<'a>(pub &'a str);

impl Quoted<'_> {
    /// The number of characters that are shown. No code, name or date has more.
    pub const LONGEST: usize = 60;
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text) = self;
        match text.char_indices().nth(Self::LONGEST).and_then(|(end, _)| text.get(..end)) {
            Some(start) => write!(f, "{}…", printable(start)),
            None => f.write_str(&printable(text)),
        }
    }
}

/// Implements serde's traits through `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($($type:ty),+ $(,)?) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text::parse(deserializer)
            }
        }
    )+};
}

pub(crate) use serde_as_text;

/// Reads a text, and parses it with `FromStr`.
pub(crate) fn parse<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: core::str::FromStr<Err: fmt::Display>,
{
    struct Text<T>(core::marker::PhantomData<T>);

    impl<T: core::str::FromStr<Err: fmt::Display>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text in quotes")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(core::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_printable_and_short() {
        let most = "é".repeat(Quoted::LONGEST);
        assert_eq!(Quoted(&most).to_string(), most);
        assert_eq!(Quoted(&format!("{most}é")).to_string(), format!("{most}…"));
        assert_eq!(Quoted("39\nhint: run").to_string(), "39\\u{a}hint: run");
    }
}
