//! What the memory could not do.

use std::{error::Error, io, iter, path::PathBuf};

use cqm_core::status::ListUri;
use cqm_files::FileError;
use cqm_sign::x509::CrlError;
use cqm_status::StatusListError;

/// A problem with the memory of status lists.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// A kept file is ignored, because it proves nothing.
    #[error("`{}` is damaged and ignored; delete it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        error: Damage,
    },
    /// The folder can't be read.
    #[error("the folder `{}` can't be read", path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// The error of the system.
        #[source]
        error: io::Error,
    },
    /// Something was seen for the first time, and can't be stored.
    #[error("what was seen can't be stored in the folder `{}`", path.display())]
    Write {
        /// The folder.
        path: PathBuf,
        /// The error of writing.
        #[source]
        error: WriteError,
    },
}

impl MemoryError {
    /// The message with the reasons, in one line.
    pub fn with_reasons(&self) -> String {
        let first: &dyn Error = self;
        let errors = iter::successors(Some(first), |error| (*error).source());
        let mut messages: Vec<String> = errors.map(ToString::to_string).collect();
        messages.dedup();
        messages.join(": ")
    }
}

/// The reason that a kept file proves nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The file can't be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// The file is too large.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The greatest number of bytes.
        limit: u64,
    },
    /// The content is not the one that the name of the file states.
    #[error("its content was changed")]
    Changed,
    /// The file is not an authentic status list.
    #[error("it is not an authentic status list: {0}")]
    List(#[from] StatusListError),
    /// The file is a list of another name or root.
    #[error("it is the status list {found}, which does not belong there")]
    AnotherList {
        /// The name of the list in the file.
        found: ListUri,
    },
    /// The file is not a CRL.
    #[error(transparent)]
    Crl(#[from] CrlError),
}

/// The reason that something can't be stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The folder can't be created or locked, or a file can't be removed.
    #[error(transparent)]
    Folder(#[from] io::Error),
    /// A file can't be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The folder contains as many files as it may.
    #[error("it contains {limit} files, and takes no more")]
    Full {
        /// The greatest number of files.
        limit: usize,
    },
}
