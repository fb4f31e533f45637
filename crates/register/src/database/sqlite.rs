//! A register in a file: SQLite.

use std::{path::Path, time::Duration};

use rusqlite::{Connection as Driver, ErrorCode, OpenFlags, types::ValueRef};

use super::{Connection, DatabaseError, EachRow, Failure, Row, Value, migrations};

/// Marks the file as a register in SQLite's header: "CQMR".
const APPLICATION_ID: i64 = 0x4351_4d52;

/// The extended result code of that name, which `rusqlite` does not export.
const SQLITE_IOERR_SHMSIZE: i32 = 4874;

/// The longest wait for another writer.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Sqlite {
    driver: Driver,
}

impl Sqlite {
    /// Opens an existing register.
    pub(crate) fn open(path: &Path) -> Result<Self, DatabaseError> {
        match path.metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Failure::Missing.into()),
            Err(error) => return Err(DatabaseError::new(Failure::Io, error)),
            Ok(metadata) if !metadata.is_file() => return Err(Failure::Foreign.into()),
            Ok(_) => {}
        }
        let this = Self::driver(path)?;
        let id: i64 = this.driver.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        if id == APPLICATION_ID { Ok(this) } else { Err(Failure::Foreign.into()) }
    }

    /// Creates a register under a temporary name in the same folder, fills it in one transaction,
    /// and renames it.
    pub(crate) fn create<E: From<DatabaseError>>(
        path: &Path,
        fill: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let io = |error| E::from(DatabaseError::from_io(error));
        let exists = || E::from(DatabaseError::from(Failure::Exists));
        if path.symlink_metadata().is_ok() {
            return Err(exists());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Its mode is 0600; SQLite gives the same mode to the files that it adds beside it.
        let temporary = tempfile::Builder::new().prefix(".cqm-").tempfile_in(folder).map_err(io)?;
        let mut this = Self::driver(temporary.path())?;
        this.batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA journal_mode = WAL"))?;
        this.batch("BEGIN")?;
        fill(&mut this)?;
        this.batch("COMMIT")?;
        this.driver.close().map_err(|(_, error)| DatabaseError::from(error))?;
        temporary.as_file().sync_all().map_err(io)?;
        temporary.persist_noclobber(path).map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(),
            _ => io(error.error),
        })?;
        if cfg!(unix) {
            std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        }
        Ok(())
    }

    fn driver(path: &Path) -> Result<Self, DatabaseError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let driver = Driver::open_with_flags(path, flags)?;
        driver.busy_timeout(PATIENCE)?;
        driver.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
        )?;
        Ok(Self { driver })
    }
}

impl Connection for Sqlite {
    fn begin_reading(&mut self) -> Result<(), DatabaseError> {
        self.batch("BEGIN")
    }

    fn begin_writing(&mut self) -> Result<(), DatabaseError> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        let mut statement = self.driver.prepare(&numbered(sql))?;
        bind(&mut statement, values)?;
        let rows = statement.raw_execute()?;
        Ok(rows.try_into().unwrap_or(u64::MAX))
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        Ok(self.driver.execute_batch(sql)?)
    }

    fn each(&mut self, sql: &str, values: &[Value], each: &mut EachRow<'_>) -> Result<(), DatabaseError> {
        let mut statement = self.driver.prepare(&numbered(sql))?;
        bind(&mut statement, values)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let value = |column| {
                Ok(match row.get_ref(column)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Integer(number),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                    // No column of a register holds one.
                    ValueRef::Real(number) => Value::Text(number.to_string()),
                })
            };
            each(Row((0..columns).map(value).collect::<rusqlite::Result<_>>()?))?;
        }
        Ok(())
    }

    fn migrations(&self) -> &'static [&'static str] {
        migrations::SQLITE
    }
}

/// Replaces `$1` by `?1`: SQLite reads `$1` as a named parameter and `?1` as a numbered one.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for (position, value) in (1..).zip(values) {
        match value {
            Value::Null => statement.raw_bind_parameter(position, rusqlite::types::Null)?,
            Value::Integer(number) => statement.raw_bind_parameter(position, number)?,
            Value::Text(text) => statement.raw_bind_parameter(position, text)?,
            Value::Blob(bytes) => statement.raw_bind_parameter(position, bytes)?,
        }
    }
    Ok(())
}

impl DatabaseError {
    fn from_io(error: std::io::Error) -> Self {
        let failure = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Failure::Full,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Failure::ReadOnly,
            _ => Failure::Io,
        };
        Self::new(failure, error)
    }
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        // SQLite has a code of its own for a disk too full for the index of the write-ahead log.
        let shm_size = error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE);
        let failure = match error.sqlite_error_code() {
            _ if shm_size => Failure::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::Busy,
            Some(ErrorCode::DiskFull) => Failure::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Failure::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt) => Failure::Corrupt,
            Some(ErrorCode::NotADatabase) => Failure::Foreign,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Failure::Io,
            _ => Failure::Refused,
        };
        Self::new(failure, error)
    }
}
