//! JSON objects of signed tokens (RFC 8259), read strictly.
//!
//! Parsers disagree on which of two equal keys counts, and RFC 7515 section 4 lets them. A text that different readers
//! understand differently must not be signed, so a repeated key is refused wherever it stands.

use core::{cell::Cell, fmt};
use std::collections::BTreeSet;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads a JSON object that has no repeated key at any depth.
///
/// # Errors
/// When the bytes are not one JSON object in UTF-8, a key is repeated, or the object does not fit `T`.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let repeated = Cell::new(None);
    let walked = deserializer.deserialize_map(UniqueKeys(&repeated)).and_then(|()| deserializer.end());
    match repeated.take() {
        Some(key) => Err(JsonError::RepeatedKey(key)),
        None => Ok(walked.and_then(|()| serde_json::from_slice(bytes))?),
    }
}

/// Why bytes are refused as a JSON object.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The bytes are not one JSON object in UTF-8, or not the one that is expected.
    #[error("not the JSON object that is expected: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A key stands twice in one object. Texts are cut after 64 characters.
    #[error("a JSON object with the key {0:?} repeated")]
    RepeatedKey(String),
}

/// Walks over a value of any kind and refuses repeated keys, of which it notes the first. The parser bounds the depth.
#[derive(Clone, Copy)]
struct UniqueKeys<'a>(&'a Cell<Option<String>>);

impl<'de> DeserializeSeed<'de> for UniqueKeys<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object without repeated keys")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while array.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = object.next_key::<String>()? {
            if keys.contains(&key) {
                self.0.set(Some(key.chars().take(64).collect()));
                return Err(A::Error::custom("a repeated key"));
            }
            keys.insert(key);
            object.next_value_seed(self)?;
        }
        Ok(())
    }
}
