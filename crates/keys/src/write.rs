//! Writing a set of new files: all of them or none, and never over another.

use std::{
    fs::{self, DirBuilder},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{CertifyError, KeyError};

/// A file to be written.
pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) text: Zeroizing<String>,
    pub(crate) access: Access,
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The owner alone: mode 0600.
    Owner,
    /// Everyone: mode 0644.
    Everyone,
}

/// Writes all files into `dir`, which is made with mode 0700 if it is absent, or none of them.
///
/// Every file is complete on the disk, with its final mode, before the first gets its name.
pub(crate) fn write_new(dir: &Path, files: &[NewFile]) -> Result<(), WriteError> {
    for file in files {
        let path = dir.join(&file.name);
        if path.symlink_metadata().is_ok() {
            return Err(WriteError::Exists { path });
        }
    }
    let made = make_folder(dir)?;
    let result = place(dir, files);
    if result.is_err() && made {
        // Left in place if someone else has put a file there meanwhile.
        let _ = fs::remove_dir(dir);
    }
    result
}

fn place(dir: &Path, files: &[NewFile]) -> Result<(), WriteError> {
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        let path = dir.join(&file.name);
        match write_temporary(dir, file) {
            Ok(temporary) => ready.push((temporary, path)),
            Err(error) => return Err(WriteError::Write { path, error }),
        }
    }
    let mut placed = Vec::with_capacity(files.len());
    for (temporary, path) in ready {
        if let Err(error) = temporary.persist_noclobber(&path) {
            for path in placed {
                let _ = fs::remove_file(path);
            }
            return Err(match error.error.kind() {
                io::ErrorKind::AlreadyExists => WriteError::Exists { path },
                _ => WriteError::Write { path, error: error.error },
            });
        }
        placed.push(path);
    }
    sync_folder(dir).map_err(|error| WriteError::Folder { path: dir.to_owned(), error })
}

fn write_temporary(dir: &Path, file: &NewFile) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cqm-keys-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(match file.access {
            Access::Owner => 0o600,
            Access::Everyone => 0o644,
        }));
    }
    let mut temporary = builder.tempfile_in(dir)?;
    temporary.write_all(file.text.as_bytes())?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// Makes the folder if it is absent, and says whether it was.
fn make_folder(dir: &Path) -> Result<bool, WriteError> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(dir) {
        Ok(()) => Ok(true),
        Err(_) if dir.is_dir() => Ok(false),
        Err(error) => Err(WriteError::Folder { path: dir.to_owned(), error }),
    }
}

/// Makes the new names last: on Unix they are the folder's content.
fn sync_folder(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file of that name is there already.
    #[error("{} exists already and is not replaced\nhint: choose another folder", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The folder cannot be made or used.
    #[error("cannot use the folder {}: {error}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A key cannot be encoded.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A CRL cannot be encoded.
    #[error(transparent)]
    Issue(#[from] CertifyError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> NewFile {
        NewFile { name: name.to_owned(), text: Zeroizing::new("text".to_owned()), access: Access::Owner }
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            dir.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The second file cannot get its name, since its folder is missing; the first has its own by then.
    #[test]
    fn a_failure_half_way_leaves_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("keys");
        let failed = write_new(&dir, &[file("a"), file("missing/b"), file("c")]);
        assert!(matches!(failed, Err(WriteError::Write { .. })), "{failed:?}");
        assert_eq!(names(parent.path()), [""; 0], "the folder that was made is gone again");

        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("other"), "stays").unwrap();
        assert!(write_new(&dir, &[file("a"), file("missing/b"), file("c")]).is_err());
        assert_eq!(names(&dir), ["other"], "a folder that was there keeps what it had");

        write_new(&dir, &[file("a"), file("b"), file("c")]).unwrap();
        assert_eq!(names(&dir), ["a", "b", "c", "other"], "without the fault everything is there");
    }
}
