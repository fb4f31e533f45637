//! The digest by which a token names the pages of its letter
//! (`docs/reference/certificate-token.md`, section 4).

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The length and the SHA-256 digest of a letter's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterDigest {
    /// The number of bytes.
    pub size: u64,
    /// The digest. In JSON it has 64 hexadecimal digits in lower case.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub sha256: [u8; 32],
}

/// Writes the digest, as `sha256sum` prints it, and the length.
impl fmt::Display for LetterDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}, {} bytes", base16ct::HexDisplay(&self.sha256), self.size)
    }
}

fn write<S: Serializer>(digest: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{:x}", base16ct::HexDisplay(digest)))
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut digest = [0; 32];
    match base16ct::lower::decode(&text, &mut digest) {
        Ok(read) if read.len() == 32 => Ok(digest),
        _ => Err(D::Error::custom("expected 64 hexadecimal digits in lower case")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_64_digits_in_lower_case() {
        let read = |sha256: &str| {
            serde_json::from_value::<LetterDigest>(serde_json::json!({"size": 3, "sha256": sha256})).ok()
        };
        let text = "ab".repeat(32);
        let digest = LetterDigest { size: 3, sha256: [0xab; 32] };
        assert_eq!(read(&text), Some(digest));
        assert_eq!(serde_json::to_string(&digest).unwrap(), format!(r#"{{"size":3,"sha256":"{text}"}}"#));
        assert_eq!(digest.to_string(), format!("{text}, 3 bytes"));
        for other in [&text[1..], &text[2..], &format!("{text}ab"), &text.to_uppercase(), &text.replace('a', "g"), ""] {
            assert_eq!(read(other), None, "{other}");
        }
        for other in [r#"{"size":-1}"#, r#"{"size":3.0}"#, r#"{"size":3}"#, "{}"] {
            serde_json::from_str::<LetterDigest>(other).unwrap_err();
        }
    }
}
