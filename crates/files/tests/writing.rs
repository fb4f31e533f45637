//! Files appear whole and together, or not at all.

use std::{fs, path::Path};

use cqm_files::{Access, FileError, NewFile, Staged, write_new};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn file<'a>(path: &'a Path, bytes: &'a [u8]) -> NewFile<'a> {
    NewFile { path, bytes, access: Access::Everyone }
}

#[test]
fn a_failure_half_way_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b, missing] = ["a", "b", "missing/c"].map(|name| folder.path().join(name));
    let error = write_new(&[file(&a, b"1"), file(&missing, b"2"), file(&b, b"3")]).unwrap_err();
    assert!(matches!(error, FileError::Write { .. }), "{error:?}");
    assert!(names(folder.path()).is_empty());

    write_new(&[file(&a, b"1"), file(&b, b"3")]).unwrap();
    assert_eq!(names(folder.path()), ["a", "b"], "without the fault, all files are there");
}

#[test]
fn a_name_taken_meanwhile_takes_back_the_files_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
    let staged = Staged::write(&[file(&a, b"1"), file(&b, b"2")]).unwrap();
    fs::write(&b, "of another program").unwrap();
    assert!(matches!(staged.persist(), Err(FileError::Exists { path }) if path == b));
    assert_eq!(names(folder.path()), ["b"]);
    assert_eq!(fs::read(&b).unwrap(), b"of another program");

    let staged = Staged::write(&[file(&a, b"1"), file(&b, b"2")]).unwrap();
    staged.replace().unwrap();
    assert_eq!(fs::read(&b).unwrap(), b"2", "only `replace` replaces");
}

#[test]
fn dropped_files_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let mut reserved = Staged::reserve(&[(&path, 3)]).unwrap();
    assert_eq!(names(folder.path()).len(), 1, "the space is taken under a temporary name");
    reserved.fill(&[b"abc"]).unwrap();
    drop(reserved);
    assert!(names(folder.path()).is_empty());

    let mut reserved = Staged::reserve(&[(&path, 3)]).unwrap();
    reserved.fill(&[b"abc"]).unwrap();
    reserved.persist().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"abc");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_a_private_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let [private, public] = ["private", "public"].map(|name| folder.path().join(name));
    let access = |path, access| NewFile { path, bytes: b"key", access };
    write_new(&[access(&private, Access::Owner), access(&public, Access::Everyone)]).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&private) & 0o777, 0o600);
    assert_eq!(mode(&public) & 0o177 & 0o111, 0, "no file is executable");
}
