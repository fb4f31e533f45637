//! The folder `tests/vectors`, and its export with the whole files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use sha2::{Digest as _, Sha256};

use super::all;
use crate::{files_below, office::test_root, repository};

/// How to bring the folder up to date.
pub const ADVICE: &str = "`cargo run -p cqm-tests --example make_vectors` writes tests/vectors anew";

const SUMS: &str = "SHA256SUMS";

fn folder() -> PathBuf {
    repository("tests/vectors")
}

/// The digests of all PDFs, one a line, as `sha256sum --check` reads them.
pub fn sums() -> String {
    let digests: BTreeMap<String, String> =
        all().map(|(name, vector)| (name, base16ct::lower::encode_string(&Sha256::digest(&vector.pdf)))).collect();
    digests.into_iter().map(|(name, digest)| format!("{digest}  {name}.pdf\n")).collect()
}

/// The committed digests.
///
/// # Panics
///
/// If they can't be read.
pub fn committed_sums() -> String {
    fs::read_to_string(folder().join(SUMS)).expect("the digests of the vectors")
}

/// The text of each committed file with a header, by the name of its vector.
///
/// # Panics
///
/// If the folder can't be read.
pub fn committed_headers() -> BTreeMap<String, String> {
    let root = folder();
    let name = |path: &Path| {
        let name = path.with_extension("");
        name.strip_prefix(&root).ok().and_then(Path::to_str).expect("a plain name").to_owned()
    };
    let headers = files_below(&root, "txt").into_iter();
    headers.map(|path| (name(&path), fs::read_to_string(path).expect("a header"))).collect()
}

/// Writes the headers and digests of `tests/vectors` anew, and returns the number of vectors.
///
/// # Errors
///
/// If a file can't be removed or written.
pub fn write() -> io::Result<usize> {
    let root = folder();
    for entry in fs::read_dir(&root)? {
        let path = entry?.path();
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            fs::remove_file(path)?;
        }
    }
    write_headers(&root)?;
    Ok(all().count())
}

/// Writes all vectors into a new folder, with what another implementation needs to judge them:
/// headers, PDFs, digests, the root to trust and the description. Returns the number of vectors.
///
/// # Errors
///
/// If the folder exists, or a file can't be written.
pub fn export(to: &Path) -> io::Result<usize> {
    fs::create_dir(to)?;
    write_headers(to)?;
    for (name, vector) in all() {
        fs::write(to.join(name).with_extension("pdf"), &vector.pdf)?;
    }
    fs::write(to.join("root.pem"), test_root())?;
    fs::copy(folder().join("README.md"), to.join("README.md"))?;
    Ok(all().count())
}

fn write_headers(root: &Path) -> io::Result<()> {
    for (name, vector) in all() {
        let path = root.join(name).with_extension("txt");
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, vector.header.to_string())?;
    }
    fs::write(root.join(SUMS), sums())
}
