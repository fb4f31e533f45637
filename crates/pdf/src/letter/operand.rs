//! The operands of content operators (ISO 32000-2, 7.8.2).

use std::borrow::Cow;

use crate::syntax::{Dictionary, Object, Parser, PdfString, Position, ReadError, Token};

/// Bytes of a string charged as one value. A glyph has two bytes, and four digits in hexadecimal.
const BYTES_OF_A_GLYPH: usize = 4;

/// The largest real number. It equals the largest integer; viewers disagree on larger numbers.
const LARGEST_NUMBER: f64 = 2_147_483_647.0;

/// An operand of an operator.
pub(super) enum Operand<'a> {
    Number(f64),
    Name(Cow<'a, [u8]>),
    String(PdfString<'a>),
    Array(Vec<Operand<'a>>),
    Dictionary(Dictionary<'a>),
    /// An operand that no operator of a letter accepts.
    Other,
}

/// The error that an operator has the wrong operands or is in the wrong place.
pub(super) struct Refused;

/// Reads the operand that begins with `token`. Content has no references, so an integer never
/// begins one.
#[inline(always)]
pub(super) fn operand<'a>(
    parser: &mut Parser<'a, '_>,
    token: Token<'a>,
    depth: usize,
    start: usize,
) -> Result<Operand<'a>, ReadError> {
    Ok(match token {
        Token::Real(value) if value.abs() <= LARGEST_NUMBER => Operand::Number(value),
        Token::Real(_) => Operand::Other,
        Token::Integer(value) => i32::try_from(value).map_or(Operand::Other, |value| Operand::Number(value.into())),
        Token::Name(name) => Operand::Name(name),
        Token::String(string) => {
            // The text of its glyphs may have more bytes than the string.
            parser.budget().spend_values(string.raw().len() / BYTES_OF_A_GLYPH, Position::Offset(start))?;
            Operand::String(string)
        }
        Token::ArrayStart => Operand::Array(array(parser, depth)?),
        token => {
            let object = parser.object_from(token, depth)?;
            match object.ok_or_else(|| ReadError::syntax("no operand where one must be", start))? {
                Object::Dictionary(dictionary) => Operand::Dictionary(dictionary),
                _ => Operand::Other,
            }
        }
    })
}

/// Reads the elements up to the end of the array. Each is charged as one value.
#[inline(never)]
fn array<'a>(parser: &mut Parser<'a, '_>, depth: usize) -> Result<Vec<Operand<'a>>, ReadError> {
    let mut elements = Vec::with_capacity(16);
    loop {
        let start = parser.lexer.offset();
        match parser.lexer.token_in_place()? {
            Token::ArrayEnd => return Ok(elements),
            // Letters have no array in an array.
            token @ Token::ArrayStart => {
                parser.object_from(token, depth.saturating_sub(1))?;
                elements.push(Operand::Other);
            }
            token => {
                parser.budget().spend_values(1, Position::Offset(start))?;
                elements.push(operand(parser, token, depth.saturating_sub(1), start)?);
            }
        }
    }
}

/// Exactly `N` numbers.
#[inline]
pub(super) fn numbers<const N: usize>(operands: &[Operand<'_>]) -> Result<[f64; N], Refused> {
    let operands: &[Operand<'_>; N] = operands.try_into().map_err(|_| Refused)?;
    let mut numbers = [0.0; N];
    for (number, operand) in numbers.iter_mut().zip(operands) {
        let Operand::Number(value) = operand else { return Err(Refused) };
        *number = *value;
    }
    Ok(numbers)
}

/// Exactly one name.
pub(super) fn name<'o>(operands: &'o [Operand<'_>]) -> Result<&'o [u8], Refused> {
    match operands {
        [Operand::Name(name)] => Ok(name),
        _ => Err(Refused),
    }
}
