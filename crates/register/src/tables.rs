//! The tables whose rows follow from the log, and changes of a row.

use crate::database::{Connection, DatabaseError, Failure, Value};

/// A table whose rows follow from the log. The first column is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    Register,
    Counters,
    Holders,
    Companies,
    Sites,
    Labels,
    Certificates,
    Events,
    Lists,
}

impl Table {
    pub(crate) const ALL: [Self; 9] = [
        Self::Register,
        Self::Counters,
        Self::Holders,
        Self::Companies,
        Self::Sites,
        Self::Labels,
        Self::Certificates,
        Self::Events,
        Self::Lists,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Counters => "counters",
            Self::Holders => "holders",
            Self::Companies => "companies",
            Self::Sites => "sites",
            Self::Labels => "labels",
            Self::Certificates => "certificates",
            Self::Events => "events",
            Self::Lists => "lists",
        }
    }

    pub(crate) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Register => &["id", "version", "list_uri"],
            Self::Counters => &["name", "next"],
            Self::Holders => &["id", "name", "dossier", "number"],
            Self::Companies => &["number", "holder", "name"],
            Self::Sites => &["site", "company", "country", "city", "subcontractor", "cid"],
            Self::Labels => &["label", "site", "idx", "recognized", "recognized_until", "approved"],
            Self::Certificates => &["number", "holder", "idx", "valid_from", "valid_until", "token", "pdf"],
            Self::Events => &["id", "idx", "status", "reason", "effective", "recorded"],
            Self::Lists => &["seq", "list", "log_head"],
        }
    }

    /// A change that adds a row. Its key must be new.
    pub(crate) fn row(self, values: impl Into<Vec<Value>>) -> Change {
        Change::New { table: self, values: values.into() }
    }

    /// A change of some columns of an existing row.
    pub(crate) fn update(self, key: Value, set: impl Into<Vec<(&'static str, Value)>>) -> Change {
        Change::Update { table: self, key, set: set.into() }
    }
}

/// A change of one row.
#[derive(Debug)]
pub(crate) enum Change {
    New { table: Table, values: Vec<Value> },
    Update { table: Table, key: Value, set: Vec<(&'static str, Value)> },
}

impl Change {
    /// Writes the change to the database.
    pub(crate) fn write(&self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        match self {
            Self::New { table, values } => {
                let columns = table.columns().join(", ");
                let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
                let sql = format!("INSERT INTO {} ({columns}) VALUES ({})", table.name(), places.join(", "));
                connection.execute(&sql, values)?;
            }
            Self::Update { table, key, set } => {
                let set_sql: Vec<String> =
                    (2..).zip(set).map(|(place, (column, _))| format!("{column} = ${place}")).collect();
                let key_column = table.columns().first().copied().unwrap_or_default();
                let sql = format!("UPDATE {} SET {} WHERE {key_column} = $1", table.name(), set_sql.join(", "));
                let values: Vec<Value> =
                    core::iter::once(key).chain(set.iter().map(|(_, value)| value)).cloned().collect();
                let changed = connection.execute(&sql, &values)?;
                if changed != 1 {
                    let missing = format!("{} {} is missing", table.name(), key.shown());
                    return Err(DatabaseError::new(Failure::Corrupt, missing));
                }
            }
        }
        Ok(())
    }
}
