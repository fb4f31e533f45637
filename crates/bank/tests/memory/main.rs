//! What a bank remembers of status lists and CRLs only moves forward.

mod folder;
mod forks;
mod model;
mod office;
mod revoked;

use std::{ffi::OsString, path::Path};

use cqm_bank::Memory;
use cqm_core::Verdict;

use office::{List, kept_lists, run};

/// Three lists, each after the one before it.
fn lists() -> [Vec<u8>; 3] {
    let one = List::new(1, None).sign();
    let two = List::new(2, Some(&one)).sign();
    let three = List::new(3, Some(&two)).sign();
    [one, two, three]
}

#[test]
fn an_older_list_is_noticed_another_time() {
    let [one, two, three] = lists();
    let folder = tempfile::tempdir().unwrap();
    for (list, verdict, remembered) in [
        (&one, Verdict::Valid, &one),
        (&two, Verdict::Valid, &two),
        (&one, Verdict::Indeterminate, &two),
        (&three, Verdict::Valid, &three),
        (&two, Verdict::Indeterminate, &three),
        (&three, Verdict::Valid, &three),
    ] {
        let run = run(folder.path(), list);
        assert_eq!((run.verdict(), run.has("status.rollback")), (verdict, verdict == Verdict::Indeterminate));
        assert!(!run.has("status.fork") && run.problems.is_empty(), "{run:?}");
        assert_eq!(kept_lists(folder.path()), [remembered.clone()].into());
    }
}

#[test]
fn lists_of_other_names_are_apart() {
    let [.., three] = lists();
    let folder = tempfile::tempdir().unwrap();
    let other = List { uri: "urn:cqm:status:2".parse().unwrap(), ..List::new(9, None) }.sign();
    run(folder.path(), &other);
    assert_eq!(run(folder.path(), &three).verdict(), Verdict::Valid);
    assert_eq!(kept_lists(folder.path()), [other, three].into());
}

#[test]
fn the_default_folder_is_that_of_xdg() {
    let folder = |state: Option<&str>, home: Option<&str>| {
        Memory::default_folder(|name| match name {
            "XDG_STATE_HOME" => state.map(OsString::from),
            "HOME" => home.map(OsString::from),
            _ => None,
        })
    };
    let some = |path: &str| Some(Path::new(path).to_owned());
    assert_eq!(folder(Some("/state"), Some("/home/a")), some("/state/cqm"));
    assert_eq!(folder(Some("relative"), Some("/home/a")), some("/home/a/.local/state/cqm"));
    assert_eq!(folder(None, Some("/home/a")), some("/home/a/.local/state/cqm"));
    assert_eq!(folder(Some("relative"), Some("relative")), None);
    assert_eq!(folder(None, None), None);
}
