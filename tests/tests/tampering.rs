//! Every byte of a signed letter and of a token changed, and both cut short at every length: never valid, never a panic.
//!
//! The usual run takes every ninth byte of the letter, and every eleventh length: each with one change in rotation, one bit,
//! all bits, or the case of a letter. The signature, which does not cover itself, and the token are changed at every byte.
//!
//! The complete run changes each single bit of the letter, all bits of each byte, and the case of each letter, and cuts at
//! every length: half a million files, on all cores.
//!
//! ```text
//! CQM_EXHAUSTIVE=1 cargo test --release -p cqm-tests --test tampering -- --nocapture
//! ```

#![expect(clippy::print_stdout, reason = "the complete run says how much it did")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cqm_core::Verdict;
use cqm_tests::office::{IN_DATE, issued, verifier};
use cqm_verify::{Question, StatusPolicy, Verifier};

/// What is done to one file.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    /// These bits of this byte are changed.
    Flip { at: usize, bits: u8 },
    /// The file ends here.
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

/// The bit in which capital and small letters differ.
const CASE: u8 = 0x20;

fn is_exhaustive() -> bool {
    std::env::var_os("CQM_EXHAUSTIVE").is_some_and(|value| value == "1")
}

/// Every change and every length of a file.
fn all(file: &[u8]) -> Vec<Tampering> {
    let single_bits = (0..8).map(|bit| 1 << bit);
    let bits: Vec<u8> = single_bits.chain([0xff]).collect();
    let flips = (0..file.len()).flat_map(|at| bits.iter().map(move |&bits| Tampering::Flip { at, bits }));
    flips.chain((0..file.len()).map(|at| Tampering::Cut { at })).collect()
}

/// Some bytes, each changed once, and some of the lengths. The strides have no factor in common with the length of lines
/// in the cross-reference table, so each of their columns is met.
fn some(file: &[u8], bytes: usize, lengths: usize) -> Vec<Tampering> {
    let mut random = Random(0x5eed);
    let flips = file.iter().enumerate().step_by(bytes).map(|(at, byte)| {
        let bits = match random.next() % 3 {
            0 => 0xff,
            1 if byte.is_ascii_alphabetic() => CASE,
            _ => 1 << (random.next() % 8),
        };
        Tampering::Flip { at, bits }
    });
    flips.chain((0..file.len()).step_by(lengths).map(|at| Tampering::Cut { at })).collect()
}

/// A generator of Marsaglia's, the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Asserts on all cores that no tampered file is valid.
fn assert_none_is_valid(file: &[u8], tamperings: &[Tampering]) {
    let next = AtomicUsize::new(0);
    let work = || {
        let verifier = verifier();
        while let Some(tamperings) = tamperings.chunks(64).nth(next.fetch_add(1, Ordering::Relaxed)) {
            for tampering in tamperings {
                let mut tampered = file.to_vec();
                tampering.apply(&mut tampered);
                assert_ne!(verdict(&verifier, &tampered), Verdict::Valid, "{tampering:?}");
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
    verifier
        .verify(file, &Question { at: IN_DATE.end(), status: StatusPolicy::SignatureAndDatesAlone, labels: &[] })
        .verdict()
}

#[test]
fn no_byte_of_the_letter_can_be_changed_or_cut_off() {
    let letter = &issued().pdf;
    assert_eq!(verdict(&verifier(), letter), Verdict::Valid);
    let tamperings = if is_exhaustive() { all(letter) } else { some(letter, 9, 11) };
    assert_none_is_valid(letter, &tamperings);
}

/// The signature is the one part of a letter that it does not cover itself, so each digit is tried always: its case, its neighbour, and what is no digit.
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
    assert_eq!(verdict(&verifier(), token), Verdict::Valid);
    let tamperings = if is_exhaustive() { all(token) } else { some(token, 1, 1) };
    assert_none_is_valid(token, &tamperings);
}
