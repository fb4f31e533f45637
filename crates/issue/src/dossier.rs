//! Reads dossiers: TOML files that the office writes by hand.

use core::ops::Range;

use cqm_core::Dossier;
use serde::Deserialize as _;
use toml::de::{DeTable, DeValue, Deserializer};

/// Reads a dossier. Dates may be TOML dates (`2023-05-06`) or strings (`"2023-05-06"`).
///
/// # Errors
/// Returns the first fault: malformed TOML, an unknown or missing key, or a value that is not a
/// label, a date or a number where the dossier needs one.
pub fn read(text: &str) -> Result<Dossier, DossierError> {
    let error = |error: toml::de::Error| DossierError::new(text, error.message(), error.span());
    let mut table = DeTable::parse(text).map_err(error)?;
    dates_to_text(table.get_mut());
    Dossier::deserialize(Deserializer::from(table)).map_err(error)
}

/// Converts TOML dates to strings, because `Date` is deserialized from a string. A TOML date with a
/// time becomes a string that is not a date, and so is refused.
fn dates_to_text(table: &mut DeTable<'_>) {
    table.iter_mut().for_each(|(_, value)| value_dates_to_text(value.get_mut()));
}

fn value_dates_to_text(value: &mut DeValue<'_>) {
    match value {
        DeValue::Datetime(date) => *value = DeValue::String(date.to_string().into()),
        DeValue::Array(items) => items.iter_mut().for_each(|item| value_dates_to_text(item.get_mut())),
        DeValue::Table(table) => dates_to_text(table),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => {}
    }
}

/// The reason why a text is not a dossier, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct DossierError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
    /// The text of that line.
    pub source_line: String,
    /// What was found there, and what was expected.
    pub message: String,
}

impl DossierError {
    fn new(text: &str, message: &str, span: Option<Range<usize>>) -> Self {
        let start = span.map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let source_line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            source_line: source_line.into(),
            message: message.replace('\n', ", "),
        }
    }
}
