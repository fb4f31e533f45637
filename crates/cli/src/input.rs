//! Reads small files, with a size limit.

use std::path::Path;

use anyhow::Context as _;
use cqm_files::{Content, read_up_to, shown};

/// The size limit of dossiers, templates, PEM files, CRLs and status lists: 16 MiB.
const LIMIT: u64 = 16 << 20;

/// Reads a small file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let what = || format!("`{}` could not be read", shown(path));
    match read_up_to(path, LIMIT).with_context(what)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::LargerThan(limit) => Err(anyhow::anyhow!("it has more than {} MiB", limit >> 20)).with_context(what),
    }
}

/// Reads a small file of UTF-8 text.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    String::from_utf8(read(path)?).with_context(|| format!("`{}` is not UTF-8 text", shown(path)))
}
