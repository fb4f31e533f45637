//! The log: what was done, by whom, when and why, each entry chained to the one before (`docs/reference/register.md`).

use cqm_core::UnixTime;
use sha2::{Digest as _, Sha256};

use crate::database::{DatabaseError, Row};

/// Who does something to the register, when, and why: what every entry of the log says.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The person.
    pub who: String,
    /// The time.
    pub at: UnixTime,
    /// The reason, in the person's words; may be empty.
    pub why: String,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogEntry {
    /// Its number, counted from 1.
    pub seq: i64,
    /// When it was written.
    pub at: String,
    /// Who did it.
    pub who: String,
    /// What was done, in a word.
    pub what: String,
    /// Why, in the person's words.
    pub why: String,
    /// What was done, in JSON.
    pub details: String,
    /// The hash of the entry before; of the first, 64 zeros.
    pub prev: String,
    /// Its own hash, which covers all the rest.
    pub hash: String,
}

/// The hash before the first entry.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

pub(crate) const COLUMNS: &str = "seq, at, who, what, why, details, prev, hash";

impl LogEntry {
    pub(crate) fn from_row(row: &Row) -> Result<Self, DatabaseError> {
        Ok(Self {
            seq: row.column(0)?,
            at: row.column(1)?,
            who: row.column(2)?,
            what: row.column(3)?,
            why: row.column(4)?,
            details: row.column(5)?,
            prev: row.column(6)?,
            hash: row.column(7)?,
        })
    }

    /// The hash that an entry with this content must have: SHA-256 over every field but the hash, each as its length in
    /// bytes, a colon, its bytes, and a comma.
    pub fn expected_hash(&self) -> String {
        let mut hash = Sha256::new();
        let seq = self.seq.to_string();
        for field in ["cqm-register-log-1", &seq, &self.at, &self.who, &self.what, &self.why, &self.details, &self.prev]
        {
            hash.update(field.len().to_string());
            hash.update(":");
            hash.update(field);
            hash.update(",");
        }
        hex(&hash.finalize())
    }
}

/// The SHA-256 of bytes, in lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_page() {
        let page = include_str!("../../../docs/reference/register.md");
        let line = page.lines().map(str::trim).find(|line| line.starts_with("18:cqm-register-log-1,")).unwrap();
        let entry = LogEntry {
            seq: 1,
            at: "2023-05-06T09:30:00Z".into(),
            who: "anna".into(),
            what: "created".into(),
            why: String::new(),
            details: r#"{"list_uri":"urn:cqm:status:1"}"#.into(),
            prev: GENESIS.into(),
            hash: String::new(),
        };
        assert_eq!(entry.expected_hash(), sha256(line.as_bytes()));
    }
}
