//! A handmade letter in miniature, into which a test can put one fault.

use cqm_core::UnixTime;
use cqm_pdf::TailEntries;

/// The objects of a body by number, from 1, those of the tail, and the parts of the file around
/// them. `@1 0 R` is a reference to the first object of the tail.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) objects: Vec<Vec<u8>>,
    pub(crate) tail: [Vec<u8>; 4],
    pub(crate) header: Vec<u8>,
    /// More entries of the trailer.
    pub(crate) trailer: String,
    pub(crate) end: String,
}

pub(crate) const PROFILE: usize = 1;
pub(crate) const PAGES: usize = 2;
pub(crate) const PAGE: usize = 3;
pub(crate) const CONTENT: usize = 4;
pub(crate) const RESOURCES: usize = 5;
pub(crate) const FONT: usize = 6;
pub(crate) const CID_FONT: usize = 7;
pub(crate) const TO_UNICODE: usize = 9;
/// The number of the first object that [`Letter::add`] adds.
pub(crate) const ADDED: usize = 11;
pub(crate) const CATALOG: usize = 12;

/// The place of `/ByteRange` in the miniature letter before its offsets are known.
const BYTE_RANGE: &[u8] = b"[0 1111111111 1111111111 1111111111]";

/// The token of the miniature letter.
pub(crate) const TOKEN: &str = "eyJ.e30.c2ln";

/// What the tail of the miniature letter repeats.
pub(crate) const ENTRIES: TailEntries<'_> =
    TailEntries { body_sha256: [0xab; 32], issued_at: UnixTime::new(1_683_331_200), signatory: "PO" };

/// Text in the encoding of the miniature font: the code of a glyph is its character.
pub(crate) fn glyphs(text: &str) -> String {
    let codes: String = text.bytes().map(|byte| format!("{byte:04x}")).collect();
    format!("<{codes}>")
}

/// Text in black at a place on the page.
pub(crate) fn show(x: u32, y: u32, text: &str) -> String {
    format!("BT 0 Tr /f0 12 Tf 1 0 0 1 {x} {y} Tm {} Tj ET\n", glyphs(text))
}

pub(crate) fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

/// A map in the form of letters: glyphs 32 to 126 are ASCII, 256 is "fi", the others are Latin
/// letters with accents.
pub(crate) fn to_unicode() -> String {
    let characters = |code: u32| match code {
        0x20..=0x7e => format!("<{code:04x}>"),
        0x100 => "<00660069>".into(),
        _ => format!("<{:04x}>", 0x100 + code),
    };
    let list = |codes: std::ops::RangeInclusive<u32>| codes.map(characters).collect::<String>();
    format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def\n\
         /CMapName /Custom def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n\
         2 beginbfrange\n<0001> <00ff> [{}]\n<0100> <0100> [{}]\nendbfrange\nendcmap\n\
         CMapName currentdict /CMap defineresource pop\nend\nend\n",
        list(1..=0xff),
        list(0x100..=0x100)
    )
}

impl Letter {
    /// A letter that the profile accepts, with these operators as the content of its page.
    pub(crate) fn with_content(content: &str) -> Self {
        let objects: Vec<Vec<u8>> = vec![
            stream("/N 3", include_bytes!("../../src/letter/srgb.icc")),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources 5 0 R/Contents 4 0 R/Annots[@3 0 R]>>".to_vec(),
            stream("", content.as_bytes()),
            b"<</ProcSet[/PDF/Text]/Font<</f0 6 0 R>>/ColorSpace<</c0[/ICCBased 1 0 R]>>>>"
                .to_vec(),
            b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 9 0 R>>".to_vec(),
            format!(
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/F\
                 /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
                 /FontDescriptor 8 0 R/DW 0/CIDToGIDMap/Identity/W[0[{}]]>>",
                "600 ".repeat(256) + "700"
            )
            .into_bytes(),
            b"<</Type/FontDescriptor/FontName/F/FontFile2 10 0 R>>".to_vec(),
            stream("", to_unicode().as_bytes()),
            stream("", b"glyphs"),
            b"<</Title(A letter)/X[]>>".to_vec(),
            b"<</Type/Catalog/Pages 2 0 R/Lang(en)/AF[@2 0 R]/Names<</EmbeddedFiles<</Names[(certificate.jwt)@2 0 R]>>>>\
              /AcroForm<</Fields[@3 0 R]/SigFlags 3>>/Perms<</DocMDP @4 0 R>>\
              /Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>>>"
                .to_vec(),
        ];
        let size = TOKEN.len();
        let padding = "0".repeat(2048 - 10);
        let tail = [
            format!(
                "<</Type/EmbeddedFile/Subtype/application#2Fjose/Params<</Size {size}/ModDate(D:20230506000000Z)>>\
                 /Length {size}>>stream\n{TOKEN}\nendstream"
            )
            .into_bytes(),
            b"<</Type/Filespec/F(certificate.jwt)/UF(certificate.jwt)\
              /Desc(The certificate for machines: a signed token (JWS, RFC 7515))/AFRelationship/Data\
              /EF<</F @1 0 R/UF @1 0 R>>>>"
                .to_vec(),
            b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/V @4 0 R>>".to_vec(),
            [
                &b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange"[..],
                BYTE_RANGE,
                b"/Contents<3003abcdef",
                padding.as_bytes(),
                b">/M(D:20230506000000Z)/Name(PO)/Reason(Issued as a CQM certificate)/Reference[<</Type/SigRef\
                  /TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]>>",
            ]
            .concat(),
        ];
        let header = b"%PDF-1.7\n%\xbb\xad\xc0\xde\n".to_vec();
        Self { objects, tail, header, trailer: String::new(), end: "%%EOF\n".into() }
    }

    /// The letter without a fault: one line of text on one page.
    pub(crate) fn accepted() -> Self {
        Self::with_content(&show(72, 700, "39902000DA Porto"))
    }

    /// Replaces `from`, which must occur exactly once in the object, by `to`.
    pub(crate) fn replace(mut self, number: usize, from: &str, to: &str) -> Self {
        replace(&mut self.objects[number - 1], from, to);
        self
    }

    /// As [`Self::replace`], for an object of the tail.
    pub(crate) fn replace_tail(mut self, number: usize, from: &str, to: &str) -> Self {
        replace(&mut self.tail[number - 1], from, to);
        self
    }

    /// Adds an object that the document information refers to. The first has the number [`ADDED`].
    pub(crate) fn add(self, object: &[u8]) -> Self {
        let mut letter = self.add_unreachable(object);
        let information = letter.objects.len() - 2;
        let reference = format!("/X[{information} 0 R ");
        replace(&mut letter.objects[information], "/X[", &reference);
        letter
    }

    /// Adds an object that nothing refers to.
    pub(crate) fn add_unreachable(mut self, object: &[u8]) -> Self {
        self.objects.insert(self.objects.len() - 2, object.to_vec());
        self
    }

    /// The file, with its byte range filled in.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut pdf = self.header.clone();
        let catalog = self.objects.len();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", catalog + 5);
        for (number, object) in (1..).zip(self.objects.iter().chain(&self.tail)) {
            table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
            pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            pdf.extend_from_slice(&with_numbers(object, catalog));
            pdf.extend_from_slice(b"\nendobj\n");
        }
        let start = pdf.len();
        let identifier = "ab".repeat(16);
        let trailer = format!(
            "trailer\n<</Size {}/Root {catalog} 0 R/Info {} 0 R/ID[<{identifier}><{identifier}>]{}>>\nstartxref\n{start}\n{}",
            catalog + 5,
            catalog - 1,
            self.trailer,
            self.end
        );
        pdf.extend_from_slice(table.as_bytes());
        pdf.extend_from_slice(trailer.as_bytes());
        fill_byte_range(&mut pdf);
        pdf
    }
}

fn replace(object: &mut Vec<u8>, from: &str, to: &str) {
    let places: Vec<usize> = object
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| *window == from.as_bytes())
        .map(|(at, _)| at)
        .collect();
    let &[at] = places.as_slice() else { panic!("{from:?} occurs {} times", places.len()) };
    object.splice(at..at + from.len(), to.bytes());
}

/// The object with the numbers of the tail in its references.
fn with_numbers(object: &[u8], catalog: usize) -> Vec<u8> {
    let mut written = Vec::new();
    let mut rest = object;
    while let Some((&first, after)) = rest.split_first() {
        match after {
            [digit @ b'1'..=b'9', b' ', b'0', b' ', b'R', ..] if first == b'@' => {
                written.extend_from_slice((catalog + usize::from(digit - b'0')).to_string().as_bytes());
                rest = &after[1..];
            }
            _ => {
                written.push(first);
                rest = after;
            }
        }
    }
    written
}

fn find(pdf: &[u8], word: &[u8]) -> Option<usize> {
    pdf.windows(word.len()).position(|window| window == word)
}

fn fill_byte_range(pdf: &mut [u8]) {
    let (Some(place), Some(contents)) = (find(pdf, BYTE_RANGE), find(pdf, b"/Contents<")) else { return };
    let start = contents + b"/Contents".len();
    let end = start + pdf[start..].iter().position(|&byte| byte == b'>').unwrap() + 1;
    let range = format!("[0 {start} {end} {}", pdf.len() - end);
    let width = BYTE_RANGE.len() - 1;
    pdf[place..place + width].copy_from_slice(format!("{range:width$}").as_bytes());
}
