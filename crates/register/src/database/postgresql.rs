//! A register on a server, for several people at once: PostgreSQL.
//!
//! The tables are in a schema of their own, `cqm`.

use std::collections::HashMap;

use postgres::{
    Client, NoTls, Statement,
    error::SqlState,
    fallible_iterator::FallibleIterator as _,
    types::{ToSql, Type},
};

use super::{Connection, DatabaseError, EachRow, Failure, Row, Value, migrations};
use crate::location::Server;

pub(crate) struct PostgreSql {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl PostgreSql {
    /// Connects to an existing register.
    pub(crate) fn connect(server: &Server) -> Result<Self, DatabaseError> {
        let mut this = Self::client(server)?;
        if this.has_register()? { Ok(this) } else { Err(Failure::Missing.into()) }
    }

    /// Creates the schema and fills it in one transaction.
    ///
    /// On an error the connection closes, which rolls the transaction back.
    pub(crate) fn create<E: From<DatabaseError>>(
        server: &Server,
        fill: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut this = Self::client(server)?;
        if this.has_register()? {
            return Err(DatabaseError::from(Failure::Exists).into());
        }
        this.batch("BEGIN; CREATE SCHEMA cqm")?;
        fill(&mut this)?;
        Ok(this.batch("COMMIT")?)
    }

    fn client(server: &Server) -> Result<Self, DatabaseError> {
        let client = server.config().connect(NoTls)?;
        let mut this = Self { client, statements: HashMap::new() };
        this.batch("SET search_path TO cqm; SET lock_timeout TO '60s'; SET synchronous_commit TO on")?;
        Ok(this)
    }

    fn has_register(&mut self) -> Result<bool, DatabaseError> {
        Ok(!self.client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'cqm'", &[])?.is_empty())
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, DatabaseError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

impl Connection for PostgreSql {
    fn begin_reading(&mut self) -> Result<(), DatabaseError> {
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// With READ COMMITTED each statement takes a snapshot of its own, so the statements after the
    /// lock see everything committed before it was granted.
    fn begin_writing(&mut self) -> Result<(), DatabaseError> {
        self.batch("BEGIN ISOLATION LEVEL READ COMMITTED; LOCK TABLE log IN EXCLUSIVE MODE")
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        let statement = self.statement(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        Ok(self.client.execute(&statement, &values)?)
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        Ok(self.client.batch_execute(sql)?)
    }

    fn each(&mut self, sql: &str, values: &[Value], each: &mut EachRow<'_>) -> Result<(), DatabaseError> {
        let statement = self.statement(sql)?;
        let mut rows = self.client.query_raw(&statement, values)?;
        while let Some(row) = rows.next()? {
            let value = |(column, kind): (usize, &postgres::Column)| {
                Ok(match *kind.type_() {
                    Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map_or(Value::Null, Value::Integer),
                    Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map_or(Value::Null, Value::Blob),
                    _ => row.try_get::<_, Option<String>>(column)?.map_or(Value::Null, Value::Text),
                })
            };
            each(Row(row.columns().iter().enumerate().map(value).collect::<Result<_, postgres::Error>>()?))?;
        }
        Ok(())
    }

    fn migrations(&self) -> &'static [&'static str] {
        migrations::POSTGRESQL
    }
}

impl From<postgres::Error> for DatabaseError {
    fn from(error: postgres::Error) -> Self {
        let state = error.code();
        let failure = match state {
            Some(&(SqlState::LOCK_NOT_AVAILABLE | SqlState::T_R_DEADLOCK_DETECTED)) => Failure::Busy,
            Some(&SqlState::DISK_FULL) => Failure::Full,
            Some(&(SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE)) => Failure::ReadOnly,
            Some(&(SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED)) => Failure::Corrupt,
            Some(
                &(SqlState::INVALID_PASSWORD
                | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
                | SqlState::INVALID_CATALOG_NAME),
            ) => Failure::Denied,
            Some(&(SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN)) => Failure::Gone,
            Some(&SqlState::CANNOT_CONNECT_NOW) => Failure::Unreachable,
            Some(_) => Failure::Refused,
            None if error.is_closed() => Failure::Gone,
            None => Failure::of_client(&error),
        };
        Self::new(failure, error)
    }
}

impl Failure {
    /// The kind of a failure that the client reports, not the server. The driver has no codes for
    /// these, only texts.
    fn of_client(error: &postgres::Error) -> Self {
        let text = error.to_string();
        if text.starts_with("error connecting") || text.starts_with("timeout") {
            Self::Unreachable
        } else if text.starts_with("error communicating") || text.starts_with("connection closed") {
            Self::Gone
        } else if text.starts_with("invalid configuration") || text.starts_with("authentication") {
            Self::Denied
        } else {
            Self::Refused
        }
    }
}
