//! Writing files: whole or not at all, and never in the place of another.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tempfile::NamedTempFile;

/// Writes several files that belong together: all of them appear, or none. None replaces another file.
///
/// Each is written to a temporary file in its folder and synced; then each gets its name. A name that is taken in
/// between, or a failure, undoes the names given before it.
pub(crate) fn write_together(files: &[(&Path, &[u8])]) -> anyhow::Result<()> {
    for (path, _) in files {
        refuse_existing(path)?;
    }
    let mut waiting = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        waiting.push((*path, temporary(path, bytes).map_err(|error| cannot_write(path, error))?));
    }
    let mut named: Vec<&Path> = Vec::with_capacity(files.len());
    let named_all = waiting.into_iter().try_for_each(|(path, file)| {
        file.persist_noclobber(path).map_err(|error| cannot_write(path, error.error))?;
        named.push(path);
        sync_folder(path).map_err(|error| cannot_write(path, error))
    });
    if named_all.is_err() {
        for path in named {
            // Only files that this call made a moment ago are taken back.
            let _ = fs::remove_file(path);
        }
    }
    named_all
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
