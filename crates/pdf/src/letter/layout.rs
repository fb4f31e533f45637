//! The body of a letter, read forward: the header, and the objects 1 to N without gaps. The
//! cross-reference table of the file is not used, so no reader can be led to other objects.

use std::fmt::Write as _;

use super::names::is_foreign;
use super::problem::{Problem, ProblemKind, Problems};
use crate::syntax::{Document, Passed, Position, Reference};
use crate::tail::{ATTACHMENT, Outline};
use crate::{HEADER, Limits};

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

/// The objects of a body.
pub(crate) struct Body<'a> {
    /// The file, with the objects of the body and no others.
    pub(crate) document: Document<'a>,
    pub(crate) outline: Outline,
    /// The numbers of other objects that these refer to, in ascending order.
    pub(super) outside: Vec<usize>,
    /// The numbers of the objects that are streams.
    pub(super) streams: Vec<u32>,
}

/// Reads the objects in their order, up to the attachment or to what is not the next object.
///
/// # Errors
///
/// Fails if the file does not begin as a letter, or an object cannot be read.
pub(crate) fn scan<'a>(bytes: &'a [u8], limits: &Limits, problems: &mut Problems) -> Result<Body<'a>, Problem> {
    let mut document = Document::without_cross_reference(bytes, limits)?;
    if !bytes.starts_with(HEADER) {
        let at = Position::Offset(0);
        return Err(Problem::new(ProblemKind::OutsideProfile, at, "the header is not that of a letter"));
    }
    let mut scan = Scan { problems, links: Links::default(), streams: Vec::new() };
    let mut outline = Outline { offsets: Vec::new(), end: HEADER.len() };
    let mut header = String::new();
    for number in 1_u32.. {
        header.clear();
        // Writing to a string never fails.
        let _ = writeln!(header, "{number} 0 obj");
        let object = bytes.get(outline.end..).and_then(|rest| rest.strip_prefix(header.as_bytes()));
        if object.is_none_or(|object| object.starts_with(ATTACHMENT.as_bytes())) {
            break;
        }
        outline.offsets.push(outline.end);
        outline.end = scan.object(&mut document, outline.end, number)?;
    }
    let outside = scan.links.check(&outline, scan.problems);
    Ok(Body { document, outline, outside, streams: scan.streams })
}

/// One pass over the objects.
struct Scan<'p> {
    problems: &'p mut Problems,
    links: Links,
    streams: Vec<u32>,
}

impl Scan<'_> {
    /// Scans one object; returns where the next one begins.
    fn object(&mut self, document: &mut Document<'_>, offset: usize, number: u32) -> Result<usize, Problem> {
        let at = Position::Object(number);
        let Self { problems, links, streams } = self;
        let extent = document.add_next(offset, &mut |passed| match passed {
            Passed::Reference(reference) => links.add(reference, at, problems),
            Passed::Name(b"EF") => {
                problems.add(ProblemKind::Attachment, at, "an embedded file beside the certificate token");
            }
            Passed::Name(name) if is_active(name) => {
                problems.add(ProblemKind::ActiveContent, at, format!("/{}", String::from_utf8_lossy(name)));
            }
            Passed::Name(name) if is_foreign(name) => {
                let what = format!("/{}, which letters do not use", String::from_utf8_lossy(name));
                problems.add(ProblemKind::OutsideProfile, at, what);
            }
            Passed::Name(_) => {}
        })?;
        if extent.is_stream {
            streams.push(number);
        }
        links.end_object();
        if extent.comments != 0 {
            problems.add(ProblemKind::OutsideProfile, at, "a comment in an object");
        }
        match document.bytes().get(extent.end) {
            Some(b'\n') => Ok(extent.end.saturating_add(1)),
            _ => {
                let at = Position::Offset(extent.end);
                Err(Problem::new(ProblemKind::OutsideProfile, at, "no line feed after an object"))
            }
        }
    }
}

/// The references from each object to others.
#[derive(Default)]
struct Links {
    /// The object numbers that are referred to, by one object after the other from object 1.
    targets: Vec<usize>,
    /// The end of each object's part of `targets`.
    ends: Vec<usize>,
}

impl Links {
    fn add(&mut self, reference: Reference, at: Position, problems: &mut Problems) {
        if reference.generation != 0 {
            problems.add(ProblemKind::OutsideProfile, at, "a reference of another generation than 0");
        }
        self.targets.push(usize::try_from(reference.number).unwrap_or(usize::MAX));
    }

    fn end_object(&mut self) {
        self.ends.push(self.targets.len());
    }

    /// The object numbers that one object refers to.
    fn of(&self, number: usize) -> &[usize] {
        let index = number.saturating_sub(1);
        let begin = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(index).copied().unwrap_or_default();
        self.targets.get(begin..end).unwrap_or_default()
    }

    /// Checks that catalog and information dictionary, the last two objects, lead to every object.
    /// Returns the numbers of other objects that are referred to.
    fn check(&self, body: &Outline, problems: &mut Problems) -> Vec<usize> {
        let count = body.catalog();
        let mut reached = vec![false; count.saturating_add(1)];
        let mut waiting = vec![count, count.saturating_sub(1)];
        while let Some(number) = waiting.pop() {
            if let Some(reached @ false) = reached.get_mut(number) {
                *reached = true;
                waiting.extend_from_slice(self.of(number));
            }
        }
        let mut missed = (0_u32..).zip(&reached).skip(1).filter(|(_, reached)| !**reached);
        if let Some((number, _)) = missed.next() {
            let what = match missed.count() {
                0 => "an object that nothing refers to".to_owned(),
                more => format!("an object that nothing refers to, and {more} more"),
            };
            problems.add(ProblemKind::OutsideProfile, Position::Object(number), what);
        }
        let mut outside: Vec<usize> =
            self.targets.iter().copied().filter(|&number| number == 0 || number > count).collect();
        outside.sort_unstable();
        outside
    }
}
