//! Cross-reference tables (ISO 32000-2, 7.5.4).

use super::entry::Entry;
use super::trailer::check_size;
use crate::syntax::lexer::{Lexer, Token};
use crate::syntax::limits::Limit;
use crate::syntax::parser::Parser;
use crate::syntax::source::Source;
use crate::syntax::{Dictionary, Object, Position, ReadError, ReadErrorKind};

/// The length of an entry in bytes.
const ENTRY_LENGTH: usize = 20;

/// A table and its trailer.
pub(super) struct Table<'a> {
    pub(super) entries: Vec<(u32, Entry)>,
    pub(super) trailer: Dictionary<'a>,
}

/// Reads what follows the word `xref`.
pub(super) fn read<'a>(source: &Source<'a>, mut lexer: Lexer<'a>) -> Result<Table<'a>, ReadError> {
    let mut entries = Vec::new();
    loop {
        lexer.skip_whitespace();
        if lexer.eat(b"trailer") {
            break;
        }
        subsection(source, &mut lexer, &mut entries)?;
    }
    let at = Position::Offset(lexer.offset());
    let mut parser = Parser::new(lexer, source.budget(), source.limits().depth);
    match parser.object()? {
        Object::Dictionary(trailer) => {
            check_size(&trailer, entries.iter().map(|(number, _)| *number).max(), at)?;
            Ok(Table { entries, trailer })
        }
        other => Err(other.instead_of("a dictionary", at)),
    }
}

/// Reads the first object number, the number of entries, and the entries.
fn subsection(source: &Source<'_>, lexer: &mut Lexer<'_>, entries: &mut Vec<(u32, Entry)>) -> Result<(), ReadError> {
    let start = Position::Offset(lexer.offset());
    let error = |what, at| ReadError::new(ReadErrorKind::Xref(what), at);
    let (Token::Integer(first), Token::Integer(count)) = (lexer.token()?, lexer.token()?) else {
        return Err(error("a subsection does not begin with two integers", start));
    };
    let (Ok(first), Ok(count)) = (u32::try_from(first), u32::try_from(count)) else {
        return Err(error("a subsection begins with a number out of range", start));
    };
    lexer.skip_whitespace();
    for position in 0..count {
        let offset = lexer.offset();
        let at = Position::Offset(offset);
        if entries.len() >= source.limits().xref_entries {
            return Err(ReadError::new(ReadErrorKind::Limit(Limit::XrefEntries), at));
        }
        let number = first.checked_add(position).ok_or_else(|| error("an object number is out of range", at))?;
        let end = offset.saturating_add(ENTRY_LENGTH);
        let line = source.bytes().get(offset..end).ok_or_else(|| error("the table is cut short", at))?;
        let entry = entry(line).ok_or_else(|| error("an entry does not have the form of table entries", at))?;
        entries.push((number, entry));
        lexer.set_offset(end);
    }
    Ok(())
}

/// Reads `nnnnnnnnnn ggggg n` with a two-byte end of line.
fn entry(line: &[u8]) -> Option<Entry> {
    let (offset, rest) = line.split_at_checked(10)?;
    let rest = rest.strip_prefix(b" ")?;
    let (generation, rest) = rest.split_at_checked(5)?;
    let rest = rest.strip_prefix(b" ")?;
    let (kind, end) = rest.split_first()?;
    if !matches!(end, b" \n" | b" \r" | b"\r\n") {
        return None;
    }
    let (offset, generation) = (decimal(offset)?, decimal(generation)?);
    match kind {
        b'n' => {
            Some(Entry::Offset { offset: usize::try_from(offset).ok()?, generation: u16::try_from(generation).ok()? })
        }
        b'f' => Some(Entry::Free),
        _ => None,
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |value, &byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(byte & 0x0f)),
        _ => None,
    })
}
