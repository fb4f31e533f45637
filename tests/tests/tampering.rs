//! A signed letter and a token with any byte changed, or cut short at any length, are never valid
//! and never cause a panic.
//!
//! For each byte, one pseudo-random bit is changed, and then all bits; for each digit of the
//! signature, which does not cover itself, also its case. The longer run changes each single bit of
//! each byte, half a million files:
//!
//! ```text
//! CQM_EXHAUSTIVE=1 cargo test --release -p cqm-tests tampering:: -- --nocapture
//! ```

#![expect(clippy::print_stdout, reason = "the longer run says how much it did")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cqm_core::Verdict;
use cqm_tests::office::{IN_DATE, issued, verifier};
use cqm_verify::{Question, Verifier};

/// A change of a file.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    /// Inverts these bits of this byte.
    Flip { at: usize, bits: u8 },
    /// Cuts the file here.
    Cut { at: usize },
}

impl Tampering {
    fn apply(self, file: &mut Vec<u8>) {
        match self {
            Self::Flip { at, bits } => file[at] ^= bits,
            Self::Cut { at } => file.truncate(at),
        }
    }
}

/// The bit that distinguishes capital and small letters.
const CASE: u8 = 0x20;

fn is_exhaustive() -> bool {
    std::env::var_os("CQM_EXHAUSTIVE").is_some_and(|value| value == "1")
}

/// Changes of every byte, and cuts at every length.
fn all(file: &[u8]) -> Vec<Tampering> {
    let mut random = Random(0x5eed);
    let mut flips = Vec::new();
    for at in 0..file.len() {
        let bits = if is_exhaustive() { (0..8).collect() } else { vec![random.next() % 8] };
        flips.extend(bits.into_iter().map(|bit| Tampering::Flip { at, bits: 1 << bit }));
        flips.push(Tampering::Flip { at, bits: 0xff });
    }
    flips.extend((0..file.len()).map(|at| Tampering::Cut { at }));
    flips
}

/// Pseudo-random numbers, the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Asserts that no tampered file is valid.
fn assert_none_is_valid(file: &[u8], tamperings: &[Tampering]) {
    assert_none_is_as_good(file, Verdict::Valid, tamperings);
}

/// Asserts that the verdict of each tampered file is worse than that of the file, on all cores.
fn assert_none_is_as_good(file: &[u8], untouched: Verdict, tamperings: &[Tampering]) {
    let next = AtomicUsize::new(0);
    let work = || {
        let verifier = verifier();
        while let Some(tamperings) = tamperings.chunks(64).nth(next.fetch_add(1, Ordering::Relaxed)) {
            for tampering in tamperings {
                let mut tampered = file.to_vec();
                tampering.apply(&mut tampered);
                assert!(verdict(&verifier, &tampered) > untouched, "{tampering:?}");
            }
        }
    };
    let begin = std::time::Instant::now();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    println!("{} files from one of {} bytes in {:.1?}", tamperings.len(), file.len(), begin.elapsed());
}

fn verdict(verifier: &Verifier, file: &[u8]) -> Verdict {
    verifier.verify(file, &Question::new(IN_DATE.end()).without_status()).verdict()
}

#[test]
fn no_byte_of_the_letter_can_be_changed_or_cut_off() {
    let letter = &issued().pdf;
    assert_eq!(verdict(&verifier(), letter), Verdict::Valid);
    assert_none_is_valid(letter, &all(letter));
}

/// A signature does not cover its own digits, so each one is always changed: its case, to its
/// neighbour, and to another character.
#[test]
fn no_digit_of_the_signature_can_be_changed() {
    let letter = &issued().pdf;
    let start = letter.windows(10).rposition(|window| window == b"/Contents<").unwrap() + 9;
    let end = start + letter[start..].iter().position(|&byte| byte == b'>').unwrap();
    let flips = (start..=end).flat_map(|at| [CASE, 1, 0xff].map(|bits| Tampering::Flip { at, bits }));
    assert_none_is_valid(letter, &flips.collect::<Vec<_>>());
}

#[test]
fn no_byte_of_the_token_can_be_changed_or_cut_off() {
    let token = issued().token.as_bytes();
    // In order, but not looked up in a status list.
    assert_eq!(verdict(&verifier(), token), Verdict::Indeterminate);
    assert_none_is_as_good(token, Verdict::Indeterminate, &all(token));
}
