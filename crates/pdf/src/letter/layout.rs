//! The bytes of the file, from the header to the last end of line: nothing stands there that the cross-reference does not name,
//! and no object that the trailer does not lead to.

use super::problem::{ProblemKind, Problems};
use super::signature::FoundSignature;
use crate::syntax::limits::Limit;
use crate::syntax::{
    Document, Entry, Extent, Object, Passed, Position, ReadErrorKind, Reference, SectionKind, is_whitespace,
};

/// Whether it is one of the names that stand for scripts, actions, optional content and multimedia, wherever they occur (ISO 32000-2, 12.6, 8.11, 13).
const fn is_active(name: &[u8]) -> bool {
    match name {
        // Scripts, and what sets them off.
        b"JS" | b"JavaScript" | b"AA" | b"OpenAction" | b"XFA" => true,
        // Actions that leave the document, or change it.
        b"URI" | b"Launch" | b"GoToR" | b"GoToE" | b"GoTo3DView" => true,
        b"SubmitForm" | b"ResetForm" | b"ImportData" => true,
        // Optional content.
        b"OC" | b"OCG" | b"OCMD" | b"OCProperties" | b"SetOCGState" => true,
        // Multimedia, and further files.
        b"Movie" | b"Sound" | b"Screen" | b"Rendition" | b"RichMedia" | b"RichMediaExecute" => true,
        b"Collection" | b"FileAttachment" => true,
        _ => false,
    }
}

const TRAILER_KEYS: [&str; 4] = ["Size", "Root", "Info", "ID"];

/// The longest comment after the header: the mark of a binary file (ISO 19005-3, 6.1.2).
const LONGEST_BINARY_MARK: usize = 8;

/// Checks that the file is one revision without gaps: header, the objects in order, one cross-reference table, trailer, end.
pub(super) fn check(document: &Document<'_>, signatures: &[FoundSignature], problems: &mut Problems) {
    let signed = !signatures.is_empty();
    let covered = signatures.iter().all(|signature| signature.value.covers_whole_file);
    let bytes = document.bytes();
    let [section] = document.sections() else {
        // What a signature does not cover is a modification after it, which is said there.
        if covered {
            problems.add(
                ProblemKind::OutsideProfile,
                Position::File,
                format!("{} revisions where one is allowed", document.sections().len()),
            );
        }
        scan_objects(document, None, problems);
        check_end(document, signed, problems);
        return;
    };
    if section.kind != SectionKind::Table {
        problems.add(
            ProblemKind::OutsideProfile,
            Position::Offset(section.offset),
            "a cross-reference stream where a table must stand",
        );
    }
    problems.allow_keys(
        ProblemKind::OutsideProfile,
        Position::Offset(section.offset),
        "the trailer",
        &section.trailer,
        &TRAILER_KEYS,
    );
    let size = section.trailer.get(b"Size").and_then(Object::as_integer).and_then(|size| usize::try_from(size).ok());
    if size != Some(document.entries().len()) {
        problems.add(
            ProblemKind::OutsideProfile,
            Position::Offset(section.offset),
            "/Size is not the number of entries",
        );
    }
    if section.comments != 0 {
        problems.add(
            ProblemKind::OutsideProfile,
            Position::Offset(section.offset),
            "a comment in the cross-reference or the trailer",
        );
    }
    let last = scan_objects(document, Some(after_header(bytes, problems)), problems);
    if section.kind == SectionKind::Table {
        check_gap(bytes, last, section.offset, problems);
    }
    let mut expected = Vec::from(b"startxref");
    expected.extend_from_slice(section.offset.to_string().as_bytes());
    let between = bytes.get(section.end..document.end_of_file_marker()).unwrap_or_default();
    if !between.iter().copied().filter(|&byte| !is_whitespace(byte)).eq(expected) {
        problems.add(
            ProblemKind::OutsideProfile,
            Position::Offset(section.end),
            "bytes between the trailer and the end of the file",
        );
    }
    check_end(document, signed, problems);
}

/// At most one end-of-line marker follows `%%EOF`.
fn check_end(document: &Document<'_>, signed: bool, problems: &mut Problems) {
    let end = document.end_of_file_marker().saturating_add(5);
    let rest = document.bytes().get(end..).unwrap_or_default();
    if !matches!(rest, b"" | b"\n" | b"\r" | b"\r\n") {
        let kind = if signed { ProblemKind::ModifiedAfterSigning } else { ProblemKind::OutsideProfile };
        problems.add(kind, Position::Offset(end), format!("{} bytes after the end of the file", rest.len()));
    }
}

/// Passes `%PDF-1.7` and the comment of high bytes on the next line.
fn after_header(bytes: &[u8], problems: &mut Problems) -> usize {
    let end_of_line = |from: usize| {
        bytes
            .get(from..)
            .and_then(|rest| rest.iter().position(|&byte| matches!(byte, b'\n' | b'\r')))
            .map_or(bytes.len(), |length| from.saturating_add(length))
    };
    let mut offset = end_of_line(0);
    while bytes.get(offset).copied().is_some_and(is_whitespace) {
        offset = offset.saturating_add(1);
    }
    if bytes.get(offset) != Some(&b'%') {
        return offset;
    }
    let end = end_of_line(offset);
    let mark = bytes.get(offset..end).and_then(|line| line.split_first()).map(|(_, mark)| mark).unwrap_or_default();
    if mark.len() > LONGEST_BINARY_MARK || mark.iter().any(u8::is_ascii) {
        problems.add(
            ProblemKind::OutsideProfile,
            Position::Offset(offset),
            "a comment after the header that is not the mark of a binary file",
        );
    }
    end
}

fn check_gap(bytes: &[u8], from: usize, to: usize, problems: &mut Problems) {
    let gap = if from <= to { bytes.get(from..to) } else { None };
    if !gap.is_some_and(|gap| gap.iter().copied().all(is_whitespace)) {
        problems.add(ProblemKind::OutsideProfile, Position::Offset(from), "bytes that are part of no object");
    }
}

/// Reads past every object of the file once. With the offset where the first one may begin it also checks that they are
/// all of the file; returns where the last one ends.
fn scan_objects(document: &Document<'_>, begin: Option<usize>, problems: &mut Problems) -> usize {
    let bytes = document.bytes();
    let mut end = begin.unwrap_or_default();
    let mut file_specifications = 0_usize;
    let mut links = Links::default();
    for (number, entry) in (0_u32..).zip(document.entries()) {
        let at = Position::Object(number);
        let &Entry::Offset { offset, generation } = entry else {
            links.end_object();
            if begin.is_some() && (number == 0) != (*entry == Entry::Free) {
                problems.add(ProblemKind::OutsideProfile, at, "an object number without an object of its own");
            }
            continue;
        };
        if begin.is_some() {
            if number == 0 || generation != 0 {
                problems.add(
                    ProblemKind::OutsideProfile,
                    at,
                    "an object number or generation that a new file does not have",
                );
            }
            check_gap(bytes, end, offset, problems);
        }
        let mut active = Vec::new();
        let extent = document.skip(offset, &mut |passed| {
            let name = match passed {
                Passed::Name(name) => name,
                Passed::Reference(reference) => return links.targets.push(reference.number),
            };
            if name == b"EF" {
                file_specifications = file_specifications.saturating_add(1);
            } else if is_active(name) {
                active.push(String::from_utf8_lossy(name).into_owned());
            }
        });
        links.end_object();
        let spent = matches!(&extent, Err(error) if matches!(error.kind(), ReadErrorKind::Limit(Limit::Values)));
        for name in active {
            problems.add(ProblemKind::ActiveContent, at, format!("/{name}"));
        }
        match problems.keep(extent) {
            Some(Extent { reference, end: after, comments }) => {
                if reference != (Reference { number, generation }) {
                    problems.add(ProblemKind::Malformed, at, "another object stands where the cross-reference points");
                }
                if comments != 0 && begin.is_some() {
                    problems.add(ProblemKind::OutsideProfile, at, "a comment in an object");
                }
                end = after;
            }
            // The next gap can't be measured, and what the object leads to is unknown; that is not one more problem.
            None => {
                end = next_offset(document, number);
                links.complete = false;
            }
        }
        if spent {
            break;
        }
    }
    if begin.is_some() && links.complete {
        links.check(document, problems);
    }
    if file_specifications > 1 {
        problems.add(
            ProblemKind::Attachment,
            Position::File,
            format!("{file_specifications} embedded files where one is allowed"),
        );
    }
    end
}

/// Which objects each object refers to.
struct Links {
    /// The numbers that the objects refer to, one object after the other.
    targets: Vec<u32>,
    /// Where in `targets` each object ends, by its number.
    ends: Vec<usize>,
    /// Whether every object could be read.
    complete: bool,
}

impl Default for Links {
    fn default() -> Self {
        Self { targets: Vec::new(), ends: Vec::new(), complete: true }
    }
}

impl Links {
    fn end_object(&mut self) {
        self.ends.push(self.targets.len());
    }

    /// The numbers that one object refers to.
    fn of(&self, number: usize) -> &[u32] {
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(number).copied().unwrap_or_default();
        self.targets.get(begin..end).unwrap_or_default()
    }

    /// Every object is reached from the trailer: what nothing leads to is there for another purpose than to be shown.
    fn check(&self, document: &Document<'_>, problems: &mut Problems) {
        let mut reached = vec![false; self.ends.len()];
        let mut waiting = Vec::new();
        for (_, value) in document.sections().iter().flat_map(|section| section.trailer.iter()) {
            collect_references(value, &mut waiting);
        }
        while let Some(number) = waiting.pop() {
            let Ok(number) = usize::try_from(number) else { continue };
            if let Some(reached @ false) = reached.get_mut(number) {
                *reached = true;
                waiting.extend_from_slice(self.of(number));
            }
        }
        for (number, _) in (0_u32..).zip(&reached).skip(1).filter(|(_, reached)| !**reached) {
            problems.add(ProblemKind::OutsideProfile, Position::Object(number), "an object that nothing refers to");
        }
    }
}

fn collect_references(object: &Object<'_>, found: &mut Vec<u32>) {
    match object {
        Object::Reference(reference) => found.push(reference.number),
        Object::Array(elements) => elements.iter().for_each(|element| collect_references(element, found)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, value)| collect_references(value, found)),
        _ => {}
    }
}

/// Where the object after `number` begins, or the cross-reference table.
fn next_offset(document: &Document<'_>, number: u32) -> usize {
    let next = usize::try_from(number).unwrap_or(usize::MAX).saturating_add(1);
    document
        .entries()
        .get(next..)
        .unwrap_or_default()
        .iter()
        .find_map(|entry| match entry {
            Entry::Offset { offset, .. } => Some(*offset),
            _ => None,
        })
        .or(document.sections().first().map(|section| section.offset))
        .unwrap_or_default()
}
