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

/// Creates a folder and those above it, as far as they don't exist. Only the owner may use the new
/// ones: mode 0700.
///
/// # Errors
/// If the system refuses.
pub fn create_private_folders(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Creates a folder with mode 0700, unless it exists. Returns whether it was created.
pub(crate) fn ensure_private_folder(path: &Path) -> Result<bool, FileError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Ok(()) => Ok(true),
        Err(_) if path.is_dir() => Ok(false),
        // The system reports only that the name is taken.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let error = io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder");
            Err(FileError::folder(path, error))
        }
        Err(error) => Err(FileError::folder(path, error)),
    }
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
