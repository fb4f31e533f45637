//! Helpers that the tests across the crates share.
//!
//! | to | use |
//! | --- | --- |
//! | run the `cqm` of this workspace | [`cqm`]; in a temporary folder, [`Workplace`] |
//! | find files of the repository | [`repository`], [`files_below`] |
//! | start foreign tools; compare with qpdf | [`interop`], [`qpdf`] |
//! | issue with the test keys, sign what no office would, verify | [`office`] |
//! | sign with stolen keys of the office | [`insider`] |
//! | compare the examples of pages | [`page`] |
//! | make status lists, and ask questions with them | [`status`] |
//! | keep a register, in a file or on a server | [`register`], [`postgres`] |
//! | make the vectors of `tests/vectors`, or read their headers | [`vectors`] |
//! | run a fuzz target | [`fuzzing`] |
//! | split a signed PDF without cqm's reader | [`SignedPdf`] |

#![expect(clippy::print_stderr, reason = "a skipped test is reported")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

mod binary;
pub mod fuzzing;
pub mod insider;
pub mod interop;
pub mod office;
pub mod page;
pub mod postgres;
pub mod qpdf;
pub mod register;
mod run;
mod signed_pdf;
pub mod status;
pub mod vectors;

pub use binary::cqm;
pub use run::{Run, Workplace};
pub use signed_pdf::SignedPdf;

/// The path of a file in the repository, from its path relative to the root.
pub fn repository(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// All files in a folder and below with this extension, in alphabetical order.
///
/// # Panics
///
/// If a folder can't be read.
pub fn files_below(folder: impl AsRef<Path>, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.as_ref().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry of the folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Reports that a test was skipped, and why.
pub fn skipped(reason: &str) {
    eprintln!("skipped: {reason}");
}

/// Runs a command to its end.
///
/// # Panics
///
/// If it can't be started.
pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

/// Runs a command that must succeed, and returns its standard output.
///
/// # Panics
///
/// If it can't be started or ends with another code than 0; the message has its output.
pub fn succeed(command: &mut Command) -> Vec<u8> {
    let output = output(command);
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output.stdout
}

/// The program of the page for library users compiles.
#[cfg(doctest)]
#[doc = include_str!("../../docs/how-to/library-user.md")]
pub struct LibraryUserPage;
