//! The content of a page: an interpreter of the operators that letters use, and no others (ISO
//! 32000-2, annex A).
//!
//! | operators | what for |
//! | --- | --- |
//! | `q Q cm` | graphics state |
//! | `m l c h re f f*` | shapes, which are filled |
//! | `cs scn` | colours, in ICC-based spaces |
//! | `BT ET Tf Td Tm Tr Tj TJ` | text, only with `Tr` 0 |
//! | `BMC BDC EMC` | marked content, without properties that hide or replace |

use std::collections::BTreeSet;
use std::rc::Rc;

use super::canvas::{Canvas, Paint};
use super::font::Font;
use super::legend::legend_language;
use super::operand::{Operand, Refused, name, numbers, operand};
use super::path::Path;
use super::problem::{ProblemKind, Problems};
use super::rectangle::Rectangle;
use super::resources::{Resources, Shared};
use super::streams::Purpose;
use crate::syntax::{Dictionary, Document, Lexer, Object, Parser, PdfString, Position, ReadError, Stream, Token};
use crate::text::{Color, Matrix, PageText, TextRun};

/// The deepest nesting of `q`, and of marked content.
const MOST_SAVED_STATES: usize = 64;

/// The most operands of one operator.
const MOST_OPERANDS: usize = 32;

/// The most content streams of a page: a built-in legend, and the page's own content.
const MOST_CONTENTS: usize = 2;

/// The gap inside `TJ`, forward or back, that begins a new run, for the font size 1. Kerning is far
/// below.
const RUN_GAP: f64 = 0.3;

/// The largest element of a matrix. A page is far smaller, and products of such numbers do not
/// overflow.
const LARGEST_ELEMENT: f64 = 1e9;

/// The properties of marked content that are allowed. Only `ActualText` replaces text: it is
/// compared with the glyphs' own, which is what is read.
const PROPERTY_KEYS: [&str; 7] = ["MCID", "Type", "Subtype", "BBox", "Attached", "Lang", "ActualText"];

impl<'d> Shared<'d> {
    /// Reads the text of a page, and reports everything outside the profile. `number` counts from
    /// 1.
    pub(super) fn page(&mut self, page: &Dictionary<'_>, number: usize, problems: &mut Problems) -> PageText {
        match self.run(page, number, problems) {
            Ok(text) => text,
            Err(error) => {
                problems.push(error.into());
                self.streams.give_up();
                PageText::default()
            }
        }
    }

    fn run(&mut self, page: &Dictionary<'_>, number: usize, problems: &mut Problems) -> Result<PageText, ReadError> {
        let at = Position::Page(number);
        let document = self.document;
        let outside = |problems: &mut Problems, what: &str| problems.add(ProblemKind::OutsideProfile, at, what);
        let Some(media_box) = page.get(b"MediaBox").and_then(Rectangle::from_object) else {
            outside(problems, "a page without a media box of its own");
            return Ok(PageText::default());
        };
        if !media_box.is_page() {
            outside(problems, "a page that does not have the size of a sheet of paper");
        }
        let resources = self.resources(page, at, problems)?;
        let contents = self.contents(page, at, problems)?;
        let mut interpreter = Interpreter {
            document,
            resources,
            at,
            problems,
            reported: BTreeSet::new(),
            canvas: Canvas::new(media_box, number == 1),
            state: State { matrix: Matrix::IDENTITY, fill: Some(Color::BLACK), has_space: false, font: None },
            saved: Vec::new(),
            path: Path::default(),
            text: None,
            marked: Vec::new(),
            codes: Vec::new(),
        };
        let mut result = Ok(());
        for (at, stream) in contents.iter().enumerate() {
            let is_legend = at == 0 && contents.len() > 1;
            let read = document.decode(stream).and_then(|data| {
                if is_legend && legend_language(&data).is_none() {
                    let what = "content before the content of a page that is not a built-in legend";
                    interpreter.problems.add(ProblemKind::OutsideProfile, Position::Object(stream.number), what);
                }
                interpreter.content(&data)
            });
            result = read.map_err(|error| error.in_object(stream.number));
            if result.is_err() {
                break;
            }
        }
        let Interpreter { canvas, problems, .. } = interpreter;
        let text = canvas.finish(document.budget(), at, problems);
        // The text before the error is kept, because it helps to inspect the file.
        if let Err(error) = result {
            problems.push(error.into());
        }
        text.map(|runs| PageText { runs })
    }

    /// The content streams of a page: one, or an array of a built-in legend and another one. Each
    /// is complete in itself, so that it makes no difference to join them.
    fn contents(
        &mut self,
        page: &Dictionary<'_>,
        at: Position,
        problems: &mut Problems,
    ) -> Result<Vec<Stream<'d>>, ReadError> {
        let (document, kind) = (self.document, ProblemKind::OutsideProfile);
        let references = match page.get(b"Contents") {
            Some(Object::Array(elements)) => elements.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        if references.is_empty() || references.len() > MOST_CONTENTS {
            problems.add(kind, at, format!("a page that does not have 1 to {MOST_CONTENTS} content streams"));
        }
        let mut streams = Vec::new();
        for reference in references.iter().take(MOST_CONTENTS) {
            let object = match reference {
                Object::Reference(reference) => document.object(*reference)?,
                _ => Object::Null,
            };
            match object {
                Object::Stream(stream) => {
                    self.streams.admit(&stream, Purpose::Content, problems);
                    streams.push(stream);
                }
                other => {
                    let what = format!("/Contents of a page does not refer to a stream, but to {}", other.type_name());
                    problems.add(kind, at, what);
                }
            }
        }
        Ok(streams)
    }
}

/// The part of the graphics state that letters change (ISO 32000-2, 8.4).
#[derive(Clone)]
struct State {
    matrix: Matrix,
    /// `None` between `cs` and the next `scn`, because viewers disagree on the initial colour of a
    /// space.
    fill: Option<Color>,
    /// Whether the colour space was chosen, which is sRGB.
    has_space: bool,
    font: Option<(Rc<Font>, f64)>,
}

/// The matrices of a text object (ISO 32000-2, 9.4.1).
#[derive(Clone, Copy)]
struct TextPosition {
    /// The text matrix: the place of the next glyph.
    glyph: Matrix,
    /// The text line matrix: the start of the line.
    line: Matrix,
}

impl TextPosition {
    fn at(line: Matrix) -> Self {
        Self { glyph: line, line }
    }
}

/// A marked-content sequence that is open.
struct Marked {
    /// The replacement text, and the number of runs before it.
    actual_text: Option<(String, usize)>,
}

struct Interpreter<'d, 'p> {
    document: &'d Document<'d>,
    resources: Resources,
    at: Position,
    problems: &'p mut Problems,
    reported: BTreeSet<String>,
    canvas: Canvas,
    state: State,
    saved: Vec<State>,
    path: Path,
    /// The place of text, between `BT` and `ET`.
    text: Option<TextPosition>,
    marked: Vec<Marked>,
    /// The bytes of the string that is shown. Reused to spare an allocation for each.
    codes: Vec<u8>,
}

impl Interpreter<'_, '_> {
    fn content(&mut self, data: &[u8]) -> Result<(), ReadError> {
        let budget = self.document.budget();
        let mut parser = Parser::new(Lexer::new(data, 0), budget, self.document.limits().depth);
        let depth = self.document.limits().depth;
        let mut operands: Vec<Operand<'_>> = Vec::with_capacity(8);
        loop {
            let start = parser.lexer.offset();
            match parser.lexer.token_in_place()? {
                Token::End => break,
                Token::Keyword(operator) if !matches!(operator, b"true" | b"false" | b"null") => {
                    budget.spend_operator(self.at)?;
                    if self.operator(operator, &operands).is_err() {
                        let operator = String::from_utf8_lossy(operator);
                        self.report(format!("the operator {operator} with these operands or in this place"));
                    }
                    operands.clear();
                }
                token => operands.push(operand(&mut parser, token, depth, start)?),
            }
            if operands.len() > MOST_OPERANDS {
                return Err(ReadError::syntax("too many operands", start));
            }
        }
        if !operands.is_empty() {
            self.report("operands without an operator".into());
        }
        if parser.lexer.comments() != 0 {
            self.report("a comment in the content".into());
        }
        if !self.saved.is_empty() || self.text.is_some() || !self.marked.is_empty() || self.path.is_open() {
            self.report("content that ends inside q, BT, BDC or a path".into());
        }
        Ok(())
    }

    /// Reports something outside the profile, once per page.
    fn report(&mut self, what: String) {
        if self.reported.len() <= self.document.limits().problems && !self.reported.contains(&what) {
            self.problems.add(ProblemKind::OutsideProfile, self.at, what.clone());
            self.reported.insert(what);
        }
    }

    fn operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<(), Refused> {
        match operator {
            b"q" => {
                self.require_page_level()?;
                numbers::<0>(operands)?;
                if self.saved.len() >= MOST_SAVED_STATES {
                    return Err(Refused);
                }
                self.saved.push(self.state.clone());
            }
            b"Q" => {
                self.require_page_level()?;
                numbers::<0>(operands)?;
                self.state = self.saved.pop().ok_or(Refused)?;
            }
            b"cm" => {
                self.require_page_level()?;
                let [a, b, c, d, e, f] = numbers(operands)?;
                let matrix = Matrix { a, b, c, d, e, f }.then(self.state.matrix);
                self.state.matrix = matrix.within(LARGEST_ELEMENT).ok_or(Refused)?;
            }
            b"m" | b"l" | b"c" | b"h" | b"re" => self.construct(operator, operands)?,
            b"f" | b"f*" => {
                numbers::<0>(operands)?;
                let Self { path, canvas, .. } = self;
                if !path.is_open() {
                    return Err(Refused);
                }
                let (bounds, solid) = (path.bounds(), path.is_rectangle());
                path.clear();
                canvas.paint(Paint { bounds, solid, color: self.state.fill.ok_or(Refused)? });
            }
            b"cs" => {
                self.outside_path()?;
                self.state.fill = None;
                self.state.has_space = self.resources.color_spaces.contains(name(operands)?);
                if !self.state.has_space {
                    return Err(Refused);
                }
            }
            b"scn" => {
                self.outside_path()?;
                let color = Color::from_components(&numbers::<3>(operands)?).filter(|_| self.state.has_space);
                self.state.fill = Some(color.ok_or(Refused)?);
            }
            b"BT" | b"ET" | b"Tf" | b"Td" | b"Tm" | b"Tr" | b"Tj" | b"TJ" => self.text_operator(operator, operands)?,
            b"BMC" | b"BDC" | b"EMC" => self.marked_content(operator, operands)?,
            _ => self.report(format!("the operator {}", String::from_utf8_lossy(operator))),
        }
        Ok(())
    }

    /// Fails inside a text object or an open path. An operator for graphics state there would leave
    /// the place of later text to the viewer (ISO 32000-2, 8.2).
    fn require_page_level(&self) -> Result<(), Refused> {
        match self.text {
            Some(_) => Err(Refused),
            None => self.outside_path(),
        }
    }

    /// Refuses operators inside a path that do not construct it.
    fn outside_path(&self) -> Result<(), Refused> {
        if self.path.is_open() { Err(Refused) } else { Ok(()) }
    }

    fn construct(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<(), Refused> {
        if self.text.is_some() {
            return Err(Refused);
        }
        let matrix = self.state.matrix;
        match operator {
            b"m" => {
                let [x, y] = numbers(operands)?;
                self.path.move_to(matrix.apply(x, y));
            }
            b"l" => {
                let [x, y] = numbers(operands)?;
                self.path.segment(&[matrix.apply(x, y)]).ok_or(Refused)?;
            }
            b"c" => {
                let [x1, y1, x2, y2, x3, y3] = numbers(operands)?;
                self.path
                    .segment(&[matrix.apply(x1, y1), matrix.apply(x2, y2), matrix.apply(x3, y3)])
                    .ok_or(Refused)?;
            }
            b"re" => {
                let [x, y, width, height] = numbers(operands)?;
                let (right, top) = (x + width, y + height);
                self.path.move_to(matrix.apply(x, y));
                for (x, y) in [(right, y), (right, top), (x, top)] {
                    self.path.segment(&[matrix.apply(x, y)]).ok_or(Refused)?;
                }
                self.path.close().ok_or(Refused)?;
            }
            _ => {
                numbers::<0>(operands)?;
                self.path.close().ok_or(Refused)?;
            }
        }
        Ok(())
    }

    fn text_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<(), Refused> {
        match operator {
            b"BT" => {
                self.outside_path()?;
                numbers::<0>(operands)?;
                if self.text.replace(TextPosition::at(Matrix::IDENTITY)).is_some() {
                    return Err(Refused);
                }
            }
            b"ET" => {
                numbers::<0>(operands)?;
                self.text.take().ok_or(Refused)?;
            }
            b"Tf" => {
                let [Operand::Name(font), Operand::Number(size)] = operands else { return Err(Refused) };
                let font = self.resources.fonts.get(font.as_ref()).ok_or(Refused)?;
                self.state.font = Some((Rc::clone(font), *size));
            }
            b"Td" => {
                let [e, f] = numbers(operands)?;
                let text = self.text.as_mut().ok_or(Refused)?;
                *text = TextPosition::at(Matrix { e, f, ..Matrix::IDENTITY }.then(text.line));
            }
            b"Tm" => {
                let [a, b, c, d, e, f] = numbers(operands)?;
                *self.text.as_mut().ok_or(Refused)? = TextPosition::at(Matrix { a, b, c, d, e, f });
            }
            b"Tr" => match operands {
                [Operand::Number(0.0)] => {}
                _ => self.problems.add(ProblemKind::HiddenText, self.at, "text in a rendering mode other than 0"),
            },
            b"Tj" => {
                let [Operand::String(string)] = operands else { return Err(Refused) };
                self.show(&[Operand::String(*string)])?;
            }
            _ => {
                let [Operand::Array(elements)] = operands else { return Err(Refused) };
                self.show(elements)?;
            }
        }
        Ok(())
    }

    /// Shows strings with adjustments between them (ISO 32000-2, 9.4.3).
    fn show(&mut self, elements: &[Operand<'_>]) -> Result<(), Refused> {
        let TextPosition { glyph: mut matrix, line } = self.text.ok_or(Refused)?;
        let (font, size) = self.state.font.clone().ok_or(Refused)?;
        let mut text = String::with_capacity(64);
        // The place of the next glyph and the end of the glyphs of the run, for the font size 1.
        let (mut pen, mut reach) = (0.0_f64, 0.0_f64);
        for element in elements {
            match element {
                Operand::String(string) => {
                    // A run begins at its first glyph.
                    if text.is_empty() && pen != 0.0 || (pen - reach).abs() > RUN_GAP {
                        self.finish_run(&mut text, matrix, size, reach * size)?;
                        matrix = Matrix { e: pen * size, ..Matrix::IDENTITY }.then(matrix);
                        (pen, reach) = (0.0, 0.0);
                    }
                    let before = text.len();
                    self.glyphs(string, &font, &mut text, &mut pen)?;
                    if text.len() > before {
                        reach = reach.max(pen);
                    }
                }
                Operand::Number(adjustment) => pen -= adjustment / 1000.0,
                _ => return Err(Refused),
            }
        }
        self.finish_run(&mut text, matrix, size, reach * size)?;
        let glyph = Matrix { e: pen * size, ..Matrix::IDENTITY }.then(matrix);
        self.text = Some(TextPosition { glyph, line });
        Ok(())
    }

    fn glyphs(&mut self, string: &PdfString<'_>, font: &Font, text: &mut String, pen: &mut f64) -> Result<(), Refused> {
        let mut codes = std::mem::take(&mut self.codes);
        codes.clear();
        string.append_to(&mut codes);
        let (pairs, rest) = codes.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(Refused);
        }
        for &pair in pairs {
            let code = u16::from_be_bytes(pair);
            match font.glyph(code) {
                Some((advance, characters)) => {
                    match characters.as_bytes() {
                        // Nearly all glyphs. Faster than appending a string.
                        [ascii] => text.push(char::from(*ascii)),
                        _ => text.push_str(characters),
                    }
                    *pen += advance;
                }
                None => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.report("a glyph that represents no character".into());
                }
            }
        }
        self.codes = codes;
        Ok(())
    }

    /// Puts a run on the canvas, which checks whether a person can see it.
    fn finish_run(&mut self, text: &mut String, matrix: Matrix, size: f64, width: f64) -> Result<(), Refused> {
        let text = std::mem::take(text);
        if text.is_empty() {
            return Ok(());
        }
        let fill = self.state.fill.ok_or(Refused)?;
        let matrix = matrix.then(self.state.matrix);
        if !matrix.is_upright() {
            self.report("text that is turned, mirrored or distorted".into());
        }
        let (x, y) = matrix.apply(0.0, 0.0);
        let scale = matrix.scale();
        let run = TextRun { text, x, y, width: width * scale, font_size: size * scale, fill };
        let full = Rectangle { left: 0.0, bottom: -0.2 * size, right: width, top: 0.75 * size }.transformed(matrix);
        let core = Rectangle { left: 0.05 * size, bottom: 0.05 * size, right: width - 0.05 * size, top: 0.45 * size }
            .transformed(matrix);
        self.canvas.text(run, full, core);
        Ok(())
    }

    fn marked_content(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<(), Refused> {
        self.outside_path()?;
        if operator == b"EMC" {
            numbers::<0>(operands)?;
            let marked = self.marked.pop().ok_or(Refused)?;
            if let Some((actual, first)) = marked.actual_text
                && let Err(what) = self.canvas.check_replacement(first, &actual)
            {
                self.problems.add(ProblemKind::HiddenText, self.at, what);
            }
            return Ok(());
        }
        if self.marked.len() >= MOST_SAVED_STATES {
            return Err(Refused);
        }
        let mut actual_text = None;
        match operands {
            [Operand::Name(tag)] if operator == b"BMC" => {
                if tag.as_ref() == b"ReversedChars" {
                    self.report("text that runs from right to left".into());
                }
            }
            [Operand::Name(_), Operand::Dictionary(properties)] if operator == b"BDC" => {
                for (key, value) in properties.iter() {
                    if !PROPERTY_KEYS.iter().any(|allowed| allowed.as_bytes() == key) {
                        self.report(format!("marked content with the property /{}", String::from_utf8_lossy(key)));
                    }
                    if key == b"ActualText" {
                        actual_text = Some((value.as_string().ok_or(Refused)?.text(), self.canvas.run_count()));
                    }
                }
            }
            _ => return Err(Refused),
        }
        self.marked.push(Marked { actual_text });
        Ok(())
    }
}
