//! Indirect objects, `n g obj … endobj` (ISO 32000-2, 7.3.10).

use super::lexer::Lexer;
use super::parser::Parser;
use super::source::Source;
use super::{Object, Position, ReadError, Reference, Stream};

/// An indirect object of the file.
#[derive(Debug)]
pub(super) struct Indirect<'a> {
    pub(super) reference: Reference,
    pub(super) object: Object<'a>,
}

/// Reads the indirect object at `offset`. `length` finds the length of a stream that is not direct.
pub(super) fn read<'a>(
    source: &Source<'a>,
    offset: usize,
    length: &dyn Fn(Reference) -> Result<i64, ReadError>,
) -> Result<Indirect<'a>, ReadError> {
    let at = Position::Offset(offset);
    let budget = source.budget();
    // With an empty budget nothing is read at all.
    budget.spend_values(1, at)?;
    let mut lexer = Lexer::new(source.bytes(), offset);
    let reference = header(&mut lexer)?;
    let mut parser = Parser::new(lexer, budget, source.limits().depth);
    let object = parser.object();
    let mut lexer = parser.lexer;
    budget.spend_bytes(lexer.offset().saturating_sub(offset), at)?;
    let object = object?;
    lexer.skip_whitespace();
    let object = match object {
        Object::Dictionary(dictionary) if lexer.eat(b"stream") => {
            let length = match dictionary.get(b"Length") {
                Some(Object::Integer(length)) => *length,
                Some(Object::Reference(reference)) => length(*reference)?,
                _ => return Err(ReadError::syntax("a stream without a length", offset)),
            };
            let raw = stream_data(&mut lexer, length, offset)?;
            Object::Stream(Stream { dictionary, raw, number: reference.number })
        }
        object => object,
    };
    end(&mut lexer)?;
    Ok(Indirect { reference, object })
}

/// Reads `n g obj`.
pub(super) fn header(lexer: &mut Lexer<'_>) -> Result<Reference, ReadError> {
    let start = lexer.offset();
    let header = (|| {
        lexer.skip_whitespace();
        let number = u32::try_from(lexer.digits()?).ok()?;
        lexer.skip_spaces()?;
        let generation = u16::try_from(lexer.digits()?).ok()?;
        lexer.skip_spaces()?;
        lexer.eat(b"obj").then_some(Reference { number, generation })
    })();
    header.ok_or_else(|| ReadError::syntax("no object begins where one must be", start))
}

/// Reads the data after the word `stream`, and the word `endstream`. `offset` is that of the
/// object.
pub(super) fn stream_data<'a>(lexer: &mut Lexer<'a>, length: i64, offset: usize) -> Result<&'a [u8], ReadError> {
    if !lexer.eat(b"\r\n") && !lexer.eat(b"\n") {
        return Err(ReadError::syntax("no end of line after the word stream", lexer.offset()));
    }
    let start = lexer.offset();
    let raw = usize::try_from(length)
        .ok()
        .and_then(|length| start.checked_add(length))
        .and_then(|end| lexer.bytes().get(start..end))
        .ok_or_else(|| ReadError::syntax("a stream that is longer than the file", offset))?;
    lexer.set_offset(start.saturating_add(raw.len()));
    lexer.eat_end_of_line();
    if lexer.eat(b"endstream") {
        Ok(raw)
    } else {
        Err(ReadError::syntax("no endstream where the length ends the data", lexer.offset()))
    }
}

/// Reads `endobj`; returns the byte offset after it.
pub(super) fn end(lexer: &mut Lexer<'_>) -> Result<usize, ReadError> {
    lexer.skip_whitespace();
    if lexer.eat(b"endobj") {
        Ok(lexer.offset())
    } else {
        Err(ReadError::syntax("no endobj after an object", lexer.offset()))
    }
}
