//! Values and rows, the same for both databases.

use std::error::Error;

use bytes::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    /// The value as messages show it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Null => "nothing".into(),
            Self::Integer(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Blob(bytes) => format!("{} bytes", bytes.len()),
        }
    }
}

/// Makes a text value from anything that implements `ToString`.
pub(crate) fn text(value: impl ToString) -> Value {
    Value::Text(value.to_string())
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl<T: ToString> From<Option<T>> for Value {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Null, text)
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

/// A row, with the values in the order of the query.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    /// Returns the value of a column by its index; fails if it has another type.
    pub(crate) fn column<T: FromValue>(&self, column: usize) -> Result<T, UnexpectedValue> {
        let value = self.0.get(column).unwrap_or(&Value::Null);
        T::from_value(value).ok_or_else(|| UnexpectedValue { column, found: value.shown() })
    }

    /// The value of a text column, parsed.
    pub(crate) fn parsed<T: core::str::FromStr>(&self, column: usize) -> Result<T, UnexpectedValue> {
        let text: String = self.column(column)?;
        text.parse().map_err(|_| UnexpectedValue { column, found: text })
    }

    /// The value of a text column, parsed, or `None` for NULL.
    pub(crate) fn parsed_optional<T: core::str::FromStr>(&self, column: usize) -> Result<Option<T>, UnexpectedValue> {
        match self.0.get(column) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.parsed(column).map(Some),
        }
    }
}

/// A value in the database that this program does not write there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column} of a query holds `{found}`, which the register would not have written")]
pub struct UnexpectedValue {
    column: usize,
    found: String,
}

/// A type that the value of a column is read as.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl FromValue for u64 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl FromValue for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}
