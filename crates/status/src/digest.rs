//! SHA-256 digests of lists and of the register's log.

use core::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest. Its text has 64 hexadecimal digits in lower case, as `sha256sum` prints them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Returns the digest of a list, without the white space around it.
    pub fn of_list(list: &[u8]) -> Self {
        Self(Sha256::digest(list.trim_ascii()).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(&self.0))
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let mut digest = [0; 32];
        match base16ct::lower::decode(text, &mut digest) {
            Ok(read) if read.len() == 32 => Ok(Self(digest)),
            _ => Err(DigestError),
        }
    }
}

/// The text is not a SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits in lower case")]
pub struct DigestError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_digits_in_lower_case_are_a_digest() {
        for (length, allowed) in [(0, false), (62, false), (63, false), (64, true), (65, false), (66, false)] {
            assert_eq!("a".repeat(length).parse::<Digest>().is_ok(), allowed, "{length}");
        }
        let text = Digest::of_list(b" a list \n").to_string();
        assert_eq!(text.parse(), Ok(Digest::of_list(b"a list")));
        for other in [text.to_uppercase(), text.replacen(|_: char| true, "g", 1), text.replacen(|_: char| true, " ", 1)]
        {
            assert_eq!(other.parse::<Digest>(), Err(DigestError), "{other}");
        }
    }
}
