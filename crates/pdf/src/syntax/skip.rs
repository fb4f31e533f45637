//! Indirect objects, checked and passed over without being built.

use std::borrow::Cow;

use super::indirect;
use super::lexer::{Lexer, Token};
use super::limits::Limit;
use super::object::first_duplicate;
use super::parser::reference;
use super::source::Source;
use super::{Position, ReadError, ReadErrorKind, Reference};

/// An indirect object that was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Its number and generation.
    pub(crate) reference: Reference,
    /// The byte offset after `endobj`.
    pub(crate) end: usize,
    /// The comments between its tokens.
    pub(crate) comments: usize,
    /// Whether it is a stream.
    pub(crate) is_stream: bool,
}

/// A part of an object that the caller sees when the object is passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Passed<'n> {
    /// A name, as a key or a value.
    Name(&'n [u8]),
    /// A reference to another object.
    Reference(Reference),
}

/// Checks the syntax of the object `n g obj … endobj` at `offset`, and passes every name and
/// reference in it to `passed`. `length` finds the length of a stream that is not direct.
pub(super) fn skip_indirect(
    source: &Source<'_>,
    offset: usize,
    length: &dyn Fn(Reference) -> Result<i64, ReadError>,
    passed: &mut dyn FnMut(Passed<'_>),
) -> Result<Extent, ReadError> {
    let at = Position::Offset(offset);
    let budget = source.budget();
    // With an empty budget nothing is read at all.
    budget.spend_values(1, at)?;
    let mut lexer = Lexer::new(source.bytes(), offset);
    let header = indirect::header(&mut lexer)?;
    let stream_length = Skipper::new(&mut lexer, source.limits().depth, passed).skip(source);
    budget.spend_bytes(lexer.offset().saturating_sub(offset), at)?;
    let stream_length = stream_length?;
    lexer.skip_whitespace();
    let is_stream = lexer.eat(b"stream");
    if is_stream {
        let length = match stream_length {
            Some(Length::Direct(length)) => length,
            Some(Length::Indirect(reference)) => length(reference)?,
            None => return Err(ReadError::syntax("a stream without a length", offset)),
        };
        indirect::stream_data(&mut lexer, length, offset)?;
    }
    let end = indirect::end(&mut lexer)?;
    Ok(Extent { reference: header, end, comments: lexer.comments(), is_stream })
}

/// The value of `/Length`.
enum Length {
    Direct(i64),
    Indirect(Reference),
}

/// A container that is open, and what may come next in it.
#[derive(Clone, Copy)]
enum Frame {
    /// The next token is an element of the array, or `]`.
    Array,
    /// A key of a dictionary, or its end. The keys of this dictionary begin at `first` among the
    /// keys of all open dictionaries.
    Key { first: usize },
    /// The value of a key. `is_length` is set for `/Length` of the outermost dictionary.
    Value { first: usize, is_length: bool },
}

/// Passes over one value. A loop with a stack of its own is faster here than recursion.
struct Skipper<'l, 'a, 'p> {
    lexer: &'l mut Lexer<'a>,
    depth: usize,
    passed: &'p mut dyn FnMut(Passed<'_>),
    frames: Vec<Frame>,
    keys: Vec<Cow<'a, [u8]>>,
    length: Option<Length>,
}

impl<'l, 'a, 'p> Skipper<'l, 'a, 'p> {
    fn new(lexer: &'l mut Lexer<'a>, depth: usize, passed: &'p mut dyn FnMut(Passed<'_>)) -> Self {
        let (frames, keys) = (Vec::with_capacity(8), Vec::with_capacity(16));
        Self { lexer, depth, passed, frames, keys, length: None }
    }

    /// Passes over the value; returns its `/Length` if it is a dictionary that has one.
    fn skip(mut self, source: &Source<'_>) -> Result<Option<Length>, ReadError> {
        let mut count = 0_usize;
        let allowed = source.budget().values_left();
        loop {
            let start = self.lexer.offset();
            let token = self.lexer.token_in_place()?;
            count = count.saturating_add(1);
            match self.frames.last().copied() {
                Some(Frame::Key { first }) => self.key(token, first, start)?,
                frame => self.value(token, frame, start)?,
            }
            if self.frames.is_empty() || count > allowed {
                source.budget().spend_values(count, Position::Offset(start))?;
                return Ok(self.length);
            }
        }
    }

    /// A key, or the end of its dictionary.
    #[inline]
    fn key(&mut self, token: Token<'a>, first: usize, start: usize) -> Result<(), ReadError> {
        match token {
            Token::Name(key) => {
                (self.passed)(Passed::Name(&key));
                let is_length = self.frames.len() == 1 && key.as_ref() == b"Length";
                self.expect(Frame::Value { first, is_length });
                self.keys.push(key);
                Ok(())
            }
            Token::DictionaryEnd => {
                let own = self.keys.get(first..).unwrap_or_default();
                if let Some(key) = first_duplicate(own.iter()) {
                    let kind = ReadErrorKind::DuplicateKey(String::from_utf8_lossy(key).into_owned());
                    return Err(ReadError::new(kind, Position::Offset(start)));
                }
                self.keys.truncate(first);
                self.frames.pop();
                Ok(())
            }
            _ => Err(ReadError::syntax("a dictionary key that is not a name", start)),
        }
    }

    /// A value: of a key, in an array, or by itself. Also the end of an array.
    #[inline]
    fn value(&mut self, token: Token<'a>, frame: Option<Frame>, start: usize) -> Result<(), ReadError> {
        if let Some(Frame::Value { first, .. }) = frame {
            self.expect(Frame::Key { first });
        }
        match token {
            Token::Integer(value) => {
                let reference = reference(self.lexer, value);
                if let Some(reference) = reference {
                    (self.passed)(Passed::Reference(reference));
                }
                if matches!(frame, Some(Frame::Value { is_length: true, .. })) {
                    self.length = Some(reference.map_or(Length::Direct(value), Length::Indirect));
                }
            }
            Token::Name(value) => (self.passed)(Passed::Name(&value)),
            Token::Real(_) | Token::String(_) | Token::Keyword(b"true" | b"false" | b"null") => {}
            Token::ArrayStart => self.open(Frame::Array, start)?,
            Token::DictionaryStart => self.open(Frame::Key { first: self.keys.len() }, start)?,
            Token::ArrayEnd if matches!(frame, Some(Frame::Array)) => {
                self.frames.pop();
            }
            _ => return Err(ReadError::syntax("no object where one must be", start)),
        }
        Ok(())
    }

    fn open(&mut self, frame: Frame, start: usize) -> Result<(), ReadError> {
        if self.frames.len() >= self.depth {
            return Err(ReadError::new(ReadErrorKind::Limit(Limit::Depth), Position::Offset(start)));
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Sets what may come next in the innermost container.
    fn expect(&mut self, frame: Frame) {
        if let Some(top) = self.frames.last_mut() {
            *top = frame;
        }
    }
}
