use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

use super::filter::{PngPredictor, ascii_85, ascii_hex, inflate, run_length};
use super::xref::{Xref, expected};
use super::{
    Dictionary, Entry, Lexer, Object, Parser, Position, ReadError, ReadErrorKind, Reference, Section, Stream, Token,
};
use crate::syntax::limits::{Budget, Limit, Limits};

/// How deep the reading of one object may ask for others: a stream's length, and the object stream that holds that.
const MOST_NESTED_READS: usize = 4;

/// So many filters on one stream are undone.
const MOST_FILTERS: usize = 8;

/// A PDF file, opened and not trusted.
///
/// ```
/// use cqm_pdf::{Limits, syntax::{Document, ReadErrorKind}};
///
/// let error = Document::open(b"not a PDF", &Limits::default()).unwrap_err();
/// assert_eq!(error.kind(), &ReadErrorKind::NotAPdf);
/// ```
#[derive(Debug)]
pub struct Document<'a> {
    bytes: &'a [u8],
    limits: Limits,
    budget: Budget,
    xref: Xref<'a>,
    end_of_file_marker: usize,
    object_streams: BTreeMap<u32, OnceCell<ObjectStream>>,
    nested_reads: Cell<usize>,
}

impl<'a> Document<'a> {
    /// Reads the header, the last `startxref`, and every cross-reference section.
    ///
    /// # Errors
    ///
    /// Fails on what is no PDF file, is cut short, encrypted, or beyond a limit, and on any fault in a cross-reference section.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        let at_file = |kind| ReadError::new(kind, Position::File);
        if bytes.is_empty() {
            return Err(at_file(ReadErrorKind::Empty));
        }
        if bytes.len() > limits.file_size {
            return Err(at_file(ReadErrorKind::Limit(Limit::FileSize)));
        }
        if !matches!(bytes, [b'%', b'P', b'D', b'F', b'-', b'1'..=b'2', b'.', b'0'..=b'9', b'\r' | b'\n', ..]) {
            return Err(ReadError::new(ReadErrorKind::NotAPdf, Position::Offset(0)));
        }
        let end = Position::Offset(bytes.len());
        let word = b"startxref";
        let start = rfind(bytes, word).ok_or(ReadError::new(ReadErrorKind::Truncated("no startxref"), end))?;
        let mut lexer = Lexer::new(bytes, start.saturating_add(word.len()));
        let offset = match lexer.token() {
            Ok(Token::Integer(offset)) => usize::try_from(offset).ok().filter(|&offset| offset < start),
            _ => None,
        };
        // A comment to the lexer, so it is looked for by hand.
        while lexer.peek().is_some_and(super::is_whitespace) {
            lexer.set_offset(lexer.offset().saturating_add(1));
        }
        let end_of_file_marker = lexer.offset();
        if !lexer.eat(b"%%EOF") {
            return Err(ReadError::new(ReadErrorKind::Truncated("no %%EOF after startxref"), end));
        }
        let offset = offset
            .ok_or(ReadError::new(ReadErrorKind::Xref("startxref is no offset before it"), Position::Offset(start)))?;
        let budget = Budget::new(limits);
        let xref = Xref::load(bytes, offset, limits, &budget)?;
        if let Some(section) = xref.sections.iter().find(|section| section.trailer.get(b"Encrypt").is_some()) {
            return Err(ReadError::new(ReadErrorKind::Encrypted, Position::Offset(section.offset)));
        }
        let object_streams = xref
            .entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Compressed { stream, .. } => Some((*stream, OnceCell::new())),
                _ => None,
            })
            .collect();
        Ok(Self {
            bytes,
            limits: *limits,
            budget,
            xref,
            end_of_file_marker,
            object_streams,
            nested_reads: Cell::new(0),
        })
    }

    /// The whole file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The cross-reference sections, the newest first.
    pub fn sections(&self) -> &[Section<'a>] {
        &self.xref.sections
    }

    /// What the cross-reference sections say of each object number, from 0.
    pub fn entries(&self) -> &[Entry] {
        &self.xref.entries
    }

    /// What the cross-reference sections say of one object number.
    pub fn entry(&self, number: u32) -> Entry {
        self.xref.entry(number)
    }

    /// Byte offset of the last `%%EOF`.
    pub fn end_of_file_marker(&self) -> usize {
        self.end_of_file_marker
    }

    /// The newest trailer dictionary.
    ///
    /// # Errors
    ///
    /// None for a file that was opened; the error stands for an impossible state.
    pub fn trailer(&self) -> Result<&Dictionary<'a>, ReadError> {
        self.xref
            .sections
            .first()
            .map(|section| &section.trailer)
            .ok_or(ReadError::new(ReadErrorKind::Xref("no section"), Position::File))
    }

    /// The document catalog.
    ///
    /// # Errors
    ///
    /// Fails when the trailer names no catalog, or something that is no dictionary.
    pub fn catalog(&self) -> Result<Dictionary<'_>, ReadError> {
        match self.trailer()?.get(b"Root").and_then(Object::as_reference) {
            Some(reference) => match self.object(reference)? {
                Object::Dictionary(catalog) => Ok(catalog),
                other => Err(expected("a dictionary", &other, Position::Object(reference.number))),
            },
            None => Err(ReadError::new(ReadErrorKind::Xref("the trailer names no catalog"), Position::File)),
        }
    }

    /// The object that a reference means; `null` if there is none (ISO 32000-2, 7.3.10).
    ///
    /// # Errors
    ///
    /// Fails when the object is malformed, is not where the cross-reference says, or exceeds a limit.
    pub fn object(&self, reference: Reference) -> Result<Object<'_>, ReadError> {
        let entry = self.xref.entry(reference.number);
        if !entry.answers(reference) {
            return Ok(Object::Null);
        }
        let depth = self.nested_reads.get();
        if depth >= MOST_NESTED_READS {
            return Err(ReadError::new(ReadErrorKind::Loop, Position::Object(reference.number)));
        }
        self.nested_reads.set(depth.saturating_add(1));
        let object = match entry {
            Entry::Offset { offset, .. } => self.object_at(offset, reference),
            Entry::Compressed { stream, index } => self.object_in(stream, index, reference.number),
            Entry::Absent | Entry::Free => Ok(Object::Null),
        };
        self.nested_reads.set(depth);
        object
    }

    /// The object itself, or what it refers to.
    ///
    /// # Errors
    ///
    /// As [`Self::object`]; also when a reference leads to a reference.
    pub fn resolve<'o, 's>(&'s self, object: &'o Object<'s>) -> Result<Cow<'o, Object<'s>>, ReadError> {
        match object {
            Object::Reference(reference) => match self.object(*reference)? {
                Object::Reference(_) => Err(ReadError::new(ReadErrorKind::Loop, Position::Object(reference.number))),
                found => Ok(Cow::Owned(found)),
            },
            direct => Ok(Cow::Borrowed(direct)),
        }
    }

    /// The value of a key, resolved; `null` if the key is not there.
    ///
    /// # Errors
    ///
    /// As [`Self::resolve`].
    pub fn lookup<'o, 's>(
        &'s self,
        dictionary: &'o Dictionary<'s>,
        key: &[u8],
    ) -> Result<Cow<'o, Object<'s>>, ReadError> {
        match dictionary.get(key) {
            Some(value) => self.resolve(value),
            None => Ok(Cow::Owned(Object::Null)),
        }
    }

    /// The data of a stream, decoded. Each call decodes it anew and pays for it.
    ///
    /// # Errors
    ///
    /// Fails on damaged data, on filters that are not supported, and when the budget of decompressed bytes is used up.
    pub fn decode<'o>(&'o self, stream: &Stream<'o>) -> Result<Cow<'o, [u8]>, ReadError> {
        let at = Position::Object(stream.number);
        let unsupported = |what: &str| ReadError::new(ReadErrorKind::Unsupported(what.into()), at);
        if stream.dictionary.get(b"F").is_some() {
            return Err(unsupported("stream data in another file"));
        }
        let filter = self.only(&stream.dictionary, b"Filter")?;
        let parameters = self.only(&stream.dictionary, b"DecodeParms")?;
        match (filter, parameters) {
            (Object::Null, Object::Null) => {
                self.budget.spend_inflated(stream.raw.len(), at)?;
                Ok(Cow::Borrowed(stream.raw))
            }
            (Object::Name(name), parameters) if name.as_ref() == b"FlateDecode" => {
                let data = inflate(stream.raw, &self.budget, at)?;
                match parameters {
                    Object::Null => Ok(Cow::Owned(data)),
                    Object::Dictionary(parameters) => Self::unpredict(data, &parameters, at).map(Cow::Owned),
                    other => Err(expected("a dictionary", &other, at)),
                }
            }
            (Object::Name(name), _) => Err(unsupported(&format!("the filter {}", String::from_utf8_lossy(&name)))),
            (other, _) => Err(expected("a name", &other, at)),
        }
    }

    /// The data of a stream, through all its filters, also those that a letter does not use: the ASCII filters and run lengths. Each
    /// call decodes it anew and pays for what each filter gives.
    ///
    /// # Errors
    ///
    /// As [`Self::decode`].
    pub fn decode_all<'o>(&'o self, stream: &Stream<'o>) -> Result<Cow<'o, [u8]>, ReadError> {
        let at = Position::Object(stream.number);
        let unsupported = |what: &str| ReadError::new(ReadErrorKind::Unsupported(what.into()), at);
        if stream.dictionary.get(b"F").is_some() {
            return Err(unsupported("stream data in another file"));
        }
        let filters = self.list(&stream.dictionary, b"Filter")?;
        let parameters = self.list(&stream.dictionary, b"DecodeParms")?;
        if filters.len() > MOST_FILTERS {
            return Err(unsupported("more filters than a stream ever needs"));
        }
        let mut data = Cow::Borrowed(stream.raw);
        for (index, filter) in filters.iter().enumerate() {
            let decoded = match filter.as_name() {
                Some(b"FlateDecode") => {
                    let data = inflate(&data, &self.budget, at)?;
                    match parameters.get(index) {
                        Some(Object::Dictionary(parameters)) => Self::unpredict(data, parameters, at)?,
                        _ => data,
                    }
                }
                Some(b"ASCIIHexDecode") => self.paid(ascii_hex(&data, at)?, at)?,
                Some(b"ASCII85Decode") => self.paid(ascii_85(&data, at)?, at)?,
                Some(b"RunLengthDecode") => self.paid(run_length(&data, self.budget.inflated_left(), at)?, at)?,
                Some(name) => return Err(unsupported(&format!("the filter {}", String::from_utf8_lossy(name)))),
                None => return Err(expected("a name", filter, at)),
            };
            data = Cow::Owned(decoded);
        }
        if filters.is_empty() {
            self.budget.spend_inflated(data.len(), at)?;
        }
        Ok(data)
    }

    fn paid(&self, data: Vec<u8>, at: Position) -> Result<Vec<u8>, ReadError> {
        self.budget.spend_inflated(data.len(), at)?;
        Ok(data)
    }

    /// A value and those of an array, resolved; nothing for `null`.
    fn list<'o>(&'o self, dictionary: &Dictionary<'o>, key: &[u8]) -> Result<Vec<Object<'o>>, ReadError> {
        match self.lookup(dictionary, key)?.into_owned() {
            Object::Null => Ok(Vec::new()),
            Object::Array(elements) => {
                elements.iter().map(|element| self.resolve(element).map(Cow::into_owned)).collect()
            }
            value => Ok(vec![value]),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// A value that may also stand in an array of one.
    fn only<'o>(&'o self, dictionary: &Dictionary<'o>, key: &[u8]) -> Result<Object<'o>, ReadError> {
        let value = match dictionary.get(key) {
            None => return Ok(Object::Null),
            Some(Object::Reference(reference)) => self.object(*reference)?,
            Some(value) => value.clone(),
        };
        match value {
            Object::Array(elements) => match elements.as_slice() {
                [] => Ok(Object::Null),
                [Object::Reference(reference)] => self.object(*reference),
                [element] => Ok(element.clone()),
                _ => Err(ReadError::new(
                    ReadErrorKind::Unsupported("several filters on one stream".into()),
                    Position::File,
                )),
            },
            value => Ok(value),
        }
    }

    pub(super) fn unpredict(data: Vec<u8>, parameters: &Dictionary<'_>, at: Position) -> Result<Vec<u8>, ReadError> {
        let number = |key: &[u8], default: usize| match parameters.get(key) {
            None => Ok(default),
            Some(Object::Integer(value)) => usize::try_from(*value)
                .map_err(|_| ReadError::new(ReadErrorKind::Filter("a predictor parameter is out of range"), at)),
            Some(other) => Err(expected("an integer", other, at)),
        };
        match number(b"Predictor", 1)? {
            1 => Ok(data),
            10..=15 => PngPredictor {
                colors: number(b"Colors", 1)?,
                bits_per_component: number(b"BitsPerComponent", 8)?,
                columns: number(b"Columns", 1)?,
            }
            .decode(&data, at),
            other => Err(ReadError::new(ReadErrorKind::Unsupported(format!("predictor {other}")), at)),
        }
    }

    fn object_at(&self, offset: usize, reference: Reference) -> Result<Object<'a>, ReadError> {
        let length = |reference: Reference| match self.object(reference)? {
            Object::Integer(length) => Ok(length),
            other => Err(expected("an integer", &other, Position::Object(reference.number))),
        };
        let (found, object, _) = Self::indirect_at(self.bytes, offset, &self.budget, &self.limits, &length)?;
        if found == reference {
            Ok(object)
        } else {
            Err(ReadError::new(
                ReadErrorKind::Xref("another object stands where the cross-reference points"),
                Position::Object(reference.number),
            ))
        }
    }

    /// Reads `n g obj … endobj`. Returns the object and the offset after `endobj`.
    pub(super) fn indirect_at(
        bytes: &'a [u8],
        offset: usize,
        budget: &Budget,
        limits: &Limits,
        length: &dyn Fn(Reference) -> Result<i64, ReadError>,
    ) -> Result<(Reference, Object<'a>, usize), ReadError> {
        let at = Position::Offset(offset);
        // Nothing is looked at when nothing is left to pay with.
        budget.spend_values(1, at)?;
        let mut lexer = Lexer::new(bytes, offset);
        let reference = object_header(&mut lexer)?;
        let mut parser = Parser::new(lexer, budget, limits.depth);
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
        lexer.skip_whitespace();
        if lexer.eat(b"endobj") {
            Ok((reference, object, lexer.offset()))
        } else {
            Err(ReadError::syntax("no endobj after an object", lexer.offset()))
        }
    }

    fn object_in(&self, stream: u32, index: usize, number: u32) -> Result<Object<'_>, ReadError> {
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), Position::Object(number));
        let cell = self.object_streams.get(&stream).ok_or_else(|| error("no such object stream"))?;
        if cell.get().is_none() {
            // Another read may have filled the cell meanwhile; both hold the same data.
            let _ = cell.set(self.read_object_stream(stream)?);
        }
        let holder = cell.get().ok_or_else(|| error("no such object stream"))?;
        let &(found, offset) = holder.index.get(index).ok_or_else(|| error("the object stream has fewer objects"))?;
        if found != number {
            return Err(error("another object stands where the cross-reference points"));
        }
        let mut parser = Parser::new(Lexer::new(&holder.data, offset), &self.budget, self.limits.depth);
        parser.object().map_err(|error| error.in_object(number))
    }

    fn read_object_stream(&self, number: u32) -> Result<ObjectStream, ReadError> {
        let at = Position::Object(number);
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), at);
        let Entry::Offset { generation, .. } = self.xref.entry(number) else {
            return Err(error("an object stream is not an object of the file itself"));
        };
        let object = self.object(Reference { number, generation })?;
        let stream = object.as_stream().ok_or_else(|| expected("a stream", &object, at))?;
        if !stream.dictionary.is_type(b"ObjStm") {
            return Err(error("a stream that is not of the type ObjStm"));
        }
        let integer = |key| match self
            .lookup(&stream.dictionary, key)?
            .as_integer()
            .and_then(|value| usize::try_from(value).ok())
        {
            Some(value) => Ok(value),
            None => Err(error("an object stream without a valid /N and /First")),
        };
        let (count, first) = (integer(b"N")?, integer(b"First")?);
        self.budget.spend_values(count, at)?;
        let data = self.decode(stream)?.into_owned();
        let mut index = Vec::new();
        let mut lexer = Lexer::new(&data, 0);
        for _ in 0..count {
            let (Token::Integer(number), Token::Integer(offset)) = (
                lexer.token().map_err(|error| error.in_object(number))?,
                lexer.token().map_err(|error| error.in_object(number))?,
            ) else {
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
        Ok(ObjectStream { data, index })
    }
}

/// An object stream (ISO 32000-2, 7.5.7), decoded: the numbers of its objects and where they begin.
#[derive(Debug)]
struct ObjectStream {
    data: Vec<u8>,
    index: Vec<(u32, usize)>,
}

/// `n g obj`.
pub(super) fn object_header(lexer: &mut Lexer<'_>) -> Result<Reference, ReadError> {
    let start = lexer.offset();
    let header = (|| {
        lexer.skip_whitespace();
        let number = u32::try_from(lexer.digits()?).ok()?;
        lexer.skip_spaces()?;
        let generation = u16::try_from(lexer.digits()?).ok()?;
        lexer.skip_spaces()?;
        lexer.eat(b"obj").then_some(Reference { number, generation })
    })();
    header.ok_or_else(|| ReadError::syntax("no object begins where one must stand", start))
}

/// The bytes between `stream` and `endstream`.
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
        Err(ReadError::syntax("no endstream where the length says", lexer.offset()))
    }
}

fn rfind(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}
