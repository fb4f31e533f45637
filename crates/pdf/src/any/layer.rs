//! Layers: optional content, which a viewer shows or hides (ISO 32000-2, 8.11).
//!
//! The signer decides which layers are on when the file is opened. What a layer hides is reported,
//! because people do not see it; text in it is read like any other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::syntax::{Dictionary, Document, Object, Position, ReadError, ReadErrorKind, Reference};

/// The most characters of a layer's name that are reported.
const LONGEST_NAME: usize = 60;

/// The greatest depth of a visibility expression.
const DEEPEST_EXPRESSION: usize = 8;

/// A layer that is off when the file is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenLayer {
    /// Its name. Lossy, and cut if it is long.
    pub name: String,
    /// The pages with text in it, counted from 1.
    pub pages_with_text: BTreeSet<usize>,
}

/// The layers of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// The number of layers.
    pub count: usize,
    /// The layers that are off when the file is opened, in the order of their object numbers.
    pub hidden: Vec<HiddenLayer>,
}

/// The state of the layers when the file is opened.
pub(super) struct States<'d> {
    document: &'d Document<'d>,
    groups: BTreeSet<Reference>,
    /// The position of each layer that is off in [`Layers::hidden`].
    off: BTreeMap<Reference, usize>,
    layers: RefCell<Layers>,
    /// What was found for references that were asked about before.
    known: RefCell<BTreeMap<Reference, Option<Rc<[usize]>>>>,
}

impl<'d> States<'d> {
    /// Reads the default configuration. `None` if the file has no optional content.
    pub(super) fn read(document: &'d Document<'d>, catalog: &Dictionary<'d>) -> Result<Option<Self>, ReadError> {
        let properties = document.lookup(catalog, b"OCProperties")?;
        let Some(properties) = properties.as_dictionary() else { return Ok(None) };
        let groups = references(document, properties, b"OCGs")?;
        let default = document.lookup(properties, b"D")?;
        let none = Dictionary::default();
        let default = default.as_dictionary().unwrap_or(&none);
        let mut off = if default.name(b"BaseState") == Some(b"OFF") { groups.clone() } else { BTreeSet::new() };
        for on in references(document, default, b"ON")? {
            off.remove(&on);
        }
        off.extend(references(document, default, b"OFF")?);
        if groups.is_empty() && off.is_empty() {
            return Ok(None);
        }
        let mut layers = Layers { count: groups.len(), hidden: Vec::new() };
        let mut positions = BTreeMap::new();
        for group in off {
            let dictionary = document.object(group)?;
            let none = Dictionary::default();
            let dictionary = dictionary.as_dictionary().unwrap_or(&none);
            let name = document.text_string(dictionary, b"Name", Some(group.number))?.unwrap_or_default();
            let name = name.chars().take(LONGEST_NAME).collect();
            positions.insert(group, layers.hidden.len());
            layers.hidden.push(HiddenLayer { name, pages_with_text: BTreeSet::new() });
        }
        let (layers, known) = (RefCell::new(layers), RefCell::default());
        Ok(Some(Self { document, groups, off: positions, layers, known }))
    }

    /// The layers that hide content with this `/OC`, by their positions. `None` if it is visible.
    pub(super) fn hiding(&self, membership: &Object<'d>, at: Position) -> Result<Option<Rc<[usize]>>, ReadError> {
        let reference = membership.as_reference();
        if let Some(known) = reference.and_then(|reference| self.known.borrow().get(&reference).cloned()) {
            return Ok(known);
        }
        let hiding = self.look(membership, at)?;
        if let Some(reference) = reference {
            self.known.borrow_mut().insert(reference, hiding.clone());
        }
        Ok(hiding)
    }

    /// Notes that a page has text in these layers.
    pub(super) fn note_text(&self, layers: &[usize], at: Position) {
        let Position::Page(page) = at else { return };
        let mut all = self.layers.borrow_mut();
        for layer in layers {
            if let Some(layer) = all.hidden.get_mut(*layer) {
                layer.pages_with_text.insert(page);
            }
        }
    }

    pub(super) fn into_layers(self) -> Layers {
        self.layers.into_inner()
    }

    fn look(&self, membership: &Object<'d>, at: Position) -> Result<Option<Rc<[usize]>>, ReadError> {
        if let Some(group) = membership.as_reference().filter(|group| self.is_group(*group)) {
            return Ok(self.off.get(&group).map(|position| Rc::from([*position])));
        }
        let dictionary = self.document.resolve(membership)?;
        let Some(dictionary) = dictionary.as_dictionary().filter(|dictionary| dictionary.is_type(b"OCMD")) else {
            return Ok(None);
        };
        let mut groups = BTreeSet::new();
        let expression = self.document.lookup(dictionary, b"VE")?;
        let visible = if expression.as_array().is_some() {
            self.evaluate(&expression, &mut groups, DEEPEST_EXPRESSION, at)?
        } else {
            groups = references(self.document, dictionary, b"OCGs")?;
            let policy = self.document.lookup(dictionary, b"P")?;
            let mut on = groups.iter().map(|group| !self.off.contains_key(group));
            match policy.as_name() {
                // Without groups a membership has no effect (8.11.2.2).
                _ if groups.is_empty() => true,
                Some(b"AllOn") => on.all(|on| on),
                Some(b"AnyOff") => on.any(|on| !on),
                Some(b"AllOff") => on.all(|on| !on),
                _ => on.any(|on| on),
            }
        };
        if visible {
            return Ok(None);
        }
        Ok(Some(groups.iter().filter_map(|group| self.off.get(group).copied()).collect()))
    }

    fn is_group(&self, reference: Reference) -> bool {
        self.groups.contains(&reference) || self.off.contains_key(&reference)
    }

    /// Evaluates a visibility expression (8.11.2.2, table 97), and collects its groups.
    fn evaluate(
        &self,
        expression: &Object<'d>,
        groups: &mut BTreeSet<Reference>,
        depth: usize,
        at: Position,
    ) -> Result<bool, ReadError> {
        self.document.budget().spend_values(1, at)?;
        if let Some(group) = expression.as_reference().filter(|group| self.is_group(*group)) {
            groups.insert(group);
            return Ok(!self.off.contains_key(&group));
        }
        let resolved = self.document.resolve(expression)?;
        let Some([operator, operands @ ..]) = resolved.as_array() else { return Ok(true) };
        let depth = depth.checked_sub(1).ok_or(ReadError::new(ReadErrorKind::Loop, at))?;
        let mut values = Vec::new();
        for operand in operands {
            values.push(self.evaluate(operand, groups, depth, at)?);
        }
        Ok(match operator.as_name() {
            Some(b"And") => values.iter().all(|value| *value),
            Some(b"Or") => values.iter().any(|value| *value),
            Some(b"Not") => !values.first().copied().unwrap_or(true),
            _ => true,
        })
    }
}

/// The references in an array, or the value itself if it is a reference to no array.
fn references(
    document: &Document<'_>,
    dictionary: &Dictionary<'_>,
    key: &[u8],
) -> Result<BTreeSet<Reference>, ReadError> {
    let value = dictionary.get(key);
    let resolved = document.lookup(dictionary, key)?;
    Ok(match resolved.as_array() {
        Some(elements) => elements.iter().filter_map(Object::as_reference).collect(),
        None => value.and_then(Object::as_reference).into_iter().collect(),
    })
}
