//! The embedded fonts, each read when it is first used.

use std::{io::Read as _, sync::LazyLock};

use brotli_decompressor::Decompressor;
use krilla::text::Font;

/// A typeface of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Face {
    /// Running text and labels.
    Sans,
    /// Headings, and names.
    SemiBold,
    /// The title and the holder.
    Serif,
    /// The legend: [`Self::Sans`] as a font of its own, so that its glyphs have the same numbers in
    /// every letter.
    Legend,
    /// The legend: [`Self::SemiBold`] as a font of its own.
    LegendSemiBold,
    /// Hangul, in text of any face.
    Hangul,
    /// Han and kana, in text of any face.
    HanKana,
}

/// A font in two forms: one that shapes text, and one that goes into the file.
pub(crate) struct LoadedFont {
    pub(crate) shaper: rustybuzz::Face<'static>,
    pub(crate) font: Font,
}

impl Face {
    /// Returns the font of this face.
    pub(crate) fn font(self) -> &'static LoadedFont {
        match self {
            Self::Sans => &SANS,
            Self::SemiBold => &SEMI_BOLD,
            Self::Serif => &SERIF,
            Self::Legend => &LEGEND,
            Self::LegendSemiBold => &LEGEND_SEMI_BOLD,
            Self::Hangul => &HANGUL,
            Self::HanKana => &HAN_KANA,
        }
    }

    /// Returns the face that has a glyph for `character`: this face if possible, else an East Asian
    /// one.
    pub(crate) fn for_character(self, character: char) -> Option<Self> {
        [self, Self::Hangul, Self::HanKana].into_iter().find(|face| face.has(character))
    }

    fn has(self, character: char) -> bool {
        self.font().shaper.glyph_index(character).is_some_and(|glyph| glyph.0 != 0)
    }
}

const SANS_BYTES: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
const SEMI_BOLD_BYTES: &[u8] = include_bytes!("../fonts/NotoSans-SemiBold.ttf");

static SANS: LazyLock<LoadedFont> = LazyLock::new(|| load(SANS_BYTES));
static SEMI_BOLD: LazyLock<LoadedFont> = LazyLock::new(|| load(SEMI_BOLD_BYTES));
static SERIF: LazyLock<LoadedFont> = LazyLock::new(|| load(include_bytes!("../fonts/NotoSerif-Medium.ttf")));
static LEGEND: LazyLock<LoadedFont> = LazyLock::new(|| load(another(SANS_BYTES)));
static LEGEND_SEMI_BOLD: LazyLock<LoadedFont> = LazyLock::new(|| load(another(SEMI_BOLD_BYTES)));
// These two are large and most letters need neither: they are decompressed only when a character
// needs them.
static HANGUL: LazyLock<LoadedFont> =
    LazyLock::new(|| load(decompressed(include_bytes!("../fonts/NotoSansKR-Hangul.ttf.br"))));
static HAN_KANA: LazyLock<LoadedFont> =
    LazyLock::new(|| load(decompressed(include_bytes!("../fonts/DroidSansFallback-HanKana.ttf.br"))));

fn decompressed(compressed: &[u8]) -> &'static [u8] {
    let mut font = Vec::new();
    Decompressor::new(compressed, 4096).read_to_end(&mut font).expect("an embedded font is readable");
    font.leak()
}

/// Returns the same font with padding after its last table. The typesetter tells fonts apart by
/// their lengths, among other things, and numbers the glyphs of each font in the order of their
/// use.
fn another(font: &[u8]) -> &'static [u8] {
    [font, &[0; 4]].concat().leak()
}

fn load(bytes: &'static [u8]) -> LoadedFont {
    LoadedFont {
        shaper: rustybuzz::Face::from_slice(bytes, 0).expect("an embedded font is readable"),
        font: Font::new(bytes.into(), 0).expect("an embedded font is readable"),
    }
}
