//! The reasons that a text is not a label, with a hint for frequent mistakes.

use super::Part;
use crate::text::{Quoted, printable};

/// The reason that a text is not a label.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// The text does not have ten characters.
    #[error(
        "`{}` has {found} character{}, a label has ten{}",
        Quoted(text), if *found == 1 { "" } else { "s" }, nine(*found)
    )]
    Length {
        /// The text.
        text: String,
        /// The number of its characters.
        found: usize,
    },
    /// A position does not allow the character in it.
    #[error(
        "character {position} of `{}`, the {}, is `{}`: expected {}{}",
        Quoted(text), part.name(), printable(&found.to_string()), part.expected(), look_alike(*part, *found)
    )]
    Character {
        /// The text.
        text: String,
        /// The position, counted from 1.
        position: usize,
        /// The part of the label at this position.
        part: Part,
        /// The character at this position.
        found: char,
    },
}

/// Returns the end of the message about a wrong length. Nine characters are a frequent mistake,
/// because the heading of the program's section 4.3 counts nine.
fn nine(found: usize) -> &'static str {
    match found {
        9 => ": write both reserved positions, as in 39902000DA",
        _ => ", as in 39902000DA",
    }
}

/// Returns a hint if a wrong character is a small letter, or looks like a character that is
/// allowed.
fn look_alike(part: Part, found: char) -> String {
    let meant = match found {
        'O' | 'o' | 'Q' | 'Ο' | 'ο' | 'О' | 'о' => '0',
        'I' | 'i' | 'l' | 'L' | '|' | 'Ι' | 'І' => '1',
        'Z' | 'z' => '2',
        'А' | 'Α' => 'A',
        'С' | 'Ϲ' => 'C',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        // Full-width forms.
        '\u{ff01}'..='\u{ff5e}' => u32::from(found).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(found),
        other => other,
    };
    let (meant, why) = if part.allows(found.to_ascii_uppercase()) {
        (found.to_ascii_uppercase(), "labels have no small letters")
    } else {
        (meant, "it looks alike")
    };
    if meant != found && part.allows(meant) {
        let kind = if meant.is_ascii_digit() { "digit" } else { "letter" };
        format!("; perhaps the {kind} {meant} was meant ({why})")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use crate::Label;

    fn error(text: &str) -> String {
        text.parse::<Label>().unwrap_err().to_string()
    }

    #[test]
    fn nine_characters_are_told_about_both_reserved_positions() {
        assert_eq!(
            error("3990200DA"),
            "`3990200DA` has 9 characters, a label has ten: write both reserved positions, as in 39902000DA"
        );
        assert!(error("").contains("0 characters"));
        assert!(error("39902000DAA").contains("11 characters"));
    }

    #[test]
    fn a_wrong_character_is_named_with_what_was_expected() {
        for (text, message) in [
            ("39902100DA", "character 6 of `39902100DA`, the reserved position, is `1`: expected 0"),
            ("09902000DA", "character 1 of `09902000DA`, the activity, is `0`: expected 1 to 9 or P"),
            ("39902003DA", "character 8 of `39902003DA`, the packaging, is `3`: expected 0, 1 or 2"),
            ("39902000XA", "character 9 of `39902000XA`, the technology, is `X`: expected D or C"),
            ("39902000DX", "character 10 of `39902000DX`, the status, is `X`: expected R, A or S"),
        ] {
            assert_eq!(error(text), message);
        }
    }

    #[test]
    fn small_letters_are_recognised() {
        assert!(error("39902000dA").ends_with("perhaps the letter D was meant (labels have no small letters)"));
        assert!(error("p9902000DA").ends_with("perhaps the letter P was meant (labels have no small letters)"));
        assert!(error("3990２000DA").ends_with("perhaps the digit 2 was meant (it looks alike)"), "full width");
        assert!("39902000DA".parse::<Label>().is_ok());
    }

    #[test]
    fn look_alikes_are_recognised_of_every_alphabet() {
        // Latin, Greek and Cyrillic letters, each in a position that allows only what was meant.
        for (position, meant, look_alikes) in [
            (6, '0', "OoQ\u{39f}\u{3bf}\u{41e}\u{43e}"),
            (1, '1', "Iil L|\u{399}\u{406}"),
            (8, '2', "Zz"),
            (10, 'A', "\u{410}\u{391}"),
            (9, 'C', "\u{421}\u{3f9}"),
            (1, 'P', "\u{420}\u{3a1}"),
            (10, 'S', "\u{405}"),
        ] {
            for found in look_alikes.chars().filter(|found| *found != ' ') {
                let mut text: Vec<char> = "39902000DA".chars().collect();
                text[position - 1] = found;
                let kind = if meant.is_ascii_digit() { "digit" } else { "letter" };
                let hint = format!("; perhaps the {kind} {meant} was meant (it looks alike)");
                let message = error(&text.into_iter().collect::<String>());
                assert!(message.ends_with(&hint), "{found:?}: {message}");
            }
        }
    }

    #[test]
    fn other_characters_get_no_hint() {
        for text in ["X9902000DA", "39902#00DA", "3990200ADA", "39902000\u{ff38}A", "39902000D\u{ff01}"] {
            assert!(!error(text).contains("perhaps"), "{}", error(text));
        }
    }
}
