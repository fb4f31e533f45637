//! The attachment: ISO 32000-2, 7.11.4 and 14.13; ISO 19005-3, 6.8.

use std::collections::BTreeSet;

use super::problem::{ProblemKind, Problems};
use crate::TOKEN_NAME;
use crate::syntax::{Dictionary, Document, Object, PdfString, Position, ReadError, Reference};

const SPECIFICATION_KEYS: [&str; 6] = ["Type", "F", "UF", "Desc", "AFRelationship", "EF"];

/// A file that is attached to the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name under which viewers save the file: `/UF`, or else `/F`.
    pub name: String,
    /// `/AFRelationship`.
    pub relationship: Option<String>,
    /// The media type: `/Subtype` of the embedded file stream.
    pub mime: Option<String>,
    /// The decoded data of the file.
    pub bytes: Vec<u8>,
}

/// Finds the files in the name tree of embedded files, and checks that they are exactly the
/// certificate token.
pub(super) fn find<'o>(
    document: &'o Document<'_>,
    catalog: &'o Dictionary<'o>,
    problems: &mut Problems,
) -> Vec<Attachment> {
    let kind = ProblemKind::Attachment;
    let named = named_files(document, catalog, problems);
    let named = problems.keep(named).unwrap_or_default();
    let associated = match problems.keep(document.lookup(catalog, b"AF")) {
        Some(files) => files.as_array().unwrap_or_default().iter().map(Object::as_reference).collect(),
        None => Vec::new(),
    };
    let mut attachments = Vec::new();
    for file in &named {
        let at = file.specification.map_or(Position::File, |specification| Position::Object(specification.number));
        match read(document, file, at, problems) {
            Ok(attachment) => attachments.push(attachment),
            Err(error) => problems.push(error.into()),
        }
    }
    match (named.as_slice(), associated.as_slice()) {
        ([], _) => problems.add(kind, Position::File, "no certificate token is attached"),
        ([NamedFile { specification: Some(named), .. }], [Some(associated)]) if named == associated => {}
        ([_], _) => problems.add(kind, Position::File, "/AF of the catalog does not name exactly the attached file"),
        (named, _) => problems.add(kind, Position::File, format!("{} attachments where one is allowed", named.len())),
    }
    for (attachment, file) in attachments.iter().zip(&named) {
        let at = file.specification.map_or(Position::File, |specification| Position::Object(specification.number));
        for name in [attachment.name.as_str(), &String::from_utf8_lossy(&file.key)] {
            if name != TOKEN_NAME {
                problems.add(kind, at, format!("an attachment with the name {name:?}, not {TOKEN_NAME:?}"));
            }
        }
        if attachment.relationship.as_deref() != Some("Data") {
            problems.add(kind, at, "/AFRelationship of the attachment is not /Data");
        }
    }
    attachments
}

/// A file as the name tree names it.
struct NamedFile<'o> {
    key: Vec<u8>,
    specification: Option<Reference>,
    value: Object<'o>,
}

/// The leaves of the name tree `/EmbeddedFiles` (ISO 32000-2, 7.9.6).
fn named_files<'o>(
    document: &'o Document<'_>,
    catalog: &Dictionary<'o>,
    problems: &mut Problems,
) -> Result<Vec<NamedFile<'o>>, ReadError> {
    let mut files = Vec::new();
    let names = document.lookup(catalog, b"Names")?.into_owned();
    let Some(names) = names.as_dictionary() else { return Ok(files) };
    if let Some(root) = document.lookup(names, b"EmbeddedFiles")?.as_dictionary() {
        problems.allow_keys(ProblemKind::Attachment, Position::File, "the tree of embedded files", root, &["Names"]);
    }
    let mut seen = BTreeSet::new();
    let mut nodes = vec![document.lookup(names, b"EmbeddedFiles")?.into_owned()];
    while let Some(node) = nodes.pop() {
        let Some(node) = node.as_dictionary() else { continue };
        let pairs = document.lookup(node, b"Names")?.into_owned();
        for pair in pairs.as_array().unwrap_or_default().chunks(2) {
            if let [Object::String(key), value] = pair {
                files.push(NamedFile {
                    key: key.bytes().into_owned(),
                    specification: value.as_reference(),
                    value: value.clone(),
                });
            } else {
                problems.add(ProblemKind::Attachment, Position::File, "a name of an embedded file without the file");
            }
        }
        let kids = document.lookup(node, b"Kids")?.into_owned();
        for kid in kids.as_array().unwrap_or_default().iter().filter_map(Object::as_reference) {
            if seen.insert(kid) {
                nodes.push(document.object(kid)?);
            }
        }
    }
    Ok(files)
}

fn read(
    document: &Document<'_>,
    file: &NamedFile<'_>,
    at: Position,
    problems: &mut Problems,
) -> Result<Attachment, ReadError> {
    let kind = ProblemKind::Attachment;
    let specification = document.resolve(&file.value)?;
    let mut attachment = Attachment { name: String::new(), relationship: None, mime: None, bytes: Vec::new() };
    let Some(specification) = specification.as_dictionary() else { return Ok(attachment) };
    problems.allow_keys(kind, at, "the file specification", specification, &SPECIFICATION_KEYS);
    let names = [specification.get(b"UF"), specification.get(b"F")];
    let texts = names.map(|name| name.and_then(Object::as_string).map(PdfString::text));
    if let [Some(unicode), Some(old)] = &texts
        && unicode != old
    {
        problems.add(kind, at, format!("the attachment is named {unicode:?} and {old:?}"));
    }
    let [unicode, old] = names;
    let name = unicode.or(old);
    attachment.name = name.and_then(Object::as_string).map(PdfString::text).unwrap_or_default();
    attachment.relationship =
        specification.name(b"AFRelationship").map(|name| String::from_utf8_lossy(name).into_owned());
    let files = document.lookup(specification, b"EF")?;
    let Some(files) = files.as_dictionary() else { return Ok(attachment) };
    if !files.iter().all(|(key, value)| matches!(key, b"F" | b"UF") && Some(value) == files.get(b"F")) {
        problems.add(kind, at, "/EF names more than one embedded file");
    }
    let embedded = document.lookup(files, b"F")?;
    let Some(stream) = embedded.as_stream() else { return Ok(attachment) };
    attachment.mime = stream.dictionary.name(b"Subtype").map(|name| String::from_utf8_lossy(name).into_owned());
    attachment.bytes = document.decode(stream)?.into_owned();
    Ok(attachment)
}
