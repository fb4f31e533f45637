//! The fonts and colour spaces that the content of a page names (ISO 32000-2, 7.8.3).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::font::Font;
use super::problem::{ProblemKind, Problems};
use crate::syntax::{Dictionary, Document, Object, Position, ReadError, Reference};

const RESOURCE_KEYS: [&str; 3] = ["ProcSet", "ColorSpace", "Font"];

/// The fonts and colour spaces that were read already. Pages share them.
pub(super) struct Shared<'d> {
    pub(super) document: &'d Document<'d>,
    fonts: BTreeMap<Reference, Rc<Font>>,
    color_spaces: BTreeMap<Reference, Option<usize>>,
}

impl<'d> Shared<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Self {
        Self { document, fonts: BTreeMap::new(), color_spaces: BTreeMap::new() }
    }

    /// Reads the resources of a page, and reports everything outside the profile.
    pub(super) fn resources(
        &mut self,
        page: &Dictionary<'_>,
        at: Position,
        problems: &mut Problems,
    ) -> Result<Resources, ReadError> {
        let document = self.document;
        let mut found = Resources::default();
        let resources = document.lookup(page, b"Resources")?;
        let Some(resources) = resources.as_dictionary() else {
            problems.add(ProblemKind::OutsideProfile, at, "a page without resources of its own");
            return Ok(found);
        };
        problems.allow_keys(ProblemKind::OutsideProfile, at, "the resources", resources, &RESOURCE_KEYS);
        let fonts = document.lookup(resources, b"Font")?;
        for (name, font) in fonts.as_dictionary().into_iter().flat_map(Dictionary::iter) {
            let Some(reference) = font.as_reference() else {
                problems.add(ProblemKind::OutsideProfile, at, "a font that is not an object of its own");
                continue;
            };
            let font = match self.fonts.get(&reference) {
                Some(font) => Rc::clone(font),
                None => {
                    let font = Rc::new(Font::read(document, reference, problems));
                    self.fonts.insert(reference, Rc::clone(&font));
                    font
                }
            };
            found.fonts.insert(name.to_vec(), font);
        }
        let spaces = document.lookup(resources, b"ColorSpace")?;
        for (name, space) in spaces.as_dictionary().into_iter().flat_map(Dictionary::iter) {
            match self.components(space)? {
                Some(components) => {
                    found.color_spaces.insert(name.to_vec(), components);
                }
                None => problems.add(
                    ProblemKind::OutsideProfile,
                    at,
                    "a colour space that is not ICC-based with 1, 3 or 4 components",
                ),
            }
        }
        Ok(found)
    }

    /// The number of components of an ICC-based colour space.
    fn components(&mut self, space: &Object<'_>) -> Result<Option<usize>, ReadError> {
        let key = space.as_reference();
        if let Some(known) = key.and_then(|key| self.color_spaces.get(&key)) {
            return Ok(*known);
        }
        let space = self.document.resolve(space)?;
        let components = match space.as_array() {
            Some([kind, profile]) if kind.as_name() == Some(b"ICCBased") => {
                let profile = self.document.resolve(profile)?;
                let number =
                    profile.as_stream().and_then(|profile| profile.dictionary.get(b"N")).and_then(Object::as_integer);
                number.and_then(|number| usize::try_from(number).ok()).filter(|number| matches!(number, 1 | 3 | 4))
            }
            _ => None,
        };
        if let Some(key) = key {
            self.color_spaces.insert(key, components);
        }
        Ok(components)
    }
}

/// The resources of one page, by name.
#[derive(Default)]
pub(super) struct Resources {
    pub(super) fonts: BTreeMap<Vec<u8>, Rc<Font>>,
    /// The number of components of each colour space.
    pub(super) color_spaces: BTreeMap<Vec<u8>, usize>,
}
