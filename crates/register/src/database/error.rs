//! What can go wrong with a database.

use super::UnexpectedValue;

/// Why the database did not do what it was asked to. What was begun is undone then.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct DatabaseError {
    pub(crate) failure: Failure,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl DatabaseError {
    pub(crate) fn new(failure: Failure, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { failure, source: Some(source.into()) }
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

/// The kinds of failures, as far as the reader can do something about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no register\nhint: `cqm register init` makes one")]
    Missing,
    #[error("there is something already\nhint: choose another name; nothing is ever replaced")]
    Exists,
    #[error("it is no register of cqm")]
    Foreign,
    #[error("somebody else has been writing to the register for a minute\nhint: try again; end a `cqm` that hangs")]
    Busy,
    #[error("the disk is full\nhint: make room and try again; nothing was changed")]
    Full,
    #[error("the register can't be written to\nhint: check the permissions of the file and of its folder")]
    ReadOnly,
    #[error("the register is damaged\nhint: restore it from a copy; `cqm register verify` says whether a copy is good")]
    Corrupt,
    #[error("the disk or the file system failed")]
    Io,
    #[error("the database can't be reached\nhint: check that the server runs, and its address in the URL")]
    Unreachable,
    #[error(
        "the database refused the user\nhint: check the user, the password (PGPASSWORD) and the database in the URL"
    )]
    Denied,
    #[error(
        "the database went away in the middle\nhint: `cqm register log` shows whether it was done; if not, try again"
    )]
    Gone,
    #[error("the database refused a statement")]
    Refused,
}
