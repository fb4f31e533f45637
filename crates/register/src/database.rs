//! The two databases behind one small interface: SQL in, rows out. All SQL of the crate is written once, with the
//! placeholders `$1`, `$2`, … .

mod error;
mod postgresql;
mod sqlite;
mod value;

pub use error::DatabaseError;
pub(crate) use error::Failure;
pub(crate) use value::{FromValue, Row, UnexpectedValue, Value, text};

use crate::Location;

/// The version of the tables that this program reads and writes: the number of migrations.
pub(crate) const VERSION: i64 = 1;

/// Takes the rows of a query, one at a time.
pub(crate) type EachRow<'a> = dyn FnMut(Row) -> Result<(), DatabaseError> + 'a;

/// A connection to a database.
pub(crate) trait Connection {
    /// Begins a transaction that sees one state of the database.
    fn begin_reading(&mut self) -> Result<(), DatabaseError>;

    /// Begins a transaction that is the only one to write, and sees all that was written before. It waits for another
    /// that writes.
    fn begin_writing(&mut self) -> Result<(), DatabaseError>;

    /// Runs a statement, and says how many rows it changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError>;

    /// Runs statements without values.
    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError>;

    /// Runs a query.
    fn each(&mut self, sql: &str, values: &[Value], each: &mut EachRow<'_>) -> Result<(), DatabaseError>;

    /// What brings the tables from one version to the next; the version before the first is 0.
    fn migration(&self, from: i64) -> Option<String>;
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

    /// The first row of a query.
    pub(crate) fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DatabaseError> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }
}

/// Connects to a register that exists.
pub(crate) fn connect(location: &Location) -> Result<Box<dyn Connection>, DatabaseError> {
    match location {
        Location::File(path) => Ok(Box::new(sqlite::Sqlite::open(path)?)),
        Location::Server(server) => Ok(Box::new(postgresql::PostgreSql::connect(server)?)),
    }
}

/// Makes an empty database, lets `fill` fill it, and gives it its name. It appears whole or not at all.
pub(crate) fn create<T, E: From<DatabaseError>>(
    location: &Location,
    fill: impl FnOnce(&mut dyn Connection) -> Result<T, E>,
) -> Result<T, E> {
    match location {
        Location::File(path) => sqlite::Sqlite::create(path, |connection| fill(connection)),
        Location::Server(server) => postgresql::PostgreSql::create(server, |connection| fill(connection)),
    }
}
