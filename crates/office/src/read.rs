//! Reading small files of the office.

use std::{io, path::Path};

use cqm_files::{Content, read_up_to};

use crate::OfficeError;

/// The largest file that is read: templates, PEM files and status lists are smaller.
const LIMIT: u64 = 16 << 20;

/// Reads a whole small file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, OfficeError> {
    let error = |source| OfficeError::Read { path: path.to_owned(), source };
    match read_up_to(path, LIMIT).map_err(error)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::LargerThan(limit) => {
            let what = format!("it has more than {} MB", limit >> 20);
            Err(error(io::Error::new(io::ErrorKind::FileTooLarge, what)))
        }
    }
}

/// Reads a whole small file of UTF-8 text.
pub(crate) fn text(path: &Path) -> Result<String, OfficeError> {
    let error = |source| OfficeError::NotText { path: path.to_owned(), source };
    String::from_utf8(bytes(path)?).map_err(error)
}
