//! Reads dossiers: TOML files that the office writes by hand.

use core::ops::Range;

use cqm_core::{Dossier, printable};
use serde::Deserialize as _;
use toml::de::{DeTable, DeValue, Deserializer};

/// The size limit of a dossier in bytes: 1 MiB. One with 500 sites and 2,000 audits has less.
pub const MAX_SIZE: usize = 1 << 20;

/// The number of characters of a line, and of what was found in it, that an error shows.
const SHOWN: usize = 300;

/// Reads a dossier. Dates may be TOML dates (`2023-05-06`) or strings (`"2023-05-06"`).
///
/// # Errors
/// Returns the first fault: more than [`MAX_SIZE`] bytes, malformed TOML, an unknown or missing
/// key, or a value that is not a label, a date or a number where the dossier needs one.
pub fn read(text: &str) -> Result<Dossier, DossierError> {
    if text.len() > MAX_SIZE {
        let message = format!("the dossier has {} bytes, expected at most {MAX_SIZE}", text.len());
        return Err(DossierError::new(text, &message, None));
    }
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
            message: shortened(&message.replace('\n', ", ")),
        }
    }

    /// The part of the line around the fault, at most 300 characters of it, and the place of the
    /// fault in that part, counted from 0.
    pub fn excerpt(&self) -> (String, usize) {
        let fault = self.column.saturating_sub(1);
        let first = fault.saturating_sub(SHOWN / 2);
        let excerpt: String = self.source_line.chars().skip(first).take(SHOWN).collect();
        // A tab is one character wide here, so that the place fits.
        let before: String = excerpt.chars().take(fault - first).collect();
        (printable(&excerpt.replace('\t', " ")), printable(&before.replace('\t', " ")).chars().count())
    }
}

/// Cuts a message: it may quote a key or a value of any length.
fn shortened(message: &str) -> String {
    match message.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.into(),
    }
}
