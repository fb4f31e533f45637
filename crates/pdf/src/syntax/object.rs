//! Objects (ISO 32000-2, 7.3).

use std::borrow::Cow;

use super::{PdfString, Position, ReadError, ReadErrorKind};

/// An indirect reference, `12 0 R` (ISO 32000-2, 7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The object number.
    pub number: u32,
    /// The generation number.
    pub generation: u16,
}

/// A PDF object (ISO 32000-2, 7.3). It borrows from the file, or from the object stream that
/// contains it.
#[derive(Clone, Debug, PartialEq)]
pub enum Object<'a> {
    /// `null`, or an object that does not exist.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number without a decimal point.
    Integer(i64),
    /// A number with a decimal point.
    Real(f64),
    /// A string, decoded on demand.
    String(PdfString<'a>),
    /// A name, with its `#` codes decoded.
    Name(Cow<'a, [u8]>),
    /// An array.
    Array(Vec<Object<'a>>),
    /// A dictionary.
    Dictionary(Dictionary<'a>),
    /// A dictionary with data after it.
    Stream(Stream<'a>),
    /// A reference to an indirect object.
    Reference(Reference),
}

impl<'a> Object<'a> {
    /// The name of the type, in the words of ISO 32000-2.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Real(_) => "a real",
            Self::String(_) => "a string",
            Self::Name(_) => "a name",
            Self::Array(_) => "an array",
            Self::Dictionary(_) => "a dictionary",
            Self::Stream(_) => "a stream",
            Self::Reference(_) => "a reference",
        }
    }

    /// The integer, if the object is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a real. Integers beyond 32 bits are refused.
    pub fn as_real(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => i32::try_from(*value).ok().map(f64::from),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The bytes of the name, if the object is one.
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The string, if the object is one.
    pub fn as_string(&self) -> Option<&PdfString<'a>> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The elements, if the object is an array.
    pub fn as_array(&self) -> Option<&[Object<'a>]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The dictionary, if the object is one. A stream is not a dictionary.
    pub fn as_dictionary(&self) -> Option<&Dictionary<'a>> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The stream, if the object is one.
    pub fn as_stream(&self) -> Option<&Stream<'a>> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// The error that another type belongs where this object is.
    pub(crate) fn instead_of(&self, expected: &'static str, at: Position) -> ReadError {
        ReadError::new(ReadErrorKind::Type { expected, found: self.type_name() }, at)
    }

    /// The reference, if the object is one.
    pub fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }
}

/// A dictionary (ISO 32000-2, 7.3.7), in the order of the file. No key occurs twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary<'a> {
    entries: Vec<(Cow<'a, [u8]>, Object<'a>)>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(entries: Vec<(Cow<'a, [u8]>, Object<'a>)>, at: Position) -> Result<Self, ReadError> {
        match first_duplicate(entries.iter().map(|(key, _)| key)) {
            Some(key) => {
                Err(ReadError::new(ReadErrorKind::DuplicateKey(String::from_utf8_lossy(key).into_owned()), at))
            }
            None => Ok(Self { entries }),
        }
    }

    /// The value of a key. It may be a reference: see
    /// [`Document::lookup`](super::Document::lookup).
    pub fn get(&self, key: &[u8]) -> Option<&Object<'a>> {
        self.entries.iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value)
    }

    /// The keys and values in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object<'a>)> {
        self.entries.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// Returns whether `/Type` is this name.
    pub fn is_type(&self, name: &[u8]) -> bool {
        self.name(b"Type") == Some(name)
    }

    /// The value of a key, if it is a name and not a reference.
    pub fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }
}

/// A stream (ISO 32000-2, 7.3.8): its dictionary and its data as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream<'a> {
    /// The stream dictionary.
    pub dictionary: Dictionary<'a>,
    /// The data before any filter; see [`Document::decode`](super::Document::decode).
    pub raw: &'a [u8],
    /// The object number of the stream.
    pub number: u32,
}

/// The first of these keys that occurs again. Few keys are compared with each other, many are
/// sorted.
pub(super) fn first_duplicate<'k, 'a: 'k>(
    keys: impl ExactSizeIterator<Item = &'k Cow<'a, [u8]>> + Clone,
) -> Option<&'k Cow<'a, [u8]>> {
    const FEW: usize = 12;
    if keys.len() <= FEW {
        let mut rest = keys;
        while let Some(key) = rest.next() {
            if rest.clone().any(|other| other == key) {
                return Some(key);
            }
        }
        return None;
    }
    let mut keys: Vec<&Cow<'a, [u8]>> = keys.collect();
    keys.sort_unstable();
    keys.array_windows().find(|[one, next]| one == next).map(|[one, _]| *one)
}
