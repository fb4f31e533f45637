//! The part of the character encodings of simple fonts that labels need (ISO 32000-2, annex D).

/// The encoding of a simple font before `/Differences` is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// `/WinAnsiEncoding`: Latin 1 above 160.
    WinAnsi,
    /// `/StandardEncoding` and `/MacRomanEncoding`, which differ only above 127 and in quotation
    /// marks.
    Roman,
    /// The encoding in the font program, which is not read.
    BuiltIn,
}

impl Base {
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"WinAnsiEncoding" => Some(Self::WinAnsi),
            b"StandardEncoding" | b"MacRomanEncoding" => Some(Self::Roman),
            _ => None,
        }
    }

    /// The character of a code, if it is known here.
    pub(super) fn character(self, code: u8) -> Option<char> {
        match (self, code) {
            (Self::BuiltIn, _) => None,
            (_, 0x20..=0x7e) => Some(char::from(code)),
            (Self::WinAnsi, 0xa0..) => Some(char::from(code)),
            (Self::Roman, 0xca) => Some('\u{a0}'),
            _ => None,
        }
    }
}

/// The character of a glyph name, for Latin letters, digits, the punctuation around labels, and
/// names that contain a code.
pub(super) fn character_of(name: &[u8]) -> Option<char> {
    // A suffix names a variant of the same character.
    let base = name.split(|byte| *byte == b'.').next().unwrap_or_default();
    if let [letter] = base
        && letter.is_ascii_alphabetic()
    {
        return Some(char::from(*letter));
    }
    let named = NAMES.iter().find(|(known, _)| known.as_bytes() == base).map(|(_, character)| *character);
    named.or_else(|| {
        let digits = base.strip_prefix(b"uni").filter(|digits| digits.len() == 4);
        let digits = digits.or_else(|| base.strip_prefix(b"u").filter(|digits| (4..=6).contains(&digits.len())))?;
        let digits = core::str::from_utf8(digits).ok()?;
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    })
}

const NAMES: [(&str, char); 27] = [
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("space", ' '),
    ("nbspace", '\u{a0}'),
    ("nonbreakingspace", '\u{a0}'),
    ("hyphen", '-'),
    ("minus", '-'),
    ("endash", '–'),
    ("emdash", '—'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("semicolon", ';'),
    ("slash", '/'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("ampersand", '&'),
    ("bullet", '•'),
    ("underscore", '_'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyph_names_represent_characters() {
        for (name, character) in [
            ("A", Some('A')),
            ("nine", Some('9')),
            ("nine.tnum", Some('9')),
            ("uni0041", Some('A')),
            ("u00041", Some('A')),
            ("uniD800", None),
            ("g17", None),
            ("", None),
        ] {
            assert_eq!(character_of(name.as_bytes()), character, "{name}");
        }
    }
}
