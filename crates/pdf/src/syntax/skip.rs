use std::borrow::Cow;

use super::document::{object_header, stream_data};
use super::parser::reference;
use super::{Lexer, Position, ReadError, ReadErrorKind, Reference, Token};
use crate::syntax::limits::{Budget, Limit, Limits};

/// Where an indirect object stands, found without building it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Its number and generation.
    pub(crate) reference: Reference,
    /// Byte offset after `endobj`.
    pub(crate) end: usize,
    /// Comments between its tokens.
    pub(crate) comments: usize,
}

/// What an object is made of, as far as a passer-by asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Passed<'n> {
    /// A name: a key, or a value.
    Name(&'n [u8]),
    /// A reference to another object.
    Reference(Reference),
}

/// Passes the object `n g obj … endobj` at `offset`, checks its syntax, and shows every name and reference in it to `passed`.
pub(crate) fn skip_indirect(
    bytes: &[u8],
    offset: usize,
    limits: &Limits,
    budget: &Budget,
    length: &dyn Fn(Reference) -> Result<i64, ReadError>,
    passed: &mut dyn FnMut(Passed<'_>),
) -> Result<Extent, ReadError> {
    let at = Position::Offset(offset);
    // Nothing is looked at when nothing is left to pay with.
    budget.spend_values(1, at)?;
    let mut lexer = Lexer::new(bytes, offset);
    let header = object_header(&mut lexer)?;
    let stream_length = skip_value(&mut lexer, limits, budget, passed);
    budget.spend_bytes(lexer.offset().saturating_sub(offset), at)?;
    let stream_length = stream_length?;
    lexer.skip_whitespace();
    if lexer.eat(b"stream") {
        let length = match stream_length {
            Some(Length::Direct(length)) => length,
            Some(Length::Indirect(reference)) => length(reference)?,
            None => return Err(ReadError::syntax("a stream without a length", offset)),
        };
        stream_data(&mut lexer, length, offset)?;
        lexer.skip_whitespace();
    }
    if lexer.eat(b"endobj") {
        Ok(Extent { reference: header, end: lexer.offset(), comments: lexer.comments() })
    } else {
        Err(ReadError::syntax("no endobj after an object", lexer.offset()))
    }
}

enum Length {
    Direct(i64),
    Indirect(Reference),
}

/// What the next token may be.
#[derive(Clone, Copy)]
enum Frame {
    Array,
    /// `first` is where the keys of its dictionary begin among all that are open.
    Key {
        first: usize,
    },
    Value {
        first: usize,
        is_length: bool,
    },
}

/// Passes one value; returns what `/Length` is, if the value is a dictionary that has it.
fn skip_value(
    lexer: &mut Lexer<'_>,
    limits: &Limits,
    budget: &Budget,
    passed: &mut dyn FnMut(Passed<'_>),
) -> Result<Option<Length>, ReadError> {
    let mut frames: Vec<Frame> = Vec::with_capacity(8);
    let mut keys: Vec<Cow<'_, [u8]>> = Vec::with_capacity(16);
    let mut length = None;
    let mut count = 0_usize;
    let allowed = budget.values_left();
    loop {
        let start = lexer.offset();
        let token = lexer.token_in_place()?;
        count = count.saturating_add(1);
        let top_level = frames.len() == 1;
        let frame = frames.last().copied();
        let becomes = |frames: &mut Vec<Frame>, frame| {
            if let Some(top) = frames.last_mut() {
                *top = frame;
            }
        };
        // What must be a key, or the end of its dictionary.
        if let Some(Frame::Key { first }) = frame {
            match token {
                Token::Name(key) => {
                    passed(Passed::Name(&key));
                    let is_length = top_level && key.as_ref() == b"Length";
                    becomes(&mut frames, Frame::Value { first, is_length });
                    keys.push(key);
                    continue;
                }
                Token::DictionaryEnd => {
                    let own = keys.get_mut(first..).unwrap_or_default();
                    if let Some(twice) = first_twin(own) {
                        let kind = ReadErrorKind::DuplicateKey(String::from_utf8_lossy(twice).into_owned());
                        return Err(ReadError::new(kind, Position::Offset(start)));
                    }
                    keys.truncate(first);
                    frames.pop();
                }
                _ => return Err(ReadError::syntax("a dictionary key that is no name", start)),
            }
        } else {
            let is_length = matches!(frame, Some(Frame::Value { is_length: true, .. }));
            let in_array = matches!(frame, Some(Frame::Array));
            if let Some(Frame::Value { first, .. }) = frame {
                becomes(&mut frames, Frame::Key { first });
            }
            match token {
                Token::Integer(value) => {
                    let reference = reference(lexer, value);
                    if let Some(reference) = reference {
                        passed(Passed::Reference(reference));
                    }
                    if is_length {
                        length = Some(reference.map_or(Length::Direct(value), Length::Indirect));
                    }
                }
                Token::Name(value) => passed(Passed::Name(&value)),
                Token::Real(_) | Token::String(_) | Token::Keyword(b"true" | b"false" | b"null") => {}
                Token::ArrayStart | Token::DictionaryStart => {
                    if frames.len() >= limits.depth {
                        return Err(ReadError::new(ReadErrorKind::Limit(Limit::Depth), Position::Offset(start)));
                    }
                    let first = keys.len();
                    frames.push(if token == Token::ArrayStart { Frame::Array } else { Frame::Key { first } });
                }
                Token::ArrayEnd if in_array => {
                    frames.pop();
                }
                _ => return Err(ReadError::syntax("no object where one must stand", start)),
            }
        }
        if frames.is_empty() || count > allowed {
            budget.spend_values(count, Position::Offset(start))?;
            return Ok(length);
        }
    }
}

/// A key that is there twice. Few keys are compared as they stand, many are sorted first.
fn first_twin<'k>(keys: &'k mut [Cow<'_, [u8]>]) -> Option<&'k [u8]> {
    const FEW: usize = 12;
    if keys.len() <= FEW {
        let mut rest = &*keys;
        while let Some((key, others)) = rest.split_first() {
            if others.contains(key) {
                return Some(key);
            }
            rest = others;
        }
        return None;
    }
    keys.sort_unstable();
    keys.array_windows().find(|[a, b]| a == b).map(|[twin, _]| twin.as_ref())
}
