//! Writing files: whole or not at all, and never in the place of another.

use std::{
    fs, io,
    io::{Seek as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tempfile::NamedTempFile;

/// Writes several files that belong together: all of them appear, or none. None replaces another file.
pub(crate) fn write_together(files: &[(&Path, &[u8])]) -> anyhow::Result<()> {
    Waiting::new(files)?.appear()
}

/// Files that belong together, each under a temporary name in its folder, and synced.
pub(crate) struct Waiting(Vec<(PathBuf, NamedTempFile)>);

impl Waiting {
    /// Writes the files. None has a name that is taken.
    pub(crate) fn new(files: &[(&Path, &[u8])]) -> anyhow::Result<Self> {
        for (path, _) in files {
            refuse_existing(path)?;
        }
        Self::written(files)
    }

    /// Makes room for files that are to be written later by [`Self::overwrite`].
    pub(crate) fn with_room(files: &[(&Path, usize)]) -> anyhow::Result<Self> {
        let zeros: Vec<(&Path, Vec<u8>)> = files.iter().map(|(path, len)| (*path, vec![0; *len])).collect();
        Self::written(&zeros.iter().map(|(path, zeros)| (*path, zeros.as_slice())).collect::<Vec<_>>())
    }

    fn written(files: &[(&Path, &[u8])]) -> anyhow::Result<Self> {
        let write = |(path, bytes): &(&Path, &[u8])| {
            let file = temporary(path, bytes).map_err(|error| cannot_write(path, error))?;
            Ok((path.to_path_buf(), file))
        };
        files.iter().map(write).collect::<anyhow::Result<_>>().map(Self)
    }

    /// Writes other bytes of the same length.
    pub(crate) fn overwrite(&mut self, contents: &[&[u8]]) -> anyhow::Result<()> {
        for ((path, file), bytes) in self.0.iter_mut().zip(contents) {
            let file = file.as_file_mut();
            let write = file.rewind().and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
            write.map_err(|error| cannot_write(path, error))?;
        }
        Ok(())
    }

    /// Gives each its name. A name that is taken in between, or a failure, undoes the names given before it.
    pub(crate) fn appear(self) -> anyhow::Result<()> {
        let mut named: Vec<PathBuf> = Vec::with_capacity(self.0.len());
        let named_all = self.0.into_iter().try_for_each(|(path, file)| {
            file.persist_noclobber(&path).map_err(|error| cannot_write(&path, error.error))?;
            named.push(path.clone());
            sync_folder(&path).map_err(|error| cannot_write(&path, error))
        });
        if named_all.is_err() {
            for path in named {
                // Only files that this call made a moment ago are taken back.
                let _ = fs::remove_file(path);
            }
        }
        named_all
    }

    /// Gives each its name, and replaces what has it.
    pub(crate) fn replace(self) -> anyhow::Result<()> {
        self.0.into_iter().try_for_each(|(path, file)| {
            file.persist(&path).map_err(|error| cannot_write(&path, error.error))?;
            sync_folder(&path).map_err(|error| cannot_write(&path, error))
        })
    }
}

/// Fails when something has this name already.
pub(crate) fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    Ok(())
}

fn exists(path: &Path) -> anyhow::Error {
    anyhow::anyhow!("`{}` exists already\nhint: choose another name; nothing is ever replaced", path.display())
}

fn cannot_write(path: &Path, error: io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return exists(path);
    }
    anyhow::Error::from(error).context(format!("`{}` could not be written; nothing was left behind", path.display()))
}

fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cqm-");
    #[cfg(unix)]
    {
        // Letters are meant to be read by all; the umask still applies.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // The errors of `tempfile` name its own file, which says nothing to the reader.
    let mut temporary = builder.tempfile_in(folder(path)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(error.kind(), "its folder does not exist"),
        kind => kind.into(),
    })?;
    let file = temporary.as_file_mut();
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(temporary)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder(path))?.sync_all() } else { Ok(()) }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a folder that must not exist yet.
pub(crate) fn new_folder(path: &Path) -> anyhow::Result<()> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(error).with_context(|| format!("the folder `{}` could not be made", path.display())),
    }
}

/// The first of `name`, `name-2`, `name-3`, … that does not exist yet, as a folder made now.
pub(crate) fn fresh_folder(name: &str) -> anyhow::Result<PathBuf> {
    for number in 1_u32.. {
        let path = PathBuf::from(if number == 1 { name.to_owned() } else { format!("{name}-{number}") });
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("the folder `{}` could not be made", path.display()));
            }
        }
    }
    anyhow::bail!("no free name for the folder `{name}`")
}
