//! Checking the chain of the log, and the tables and documents against the log.

use std::collections::BTreeMap;

use crate::{
    LogEntry, Register, RegisterError,
    action::Action,
    database::Value,
    log::{self, GENESIS, sha256},
    register::Reader,
    tables::{Change, Table},
};

/// The result of checking a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// The chain of the log is whole, and the tables and documents agree with it.
    Good {
        /// The number of entries in the log.
        entries: i64,
        /// The hash of the newest entry.
        head: String,
    },
    /// Something was changed without an entry of the log.
    Broken {
        /// The first entry that is broken or that the tables contradict; `None` for a row that no
        /// entry explains.
        entry: Option<i64>,
        /// What is wrong.
        what: String,
    },
}

impl Register {
    /// Checks the chain of the log, and the tables and documents against the log.
    ///
    /// # Errors
    /// If the database fails.
    pub fn verify(&mut self) -> Result<Verification, RegisterError> {
        self.read(|reader| {
            let mut model = Model::default();
            let outcome = model.read_log(reader)?;
            match outcome {
                Err(broken) => Ok(broken),
                Ok((entries, head)) => Ok(model.compare(reader)?.unwrap_or(Verification::Good { entries, head })),
            }
        })
    }
}

/// The rows and documents that follow from the log.
#[derive(Default)]
struct Model {
    /// The values of each row, and the last entry that changed it.
    rows: BTreeMap<(Table, Value), (Vec<Value>, i64)>,
    /// The hash of each document, and the first entry that it belongs to.
    documents: BTreeMap<String, i64>,
}

fn broken(entry: i64, what: impl Into<String>) -> Verification {
    Verification::Broken { entry: Some(entry), what: what.into() }
}

impl Model {
    fn read_log(&mut self, reader: &mut Reader<'_>) -> Result<Result<(i64, String), Verification>, RegisterError> {
        let (mut last, mut head) = (0, GENESIS.to_owned());
        let mut found = None;
        let sql = format!("SELECT {} FROM log ORDER BY seq", log::COLUMNS);
        reader.connection.each(&sql, &[], &mut |row| {
            if found.is_some() {
                return Ok(());
            }
            let entry = LogEntry::from_row(&row)?;
            found = self.read_entry(&entry, last, &head).err();
            last = entry.seq;
            head = entry.hash;
            Ok(())
        })?;
        Ok(match found {
            Some(broken) => Err(broken),
            None if last == 0 => Err(Verification::Broken { entry: None, what: "the log is empty".into() }),
            None => Ok((last, head)),
        })
    }

    fn read_entry(&mut self, entry: &LogEntry, last: i64, head: &str) -> Result<(), Verification> {
        let seq = entry.seq;
        if seq != last + 1 {
            return Err(broken(last + 1, format!("it is missing; entry {seq} follows entry {last}")));
        }
        if entry.prev != head {
            return Err(broken(seq, "it does not name the hash of the entry before it"));
        }
        if entry.hash != entry.expected_hash() {
            return Err(broken(seq, "its hash is not that of its content"));
        }
        let action = Action::from_log(&entry.what, &entry.details)
            .map_err(|error| broken(seq, format!("its details are not a known change: {error}")))?;
        if let Action::Published { log_head, .. } = &action
            && log_head != head
        {
            return Err(broken(seq, "the list was published with another head of the log"));
        }
        for hash in action.documents() {
            self.documents.entry(hash.into()).or_insert(seq);
        }
        for change in action.changes() {
            self.apply(change, seq)?;
        }
        Ok(())
    }

    fn apply(&mut self, change: Change, seq: i64) -> Result<(), Verification> {
        match change {
            Change::New { table, values } => {
                let key = values.first().cloned().unwrap_or(Value::Null);
                let shown = key.shown();
                match self.rows.insert((table, key), (values, seq)) {
                    None => Ok(()),
                    Some(_) => Err(broken(seq, format!("{} {shown} is given out twice", table.name()))),
                }
            }
            Change::Update { table, key, set } => {
                let shown = key.shown();
                let Some((values, by)) = self.rows.get_mut(&(table, key)) else {
                    return Err(broken(seq, format!("it changes {} {shown}, which is not there", table.name())));
                };
                for (column, new) in set {
                    let position = table.columns().iter().position(|name| *name == column);
                    if let Some(value) = position.and_then(|position| values.get_mut(position)) {
                        *value = new;
                    }
                }
                *by = seq;
                Ok(())
            }
        }
    }

    /// Compares the tables and documents with the model. Returns the difference with the smallest
    /// entry.
    fn compare(mut self, reader: &mut Reader<'_>) -> Result<Option<Verification>, RegisterError> {
        let mut differences: Vec<(Option<i64>, String)> = Vec::new();
        for table in Table::ALL {
            let sql = format!("SELECT {} FROM {}", table.columns().join(", "), table.name());
            reader.connection.each(&sql, &[], &mut |row| {
                let key = row.0.first().cloned().unwrap_or(Value::Null);
                let (shown, name) = (key.shown(), table.name());
                match self.rows.remove(&(table, key)) {
                    None => differences.push((None, format!("{name} {shown} is in no entry of the log"))),
                    Some((values, seq)) if values != row.0 => {
                        let mut columns = table.columns().iter().zip(values.iter().zip(&row.0));
                        let different = columns.find(|(_, (expected, found))| expected != found);
                        if let Some((column, (expected, found))) = different {
                            let (found, expected) = (found.shown(), expected.shown());
                            let what = format!("{name} {shown} has {found} as {column}, the log says {expected}");
                            differences.push((Some(seq), what));
                        }
                    }
                    Some(_) => {}
                }
                Ok(())
            })?;
        }
        for ((table, key), (_, seq)) in &self.rows {
            differences.push((Some(*seq), format!("{} {} is missing", table.name(), key.shown())));
        }
        reader.connection.each("SELECT sha256, content FROM documents", &[], &mut |row| {
            let (hash, content): (String, Vec<u8>) = (row.column(0)?, row.column(1)?);
            let entry = self.documents.remove(&hash);
            if sha256(&content) != hash {
                differences.push((entry, format!("the document {hash} was changed")));
            }
            Ok(())
        })?;
        for (hash, seq) in self.documents {
            differences.push((Some(seq), format!("the document {hash} is missing")));
        }
        let first = differences.into_iter().min_by_key(|(entry, _)| entry.unwrap_or(i64::MAX));
        Ok(first.map(|(entry, what)| Verification::Broken { entry, what }))
    }
}
