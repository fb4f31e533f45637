//! The fonts and colour spaces that the content of a page names (ISO 32000-2, 7.8.3).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::font::Font;
use super::problem::{ProblemKind, Problems};
use super::profile;
use super::streams::Streams;
use crate::syntax::{Dictionary, Document, Object, Position, ReadError, Reference};

const RESOURCE_KEYS: [&str; 3] = ["ProcSet", "ColorSpace", "Font"];

/// The sets of procedures, which viewers ignore (ISO 32000-2, 14.2).
const PROCEDURES: [&[u8]; 5] = [b"PDF", b"Text", b"ImageB", b"ImageC", b"ImageI"];

/// The fonts and colour spaces that were read already. Pages share them.
pub(super) struct Shared<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) streams: Streams,
    fonts: BTreeMap<Reference, Rc<Font>>,
    color_spaces: BTreeSet<Reference>,
}

impl<'d> Shared<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Self {
        Self { document, streams: Streams::default(), fonts: BTreeMap::new(), color_spaces: BTreeSet::new() }
    }

    /// The streams that the pages, their fonts and their colours use.
    pub(super) fn into_streams(self) -> Streams {
        self.streams
    }

    /// Reads the resources of a page, and reports everything outside the profile.
    pub(super) fn resources(
        &mut self,
        page: &Dictionary<'_>,
        at: Position,
        problems: &mut Problems,
    ) -> Result<Resources, ReadError> {
        let (document, kind) = (self.document, ProblemKind::OutsideProfile);
        let mut found = Resources::default();
        let resources = document.lookup(page, b"Resources")?;
        let Some(resources) = resources.as_dictionary() else {
            problems.add(kind, at, "a page without resources of its own");
            return Ok(found);
        };
        problems.allow_keys(kind, at, "the resources", resources, &RESOURCE_KEYS);
        if let Some(procedures) = resources.get(b"ProcSet")
            && !procedures.as_array().is_some_and(|names| names.iter().all(is_procedure))
        {
            problems.add(kind, at, "/ProcSet of the resources is not a list of procedures");
        }
        for (name, font) in named(resources, "Font", b'f', at, problems) {
            let Some(reference) = font.as_reference() else {
                problems.add(kind, at, "a font that is not an object of its own");
                continue;
            };
            let font = match self.fonts.get(&reference) {
                Some(font) => Rc::clone(font),
                None => {
                    let font = Rc::new(Font::read(document, reference, &mut self.streams, problems));
                    self.fonts.insert(reference, Rc::clone(&font));
                    font
                }
            };
            found.fonts.insert(name.to_vec(), font);
        }
        for (name, space) in named(resources, "ColorSpace", b'c', at, problems) {
            if self.is_srgb(space, at, problems)? {
                found.color_spaces.insert(name.to_vec());
            }
        }
        Ok(found)
    }

    /// Checks that a colour space is the ICC-based one of letters. Returns whether its colours have
    /// three components, so that the rest of the page can be read.
    fn is_srgb(&mut self, space: &Object<'_>, at: Position, problems: &mut Problems) -> Result<bool, ReadError> {
        let (document, key) = (self.document, space.as_reference());
        if key.is_some_and(|key| self.color_spaces.contains(&key)) {
            return Ok(true);
        }
        let space = document.resolve(space)?;
        let profile = match space.as_array() {
            Some([kind, Object::Reference(profile)]) if kind.as_name() == Some(b"ICCBased") => {
                document.object(*profile)?
            }
            _ => Object::Null,
        };
        let Object::Stream(profile) = profile else {
            problems.add(ProblemKind::OutsideProfile, at, "a colour space that is not ICC-based with a profile");
            return Ok(false);
        };
        profile::check(document, &profile, &mut self.streams, problems)?;
        self.color_spaces.extend(key);
        Ok(true)
    }
}

/// The resources of one kind, by name. Names are a letter and a number: viewers know names such as
/// `/Pattern` or `/DeviceGray` by themselves, and ignore what the resources say about them.
fn named<'o, 'a>(
    resources: &'o Dictionary<'a>,
    kind: &str,
    letter: u8,
    at: Position,
    problems: &mut Problems,
) -> Vec<(&'o [u8], &'o Object<'a>)> {
    let Some(value) = resources.get(kind.as_bytes()) else { return Vec::new() };
    let Some(entries) = value.as_dictionary() else {
        problems.add(ProblemKind::OutsideProfile, at, format!("/{kind} of the resources is not a dictionary in them"));
        return Vec::new();
    };
    let is_allowed = |name: &[u8]| match name {
        [first, digits @ ..] => {
            *first == letter && (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
        }
        [] => false,
    };
    let (allowed, others): (Vec<_>, Vec<_>) = entries.iter().partition(|(name, _)| is_allowed(name));
    for (name, _) in others {
        let what = format!("/{kind} of the resources has the name /{}", String::from_utf8_lossy(name));
        problems.add(ProblemKind::OutsideProfile, at, what);
    }
    allowed
}

fn is_procedure(name: &Object<'_>) -> bool {
    name.as_name().is_some_and(|name| PROCEDURES.contains(&name))
}

/// The resources of one page, by name.
#[derive(Default)]
pub(super) struct Resources {
    pub(super) fonts: BTreeMap<Vec<u8>, Rc<Font>>,
    /// The names of the colour space.
    pub(super) color_spaces: BTreeSet<Vec<u8>>,
}
