//! Tokens to objects.

use super::budget::Budget;
use super::character::{is_regular, is_whitespace};
use super::lexer::{Lexer, Token};
use super::limits::Limit;
use super::{Dictionary, Object, Position, ReadError, ReadErrorKind, Reference};

/// Reads objects from tokens. Each value is charged to the budget.
pub(crate) struct Parser<'a, 'b> {
    pub(crate) lexer: Lexer<'a>,
    budget: &'b Budget,
    depth: usize,
}

impl<'a, 'b> Parser<'a, 'b> {
    pub(crate) fn new(lexer: Lexer<'a>, budget: &'b Budget, depth: usize) -> Self {
        Self { lexer, budget, depth }
    }

    pub(crate) fn budget(&self) -> &'b Budget {
        self.budget
    }

    /// The next object. A stream is read as its dictionary: the caller looks for the word `stream`.
    pub(crate) fn object(&mut self) -> Result<Object<'a>, ReadError> {
        let start = self.lexer.offset();
        let token = self.lexer.token()?;
        self.object_from(token, self.depth)?.ok_or_else(|| ReadError::syntax("no object where one must be", start))
    }

    /// The object that begins with `token`, or `None` if no object does.
    pub(crate) fn object_from(&mut self, token: Token<'a>, depth: usize) -> Result<Option<Object<'a>>, ReadError> {
        let at = Position::Offset(self.lexer.offset());
        self.budget.spend_values(1, at)?;
        let deeper = |depth: usize| depth.checked_sub(1).ok_or(ReadError::new(ReadErrorKind::Limit(Limit::Depth), at));
        let object = match token {
            Token::Integer(value) => match reference(&mut self.lexer, value) {
                Some(reference) => Object::Reference(reference),
                None => Object::Integer(value),
            },
            Token::Real(value) => Object::Real(value),
            Token::String(string) => Object::String(string),
            Token::Name(name) => Object::Name(name),
            Token::Keyword(b"true") => Object::Boolean(true),
            Token::Keyword(b"false") => Object::Boolean(false),
            Token::Keyword(b"null") => Object::Null,
            Token::ArrayStart => Object::Array(self.array(deeper(depth)?)?),
            Token::DictionaryStart => Object::Dictionary(self.dictionary(deeper(depth)?, at)?),
            Token::ArrayEnd | Token::DictionaryEnd | Token::Keyword(_) | Token::End => return Ok(None),
        };
        Ok(Some(object))
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Object<'a>>, ReadError> {
        let mut elements = Vec::new();
        loop {
            let start = self.lexer.offset();
            match self.lexer.token()? {
                Token::ArrayEnd => return Ok(elements),
                token => elements.push(
                    self.object_from(token, depth)?
                        .ok_or_else(|| ReadError::syntax("an array without its end", start))?,
                ),
            }
        }
    }

    fn dictionary(&mut self, depth: usize, at: Position) -> Result<Dictionary<'a>, ReadError> {
        let mut entries = Vec::new();
        loop {
            let start = self.lexer.offset();
            match self.lexer.token()? {
                Token::DictionaryEnd => return Dictionary::new(entries, at),
                Token::Name(key) => {
                    let token = self.lexer.token()?;
                    let value = self
                        .object_from(token, depth)?
                        .ok_or_else(|| ReadError::syntax("a dictionary key without its value", start))?;
                    entries.push((key, value));
                }
                _ => return Err(ReadError::syntax("a dictionary key that is not a name", start)),
            }
        }
    }
}

/// The reference whose object number is `number`, if these follow: white space, a generation, white
/// space, `R`. Otherwise the lexer does not move.
#[inline]
pub(super) fn reference(lexer: &mut Lexer<'_>, number: i64) -> Option<Reference> {
    let start = lexer.offset();
    let (generation, end) = match lexer.bytes().get(start..) {
        // The form of nearly all references. Most integers do not begin a reference.
        Some([before, b'0', between, b'R', ..]) if is_whitespace(*before) && is_whitespace(*between) => {
            (0, start.saturating_add(4))
        }
        Some([before, next, ..]) if is_whitespace(*before) && (next.is_ascii_digit() || is_whitespace(*next)) => {
            let mut ahead = lexer.clone();
            (generation_and_r(&mut ahead)?, ahead.offset())
        }
        _ => return None,
    };
    if lexer.bytes().get(end).copied().is_some_and(is_regular) {
        return None;
    }
    let number = u32::try_from(number).ok()?;
    lexer.set_offset(end);
    Some(Reference { number, generation })
}

fn generation_and_r(lexer: &mut Lexer<'_>) -> Option<u16> {
    lexer.skip_spaces()?;
    let generation = u16::try_from(lexer.digits()?).ok()?;
    lexer.skip_spaces()?;
    lexer.eat(b"R").then_some(generation)
}
