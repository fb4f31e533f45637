//! The catalog, the page tree and the annotations: only the keys that letters use.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::problem::{ProblemKind, Problems};
use crate::syntax::limits::Limit;
use crate::syntax::{Dictionary, Document, Object, Position, Reference};

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

/// The entries of the catalog that lead to the attachment and the signature.
const EMBEDDED_KEYS: [&str; 4] = ["Names", "AF", "AcroForm", "Perms"];

const PAGE_TREE_KEYS: [&str; 4] = ["Type", "Kids", "Count", "Parent"];

const PAGE_KEYS: [&str; 8] = ["Type", "Parent", "Resources", "MediaBox", "Contents", "StructParents", "Tabs", "Annots"];

/// Checks the keys of the catalog, and that the entries that lead to the attachment and the
/// signature are in the catalog itself.
pub(super) fn check(document: &Document<'_>, catalog: &Dictionary<'_>, problems: &mut Problems) {
    let kind = ProblemKind::OutsideProfile;
    problems.allow_keys(kind, Position::File, "the catalog", catalog, &CATALOG_KEYS);
    if catalog.name(b"Type") != Some(b"Catalog") {
        problems.add(ProblemKind::Malformed, Position::File, "the catalog is not of the type Catalog");
    }
    if let Some(names) = problems.keep(document.lookup(catalog, b"Names"))
        && let Some(names) = names.as_dictionary()
    {
        problems.allow_keys(kind, Position::File, "/Names of the catalog", names, &["EmbeddedFiles"]);
    }
    for key in EMBEDDED_KEYS {
        if let Some(value) = catalog.get(key.as_bytes()) {
            check_direct(key, value, problems);
        }
    }
    if let Some(Object::Name(version)) = catalog.get(b"Version")
        && version.as_ref() != b"1.7"
    {
        problems.add(kind, Position::File, "the version of the document is not 1.7");
    }
}

/// Checks that an entry of the catalog is not a reference, and neither is a value of a dictionary
/// in it. The elements of arrays (the file specification and the signature field) and the values in
/// `/Perms` (the signature) are references.
fn check_direct(key: &str, value: &Object<'_>, problems: &mut Problems) {
    match value {
        Object::Reference(_) => {
            let what = format!("/{key} in the catalog is an object of its own");
            problems.add(ProblemKind::OutsideProfile, Position::File, what);
        }
        Object::Dictionary(dictionary) if key != "Perms" => {
            for (key, value) in dictionary.iter() {
                check_direct(&String::from_utf8_lossy(key), value, problems);
            }
        }
        _ => {}
    }
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

/// Checks that the only annotation is the widget of the signature field.
pub(super) fn check_annotations(
    document: &Document<'_>,
    pages: &[Dictionary<'_>],
    widget: Option<Reference>,
    problems: &mut Problems,
) {
    let mut widgets = 0_usize;
    for (number, page) in (1_usize..).zip(pages) {
        if page.get(b"Annots").is_none() {
            continue;
        }
        let Some(annotations) = problems.keep(document.lookup(page, b"Annots")) else { continue };
        if annotations.as_array().is_none() {
            problems.add(ProblemKind::OutsideProfile, Position::Page(number), "/Annots of a page is not an array");
        }
        for annotation in annotations.as_array().unwrap_or_default() {
            if widget.is_some() && annotation.as_reference() == widget {
                widgets = widgets.saturating_add(1);
                if widgets == 1 {
                    continue;
                }
            }
            problems.add(
                ProblemKind::OutsideProfile,
                Position::Page(number),
                "an annotation other than the signature's",
            );
        }
    }
    if widget.is_some() && widgets == 0 {
        problems.add(ProblemKind::SignatureDictionary, Position::File, "no page has the signature field");
    }
}
