//! The catalog, the page tree and the annotations: only the keys that letters use.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::layout::Body;
use super::problem::{Problem, ProblemKind, Problems};
use crate::syntax::limits::Limit;
use crate::syntax::{Dictionary, Document, Object, Position, Reference};
use crate::tail::{Outline, catalog_entries};

const CATALOG_KEYS: [&str; 15] = [
    "Type",
    "Version",
    "Pages",
    "Metadata",
    "OutputIntents",
    "Lang",
    "StructTreeRoot",
    "MarkInfo",
    "ViewerPreferences",
    "PageLayout",
    "Names",
    "AF",
    "AcroForm",
    "Perms",
    "Extensions",
];

const PAGE_TREE_KEYS: [&str; 4] = ["Type", "Kids", "Count", "Parent"];

const PAGE_KEYS: [&str; 8] = ["Type", "Parent", "Resources", "MediaBox", "Contents", "StructParents", "Tabs", "Annots"];

/// Reads the catalog, the last object of a body, and checks its keys. Its last entries must be
/// those that lead to attachment and signature.
///
/// The second value is whether `/DSS` comes after them: data for long-term validation.
pub(super) fn read<'o>(body: &'o Body<'_>, problems: &mut Problems) -> Result<(Dictionary<'o>, bool), Problem> {
    let kind = ProblemKind::OutsideProfile;
    let Body { document, outline, outside, .. } = body;
    let number = u32::try_from(outline.catalog()).unwrap_or_default();
    let object = document.object(Reference { number, generation: 0 })?;
    let Object::Dictionary(catalog) = object else {
        return Err(Problem::new(ProblemKind::Malformed, Position::Object(number), "no catalog as the last object"));
    };
    if catalog.name(b"Type") != Some(b"Catalog") {
        problems.add(ProblemKind::Malformed, Position::File, "the catalog is not of the type Catalog");
    }
    if let Some(Object::Name(version)) = catalog.get(b"Version")
        && version.as_ref() != b"1.7"
    {
        problems.add(kind, Position::File, "the version of the document is not 1.7");
    }
    // No key is there twice, so no entry before these can have their names.
    let bytes = document.bytes().get(..outline.end).unwrap_or_default();
    let entries = catalog_entries(outline.catalog());
    let long_term = format!("{entries}/DSS {} 0 R", outline.number(5));
    let ends_with =
        |entries: &str| bytes.strip_suffix(b">>\nendobj\n").is_some_and(|bytes| bytes.ends_with(entries.as_bytes()));
    let has_long_term_data = ends_with(&long_term);
    let reserved = if has_long_term_data { ["DSS"].as_slice() } else { &[] };
    problems.allow_keys(kind, Position::File, "the catalog", &catalog, &[&CATALOG_KEYS, reserved].concat());
    if !has_long_term_data && !ends_with(&entries) {
        let what = "the catalog does not end with the references to attachment and signature";
        problems.add(kind, Position::Object(number), what);
    }
    // Nothing else refers to the tail: the catalog four times, and the first page.
    let tail = [2, 2, 3, 3, 4, 5].map(|after| outline.number(after));
    if tail.get(..if has_long_term_data { 6 } else { 5 }) != Some(outside) {
        let what = "other references to attachment and signature, or to missing objects, than a letter has";
        problems.add(kind, Position::File, what);
    }
    Ok((catalog, has_long_term_data))
}

/// Reads the pages in their order. Checks the keys, the count and the parent of each node, so that
/// a viewer that relies on the counts shows the pages that are read here.
pub(super) fn pages<'o>(
    document: &'o Document<'_>,
    catalog: &Dictionary<'o>,
    problems: &mut Problems,
) -> Vec<Dictionary<'o>> {
    let Some(root) = catalog.get(b"Pages").and_then(Object::as_reference) else {
        problems.add(ProblemKind::Malformed, Position::File, "the catalog names no pages");
        return Vec::new();
    };
    let steps = vec![Step::Enter { node: root, parent: None }];
    let mut walk = PageTree { document, problems, steps, seen: BTreeSet::new(), pages: Vec::new() };
    while let Some(step) = walk.steps.pop() {
        match step {
            Step::Leave { node, count, before } => walk.leave(node, count, before),
            Step::Enter { node, parent } => {
                if walk.enter(node, parent).is_break() {
                    break;
                }
            }
        }
    }
    let PageTree { problems, pages, .. } = walk;
    if pages.is_empty() {
        problems.add(ProblemKind::Malformed, Position::File, "the document has no pages");
    }
    pages
}

/// A step of the walk through the page tree.
enum Step {
    /// To a node, from the one that has it among its kids.
    Enter { node: Reference, parent: Option<Reference> },
    /// Out of a node with this `/Count`. `before` pages were found before it.
    Leave { node: Reference, count: Option<i64>, before: usize },
}

/// A walk through the page tree (ISO 32000-2, 7.7.3).
struct PageTree<'o, 'p> {
    document: &'o Document<'o>,
    problems: &'p mut Problems,
    steps: Vec<Step>,
    seen: BTreeSet<Reference>,
    pages: Vec<Dictionary<'o>>,
}

impl PageTree<'_, '_> {
    /// Checks the `/Count` of a node, now that its pages were found.
    fn leave(&mut self, node: Reference, count: Option<i64>, before: usize) {
        let leaves = i64::try_from(self.pages.len().saturating_sub(before)).ok();
        if count.is_none() || count != leaves {
            let at = Position::Object(node.number);
            self.problems.add(ProblemKind::Malformed, at, "/Count of a node is not the number of its pages");
        }
    }

    /// Reads a node; breaks at the limit.
    fn enter(&mut self, node: Reference, parent: Option<Reference>) -> ControlFlow<()> {
        let document = self.document;
        let at = Position::Object(node.number);
        if !self.seen.insert(node) {
            self.problems.add(ProblemKind::Malformed, at, "a page occurs twice in the page tree");
            return ControlFlow::Continue(());
        }
        if self.seen.len() > document.limits().pages {
            self.problems.add(ProblemKind::LimitExceeded(Limit::Pages), at, "too many pages");
            return ControlFlow::Break(());
        }
        let Some(object) = self.problems.keep(document.object(node)) else { return ControlFlow::Continue(()) };
        let Object::Dictionary(dictionary) = object else {
            self.problems.add(ProblemKind::Malformed, at, "a page that is not a dictionary");
            return ControlFlow::Continue(());
        };
        if dictionary.get(b"Parent").and_then(Object::as_reference) != parent {
            self.problems.add(
                ProblemKind::Malformed,
                at,
                "/Parent of a page is not the node that has it among its kids",
            );
        }
        match dictionary.name(b"Type") {
            Some(b"Pages") => self.node(node, &dictionary),
            Some(b"Page") => {
                self.problems.allow_keys(ProblemKind::OutsideProfile, at, "a page", &dictionary, &PAGE_KEYS);
                self.pages.push(dictionary);
            }
            _ => self.problems.add(ProblemKind::Malformed, at, "a page that is not of the type Page"),
        }
        ControlFlow::Continue(())
    }

    /// An inner node: its kids are the next steps.
    fn node(&mut self, node: Reference, dictionary: &Dictionary<'_>) {
        let document = self.document;
        let at = Position::Object(node.number);
        let kind = ProblemKind::OutsideProfile;
        self.problems.allow_keys(kind, at, "a node of the page tree", dictionary, &PAGE_TREE_KEYS);
        let Some(kids) = self.problems.keep(document.lookup(dictionary, b"Kids")) else { return };
        let kids = kids.as_array().unwrap_or_default();
        if kids.iter().any(|kid| kid.as_reference().is_none()) {
            self.problems.add(ProblemKind::Malformed, at, "a page that is not an object of its own");
        }
        let count = dictionary.get(b"Count").and_then(Object::as_integer);
        self.steps.push(Step::Leave { node, count, before: self.pages.len() });
        let kids = kids.iter().rev().filter_map(Object::as_reference);
        let kids = kids.map(|kid| Step::Enter { node: kid, parent: Some(node) });
        self.steps.extend(kids.take(document.limits().pages.saturating_add(1)));
    }
}

/// Checks that the only annotation is the widget of the signature field, on the first page.
pub(super) fn check_annotations(pages: &[Dictionary<'_>], body: &Outline, problems: &mut Problems) {
    let widget = u32::try_from(body.number(3)).ok().map(|number| Reference { number, generation: 0 });
    for (number, page) in (1_usize..).zip(pages) {
        let is_right = match page.get(b"Annots") {
            None => number != 1,
            Some(Object::Array(annotations)) if number == 1 => {
                matches!(annotations.as_slice(), [annotation] if annotation.as_reference() == widget)
            }
            Some(_) => false,
        };
        if !is_right {
            let what = "other annotations than the signature field, which is on the first page";
            problems.add(ProblemKind::OutsideProfile, Position::Page(number), what);
        }
    }
}
