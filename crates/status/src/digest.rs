//! SHA-256 digests: of a list, and of the register's log.

use core::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest. As text it has 64 hexadecimal digits in lower case, as `sha256sum` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of a list: of its characters, without white space around them.
    pub fn of_list(list: &[u8]) -> Self {
        Self(Sha256::digest(list.trim_ascii()).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit.saturating_sub(b'0')),
            b'a'..=b'f' => Some(digit.saturating_sub(b'a').saturating_add(10)),
            _ => None,
        };
        let mut digest = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != digest.len() || !rest.is_empty() {
            return Err(DigestError);
        }
        for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
            let (high, low) = digit(*high).zip(digit(*low)).ok_or(DigestError)?;
            *byte = high << 4 | low;
        }
        Ok(Self(digest))
    }
}

/// A text that is no SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits in lower case")]
pub struct DigestError;
