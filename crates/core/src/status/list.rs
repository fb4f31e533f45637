//! Names and numbers of status lists.

use core::{fmt, str::FromStr};

use crate::text::Quoted;

/// The largest number of a list: more than one for each second of a century.
pub const MAX_SEQ: u64 = 1 << 32;

/// The name of a status list if the register sets no other.
pub const DEFAULT_LIST: &str = "urn:cqm:status:1";

const LONGEST: usize = 200;

/// The name of a status list: an absolute URI of 3 to 200 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListUri(String);

impl ListUri {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// [`DEFAULT_LIST`].
impl Default for ListUri {
    fn default() -> Self {
        Self(DEFAULT_LIST.to_owned())
    }
}

impl fmt::Display for ListUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ListUri {
    type Err = ListUriError;

    fn from_str(text: &str) -> Result<Self, ListUriError> {
        let is_absolute = text.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty());
        if is_absolute && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ListUriError { text: text.chars().take(64).collect() })
        }
    }
}

/// Returns whether a text is the scheme of a URI (RFC 3986 section 3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

crate::text::serde_as_text!(ListUri);

/// The text is not the URI of a status list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not the URI of a status list: expected a scheme, a colon and more, up to 200 visible ASCII characters",
    Quoted(text)
)]
pub struct ListUriError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_outlasts_the_program() {
        assert_eq!(MAX_SEQ, 4_294_967_296);
    }

    #[test]
    fn lists_are_named_by_absolute_uris() {
        let longest = format!("urn:{}", "x".repeat(196));
        for text in [DEFAULT_LIST, "https://example.org/status/1", "a:b", &longest] {
            let uri: ListUri = text.parse().unwrap();
            assert_eq!((uri.as_str(), uri.to_string().as_str()), (text, text));
        }
        let long = format!("{longest}x");
        for text in ["", "urn:", ":x", "status", "1rn:x", "u rn:x", "urn:x y", "urn:é", "urn:x\n", &long] {
            assert!(text.parse::<ListUri>().is_err(), "{text}");
        }
    }
}
