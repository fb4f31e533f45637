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
use cqm_core::status::ListUri;
use cqm_sign::DigestAlgorithm;
use cqm_status::{Digest, Seen, VerifiedList};
use cqm_verify::Verifier;
use tempfile::NamedTempFile;

use crate::terminal::print_warning;

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
    let shown = folder.display();
    let newer: Vec<Given> = verifier.status_lists().iter().map(|list| Given::new(list, &folder)).collect();
    for given_list in newer {
        let bytes = given.iter().find(|bytes| Digest::of_list(bytes) == given_list.seen.digest);
        let bytes = bytes.map_or(&[][..], |bytes| bytes.trim_ascii());
        let what = || format!("`{shown}` can't be used to keep status lists in mind");
        given_list.remember(bytes, &folder, verifier).with_context(what)?;
    }
    Ok(())
}

/// An authentic list, and where the newest of its name is kept.
struct Given {
    path: PathBuf,
    uri: ListUri,
    seen: Seen,
}

impl Given {
    fn new(list: &VerifiedList, folder: &Path) -> Self {
        Self { path: folder.join(file_name(list)), uri: list.list().uri().clone(), seen: Seen::from(list) }
    }

    fn remember(&self, bytes: &[u8], folder: &Path, verifier: &mut Verifier) -> io::Result<()> {
        if read(&self.path)?.is_some_and(|kept| kept == bytes) {
            return Ok(());
        }
        // Several runs at once: each looks again when it is its turn, so that what is kept never gets older. A folder
        // that can only be read still tells what was seen.
        let lock = fs::create_dir_all(folder).and_then(|()| File::create(folder.join(".lock")));
        let lock = lock.and_then(|lock| lock.lock().map(|()| lock));
        let kept = read(&self.path)?.and_then(|kept| self.recall(&kept, verifier));
        let _lock = lock?;
        if kept.is_none_or(|seq| seq < self.seen.seq) {
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&self.path).map_err(|error| error.error)?;
        }
        Ok(())
    }

    /// Tells the verifier which list was seen before, if what is kept is one. Gives its number.
    fn recall(&self, kept: &[u8], verifier: &mut Verifier) -> Option<u64> {
        let why = match verifier.saw_status_list(kept) {
            Ok(kept) if *kept.list().uri() == self.uri => return Some(kept.list().seq()),
            Ok(_) => "it has another name".to_owned(),
            Err(error) => error.to_string(),
        };
        print_warning(format_args!("`{}` is ignored, it is no list to trust: {why}", self.path.display()));
        None
    }
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match cqm_files::read_up_to(path, LIST_LIMIT) {
        Ok(cqm_files::Content::Whole(bytes)) => Ok(Some(bytes)),
        Ok(cqm_files::Content::LargerThan(_)) => Ok(Some(Vec::new())),
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
