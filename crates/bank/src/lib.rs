//! The bank's side on disk: the memory of status lists and CRLs, and batches of files.
//!
//! | to | use |
//! | --- | --- |
//! | verify files on all processors, in their order | [`verify_files`] |
//! | notice a status list that is older than one seen before, or contradicts it | [`Memory`] |
//! | find the folder for that in the user's environment | [`Memory::default_folder`] |
//!
//! The crate prints nothing and has no clock: the time is part of the question.
//!
//! ```
//! use cqm_bank::{Memory, verify_files};
//! use cqm_core::{Date, Verdict};
//! use cqm_sign::x509::TrustStore;
//! use cqm_verify::{Question, Verifier};
//!
//! # let root = include_str!("../../../keys-test/root.pem");
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("letter.pdf");
//! # std::fs::write(&file, "some file")?;
//! # let lists: Vec<Vec<u8>> = Vec::new();
//! let mut verifier = Verifier::new(TrustStore::from_pem(root)?);
//! let problems = Memory::new(folder.path()).add_status_lists(&mut verifier, &lists);
//! assert!(problems.is_empty());
//!
//! let at = "2024-01-31".parse::<Date>()?.end();
//! let question = Question::new(at);
//! for (path, report) in verify_files(&verifier, &question, &[file]) {
//!     assert!(path.ends_with("letter.pdf"));
//!     assert_eq!(report?.verdict(), Verdict::Invalid);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod memory;

pub use batch::{CHUNK, verify_files};
pub use memory::{Damage, Memory, MemoryError, WriteError};
