//! The file as a viewer sees it that rebuilds its cross-reference.
//!
//! A viewer that can't find or use the cross-reference table searches the whole file for the words
//! that begin objects and trailers, inside streams and strings too. It must not find any that the
//! table does not name.

use memchr::memmem;

use super::layout::Body;
use super::problem::{ProblemKind, Problems};
use crate::syntax::{Position, is_whitespace};
use crate::tail::Outline;

/// Checks that the body has the beginnings of its objects, and no others, no trailer and no end.
/// The tail has none beside its own, because it is compared byte for byte.
pub(super) fn check(body: &Body<'_>, problems: &mut Problems) {
    let Outline { offsets, end } = &body.outline;
    let bytes = body.document.bytes().get(..*end).unwrap_or_default();
    let found = [
        ("objects", offsets.len(), count(bytes, b"obj", |before, _| is_number_pair(before))),
        ("trailers", 0, count(bytes, b"trailer", |_, after| trimmed(after).starts_with(b"<<"))),
        ("tables", 0, count(bytes, b"xref", |_, after| is_number(trimmed(after)))),
        ("ends", 0, count(bytes, b"%%EOF", |_, _| true)),
    ];
    for (what, expected, found) in found.into_iter().filter(|(_, expected, found)| found > expected) {
        let what = format!("a viewer that searches the body finds {found} {what}, not {expected}");
        problems.add(ProblemKind::OutsideProfile, Position::File, what);
    }
}

/// The number of places of a word at which the bytes before it and after it are as asked.
fn count(bytes: &[u8], word: &[u8], is_counted: impl Fn(&[u8], &[u8]) -> bool) -> usize {
    let split = |place: usize| {
        let (before, rest) = bytes.split_at_checked(place)?;
        Some((before, rest.get(word.len()..)?))
    };
    let places = memmem::find_iter(bytes, word).filter_map(split);
    places.filter(|(before, after)| is_counted(before, after)).count()
}

/// Returns whether the bytes end with an object number and a generation: two numbers.
fn is_number_pair(bytes: &[u8]) -> bool {
    let (bytes, _) = cut(bytes, |byte| is_whitespace(*byte));
    let (bytes, generation) = cut(bytes, u8::is_ascii_digit);
    let (bytes, space) = cut(bytes, |byte| is_whitespace(*byte));
    generation && space && bytes.last().is_some_and(u8::is_ascii_digit)
}

/// The bytes without those at the end that are as asked, and whether there were any.
fn cut(bytes: &[u8], is_cut: impl Fn(&u8) -> bool) -> (&[u8], bool) {
    let count = bytes.iter().rev().take_while(|byte| is_cut(byte)).count();
    (bytes.get(..bytes.len().saturating_sub(count)).unwrap_or_default(), count != 0)
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let spaces = bytes.iter().take_while(|byte| is_whitespace(**byte)).count();
    bytes.get(spaces..).unwrap_or_default()
}

fn is_number(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_begins_with_two_numbers() {
        for bytes in [&b"7 0 "[..], b"7 0", b"x7 0 ", b"7\n0\r\n", &[&b"7 0"[..], &[b' '; 99]].concat()] {
            assert_eq!(count(&[bytes, b"obj"].concat(), b"obj", |before, _| is_number_pair(before)), 1, "{bytes:?}");
        }
        for bytes in [&b""[..], b"end", b"70 ", b"x 0 ", b"7 x ", b"7 0 x"] {
            assert_eq!(count(&[bytes, b"obj"].concat(), b"obj", |before, _| is_number_pair(before)), 0, "{bytes:?}");
        }
    }

    #[test]
    fn a_word_in_a_text_is_not_a_trailer() {
        let trailers = |bytes: &[u8]| count(bytes, b"trailer", |_, after| trimmed(after).starts_with(b"<<"));
        assert_eq!((trailers(b"A trailer company"), trailers(b"trailer\n <</Root 1 0 R>>")), (0, 1));
    }
}
