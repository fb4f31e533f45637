//! Reading files, never more than a limit of bytes.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use cqm_core::{Date, UnixTime};

/// No dossier, template, PEM or CRL is larger than this.
const TEXT_LIMIT: u64 = 16 << 20;

/// What was read of a file.
pub(crate) enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// It has more bytes than the limit; it was not read to the end.
    LargerThan(u64),
}

/// Reads a file, unless it has more than `limit` bytes.
pub(crate) fn read_up_to(path: &Path, limit: u64) -> io::Result<Content> {
    refuse_named_pipe(path)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    if metadata.len() > limit {
        return Ok(Content::LargerThan(limit));
    }
    // The length may lie (a pipe, a growing file): the reader counts again.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Ok(Content::LargerThan(limit)) } else { Ok(Content::Whole(bytes)) }
}

/// To open a named pipe waits until somebody writes into it, perhaps forever: one among many files would stop them all. The pipes that a
/// shell makes for a command stand in `/dev` and `/proc`, and have a writer.
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

/// Reads a whole small file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let what = || format!("`{}` could not be read", path.display());
    match read_up_to(path, TEXT_LIMIT).with_context(what)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::LargerThan(limit) => Err(anyhow::anyhow!("it has more than {} MB", limit >> 20)).with_context(what),
    }
}

/// Reads a whole small file of UTF-8 text.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    String::from_utf8(read(path)?).with_context(|| format!("`{}` is not UTF-8 text", path.display()))
}

/// The clock of this machine.
pub(crate) fn now() -> anyhow::Result<UnixTime> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock of this machine is before 1970")?;
    Ok(UnixTime::new(i64::try_from(since.as_secs())?))
}

/// The UTC day of the machine's clock.
pub(crate) fn today() -> anyhow::Result<Date> {
    now()?.date().context("the clock of this machine is beyond the calendar")
}
