//! Files appear whole and together, or not at all.

use std::{fs, path::Path};

use cqm_files::{Access, FileError, NewFile, Staged, write_new, write_new_in};

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
    fs::write(&b, "another program's").unwrap();
    assert!(matches!(staged.persist(), Err(FileError::Exists { path }) if path == b));
    assert_eq!(names(folder.path()), ["b"]);
    assert_eq!(fs::read(&b).unwrap(), b"another program's");

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
    let [private, readable, public] = ["private", "readable", "public"].map(|name| folder.path().join(name));
    let access = |path, access| NewFile { path, bytes: b"key", access };
    write_new(&[
        access(&private, Access::Owner),
        access(&readable, Access::OwnerWrites),
        access(&public, Access::Everyone),
    ])
    .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&private), 0o600);
    // The umask of whoever runs the tests applies to both.
    assert_eq!(mode(&readable), mode(&public) & 0o644);
    assert_eq!(mode(&public) & 0o111, 0, "no file is executable");
}

#[cfg(unix)]
#[test]
fn a_folder_is_created_for_its_owner_and_removed_after_a_failure() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("keys");
    let [a, b, missing] = ["a", "b", "missing/c"].map(Path::new);

    write_new_in(&folder, &[file(a, b"1"), file(missing, b"2"), file(b, b"3")]).unwrap_err();
    assert!(names(parent.path()).is_empty());

    write_new_in(&folder, &[file(a, b"1"), file(b, b"3")]).unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(names(&folder), ["a", "b"], "without the fault, all files are there");
}

#[test]
fn a_folder_that_existed_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let [a, missing, other] = ["a", "missing/b", "other"].map(Path::new);
    fs::write(folder.path().join(other), "stays").unwrap();
    write_new_in(folder.path(), &[file(a, b"1"), file(missing, b"2")]).unwrap_err();
    assert!(
        matches!(write_new_in(folder.path(), &[file(a, b"1"), file(other, b"2")]), Err(FileError::Exists { path }) if path.ends_with(other))
    );
    assert_eq!(names(folder.path()), ["other"]);
    assert_eq!(fs::read(folder.path().join(other)).unwrap(), b"stays");
}

#[test]
fn a_file_is_no_folder() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("file");
    fs::write(&path, "stays").unwrap();
    for folder in [path.clone(), parent.path().join("absent/keys")] {
        let error = write_new_in(&folder, &[file(Path::new("a"), b"1")]).unwrap_err();
        assert!(matches!(&error, FileError::Folder { path, .. } if *path == folder), "{error:?}");
    }
    assert_eq!(names(parent.path()), ["file"]);
}
