//! The log: who did what, when and why. Each entry contains the hash of the entry before it
//! (`docs/reference/register.md`).

use cqm_core::UnixTime;
use sha2::{Digest as _, Sha256};

use crate::database::{Row, UnexpectedValue};

/// The person who changes the register, the time, and the reason. Every entry of the log contains
/// it.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The person.
    pub who: String,
    /// The time.
    pub at: UnixTime,
    /// The reason in the person's words, or empty.
    pub why: String,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogEntry {
    /// The number, counted from 1.
    pub seq: i64,
    /// When it was written.
    pub at: String,
    /// Who did it.
    pub who: String,
    /// The kind of change, such as `issued`.
    pub what: String,
    /// The reason in the person's words, or empty.
    pub why: String,
    /// The change, in JSON.
    pub details: String,
    /// The hash of the entry before; 64 zeros in the first entry.
    pub prev: String,
    /// The hash over all other fields.
    pub hash: String,
}

/// The `prev` of the first entry.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

pub(crate) const COLUMNS: &str = "seq, at, who, what, why, details, prev, hash";

impl LogEntry {
    pub(crate) fn new(seq: i64, stamp: &Stamp, what: String, details: String, prev: String) -> Self {
        let Stamp { who, at, why } = stamp.clone();
        let mut entry = Self { seq, at: at.to_string(), who, what, why, details, prev, hash: String::new() };
        entry.hash = entry.expected_hash();
        entry
    }

    pub(crate) fn from_row(row: &Row) -> Result<Self, UnexpectedValue> {
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

    /// The hash that an entry with this content must have: SHA-256 over a version string and all
    /// fields but the hash, each written as its length in bytes, a colon, its bytes, and a comma.
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
        base16ct::lower::encode_string(&hash.finalize())
    }
}

/// The SHA-256 of bytes, in lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_in_the_documentation() {
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
