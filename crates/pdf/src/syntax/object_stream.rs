//! Object streams (ISO 32000-2, 7.5.7).

use super::lexer::{Lexer, Token};
use super::parser::Parser;
use super::source::Source;
use super::{Object, Position, ReadError, ReadErrorKind};

/// The decoded data of an object stream, with the number and the place of each object in it.
#[derive(Debug)]
pub(super) struct ObjectStream {
    data: Vec<u8>,
    index: Vec<(u32, usize)>,
}

impl ObjectStream {
    /// Reads the `count` pairs of integers at the beginning. `first` is where the objects begin,
    /// and `number` is the object number of the stream.
    pub(super) fn new(data: Vec<u8>, count: usize, first: usize, number: u32) -> Result<Self, ReadError> {
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), Position::Object(number));
        let mut index = Vec::new();
        let mut lexer = Lexer::new(&data, 0);
        let mut token = || lexer.token().map_err(|error| error.in_object(number));
        for _ in 0..count {
            let (Token::Integer(number), Token::Integer(offset)) = (token()?, token()?) else {
                return Err(error("an object stream begins with something other than integers"));
            };
            let offset = usize::try_from(offset)
                .ok()
                .and_then(|offset| offset.checked_add(first))
                .filter(|&offset| offset < data.len());
            match (u32::try_from(number), offset) {
                (Ok(number), Some(offset)) => index.push((number, offset)),
                _ => return Err(error("an object stream begins with a number out of range")),
            }
        }
        Ok(Self { data, index })
    }

    /// Parses the object at a position, which must have this number.
    pub(super) fn object(&self, index: usize, number: u32, source: &Source<'_>) -> Result<Object<'_>, ReadError> {
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), Position::Object(number));
        let &(found, offset) = self.index.get(index).ok_or_else(|| error("the object stream has fewer objects"))?;
        if found != number {
            return Err(error("the cross-reference points to another object"));
        }
        let mut parser = Parser::new(Lexer::new(&self.data, offset), source.budget(), source.limits().depth);
        parser.object().map_err(|error| error.in_object(number))
    }
}
