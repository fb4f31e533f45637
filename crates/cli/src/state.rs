//! What this machine keeps in mind of the status lists that it has seen: the newest of each, so that an older one shows.
//!
//! A list is kept whole, as it came. So what is remembered is believed for its signature alone: a file that someone put
//! there, or changed, proves nothing and is ignored.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use cqm_sign::DigestAlgorithm;
use cqm_status::{Digest, VerifiedList};
use cqm_verify::Verifier;
use tempfile::NamedTempFile;

use crate::{
    input::{self, Content},
    terminal::print_warning,
};

/// No status list is larger.
const LIST_LIMIT: u64 = 4 << 20;

/// Tells the verifier which lists were seen before, and keeps those of `given` in mind that are newer.
///
/// An error means that the folder can't be used; what could be told has been told.
pub(crate) fn remember(verifier: &mut Verifier, given: &[Vec<u8>], folder: Option<&Path>) -> anyhow::Result<()> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => default_folder().context("no folder to keep status lists in mind: --state-dir names one")?,
    };
    let folder = folder.join("status");
    let lists: Vec<(PathBuf, VerifiedList)> =
        verifier.status_lists().iter().map(|list| (folder.join(file_name(list)), list.clone())).collect();
    for (path, list) in lists {
        let bytes = given.iter().find(|bytes| Digest::of_list(bytes) == list.digest()).map_or(&[][..], Vec::as_slice);
        let what = || format!("`{}` can't be used to keep status lists in mind", folder.display());
        remember_one(verifier, &path, &list, bytes.trim_ascii()).with_context(what)?;
    }
    Ok(())
}

fn remember_one(verifier: &mut Verifier, path: &Path, list: &VerifiedList, bytes: &[u8]) -> io::Result<()> {
    if read(path)?.is_some_and(|kept| kept == bytes) {
        return Ok(());
    }
    // Several runs at once: each looks again when it is its turn, so that what is kept never gets older.
    let folder = path.parent().unwrap_or(Path::new("."));
    let can_write = fs::create_dir_all(folder).and_then(|()| File::create(folder.join(".lock")));
    let can_write = can_write.and_then(|lock| lock.lock().map(|()| lock));
    let kept = match read(path)? {
        None => None,
        Some(kept) => match verifier.saw_status_list(&kept) {
            Ok(kept) if kept.list().uri() == list.list().uri() => Some(kept.list().seq()),
            Ok(_) => None,
            Err(error) => {
                let path = path.display();
                print_warning(format_args!("`{path}` is ignored: it is no list that you can trust ({error})"));
                None
            }
        },
    };
    let lock = can_write?;
    if kept.is_none_or(|seq| seq < list.list().seq()) {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
    }
    drop(lock);
    Ok(())
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match input::read_up_to(path, LIST_LIMIT) {
        Ok(Content::Whole(bytes)) => Ok(Some(bytes)),
        Ok(Content::LargerThan(_)) => Ok(Some(Vec::new())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A list of the same name under another root is another list.
fn file_name(list: &VerifiedList) -> String {
    let root = list.path().root().fingerprint();
    let digest = DigestAlgorithm::Sha256.digest(&[&root, list.list().uri().as_str().as_bytes()]);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.jwt")
}

/// By the XDG Base Directory Specification, which ignores relative paths.
fn default_folder() -> Option<PathBuf> {
    let folder = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    Some(state?.join("cqm"))
}
