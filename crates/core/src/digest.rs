//! The digest by which a token vouches for the pages of its letter.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The size and the SHA-256 digest of a letter's body: its pages, without token and signature
/// (`docs/reference/pdf-profile.md`, section 2). The claim `cqm.letter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterDigest {
    /// The number of bytes.
    pub size: u64,
    /// Their SHA-256 digest. In the claim: 64 lower-case hexadecimal digits.
    #[serde(serialize_with = "to_digits", deserialize_with = "from_digits")]
    pub sha256: [u8; 32],
}

fn to_digits<S: Serializer>(digest: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&base16ct::lower::encode_string(digest))
}

fn from_digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    struct Digits;

    impl de::Visitor<'_> for Digits {
        type Value = [u8; 32];

        fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("64 lower-case hexadecimal digits")
        }

        fn visit_str<E: de::Error>(self, digits: &str) -> Result<[u8; 32], E> {
            let mut digest = [0; 32];
            match base16ct::lower::decode(digits, &mut digest) {
                Ok(decoded) if decoded.len() == 32 => Ok(digest),
                _ => Err(E::invalid_value(de::Unexpected::Str(digits), &self)),
            }
        }
    }

    deserializer.deserialize_str(Digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_has_one_form() {
        let digits = "0f".repeat(32);
        let claim = |size: &str, digits: &str| format!(r#"{{"size":{size},"sha256":"{digits}"}}"#);
        let digest = LetterDigest { size: 40_000, sha256: [0x0f; 32] };
        assert_eq!(serde_json::to_string(&digest).unwrap(), claim("40000", &digits));
        let read = |text: &str| serde_json::from_str::<LetterDigest>(text).ok();
        assert_eq!(read(&claim("40000", &digits)), Some(digest));
        for wrong in [digits.to_uppercase(), digits[1..].into(), digits[2..].into(), format!("{digits}00")] {
            assert_eq!(read(&claim("40000", &wrong)), None, "{wrong}");
        }
        for size in ["-1", "1.5", "\"40000\"", "null"] {
            assert_eq!(read(&claim(size, &digits)), None, "{size}");
        }
        assert_eq!(read(&claim("1,\"name\":2", &digits)), None, "other members");
    }
}
