//! Makes the body of a letter from composed pages, and completes it with token and signature.
//!
//! The objects are numbered without gaps, the information dictionary and the catalog last. The
//! catalog and the first page refer to the tail, which is written by [`crate::tail`].

use std::ops::Range;

use lopdf::{Document, LoadOptions, Object, ObjectId, dictionary};
use memchr::memmem;

use super::{content, tidy};
use crate::letter::layout;
use crate::letter::problem::Problems;
use crate::tail::{Outline, Room, Tail, TailEntries, TailError, catalog_entries};
use crate::{HEADER, Limits, letter::Problem};

/// The entries that the body gets. Composed pages that already have one were not made for it.
const RESERVED_CATALOG_ENTRIES: [&str; 7] = ["AF", "AcroForm", "Collection", "DSS", "Extensions", "Names", "Perms"];

/// The body of a letter: the header and all of the letter's own objects. The token vouches for its
/// bytes.
///
/// ```
/// use cqm_pdf::{Body, BodyError};
///
/// let error = Body::new(b"not a PDF").unwrap_err();
/// assert!(matches!(error, BodyError::Malformed(_)));
/// // For composed pages: put the digest of `bytes()` into the token, call `tail()` with the token,
/// // sign the `signed_ranges()`, and pass the CMS to `finish()`.
/// ```
#[derive(Clone, Debug)]
pub struct Body {
    bytes: Vec<u8>,
    outline: Outline,
}

impl Body {
    /// Makes the body from composed pages. The same input gives the same bytes.
    ///
    /// The pages must be a PDF that this project composed, without forms or attachments. Other
    /// files are not supported.
    ///
    /// # Errors
    ///
    /// Fails if the pages are not a PDF, are encrypted, lack a page, a catalog or an information
    /// dictionary, or already have an entry that the body gets.
    pub fn new(pages: &[u8]) -> Result<Self, BodyError> {
        let mut pages = Pages::parse(pages)?;
        pages.shorten_contents()?;
        pages.shorten_structure();
        pages.refer_to_field()?;
        let bytes = pages.write()?;
        // The verifier's own reader finds the objects.
        let limits = Limits { file_size: usize::MAX, ..Limits::default() };
        let mut problems = Problems::new(&limits);
        let outline = match layout::scan(&bytes, &limits, &mut problems) {
            Ok(body) => body.outline,
            Err(problem) => return Err(BodyError::OutsideProfile(problem)),
        };
        match problems.into_found().into_iter().next() {
            None => Ok(Self { bytes, outline }),
            Some(problem) => Err(BodyError::OutsideProfile(problem)),
        }
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds the tail with room for the CMS.
    ///
    /// # Errors
    ///
    /// Fails if the time cannot be written as a date.
    pub fn tail(self, token: &[u8], room: Room, entries: &TailEntries<'_>) -> Result<Unsigned, TailError> {
        let Self { bytes: mut pdf, outline } = self;
        let tail = Tail::write(&outline, token, &[], room, entries)?;
        let at = |place: usize| outline.end.saturating_add(place);
        let contents = at(tail.contents.start)..at(tail.contents.end);
        pdf.extend_from_slice(&tail.bytes);
        Ok(Unsigned { pdf, contents, room })
    }
}

/// A letter that is complete except for the CMS in `/Contents`.
#[derive(Clone, Debug)]
pub struct Unsigned {
    pdf: Vec<u8>,
    /// The place of the string `/Contents`, with its angle brackets.
    contents: Range<usize>,
    room: Room,
}

impl Unsigned {
    /// The bytes that the signature covers, in order: everything except `/Contents` with its angle
    /// brackets.
    pub fn signed_ranges(&self) -> [&[u8]; 2] {
        [&self.pdf[..self.contents.start], &self.pdf[self.contents.end..]]
    }

    /// Completes the letter with the CMS.
    ///
    /// # Errors
    ///
    /// Fails if the CMS is longer than the room for it.
    pub fn finish(self, cms: &[u8]) -> Result<Vec<u8>, TailError> {
        let Self { mut pdf, contents, room } = self;
        pdf[contents].copy_from_slice(crate::tail::contents(cms, room)?.as_bytes());
        Ok(pdf)
    }
}

/// The reason why composed pages cannot become the body of a letter.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The pages cannot be read, or lack a part that every PDF has.
    #[error("the pages are not a well-formed PDF")]
    Malformed(#[from] lopdf::Error),
    /// The pages are encrypted, which PDF/A forbids (ISO 19005-3 clause 6.1.3).
    #[error("the pages are encrypted")]
    Encrypted,
    /// There is no page for the signature field.
    #[error("the PDF has no page")]
    NoPage,
    /// The catalog or the first page already has an entry that the body gets.
    #[error("the PDF already has /{entry}, which the signature or the attachment needs")]
    AlreadyPresent {
        /// The name of the entry, without its solidus.
        entry: &'static str,
    },
    /// The body breaks the profile of letters.
    #[error("the body breaks the profile of letters: {0}")]
    OutsideProfile(Problem),
}

/// The objects of the composed pages, while they are changed.
struct Pages {
    document: Document,
    first_page: ObjectId,
}

impl Pages {
    fn parse(bytes: &[u8]) -> Result<Self, BodyError> {
        let options = LoadOptions { strict: true, ..LoadOptions::default() };
        let mut document = Document::load_mem_with_options(bytes, options)?;
        if document.trailer.has(b"Encrypt") {
            return Err(BodyError::Encrypted);
        }
        let catalog = document.catalog()?;
        if let Some(entry) = RESERVED_CATALOG_ENTRIES.into_iter().find(|entry| catalog.has(entry.as_bytes())) {
            return Err(BodyError::AlreadyPresent { entry });
        }
        let [information, catalog] = [b"Info".as_slice(), b"Root"].map(|key| document.trailer.get(key).cloned());
        document.trailer = dictionary! { "Info" => information?, "Root" => catalog? };
        tidy::tidy(&mut document)?;
        document.prune_objects();
        for key in ["Info", "Root"] {
            let object = document.trailer.get(key.as_bytes())?.as_reference()?;
            let object = document.objects.remove(&object).ok_or(lopdf::Error::ObjectNotFound(object))?;
            let last = document.try_add_object(object)?;
            document.trailer.set(key, last);
        }
        document.renumber_objects();
        let first_page = document.page_iter().next().ok_or(BodyError::NoPage)?;
        Ok(Self { document, first_page })
    }

    /// Removes operators that repeat the current state.
    fn shorten_contents(&mut self) -> Result<(), BodyError> {
        for page in self.document.get_pages().into_values() {
            for content in self.document.get_page_contents(page) {
                let stream = self.document.get_object_mut(content)?.as_stream_mut()?;
                if let Some(content) = content::concise(&stream.get_plain_content()?) {
                    stream.set_plain_content(content);
                    stream.compress()?;
                }
            }
        }
        Ok(())
    }

    /// Shortens the structure elements (ISO 32000-2 table 355): removes their type, which is
    /// optional, and the brackets around a single kid.
    fn shorten_structure(&mut self) {
        let elements = self.document.objects.values_mut().filter_map(|object| object.as_dict_mut().ok());
        for element in elements.filter(|element| element.has_type(b"StructElem")) {
            element.remove(b"Type");
            if let Ok([kid]) = element.get(b"K").and_then(Object::as_array).map(Vec::as_slice) {
                let kid = kid.clone();
                element.set("K", kid);
            }
        }
    }

    /// Adds the signature field to the annotations of the first page.
    fn refer_to_field(&mut self) -> Result<(), BodyError> {
        let field = Object::Reference((self.document.max_id + 3, 0));
        let page = self.document.get_dictionary_mut(self.first_page)?;
        if page.has(b"Annots") {
            return Err(BodyError::AlreadyPresent { entry: "Annots" });
        }
        page.set("Annots", vec![field]);
        Ok(())
    }

    /// Writes the header and the objects, and adds the references to the tail to the catalog.
    fn write(mut self) -> Result<Vec<u8>, BodyError> {
        self.document.version = "1.7".into();
        self.document.binary_mark = HEADER[b"%PDF-1.7\n%".len()..HEADER.len() - 1].to_vec();
        self.document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
        let catalog = self.document.max_id as usize;
        let mut pdf = Vec::new();
        self.document.save_to(&mut pdf).map_err(lopdf::Error::from)?;
        // The catalog is the last object; the table comes after it.
        let end = b">>\nendobj\n";
        let table = memmem::rfind(&pdf, b"\nxref\n").map_or(pdf.len(), |place| place + 1);
        pdf.truncate(table - end.len());
        pdf.extend_from_slice(catalog_entries(catalog).as_bytes());
        pdf.extend_from_slice(end);
        Ok(pdf)
    }
}

#[cfg(test)]
mod tests {
    use cqm_core::UnixTime;
    use lopdf::{Stream, text_string};

    use super::*;
    use crate::letter::{Inspection, inspect};

    const TOKEN: &[u8] = b"eyJ.e30.c2ln";

    // Strings that look like what a reader searches for.
    const ENTRIES: TailEntries<'_> = TailEntries {
        body_sha256: [7; 32],
        issued_at: UnixTime::new(1_683_331_200),
        signatory: "Zoë /Contents<00> stream",
    };

    /// Two pages, with a hole in their object numbers and an object that nothing refers to.
    fn pages() -> Document {
        let mut document = Document::with_version("1.7");
        let pages = document.new_object_id();
        let content = document.add_object(Stream::new(dictionary! {}, b"BT ET /Contents<0000>".to_vec()));
        document.add_object("unreachable");
        let kids = (0..2)
            .map(|_| {
                let page = dictionary! {
                    "Type" => "Page",
                    "Parent" => pages,
                    "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
                    "Resources" => dictionary! {},
                    "Contents" => content,
                };
                document.add_object(page).into()
            })
            .collect::<Vec<Object>>();
        document.set_object(pages, dictionary! { "Type" => "Pages", "Count" => 2, "Kids" => kids });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        let information = document.add_object(dictionary! { "Title" => text_string("A letter") });
        document.trailer = dictionary! { "Root" => catalog, "Info" => information };
        document
    }

    fn bytes(mut document: Document) -> Vec<u8> {
        document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn parse(pdf: &[u8]) -> Document {
        Document::load_mem_with_options(pdf, LoadOptions { strict: true, ..LoadOptions::default() }).unwrap()
    }

    fn unsigned() -> Unsigned {
        Body::new(&bytes(pages())).unwrap().tail(TOKEN, Room::for_cms(1025).unwrap(), &ENTRIES).unwrap()
    }

    #[test]
    fn the_letter_follows_the_profile() {
        let body = Body::new(&bytes(pages())).unwrap();
        let unsigned = unsigned();
        let [before, after] = unsigned.signed_ranges().map(<[u8]>::to_vec);
        let cms = [0x30, 0x03, 0xab, 0xcd, 0xef];
        let pdf = unsigned.finish(&cms).unwrap();
        let gap = format!("<3003abcdef{}>", "0".repeat(2 * 2048 - 10));
        assert_eq!(pdf, [&before[..], gap.as_bytes(), &after].concat());

        let Inspection { parts, title, .. } = inspect(&pdf, &Limits::default());
        let parts = parts.unwrap();
        assert_eq!((parts.body(), parts.token(), parts.cms()), (body.bytes(), TOKEN, &cms[..]));
        assert_eq!([&[parts.body()][..], &parts.signed_tail(pdf.len())].concat().concat(), [before, after].concat());
        assert_eq!(title.as_deref(), Some("A letter"));
        let comparison = parts.compare(&ENTRIES);
        assert_eq!((comparison.problem, comparison.end), (None, pdf.len()));
    }

    #[test]
    fn another_reader_finds_the_same() {
        let unsigned = unsigned();
        let [before, after] = unsigned.signed_ranges().map(<[u8]>::to_vec);
        let document = parse(&unsigned.finish(&[]).unwrap());
        assert_eq!(
            document.objects.keys().copied().collect::<Vec<_>>(),
            (1..=10).map(|id| (id, 0)).collect::<Vec<_>>()
        );
        assert_eq!(document.trailer.get(b"Root").unwrap(), &Object::Reference((6, 0)));
        assert_eq!(document.trailer.get(b"Info").unwrap(), &Object::Reference((5, 0)));

        let catalog = document.catalog().unwrap();
        let page = document.page_iter().next().unwrap();
        let form = document.get_dict_in_dict(catalog, b"AcroForm").unwrap();
        let fields = form.get(b"Fields").unwrap();
        assert_eq!(document.get_dictionary(page).unwrap().get(b"Annots").unwrap(), fields);
        let field = document.get_dictionary(fields.as_array().unwrap()[0].as_reference().unwrap()).unwrap();
        let permissions = document.get_dict_in_dict(catalog, b"Perms").unwrap();
        assert_eq!(field.get(b"V").unwrap(), permissions.get(b"DocMDP").unwrap());

        let signature = document.get_dict_in_dict(permissions, b"DocMDP").unwrap();
        assert_eq!(signature.get(b"M").unwrap().as_str().unwrap(), b"D:20230506000000Z");
        assert_eq!(lopdf::decode_text_string(signature.get(b"Name").unwrap()).unwrap(), ENTRIES.signatory);
        let range = [0, before.len(), before.len() + 2 * 2048 + 2, after.len()];
        let range = range.map(|offset| i64::try_from(offset).unwrap().into());
        assert_eq!(signature.get(b"ByteRange").unwrap(), &Object::Array(range.to_vec()));

        let files = document.get_dict_in_dict(catalog, b"Names").unwrap();
        let files = document.get_dict_in_dict(files, b"EmbeddedFiles").unwrap().get(b"Names").unwrap();
        let associated = catalog.get(b"AF").unwrap().as_array().unwrap();
        assert_eq!(files.as_array().unwrap(), &[text_string("certificate.jwt"), associated[0].clone()]);
        let specification = document.get_dictionary(associated[0].as_reference().unwrap()).unwrap();
        let file = document.get_dict_in_dict(specification, b"EF").unwrap().get(b"UF").unwrap();
        let file = document.get_object(file.as_reference().unwrap()).unwrap().as_stream().unwrap();
        assert_eq!(file.content, TOKEN);
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        assert_eq!(unsigned().finish(b"cms").unwrap(), unsigned().finish(b"cms").unwrap());
    }

    #[test]
    fn a_cms_fits_or_is_refused() {
        assert!(unsigned().finish(&[1; 2048]).is_ok());
        let error = unsigned().finish(&[1; 2049]).unwrap_err();
        assert_eq!(error, TailError::ContentsTooSmall { needed: 2049, room: 2048 });
    }

    #[test]
    fn files_that_are_not_composed_pages_are_refused() {
        let refused = |change: &dyn Fn(&mut Document)| {
            let mut document = pages();
            change(&mut document);
            Body::new(&bytes(document)).err().map(|error| error.to_string())
        };
        assert_eq!(refused(&|_| ()), None);
        for entry in RESERVED_CATALOG_ENTRIES {
            let error = refused(&|document| document.catalog_mut().unwrap().set(entry, dictionary! {}));
            assert_eq!(error, Some(BodyError::AlreadyPresent { entry }.to_string()));
        }
        let annotated = refused(&|document| {
            let page = document.page_iter().next().unwrap();
            document.get_dictionary_mut(page).unwrap().set("Annots", Vec::<Object>::new());
        });
        assert_eq!(annotated, Some(BodyError::AlreadyPresent { entry: "Annots" }.to_string()));
        let signed = unsigned().finish(&[]).unwrap();
        assert!(matches!(Body::new(&signed), Err(BodyError::AlreadyPresent { .. })));

        assert!(refused(&|document| drop(document.trailer.remove(b"Info"))).is_some());
        let active = refused(&|document| document.catalog_mut().unwrap().set("OpenAction", dictionary! {}));
        assert!(active.unwrap().contains("/OpenAction"));
        let no_page = refused(&|document| {
            let pages = document.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
            document.get_dictionary_mut(pages).unwrap().set("Kids", Vec::<Object>::new());
        });
        assert_eq!(no_page, Some(BodyError::NoPage.to_string()));
        for no_pdf in [b"".as_slice(), b"%PDF-1.7", TOKEN, &bytes(pages())[..200]] {
            assert!(matches!(Body::new(no_pdf), Err(BodyError::Malformed(_))));
        }
    }
}
