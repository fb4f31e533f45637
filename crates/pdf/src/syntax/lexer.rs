//! Bytes to tokens (ISO 32000-2, 7.2).

use std::borrow::Cow;

use memchr::memchr2;

use super::character::{hex_digit, is_regular, is_whitespace};
use super::{PdfString, ReadError};

/// A lexical token (ISO 32000-2, 7.2 and 7.3).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    Integer(i64),
    Real(f64),
    String(PdfString<'a>),
    Name(Cow<'a, [u8]>),
    ArrayStart,
    ArrayEnd,
    DictionaryStart,
    DictionaryEnd,
    Keyword(&'a [u8]),
    End,
}

/// Splits bytes into tokens. It counts the comments that it skips, because a profile may forbid
/// them.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    offset: usize,
    comments: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset, comments: 0 }
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn set_offset(&mut self, offset: usize) {
        self.offset = offset;
    }

    pub(crate) fn comments(&self) -> usize {
        self.comments
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    fn bump(&mut self) {
        self.offset = self.offset.saturating_add(1);
    }

    /// Skips the bytes that `accept` accepts, and returns them.
    #[inline]
    fn take_while(&mut self, mut accept: impl FnMut(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let length = rest.iter().position(|&byte| !accept(byte)).unwrap_or(rest.len());
        self.offset = self.offset.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    /// Skips white space and comments.
    #[inline]
    pub(crate) fn skip_whitespace(&mut self) {
        let mut rest = self.bytes.get(self.offset..).unwrap_or_default();
        loop {
            match rest {
                [byte, after @ ..] if is_whitespace(*byte) => rest = after,
                [b'%', ..] => {
                    self.comments = self.comments.saturating_add(1);
                    rest = after_comment(rest);
                }
                _ => break,
            }
        }
        self.offset = self.bytes.len().saturating_sub(rest.len());
    }

    /// Skips white space, which must be there.
    pub(super) fn skip_spaces(&mut self) -> Option<()> {
        let start = self.offset;
        self.take_while(is_whitespace);
        (self.offset > start).then_some(())
    }

    /// Skips `word` if it is next; returns whether it was.
    pub(crate) fn eat(&mut self, word: &[u8]) -> bool {
        let found = self.bytes.get(self.offset..).is_some_and(|rest| rest.starts_with(word));
        if found {
            self.offset = self.offset.saturating_add(word.len());
        }
        found
    }

    /// Skips one end-of-line marker if it is next: CR LF, LF, or CR.
    pub(crate) fn eat_end_of_line(&mut self) -> bool {
        self.eat(b"\r\n") || self.eat(b"\n") || self.eat(b"\r")
    }

    /// The next token.
    pub(crate) fn token(&mut self) -> Result<Token<'a>, ReadError> {
        self.token_in_place()
    }

    /// The same as [`Self::token`], inlined for the loops that read nearly all tokens of a file.
    #[inline(always)]
    pub(crate) fn token_in_place(&mut self) -> Result<Token<'a>, ReadError> {
        self.skip_whitespace();
        let start = self.offset;
        let Some(byte) = self.peek() else {
            return Ok(Token::End);
        };
        match byte {
            b'/' => {
                self.bump();
                self.name(start).map(Token::Name)
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(),
            b'(' => self.literal_string(start).map(Token::String),
            b'<' => {
                if self.eat(b"<<") {
                    Ok(Token::DictionaryStart)
                } else {
                    self.hex_string(start).map(Token::String)
                }
            }
            b'>' => {
                if self.eat(b">>") {
                    Ok(Token::DictionaryEnd)
                } else {
                    Err(ReadError::syntax("a single '>'", start))
                }
            }
            b'[' => {
                self.bump();
                Ok(Token::ArrayStart)
            }
            b']' => {
                self.bump();
                Ok(Token::ArrayEnd)
            }
            b')' | b'{' | b'}' => Err(ReadError::syntax("a delimiter that opens nothing", start)),
            _ => Ok(Token::Keyword(self.take_while(is_regular))),
        }
    }

    /// A non-negative integer without a sign, if it is next.
    pub(crate) fn digits(&mut self) -> Option<u64> {
        let start = self.offset;
        let mut value: u64 = 0;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            value = value.checked_mul(10)?.checked_add(u64::from(byte & 0x0f))?;
            self.bump();
        }
        (self.offset > start).then_some(value)
    }

    fn name(&mut self, start: usize) -> Result<Cow<'a, [u8]>, ReadError> {
        let mut coded = false;
        let raw = self.take_while(|byte| {
            coded |= byte == b'#';
            is_regular(byte)
        });
        if !coded {
            return Ok(Cow::Borrowed(raw));
        }
        let mut name = Vec::with_capacity(raw.len());
        let mut bytes = raw.iter().copied();
        while let Some(byte) = bytes.next() {
            if byte == b'#' {
                let high = bytes.next().and_then(hex_digit);
                let low = bytes.next().and_then(hex_digit);
                match (high, low) {
                    (Some(high), Some(low)) if high | low != 0 => name.push((high << 4) | low),
                    _ => return Err(ReadError::syntax("a bad '#' code in a name", start)),
                }
            } else {
                name.push(byte);
            }
        }
        Ok(Cow::Owned(name))
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Token<'a>, ReadError> {
        let start = self.offset;
        let raw = self.bytes.get(start..).unwrap_or_default();
        let (negative, unsigned) = match raw {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, raw),
        };
        let (whole, after_whole) = append_digits(0, unsigned);
        let (mantissa, decimals, rest) = match after_whole {
            [b'.', after @ ..] => {
                let (mantissa, rest) = append_digits(whole, after);
                (mantissa, Some(after.len().saturating_sub(rest.len())), rest)
            }
            _ => (whole, None, after_whole),
        };
        let text = unsigned.get(..unsigned.len().saturating_sub(rest.len())).unwrap_or_default();
        let digits = text.len().saturating_sub(usize::from(decimals.is_some()));
        if digits == 0 || rest.first().copied().is_some_and(is_regular) {
            return Err(ReadError::syntax("a malformed number", start));
        }
        self.offset = start.saturating_add(raw.len().saturating_sub(rest.len()));
        let Some(decimals) = decimals else {
            let value = match i64::try_from(mantissa) {
                Ok(value) if digits <= MOST_DIGITS => value,
                _ => parse(text).ok_or_else(|| ReadError::syntax("an integer that is too large", start))?,
            };
            return Ok(Token::Integer(if negative { value.wrapping_neg() } else { value }));
        };
        // A mantissa below 2^32 and a power of ten are both exact in 64 bits, and one division
        // rounds only once.
        let value = match (u32::try_from(mantissa), POWERS_OF_TEN.get(decimals)) {
            (Ok(mantissa), Some(power)) if digits <= MOST_DIGITS => f64::from(mantissa) / power,
            _ => parse(text)
                .filter(|value: &f64| value.is_finite())
                .ok_or_else(|| ReadError::syntax("a malformed number", start))?,
        };
        Ok(Token::Real(if negative { -value } else { value }))
    }

    fn literal_string(&mut self, start: usize) -> Result<PdfString<'a>, ReadError> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let mut depth = 0_usize;
        let mut left = rest;
        loop {
            left = match left {
                // Most glyphs are written as octal codes.
                [b'\\', b'0'..=b'7', b'0'..=b'7', b'0'..=b'7', after @ ..] => after,
                [b'\\', _, after @ ..] => after,
                [b'(', after @ ..] => {
                    depth = depth.saturating_add(1);
                    after
                }
                [b')', after @ ..] if depth == 1 => {
                    let length = rest.len().saturating_sub(after.len());
                    self.offset = start.saturating_add(length);
                    return Ok(PdfString::new(rest.get(..length).unwrap_or_default(), start));
                }
                [b')', after @ ..] => {
                    depth = depth.saturating_sub(1);
                    after
                }
                [_, after @ ..] => after,
                [] => break,
            };
        }
        // The caller charges for what was read.
        self.offset = self.bytes.len();
        Err(ReadError::syntax("a string without its end", start))
    }

    /// Skips hexadecimal digits, in blocks, because `/Contents` has thousands of them.
    fn skip_hex_digits(&mut self) {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let (blocks, _) = rest.as_chunks::<16>();
        let blocks =
            blocks.iter().take_while(|block| block.iter().fold(true, |all, byte| all & byte.is_ascii_hexdigit()));
        self.offset = self.offset.saturating_add(blocks.count().saturating_mul(16));
        self.take_while(|byte| byte.is_ascii_hexdigit());
    }

    fn hex_string(&mut self, start: usize) -> Result<PdfString<'a>, ReadError> {
        self.bump();
        self.skip_hex_digits();
        // White space between the digits is rare.
        while self.peek().is_some_and(is_whitespace) {
            self.take_while(|byte| is_whitespace(byte) || byte.is_ascii_hexdigit());
        }
        match self.peek() {
            Some(b'>') => {
                self.bump();
                Ok(PdfString::new(self.bytes.get(start..self.offset).unwrap_or_default(), start))
            }
            Some(_) => Err(ReadError::syntax("a byte that is not a hexadecimal digit", self.offset)),
            None => Err(ReadError::syntax("a string without its end", start)),
        }
    }
}

/// The bytes from the end of the first line on.
#[cold]
fn after_comment(bytes: &[u8]) -> &[u8] {
    memchr2(b'\n', b'\r', bytes).and_then(|end| bytes.get(end..)).unwrap_or_default()
}

/// A number of this many decimal digits always fits into 64 bits.
const MOST_DIGITS: usize = 18;

/// Appends the decimal digits at the start of `bytes` to `value`, modulo 2^64. Returns the number
/// and the bytes after the digits.
#[inline]
fn append_digits(mut value: u64, mut bytes: &[u8]) -> (u64, &[u8]) {
    while let [digit @ b'0'..=b'9', rest @ ..] = bytes {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit & 0x0f));
        bytes = rest;
    }
    (value, bytes)
}

/// The slow path, for numbers with more digits than usual.
#[cold]
fn parse<N: std::str::FromStr>(text: &[u8]) -> Option<N> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

const POWERS_OF_TEN: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
