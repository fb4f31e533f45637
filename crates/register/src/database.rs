//! One interface to both databases: SQL in, rows out.
//!
//! The SQL of queries and changes is the same for both, with the placeholders `$1`, `$2`, …; only
//! the SQL that makes the tables is not (`migrations`).

mod error;
mod migrations;
mod postgresql;
mod sqlite;
mod value;

pub use error::{DatabaseError, Failure};
pub(crate) use value::{FromValue, Row, UnexpectedValue, Value, text};

use crate::Location;

/// The version of the tables that this program reads and writes: the number of migrations.
pub(crate) const VERSION: i64 = 2;

/// Takes the rows of a query, one at a time.
pub(crate) type EachRow<'a> = dyn FnMut(Row) -> Result<(), DatabaseError> + 'a;

/// A connection to a database.
pub(crate) trait Connection {
    /// Begins a transaction that sees one state of the database.
    fn begin_reading(&mut self) -> Result<(), DatabaseError>;

    /// Begins a transaction that is the only one to write, and sees everything committed before.
    /// Waits until another writer ends.
    fn begin_writing(&mut self) -> Result<(), DatabaseError>;

    /// Runs a statement and returns how many rows it changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError>;

    /// Runs statements without values.
    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError>;

    /// Runs a query and passes each row to `each`.
    fn each(&mut self, sql: &str, values: &[Value], each: &mut EachRow<'_>) -> Result<(), DatabaseError>;

    /// The SQL that brings an empty database to each version, in order.
    fn migrations(&self) -> &'static [&'static str];
}

impl dyn Connection + '_ {
    /// All rows of a query.
    pub(crate) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let mut rows = Vec::new();
        self.each(sql, values, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of a query, whose rows are all read.
    pub(crate) fn first_row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DatabaseError> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }
}

/// Connects to an existing register.
pub(crate) fn connect(location: &Location) -> Result<Box<dyn Connection>, DatabaseError> {
    match location {
        Location::File(path) => Ok(Box::new(sqlite::Sqlite::open(path)?)),
        Location::Server(server) => Ok(Box::new(postgresql::PostgreSql::connect(server)?)),
    }
}

/// Creates an empty database and runs `fill` on it in one transaction. The database appears whole
/// or not at all.
pub(crate) fn create<E: From<DatabaseError>>(
    location: &Location,
    fill: impl FnOnce(&mut dyn Connection) -> Result<(), E>,
) -> Result<(), E> {
    match location {
        Location::File(path) => sqlite::Sqlite::create(path, |connection| fill(connection)),
        Location::Server(server) => postgresql::PostgreSql::create(server, |connection| fill(connection)),
    }
}
