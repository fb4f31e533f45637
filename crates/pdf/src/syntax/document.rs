//! A file, opened: its objects and the data of its streams.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

use memchr::memmem;

use super::budget::Budget;
use super::character::is_whitespace;
use super::filter::{ascii_85, ascii_hex, inflate, run_length, unpredict};
use super::indirect;
use super::lexer::{Lexer, Token};
use super::limits::{Limit, Limits};
use super::object_stream::ObjectStream;
use super::skip::{Extent, Passed, skip_indirect};
use super::source::Source;
use super::xref::{Entry, Section, Xref};
use super::{Dictionary, Object, Position, ReadError, ReadErrorKind, Reference, Stream};

/// The number of reads that may be nested. Reading an object may need others: the length of a
/// stream, and the object stream that contains it.
const MOST_NESTED_READS: usize = 4;

/// The most filters of one stream.
const MOST_FILTERS: usize = 8;

/// A PDF file that was opened. It is not trusted.
///
/// ```
/// use cqm_pdf::{Limits, syntax::{Document, ReadErrorKind}};
///
/// let error = Document::open(b"not a PDF", &Limits::default()).unwrap_err();
/// assert_eq!(error.kind(), &ReadErrorKind::NotAPdf);
/// ```
#[derive(Debug)]
pub struct Document<'a> {
    source: Source<'a>,
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
    /// Fails if the file is not a PDF, is cut short, encrypted or beyond a limit, and on any fault
    /// in a cross-reference section.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        check_begin(bytes, limits)?;
        let End { section, end_of_file_marker } = End::find(bytes)?;
        let source = Source::new(bytes, limits);
        let xref = Xref::load(&source, section)?;
        if let Some(section) = xref.sections.iter().find(|section| section.trailer.get(b"Encrypt").is_some()) {
            return Err(ReadError::new(ReadErrorKind::Encrypted, Position::Offset(section.offset)));
        }
        let object_streams = xref.entries.iter().filter_map(|entry| match entry {
            Entry::Compressed { stream, .. } => Some((*stream, OnceCell::new())),
            _ => None,
        });
        let object_streams = object_streams.collect();
        Ok(Self { source, xref, end_of_file_marker, object_streams, nested_reads: Cell::new(0) })
    }

    /// A file whose objects are not known yet: [`Self::add_next`] adds them in their order. Its
    /// cross-reference sections are not read.
    ///
    /// # Errors
    ///
    /// Fails if the file is not a PDF or is too large.
    pub(crate) fn without_cross_reference(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        check_begin(bytes, limits)?;
        Ok(Self {
            source: Source::new(bytes, limits),
            xref: Xref { sections: Vec::new(), entries: vec![Entry::Free] },
            end_of_file_marker: bytes.len(),
            object_streams: BTreeMap::new(),
            nested_reads: Cell::new(0),
        })
    }

    /// Checks the syntax of the object at `offset`, whose number must be the next one with
    /// generation 0, and adds it. The length of a stream must be in its dictionary. Every name and
    /// reference in the object is passed to `passed`.
    pub(crate) fn add_next(&mut self, offset: usize, passed: &mut dyn FnMut(Passed<'_>)) -> Result<Extent, ReadError> {
        let entries = &mut self.xref.entries;
        let at = Position::Offset(offset);
        if entries.len() >= self.source.limits().xref_entries {
            return Err(ReadError::new(ReadErrorKind::Limit(Limit::XrefEntries), at));
        }
        let no_length = |_| Err(ReadError::syntax("a stream whose length is not in its dictionary", offset));
        let extent = skip_indirect(&self.source, offset, &no_length, passed)?;
        if extent.reference.generation != 0 || usize::try_from(extent.reference.number) != Ok(entries.len()) {
            return Err(ReadError::syntax("an object with another number than the next one", offset));
        }
        entries.push(Entry::Offset { offset, generation: 0 });
        Ok(extent)
    }

    /// The whole file.
    pub fn bytes(&self) -> &'a [u8] {
        self.source.bytes()
    }

    /// The cross-reference sections, the newest first.
    pub fn sections(&self) -> &[Section<'a>] {
        &self.xref.sections
    }

    /// The entries of the cross-reference, by object number from 0.
    pub fn entries(&self) -> &[Entry] {
        &self.xref.entries
    }

    /// The entry of one object number.
    pub fn entry(&self, number: u32) -> Entry {
        self.xref.entry(number)
    }

    /// The byte offset of the last `%%EOF`.
    pub fn end_of_file_marker(&self) -> usize {
        self.end_of_file_marker
    }

    /// The newest trailer dictionary.
    ///
    /// # Errors
    ///
    /// Never fails on an opened document.
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
    /// Fails if the trailer names no catalog, or an object that is not a dictionary.
    pub fn catalog(&self) -> Result<Dictionary<'_>, ReadError> {
        match self.trailer()?.get(b"Root").and_then(Object::as_reference) {
            Some(reference) => match self.object(reference)? {
                Object::Dictionary(catalog) => Ok(catalog),
                other => Err(other.instead_of("a dictionary", Position::Object(reference.number))),
            },
            None => Err(ReadError::new(ReadErrorKind::Xref("the trailer names no catalog"), Position::File)),
        }
    }

    /// The object that a reference means, or `null` if there is none (ISO 32000-2, 7.3.10).
    ///
    /// # Errors
    ///
    /// Fails if the object is malformed, is not where the cross-reference points, or exceeds a
    /// limit.
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

    /// The object itself, or the one that it refers to.
    ///
    /// # Errors
    ///
    /// As [`Self::object`]; also if a reference leads to a reference.
    pub fn resolve<'o, 's>(&'s self, object: &'o Object<'s>) -> Result<Cow<'o, Object<'s>>, ReadError> {
        match object {
            Object::Reference(reference) => match self.object(*reference)? {
                Object::Reference(_) => Err(ReadError::new(ReadErrorKind::Loop, Position::Object(reference.number))),
                found => Ok(Cow::Owned(found)),
            },
            direct => Ok(Cow::Borrowed(direct)),
        }
    }

    /// The value of a key, resolved, or `null` if the key is absent.
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

    /// The decoded data of a stream. Each call decodes it again and is charged for it.
    ///
    /// # Errors
    ///
    /// Fails on damaged data, on filters that are not supported, and if the limit of decompressed
    /// bytes is reached.
    pub fn decode<'o>(&'o self, stream: &Stream<'o>) -> Result<Cow<'o, [u8]>, ReadError> {
        let at = Position::Object(stream.number);
        in_this_file(stream)?;
        let filter = self.only(&stream.dictionary, b"Filter")?;
        let parameters = self.only(&stream.dictionary, b"DecodeParms")?;
        match (filter, parameters) {
            (Object::Null, Object::Null) => {
                self.budget().spend_inflated(stream.raw.len(), at)?;
                Ok(Cow::Borrowed(stream.raw))
            }
            (Object::Name(name), parameters) if name.as_ref() == b"FlateDecode" => {
                let data = inflate(stream.raw, &self.source, at)?;
                match parameters {
                    Object::Null => Ok(Cow::Owned(data)),
                    Object::Dictionary(parameters) => unpredict(data, &parameters, at).map(Cow::Owned),
                    other => Err(other.instead_of("a dictionary", at)),
                }
            }
            (Object::Name(name), _) => Err(unsupported_filter(&name, at)),
            (other, _) => Err(other.instead_of("a name", at)),
        }
    }

    /// The decoded data of a stream with any number of filters, including those that letters do not
    /// use: the ASCII filters and run lengths. Each call decodes it again and is charged for the
    /// result of each filter.
    ///
    /// # Errors
    ///
    /// As [`Self::decode`].
    pub fn decode_all<'o>(&'o self, stream: &Stream<'o>) -> Result<Cow<'o, [u8]>, ReadError> {
        let at = Position::Object(stream.number);
        in_this_file(stream)?;
        let filters = self.list(&stream.dictionary, b"Filter")?;
        let parameters = self.list(&stream.dictionary, b"DecodeParms")?;
        if filters.len() > MOST_FILTERS {
            return Err(unsupported("more filters than a stream ever needs", at));
        }
        let mut data = Cow::Borrowed(stream.raw);
        for (index, filter) in filters.iter().enumerate() {
            data = Cow::Owned(self.undo(filter, parameters.get(index), &data, at)?);
        }
        if filters.is_empty() {
            self.budget().spend_inflated(data.len(), at)?;
        }
        Ok(data)
    }

    /// Undoes one filter.
    fn undo(
        &self,
        filter: &Object<'_>,
        parameters: Option<&Object<'_>>,
        data: &[u8],
        at: Position,
    ) -> Result<Vec<u8>, ReadError> {
        let decoded = match filter.as_name() {
            Some(b"FlateDecode") => {
                // Charged as it grows.
                let data = inflate(data, &self.source, at)?;
                return match parameters {
                    Some(Object::Dictionary(parameters)) => unpredict(data, parameters, at),
                    _ => Ok(data),
                };
            }
            Some(b"ASCIIHexDecode") => ascii_hex(data, at)?,
            Some(b"ASCII85Decode") => ascii_85(data, at)?,
            Some(b"RunLengthDecode") => run_length(data, self.budget().inflated_left(), at)?,
            Some(name) => return Err(unsupported_filter(name, at)),
            None => return Err(filter.instead_of("a name", at)),
        };
        self.budget().spend_inflated(decoded.len(), at)?;
        Ok(decoded)
    }

    /// The value of a key as a list: the elements of an array, or the value itself, resolved.
    fn list<'o>(&'o self, dictionary: &Dictionary<'o>, key: &[u8]) -> Result<Vec<Object<'o>>, ReadError> {
        match self.lookup(dictionary, key)?.into_owned() {
            Object::Null => Ok(Vec::new()),
            Object::Array(elements) => {
                elements.iter().map(|element| self.resolve(element).map(Cow::into_owned)).collect()
            }
            value => Ok(vec![value]),
        }
    }

    /// The value of a key, which may also be the only element of an array.
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
                _ => Err(unsupported("several filters on one stream", Position::File)),
            },
            value => Ok(value),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        self.source.limits()
    }

    pub(crate) fn budget(&self) -> &Budget {
        self.source.budget()
    }

    /// The length of a stream, which is an object of its own.
    fn length(&self, reference: Reference) -> Result<i64, ReadError> {
        match self.object(reference)? {
            Object::Integer(length) => Ok(length),
            other => Err(other.instead_of("an integer", Position::Object(reference.number))),
        }
    }

    fn object_at(&self, offset: usize, reference: Reference) -> Result<Object<'a>, ReadError> {
        let found = indirect::read(&self.source, offset, &|reference| self.length(reference))?;
        if found.reference == reference {
            Ok(found.object)
        } else {
            let kind = ReadErrorKind::Xref("the cross-reference points to another object");
            Err(ReadError::new(kind, Position::Object(reference.number)))
        }
    }

    fn object_in(&self, stream: u32, index: usize, number: u32) -> Result<Object<'_>, ReadError> {
        let missing = || ReadError::new(ReadErrorKind::Xref("no such object stream"), Position::Object(number));
        let cell = self.object_streams.get(&stream).ok_or_else(missing)?;
        if cell.get().is_none() {
            // A nested read may have filled the cell meanwhile, with the same data.
            let _ = cell.set(self.read_object_stream(stream)?);
        }
        cell.get().ok_or_else(missing)?.object(index, number, &self.source)
    }

    fn read_object_stream(&self, number: u32) -> Result<ObjectStream, ReadError> {
        let at = Position::Object(number);
        let error = |what| ReadError::new(ReadErrorKind::Xref(what), at);
        let Entry::Offset { generation, .. } = self.xref.entry(number) else {
            return Err(error("an object stream is not an object of the file itself"));
        };
        let object = self.object(Reference { number, generation })?;
        let stream = object.as_stream().ok_or_else(|| object.instead_of("a stream", at))?;
        if !stream.dictionary.is_type(b"ObjStm") {
            return Err(error("a stream that is not of the type ObjStm"));
        }
        let integer = |key| {
            let value = self.lookup(&stream.dictionary, key)?;
            let value = value.as_integer().and_then(|value| usize::try_from(value).ok());
            value.ok_or_else(|| error("an object stream without a valid /N and /First"))
        };
        let (count, first) = (integer(b"N")?, integer(b"First")?);
        self.budget().spend_values(count, at)?;
        ObjectStream::new(self.decode(stream)?.into_owned(), count, first, number)
    }
}

/// Checks the size and the first bytes of a file.
fn check_begin(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
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
    Ok(())
}

/// The end of a file: `startxref`, the offset of a section, `%%EOF`.
struct End {
    section: usize,
    end_of_file_marker: usize,
}

impl End {
    fn find(bytes: &[u8]) -> Result<Self, ReadError> {
        let word = b"startxref";
        let truncated = |what| ReadError::new(ReadErrorKind::Truncated(what), Position::Offset(bytes.len()));
        let start = memmem::rfind(bytes, word).ok_or_else(|| truncated("no startxref"))?;
        let mut lexer = Lexer::new(bytes, start.saturating_add(word.len()));
        let section = match lexer.token() {
            Ok(Token::Integer(offset)) => usize::try_from(offset).ok().filter(|&offset| offset < start),
            _ => None,
        };
        // The lexer takes the marker for a comment, so it is not used to skip the white space.
        while lexer.peek().is_some_and(is_whitespace) {
            lexer.set_offset(lexer.offset().saturating_add(1));
        }
        let end_of_file_marker = lexer.offset();
        if !lexer.eat(b"%%EOF") {
            return Err(truncated("no %%EOF after startxref"));
        }
        let before = ReadErrorKind::Xref("startxref does not name an offset before it");
        let section = section.ok_or(ReadError::new(before, Position::Offset(start)))?;
        Ok(Self { section, end_of_file_marker })
    }
}

/// Refuses a stream whose data is in another file.
fn in_this_file(stream: &Stream<'_>) -> Result<(), ReadError> {
    match stream.dictionary.get(b"F") {
        Some(_) => Err(unsupported("stream data in another file", Position::Object(stream.number))),
        None => Ok(()),
    }
}

fn unsupported(what: &str, at: Position) -> ReadError {
    ReadError::new(ReadErrorKind::Unsupported(what.into()), at)
}

fn unsupported_filter(name: &[u8], at: Position) -> ReadError {
    unsupported(&format!("the filter {}", String::from_utf8_lossy(name)), at)
}
