//! ToUnicode CMaps: which characters the codes of a font mean (ISO 32000-2, 9.10.3).

use std::ops::Range;

use crate::syntax::{Budget, Lexer, Position, ReadError, Token, utf16_be_characters};

/// A character code: one to four bytes, highest first. Codes of different lengths differ.
///
/// The upper 32 bits hold the length, so codes can be compared as plain numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code(u64);

impl Code {
    /// Makes a code of one to four bytes; otherwise returns `None`.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let length = match bytes.len() {
            1 => 1,
            2 => 2,
            3 => 3,
            4 => 4,
            _ => return None,
        };
        let value = bytes.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte));
        Some(Self((length << 32) | value))
    }

    /// The bytes as a number.
    pub(crate) fn value(self) -> u32 {
        let [_, _, _, _, a, b, c, d] = self.0.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    fn is_as_long_as(self, other: Self) -> bool {
        self.0 >> 32 == other.0 >> 32
    }
}

/// The ways of reading a CMap: strict, as a typesetter writes it into a letter, and tolerant, as in
/// any PDF.
///
/// | | strict | tolerant |
/// | --- | --- | --- |
/// | a code | two bytes | one to four bytes |
/// | the UTF-16 of a code | 1 to 16 bytes, without U+FFFD | 1 to 8 bytes, or the code is skipped |
/// | a code that is mapped twice | refused | the last mapping counts |
/// | the end of a section | its keyword | anything that is not a code |
/// | malformed data | refused | ends the reading; what was read counts |
/// | a range that overflows its last byte | refused | ends there |
/// | a range whose last code is below its first | empty | malformed |
/// | cost | at most 65 536 codes | each code costs one value |
#[derive(Clone, Copy)]
enum Reading<'b> {
    Strict,
    Tolerant { budget: &'b Budget, at: Position },
}

/// The reason that the reading of a CMap ends early.
enum Stop {
    Malformed,
    Limit(ReadError),
}

/// The most bytes of UTF-16 per code in the strict reading: eight Latin letters.
pub(crate) const LONGEST_STRICT_TARGET: usize = 16;

/// The most bytes of UTF-16 per code in the tolerant reading: a ligature of four letters.
const LONGEST_TOLERANT_TARGET: usize = 8;

/// A ToUnicode CMap.
#[derive(Debug, Default)]
pub(crate) struct ToUnicode {
    /// Codes in ascending order, each with the place of its characters in `text`.
    codes: Vec<(Code, Range<usize>)>,
    text: String,
}

impl ToUnicode {
    /// Reads a CMap as a typesetter writes it, or nothing if any part is malformed. Letters have a
    /// stricter form (`glyph_map.rs`).
    pub(crate) fn strict(data: &[u8]) -> Option<Self> {
        let mut map = Self::default();
        map.read(data, Reading::Strict).ok()?;
        map.codes.sort_unstable_by_key(|(code, _)| *code);
        let unique = map.codes.array_windows().all(|[(code, _), (next, _)]| code != next);
        (unique && !map.text.contains(char::REPLACEMENT_CHARACTER)).then_some(map)
    }

    /// Reads a CMap as far as possible.
    ///
    /// # Errors
    ///
    /// Fails when the budget is used up.
    pub(crate) fn tolerant(data: &[u8], budget: &Budget, at: Position) -> Result<Self, ReadError> {
        let mut map = Self::default();
        match map.read(data, Reading::Tolerant { budget, at }) {
            Ok(()) | Err(Stop::Malformed) => {}
            Err(Stop::Limit(error)) => return Err(error),
        }
        map.codes.sort_by_key(|(code, _)| *code);
        map.codes.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        Ok(map)
    }

    /// The characters of a code.
    pub(crate) fn get(&self, code: Code) -> Option<&str> {
        let place = self.codes.binary_search_by_key(&code, |(known, _)| *known).ok()?;
        self.codes.get(place).and_then(|(_, characters)| self.text(characters))
    }

    /// The codes in ascending order, each with the place of its characters in the text.
    pub(crate) fn codes(&self) -> &[(Code, Range<usize>)] {
        &self.codes
    }

    /// The characters at a place that [`Self::codes`] names.
    pub(crate) fn text(&self, place: &Range<usize>) -> Option<&str> {
        self.text.get(place.clone())
    }

    /// Reads the sections `bfchar` and `bfrange`, and passes over everything else.
    fn read(&mut self, data: &[u8], reading: Reading<'_>) -> Result<(), Stop> {
        let mut lexer = Lexer::new(data, 0);
        // Reused for every string, to spare an allocation for each.
        let mut bytes = Vec::with_capacity(LONGEST_STRICT_TARGET);
        loop {
            match token(&mut lexer)? {
                Token::End => return Ok(()),
                Token::Keyword(b"beginbfchar") => {
                    while let Some(code) = reading.code(&mut lexer, b"endbfchar", &mut bytes)? {
                        string(token(&mut lexer)?, &mut bytes)?;
                        self.insert(code, &bytes, reading)?;
                    }
                }
                Token::Keyword(b"beginbfrange") => {
                    while let Some(first) = reading.code(&mut lexer, b"endbfrange", &mut bytes)? {
                        let last = reading.code(&mut lexer, b"endbfrange", &mut bytes)?;
                        let last = last.filter(|last| reading.is_range(first, *last)).ok_or(Stop::Malformed)?;
                        self.range(first, last, &mut lexer, &mut bytes, reading)?;
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads the characters of a range: a list of them, or those of the first code, which count up.
    fn range(
        &mut self,
        first: Code,
        last: Code,
        lexer: &mut Lexer<'_>,
        target: &mut Vec<u8>,
        reading: Reading<'_>,
    ) -> Result<(), Stop> {
        let codes = (first.0..=last.0).map(Code);
        match token(lexer)? {
            Token::ArrayStart => {
                for code in codes {
                    string(token(lexer)?, target)?;
                    self.insert(code, target, reading)?;
                }
                if token(lexer)? == Token::ArrayEnd { Ok(()) } else { Err(Stop::Malformed) }
            }
            start => {
                string(start, target)?;
                for code in codes {
                    self.insert(code, target, reading)?;
                    if code == last {
                        break;
                    }
                    // Only the last byte counts up, and it does not overflow (ISO 32000-2, 9.10.3).
                    match (target.last_mut().and_then(|byte| Some((byte.checked_add(1)?, byte))), reading) {
                        (Some((next, byte)), _) => *byte = next,
                        (None, Reading::Strict) => return Err(Stop::Malformed),
                        (None, Reading::Tolerant { .. }) => break,
                    }
                }
                Ok(())
            }
        }
    }

    fn insert(&mut self, code: Code, target: &[u8], reading: Reading<'_>) -> Result<(), Stop> {
        match reading {
            Reading::Strict => {
                let fits = (1..=LONGEST_STRICT_TARGET).contains(&target.len());
                if !fits || self.codes.len() > usize::from(u16::MAX) {
                    return Err(Stop::Malformed);
                }
            }
            Reading::Tolerant { budget, at } => {
                budget.spend_values(1, at).map_err(Stop::Limit)?;
                if !(1..=LONGEST_TOLERANT_TARGET).contains(&target.len()) {
                    return Ok(());
                }
            }
        }
        let start = self.text.len();
        self.text.extend(utf16_be_characters(target));
        self.codes.push((code, start..self.text.len()));
        Ok(())
    }

    /// Adds a code that is higher than those before it.
    pub(crate) fn push(&mut self, code: Code, characters: &str) {
        let start = self.text.len();
        self.text.push_str(characters);
        self.codes.push((code, start..self.text.len()));
    }
}

impl Reading<'_> {
    /// Reads the next code of a section that `end` closes, or nothing at the end of the section.
    fn code(self, lexer: &mut Lexer<'_>, end: &[u8], bytes: &mut Vec<u8>) -> Result<Option<Code>, Stop> {
        match self {
            Self::Strict => match token(lexer)? {
                Token::Keyword(word) if word == end => Ok(None),
                token => {
                    string(token, bytes)?;
                    if bytes.len() == 2 { Ok(Code::new(bytes)) } else { Err(Stop::Malformed) }
                }
            },
            Self::Tolerant { .. } => match lexer.token() {
                Ok(Token::String(code)) => Ok(Code::new(&code.bytes())),
                _ => Ok(None),
            },
        }
    }

    fn is_range(self, first: Code, last: Code) -> bool {
        match self {
            Self::Strict => true,
            Self::Tolerant { .. } => first.is_as_long_as(last) && first <= last,
        }
    }
}

fn token<'a>(lexer: &mut Lexer<'a>) -> Result<Token<'a>, Stop> {
    lexer.token().map_err(|_| Stop::Malformed)
}

/// Replaces `bytes` with the decoded bytes of a string token. Fails on any other token.
fn string(token: Token<'_>, bytes: &mut Vec<u8>) -> Result<(), Stop> {
    let Token::String(string) = token else { return Err(Stop::Malformed) };
    bytes.clear();
    string.append_to(bytes);
    Ok(())
}
