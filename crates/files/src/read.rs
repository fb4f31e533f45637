//! Reading with a limit.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use crate::open::open_own;

/// The content of a file that was read with a limit.
#[derive(Debug)]
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// The file has more bytes than this limit; its end was not read.
    LargerThan(u64),
}

/// Reads a file, unless it has more than `limit` bytes.
///
/// Opening a named pipe waits until another process writes into it, perhaps forever, so named pipes
/// are refused. Pipes in `/dev` and `/proc`, which a shell makes for a command, have a writer and
/// are read.
///
/// # Errors
/// If the path is a folder or a named pipe, or the system refuses.
pub fn read_up_to(path: &Path, limit: u64) -> io::Result<Content> {
    refuse_named_pipe(path)?;
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    read(file, limit)
}

/// Reads a file that the program has written, unless it has more than `limit` bytes. Another user
/// may have replaced it: anything but a file, a symbolic link too, is refused without waiting.
///
/// # Errors
/// If the path is not a file, or the system refuses.
pub fn read_own(path: &Path, limit: u64) -> io::Result<Content> {
    read(open_own(path, File::options().read(true))?, limit)
}

fn read(file: File, limit: u64) -> io::Result<Content> {
    let metadata = file.metadata()?;
    if metadata.len() > limit {
        return Ok(Content::LargerThan(limit));
    }
    // The length is only a guess for a pipe or a growing file, so the reader is limited too.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Ok(Content::LargerThan(limit)) } else { Ok(Content::Whole(bytes)) }
}

#[cfg(unix)]
fn refuse_named_pipe(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt as _;
    let of_shell = path.starts_with("/dev") || path.starts_with("/proc");
    if !of_shell && path.metadata()?.file_type().is_fifo() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a named pipe, not a file"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_named_pipe(_: &Path) -> io::Result<()> {
    Ok(())
}
