//! Batches of files, verified on all processors.

use std::{
    io,
    path::{Path, PathBuf},
};

use cqm_files::{Content, read_up_to};
use cqm_verify::{FILE_SIZE_LIMIT, Question, Report, Verifier};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

/// The number of files that are verified together. Only their reports are in memory at a time.
pub const CHUNK: usize = 256;

/// Verifies files on all processors. Returns each path with its report, in the order of `files`.
///
/// The iterator verifies the next [`CHUNK`] files when their first report is requested. A file that
/// is too large gets a report with that finding. A file that can't be read gets an error.
pub fn verify_files<'a>(
    verifier: &'a Verifier,
    question: &'a Question<'a>,
    files: &'a [PathBuf],
) -> impl Iterator<Item = (&'a Path, io::Result<Report>)> {
    files.chunks(CHUNK).flat_map(move |chunk| {
        let reports: Vec<io::Result<Report>> = match chunk {
            // One file is done before a pool of threads has started.
            [file] => vec![verify_file(verifier, question, file)],
            files => files.par_iter().map(|file| verify_file(verifier, question, file)).collect(),
        };
        chunk.iter().map(PathBuf::as_path).zip(reports)
    })
}

fn verify_file(verifier: &Verifier, question: &Question<'_>, path: &Path) -> io::Result<Report> {
    Ok(match read_up_to(path, FILE_SIZE_LIMIT as u64)? {
        Content::Whole(bytes) => verifier.verify(&bytes, question),
        Content::LargerThan(_) => Report::too_large(question.at),
    })
}
