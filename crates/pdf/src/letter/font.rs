//! Fonts: the widths and characters of their glyphs (ISO 32000-2, 9.7 and 9.10.3).

use std::{iter, ops::Range};

use super::problem::{ProblemKind, Problems};
use crate::syntax::{Dictionary, Document, Object, Position, ReadError, Reference};
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

impl Font {
    /// Reads a font and checks it against the profile. In a font with a fault, glyphs may lack
    /// characters.
    pub(super) fn read(document: &Document<'_>, reference: Reference, problems: &mut Problems) -> Self {
        let mut font = Self::default();
        if let Err(error) = font.fill(document, reference, problems) {
            problems.push(error.into());
        }
        font
    }

    fn fill(
        &mut self,
        document: &Document<'_>,
        reference: Reference,
        problems: &mut Problems,
    ) -> Result<(), ReadError> {
        let at = Position::Object(reference.number);
        let outside = |problems: &mut Problems, what: &str| problems.add(ProblemKind::OutsideProfile, at, what);
        let object = document.object(reference)?;
        let Some(font) = object.as_dictionary() else {
            outside(problems, "a font that is not a dictionary");
            return Ok(());
        };
        if font.name(b"Subtype") != Some(b"Type0") || font.name(b"Encoding") != Some(b"Identity-H") {
            outside(problems, "a font that is not of the type Type0 with the encoding Identity-H");
            return Ok(());
        }
        let descendants = document.lookup(font, b"DescendantFonts")?;
        let Some([descendant]) = descendants.as_array() else {
            outside(problems, "a font without exactly one descendant font");
            return Ok(());
        };
        let descendant = document.resolve(descendant)?;
        let Some(descendant) = descendant.as_dictionary() else {
            outside(problems, "a descendant font that is not a dictionary");
            return Ok(());
        };
        self.check_descendant(document, descendant, at, problems)?;
        let map = document.lookup(font, b"ToUnicode")?;
        let Some(map) = map.as_stream() else {
            outside(problems, "a font without /ToUnicode");
            return Ok(());
        };
        let Some(characters) = glyph_map::read(&document.decode(map)?) else {
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

    fn check_descendant(
        &self,
        document: &Document<'_>,
        descendant: &Dictionary<'_>,
        at: Position,
        problems: &mut Problems,
    ) -> Result<(), ReadError> {
        let identity = match descendant.name(b"Subtype") {
            Some(b"CIDFontType2") => descendant.name(b"CIDToGIDMap") == Some(b"Identity"),
            Some(b"CIDFontType0") => true,
            _ => false,
        };
        if !identity {
            problems.add(
                ProblemKind::OutsideProfile,
                at,
                "a descendant font that is not a CIDFont with the map Identity",
            );
        }
        let descriptor = document.lookup(descendant, b"FontDescriptor")?;
        let embedded = descriptor.as_dictionary().is_some_and(|descriptor| {
            [&b"FontFile2"[..], b"FontFile3"]
                .iter()
                .any(|key| descriptor.get(key).and_then(Object::as_reference).is_some())
        });
        if !embedded {
            problems.add(ProblemKind::OutsideProfile, at, "a font that is not embedded");
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

/// The widest glyph, in thousandths of the font size.
const WIDEST_GLYPH: f64 = 10_000.0;

/// A width in thousandths of the font size. With a negative width, text would run backwards.
fn width(object: &Object<'_>) -> Option<f64> {
    object.as_real().filter(|width| (0.0..=WIDEST_GLYPH).contains(width))
}
