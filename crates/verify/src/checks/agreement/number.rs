//! The certificate's number on the pages: the one of the token, and no other.

use cqm_core::CertificateNumber;

use super::reading::Reading;

/// The fewest digits of a word that is taken for a number of a certificate.
const FEWEST_DIGITS: usize = 4;

/// The fewest letters at the beginning of a number by which others are known.
const FEWEST_LETTERS: usize = 2;

/// A letter or digit of a line.
#[derive(Clone, Copy)]
struct Letter {
    /// As a capital. Of another script: no ASCII letter.
    latin: u8,
    /// Whether it is the first after a space or a sign.
    begins: bool,
    /// Whether it is the first after anything but a dash, so that no number goes on here.
    begins_token: bool,
}

/// Returns the texts of a line that a person takes for the number of another certificate: they
/// begin with the letters that the number begins with, and have its form.
///
/// The form is the order of letters and digits, whatever signs are between them. A word that goes
/// on after those letters with digits is a number too, however long it is.
pub(super) fn others(line: &str, number: &CertificateNumber) -> Vec<String> {
    let wanted: Vec<u8> = number.as_str().chars().filter_map(|character| Reading::of(character).folded()).collect();
    let prefix = wanted.iter().take_while(|latin| latin.is_ascii_alphabetic()).count();
    let letters = letters(line);
    let mut others = Vec::new();
    for (start, first) in letters.iter().enumerate().filter(|(_, letter)| letter.begins) {
        let rest = letters.get(start..).unwrap_or_default();
        let token = rest.iter().skip(1).take_while(|letter| !letter.begins_token).count().saturating_add(1);
        let alike = rest.iter().zip(&wanted).take_while(|(letter, wanted)| is_alike(letter.latin, **wanted)).count();
        let is_whole = alike == wanted.len();
        let end = if prefix < FEWEST_LETTERS {
            // Many texts begin with a letter or a digit, so only a word of exactly this form
            // counts.
            if !is_whole || token != wanted.len() || !first.begins_token {
                continue;
            }
            token
        } else {
            let begins_alike = rest.iter().zip(&wanted).take(prefix).all(|(letter, wanted)| letter.latin == *wanted);
            if !begins_alike || !rest.get(prefix).is_some_and(|letter| letter.latin.is_ascii_digit()) {
                continue;
            }
            if is_whole { token.max(wanted.len()) } else { token }
        };
        let text: Vec<u8> = rest.iter().take(end).map(|letter| letter.latin).collect();
        let digits = text.iter().filter(|latin| latin.is_ascii_digit()).count();
        if digits >= FEWEST_DIGITS && text != wanted {
            others.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    others
}

/// Returns whether both are letters, or both are digits.
fn is_alike(one: u8, other: u8) -> bool {
    one.is_ascii_digit() == other.is_ascii_digit() && one.is_ascii_alphabetic() == other.is_ascii_alphabetic()
}

fn letters(line: &str) -> Vec<Letter> {
    let (mut begins, mut begins_token) = (true, true);
    let mut letters = Vec::with_capacity(line.len());
    for character in line.chars() {
        let reading = Reading::of(character);
        let latin = match reading {
            Reading::Capital(latin) | Reading::Small(latin) => latin,
            Reading::Other => b'?',
            Reading::Sign | Reading::Space => {
                begins = true;
                begins_token |= !is_dash(character);
                continue;
            }
        };
        letters.push(Letter { latin, begins, begins_token });
        (begins, begins_token) = (false, false);
    }
    letters
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn others_of(line: &str, number: &str) -> Vec<String> {
        others(line, &number.parse().unwrap())
    }

    #[test]
    fn the_number_itself_is_no_other() {
        for line in [
            "Certificate CQM-2023-0099 Page 1 of 2",
            "(CQM-2023-0099)",
            "https://example.org/cqm-2023-0099.pdf",
            "CQM program office, 1000 Main Street",
            "the CQM requirements of 2023",
            "CQM 2 and CQM 3.1 are requirements",
        ] {
            assert_eq!(others_of(line, "CQM-2023-0099"), [""; 0], "{line}");
        }
        for number in ["1", "2023-0099", "A1", "CQM"] {
            let line = format!("Certificate {number} Page 1 of 2, A4, 3990 0099 2023 2024-1");
            assert_eq!(others_of(&line, number), [""; 0], "{number}");
        }
    }

    #[test]
    fn a_number_of_its_form_is_another() {
        for line in [
            "CQM-2024-0001",
            "cqm-2024-0001",
            "CQM–2024–0001",
            "CQM 2024 0001",
            "CQM-2023-00991",
            "CQM-2023-0099-2",
            "CQM-2024-1",
            "CQM20240001",
            "СQM-2024-0001",
            "No. (CQM-2024-0001)",
            "漢CQM-2024-0001",
        ] {
            let found = others_of(line, "CQM-2023-0099").len();
            assert_eq!(found, usize::from(!line.starts_with('漢')), "{line}");
        }
        assert_eq!(others_of("Certificate 2024-0001", "2023-0099"), ["20240001"]);
        assert_eq!(others_of("tel. 55-2024-0001", "2023-0099"), [""; 0]);
    }
}
