//! The committed test keys: the program in `examples` makes the same X.509 certificates and CRLs.

use std::{fs, path::Path};

#[allow(dead_code, reason = "an example has a `main`, which is not run here")]
#[path = "../examples/make_test_keys.rs"]
mod make_test_keys;

#[test]
fn the_committed_files_are_those_that_the_program_makes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys-test");
    let made = tempfile::tempdir().unwrap();
    let pki = make_test_keys::pki(&committed).unwrap();
    pki.write(made.path(), None, &mut cqm_keys::system_rng().unwrap()).unwrap();
    let mut files = 0;
    for entry in fs::read_dir(made.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let read = |folder: &Path| fs::read_to_string(folder.join(&name)).unwrap();
        assert_eq!(read(made.path()), read(&committed), "{}", name.display());
        files += 1;
    }
    assert_eq!(files + 1, fs::read_dir(committed).unwrap().count(), "all files but the README");
}
