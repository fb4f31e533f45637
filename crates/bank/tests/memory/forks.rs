//! Lists that contradict each other.

use std::path::Path;

use cqm_core::Verdict;

use crate::{
    lists,
    office::{List, kept_lists, other_token, run, stop},
};

/// Asserts that a list is refused because of a fork.
fn assert_fork(folder: &Path, list: &[u8], message: &str) {
    let run = run(folder, list);
    assert_eq!((run.verdict(), run.has("status.fork")), (Verdict::Indeterminate, true), "{run:?}");
    let found = run.message("status.fork");
    assert!(found.contains(message), "{found:?}, expected {message:?}");
}

fn assert_valid(folder: &Path, list: &[u8]) {
    let run = run(folder, list);
    assert_eq!(run.verdict(), Verdict::Valid, "{run:?}");
}

#[test]
fn a_later_list_contains_all_that_was_seen() {
    let first = List::new(2, None).with_events(&[stop(3, 4), stop(4, 5)]);
    let seen = first.sign();
    let next = |seq| List { seq, ..List::new(seq, (seq == 3).then_some(&seen[..])) }.with_events(&first.events);
    for seq in [3, 4] {
        let good = next(seq);
        let cases = [
            ("", good.clone()),
            ("", List { issued: 7, events: vec![stop(2, 9), stop(3, 4), stop(4, 5)], ..good.clone() }),
            ("", List { tokens: vec![(2, other_token(2)), (5, other_token(5))], ..good.clone() }),
            ("lacks an event", List { events: vec![stop(3, 4)], ..good.clone() }),
            ("lacks an event", List { events: vec![stop(3, 4), stop(4, 6)], ..good.clone() }),
            ("takes back the entry 5", List { issued: 5, ..good.clone() }),
            ("does not name the token of entry 2", List { tokens: vec![], ..good.clone() }),
            ("does not name the token of entry 2", List { tokens: vec![(2, other_token(9))], ..good }),
        ];
        for (message, list) in cases {
            // In either order.
            for is_first in [true, false] {
                let folder = tempfile::tempdir().unwrap();
                if is_first {
                    assert_valid(folder.path(), &seen);
                } else {
                    assert_valid(folder.path(), &list.sign());
                }
                match (is_first, message) {
                    (true, "") => assert_valid(folder.path(), &list.sign()),
                    (true, message) => assert_fork(folder.path(), &list.sign(), message),
                    (false, "") => assert!(!run(folder.path(), &seen).has("status.fork")),
                    (false, message) => assert_fork(folder.path(), &seen, message),
                }
            }
        }
    }
}

#[test]
fn a_list_follows_the_one_that_it_names() {
    let [one, two, three] = lists();
    let other = List::new(2, Some(&one)).with_events(&[stop(3, 4)]).sign();
    for (seen, list, message) in [
        (&two, &other, "two lists with the number 2"),
        (&other, &two, "two lists with the number 2"),
        (&other, &three, "number 3 names another list"),
        (&three, &other, "number 3 names another list"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        assert_valid(folder.path(), seen);
        assert_fork(folder.path(), list, message);
    }
    let folder = tempfile::tempdir().unwrap();
    for list in [&one, &two, &three] {
        assert_valid(folder.path(), list);
    }
}

#[test]
fn a_fork_stays_until_a_list_contains_all_events() {
    let one = List::new(1, None).sign();
    let left = List::new(2, Some(&one)).with_events(&[stop(3, 4)]);
    let right = List::new(2, Some(&one)).with_events(&[stop(4, 4)]);
    let after = |list: &List, events: &[_]| List::new(3, Some(&list.sign())).with_events(events).sign();
    let folder = tempfile::tempdir().unwrap();
    assert_valid(folder.path(), &left.sign());
    assert_fork(folder.path(), &right.sign(), "two lists");
    // Every run, with any list.
    for list in [&left.sign(), &right.sign(), &one, &after(&left, &[stop(3, 4)])] {
        assert_fork(folder.path(), list, "");
    }
    let healed = List::new(5, None).with_events(&[stop(3, 4), stop(4, 4)]);
    assert_fork(folder.path(), &List { events: vec![stop(4, 4)], ..healed.clone() }.sign(), "lacks an event");
    // A larger number than that of all that were seen, the last one included.
    assert_fork(folder.path(), &healed.sign(), "two lists with the number 5");
    let healed = List { seq: 7, ..healed };
    assert_valid(folder.path(), &healed.sign());
    assert_eq!(kept_lists(folder.path()), [healed.sign()].into());
    let again = run(folder.path(), &left.sign());
    assert!(again.has("status.rollback") && !again.has("status.fork"));
}

#[test]
fn a_signer_with_too_many_contradicting_lists_is_not_believed_again() {
    let folder = tempfile::tempdir().unwrap();
    let fork = |day| List::new(2, None).with_events(&[stop(3, day)]);
    for day in 1..=20 {
        run(folder.path(), &fork(day).sign());
    }
    assert_eq!(kept_lists(folder.path()).len(), 8);
    // This list contains all events that are kept, but not all that were seen.
    let events: Vec<_> = (1..=8).map(|day| stop(3, day)).collect();
    let healed = List::new(4, None).with_events(&events).sign();
    assert_fork(folder.path(), &healed, "8 or more lists");
    assert_fork(folder.path(), &healed, "8 or more lists");
    // One list less can be healed.
    let folder = tempfile::tempdir().unwrap();
    for day in 1..=7 {
        run(folder.path(), &fork(day).sign());
    }
    assert_fork(folder.path(), &fork(7).sign(), "two lists");
    assert_valid(folder.path(), &healed);
}

#[test]
fn given_lists_are_compared_without_a_memory() {
    let left = List::new(2, None).with_events(&[stop(3, 4)]).sign();
    let right = List::new(3, Some(&left)).sign();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let crls = crate::office::OFFICE.current_crls();
    let run = crate::office::run_with(&file, &[right, left], &crls);
    assert!(run.has("status.fork") && run.has("status.memory-unusable"), "{run:?}");
}
