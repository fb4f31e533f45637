//! The bytes of the file, from the header to the last end of line. There is nothing that the
//! cross-reference does not name, and no object that the trailer does not lead to.

use std::ops::ControlFlow;

use memchr::memchr2;

use super::names::is_foreign;
use super::problem::{ProblemKind, Problems};
use super::signature::FoundSignature;
use crate::syntax::limits::Limit;
use crate::syntax::{
    Document, Entry, Extent, Object, Passed, Position, ReadErrorKind, Reference, Section, SectionKind, is_whitespace,
};

/// Returns whether a name belongs to scripts, actions, optional content or multimedia (ISO 32000-2,
/// 12.6, 8.11 and 13). Such a name is refused wherever it occurs.
const fn is_active(name: &[u8]) -> bool {
    match name {
        // Scripts and their triggers.
        b"JS" | b"JavaScript" | b"AA" | b"OpenAction" | b"XFA" => true,
        // Actions that leave the document or change it.
        b"URI" | b"Launch" | b"GoToR" | b"GoToE" | b"GoTo3DView" => true,
        b"SubmitForm" | b"ResetForm" | b"ImportData" => true,
        // Optional content.
        b"OC" | b"OCG" | b"OCMD" | b"OCProperties" | b"SetOCGState" => true,
        // Multimedia and further files.
        b"Movie" | b"Sound" | b"Screen" | b"Rendition" | b"RichMedia" | b"RichMediaExecute" => true,
        b"Collection" | b"FileAttachment" => true,
        _ => false,
    }
}

const TRAILER_KEYS: [&str; 4] = ["Size", "Root", "Info", "ID"];

/// The longest comment after the header, which marks a binary file (ISO 19005-3, 6.1.2), in bytes.
const LONGEST_BINARY_MARK: usize = 8;

/// The most white space between the trailer and `%%EOF`, in bytes.
const MOST_WHITE_SPACE: usize = 16;

/// Checks that the file is one revision without gaps: header, the objects in order, one
/// cross-reference table, trailer, end.
///
/// Returns the numbers of the objects that are streams.
pub(super) fn check(document: &Document<'_>, signatures: &[FoundSignature], problems: &mut Problems) -> Vec<u32> {
    let signed = !signatures.is_empty();
    let streams;
    if let [section] = document.sections() {
        check_section(document, section, problems);
        let begin = after_header(document.bytes(), problems);
        let last;
        (last, streams) = Scan::new(document, Some(begin), problems).run();
        if section.kind == SectionKind::Table {
            check_gap(document.bytes(), last, section.offset, problems);
        }
        check_startxref(document, section, problems);
    } else {
        // If a signature does not cover all revisions, its own check reports the others.
        if signatures.iter().all(|signature| signature.value.covers_whole_file) {
            let what = format!("{} revisions where one is allowed", document.sections().len());
            problems.add(ProblemKind::OutsideProfile, Position::File, what);
        }
        (_, streams) = Scan::new(document, None, problems).run();
    }
    check_end(document, signed, problems);
    streams
}

/// Checks the form of the cross-reference and its trailer.
fn check_section(document: &Document<'_>, section: &Section<'_>, problems: &mut Problems) {
    let kind = ProblemKind::OutsideProfile;
    let at = Position::Offset(section.offset);
    if section.kind != SectionKind::Table {
        problems.add(kind, at, "a cross-reference stream where a table is required");
    }
    problems.allow_keys(kind, at, "the trailer", &section.trailer, &TRAILER_KEYS);
    let size = section.trailer.get(b"Size").and_then(Object::as_integer).and_then(|size| usize::try_from(size).ok());
    if size != Some(document.entries().len()) {
        problems.add(kind, at, "/Size is not the number of entries");
    }
    if section.comments != 0 {
        problems.add(kind, at, "a comment in the cross-reference or the trailer");
    }
}

/// Checks that only `startxref` and the offset of the section are between the trailer and `%%EOF`.
fn check_startxref(document: &Document<'_>, section: &Section<'_>, problems: &mut Problems) {
    let mut expected = Vec::from(b"startxref");
    expected.extend_from_slice(section.offset.to_string().as_bytes());
    let between = document.bytes().get(section.end..document.end_of_file_marker()).unwrap_or_default();
    // Some viewers look for `startxref` in the last kilobyte only, and rebuild the
    // cross-reference if it is not there.
    let is_near = between.len() <= expected.len().saturating_add(MOST_WHITE_SPACE);
    if !is_near || !between.iter().copied().filter(|&byte| !is_whitespace(byte)).eq(expected) {
        let at = Position::Offset(section.end);
        problems.add(ProblemKind::OutsideProfile, at, "bytes between the trailer and the end of the file");
    }
}

/// Checks that at most one end-of-line marker follows `%%EOF`.
fn check_end(document: &Document<'_>, signed: bool, problems: &mut Problems) {
    let end = document.end_of_file_marker().saturating_add(b"%%EOF".len());
    let rest = document.bytes().get(end..).unwrap_or_default();
    if !matches!(rest, b"" | b"\n" | b"\r" | b"\r\n") {
        let kind = if signed { ProblemKind::ModifiedAfterSigning } else { ProblemKind::OutsideProfile };
        problems.add(kind, Position::Offset(end), format!("{} bytes after the end of the file", rest.len()));
    }
}

/// Checks the comment of high bytes in the line after `%PDF-1.7`; returns where the objects may
/// begin.
fn after_header(bytes: &[u8], problems: &mut Problems) -> usize {
    let end_of_line = |from: usize| {
        let length = bytes.get(from..).and_then(|rest| memchr2(b'\n', b'\r', rest));
        length.map_or(bytes.len(), |length| from.saturating_add(length))
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
        let what = "a comment after the header that is not the mark of a binary file";
        problems.add(ProblemKind::OutsideProfile, Position::Offset(offset), what);
    }
    end
}

fn check_gap(bytes: &[u8], from: usize, to: usize, problems: &mut Problems) {
    let gap = if from <= to { bytes.get(from..to) } else { None };
    if !gap.is_some_and(|gap| gap.iter().copied().all(is_whitespace)) {
        problems.add(ProblemKind::OutsideProfile, Position::Offset(from), "bytes that are part of no object");
    }
}

/// One pass over every object of the file.
struct Scan<'d, 'p> {
    document: &'d Document<'d>,
    problems: &'p mut Problems,
    /// Whether the objects must be the whole file, in order.
    is_whole: bool,
    /// Where the last object ends.
    end: usize,
    /// The number of keys `/EF`, which file specifications have.
    file_specifications: usize,
    links: Links,
    /// The numbers of the objects that are streams.
    streams: Vec<u32>,
}

impl<'d, 'p> Scan<'d, 'p> {
    /// With the offset where the first object may begin, the objects must be the whole file.
    fn new(document: &'d Document<'_>, begin: Option<usize>, problems: &'p mut Problems) -> Self {
        let (is_whole, end) = (begin.is_some(), begin.unwrap_or_default());
        Self { document, problems, is_whole, end, file_specifications: 0, links: Links::default(), streams: Vec::new() }
    }

    /// Scans the objects; returns where the last one ends, and which of them are streams.
    fn run(mut self) -> (usize, Vec<u32>) {
        for (number, entry) in (0_u32..).zip(self.document.entries()) {
            let Entry::Offset { offset, generation } = *entry else {
                self.no_object(number, *entry);
                continue;
            };
            if self.object(Reference { number, generation }, offset).is_break() {
                break;
            }
        }
        if self.is_whole && self.links.complete {
            self.links.check(self.document, self.problems);
        }
        if self.file_specifications > 1 {
            let what = format!("{} embedded files where one is allowed", self.file_specifications);
            self.problems.add(ProblemKind::Attachment, Position::File, what);
        }
        (self.end, self.streams)
    }

    /// A number without an object: only number 0 is one in a letter.
    fn no_object(&mut self, number: u32, entry: Entry) {
        self.links.end_object();
        if self.is_whole && (number == 0) != (entry == Entry::Free) {
            let at = Position::Object(number);
            self.problems.add(ProblemKind::OutsideProfile, at, "an object number without an object of its own");
        }
    }

    /// Scans one object; breaks if the budget is used up.
    fn object(&mut self, reference: Reference, offset: usize) -> ControlFlow<()> {
        let at = Position::Object(reference.number);
        if self.is_whole {
            if reference.number == 0 || reference.generation != 0 {
                let what = "an object number or generation that a new file does not have";
                self.problems.add(ProblemKind::OutsideProfile, at, what);
            }
            check_gap(self.document.bytes(), self.end, offset, self.problems);
        }
        let mut active = Vec::new();
        let mut foreign = Vec::new();
        let mut dangling = None;
        let extent = self.document.skip(offset, &mut |passed| match passed {
            Passed::Reference(reference) => {
                if !is_new_object(self.document, reference) {
                    dangling = Some(reference);
                }
                self.links.targets.push(reference.number);
            }
            Passed::Name(b"EF") => self.file_specifications = self.file_specifications.saturating_add(1),
            Passed::Name(name) if is_active(name) => active.push(String::from_utf8_lossy(name).into_owned()),
            Passed::Name(name) if is_foreign(name) => foreign.push(String::from_utf8_lossy(name).into_owned()),
            Passed::Name(_) => {}
        });
        self.links.end_object();
        for name in foreign {
            let what = format!("/{name}, which letters do not use");
            self.problems.add(ProblemKind::OutsideProfile, at, what);
        }
        if let Some(Reference { number, generation }) = dangling.filter(|_| self.is_whole) {
            let what = format!("the reference {number} {generation} R, which leads to no object of generation 0");
            self.problems.add(ProblemKind::OutsideProfile, at, what);
        }
        for name in active {
            self.problems.add(ProblemKind::ActiveContent, at, format!("/{name}"));
        }
        let spent = matches!(&extent, Err(error) if *error.kind() == ReadErrorKind::Limit(Limit::Values));
        match self.problems.keep(extent) {
            Some(extent) => self.found(extent, reference),
            // The next gap cannot be measured, and the links of the object are unknown. Neither is
            // reported as a further problem.
            None => {
                self.end = next_offset(self.document, reference.number);
                self.links.complete = false;
            }
        }
        if spent { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn found(&mut self, extent: Extent, reference: Reference) {
        let at = Position::Object(reference.number);
        if extent.reference != reference {
            self.problems.add(ProblemKind::Malformed, at, "the cross-reference points to another object");
        }
        if extent.comments != 0 && self.is_whole {
            self.problems.add(ProblemKind::OutsideProfile, at, "a comment in an object");
        }
        if extent.is_stream {
            self.streams.push(reference.number);
        }
        self.end = extent.end;
    }
}

/// Returns whether a reference leads to an object of generation 0. Viewers that rebuild the
/// cross-reference, or ignore generations, read other objects where this reader reads null.
fn is_new_object(document: &Document<'_>, reference: Reference) -> bool {
    reference.generation == 0 && matches!(document.entry(reference.number), Entry::Offset { generation: 0, .. })
}

/// The references from each object to others.
struct Links {
    /// The object numbers that are referred to, by one object after the other.
    targets: Vec<u32>,
    /// The end of each object's part of `targets`, by object number.
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

    /// The object numbers that one object refers to.
    fn of(&self, number: usize) -> &[u32] {
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(number).copied().unwrap_or_default();
        self.targets.get(begin..end).unwrap_or_default()
    }

    /// Checks that the trailer leads to every object. Any other object is not there to be shown.
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

/// The offset of the object after `number`, or of the cross-reference table.
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
