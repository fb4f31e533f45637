//! A register that is open: reading and writing it, each in one transaction.

use cqm_core::{UnixTime, status::ListUri};

use crate::{
    Location, LogEntry, RegisterError, Stamp,
    action::Action,
    database::{self, Connection, DatabaseError, FromValue, Row, VERSION, Value, text},
    log::{self, GENESIS},
};

/// The office's register.
pub struct Register {
    connection: Box<dyn Connection>,
}

impl Register {
    /// Makes a register.
    ///
    /// # Errors
    /// When something of this name exists, or the database fails; nothing is left behind then.
    pub fn create(location: &Location, list_uri: ListUri, stamp: &Stamp) -> Result<(), RegisterError> {
        database::create(location, |connection| {
            connection.batch("BEGIN")?;
            for version in 0..VERSION {
                if let Some(sql) = connection.migration(version) {
                    connection.batch(&sql)?;
                }
            }
            Writer::new(connection, stamp)?.append(&Action::Created { list_uri }, &[])?;
            Ok(connection.batch("COMMIT")?)
        })
    }

    /// Opens a register.
    ///
    /// # Errors
    /// When there is none, it is of another version, or the database fails.
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
        let outcome = read(&mut Reader { connection: &mut *self.connection });
        self.end(outcome)
    }

    /// Changes the register: all of it, or nothing. No one else writes in the meantime.
    pub(crate) fn write<T>(
        &mut self,
        stamp: &Stamp,
        write: impl FnOnce(&mut Writer<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        self.connection.begin_writing()?;
        let outcome = Writer::new(&mut *self.connection, stamp).and_then(|mut writer| write(&mut writer));
        self.end(outcome)
    }

    fn end<T>(&mut self, outcome: Result<T, RegisterError>) -> Result<T, RegisterError> {
        match outcome {
            Ok(value) => {
                if let Err(error) = self.connection.batch("COMMIT") {
                    let _ = self.connection.batch("ROLLBACK");
                    return Err(error.into());
                }
                Ok(value)
            }
            Err(error) => {
                // Where this fails too, the database undoes it by itself.
                let _ = self.connection.batch("ROLLBACK");
                Err(error)
            }
        }
    }

    /// Every entry of the log, the first one first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn log(&mut self) -> Result<Vec<LogEntry>, RegisterError> {
        self.read(|reader| {
            let rows = reader.rows(&format!("SELECT {} FROM log ORDER BY seq", log::COLUMNS), &[])?;
            Ok(rows.iter().map(LogEntry::from_row).collect::<Result<_, _>>()?)
        })
    }
}

/// One state of the register.
pub(crate) struct Reader<'a> {
    pub(crate) connection: &'a mut dyn Connection,
}

impl Reader<'_> {
    pub(crate) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.connection.rows(sql, values)
    }

    pub(crate) fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, DatabaseError> {
        self.connection.row(sql, values)
    }

    /// The one value of a query for one row.
    pub(crate) fn one<T: FromValue>(&mut self, sql: &str, values: &[Value]) -> Result<T, RegisterError> {
        let row = self.row(sql, values)?.unwrap_or(Row(Vec::new()));
        Ok(row.column(0).map_err(DatabaseError::from)?)
    }

    /// The next number that a counter gives out.
    pub(crate) fn counter(&mut self, name: &str) -> Result<u32, RegisterError> {
        self.one("SELECT next FROM counters WHERE name = $1", &[text(name)])
    }

    /// The bytes with a hash.
    pub(crate) fn document(&mut self, sha256: &str) -> Result<Vec<u8>, RegisterError> {
        self.one("SELECT content FROM documents WHERE sha256 = $1", &[text(sha256)])
    }

    pub(crate) fn list_uri(&mut self) -> Result<ListUri, RegisterError> {
        let row = self.row("SELECT list_uri FROM register", &[])?.unwrap_or(Row(Vec::new()));
        Ok(row.parsed(0).map_err(DatabaseError::from)?)
    }

    /// The number and the hash of the last entry of the log.
    pub(crate) fn log_head(&mut self) -> Result<(i64, String), RegisterError> {
        match self.row("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1", &[])? {
            None => Ok((0, GENESIS.into())),
            Some(row) => Ok((row.column(0).map_err(DatabaseError::from)?, row.column(1).map_err(DatabaseError::from)?)),
        }
    }
}

/// The only one who writes.
pub(crate) struct Writer<'a> {
    pub(crate) reader: Reader<'a>,
    stamp: &'a Stamp,
    seq: i64,
    head: String,
}

impl<'a> Writer<'a> {
    fn new(connection: &'a mut dyn Connection, stamp: &'a Stamp) -> Result<Self, RegisterError> {
        let mut reader = Reader { connection };
        let (seq, head) = reader.log_head()?;
        Ok(Self { reader, stamp, seq, head })
    }

    pub(crate) fn at(&self) -> UnixTime {
        self.stamp.at
    }

    pub(crate) fn head(&self) -> &str {
        &self.head
    }

    /// Does something: writes it to the log, the documents that it speaks of, and the rows that follow from it.
    pub(crate) fn append(&mut self, action: &Action, documents: &[&[u8]]) -> Result<(), RegisterError> {
        let connection = &mut *self.reader.connection;
        for content in documents {
            let values = [text(log::sha256(content)), Value::Blob(content.to_vec())];
            connection.execute(
                "INSERT INTO documents (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING",
                &values,
            )?;
        }
        for change in action.changes() {
            change.write(connection)?;
        }
        let (what, details) = action.to_log()?;
        let mut entry = LogEntry {
            seq: self.seq + 1,
            at: self.stamp.at.to_string(),
            who: self.stamp.who.clone(),
            what,
            why: self.stamp.why.clone(),
            details,
            prev: self.head.clone(),
            hash: String::new(),
        };
        entry.hash = entry.expected_hash();
        let LogEntry { seq, at, who, what, why, details, prev, hash } = &entry;
        let values = [(*seq).into(), text(at), text(who), text(what), text(why), text(details), text(prev), text(hash)];
        let sql = format!("INSERT INTO log ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", log::COLUMNS);
        connection.execute(&sql, &values)?;
        self.seq = entry.seq;
        self.head = entry.hash;
        Ok(())
    }
}
