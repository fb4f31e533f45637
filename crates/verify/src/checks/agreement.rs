//! The letter against its token: what the pages print must be what the token says (`docs/reference/certificate-token.md`,
//! section 6).

use std::collections::BTreeMap;

use cqm_core::{Code, Finding, Label, ReservedPositions, is_invisible};
use unicode_normalization::UnicodeNormalization as _;

use crate::{letter::Letter, token::ReadClaims};

/// Compares the signing time, the number, the holder, the expiry and the labels.
pub(crate) fn letter_with_token(letter: &Letter<'_>, claims: &ReadClaims, findings: &mut Vec<Finding>) {
    let mut find = |code, message| findings.push(Finding::new(code, message));
    let certificate = &claims.certificate;
    if let Some(signed_at) = letter.signed_at()
        && signed_at != claims.issued_at
    {
        let issued_at = claims.issued_at;
        find(Code::PdfSigningTime, format!("the PDF was signed at {signed_at}, the token was issued at {issued_at}"));
    }

    let lines = letter.lines();
    let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
    let number = certificate.number.as_str();
    if !words.contains(&number) {
        let message = format!("the token is that of certificate {number}, which the pages do not name");
        find(Code::TokenOfAnotherCertificate, message);
    }
    let holder = &certificate.holder.name;
    if !print_name(&lines, holder) {
        find(
            Code::TokenHolderDiffers,
            format!("the token is that of {holder:?}, which the pages do not print as a name of its own"),
        );
    }
    let expiry = certificate.valid_until.in_words();
    let expiry_words: Vec<&str> = expiry.split(' ').collect();
    if !words.windows(expiry_words.len()).any(|window| window == expiry_words) {
        find(Code::TokenExpiryDiffers, format!("the token ends with {expiry}, which the pages do not print"));
    }

    // How often the token lists a label less how often the pages print it.
    let mut balance: BTreeMap<Label, i64> = BTreeMap::new();
    let mut count = |label: Label, more: i64| {
        let difference = balance.entry(label).or_default();
        *difference = difference.saturating_add(more);
    };
    certificate.labels().for_each(|(_, label)| count(*label, 1));
    let mut printed = Vec::new();
    for line in &lines {
        labels(line, &mut printed);
    }
    printed.into_iter().for_each(|label| count(label, -1));
    for (label, difference) in balance {
        match difference {
            0 => {}
            1.. => find(Code::TokenLabelsDiffer, format!("{label} stands in the token, but not on the pages")),
            _ => find(Code::TokenLabelsDiffer, format!("{label} is printed on the pages, but not in the token")),
        }
    }
}

/// Whether one line, or several that follow each other, are this name and nothing else. White space does not count: a name may be broken
/// within a word, or between East Asian characters, where it has none.
fn print_name(lines: &[String], name: &str) -> bool {
    let name: String = name.split_whitespace().flat_map(|word| word.nfc()).collect();
    // Without blank lines, each line that is looked at takes a part of the name, so there are few.
    let lines: Vec<&String> = lines.iter().filter(|line| !line.trim_start().is_empty()).collect();
    (0..lines.len()).any(|first| {
        let mut rest = name.as_str();
        for line in lines.iter().skip(first) {
            match line.split_whitespace().try_fold(rest, |rest, word| rest.strip_prefix(word)) {
                Some("") => return true,
                Some(after) => rest = after,
                None => return false,
            }
        }
        false
    })
}

/// The labels that a person reads in a line, whatever stands before and after them. The white space in one may be too narrow to see.
fn labels(line: &str, found: &mut Vec<Label>) {
    const FIRST: u16 = 1 << (Label::LENGTH - 1);
    // The last characters without what parts words, and a bit for each at which a word begins, the lowest for the last.
    let mut text = [0_u8; Label::LENGTH];
    let mut begins = 0_u16;
    let mut in_word = false;
    for character in line.chars().chain([' ']) {
        match latin(character) {
            // No label has a small letter.
            Some(b'a'..=b'z') => {
                begins = 0;
                in_word = true;
            }
            Some(latin) => {
                let [_, last @ ..] = text;
                text = std::array::from_fn(|at| last.get(at).copied().unwrap_or(latin));
                begins = begins << 1 | u16::from(!in_word);
                in_word = true;
            }
            None => {
                if in_word && begins & FIRST != 0 {
                    let reserved = match begins & (FIRST - 1) {
                        0 => ReservedPositions::Tolerate,
                        // In pieces, only what is surely meant as a label.
                        _ => ReservedPositions::Refuse,
                    };
                    found.extend(str::from_utf8(&text).ok().and_then(|label| Label::parse(label, reserved).ok()));
                }
                in_word = false;
                if !character.is_whitespace() && !is_invisible(character) {
                    begins = 0;
                }
            }
        }
    }
}

/// The Latin letter or digit that a person takes a character for: itself, its form of full width, and the Greek and Cyrillic capitals that
/// look like it.
fn latin(character: char) -> Option<u8> {
    let latin = match character {
        '\0'..='\u{7f}' => u8::try_from(character).ok()?,
        '\u{ff01}'..='\u{ff5e}' => u32::from(character).checked_sub(0xfee0).and_then(|latin| latin.try_into().ok())?,
        '\u{417}' => b'3',
        '\u{391}' | '\u{410}' => b'A',
        '\u{392}' | '\u{412}' => b'B',
        '\u{421}' => b'C',
        '\u{395}' | '\u{415}' => b'E',
        '\u{397}' | '\u{41d}' => b'H',
        '\u{399}' | '\u{406}' => b'I',
        '\u{408}' => b'J',
        '\u{39a}' | '\u{41a}' => b'K',
        '\u{39c}' | '\u{41c}' => b'M',
        '\u{39d}' => b'N',
        '\u{39f}' | '\u{41e}' => b'O',
        '\u{3a1}' | '\u{420}' => b'P',
        '\u{405}' => b'S',
        '\u{3a4}' | '\u{422}' => b'T',
        '\u{3a7}' | '\u{425}' => b'X',
        '\u{3a5}' | '\u{423}' => b'Y',
        '\u{396}' => b'Z',
        _ => return None,
    };
    latin.is_ascii_alphanumeric().then_some(latin)
}
