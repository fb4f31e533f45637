//! Writing: under temporary names first, then all files get their names, or none.

use std::{
    fs, io,
    io::{Seek as _, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{FileError, folder::ensure_private_folder};

/// The beginning of the names of temporary files.
pub const TEMPORARY_PREFIX: &str = ".cqm-";

/// The users who may read and write a new file, where the system has such permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only the owner: mode 0600.
    Owner,
    /// Everyone reads, only the owner writes: mode 0644 before the umask applies.
    OwnerWrites,
    /// Everyone reads and writes, as far as the umask allows: mode 0666 before it applies.
    Everyone,
}

/// A file to write.
#[derive(Clone, Copy)]
pub struct NewFile<'a> {
    /// Its path. The folder must exist.
    pub path: &'a Path,
    /// Its content.
    pub bytes: &'a [u8],
    /// Who may read and write it.
    pub access: Access,
}

/// Writes several files that belong together: all of them appear, or none. Existing files are never
/// replaced.
///
/// # Errors
/// If a name is taken or a file cannot be written. Nothing is left behind.
pub fn write_new(files: &[NewFile<'_>]) -> Result<(), FileError> {
    for file in files {
        refuse_existing(file.path)?;
    }
    Staged::write(files)?.persist()
}

/// Writes several files into a folder, as [`write_new`] does. Their paths are relative to the
/// folder.
///
/// A folder that does not exist is created with mode 0700, and removed again if the files cannot be
/// written.
///
/// # Errors
/// If the folder cannot be created, a name is taken, or a file cannot be written. Nothing is left
/// behind.
pub fn write_new_in(folder: &Path, files: &[NewFile<'_>]) -> Result<(), FileError> {
    let is_created = ensure_private_folder(folder)?;
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file.path)).collect();
    let files: Vec<NewFile<'_>> = files.iter().zip(&paths).map(|(file, path)| NewFile { path, ..*file }).collect();
    let result = write_new(&files);
    if result.is_err() && is_created {
        // Fails if another program has put a file there meanwhile; then the folder stays.
        let _ = fs::remove_dir(folder);
    }
    result
}

/// Fails if something with this name exists, even a broken symbolic link.
///
/// # Errors
/// If the name is taken.
pub fn refuse_existing(path: &Path) -> Result<(), FileError> {
    match path.symlink_metadata() {
        Ok(_) => Err(FileError::Exists { path: path.to_owned() }),
        Err(_) => Ok(()),
    }
}

/// Files that belong together, written and synced under temporary names in their folders.
///
/// Dropping it removes the temporary files.
#[derive(Debug)]
pub struct Staged(Vec<(PathBuf, NamedTempFile)>);

impl Staged {
    /// Writes the files under temporary names.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(files: &[NewFile<'_>]) -> Result<Self, FileError> {
        let stage = |file: &NewFile<'_>| {
            let temporary = temporary(file).map_err(|error| FileError::write(file.path, error))?;
            Ok((file.path.to_owned(), temporary))
        };
        files.iter().map(stage).collect::<Result<_, _>>().map(Self)
    }

    /// Reserves the space for files of these sizes, which [`fill`](Self::fill) writes later. So a
    /// full disk is found before the content exists.
    ///
    /// # Errors
    /// If the space cannot be reserved.
    pub fn reserve(files: &[(&Path, usize)]) -> Result<Self, FileError> {
        let zeros: Vec<Vec<u8>> = files.iter().map(|(_, size)| vec![0; *size]).collect();
        let files: Vec<NewFile<'_>> = files
            .iter()
            .zip(&zeros)
            .map(|((path, _), bytes)| NewFile { path, bytes, access: Access::Everyone })
            .collect();
        Self::write(&files)
    }

    /// Writes the content of reserved files, in the order of [`reserve`](Self::reserve) and in the
    /// reserved sizes.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn fill(&mut self, contents: &[&[u8]]) -> Result<(), FileError> {
        for ((path, file), bytes) in self.0.iter_mut().zip(contents) {
            let file = file.as_file_mut();
            let write = file.rewind().and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
            write.map_err(|error| FileError::write(path, error))?;
        }
        Ok(())
    }

    /// Renames all files into place, or removes them. It fails if a name was taken meanwhile.
    ///
    /// # Errors
    /// If a file cannot be renamed. Nothing is left behind.
    pub fn persist(self) -> Result<(), FileError> {
        let mut named: Vec<PathBuf> = Vec::with_capacity(self.0.len());
        let result = self.0.into_iter().try_for_each(|(path, file)| {
            file.persist_noclobber(&path).map_err(|error| FileError::write(&path, error.error))?;
            named.push(path.clone());
            sync_folder(&path).map_err(|error| FileError::write(&path, error))
        });
        if result.is_err() {
            for path in named {
                // Removes only files that this call named a moment ago.
                let _ = fs::remove_file(path);
            }
        }
        result
    }

    /// Renames all files into place, over files of the same names.
    ///
    /// # Errors
    /// If a file cannot be renamed. Files before it have been replaced.
    pub fn replace(self) -> Result<(), FileError> {
        self.0.into_iter().try_for_each(|(path, file)| {
            file.persist(&path).map_err(|error| FileError::write(&path, error.error))?;
            sync_folder(&path).map_err(|error| FileError::write(&path, error))
        })
    }
}

fn temporary(file: &NewFile<'_>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(match file.access {
            Access::Owner => 0o600,
            Access::OwnerWrites => 0o644,
            Access::Everyone => 0o666,
        }));
    }
    // The errors of `tempfile` name the temporary file, which means nothing to the user.
    let mut temporary = builder.tempfile_in(folder(file.path)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(error.kind(), "its folder does not exist"),
        kind => kind.into(),
    })?;
    let target = temporary.as_file_mut();
    target.write_all(file.bytes)?;
    target.sync_all()?;
    Ok(temporary)
}

/// Makes a new name last: on Unix it is part of the folder's content.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder(path))?.sync_all() } else { Ok(()) }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
