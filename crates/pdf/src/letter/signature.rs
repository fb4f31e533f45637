//! Signature fields and signature dictionaries: ISO 32000-2, 12.7.5.5 and 12.8; ETSI EN 319 142-1,
//! 5.3 and 6.

use std::collections::BTreeSet;

use cqm_core::UnixTime;

use super::problem::{ProblemKind, Problems};
use crate::syntax::limits::Limit;
use crate::syntax::{Dictionary, Document, Object, PdfString, Position, Reference};

const SIGNATURE_KEYS: [&str; 10] =
    ["Type", "Filter", "SubFilter", "M", "Name", "Reason", "Location", "Reference", "ByteRange", "Contents"];

const FIELD_KEYS: [&str; 9] = ["Type", "Subtype", "FT", "T", "F", "Rect", "P", "V", "StructParent"];

/// A signature dictionary as the file has it, with the name of its field. Nothing in it is verified
/// yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureDictionary {
    /// The object number of the dictionary, if it is an object of its own.
    pub object: Option<u32>,
    /// The fully qualified name of the signature field.
    pub field: String,
    /// `/Filter`, the preferred signature handler.
    pub filter: Option<String>,
    /// `/SubFilter`, the encoding of the signature.
    pub sub_filter: Option<String>,
    /// `/ByteRange`: pairs of an offset and a length. Empty if it is missing, or is not a list of
    /// non-negative integers.
    pub byte_range: Vec<u64>,
    /// The DER value in `/Contents`, without the padding. Empty if `/Contents` does not begin with
    /// one.
    pub contents_der: Vec<u8>,
    /// `/M`, the claimed time of signing.
    pub signing_time: Option<UnixTime>,
    /// The permission P of the DocMDP transform, if the signature certifies the document. 1 allows
    /// no change.
    pub doc_mdp: Option<i64>,
    /// Whether the byte range is the whole file except exactly the `/Contents` string with its
    /// delimiters.
    pub covers_whole_file: bool,
    /// `/Name`.
    pub name: Option<String>,
    /// `/Reason`.
    pub reason: Option<String>,
    /// `/Location`.
    pub location: Option<String>,
}

impl SignatureDictionary {
    /// The two parts of the file that the signature covers, if `/ByteRange` is `[0 a b c]` with `a
    /// <= b` and inside the file.
    pub fn signed_ranges<'a>(&self, file: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        let gap = Gap::of(&self.byte_range)?;
        Some([file.get(..gap.start)?, file.get(gap.end..gap.file_end)?])
    }
}

/// The part of the file that `/ByteRange` omits, and the end of the part that it covers.
struct Gap {
    start: usize,
    end: usize,
    file_end: usize,
}

impl Gap {
    fn of(byte_range: &[u64]) -> Option<Self> {
        let &[0, start, end, rest] = byte_range else { return None };
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        let file_end = end.checked_add(usize::try_from(rest).ok()?)?;
        (start <= end).then_some(Self { start, end, file_end })
    }
}

/// A signature and the field that it is the value of.
pub(super) struct FoundSignature {
    pub(super) value: SignatureDictionary,
    pub(super) field: Option<Reference>,
}

/// Finds the signatures in the fields of the interactive form, and checks them against the profile.
pub(super) fn find(document: &Document<'_>, catalog: &Dictionary<'_>, problems: &mut Problems) -> Vec<FoundSignature> {
    let mut finder = Finder { document, problems, seen: BTreeSet::new(), fields: 0, found: Vec::new() };
    finder.form(catalog);
    let Finder { fields, found, .. } = finder;
    match (found.len(), fields) {
        (0, _) => problems.add(ProblemKind::Unsigned, Position::File, "no signature"),
        (1, 1) => {}
        (1, _) => problems.add(
            ProblemKind::SeveralSignatures,
            Position::File,
            format!("{fields} form fields where one is allowed"),
        ),
        (count, _) => problems.add(
            ProblemKind::SeveralSignatures,
            Position::File,
            format!("{count} signatures where one is allowed"),
        ),
    }
    for signature in &found {
        check_coverage(document, &signature.value, problems);
    }
    found
}

struct Finder<'d, 'p> {
    document: &'d Document<'d>,
    problems: &'p mut Problems,
    seen: BTreeSet<Reference>,
    fields: usize,
    found: Vec<FoundSignature>,
}

impl Finder<'_, '_> {
    fn form(&mut self, catalog: &Dictionary<'_>) {
        let document = self.document;
        let Some(form) = self.problems.keep(document.lookup(catalog, b"AcroForm")) else { return };
        let Some(form) = form.as_dictionary() else { return };
        self.problems.allow_keys(
            ProblemKind::OutsideProfile,
            Position::File,
            "the form",
            form,
            &["Fields", "SigFlags"],
        );
        if form.get(b"SigFlags").and_then(Object::as_integer) != Some(3) {
            self.problems.add(ProblemKind::SignatureDictionary, Position::File, "/SigFlags of the form is not 3");
        }
        let Some(fields) = self.problems.keep(document.lookup(form, b"Fields")) else { return };
        let certifying = self.certifying(catalog);
        for field in fields.as_array().unwrap_or_default() {
            self.field(field, "", false, certifying, document.limits().depth);
        }
    }

    /// The signature that `/Perms` names as the certifying one.
    fn certifying(&mut self, catalog: &Dictionary<'_>) -> Option<Reference> {
        let permissions = self.problems.keep(self.document.lookup(catalog, b"Perms"))?;
        let permissions = permissions.as_dictionary()?;
        self.problems.allow_keys(ProblemKind::Certification, Position::File, "/Perms", permissions, &["DocMDP"]);
        permissions.get(b"DocMDP").and_then(Object::as_reference)
    }

    /// Reads a field and the fields below it. `inherited` is set if the parent is a signature
    /// field.
    fn field(
        &mut self,
        field: &Object<'_>,
        parent: &str,
        inherited: bool,
        certifying: Option<Reference>,
        depth: usize,
    ) {
        let document = self.document;
        let reference = field.as_reference();
        if reference.is_some_and(|reference| !self.seen.insert(reference)) {
            return;
        }
        let at = reference.map_or(Position::File, |reference| Position::Object(reference.number));
        let Some(field) = self.problems.keep(document.resolve(field)) else { return };
        let Some(field) = field.as_dictionary() else {
            self.problems.add(ProblemKind::Malformed, at, "a form field that is not a dictionary");
            return;
        };
        let partial = text(field, b"T").unwrap_or_default();
        let dot = if parent.is_empty() || partial.is_empty() { "" } else { "." };
        let name = format!("{parent}{dot}{partial}");
        let is_signature = field.name(b"FT").map_or(inherited, |kind| kind == b"Sig");
        if let Some(kids) = field.get(b"Kids") {
            let what = "a form field with fields below it, where only the signature field is allowed";
            self.problems.add(ProblemKind::SignatureDictionary, at, what);
            let Some(kids) = self.problems.keep(document.resolve(kids)) else { return };
            let Some(depth) = depth.checked_sub(1) else {
                self.problems.add(ProblemKind::LimitExceeded(Limit::Depth), at, "form fields are nested too deep");
                return;
            };
            for kid in kids.as_array().unwrap_or_default() {
                self.field(kid, &name, is_signature, certifying, depth);
            }
        } else {
            self.fields = self.fields.saturating_add(1);
        }
        if is_signature {
            self.signature_field(field, reference, name, certifying);
        }
    }

    /// Checks a signature field, and reads its signature if it has one.
    fn signature_field(
        &mut self,
        field: &Dictionary<'_>,
        reference: Option<Reference>,
        name: String,
        certifying: Option<Reference>,
    ) {
        let at = reference.map_or(Position::File, |reference| Position::Object(reference.number));
        self.check_field(field, at);
        if reference.is_none() {
            let what = "the signature field is not an object of its own";
            self.problems.add(ProblemKind::SignatureDictionary, at, what);
        }
        let Some(value) = field.get(b"V") else { return };
        let object = value.as_reference();
        let Some(value) = self.problems.keep(self.document.resolve(value)) else { return };
        let Some(value) = value.as_dictionary() else { return };
        let value = self.signature(value, object, name, certifying);
        self.found.push(FoundSignature { value, field: reference });
    }

    fn check_field(&mut self, field: &Dictionary<'_>, at: Position) {
        let kind = ProblemKind::SignatureDictionary;
        self.problems.allow_keys(kind, at, "the signature field", field, &FIELD_KEYS);
        if field.name(b"Subtype") != Some(b"Widget") {
            self.problems.add(kind, at, "the signature field is not merged with its widget annotation");
        }
        let zero = field
            .get(b"Rect")
            .and_then(Object::as_array)
            .is_some_and(|rectangle| rectangle.len() == 4 && rectangle.iter().all(|side| side.as_real() == Some(0.0)));
        if !zero {
            self.problems.add(kind, at, "the signature field is not invisible: its rectangle is not empty");
        }
    }

    /// Reads the signature dictionary. No value in it is a reference (ISO 32000-2, 12.8.1).
    fn signature(
        &mut self,
        value: &Dictionary<'_>,
        object: Option<Reference>,
        field: String,
        certifying: Option<Reference>,
    ) -> SignatureDictionary {
        let at = object.map_or(Position::File, |object| Position::Object(object.number));
        let signing_time = value.get(b"M").and_then(Object::as_string).and_then(PdfString::date);
        self.check_entries(value, signing_time, at);
        let byte_range: Option<Vec<u64>> = value.get(b"ByteRange").and_then(Object::as_array).and_then(|range| {
            range.iter().map(|number| number.as_integer().and_then(|number| u64::try_from(number).ok())).collect()
        });
        let byte_range = byte_range.unwrap_or_default();
        let (contents_der, covers_whole_file) = match value.get(b"Contents").and_then(Object::as_string) {
            Some(contents) => self.contents(contents, &byte_range, at),
            None => {
                let what = "/Contents is not a string in the signature dictionary itself";
                self.problems.add(ProblemKind::Contents, at, what);
                (Vec::new(), false)
            }
        };
        let doc_mdp = doc_mdp(value);
        self.check_certification(doc_mdp, object.is_some() && certifying == object, at);
        SignatureDictionary {
            object: object.map(|object| object.number),
            field,
            filter: name(value, b"Filter"),
            sub_filter: name(value, b"SubFilter"),
            byte_range,
            contents_der,
            signing_time,
            doc_mdp,
            covers_whole_file,
            name: text(value, b"Name"),
            reason: text(value, b"Reason"),
            location: text(value, b"Location"),
        }
    }

    /// Checks the entries that identify the kind of signature, and those that describe it.
    fn check_entries(&mut self, value: &Dictionary<'_>, signing_time: Option<UnixTime>, at: Position) {
        let kind = ProblemKind::SignatureDictionary;
        self.problems.allow_keys(kind, at, "the signature dictionary", value, &SIGNATURE_KEYS);
        for (key, expected) in [("Type", "Sig"), ("Filter", "Adobe.PPKLite"), ("SubFilter", "ETSI.CAdES.detached")] {
            if value.name(key.as_bytes()) != Some(expected.as_bytes()) {
                self.problems.add(kind, at, format!("/{key} of the signature is not /{expected}"));
            }
        }
        if signing_time.is_none() {
            self.problems.add(kind, at, "/M of the signature is not a date with seconds");
        }
        for key in ["Name", "Reason", "Location"] {
            if value.get(key.as_bytes()).is_some_and(|value| value.as_string().is_none()) {
                self.problems.add(kind, at, format!("/{key} is not a string in the signature dictionary itself"));
            }
        }
    }

    /// Checks that the signature certifies the letter, and that the catalog says the same.
    fn check_certification(&mut self, doc_mdp: Option<i64>, named_by_catalog: bool, at: Position) {
        let kind = ProblemKind::Certification;
        match doc_mdp {
            Some(1) => {}
            Some(_) => self.problems.add(kind, at, "the DocMDP transform allows changes: P is not 1"),
            None => {
                let what = "/Reference of the signature is not exactly one DocMDP transform of version 1.2";
                self.problems.add(kind, at, what);
            }
        }
        if !named_by_catalog {
            self.problems.add(kind, at, "/Perms of the catalog does not name this signature as /DocMDP");
        }
    }

    /// Reads the DER value in `/Contents`. Also returns whether the byte range covers the whole
    /// file except exactly this string.
    fn contents(&mut self, contents: &PdfString<'_>, byte_range: &[u64], at: Position) -> (Vec<u8>, bool) {
        let raw = contents.raw();
        let start = contents.offset();
        let end = start.saturating_add(raw.len());
        let gap = Gap::of(byte_range);
        let exact = gap.as_ref().is_some_and(|gap| gap.start == start && gap.end == end);
        if !exact {
            self.problems.add(
                ProblemKind::ByteRange,
                at,
                format!("/ByteRange {byte_range:?} does not omit exactly /Contents, which is bytes {start} to {end}"),
            );
        }
        let covers = exact && gap.is_some_and(|gap| gap.file_end == self.document.bytes().len());
        let digits = match raw {
            [b'<', digits @ .., b'>'] => digits,
            _ => {
                self.problems.add(ProblemKind::Contents, at, "/Contents is not a hexadecimal string");
                return (Vec::new(), covers);
            }
        };
        if digits.len() % 2 != 0
            || !digits.iter().fold(true, |all, digit| all & matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        {
            self.problems.add(
                ProblemKind::Contents,
                at,
                "/Contents has other characters than pairs of lower-case hexadecimal digits",
            );
        }
        // Most of the digits are padding, so only the value is decoded.
        let header = PdfString::decode_hexadecimal(digits.get(..12).unwrap_or(digits));
        let value = der_length(&header).and_then(|length| digits.split_at_checked(length.checked_mul(2)?));
        let Some((value, padding)) = value else {
            self.problems.add(ProblemKind::Contents, at, "/Contents does not begin with a whole DER sequence");
            return (Vec::new(), covers);
        };
        if !padding.iter().fold(true, |all, &digit| all & (digit == b'0')) {
            self.problems.add(ProblemKind::Contents, at, "/Contents has bytes other than zero after the signature");
        }
        (PdfString::decode_hexadecimal(value), covers)
    }
}

/// The permission of the DocMDP transform, if `/Reference` is exactly one such transform of version
/// 1.2 (tables 256 and 257), written as the embedder writes it: all of it in the signature
/// dictionary, with the types, and without other entries.
fn doc_mdp(signature: &Dictionary<'_>) -> Option<i64> {
    let [Object::Dictionary(transform)] = signature.get(b"Reference")?.as_array()? else { return None };
    let parameters = transform.get(b"TransformParams")?.as_dictionary()?;
    let is_doc_mdp = transform.is_type(b"SigRef")
        && transform.name(b"TransformMethod") == Some(b"DocMDP")
        && parameters.is_type(b"TransformParams")
        && parameters.name(b"V") == Some(b"1.2")
        && transform.iter().count() == 3
        && parameters.iter().count() == 3;
    parameters.get(b"P")?.as_integer().filter(|_| is_doc_mdp)
}

/// Checks that the byte range ends with the file.
fn check_coverage(document: &Document<'_>, signature: &SignatureDictionary, problems: &mut Problems) {
    let at = signature.object.map_or(Position::File, Position::Object);
    let length = document.bytes().len();
    match Gap::of(&signature.byte_range) {
        Some(gap) if gap.file_end < length => problems.add(
            ProblemKind::ModifiedAfterSigning,
            at,
            format!("the signature covers {} bytes, but the file has {length}", gap.file_end),
        ),
        Some(gap) if gap.file_end > length => {
            problems.add(
                ProblemKind::ByteRange,
                at,
                format!("/ByteRange ends at byte {}, but the file has {length}", gap.file_end),
            );
        }
        Some(_) => {}
        None => problems.add(
            ProblemKind::ByteRange,
            at,
            format!("/ByteRange is not of the form [0 a b c], but {:?}", signature.byte_range),
        ),
    }
}

fn name(dictionary: &Dictionary<'_>, key: &[u8]) -> Option<String> {
    dictionary.name(key).map(|name| String::from_utf8_lossy(name).into_owned())
}

fn text(dictionary: &Dictionary<'_>, key: &[u8]) -> Option<String> {
    dictionary.get(key).and_then(Object::as_string).map(PdfString::text)
}

/// The length of the DER sequence at the start of `bytes`, header included (X.690, 8.1.3 and 10.1).
fn der_length(bytes: &[u8]) -> Option<usize> {
    let (&[0x30, first], rest) = bytes.split_first_chunk::<2>()? else { return None };
    if first < 0x80 {
        return usize::from(first).checked_add(2);
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) {
        return None;
    }
    let length = rest.get(..count)?.iter().fold(0_u64, |length, &byte| (length << 8) | u64::from(byte));
    usize::try_from(length).ok()?.checked_add(2)?.checked_add(count)
}
