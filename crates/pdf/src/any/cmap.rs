//! ToUnicode CMaps (ISO 32000-2, 9.10.3), read as far as they can be.

use std::collections::BTreeMap;

use crate::syntax::limits::Budget;
use crate::syntax::{Lexer, Position, ReadError, Token, utf16_be_characters};

/// A code may stand for so many bytes of UTF-16: a ligature of four letters.
const LONGEST_TARGET: usize = 8;

/// Codes of one to four bytes, and the characters that they stand for.
#[derive(Debug, Default)]
pub(super) struct ToUnicode {
    /// By the length of a code and its value.
    characters: BTreeMap<(usize, u32), String>,
}

impl ToUnicode {
    /// Reads the sections `bfchar` and `bfrange`. What is malformed ends the reading; each code is paid as a value.
    pub(super) fn read(data: &[u8], budget: &Budget, at: Position) -> Result<Self, ReadError> {
        let mut map = Self::default();
        let mut lexer = Lexer::new(data, 0);
        while let Ok(token) = lexer.token() {
            let more = match token {
                Token::End => break,
                Token::Keyword(b"beginbfchar") => map.characters(&mut lexer, budget, at)?,
                Token::Keyword(b"beginbfrange") => map.ranges(&mut lexer, budget, at)?,
                _ => Some(()),
            };
            if more.is_none() {
                break;
            }
        }
        Ok(map)
    }

    /// The characters of a code of this many bytes.
    pub(super) fn get(&self, length: usize, code: u32) -> Option<&str> {
        self.characters.get(&(length, code)).map(String::as_str)
    }

    fn characters(&mut self, lexer: &mut Lexer<'_>, budget: &Budget, at: Position) -> Result<Option<()>, ReadError> {
        while let Some((length, code)) = code(lexer) {
            let Ok(Token::String(target)) = lexer.token() else { return Ok(None) };
            budget.spend_values(1, at)?;
            self.insert(length, code, &target.bytes());
        }
        Ok(Some(()))
    }

    fn ranges(&mut self, lexer: &mut Lexer<'_>, budget: &Budget, at: Position) -> Result<Option<()>, ReadError> {
        while let Some((length, first)) = code(lexer) {
            let Some((_, last)) = code(lexer).filter(|(other, last)| *other == length && *last >= first) else {
                return Ok(None);
            };
            match lexer.token() {
                Ok(Token::String(target)) => {
                    let mut target = target.bytes().into_owned();
                    for code in first..=last {
                        budget.spend_values(1, at)?;
                        self.insert(length, code, &target);
                        // Only the last byte counts up.
                        match target.last_mut().and_then(|last| Some((last.checked_add(1)?, last))) {
                            Some((next, last)) => *last = next,
                            None => break,
                        }
                    }
                }
                Ok(Token::ArrayStart) => {
                    for code in first..=last {
                        let Ok(Token::String(target)) = lexer.token() else { return Ok(None) };
                        budget.spend_values(1, at)?;
                        self.insert(length, code, &target.bytes());
                    }
                    if lexer.token() != Ok(Token::ArrayEnd) {
                        return Ok(None);
                    }
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(()))
    }

    fn insert(&mut self, length: usize, code: u32, target: &[u8]) {
        if !target.is_empty() && target.len() <= LONGEST_TARGET {
            self.characters.insert((length, code), utf16_be_characters(target).collect());
        }
    }
}

/// A code: how many bytes it has, and its value. None at the end of a section.
fn code(lexer: &mut Lexer<'_>) -> Option<(usize, u32)> {
    match lexer.token().ok()? {
        Token::String(code) => {
            let code = code.bytes();
            (1..=4).contains(&code.len()).then(|| (code.len(), value(&code)))
        }
        _ => None,
    }
}

/// Up to four bytes as a number, the highest first.
pub(super) fn value(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |value, &byte| (value << 8) | u32::from(byte))
}
