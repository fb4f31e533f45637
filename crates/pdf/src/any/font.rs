//! Fonts: the widths and characters of their codes (ISO 32000-2, 9.6, 9.7 and 9.10).

use std::collections::BTreeMap;

use super::encoding::{Base, character_of};
use crate::syntax::{Dictionary, Document, Object, Position, ReadError};
use crate::text::cmap::{Code, ToUnicode};

/// The advance of a glyph without a known width, for the font size 1.
const GUESSED_WIDTH: f64 = 0.556;

/// The values charged for reading a font. A font that is not an object of its own is read each
/// time.
const READING_COSTS: usize = 64;

/// Bit 3 of the flags in a font descriptor: the glyphs are not from the standard Latin set.
const SYMBOLIC: i64 = 4;

/// A font: its codes, their characters and widths.
#[derive(Debug)]
pub(super) struct Font {
    map: Option<ToUnicode>,
    kind: Kind,
    default_width: f64,
}

#[derive(Debug)]
enum Kind {
    Simple {
        characters: Vec<Option<char>>,
        first: usize,
        widths: Vec<f64>,
    },
    /// If `fixed`, every code has two bytes and is the number of its glyph.
    Composite {
        fixed: bool,
        widths: BTreeMap<u32, f64>,
    },
}

/// A code of a string that is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'f> {
    /// Its characters, if the font states them.
    pub(super) text: Option<Text<'f>>,
    /// Its advance for the font size 1.
    pub(super) advance: f64,
    /// Whether word spacing applies: the single-byte code 32 (9.3.3).
    pub(super) is_space: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'f> {
    Mapped(&'f str),
    Encoded(char),
}

impl Font {
    pub(super) fn read(document: &Document<'_>, font: &Dictionary<'_>, at: Position) -> Result<Self, ReadError> {
        document.budget().spend_values(READING_COSTS, at)?;
        let map = document.lookup(font, b"ToUnicode")?;
        let map = match map.as_stream() {
            Some(stream) => Some(ToUnicode::tolerant(&document.decode_all(stream)?, document.budget(), at)?),
            None => None,
        };
        if font.name(b"Subtype") == Some(b"Type0") {
            return Self::composite(document, font, map, at);
        }
        let descriptor = document.lookup(font, b"FontDescriptor")?;
        let descriptor = descriptor.as_dictionary();
        let scale = match font.name(b"Subtype") {
            Some(b"Type3") => {
                let matrix = document.lookup(font, b"FontMatrix")?;
                matrix.as_array().and_then(|matrix| matrix.first()).and_then(Object::as_real).unwrap_or(0.001)
            }
            _ => 0.001,
        };
        let default_width = match descriptor.and_then(|descriptor| descriptor.get(b"MissingWidth")) {
            Some(width) => width.as_real().unwrap_or(0.0) * scale,
            None if font.name(b"BaseFont").is_some_and(|name| name.starts_with(b"Courier")) => 0.6,
            None => GUESSED_WIDTH,
        };
        let widths = document.lookup(font, b"Widths")?;
        let widths = widths.as_array().unwrap_or_default().iter().take(256);
        let widths = widths.map(|width| width.as_real().map_or(default_width, |width| width * scale)).collect();
        let first = font.get(b"FirstChar").and_then(Object::as_integer).and_then(|first| usize::try_from(first).ok());
        let characters = characters(document, font, descriptor, at)?;
        Ok(Self { map, kind: Kind::Simple { characters, first: first.unwrap_or(0), widths }, default_width })
    }

    fn composite(
        document: &Document<'_>,
        font: &Dictionary<'_>,
        map: Option<ToUnicode>,
        at: Position,
    ) -> Result<Self, ReadError> {
        let fixed = matches!(font.name(b"Encoding"), Some(b"Identity-H" | b"Identity-V"));
        let mut widths = BTreeMap::new();
        let mut default_width = 1.0;
        let descendants = document.lookup(font, b"DescendantFonts")?;
        if let Some(descendant) = descendants.as_array().and_then(|descendants| descendants.first()) {
            let descendant = document.resolve(descendant)?;
            if let Some(descendant) = descendant.as_dictionary() {
                if let Some(width) = descendant.get(b"DW").and_then(Object::as_real) {
                    default_width = width / 1000.0;
                }
                let list = document.lookup(descendant, b"W")?;
                read_widths(document, list.as_array().unwrap_or_default(), &mut widths, at)?;
            }
        }
        Ok(Self { map, kind: Kind::Composite { fixed, widths }, default_width })
    }

    /// The codes of a string that is shown.
    pub(super) fn shown<'f>(&'f self, bytes: &'f [u8]) -> impl Iterator<Item = Shown<'f>> {
        let mut rest = bytes;
        core::iter::from_fn(move || {
            let length = self.code_length(rest).min(rest.len());
            let (code, after) = rest.split_at_checked(length).filter(|(code, _)| !code.is_empty())?;
            rest = after;
            Some(self.glyph(code))
        })
    }

    fn code_length(&self, rest: &[u8]) -> usize {
        match (&self.kind, &self.map) {
            (Kind::Simple { .. }, _) => 1,
            (Kind::Composite { fixed: false, .. }, Some(map)) => (1..=4)
                .find(|length| rest.get(..*length).and_then(Code::new).is_some_and(|code| map.get(code).is_some()))
                .unwrap_or(2),
            (Kind::Composite { .. }, _) => 2,
        }
    }

    fn glyph(&self, code: &[u8]) -> Shown<'_> {
        let read = Code::new(code);
        let number = read.map_or(0, Code::value);
        let mapped = self.map.as_ref().zip(read).and_then(|(map, code)| map.get(code)).map(Text::Mapped);
        match &self.kind {
            Kind::Simple { characters, first, widths } => {
                let index = code.first().copied().map_or(0, usize::from);
                let encoded = || characters.get(index).copied().flatten().map(Text::Encoded);
                let width = index.checked_sub(*first).and_then(|index| widths.get(index));
                Shown {
                    text: mapped.or_else(encoded),
                    advance: width.copied().unwrap_or(self.default_width),
                    is_space: number == 32,
                }
            }
            Kind::Composite { fixed, widths } => {
                let width = if *fixed { widths.get(&number) } else { None };
                Shown {
                    text: mapped,
                    advance: width.copied().unwrap_or(self.default_width),
                    is_space: code.len() == 1 && number == 32,
                }
            }
        }
    }
}

/// The characters of the 256 codes of a simple font (9.6.5).
fn characters(
    document: &Document<'_>,
    font: &Dictionary<'_>,
    descriptor: Option<&Dictionary<'_>>,
    at: Position,
) -> Result<Vec<Option<char>>, ReadError> {
    let flags = descriptor.and_then(|descriptor| descriptor.get(b"Flags")).and_then(Object::as_integer);
    let symbolic = flags.is_some_and(|flags| flags & SYMBOLIC != 0)
        || font.name(b"Subtype") == Some(b"Type3")
        || matches!(font.name(b"BaseFont"), Some(b"Symbol" | b"ZapfDingbats"));
    let own = if symbolic { Base::BuiltIn } else { Base::Roman };
    let encoding = document.lookup(font, b"Encoding")?;
    let (base, differences) = match encoding.as_ref() {
        Object::Name(name) => (Base::named(name).unwrap_or(own), None),
        Object::Dictionary(encoding) => {
            let base = encoding.name(b"BaseEncoding").and_then(Base::named).unwrap_or(own);
            (base, Some(document.lookup(encoding, b"Differences")?.into_owned()))
        }
        _ => (own, None),
    };
    let mut characters: Vec<Option<char>> = (0..=u8::MAX).map(|code| base.character(code)).collect();
    let mut code = 0_usize;
    let differences = differences.as_ref().and_then(Object::as_array).unwrap_or_default();
    document.budget().spend_values(differences.len(), at)?;
    for difference in differences {
        match difference {
            Object::Integer(next) => code = usize::try_from(*next).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(slot) = characters.get_mut(code) {
                    *slot = character_of(name);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    Ok(characters)
}

/// Reads `c [w …]` and `first last w` (9.7.4.3). Each width is charged as one value.
fn read_widths(
    document: &Document<'_>,
    list: &[Object<'_>],
    widths: &mut BTreeMap<u32, f64>,
    at: Position,
) -> Result<(), ReadError> {
    document.budget().spend_values(list.len(), at)?;
    let number = |object: Option<&Object<'_>>| object?.as_integer().and_then(|number| u32::try_from(number).ok());
    let mut rest = list.iter();
    while let Some(first) = number(rest.next()) {
        let Some(next) = rest.next() else { break };
        let next = document.resolve(next)?;
        match next.as_ref() {
            Object::Array(own) => {
                document.budget().spend_values(own.len(), at)?;
                let own = own.iter().map(|width| width.as_real().unwrap_or(0.0) / 1000.0);
                widths.extend((first..).zip(own));
            }
            last => {
                let (Some(last), Some(width)) = (number(Some(last)), rest.next().and_then(Object::as_real)) else {
                    break;
                };
                // Codes have two bytes, so higher numbers are never used.
                for cid in first..=last.min(u32::from(u16::MAX)) {
                    document.budget().spend_values(1, at)?;
                    widths.insert(cid, width / 1000.0);
                }
            }
        }
    }
    Ok(())
}
