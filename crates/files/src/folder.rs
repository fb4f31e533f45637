//! New folders.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::FileError;

/// Creates a folder that must not exist yet.
///
/// # Errors
/// If the name is taken, or the system refuses.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    fs::create_dir(path).map_err(|error| FileError::folder(path, error))
}

/// Creates the first of the folders `name`, `name-2`, `name-3`, … whose name is free.
///
/// # Errors
/// If the system refuses.
pub fn fresh_folder(name: &str) -> Result<PathBuf, FileError> {
    let mut number = 1_u32;
    loop {
        let path = PathBuf::from(if number == 1 { name.to_owned() } else { format!("{name}-{number}") });
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < u32::MAX => number += 1,
            Err(error) => return Err(FileError::folder(&path, error)),
        }
    }
}
