//! Characters as a person reads them.

use cqm_core::is_invisible;

/// What a character is to a person who reads a number or a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A Latin capital or a digit.
    Capital(u8),
    /// A small Latin letter, as its capital.
    Small(u8),
    /// A letter or digit of another script.
    Other,
    /// A sign.
    Sign,
    /// White space, or a character without a mark on the page.
    Space,
}

impl Reading {
    pub(super) fn of(character: char) -> Self {
        match latin(character) {
            Some(small @ b'a'..=b'z') => Self::Small(small.to_ascii_uppercase()),
            Some(capital) => Self::Capital(capital),
            None if character.is_whitespace() || is_invisible(character) => Self::Space,
            None if character.is_alphanumeric() => Self::Other,
            None => Self::Sign,
        }
    }

    /// The capital or digit, whatever its case.
    pub(super) fn folded(self) -> Option<u8> {
        match self {
            Self::Capital(latin) | Self::Small(latin) => Some(latin),
            Self::Other | Self::Sign | Self::Space => None,
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
