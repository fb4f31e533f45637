//! Every byte of a signed letter and of a token changed, and both cut short at every length: never valid, never a panic.
//!
//! The usual run changes each byte of the letter once, in rotation: one bit, all bits, or a bit and the case of a letter;
//! and cuts at every seventh length and near both ends. The token gets all changes and all lengths always.
//!
//! The complete run changes each single bit of the letter, all bits of each byte, and the case of each letter, and cuts at
//! every length: about half a million files, on all cores.
//!
//! ```text
//! CQM_EXHAUSTIVE=1 cargo test --release -p cqm-tests --test tampering -- --nocapture
//! ```

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

/// Each byte changed once, and some of the lengths.
fn some(file: &[u8]) -> Vec<Tampering> {
    let mut random = Random(0x5eed);
    let flips = file.iter().enumerate().map(|(at, byte)| {
        let bits = match at % 3 {
            0 => 1 << (random.next() % 8),
            1 => 0xff,
            _ if byte.is_ascii_alphabetic() => CASE,
            _ => 1 << (random.next() % 8),
        };
        Tampering::Flip { at, bits }
    });
    let near_an_end = |at: &usize| *at < 100 || file.len() - at < 700 || at % 7 == 0;
    flips.chain((0..file.len()).filter(near_an_end).map(|at| Tampering::Cut { at })).collect()
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
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    println!("{} files from one of {} bytes", tamperings.len(), file.len());
}

fn verdict(verifier: &Verifier, file: &[u8]) -> Verdict {
    verifier.verify(file, &Question { at: IN_DATE.end(), status: StatusPolicy::SignatureAndDatesAlone }).verdict()
}

#[test]
fn no_byte_of_the_letter_can_be_changed_or_cut_off() {
    let letter = &issued().pdf;
    assert_eq!(verdict(&verifier(), letter), Verdict::Valid);
    let tamperings = if is_exhaustive() { all(letter) } else { some(letter) };
    assert_none_is_valid(letter, &tamperings);
}

/// The signature is the one part of a letter that it does not cover itself, so all is tried there always.
#[test]
fn no_digit_of_the_signature_can_be_changed() {
    let letter = &issued().pdf;
    let start = letter.windows(10).rposition(|window| window == b"/Contents<").unwrap() + 9;
    let end = start + letter[start..].iter().position(|&byte| byte == b'>').unwrap();
    let flips = (start..=end).flat_map(|at| (0..8).map(move |bit| Tampering::Flip { at, bits: 1 << bit }));
    assert_none_is_valid(letter, &flips.collect::<Vec<_>>());
}

#[test]
fn no_byte_of_the_token_can_be_changed_or_cut_off() {
    let token = issued().token.as_bytes();
    assert_eq!(verdict(&verifier(), token), Verdict::Valid);
    assert_none_is_valid(token, &all(token));
}
