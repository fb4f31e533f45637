//! A folder that can't be used, files that were damaged, and several processes at once.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use cqm_core::Verdict;
use cqm_files::FolderLock;

use crate::{
    lists,
    office::{List, kept, kept_lists, run, stop},
};

/// Asserts that a problem is in the report and does not decide the verdict.
fn assert_reported(folder: &Path, list: &[u8], message: &str) {
    let run = run(folder, list);
    assert_eq!(run.verdict(), Verdict::Valid, "{run:?}");
    assert!(run.message("status.memory-unusable").contains(message), "{run:?}, expected {message:?}");
    assert!(!run.problems.is_empty());
}

#[test]
fn a_folder_that_cannot_be_used_is_a_finding() {
    let [one, ..] = lists();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert_reported(&file, &one, "can't be read");
    assert_reported(&file.join("folder"), &one, "can't be read");
    fs::write(folder.path().join("status"), "").unwrap();
    assert_reported(folder.path(), &one, "can't be read");
    assert_reported(Path::new("/proc/nowhere"), &one, "can't be stored");
}

#[test]
fn a_folder_that_is_read_only_still_tells_what_was_seen() {
    let [one, two, three] = lists();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &two).verdict(), Verdict::Valid);
    // A folder in place of the lock, since the superuser may write everywhere.
    let lock = folder.path().join("status/.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let same = run(folder.path(), &two);
    assert!(same.problems.is_empty() && same.verdict() == Verdict::Valid, "{same:?}");
    let older = run(folder.path(), &one);
    assert!(older.problems.is_empty() && older.has("status.rollback"), "{older:?}");
    assert_reported(folder.path(), &three, "can't be stored");
    assert_eq!(kept_lists(folder.path()), [two].into());
}

#[cfg(unix)]
#[test]
fn the_lock_is_no_way_to_other_files() {
    let [one, two, ..] = lists();
    let folder = tempfile::tempdir().unwrap();
    let (lock, target) = (folder.path().join("status/.lock"), folder.path().join("letter.pdf"));
    run(folder.path(), &one);
    fs::remove_file(&lock).unwrap();
    fs::write(&target, "a letter").unwrap();
    std::os::unix::fs::symlink(&target, &lock).unwrap();
    assert_reported(folder.path(), &two, "can't be stored");
    assert_eq!(fs::read(&target).unwrap(), b"a letter");
    fs::remove_file(&lock).unwrap();
    fs::hard_link(&target, &lock).unwrap();
    assert!(run(folder.path(), &two).problems.is_empty());
    assert_eq!(fs::read(&target).unwrap(), b"a letter");
}

#[test]
fn a_process_that_keeps_the_lock_does_not_stop_others() {
    let [one, two, ..] = lists();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &two);
    let lock = FolderLock::acquire(&folder.path().join("status"), Duration::ZERO).unwrap();
    let start = Instant::now();
    assert!(run(folder.path(), &one).has("status.rollback"), "reading needs no lock");
    assert!(start.elapsed() < Duration::from_secs(4));
    let next = List::new(3, Some(&two)).sign();
    assert_reported(folder.path(), &next, "another process has locked it");
    assert!(start.elapsed() < Duration::from_secs(30));
    drop(lock);
    assert!(run(folder.path(), &next).problems.is_empty());
}

#[test]
fn a_damaged_file_is_ignored_and_reported() {
    let [one, two, three] = lists();
    let huge = vec![b'x'; 5 << 20];
    let swapped = List::new(9, None).sign();
    for content in [&b""[..], b"garbage", &three[..three.len() - 4], &huge, &swapped, &[0xff; 100]] {
        for kind in [".jwt", ".crl"] {
            let folder = tempfile::tempdir().unwrap();
            run(folder.path(), &three);
            let name = kept(folder.path(), kind).remove(0);
            let path = folder.path().join("status").join(&name);
            fs::write(&path, content).unwrap();
            if kind == ".jwt" {
                assert_reported(folder.path(), &one, "damaged");
                assert_reported(folder.path(), &two, &name);
                assert!(run(folder.path(), &one).has("status.rollback"), "two is remembered");
            }
            // What is given again is written again.
            assert!(run(folder.path(), &three).has("status.memory-unusable"));
            let healed = run(folder.path(), &three);
            assert!(healed.problems.is_empty() && healed.verdict() == Verdict::Valid, "{healed:?}");
        }
    }
}

#[test]
fn a_list_that_proves_nothing_is_ignored_under_the_right_name() {
    use cqm_sign::DigestAlgorithm;
    let [one, _, three] = lists();
    let mut forged = List::new(9, None).sign();
    let at = forged.len() - 20;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    let other_name = List { uri: "urn:cqm:status:2".parse().unwrap(), ..List::new(9, None) }.sign();
    for content in [forged, other_name, b"garbage".to_vec()] {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &three);
        let kept = kept(folder.path(), ".jwt").remove(0);
        let digest = base16ct::lower::encode_string(&DigestAlgorithm::Sha256.digest(&[&content])[..16]);
        let name = format!("{}-{digest}.jwt", &kept[..32]);
        fs::write(folder.path().join("status").join(&name), &content).unwrap();
        assert_reported(folder.path(), &three, &name);
        assert!(run(folder.path(), &one).has("status.rollback"));
    }
}

#[cfg(unix)]
#[test]
fn a_kept_file_that_is_a_link_or_a_pipe_is_ignored() {
    let [.., three] = lists();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &three);
    let path = folder.path().join("status").join(kept(folder.path(), ".jwt").remove(0));
    let aside = folder.path().join("aside");
    fs::rename(&path, &aside).unwrap();
    for target in [&aside, Path::new("/dev/zero"), Path::new("/dev/tty")] {
        std::os::unix::fs::symlink(target, &path).unwrap();
        assert_reported(folder.path(), &three, "not a file");
        assert!(fs::symlink_metadata(&path).unwrap().is_file(), "it was written again");
        fs::remove_file(&path).unwrap();
    }
    if std::process::Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()) {
        assert_reported(folder.path(), &three, "not a file");
    }
}

#[test]
fn foreign_files_do_not_matter_until_they_are_too_many() {
    let [one, two, three] = lists();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &two);
    let path = |name: String| folder.path().join("status").join(name);
    fs::write(path(".cqm-left-behind".into()), "half a li").unwrap();
    fs::write(path("letter.jwt".into()), "foreign").unwrap();
    fs::create_dir(path("folder.jwt".into())).unwrap();
    assert!(run(folder.path(), &one).has("status.rollback"));
    let three_run = run(folder.path(), &three);
    assert!(three_run.problems.is_empty(), "{three_run:?}");
    assert!(!path(".cqm-left-behind".into()).exists());
    for number in 0..4096 {
        fs::write(path(format!("{number}")), "").unwrap();
    }
    assert_reported(folder.path(), &three, "more than 4096 files");
}

#[test]
fn a_folder_takes_no_more_than_a_number_of_lists() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, _] = lists();
    run(folder.path(), &one);
    for number in 0..255 {
        let name = format!("{}-{}.jwt", "ab".repeat(16), format!("{number:02x}").repeat(16));
        fs::write(folder.path().join("status").join(name), "").unwrap();
    }
    assert_reported(folder.path(), &two, "takes no more");
    fs::remove_file(folder.path().join("status").join(format!("{}-{}.jwt", "ab".repeat(16), "07".repeat(16)))).unwrap();
    assert!(run(folder.path(), &two).problems.is_empty());
}

#[test]
fn several_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // A chain, in which each list has one more event, and two forks.
    let mut chain = vec![List::new(1, None).sign()];
    for seq in 2..=10_i8 {
        let events: Vec<_> = (2..=seq).map(|day| stop(3, day)).collect();
        chain.push(List::new(seq.unsigned_abs().into(), chain.last().map(Vec::as_slice)).with_events(&events).sign());
    }
    let last = chain.last().unwrap().clone();
    let forks = [4, 5].map(|day| List::new(6, None).with_events(&[stop(4, day)]).sign());
    std::thread::scope(|scope| {
        for list in chain.iter().chain(&forks) {
            let folder = folder.path();
            scope.spawn(move || {
                for _ in 0..3 {
                    let run = run(folder, list);
                    assert!(run.problems.is_empty(), "{run:?}");
                }
            });
        }
    });
    let [left, right] = forks;
    assert_eq!(kept_lists(folder.path()), [last, left, right].into());
    let names = fs::read_dir(folder.path().join("status")).unwrap().count();
    assert_eq!(names, 3 + 2 + 1, "lists, CRLs, and the lock");
}
