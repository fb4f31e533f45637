//! The errors of a database.

use super::UnexpectedValue;

/// The database did not do what it was asked to. The transaction is rolled back.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
#[non_exhaustive]
pub struct DatabaseError {
    failure: Failure,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl DatabaseError {
    pub(crate) fn new(failure: Failure, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { failure, source: Some(source.into()) }
    }

    /// The kind of the failure, which decides what the user can do about it.
    pub fn failure(&self) -> Failure {
        self.failure
    }
}

impl From<Failure> for DatabaseError {
    fn from(failure: Failure) -> Self {
        Self { failure, source: None }
    }
}

impl From<UnexpectedValue> for DatabaseError {
    fn from(error: UnexpectedValue) -> Self {
        Self::new(Failure::Corrupt, error)
    }
}

/// A kind of failure, told apart by what the user can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// There is no register at this location.
    #[error("there is no register")]
    Missing,
    /// The name of a new register is taken.
    #[error("there is something already\nhint: choose another name; nothing is ever replaced")]
    Exists,
    /// The file or database is not a register.
    #[error("it is not a register of cqm")]
    Foreign,
    /// Another writer has held the register for a minute.
    #[error("another process has been writing to the register for a minute\nhint: try again; end a process that hangs")]
    Busy,
    /// The disk is full.
    #[error("the disk is full\nhint: make room and try again; nothing was changed")]
    Full,
    /// The user may only read the register.
    #[error("the register can't be written to\nhint: check the permissions of the file and of its folder")]
    ReadOnly,
    /// The file or a value in it is damaged.
    #[error("the register is damaged")]
    Corrupt,
    /// Reading or writing the file failed.
    #[error("the disk or the file system failed")]
    Io,
    /// The server does not answer.
    #[error("the database can't be reached\nhint: check that the server runs, and its address in the URL")]
    Unreachable,
    /// The server refused the user, the password or the database.
    #[error("the database refused the user")]
    Denied,
    /// The connection was lost; a commit may have been done or not.
    #[error("the database went away in the middle")]
    Gone,
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Refused,
}
