//! Files that appear whole or not at all, and reading with a limit.
//!
//! | to | use |
//! | --- | --- |
//! | write files that belong together | [`write_new`] |
//! | write them into a folder that is created if needed | [`write_new_in`] |
//! | reserve space for files to be filled later | [`Staged::reserve`], then [`Staged::fill`] |
//! | replace a file | [`Staged::write`], then [`Staged::replace`] |
//! | read a file, but not more than a limit of bytes | [`read_up_to`] |
//! | show the name of a file to a person | [`shown`] |
//!
//! A file is written under a temporary name in its own folder, synced, and then renamed. A crash
//! leaves the old file or the new one, and at most a temporary file whose name begins with `.cqm-`.
//!
//! ```
//! use cqm_files::{Access, NewFile, write_new};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("letter.pdf");
//! let file = NewFile { path: &path, bytes: b"%PDF-2.0", access: Access::Everyone };
//! write_new(&[file])?;
//! let error = write_new(&[file]).unwrap_err();
//! assert!(error.to_string().contains("already exists"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod folder;
mod read;
mod shown;
mod staged;

pub use error::FileError;
pub use folder::{create_folder, fresh_folder};
pub use read::{Content, read_up_to};
pub use shown::shown;
pub use staged::{Access, NewFile, Staged, refuse_existing, write_new, write_new_in};
