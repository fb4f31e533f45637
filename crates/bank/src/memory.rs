//! The memory of status lists: the newest list seen of each name, so that an older one is noticed.
//!
//! Lists are kept whole, as they came, and are believed only for their signatures. So a file that
//! someone else changed or put there proves nothing, and is ignored.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use cqm_core::status::ListUri;
use cqm_files::{Access, Content, FileError, NewFile, Staged, read_up_to, shown};
use cqm_sign::DigestAlgorithm;
use cqm_status::{Digest, Seen, StatusListError, VerifiedList};
use cqm_verify::Verifier;

/// The size limit of a kept list, 4 MiB. No status list is larger.
const LIST_LIMIT: u64 = 4 << 20;

/// A folder that remembers the newest status list seen of each name and root.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
}

impl Memory {
    /// The memory in a state folder, which need not exist yet. The lists are in its folder
    /// `status`.
    pub fn new(state_folder: &Path) -> Self {
        Self { folder: state_folder.join("status") }
    }

    /// The state folder of the XDG Base Directory Specification: `$XDG_STATE_HOME/cqm`, or
    /// `~/.local/state/cqm`. `variable` looks up a variable of the environment; relative paths are
    /// ignored, as the specification requires.
    pub fn default_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let folder = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
        Some(state?.join("cqm"))
    }

    /// Passes the remembered lists to the verifier, and stores each list of `given` that is newer.
    /// `given` are the files that were added to the verifier.
    ///
    /// The returned problems do not stop the verification. There are none if everything was
    /// stored.
    pub fn remember(&self, verifier: &mut Verifier, given: &[Vec<u8>]) -> Vec<MemoryError> {
        let mut problems = Vec::new();
        let slots: Vec<Slot> = verifier.status_lists().iter().map(|list| Slot::new(list, &self.folder)).collect();
        for slot in slots {
            let list = given.iter().find(|list| Digest::of_list(list) == slot.seen.digest);
            let list = list.map_or(&[][..], |list| list.trim_ascii());
            if let Err(error) = self.remember_list(&slot, list, verifier, &mut problems) {
                // The other lists are in the same folder.
                problems.push(MemoryError::Folder { path: self.folder.clone(), error });
                break;
            }
        }
        problems
    }

    fn remember_list(
        &self,
        slot: &Slot,
        list: &[u8],
        verifier: &mut Verifier,
        problems: &mut Vec<MemoryError>,
    ) -> Result<(), FolderError> {
        if read(&slot.path)?.is_some_and(|kept| kept == list) {
            return Ok(());
        }
        // Of several processes, each reads again when it has the lock, so that the kept list never
        // gets older. A folder that is read-only still contains what was seen.
        let lock = fs::create_dir_all(&self.folder).and_then(|()| File::create(self.folder.join(".lock")));
        let lock = lock.and_then(|lock| lock.lock().map(|()| lock));
        let kept = match read(&slot.path)?.map(|kept| slot.recall(&kept, verifier)) {
            Some(Ok(seq)) => Some(seq),
            Some(Err(problem)) => {
                problems.push(problem);
                None
            }
            None => None,
        };
        let _lock = lock?;
        if kept.is_none_or(|seq| seq < slot.seen.seq) {
            let file = NewFile { path: &slot.path, bytes: list, access: Access::Owner };
            Staged::write(&[file])?.replace()?;
        }
        Ok(())
    }
}

/// The place in the folder for lists of one name and root, and the authentic list that was given.
struct Slot {
    path: PathBuf,
    uri: ListUri,
    seen: Seen,
}

impl Slot {
    fn new(list: &VerifiedList, folder: &Path) -> Self {
        Self { path: folder.join(file_name(list)), uri: list.list().uri().clone(), seen: Seen::from(list) }
    }

    /// Gives the kept list to the verifier, which remembers every authentic list. Returns the
    /// list's `seq`, or an error if it is not the list of this slot.
    fn recall(&self, kept: &[u8], verifier: &mut Verifier) -> Result<u64, MemoryError> {
        match verifier.saw_status_list(kept) {
            Ok(list) if *list.list().uri() == self.uri => Ok(list.list().seq()),
            Ok(list) => Err(MemoryError::AnotherList {
                path: self.path.clone(),
                expected: self.uri.clone(),
                found: list.list().uri().clone(),
            }),
            Err(error) => Err(MemoryError::NotAuthentic { path: self.path.clone(), error }),
        }
    }
}

/// The content of a kept file; empty if it is too large for a list.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match read_up_to(path, LIST_LIMIT) {
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
    let name: Vec<u8> = digest.iter().copied().take(16).collect();
    format!("{}.jwt", base16ct::lower::encode_string(&name))
}

/// A problem with the memory of status lists.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// A kept file is ignored and replaced, because it is not an authentic status list.
    #[error("`{}` is ignored, it is not an authentic status list", shown(path))]
    NotAuthentic {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        error: StatusListError,
    },
    /// A kept file is ignored and replaced, because it is a list of another name.
    #[error("`{}` is ignored, it is the status list {found}: expected {expected}", shown(path))]
    AnotherList {
        /// The file.
        path: PathBuf,
        /// The name of the list that belongs there.
        expected: ListUri,
        /// The name of the list in the file.
        found: ListUri,
    },
    /// The folder cannot be read or written, so not every list was remembered.
    #[error("status lists cannot be stored in the folder `{}`", shown(path))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of reading or writing.
        #[source]
        error: FolderError,
    },
}

/// The error of reading or writing the folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A file cannot be read, or the folder cannot be created or locked.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// A list cannot be written.
    #[error(transparent)]
    Write(#[from] FileError),
}
