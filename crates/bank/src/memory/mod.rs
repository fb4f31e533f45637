//! The memory of status lists and CRLs: what was seen before, so that nothing older is believed.
//!
//! Lists and CRLs are kept whole, as they came, and are believed only for their signatures. So a
//! file that someone else changed or put there proves nothing, and is ignored.

mod error;
mod folder;
mod recall;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use cqm_status::{Digest, SignedList, VerifiedList};
use cqm_verify::Verifier;

pub use error::{Damage, MemoryError, WriteError};
use folder::Folder;
use recall::Recall;

/// A folder that remembers the status lists that were seen of each name and root, as far as they
/// still matter, and the newest CRL of each issuer's key.
///
/// What is remembered only moves forward. Given lists are judged without the given CRLs, because
/// whoever asks chooses those: an old CRL, or none, forgets nothing. Only a CRL that says that
/// someone else has the key of a list's signer does.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: Folder,
}

impl Memory {
    /// The memory in a state folder, which need not exist yet. The files are in its folder
    /// `status`.
    pub fn new(state_folder: &Path) -> Self {
        Self { folder: Folder::new(state_folder.join("status")) }
    }

    /// The state folder of the XDG Base Directory Specification: `$XDG_STATE_HOME/cqm`, or
    /// `~/.local/state/cqm`. `variable` looks up a variable of the environment; relative paths are
    /// ignored, as the specification requires.
    pub fn default_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let folder = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
        Some(state?.join("cqm"))
    }

    /// Adds status lists to a verifier, together with what was seen before, and remembers what is
    /// new: these lists, and the CRLs that the verifier trusts. `given` are the lists' files; there
    /// may be none.
    ///
    /// The returned problems do not stop the verification. The verifier reports them too. There are
    /// none if everything was remembered.
    pub fn add_status_lists(&self, verifier: &mut Verifier, given: &[Vec<u8>]) -> Vec<MemoryError> {
        let problems = self.add(verifier, given).unwrap_or_else(|problem| vec![problem]);
        for problem in &problems {
            verifier.report_memory_problem(problem.with_reasons());
        }
        problems
    }

    fn add(&self, verifier: &mut Verifier, given: &[Vec<u8>]) -> Result<Vec<MemoryError>, MemoryError> {
        given.iter().for_each(|list| verifier.add_status_list(list));
        let given = authentic(verifier, given);
        let read = |error| MemoryError::Read { path: self.folder.path().to_owned(), error };
        let mut recall = Recall::read(&self.folder, verifier, &given).map_err(read)?;
        if !recall.is_settled(&self.folder).map_err(read)? {
            // Of several processes, each reads again when it has the lock. A folder that is
            // read-only still contains what was seen.
            let written = match self.folder.lock() {
                Ok(locked) => {
                    recall = Recall::read(&self.folder, verifier, &given).map_err(read)?;
                    recall.write(&locked)
                }
                Err(error) => Err(error.into()),
            };
            match written {
                // What is only superfluous may stay.
                Err(error) if recall.has_news() => {
                    recall.problems.push(MemoryError::Write { path: self.folder.path().to_owned(), error });
                }
                _ => {}
            }
        }
        recall.histories.into_iter().for_each(|history| verifier.remember_status_lists(history));
        Ok(recall.problems)
    }
}

/// A list with its file, without the white space around it.
struct Given<'a> {
    file: &'a [u8],
    list: VerifiedList,
}

/// The given lists that are authentic without the given CRLs.
fn authentic<'a>(verifier: &Verifier, given: &'a [Vec<u8>]) -> Vec<Given<'a>> {
    let trust = verifier.trust().without_crls();
    let verify = |file: &'a Vec<u8>| {
        let file = file.trim_ascii();
        let digest = Digest::of_list(file);
        let list = match verifier.status_lists().iter().find(|list| list.digest() == digest) {
            Some(list) => list.clone(),
            None => SignedList::parse(file).and_then(|list| list.verify(&trust)).ok()?,
        };
        Some(Given { file, list })
    };
    given.iter().filter_map(verify).collect()
}
