//! Fonts: the widths and characters of their glyphs (ISO 32000-2, 9.7 and 9.10.3).

use std::{iter, ops::Range};

use super::problem::{ProblemKind, Problems};
use super::streams::{Purpose, Streams, stream};
use crate::syntax::{Dictionary, Document, Object, PdfString, Position, ReadError, Reference};
use crate::text::{cmap::ToUnicode, glyph_map};

/// A composite font with the encoding Identity-H: two bytes per glyph.
#[derive(Debug, Default)]
pub(super) struct Font {
    characters: ToUnicode,
    /// The glyphs from 0 on.
    glyphs: Vec<Glyph>,
}

/// The advance width for the font size 1, and the place of the characters in the text of the CMap.
#[derive(Clone, Debug)]
struct Glyph {
    advance: f64,
    characters: Range<usize>,
}

const FONT_KEYS: [&str; 6] = ["Type", "Subtype", "BaseFont", "Encoding", "DescendantFonts", "ToUnicode"];

const DESCENDANT_KEYS: [&str; 8] =
    ["Type", "Subtype", "BaseFont", "CIDSystemInfo", "FontDescriptor", "DW", "W", "CIDToGIDMap"];

const DESCRIPTOR_KEYS: [&str; 11] = [
    "Type",
    "FontName",
    "Flags",
    "FontBBox",
    "ItalicAngle",
    "Ascent",
    "Descent",
    "CapHeight",
    "StemV",
    "CIDSet",
    "FontFile2",
];

impl Font {
    /// Reads a font and checks it against the profile. In a font with a fault, glyphs may lack
    /// characters.
    pub(super) fn read(
        document: &Document<'_>,
        reference: Reference,
        streams: &mut Streams,
        problems: &mut Problems,
    ) -> Self {
        let mut font = Self::default();
        if let Err(error) = font.fill(document, reference, streams, problems) {
            problems.push(error.into());
            streams.give_up();
        }
        font
    }

    fn fill(
        &mut self,
        document: &Document<'_>,
        reference: Reference,
        streams: &mut Streams,
        problems: &mut Problems,
    ) -> Result<(), ReadError> {
        let at = Position::Object(reference.number);
        let outside = |problems: &mut Problems, what: &str| problems.add(ProblemKind::OutsideProfile, at, what);
        let object = document.object(reference)?;
        let Some(font) = object.as_dictionary() else {
            outside(problems, "a font that is not a dictionary");
            streams.give_up();
            return Ok(());
        };
        if font.name(b"Subtype") != Some(b"Type0") || font.name(b"Encoding") != Some(b"Identity-H") {
            outside(problems, "a font that is not of the type Type0 with the encoding Identity-H");
            streams.give_up();
            return Ok(());
        }
        problems.allow_keys(ProblemKind::OutsideProfile, at, "a font", font, &FONT_KEYS);
        let descendants = document.lookup(font, b"DescendantFonts")?;
        let Some([descendant]) = descendants.as_array() else {
            outside(problems, "a font without exactly one descendant font");
            streams.give_up();
            return Ok(());
        };
        let descendant = document.resolve(descendant)?;
        let Some(descendant) = descendant.as_dictionary() else {
            outside(problems, "a descendant font that is not a dictionary");
            streams.give_up();
            return Ok(());
        };
        check_descendant(document, descendant, at, streams, problems)?;
        let Some(map) = stream(document, font, "ToUnicode", at, problems) else { return Ok(()) };
        streams.admit(&map, Purpose::ToUnicode, problems);
        let Some(characters) = glyph_map::read(&document.decode(&map)?) else {
            outside(problems, "a font with a malformed /ToUnicode");
            return Ok(());
        };
        self.characters = characters;
        let count = self.characters.codes().len().saturating_add(1);
        document.budget().spend_values(count, at)?;
        let widths = document.lookup(descendant, b"W")?;
        match self.glyphs(widths.as_array().unwrap_or_default()) {
            Some(glyphs) => self.glyphs = glyphs,
            None => outside(problems, "a font with malformed widths"),
        }
        Ok(())
    }

    /// Reads the widths of all glyphs, `0 [w …]` (ISO 32000-2, 9.7.4.3), and combines them with
    /// their characters. Letters have no other form.
    fn glyphs(&self, widths: &[Object<'_>]) -> Option<Vec<Glyph>> {
        let [Object::Integer(0), Object::Array(widths)] = widths else { return None };
        let codes = self.characters.codes();
        if widths.len() != codes.len().checked_add(1)? {
            return None;
        }
        let no_characters = iter::once(0..0);
        let places = no_characters.chain(codes.iter().map(|(_, place)| place.clone()));
        let glyphs = widths.iter().zip(places);
        glyphs.map(|(of, characters)| Some(Glyph { advance: width(of)? / 1000.0, characters })).collect()
    }

    /// The advance width of a glyph for the font size 1, and its characters. `None` for a glyph
    /// without characters.
    pub(super) fn glyph(&self, cid: u16) -> Option<(f64, &str)> {
        let glyph = self.glyphs.get(usize::from(cid))?;
        let characters = self.characters.text(&glyph.characters)?;
        (!characters.is_empty()).then_some((glyph.advance, characters))
    }
}

/// Checks the descendant of a font: TrueType, embedded, and with glyphs that are chosen only by
/// their numbers.
fn check_descendant(
    document: &Document<'_>,
    descendant: &Dictionary<'_>,
    at: Position,
    streams: &mut Streams,
    problems: &mut Problems,
) -> Result<(), ReadError> {
    let kind = ProblemKind::OutsideProfile;
    problems.allow_keys(kind, at, "a descendant font", descendant, &DESCENDANT_KEYS);
    if descendant.name(b"Subtype") != Some(b"CIDFontType2") || descendant.name(b"CIDToGIDMap") != Some(b"Identity") {
        problems.add(kind, at, "a descendant font that is not a CIDFontType2 with the map Identity");
    }
    let collection = descendant.get(b"CIDSystemInfo").and_then(Object::as_dictionary);
    if !collection.is_some_and(is_identity) {
        problems.add(kind, at, "a descendant font whose /CIDSystemInfo is not Adobe-Identity-0");
    }
    let descriptor = document.lookup(descendant, b"FontDescriptor")?;
    let Some(descriptor) = descriptor.as_dictionary() else {
        problems.add(kind, at, "a font without a descriptor, which is not embedded");
        return Ok(());
    };
    problems.allow_keys(kind, at, "a font descriptor", descriptor, &DESCRIPTOR_KEYS);
    if let Some(program) = stream(document, descriptor, "FontFile2", at, problems) {
        streams.admit(&program, Purpose::FontProgram, problems);
    }
    if descriptor.get(b"CIDSet").is_some()
        && let Some(set) = stream(document, descriptor, "CIDSet", at, problems)
    {
        streams.admit(&set, Purpose::GlyphSet, problems);
    }
    Ok(())
}

/// Returns whether a `/CIDSystemInfo` is that of glyph numbers. Another one names a character
/// collection, for which viewers may have fonts of their own.
fn is_identity(collection: &Dictionary<'_>) -> bool {
    let text = |key: &[u8]| collection.get(key).and_then(Object::as_string).map(PdfString::text);
    text(b"Registry").as_deref() == Some("Adobe")
        && text(b"Ordering").as_deref() == Some("Identity")
        && collection.get(b"Supplement").and_then(Object::as_integer) == Some(0)
        && collection.iter().count() == 3
}

/// The widest glyph, in thousandths of the font size.
const WIDEST_GLYPH: f64 = 10_000.0;

/// A width in thousandths of the font size. With a negative width, text would run backwards.
fn width(object: &Object<'_>) -> Option<f64> {
    object.as_real().filter(|width| (0.0..=WIDEST_GLYPH).contains(width))
}
