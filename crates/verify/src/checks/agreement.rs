//! Agreement of a letter with its token: the pages must print what the token says
//! (`docs/reference/certificate-token.md`, section 6).

use std::collections::BTreeMap;

use cqm_core::{Certificate, Code, Finding, Label, ReservedPositions, is_invisible};
use unicode_normalization::UnicodeNormalization as _;

use super::Case;
use crate::evidence::{Claims, Pages};

/// Compares the digest of the body, the number, the holder, the expiry and the labels.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    match (&case.evidence.pages, &case.evidence.claims) {
        (Some(pages), Some(claims)) => compare(pages, claims),
        _ => Vec::new(),
    }
}

fn compare(pages: &Pages, claims: &Claims) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, message| findings.push(Finding::new(code, message));
    let Claims { certificate, letter, .. } = claims;
    if pages.digest != *letter {
        let sizes = match (letter.size, pages.digest.size) {
            (stated, found) if stated == found => format!("{found} bytes with another digest"),
            (stated, found) => format!("{found} bytes instead of {stated}"),
        };
        find(Code::AgreementLetter, format!("the pages are not those that the token was issued for: {sizes}"));
    }

    let words: Vec<&str> = pages.lines.iter().flat_map(|line| line.split_whitespace()).collect();
    let number = certificate.number.as_str();
    if !words.contains(&number) {
        let message = format!("the token is that of certificate {number}, which the pages do not name");
        find(Code::TokenOfAnotherCertificate, message);
    }
    let holder = &certificate.holder.name;
    if !is_name_printed(&pages.lines, holder) {
        let message = format!("the token is that of {holder:?}, which the pages do not print as a name of its own");
        find(Code::TokenHolderDiffers, message);
    }
    let expiry = certificate.valid_until.in_words();
    let expiry_words: Vec<&str> = expiry.split(' ').collect();
    if !words.windows(expiry_words.len()).any(|window| window == expiry_words) {
        find(Code::TokenExpiryDiffers, format!("the token ends with {expiry}, which the pages do not print"));
    }
    for (label, difference) in label_differences(certificate, &pages.lines) {
        match difference {
            0 => {}
            1.. => find(Code::TokenLabelsDiffer, format!("{label} is in the token, but not on the pages")),
            _ => find(Code::TokenLabelsDiffer, format!("{label} is on the pages, but not in the token")),
        }
    }
    findings
}

/// Returns, for each label, the number of times that the token lists it, minus the number of times
/// that the pages print it.
fn label_differences(certificate: &Certificate, lines: &[String]) -> BTreeMap<Label, i64> {
    let mut differences: BTreeMap<Label, i64> = BTreeMap::new();
    let mut count = |label: Label, more: i64| {
        let difference = differences.entry(label).or_default();
        *difference = difference.saturating_add(more);
    };
    certificate.labels().for_each(|(_, label)| count(*label, 1));
    let mut printed = Vec::new();
    for line in lines {
        find_labels(line, &mut printed);
    }
    printed.into_iter().for_each(|label| count(label, -1));
    differences
}

/// Returns whether one line, or several consecutive lines, are this name and nothing else.
///
/// White space does not count: a name may be broken within a word, or between East Asian
/// characters, which have none.
fn is_name_printed(lines: &[String], name: &str) -> bool {
    let name: String = name.split_whitespace().flat_map(|word| word.nfc()).collect();
    // Every line that is not blank must use up a part of the name, so the inner loop is short.
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

/// Finds the labels that a person reads in a line, whatever is before and after them.
///
/// White space inside a label may be too narrow to see, so a label in pieces is a label.
fn find_labels(line: &str, found: &mut Vec<Label>) {
    const FIRST: u16 = 1 << (Label::LENGTH - 1);
    // The last ten letters and digits, without separators. A bit in `begins` for each of them
    // that begins a word; the lowest bit is for the last one.
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
                        // In pieces, only what can hardly be anything but a label.
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

/// The Latin letter or digit that a person takes a character for.
///
/// Full-width forms and the Greek and Cyrillic capitals that look like Latin ones are mapped.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels in a line.
    fn labels(line: &str) -> Vec<String> {
        let mut found = Vec::new();
        find_labels(line, &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn other_characters_separate_words() {
        for character in ['Щ', 'Ω', '漢', '-', '\u{ff0d}', 'ä'] {
            assert_eq!(labels(&format!("3{character}902000DA")), [""; 0], "{character}");
            assert_eq!(labels(&format!("{character} 39902000DA")), ["39902000DA"], "{character}");
        }
        assert_eq!(labels("39902000da"), [""; 0], "no label has small letters");
        assert_eq!(labels("399 0200 0DA"), ["39902000DA"], "a label in pieces");
    }
}
