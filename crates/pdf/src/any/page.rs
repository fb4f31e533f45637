//! The pages of a file, each with what it inherits (ISO 32000-2, 7.7.3).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::syntax::limits::Limit;
use crate::syntax::{Dictionary, Document, Object, Position, ReadError, ReadErrorKind, Reference};

/// A page, and the resources that it has or inherits.
pub(super) struct Page<'o> {
    pub(super) dictionary: Dictionary<'o>,
    pub(super) resources: Rc<Dictionary<'o>>,
}

/// The pages in their order. A node that occurs twice in the tree is read once.
pub(super) fn pages<'o>(document: &'o Document<'_>, catalog: &Dictionary<'o>) -> Result<Vec<Page<'o>>, ReadError> {
    let mut pages = Vec::new();
    let mut seen: BTreeSet<Reference> = BTreeSet::new();
    let root = catalog.get(b"Pages").cloned().unwrap_or(Object::Null);
    let mut nodes = vec![(root, Rc::new(Dictionary::default()))];
    let mut count = 0_usize;
    while let Some((node, inherited)) = nodes.pop() {
        let at = node.as_reference().map_or(Position::File, |reference| Position::Object(reference.number));
        count = count.saturating_add(1);
        if count > document.limits().pages {
            return Err(ReadError::new(ReadErrorKind::Limit(Limit::Pages), at));
        }
        if node.as_reference().is_some_and(|reference| !seen.insert(reference)) {
            continue;
        }
        let node = document.resolve(&node)?.into_owned();
        let Object::Dictionary(dictionary) = node else { continue };
        let own = document.lookup(&dictionary, b"Resources")?.into_owned();
        let resources = match own {
            Object::Dictionary(own) => Rc::new(own),
            _ => inherited,
        };
        match document.lookup(&dictionary, b"Kids")?.into_owned() {
            Object::Array(kids) => {
                let most = document.limits().pages.saturating_add(1);
                nodes.extend(kids.into_iter().take(most).rev().map(|kid| (kid, Rc::clone(&resources))));
            }
            _ => pages.push(Page { dictionary, resources }),
        }
    }
    Ok(pages)
}
