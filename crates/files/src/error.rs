//! The errors of writing.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::shown;

/// The reason that a file or folder was not written. Nothing was left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The name is taken.
    #[error("`{}` already exists\nhint: choose another name; existing files are never replaced", shown(path))]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("`{}` could not be written; nothing was left behind", shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        #[source]
        error: io::Error,
    },
    /// The folder could not be created or used.
    #[error("folder `{}` could not be created", shown(path))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the system.
        #[source]
        error: io::Error,
    },
}

impl FileError {
    /// The error for writing a file, with a name of its own if the file already exists.
    pub(crate) fn write(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Write { path, error },
        }
    }

    /// The error for creating a folder.
    pub(crate) fn folder(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Folder { path, error },
        }
    }
}
