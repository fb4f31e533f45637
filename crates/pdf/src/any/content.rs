//! The text of pages (ISO 32000-2, 9.4), including text that a person does not see.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use memchr::memmem;

use super::font::{Font, Text};
use super::layer::{Layers, States};
use super::page::{self, Page};
use crate::syntax::limits::Limit;
use crate::syntax::{
    Dictionary, Document, Lexer, Object, Parser, Position, ReadError, ReadErrorKind, Reference, Stream, Token,
    is_whitespace,
};
use crate::text::{Color, Matrix, PageText, TextRun};

/// The text on the pages of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnyText {
    /// The words that contain a digit or a capital letter, page by page. Punctuation separates
    /// words too.
    pub words: Vec<String>,
    /// The reasons why text may be missing, each once.
    pub unread: BTreeSet<String>,
    /// The layers of the file, if it has optional content.
    pub layers: Option<Layers>,
}

/// The colour of all runs, because the colours of text are not read here.
const INK: Color = Color { red: 0.0, green: 0.0, blue: 0.0 };

/// Names that are searched, charged as one value.
const NAMES_PER_VALUE: usize = 16;

/// Bytes of text that is shown, charged as one value.
const BYTES_PER_VALUE: usize = 4;

/// The values charged for a run, for the memory that it takes.
const VALUES_PER_RUN: usize = 2;

/// The most reasons that are listed.
const MOST_REASONS: usize = 20;

pub(super) fn text(document: &Document<'_>) -> AnyText {
    let mut text = AnyText::default();
    if let Err(error) = read(document, &mut text) {
        text.unread.insert(error.to_string());
    }
    text
}

/// Reads text until a limit is reached.
fn read(document: &Document<'_>, text: &mut AnyText) -> Result<(), ReadError> {
    let catalog = document.catalog()?;
    let mut reader =
        Reader { document, fonts: BTreeMap::new(), unread: BTreeSet::new(), runs: Vec::new(), layers: None };
    match States::read(document, &catalog) {
        Ok(layers) => reader.layers = layers,
        Err(error) => {
            // Nothing is known about them.
            text.layers = Some(Layers::default());
            reader.keep(Err(error))?;
        }
    }
    let pages = page::pages(document, &catalog)?;
    let result = (1_usize..).zip(pages).try_for_each(|(number, page)| {
        let read = reader.page(&page, Position::Page(number));
        let kept = reader.keep(read);
        for runs in directions(core::mem::take(&mut reader.runs)) {
            for line in (PageText { runs }).lines() {
                let words = line.split(is_punctuation).filter(|word| has_capital_or_digit(word));
                text.words.extend(words.map(str::to_owned));
            }
        }
        kept
    });
    text.unread = reader.unread;
    text.layers = reader.layers.map(States::into_layers).or(text.layers.take());
    result
}

/// Returns whether a character separates words. White space does; an unknown character may be a
/// letter.
fn is_punctuation(character: char) -> bool {
    !character.is_alphanumeric() && character != char::REPLACEMENT_CHARACTER
}

fn has_capital_or_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// The runs grouped by the direction of their baselines, each turned upright.
fn directions(runs: Vec<Directed>) -> [Vec<TextRun>; 4] {
    let mut sorted = [const { Vec::new() }; 4];
    let [right, up, left, down] = &mut sorted;
    for Directed { mut run, across, along } in runs {
        let (x, y) = (run.x, run.y);
        let list = match (across.abs() >= along.abs(), across >= 0.0, along >= 0.0) {
            (true, true, _) => &mut *right,
            (true, false, _) => {
                (run.x, run.y) = (-x, -y);
                &mut *left
            }
            (false, _, true) => {
                (run.x, run.y) = (y, -x);
                &mut *up
            }
            (false, _, false) => {
                (run.x, run.y) = (-y, x);
                &mut *down
            }
        };
        list.push(run);
    }
    sorted
}

/// A run, with the direction of its baseline as a vector.
struct Directed {
    run: TextRun,
    across: f64,
    along: f64,
}

/// The part of the graphics state that text uses (9.3).
#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    /// The layers that hide everything in this content.
    hiding: Option<Rc<[usize]>>,
}

impl State {
    fn new(page: Matrix) -> Self {
        Self {
            page,
            font: None,
            size: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            hiding: None,
        }
    }
}

struct Reader<'d> {
    document: &'d Document<'d>,
    fonts: BTreeMap<Reference, Rc<Font>>,
    unread: BTreeSet<String>,
    runs: Vec<Directed>,
    layers: Option<States<'d>>,
}

impl<'d> Reader<'d> {
    /// Notes an error as a reason; returns it if a limit is reached, which ends the reading.
    fn keep(&mut self, result: Result<(), ReadError>) -> Result<(), ReadError> {
        match result {
            Err(error) if matches!(error.kind(), ReadErrorKind::Limit(_)) => Err(error),
            Err(error) => {
                self.note(error.to_string());
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    fn note(&mut self, reason: String) {
        if self.unread.len() < MOST_REASONS {
            self.unread.insert(reason);
        }
    }

    fn page(&mut self, page: &Page<'d>, at: Position) -> Result<(), ReadError> {
        let document = self.document;
        let contents = document.lookup(&page.dictionary, b"Contents")?;
        let mut data = Vec::new();
        match contents.as_ref() {
            Object::Stream(stream) => data.extend_from_slice(&document.decode_all(stream)?),
            // The parts are one content, which may be split between any two tokens.
            Object::Array(parts) => {
                for part in parts {
                    if let Object::Stream(stream) = document.resolve(part)?.as_ref() {
                        data.extend_from_slice(&document.decode_all(stream)?);
                        data.push(b'\n');
                    }
                }
            }
            _ => {}
        }
        let content = self.content(&data, &page.resources, State::new(Matrix::IDENTITY), document.limits().depth, at);
        self.keep(content)?;
        let annotations = document.lookup(&page.dictionary, b"Annots")?;
        for annotation in annotations.as_array().unwrap_or_default() {
            let read = self.annotation(annotation, at);
            self.keep(read)?;
        }
        Ok(())
    }

    /// Reads the normal appearance of an annotation, placed at the corner of its rectangle.
    fn annotation(&mut self, annotation: &Object<'d>, at: Position) -> Result<(), ReadError> {
        let document = self.document;
        let annotation = document.resolve(annotation)?;
        let Some(annotation) = annotation.as_dictionary() else { return Ok(()) };
        let appearance = document.lookup(annotation, b"AP")?;
        let Some(appearance) = appearance.as_dictionary() else { return Ok(()) };
        let mut normal = document.lookup(appearance, b"N")?.into_owned();
        if let Object::Dictionary(states) = &normal {
            let state = annotation.name(b"AS").unwrap_or_default();
            normal = document.lookup(states, state)?.into_owned();
        }
        let Object::Stream(stream) = &normal else { return Ok(()) };
        let rectangle = document.lookup(annotation, b"Rect")?;
        let mut corner = rectangle.as_array().unwrap_or_default().iter().map(|side| side.as_real().unwrap_or(0.0));
        let (x, y) = (corner.next().unwrap_or(0.0), corner.next().unwrap_or(0.0));
        let mut state = State::new(Matrix::translation(x, y));
        if let Some(membership) = annotation.get(b"OC") {
            state.hiding = self.hiding(membership, at)?;
        }
        self.form(stream, &Dictionary::default(), state, document.limits().depth, at)
    }

    /// Reads a form XObject (8.10).
    fn form(
        &mut self,
        form: &Stream<'d>,
        resources: &Dictionary<'d>,
        mut state: State,
        depth: usize,
        at: Position,
    ) -> Result<(), ReadError> {
        let document = self.document;
        let depth = depth.checked_sub(1).ok_or(ReadError::new(ReadErrorKind::Limit(Limit::Depth), at))?;
        if let Some(membership) = form.dictionary.get(b"OC")
            && let Some(hiding) = self.hiding(membership, at)?
        {
            state.hiding = Some(hiding);
        }
        let matrix = document.lookup(&form.dictionary, b"Matrix")?;
        let matrix: Vec<f64> = matrix.as_array().unwrap_or_default().iter().filter_map(Object::as_real).collect();
        if let Ok(matrix) = <[f64; 6]>::try_from(matrix) {
            state.page = Matrix::from(matrix).then(state.page);
        }
        let data = document.decode_all(form)?;
        let own = document.lookup(&form.dictionary, b"Resources")?;
        self.content(&data, own.as_dictionary().unwrap_or(resources), state, depth, at)
    }

    fn content(
        &mut self,
        data: &[u8],
        resources: &Dictionary<'d>,
        state: State,
        depth: usize,
        at: Position,
    ) -> Result<(), ReadError> {
        let document = self.document;
        let mut parser = Parser::new(Lexer::new(data, 0), document.budget(), document.limits().depth);
        let (saved, marked) = (Vec::new(), Vec::new());
        let mut painter = Painter { state, saved, marked, text: Matrix::IDENTITY, line: Matrix::IDENTITY };
        let mut operands: Vec<Object<'_>> = Vec::new();
        loop {
            match parser.lexer.token().map_err(|error| placed(error, at))? {
                Token::End => return Ok(()),
                Token::Keyword(word) if !matches!(word, b"true" | b"false" | b"null") => {
                    document.budget().spend_operator(at)?;
                    if word == b"ID" {
                        skip_image(&mut parser.lexer);
                    } else if word == b"Tf" {
                        self.font(&operands, resources, &mut painter.state, at)?;
                    } else if word == b"Do" {
                        self.object(&operands, resources, &painter, depth, at)?;
                    } else if matches!(word, b"BDC" | b"BMC") {
                        // Each mark takes memory.
                        document.budget().spend_values(1, at)?;
                        let hiding = self.marked(&operands, resources, at)?;
                        painter.marked.push(hiding.or_else(|| painter.hiding().cloned()));
                    } else if word == b"EMC" {
                        painter.marked.pop();
                    } else {
                        self.operator(word, &operands, &mut painter, at)?;
                    }
                    operands.clear();
                }
                token => {
                    let operand = parser.object_from(token, document.limits().depth);
                    // An unmatched bracket is ignored.
                    operands.extend(operand.map_err(|error| placed(error, at))?);
                }
            }
        }
    }

    fn font(
        &mut self,
        operands: &[Object<'_>],
        resources: &Dictionary<'d>,
        state: &mut State,
        at: Position,
    ) -> Result<(), ReadError> {
        let document = self.document;
        let [Object::Name(name), size] = operands else { return Ok(()) };
        state.size = size.as_real().unwrap_or(0.0);
        state.font = None;
        let Some(value) = self.resource(resources, b"Font", name, at)? else { return Ok(()) };
        let reference = value.as_reference();
        if let Some(known) = reference.and_then(|reference| self.fonts.get(&reference)) {
            state.font = Some(Rc::clone(known));
            return Ok(());
        }
        let font = document.resolve(&value)?;
        let Some(font) = font.as_dictionary() else { return Ok(()) };
        match Font::read(document, font, at) {
            Ok(font) => {
                let font = Rc::new(font);
                state.font = Some(Rc::clone(&font));
                if let Some(reference) = reference {
                    self.fonts.insert(reference, font);
                }
                Ok(())
            }
            Err(error) => self.keep(Err(error)),
        }
    }

    /// The value of a named resource, which may be a reference. The search is charged, because a
    /// small file can have many names and use them often.
    fn resource(
        &self,
        resources: &Dictionary<'d>,
        category: &[u8],
        name: &[u8],
        at: Position,
    ) -> Result<Option<Object<'d>>, ReadError> {
        let document = self.document;
        document.budget().spend_values(resources.iter().count() / NAMES_PER_VALUE, at)?;
        let named = document.lookup(resources, category)?;
        let Some(named) = named.as_dictionary() else { return Ok(None) };
        document.budget().spend_values(named.iter().count() / NAMES_PER_VALUE, at)?;
        let Some(value) = named.get(name) else { return Ok(None) };
        document.budget().spend_values(values_in(value), at)?;
        Ok(Some(value.clone()))
    }

    fn object(
        &mut self,
        operands: &[Object<'_>],
        resources: &Dictionary<'d>,
        painter: &Painter,
        depth: usize,
        at: Position,
    ) -> Result<(), ReadError> {
        let document = self.document;
        let [Object::Name(name)] = operands else { return Ok(()) };
        let Some(value) = self.resource(resources, b"XObject", name, at)? else { return Ok(()) };
        let value = document.resolve(&value)?;
        match value.as_stream() {
            Some(form) if form.dictionary.name(b"Subtype") == Some(b"Form") => {
                let state = State { hiding: painter.hiding().cloned(), ..painter.state.clone() };
                let read = self.form(form, resources, state, depth, at);
                self.keep(read)
            }
            _ => Ok(()),
        }
    }

    /// The layers that hide marked content: `/OC /Name BDC` (14.6.2, 8.11.3.2).
    fn marked(
        &mut self,
        operands: &[Object<'_>],
        resources: &Dictionary<'d>,
        at: Position,
    ) -> Result<Option<Rc<[usize]>>, ReadError> {
        let [Object::Name(tag), Object::Name(name)] = operands else { return Ok(None) };
        if tag.as_ref() != b"OC" || self.layers.is_none() {
            return Ok(None);
        }
        match self.resource(resources, b"Properties", name, at)? {
            Some(membership) => self.hiding(&membership, at),
            None => Ok(None),
        }
    }

    /// The layers that hide content with this `/OC`. An unreadable one is noted.
    fn hiding(&mut self, membership: &Object<'d>, at: Position) -> Result<Option<Rc<[usize]>>, ReadError> {
        let Some(layers) = &self.layers else { return Ok(None) };
        match layers.hiding(membership, at) {
            Ok(hiding) => Ok(hiding),
            Err(error) => self.keep(Err(error)).map(|()| None),
        }
    }

    fn operator(
        &mut self,
        word: &[u8],
        operands: &[Object<'_>],
        painter: &mut Painter,
        at: Position,
    ) -> Result<(), ReadError> {
        let number = |index: usize| operands.get(index).and_then(Object::as_real).unwrap_or(0.0);
        let matrix = || Matrix::from([number(0), number(1), number(2), number(3), number(4), number(5)]);
        let state = &mut painter.state;
        match word {
            b"q" => {
                // Each copy of the state takes memory.
                self.document.budget().spend_values(1, at)?;
                painter.saved.push(state.clone());
            }
            b"Q" => {
                if let Some(saved) = painter.saved.pop() {
                    painter.state = saved;
                }
            }
            b"cm" => state.page = matrix().then(state.page),
            b"BT" => painter.begin_line(Matrix::IDENTITY),
            b"Tc" => state.character_spacing = number(0),
            b"Tw" => state.word_spacing = number(0),
            b"Tz" => state.stretch = number(0) / 100.0,
            b"TL" => state.leading = number(0),
            b"Ts" => state.rise = number(0),
            b"Td" => painter.move_line(number(0), number(1)),
            b"TD" => {
                state.leading = -number(1);
                painter.move_line(number(0), number(1));
            }
            b"Tm" => painter.begin_line(matrix()),
            b"T*" => painter.next_line(),
            b"Tj" => self.show(operands, painter, at)?,
            b"'" => {
                painter.next_line();
                self.show(operands, painter, at)?;
            }
            b"\"" => {
                (state.word_spacing, state.character_spacing) = (number(0), number(1));
                painter.next_line();
                self.show(operands.get(2..).unwrap_or_default(), painter, at)?;
            }
            b"TJ" => {
                if let [Object::Array(pieces)] = operands {
                    self.show(pieces, painter, at)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Shows strings. The numbers between them are shifts in thousandths of the font size.
    fn show(&mut self, pieces: &[Object<'_>], painter: &mut Painter, at: Position) -> Result<(), ReadError> {
        for piece in pieces {
            match piece {
                Object::String(string) => {
                    let bytes = string.bytes();
                    self.document.budget().spend_values(bytes.len() / BYTES_PER_VALUE, at)?;
                    self.show_string(&bytes, painter, at)?;
                }
                shift => painter.advance(-shift.as_real().unwrap_or(0.0) / 1000.0 * painter.state.size),
            }
        }
        Ok(())
    }

    fn show_string(&mut self, bytes: &[u8], painter: &mut Painter, at: Position) -> Result<(), ReadError> {
        let Some(font) = painter.state.font.clone() else {
            self.note(format!("text in a font that cannot be read ({at})"));
            return Ok(());
        };
        let State { page, size, character_spacing, word_spacing, stretch, rise, .. } = painter.state;
        let glyph_space = Matrix::from([size * stretch, 0.0, 0.0, size, 0.0, rise]);
        let Matrix { a, b, c, d, e: x, f: y } = glyph_space.then(painter.text).then(page);
        let mut text = String::new();
        let mut width = 0.0;
        let mut unknown = false;
        for shown in font.shown(bytes) {
            match shown.text {
                Some(Text::Mapped(characters)) => text.push_str(characters),
                Some(Text::Encoded(character)) => text.push(character),
                None => {
                    unknown = true;
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
            let spacing = if shown.is_space { character_spacing + word_spacing } else { character_spacing };
            width += shown.advance * size + spacing;
        }
        painter.advance(width);
        if unknown {
            self.note(format!("text in a font that does not say what its characters are ({at})"));
        }
        let length = if size == 0.0 { 0.0 } else { width / size * a.hypot(b) };
        if !text.is_empty() {
            if let (Some(layers), Some(hiding)) = (&self.layers, painter.hiding()) {
                self.document.budget().spend_values(hiding.len(), at)?;
                layers.note_text(hiding, at);
            }
            // The text of a code may have more bytes than the code, and is copied later.
            let more = text.len().saturating_sub(bytes.len()) / BYTES_PER_VALUE;
            self.document.budget().spend_values(VALUES_PER_RUN.saturating_add(more), at)?;
            text.shrink_to_fit();
            let run = TextRun { text, x, y, width: length, font_size: c.hypot(d), fill: INK };
            self.runs.push(Directed { run, across: a, along: b });
        }
        Ok(())
    }
}

/// The state while a content stream is read.
struct Painter {
    state: State,
    saved: Vec<State>,
    /// The marked content that is open, each with the layers that hide it or what is around it.
    marked: Vec<Option<Rc<[usize]>>>,
    /// The text matrix and the text line matrix (9.4.1).
    text: Matrix,
    line: Matrix,
}

impl Painter {
    /// The layers that hide what is painted now.
    fn hiding(&self) -> Option<&Rc<[usize]>> {
        self.marked.last().unwrap_or(&self.state.hiding).as_ref()
    }

    fn begin_line(&mut self, matrix: Matrix) {
        (self.text, self.line) = (matrix, matrix);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.begin_line(Matrix::translation(x, y).then(self.line));
    }

    fn next_line(&mut self) {
        self.move_line(0.0, -self.state.leading);
    }

    fn advance(&mut self, width: f64) {
        self.text = Matrix::translation(width * self.state.stretch, 0.0).then(self.text);
    }
}

/// The number of values in an object, itself included.
fn values_in(object: &Object<'_>) -> usize {
    let inside: usize = match object {
        Object::Array(elements) => elements.iter().map(values_in).sum(),
        Object::Dictionary(dictionary) => dictionary.iter().map(|(_, value)| values_in(value)).sum(),
        _ => 0,
    };
    inside.saturating_add(1)
}

/// Skips the data of an inline image up to `EI` between white space (8.9.7).
fn skip_image(lexer: &mut Lexer<'_>) {
    let rest = lexer.bytes().get(lexer.offset()..).unwrap_or_default();
    let end = memmem::find_iter(rest, b"EI").find_map(|at| {
        let before = rest.get(at.checked_sub(1)?)?;
        let end = at.checked_add(2)?;
        (is_whitespace(*before) && is_whitespace(*rest.get(end)?)).then_some(end)
    });
    let length = end.map_or(rest.len(), |end| end.saturating_add(1));
    lexer.set_offset(lexer.offset().saturating_add(length));
}

/// Replaces an offset inside the decompressed content of a page by the page.
fn placed(error: ReadError, at: Position) -> ReadError {
    ReadError::new(error.kind().clone(), at)
}
