//! Text as lines of glyphs: normalized, shaped once with a font for every character, and broken
//! into lines.

use std::{collections::HashMap, fmt, ops::Range};

use hypher::Lang;
use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{BufferClusterLevel, Direction, Feature, UnicodeBuffer, ttf_parser::Tag};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{colour::Colour, error::LetterError, fonts::Face};

/// The look of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) face: Face,
    /// The size in points.
    pub(crate) size: f32,
    /// The distance from line to line in points.
    pub(crate) leading: f32,
    pub(crate) colour: Colour,
}

impl Style {
    /// Returns the baseline of a line whose box begins at `top`. It centres capitals in the box.
    pub(crate) fn baseline(&self, top: f32) -> f32 {
        const CAPITALS: f32 = 0.714;
        top + self.leading / 2.0 + CAPITALS * self.size / 2.0
    }
}

/// A stretch of text in one font.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) face: Face,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// In ems.
    pub(crate) width: f32,
}

/// A line of text.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    pub(crate) style: Style,
    /// In points, without trailing spaces.
    pub(crate) width: f32,
}

/// Text that is not broken: a word with the spaces after it.
struct Piece {
    runs: Vec<Run>,
    /// In ems, without trailing spaces.
    visible: f32,
    /// In ems.
    width: f32,
}

/// Shapes the texts of one letter.
#[derive(Default)]
pub(crate) struct Shaper {
    /// The text of each glyph. A glyph has only one, so that software that extracts text from the
    /// file gets that text back.
    meanings: HashMap<(Face, u32), Box<str>>,
}

impl Shaper {
    /// Shapes a text as one line of any length. `place` names the text in an error.
    pub(crate) fn line(&mut self, text: &str, style: Style, place: fmt::Arguments<'_>) -> Result<Line, LetterError> {
        let piece = self.piece(&normalized(text), style.face, place)?;
        Ok(Line { width: piece.visible * style.size, runs: piece.runs, style })
    }

    /// Breaks a name into lines of at most `width` points: at spaces, after hyphens, and between
    /// East Asian characters. A word that is wider than a line is broken between any characters,
    /// without a hyphen, which a reader could take for a part of the name.
    pub(crate) fn paragraph(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        place: fmt::Arguments<'_>,
    ) -> Result<Vec<Line>, LetterError> {
        let limit = width / style.size;
        Ok(fill(self.pieces(text, style.face, limit, None, place)?, limit, style))
    }

    /// Like [`paragraph`](Self::paragraph), but hyphenates words that are wider than a line, by the
    /// rules of a language.
    pub(crate) fn prose(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        language: Lang,
        place: fmt::Arguments<'_>,
    ) -> Result<Vec<Line>, LetterError> {
        let limit = width / style.size;
        Ok(fill(self.pieces(text, style.face, limit, Some(language), place)?, limit, style))
    }

    /// Like [`paragraph`](Self::paragraph), but with lines of about equal length, for centred text.
    pub(crate) fn balanced(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        place: fmt::Arguments<'_>,
    ) -> Result<Vec<Line>, LetterError> {
        let limit = width / style.size;
        let pieces = self.pieces(text, style.face, limit, None, place)?;
        let count = count_lines(&pieces, limit);
        // Finds the narrowest limit that needs no more lines, to a tenth of an em.
        let (mut low, mut high) = (0.0, limit);
        while count > 1 && high - low > 0.1 {
            let middle = f32::midpoint(low, high);
            if count_lines(&pieces, middle) > count {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(fill(pieces, high, style))
    }

    /// Shapes the pieces of a text. No piece is wider than `limit` ems, except a single character.
    fn pieces(
        &mut self,
        text: &str,
        face: Face,
        limit: f32,
        language: Option<Lang>,
        place: fmt::Arguments<'_>,
    ) -> Result<Vec<Piece>, LetterError> {
        let text = normalized(text);
        let mut result = Vec::new();
        for range in pieces(&text) {
            let word = &text[range];
            let piece = self.piece(word, face, place)?;
            if piece.visible <= limit {
                result.push(piece);
                continue;
            }
            match language.map(|language| self.hyphenated(word, face, limit, language, place)).transpose()? {
                Some(parts) if parts.iter().all(|part| part.visible <= limit) => result.extend(parts),
                _ => {
                    for character in characters(word) {
                        result.push(self.piece(character, face, place)?);
                    }
                }
            }
        }
        Ok(result)
    }

    /// Breaks a word between syllables into parts that are as wide as possible, each but the last
    /// with a soft hyphen. Two parts that follow each other are wider than `limit` together, so no
    /// hyphen is inside a line.
    fn hyphenated(
        &mut self,
        word: &str,
        face: Face,
        limit: f32,
        language: Lang,
        place: fmt::Arguments<'_>,
    ) -> Result<Vec<Piece>, LetterError> {
        let hyphen = self.hyphen(face);
        let mut parts = Vec::new();
        let mut rest = word;
        loop {
            let piece = self.piece(rest, face, place)?;
            if piece.visible <= limit {
                parts.push(piece);
                return Ok(parts);
            }
            let mut widest = None;
            for end in syllables(rest, language) {
                let part = self.piece(&rest[..end], face, place)?;
                if part.visible + hyphen.width > limit {
                    break;
                }
                widest = Some((end, part));
            }
            let Some((end, mut part)) = widest else {
                parts.push(piece);
                return Ok(parts);
            };
            part.append(hyphen.clone());
            parts.push(part);
            rest = &rest[end..];
        }
    }

    /// A hyphen that is not a part of the text. Software that extracts text reads a soft hyphen and
    /// joins the word again. The fonts have no soft hyphen, so it has the glyph of the non-breaking
    /// hyphen, which looks the same and is the rarest of the hyphens in names.
    fn hyphen(&mut self, face: Face) -> Run {
        const SOFT_HYPHEN: &str = "\u{ad}";
        const NON_BREAKING_HYPHEN: char = '\u{2011}';
        let font = face.font();
        let glyph = font.shaper.glyph_index(NON_BREAKING_HYPHEN).unwrap_or_default();
        let width = f32::from(font.shaper.glyph_hor_advance(glyph).unwrap_or_default()) / font.font.units_per_em();
        let glyph = u32::from(glyph.0);
        self.meanings.entry((face, glyph)).or_insert_with(|| SOFT_HYPHEN.into());
        let glyphs = vec![KrillaGlyph::new(GlyphId::new(glyph), width, 0.0, 0.0, 0.0, 0..SOFT_HYPHEN.len(), None)];
        Run { face, text: SOFT_HYPHEN.into(), glyphs, width }
    }

    fn piece(&mut self, text: &str, face: Face, place: fmt::Arguments<'_>) -> Result<Piece, LetterError> {
        let mut runs = Vec::new();
        for (face, range) in faces(text, face, place)? {
            runs.push(self.run(&text[range], face, place)?);
        }
        let width = runs.iter().map(|run| run.width).sum();
        let spaces = runs.last().map_or(0.0, |run| {
            let trailing = run.text.chars().rev().take_while(|character| *character == ' ').count();
            run.glyphs.iter().rev().take(trailing).map(|glyph| glyph.x_advance).sum()
        });
        Ok(Piece { runs, visible: width - spaces, width })
    }

    fn run(&mut self, text: &str, face: Face, place: fmt::Arguments<'_>) -> Result<Run, LetterError> {
        let loaded = face.font();
        let em = loaded.font.units_per_em();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        // No ligatures: every character keeps its own glyphs, so that each glyph has one text.
        buffer.set_cluster_level(BufferClusterLevel::Characters);
        buffer.guess_segment_properties();
        // No kerning in text with digits: a label then stays one string in the page's content.
        let kerning = u32::from(!text.bytes().any(|byte| byte.is_ascii_digit()));
        let features = [Feature::new(Tag::from_bytes(b"kern"), kerning, ..)];
        let shaped = rustybuzz::shape(&loaded.shaper, &features, buffer);

        let infos = shaped.glyph_infos();
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width = 0.0;
        for (index, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let start = info.cluster as usize;
            let end = infos[index..].iter().map(|next| next.cluster as usize).find(|next| *next > start);
            let range = start..end.unwrap_or(text.len());
            self.remember(face, info.glyph_id, &text[range.clone()], place)?;
            let advance = position.x_advance as f32 / em;
            width += advance;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                advance,
                position.x_offset as f32 / em,
                position.y_offset as f32 / em,
                0.0,
                range,
                None,
            ));
        }
        Ok(Run { face, text: text.to_owned(), glyphs, width })
    }

    /// Records the text of a glyph. Fails if the glyph already has another text.
    fn remember(&mut self, face: Face, glyph: u32, text: &str, place: fmt::Arguments<'_>) -> Result<(), LetterError> {
        let meaning = self.meanings.entry((face, glyph)).or_insert_with(|| text.into());
        match text.chars().next() {
            Some(_) if **meaning == *text => Ok(()),
            Some(character) => Err(LetterError::no_glyph(character, place)),
            None => Ok(()),
        }
    }
}

/// Fills lines of at most `limit` ems with pieces.
fn fill(pieces: Vec<Piece>, limit: f32, style: Style) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut filled = 0.0;
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if filled + piece.visible <= limit => {
                line.width = (filled + piece.visible) * style.size;
                line.append(piece.runs);
            }
            _ => {
                filled = 0.0;
                lines.push(Line { width: piece.visible * style.size, runs: piece.runs, style });
            }
        }
        filled += piece.width;
    }
    lines
}

/// Counts the lines that [`fill`] makes.
fn count_lines(pieces: &[Piece], limit: f32) -> usize {
    let mut count = 0;
    let mut filled = f32::INFINITY;
    for piece in pieces {
        if filled + piece.visible > limit {
            count += 1;
            filled = 0.0;
        }
        filled += piece.width;
    }
    count
}

impl Piece {
    /// Adds a run to a piece without trailing spaces.
    fn append(&mut self, run: Run) {
        self.width += run.width;
        self.visible = self.width;
        match self.runs.last_mut() {
            Some(last) if last.face == run.face => last.append(run),
            _ => self.runs.push(run),
        }
    }
}

impl Line {
    fn append(&mut self, runs: Vec<Run>) {
        for run in runs {
            match self.runs.last_mut() {
                Some(last) if last.face == run.face => last.append(run),
                _ => self.runs.push(run),
            }
        }
    }
}

impl Run {
    fn append(&mut self, other: Self) {
        let offset = self.text.len();
        self.text.push_str(&other.text);
        self.width += other.width;
        self.glyphs.extend(other.glyphs.into_iter().map(|mut glyph| {
            glyph.text_range = glyph.text_range.start + offset..glyph.text_range.end + offset;
            glyph
        }));
    }
}

/// Returns a text in normalization form C, with one space for each stretch of white space.
fn normalized(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !result.is_empty() {
            result.push(' ');
        }
        result.extend(word.nfc());
    }
    result
}

/// Splits a text into stretches of one face: `face` where it has the characters, else an East Asian
/// one.
fn faces(text: &str, face: Face, place: fmt::Arguments<'_>) -> Result<Vec<(Face, Range<usize>)>, LetterError> {
    let mut stretches: Vec<(Face, Range<usize>)> = Vec::new();
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        let found = face.for_character(character).ok_or_else(|| LetterError::no_glyph(character, place))?;
        match stretches.last_mut() {
            Some((last, range)) if *last == found => range.end = end,
            _ => stretches.push((found, start..end)),
        }
    }
    Ok(stretches)
}

/// Splits a text where a line may end.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let mut characters = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((_, character)) = characters.next() {
            if let Some((next, following)) = characters.peek()
                && may_break(character, *following)
            {
                end = *next;
                break;
            }
        }
        let piece = start..start + end;
        start = piece.end;
        Some(piece)
    })
}

/// The fewest letters of a word before and after a hyphen.
const FEWEST_BEFORE: usize = 3;
const FEWEST_AFTER: usize = 4;

/// Returns where the syllables of the first word in a text end, except for the last. Characters
/// before the word, such as a parenthesis, belong to its first syllable.
fn syllables(text: &str, language: Lang) -> Vec<usize> {
    let start = text.find(char::is_alphabetic).unwrap_or(text.len());
    let word = &text[start..];
    let word = &word[..word.find(|character: char| !character.is_alphabetic()).unwrap_or(word.len())];
    let mut end = start;
    let ends = hypher::hyphenate_bounded(word, language, FEWEST_BEFORE, FEWEST_AFTER).map(|syllable| {
        end += syllable.len();
        end
    });
    let mut ends: Vec<usize> = ends.collect();
    ends.pop();
    ends
}

/// Reports whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    let closes = |character| "、。，．：；？！）」』】〉》)].,;:?!%".contains(character);
    let opens = |character| "（「『【〈《([".contains(character);
    match (before, after) {
        (_, ' ') => false,
        (' ', _) => true,
        ('-' | '/' | '\u{2010}' | '\u{2013}', after) => after.is_alphabetic(),
        (before, after) => {
            (is_east_asian(before) || is_east_asian(after))
                && !closes(after)
                && !opens(before)
                && !is_combining_mark(after)
        }
    }
}

/// Reports whether a character is Han or kana, which have no spaces between words. (Hangul has.)
fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{30ff}' | '\u{31f0}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Splits a text into characters, each with the combining marks that follow it.
fn characters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().skip(1).find(|(_, character)| !is_combining_mark(*character));
        let (character, after) = rest.split_at(end.map_or(rest.len(), |(index, _)| index));
        rest = after;
        Some(character).filter(|character| !character.is_empty())
    })
}
