//! Reading files, never more than a limit of bytes.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use cqm_core::{Date, UnixTime};
use cqm_files::{Content, read_up_to};

/// No dossier, template, PEM or CRL is larger than this.
const TEXT_LIMIT: u64 = 16 << 20;

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
