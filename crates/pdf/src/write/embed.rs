//! Adds an attachment and a signature dictionary to a letter, and returns the bytes to sign.
//!
//! The letter is rewritten as one revision with a cross-reference table. The signature dictionary
//! is its last object, and `/Contents` is the last entry in it, so that every byte except those of
//! the CMS is final before the CMS exists.

use cqm_core::UnixTime;
use jiff::Timestamp;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream, StringFormat, dictionary, text_string};
use memchr::memmem;

use super::{content, tidy};

/// The flags of the widget annotation: it is printed, and viewers must not move or delete it
/// (`Print | Locked`, ISO 32000-2 table 167).
const WIDGET_FLAGS: i64 = 4 | 128;

/// The flags of the form: the document has signatures, and may only be appended to
/// (`SignaturesExist | AppendOnly`, ISO 32000-2 table 225).
const SIGNATURE_FLAGS: i64 = 1 | 2;

/// The placeholder of an offset in `/ByteRange`, as wide as the widest offset of a cross-reference
/// table.
const OFFSET_PLACEHOLDER: i64 = 9_999_999_999;

/// The entries that the embedder adds. A letter that already has one was not made to be embedded
/// into.
const RESERVED_CATALOG_ENTRIES: [&str; 6] = ["AF", "AcroForm", "Collection", "Extensions", "Names", "Perms"];

/// The entries of the signature dictionary (ISO 32000-2 table 255, ETSI EN 319 142-1 clause 5.3).
#[derive(Clone, Copy, Debug)]
pub struct SignatureEntries<'a> {
    /// The claimed time of signing, `/M`.
    pub signing_time: UnixTime,
    /// The name of the signer, `/Name`.
    pub name: &'a str,
    /// The reason for signing, `/Reason`.
    pub reason: &'a str,
    /// The place of signing, `/Location`.
    pub location: Option<&'a str>,
    /// The room for the CMS in `/Contents`, in bytes.
    pub contents_len: usize,
}

/// The file to attach to the letter (ISO 32000-2 clause 7.11.4). It is associated with the document
/// as ISO 19005-3 clause 6.8 requires.
#[derive(Clone, Copy, Debug)]
pub struct Attachment<'a> {
    /// The file name that viewers show, for instance `certificate.jwt`.
    pub name: &'a str,
    /// A description for people.
    pub description: &'a str,
    /// The media type, for instance `application/jwt`.
    pub media_type: &'a str,
    /// The contents of the file.
    pub bytes: &'a [u8],
    /// The time of the last change.
    pub modified: UnixTime,
}

/// Writes the attachment and a certifying signature field into a letter, in one revision.
///
/// The same input gives the same bytes. The letter must be a PDF that this project composed, with a
/// file identifier and without forms or attachments. Other files are not supported.
///
/// ```
/// use cqm_core::UnixTime;
/// use cqm_pdf::{Attachment, EmbedError, SignatureEntries, TOKEN_NAME, embed};
///
/// let attachment = Attachment {
///     name: TOKEN_NAME,
///     description: "The certificate token",
///     media_type: "application/jwt",
///     bytes: b"eyJ.e30.c2ln",
///     modified: UnixTime::new(1_683_331_200),
/// };
/// let signature = SignatureEntries {
///     signing_time: attachment.modified,
///     name: "Program Office",
///     reason: "CQM certificate",
///     location: None,
///     contents_len: 4096,
/// };
/// let error = embed(b"not a PDF", &attachment, &signature).unwrap_err();
/// assert!(matches!(error, EmbedError::Malformed(_)));
/// // For a letter: sign the bytes of `signed_ranges()`, and pass the CMS to `finish()`.
/// ```
///
/// # Errors
///
/// Fails if the letter is not a PDF, is encrypted, lacks a page, a catalog or a file identifier, or
/// already has an entry that the embedder adds; also if a time cannot be written as a date.
pub fn embed(
    letter: &[u8],
    attachment: &Attachment<'_>,
    signature: &SignatureEntries<'_>,
) -> Result<Unsigned, EmbedError> {
    let mut letter = Letter::parse(letter)?;
    letter.shorten_contents()?;
    letter.shorten_structure();
    letter.attach(attachment)?;
    letter.prepare_signature(signature)?;
    letter.write(signature.contents_len)
}

/// A PDF that is complete except for the CMS in `/Contents`.
#[derive(Clone, Debug)]
pub struct Unsigned {
    before_contents: Vec<u8>,
    contents_len: usize,
    after_contents: Vec<u8>,
}

impl Unsigned {
    /// The bytes that the signature covers, in order: everything except `/Contents` with its angle
    /// brackets.
    pub fn signed_ranges(&self) -> [&[u8]; 2] {
        [&self.before_contents, &self.after_contents]
    }

    /// Completes the PDF with the CMS, in lower-case hexadecimal digits and padded with zeros.
    ///
    /// # Errors
    ///
    /// Fails if the CMS is longer than the room for it.
    pub fn finish(self, cms: &[u8]) -> Result<Vec<u8>, EmbedError> {
        let Some(padding) = self.contents_len.checked_sub(cms.len()) else {
            return Err(EmbedError::ContentsTooSmall { needed: cms.len(), room: self.contents_len });
        };
        let mut pdf = self.before_contents;
        pdf.reserve_exact(2 * self.contents_len + 2 + self.after_contents.len());
        pdf.push(b'<');
        pdf.extend_from_slice(base16ct::lower::encode_string(cms).as_bytes());
        pdf.resize(pdf.len() + 2 * padding, b'0');
        pdf.push(b'>');
        pdf.extend_from_slice(&self.after_contents);
        Ok(pdf)
    }
}

/// The reason why a letter cannot be prepared for its signature.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// The letter cannot be read, or lacks a part that every PDF has.
    #[error("the letter is not a well-formed PDF")]
    Malformed(#[from] lopdf::Error),
    /// The letter is encrypted, which PDF/A forbids (ISO 19005-3 clause 6.1.3).
    #[error("the letter is encrypted")]
    Encrypted,
    /// The letter has no page for the signature field.
    #[error("the letter has no page")]
    NoPage,
    /// The trailer has no `/ID`, which PDF/A requires (ISO 19005-3 clause 6.1.3).
    #[error("the letter's trailer has no file identifier /ID")]
    NoFileIdentifier,
    /// The letter's catalog has an entry that the embedder would have to replace.
    #[error("the letter's catalog already has /{entry}, which the signature or the attachment needs")]
    AlreadyPresent {
        /// The name of the entry, without its solidus.
        entry: &'static str,
    },
    /// The time is before 1970, or later than a PDF date can state.
    #[error("the time {time} cannot be written as a date in a PDF")]
    TimeOutOfRange {
        /// The time to be written.
        time: UnixTime,
    },
    /// The CMS does not fit into `/Contents`.
    #[error("the CMS has {needed} bytes, but /Contents has room for {room}")]
    ContentsTooSmall {
        /// The length of the CMS in bytes.
        needed: usize,
        /// The room for it in bytes.
        room: usize,
    },
    /// The written file has no place for the signature. This is a bug in the embedder.
    #[error("the written PDF does not end with the signature dictionary that was put there")]
    PlaceholderLost,
}

/// The objects of the letter, while they are changed.
struct Letter {
    document: Document,
    first_page: ObjectId,
}

impl Letter {
    fn parse(bytes: &[u8]) -> Result<Self, EmbedError> {
        let options = LoadOptions { strict: true, ..LoadOptions::default() };
        let mut document = Document::load_mem_with_options(bytes, options)?;
        if document.trailer.has(b"Encrypt") {
            return Err(EmbedError::Encrypted);
        }
        let catalog = document.catalog()?;
        if let Some(entry) = RESERVED_CATALOG_ENTRIES.into_iter().find(|entry| catalog.has(entry.as_bytes())) {
            return Err(EmbedError::AlreadyPresent { entry });
        }
        document.trailer = file_trailer(&document.trailer)?;
        tidy::tidy(&mut document)?;
        // The profile requires consecutive object numbers, and a reference to every object.
        document.prune_objects();
        document.renumber_objects();
        let first_page = document.page_iter().next().ok_or(EmbedError::NoPage)?;
        Ok(Self { document, first_page })
    }

    /// Removes operators that repeat the current state.
    fn shorten_contents(&mut self) -> Result<(), EmbedError> {
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

    /// Adds the attachment as an associated file of the whole document.
    fn attach(&mut self, attachment: &Attachment<'_>) -> Result<(), EmbedError> {
        let mut file = Stream::new(
            dictionary! { "Type" => "EmbeddedFile", "Subtype" => attachment.media_type },
            attachment.bytes.to_vec(),
        );
        let size = file.dict.get(b"Length")?.clone();
        file.dict.set("Params", dictionary! { "Size" => size, "ModDate" => date(attachment.modified)? });
        let file = self.document.try_add_object(file)?;
        let specification = self.document.try_add_object(dictionary! {
            "Type" => "Filespec",
            "F" => text_string(attachment.name),
            "UF" => text_string(attachment.name),
            "Desc" => text_string(attachment.description),
            "AFRelationship" => "Data",
            "EF" => dictionary! { "F" => file, "UF" => file },
        })?;
        let catalog = self.document.catalog_mut()?;
        catalog.set("AF", vec![specification.into()]);
        catalog.set(
            "Names",
            dictionary! {
                "EmbeddedFiles" => dictionary! {
                    "Names" => vec![text_string(attachment.name), specification.into()],
                },
            },
        );
        Ok(())
    }

    /// Adds the invisible signature field and, as the last object, the signature dictionary with
    /// empty `/Contents`.
    fn prepare_signature(&mut self, entries: &SignatureEntries<'_>) -> Result<(), EmbedError> {
        let field = self.document.try_new_object_id()?;
        let signature = self.document.try_add_object(signature_dictionary(entries)?)?;
        self.document.set_object(
            field,
            dictionary! {
                "Type" => "Annot",
                "Subtype" => "Widget",
                "FT" => "Sig",
                "T" => text_string("Signature"),
                "F" => WIDGET_FLAGS,
                "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
                "P" => self.first_page,
                "V" => signature,
            },
        );
        let page = self.document.get_dictionary_mut(self.first_page)?;
        match page.get_mut(b"Annots") {
            Ok(annotations) => annotations.as_array_mut()?.push(field.into()),
            Err(_) => page.set("Annots", vec![field.into()]),
        }
        let catalog = self.document.catalog_mut()?;
        catalog.set("AcroForm", dictionary! { "Fields" => vec![field.into()], "SigFlags" => SIGNATURE_FLAGS });
        catalog.set("Perms", dictionary! { "DocMDP" => signature });
        // ETSI EN 319 142-1 clause 5.6: how a PDF 1.7 declares the SubFilter of PAdES.
        catalog
            .set("Extensions", dictionary! { "ESIC" => dictionary! { "BaseVersion" => "1.7", "ExtensionLevel" => 2 } });
        Ok(())
    }

    /// Writes the file and splits it at `/Contents`.
    fn write(mut self, contents_len: usize) -> Result<Unsigned, EmbedError> {
        self.document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
        let mut pdf = Vec::new();
        self.document.save_to(&mut pdf).map_err(lopdf::Error::from)?;
        pdf.push(b'\n');

        let contents = memmem::rfind(&pdf, b"/Contents<").ok_or(EmbedError::PlaceholderLost)?;
        let mut gap = pdf.split_off(contents + b"/Contents".len());
        let gap_len = 2 * contents_len + 2;
        if gap.get(gap_len - 1) != Some(&b'>') {
            return Err(EmbedError::PlaceholderLost);
        }
        let after_contents = gap.split_off(gap_len);
        let mut before_contents = pdf;
        let range =
            format!("[0 {} {} {}", before_contents.len(), before_contents.len() + gap_len, after_contents.len());
        fill(&mut before_contents, &range)?;
        Ok(Unsigned { before_contents, contents_len, after_contents })
    }
}

/// The trailer of a file with one revision, without entries of a cross-reference stream or an
/// earlier revision.
fn file_trailer(trailer: &Dictionary) -> Result<Dictionary, EmbedError> {
    let identifier = trailer.get(b"ID").map_err(|_| EmbedError::NoFileIdentifier)?;
    let mut kept = dictionary! { "Root" => trailer.get(b"Root")?.clone() };
    if let Ok(info) = trailer.get(b"Info") {
        kept.set("Info", info.clone());
    }
    kept.set("ID", identifier.clone());
    Ok(kept)
}

/// The signature dictionary, with placeholders in `/ByteRange` and `/Contents` as its last entries.
fn signature_dictionary(entries: &SignatureEntries<'_>) -> Result<Dictionary, EmbedError> {
    let mut signature = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "M" => date(entries.signing_time)?,
        "Name" => text_string(entries.name),
        "Reason" => text_string(entries.reason),
    };
    if let Some(location) = entries.location {
        signature.set("Location", text_string(location));
    }
    // ISO 32000-2 clause 12.8.2.2: P 1 permits no change at all.
    signature.set(
        "Reference",
        vec![
            dictionary! {
                "Type" => "SigRef",
                "TransformMethod" => "DocMDP",
                "TransformParams" => dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" },
            }
            .into(),
        ],
    );
    let offset = Object::Integer(OFFSET_PLACEHOLDER);
    signature.set("ByteRange", vec![0.into(), offset.clone(), offset.clone(), offset]);
    signature.set("Contents", Object::String(vec![0; entries.contents_len], StringFormat::Hexadecimal));
    Ok(signature)
}

/// Writes `range` over the last placeholder of `/ByteRange` in `pdf`, padded with spaces.
fn fill(pdf: &mut [u8], range: &str) -> Result<(), EmbedError> {
    let placeholder = format!("[0 {OFFSET_PLACEHOLDER} {OFFSET_PLACEHOLDER} {OFFSET_PLACEHOLDER}");
    let at = memmem::rfind(pdf, placeholder.as_bytes()).ok_or(EmbedError::PlaceholderLost)?;
    let place = pdf.get_mut(at..at + placeholder.len()).ok_or(EmbedError::PlaceholderLost)?;
    let width = placeholder.len();
    place.copy_from_slice(format!("{range:width$}").as_bytes());
    Ok(())
}

/// A date string (ISO 32000-2 clause 7.9.4), in UTC.
fn date(time: UnixTime) -> Result<Object, EmbedError> {
    let timestamp = Timestamp::from_second(time.seconds())
        .ok()
        .filter(|timestamp| timestamp.as_second() >= 0)
        .ok_or(EmbedError::TimeOutOfRange { time })?;
    Ok(text_string(&timestamp.strftime("D:%Y%m%d%H%M%SZ").to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTACHMENT: Attachment<'_> = Attachment {
        name: "certificate.jwt",
        description: "The certificate token",
        media_type: "application/jwt",
        bytes: b"eyJ.e30.c2ln",
        modified: UnixTime::new(1_683_331_200),
    };

    // Strings that look like the placeholders that the embedder searches for.
    const SIGNATURE: SignatureEntries<'_> = SignatureEntries {
        signing_time: UnixTime::new(1_683_331_200),
        name: "Zoë /Contents<00>",
        reason: "CQM certificate /ByteRange[0 9999999999 9999999999 9999999999]/Contents<0000>",
        location: Some("(Porto"),
        contents_len: 64,
    };

    /// A letter of two pages, with a hole in its object numbers and an object that nothing refers
    /// to.
    fn letter() -> Document {
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
        let identifier = Object::string_literal("letter");
        document.trailer = dictionary! { "Root" => catalog, "ID" => vec![identifier.clone(), identifier] };
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

    #[test]
    fn the_signed_letter_follows_the_profile() {
        let unsigned = embed(&bytes(letter()), &ATTACHMENT, &SIGNATURE).unwrap();
        let [before, after] = unsigned.signed_ranges().map(<[u8]>::to_vec);
        let pdf = unsigned.finish(&[0x30, 0x03, 0xab, 0xcd, 0xef]).unwrap();

        let gap = format!("<3003abcdef{}>", "0".repeat(2 * 64 - 10));
        assert_eq!(pdf, [&before[..], gap.as_bytes(), &after].concat());

        let document = parse(&pdf);
        assert_eq!(document.objects.keys().copied().collect::<Vec<_>>(), (1..=9).map(|id| (id, 0)).collect::<Vec<_>>());
        assert!(!document.trailer.has(b"Prev"));
        assert_eq!(document.trailer.get(b"ID").unwrap(), letter().trailer.get(b"ID").unwrap());
        assert!(pdf.ends_with(b"\n%%EOF\n"));

        let catalog = document.catalog().unwrap();
        let page = document.page_iter().next().unwrap();
        let form = document.get_dict_in_dict(catalog, b"AcroForm").unwrap();
        let permissions = document.get_dict_in_dict(catalog, b"Perms").unwrap();
        let fields = form.get(b"Fields").unwrap();
        assert_eq!(form.get(b"SigFlags").unwrap(), &Object::Integer(3));
        assert_eq!(document.get_dictionary(page).unwrap().get(b"Annots").unwrap(), fields);

        let field = document.get_dictionary(fields.as_array().unwrap()[0].as_reference().unwrap()).unwrap();
        assert_eq!(field.get(b"P").unwrap(), &Object::Reference(page));
        assert_eq!(field.get(b"V").unwrap(), permissions.get(b"DocMDP").unwrap());
        assert_eq!(field.get(b"F").unwrap(), &Object::Integer(132));

        let signature = document.get_dict_in_dict(permissions, b"DocMDP").unwrap();
        assert_eq!(signature.get(b"M").unwrap().as_str().unwrap(), b"D:20230506000000Z");
        assert_eq!(lopdf::decode_text_string(signature.get(b"Name").unwrap()).unwrap(), SIGNATURE.name);
        assert_eq!(lopdf::decode_text_string(signature.get(b"Location").unwrap()).unwrap(), "(Porto");
        let range = [0, before.len(), before.len() + gap.len(), after.len()];
        assert_eq!(
            signature.get(b"ByteRange").unwrap(),
            &Object::Array(range.map(|offset| i64::try_from(offset).unwrap().into()).to_vec()),
        );
        let reference = signature.get(b"Reference").unwrap().as_array().unwrap()[0].as_dict().unwrap();
        assert_eq!(reference.get(b"TransformMethod").unwrap(), &Object::from("DocMDP"));
        assert_eq!(
            reference.get(b"TransformParams").unwrap().as_dict().unwrap(),
            &dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" },
        );
    }

    #[test]
    fn the_attachment_is_associated_with_the_document() {
        let pdf = embed(&bytes(letter()), &ATTACHMENT, &SIGNATURE).unwrap().finish(&[]).unwrap();
        let document = parse(&pdf);
        let catalog = document.catalog().unwrap();
        let associated = catalog.get(b"AF").unwrap().as_array().unwrap();
        let names = document.get_dict_in_dict(catalog, b"Names").unwrap();
        let tree = document.get_dict_in_dict(names, b"EmbeddedFiles").unwrap().get(b"Names").unwrap();
        assert_eq!(tree.as_array().unwrap(), &[text_string("certificate.jwt"), associated[0].clone()]);

        let specification = document.get_dictionary(associated[0].as_reference().unwrap()).unwrap();
        assert_eq!(specification.get(b"AFRelationship").unwrap(), &Object::from("Data"));
        let file = document.get_dict_in_dict(specification, b"EF").unwrap().get(b"UF").unwrap();
        let file = document.get_object(file.as_reference().unwrap()).unwrap().as_stream().unwrap();
        assert_eq!(file.content, ATTACHMENT.bytes);
        assert_eq!(file.dict.get(b"Subtype").unwrap(), &Object::from("application/jwt"));
        assert_eq!(
            file.dict.get(b"Params").unwrap().as_dict().unwrap(),
            &dictionary! { "Size" => 12, "ModDate" => text_string("D:20230506000000Z") },
        );
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let [one, other] = [(); 2].map(|()| embed(&bytes(letter()), &ATTACHMENT, &SIGNATURE).unwrap());
        assert_eq!(one.finish(b"cms").unwrap(), other.finish(b"cms").unwrap());
    }

    #[test]
    fn a_cms_fits_or_is_refused() {
        let unsigned = embed(&bytes(letter()), &ATTACHMENT, &SIGNATURE).unwrap();
        assert!(unsigned.clone().finish(&[1; 64]).is_ok());
        assert!(matches!(unsigned.finish(&[1; 65]), Err(EmbedError::ContentsTooSmall { needed: 65, room: 64 })));
    }

    #[test]
    fn annotations_of_the_first_page_are_kept() {
        let mut document = letter();
        let link = document.add_object(dictionary! { "Type" => "Annot", "Subtype" => "Link" });
        let page = document.page_iter().next().unwrap();
        document.get_dictionary_mut(page).unwrap().set("Annots", vec![link.into()]);
        let document = parse(&embed(&bytes(document), &ATTACHMENT, &SIGNATURE).unwrap().finish(&[]).unwrap());
        let page = document.page_iter().next().unwrap();
        let annotations = document.get_dictionary(page).unwrap().get(b"Annots").unwrap().as_array().unwrap();
        let subtypes = annotations
            .iter()
            .map(|annotation| document.get_dictionary(annotation.as_reference().unwrap()).unwrap())
            .map(|annotation| annotation.get(b"Subtype").unwrap().as_name().unwrap())
            .collect::<Vec<_>>();
        assert_eq!(subtypes, [b"Link".as_slice(), b"Widget"]);
    }

    #[test]
    fn files_that_are_not_letters_are_refused() {
        let refused = |change: fn(&mut Document)| {
            let mut document = letter();
            change(&mut document);
            embed(&bytes(document), &ATTACHMENT, &SIGNATURE).err().map(|error| error.to_string())
        };
        assert_eq!(refused(|_| ()), None);
        for entry in RESERVED_CATALOG_ENTRIES {
            let mut document = letter();
            document.catalog_mut().unwrap().set(entry, dictionary! {});
            let error = embed(&bytes(document), &ATTACHMENT, &SIGNATURE).unwrap_err();
            assert!(matches!(error, EmbedError::AlreadyPresent { entry: found } if found == entry));
        }
        let signed = embed(&bytes(letter()), &ATTACHMENT, &SIGNATURE).unwrap().finish(&[]).unwrap();
        assert!(matches!(embed(&signed, &ATTACHMENT, &SIGNATURE), Err(EmbedError::AlreadyPresent { .. })));

        let no_identifier = refused(|document| drop(document.trailer.remove(b"ID")));
        assert_eq!(no_identifier.unwrap(), EmbedError::NoFileIdentifier.to_string());
        let no_page = refused(|document| {
            let pages = document.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
            document.get_dictionary_mut(pages).unwrap().set("Kids", Vec::<Object>::new());
        });
        assert_eq!(no_page.unwrap(), EmbedError::NoPage.to_string());
        for no_pdf in [b"".as_slice(), b"%PDF-1.7", b"eyJ.e30.c2ln", &bytes(letter())[..200]] {
            assert!(matches!(embed(no_pdf, &ATTACHMENT, &SIGNATURE), Err(EmbedError::Malformed(_))));
        }
    }

    #[test]
    fn a_time_without_a_calendar_day_is_refused() {
        for (seconds, accepted) in [(0, true), (-1, false), (i64::MAX, false)] {
            let entries = SignatureEntries { signing_time: UnixTime::new(seconds), ..SIGNATURE };
            assert_eq!(embed(&bytes(letter()), &ATTACHMENT, &entries).is_ok(), accepted);
        }
    }
}
