//! Reads the JSON objects of signed tokens strictly (RFC 8259).
//!
//! Parsers disagree on which of two equal keys counts, and RFC 7515 section 4 lets them. A signed
//! text must not have two meanings, so a repeated key is refused at every depth. An array in the
//! place of an object is refused too, although serde would fill a struct from it.

use core::{cell::Cell, fmt};
use std::collections::BTreeSet;

use serde::{
    de::{
        DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
    },
    forward_to_deserialize_any,
};

/// Reads a JSON object without repeated keys at any depth. Structs inside `T` are read from objects
/// only.
///
/// # Errors
/// Fails if the bytes are not one JSON object in UTF-8, if a key is repeated, or if the object does
/// not fit `T`.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let repeated = Cell::new(None);
    let strict = Strict { of: &mut deserializer, repeated: &repeated };
    let read = T::deserialize(strict).and_then(|value| deserializer.end().map(|()| value));
    match repeated.take() {
        Some(key) => Err(JsonError::RepeatedKey(key)),
        None => Ok(read?),
    }
}

/// Bytes that are refused as a JSON object.
///
/// The enum is exhaustive, so that whoever maps each fault to a code of its own notices a new one.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The bytes are not one JSON object in UTF-8, or the object does not have the expected
    /// members.
    #[error("not the expected JSON object: {0}")]
    Malformed(#[from] serde_json::Error),
    /// An object has a repeated key. The text of the key is cut after 64 characters.
    #[error("a JSON object with the key {0:?} repeated")]
    RepeatedKey(String),
}

/// Wraps a part of serde's machinery, and the parts inside it, so that repeated keys and arrays in
/// the place of structs are refused. `repeated` receives the first repeated key. The parser limits
/// the depth.
struct Strict<'a, T> {
    of: T,
    repeated: &'a Cell<Option<String>>,
}

/// An object with the keys read so far.
struct Object<'a, A> {
    entries: Strict<'a, A>,
    keys: BTreeSet<String>,
}

impl<'a, T> Strict<'a, T> {
    /// Wraps another part.
    fn with<U>(&self, of: U) -> Strict<'a, U> {
        Strict { of, repeated: self.repeated }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.of.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.of.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.of.deserialize_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.of.deserialize_newtype_struct(name, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Strict<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.of.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.of.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.of.visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.of.visit_f64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.of.visit_str(text)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.of.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.of.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.of.visit_some(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.of.visit_newtype_struct(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<V::Value, A::Error> {
        let array = self.with(array);
        self.of.visit_seq(array)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<V::Value, A::Error> {
        let object = Object { entries: self.with(object), keys: BTreeSet::new() };
        self.of.visit_map(object)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.of.deserialize(deserializer)
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let seed = self.with(seed);
        self.of.next_element_seed(seed)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Object<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let Some(key) = self.entries.of.next_key::<String>()? else { return Ok(None) };
        if self.keys.contains(&key) {
            self.entries.repeated.set(Some(key.chars().take(64).collect()));
            return Err(A::Error::custom("a repeated key"));
        }
        let value = seed.deserialize(key.as_str().into_deserializer())?;
        self.keys.insert(key);
        Ok(Some(value))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let seed = self.entries.with(seed);
        self.entries.of.next_value_seed(seed)
    }
}
