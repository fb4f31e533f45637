//! The catalog and the page tree: which keys a letter's dictionaries may have, and nothing that acts.

use std::collections::BTreeSet;

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

/// The entries of the catalog that the attachment and the signature need.
const EMBEDDED_KEYS: [&str; 4] = ["Names", "AF", "AcroForm", "Perms"];

const PAGE_TREE_KEYS: [&str; 4] = ["Type", "Kids", "Count", "Parent"];

const PAGE_KEYS: [&str; 8] = ["Type", "Parent", "Resources", "MediaBox", "Contents", "StructParents", "Tabs", "Annots"];

/// Checks the keys of the catalog, and that what leads to the attachment and the signature stands in it.
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

/// An entry of the catalog is no reference, nor is a value of a dictionary in it. The elements of arrays are (the file specification and the
/// signature field), and what `/Perms` names (the signature).
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

/// A step through the page tree.
enum Step {
    /// To a node, from the one that has it among its kids.
    Enter { node: Reference, parent: Option<Reference> },
    /// Out of a node that says how many pages it has, and before which there were so many.
    Leave { node: Reference, count: Option<i64>, before: usize },
}

/// The pages in their order, with the keys, the count and the parent of each node checked: a viewer that goes by the count
/// shows the pages that are read here.
pub(super) fn pages<'o>(
    document: &'o Document<'_>,
    catalog: &Dictionary<'o>,
    problems: &mut Problems,
) -> Vec<Dictionary<'o>> {
    let kind = ProblemKind::OutsideProfile;
    let mut pages = Vec::new();
    let mut seen = BTreeSet::new();
    let Some(root) = catalog.get(b"Pages").and_then(Object::as_reference) else {
        problems.add(ProblemKind::Malformed, Position::File, "the catalog names no pages");
        return pages;
    };
    let mut steps = vec![Step::Enter { node: root, parent: None }];
    while let Some(step) = steps.pop() {
        let (reference, parent) = match step {
            Step::Enter { node, parent } => (node, parent),
            Step::Leave { node, count, before } => {
                let leaves = i64::try_from(pages.len().saturating_sub(before)).ok();
                if count.is_none() || count != leaves {
                    let at = Position::Object(node.number);
                    problems.add(ProblemKind::Malformed, at, "/Count of a node is not the number of its pages");
                }
                continue;
            }
        };
        let at = Position::Object(reference.number);
        if !seen.insert(reference) {
            problems.add(ProblemKind::Malformed, at, "a page stands twice in the page tree");
            continue;
        }
        if seen.len() > document.limits().pages {
            problems.add(ProblemKind::LimitExceeded(Limit::Pages), at, "too many pages");
            break;
        }
        let Some(object) = problems.keep(document.object(reference)) else { continue };
        let Object::Dictionary(dictionary) = object else {
            problems.add(ProblemKind::Malformed, at, "a page that is no dictionary");
            continue;
        };
        if dictionary.get(b"Parent").and_then(Object::as_reference) != parent {
            problems.add(ProblemKind::Malformed, at, "/Parent of a page is not the node that holds it");
        }
        match dictionary.name(b"Type") {
            Some(b"Pages") => {
                problems.allow_keys(kind, at, "a node of the page tree", &dictionary, &PAGE_TREE_KEYS);
                let Some(kids) = problems.keep(document.lookup(&dictionary, b"Kids")) else { continue };
                let kids = kids.as_array().unwrap_or_default();
                if kids.iter().any(|kid| kid.as_reference().is_none()) {
                    problems.add(ProblemKind::Malformed, at, "a page that is not an object of its own");
                }
                let count = dictionary.get(b"Count").and_then(Object::as_integer);
                steps.push(Step::Leave { node: reference, count, before: pages.len() });
                let kids = kids.iter().rev().filter_map(Object::as_reference);
                let kids = kids.map(|node| Step::Enter { node, parent: Some(reference) });
                steps.extend(kids.take(document.limits().pages.saturating_add(1)));
            }
            Some(b"Page") => {
                problems.allow_keys(kind, at, "a page", &dictionary, &PAGE_KEYS);
                pages.push(dictionary);
            }
            _ => problems.add(ProblemKind::Malformed, at, "a page that is not of the type Page"),
        }
    }
    if pages.is_empty() {
        problems.add(ProblemKind::Malformed, Position::File, "the document has no pages");
    }
    pages
}

/// The only annotation is the widget of the signature field.
pub(super) fn check_annotations(
    document: &Document<'_>,
    pages: &[Dictionary<'_>],
    widget: Option<Reference>,
    problems: &mut Problems,
) {
    let mut widgets = 0_usize;
    for (number, page) in (1_usize..).zip(pages) {
        let Some(annotations) = problems.keep(document.lookup(page, b"Annots")) else { continue };
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
