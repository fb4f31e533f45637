//! An open register, and the transactions in which it is read and written.

use cqm_core::status::ListUri;

use crate::{
    Location, LogEntry, RegisterError, Stamp,
    action::Action,
    database::{self, Connection, DatabaseError, FromValue, Row, VERSION, Value, text},
    log::{self, GENESIS},
};

/// The office's register.
pub struct Register {
    pub(crate) connection: Box<dyn Connection>,
}

impl Register {
    /// The version of the registers that this program reads and writes.
    pub const VERSION: i64 = VERSION;

    /// Creates an empty register.
    ///
    /// # Errors
    /// If the name is taken or the database fails. Nothing is left behind.
    pub fn create(location: &Location, list_uri: ListUri, stamp: &Stamp) -> Result<(), RegisterError> {
        database::create(location, |connection| {
            for sql in connection.migrations() {
                connection.batch(sql)?;
            }
            append(connection, stamp, &Action::Created { list_uri }, &[])
        })
    }

    /// Opens an existing register.
    ///
    /// # Errors
    /// If there is no register, it has another version, or the database fails.
    pub fn open(location: &Location) -> Result<Self, RegisterError> {
        let mut register = Self { connection: database::connect(location)? };
        let found = register.read(|reader| reader.one("SELECT version FROM register", &[]))?;
        if found == VERSION { Ok(register) } else { Err(RegisterError::Version { found, known: VERSION }) }
    }

    /// Reads one state of the register.
    pub(crate) fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        self.connection.begin_reading()?;
        let mut transaction = Transaction { connection: &mut *self.connection, is_open: true };
        let value = read(&mut transaction.reader())?;
        transaction.commit()?;
        Ok(value)
    }

    /// Begins to write. Waits until another writer ends.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>, RegisterError> {
        self.connection.begin_writing()?;
        Ok(Transaction { connection: &mut *self.connection, is_open: true })
    }

    /// All entries of the log, the oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub fn log(&mut self) -> Result<Vec<LogEntry>, RegisterError> {
        self.read(|reader| {
            let rows = reader.rows(&format!("SELECT {} FROM log ORDER BY seq", log::COLUMNS), &[])?;
            Ok(rows.iter().map(LogEntry::from_row).collect::<Result<_, _>>()?)
        })
    }
}

/// A transaction. Dropping it rolls it back, also during a panic.
pub(crate) struct Transaction<'a> {
    connection: &'a mut dyn Connection,
    is_open: bool,
}

impl Transaction<'_> {
    pub(crate) fn reader(&mut self) -> Reader<'_> {
        Reader { connection: &mut *self.connection }
    }

    /// Appends an action to the log, stores its documents, and changes the rows that follow from
    /// it.
    pub(crate) fn append(&mut self, stamp: &Stamp, action: &Action, documents: &[&[u8]]) -> Result<(), RegisterError> {
        append(self.connection, stamp, action, documents)
    }

    /// The SQL that brings an empty database to each version, in order.
    pub(crate) fn migrations(&self) -> &'static [&'static str] {
        self.connection.migrations()
    }

    /// Runs statements without values.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.connection.batch(sql)
    }

    pub(crate) fn commit(mut self) -> Result<(), RegisterError> {
        self.connection.batch("COMMIT")?;
        self.is_open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_open {
            // If this fails, the connection is lost, and the database rolls back by itself.
            let _ = self.connection.batch("ROLLBACK");
        }
    }
}

fn append(
    connection: &mut dyn Connection,
    stamp: &Stamp,
    action: &Action,
    documents: &[&[u8]],
) -> Result<(), RegisterError> {
    for content in documents {
        let values = [text(log::sha256(content)), Value::Blob(content.to_vec())];
        let sql = "INSERT INTO documents (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING";
        connection.execute(sql, &values)?;
    }
    for change in action.changes() {
        change.write(connection)?;
    }
    let (last, prev) = Reader { connection: &mut *connection }.log_head()?;
    let (what, details) = action.to_log()?;
    let entry = LogEntry::new(last + 1, stamp, what, details, prev);
    let LogEntry { seq, at, who, what, why, details, prev, hash } = &entry;
    let values = [(*seq).into(), text(at), text(who), text(what), text(why), text(details), text(prev), text(hash)];
    let sql = format!("INSERT INTO log ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", log::COLUMNS);
    connection.execute(&sql, &values)?;
    Ok(())
}

/// Reads the register within a transaction.
pub(crate) struct Reader<'a> {
    pub(crate) connection: &'a mut dyn Connection,
}

impl Reader<'_> {
    pub(crate) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.connection.rows(sql, values)
    }

    pub(crate) fn first_row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DatabaseError> {
        self.connection.first_row(sql, values)
    }

    /// The first column of a query's first row.
    pub(crate) fn one<T: FromValue>(&mut self, sql: &str, values: &[Value]) -> Result<T, RegisterError> {
        let row = self.first_row(sql, values)?.unwrap_or(Row(Vec::new()));
        Ok(row.column(0)?)
    }

    /// The next number of a counter.
    pub(crate) fn counter(&mut self, name: &str) -> Result<u32, RegisterError> {
        self.one("SELECT next FROM counters WHERE name = $1", &[text(name)])
    }

    /// The document with a hash.
    pub(crate) fn document(&mut self, sha256: &str) -> Result<Vec<u8>, RegisterError> {
        self.one("SELECT content FROM documents WHERE sha256 = $1", &[text(sha256)])
    }

    /// The name of the register's status list.
    pub(crate) fn list_uri(&mut self) -> Result<ListUri, RegisterError> {
        let row = self.first_row("SELECT list_uri FROM register", &[])?.unwrap_or(Row(Vec::new()));
        Ok(row.parsed(0)?)
    }

    /// The number and the hash of the newest entry of the log.
    pub(crate) fn log_head(&mut self) -> Result<(i64, String), RegisterError> {
        match self.first_row("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1", &[])? {
            None => Ok((0, GENESIS.into())),
            Some(row) => Ok((row.column(0)?, row.column(1)?)),
        }
    }
}
