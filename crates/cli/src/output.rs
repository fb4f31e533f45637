//! Writing files: whole or not at all, and never in the place of another.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tempfile::NamedTempFile;

use crate::terminal::Hinted;

/// Writes several files that belong together: all of them appear, or none. None replaces another file.
///
/// Each is written to a temporary file in its folder and synced; then each gets its name. A name that is taken in
/// between undoes the names given before it.
pub(crate) fn write_together(files: &[(&Path, &[u8])]) -> anyhow::Result<()> {
    for (path, _) in files {
        refuse_existing(path)?;
    }
    let mut waiting = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        waiting.push((*path, temporary(path, bytes).map_err(|error| cannot_write(path, error))?));
    }
    let mut named: Vec<&Path> = Vec::with_capacity(files.len());
    for (path, file) in waiting {
        if let Err(error) = file.persist_noclobber(path) {
            for path in named {
                // Only files that this call made a moment ago are taken back.
                let _ = fs::remove_file(path);
            }
            return Err(cannot_write(path, error.error));
        }
        named.push(path);
    }
    for path in named {
        sync_folder(path).map_err(|error| cannot_write(path, error))?;
    }
    Ok(())
}

/// Fails when something has this name already.
pub(crate) fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    Ok(())
}

fn exists(path: &Path) -> anyhow::Error {
    Hinted::new(
        anyhow::anyhow!("`{}` exists already", path.display()),
        "choose another name, or move that file away; nothing is ever replaced",
    )
    .into()
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
    let mut file = builder.tempfile_in(folder(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
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
