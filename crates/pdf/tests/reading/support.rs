//! A handmade letter in miniature, into which a test can put one fault.

/// The objects of a letter by number, from 1, and the parts of the file around them.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) objects: Vec<Vec<u8>>,
    pub(crate) header: Vec<u8>,
    pub(crate) trailer: String,
    pub(crate) end: String,
}

pub(crate) const CATALOG: usize = 1;
pub(crate) const PAGES: usize = 2;
pub(crate) const PAGE: usize = 3;
pub(crate) const CONTENT: usize = 4;
pub(crate) const RESOURCES: usize = 5;
pub(crate) const FONT: usize = 6;
pub(crate) const CID_FONT: usize = 7;
pub(crate) const TO_UNICODE: usize = 9;
pub(crate) const FILE_SPECIFICATION: usize = 12;
pub(crate) const FIELD: usize = 13;
pub(crate) const SIGNATURE: usize = 14;

/// `/ByteRange` of the miniature letter before its offsets are known.
const BYTE_RANGE: &[u8] = b"[0 1111111111 1111111111 1111111111]";

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

impl Letter {
    /// A letter that the profile accepts, with these operators as the content of its page.
    pub(crate) fn with_content(content: &str) -> Self {
        let to_unicode = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
            1 begincodespacerange <0000> <ffff> endcodespacerange\n\
            1 beginbfrange <0020> <007e> <0020> endbfrange\n\
            1 beginbfchar <0100> <00660069> endbfchar endcmap end end";
        let objects: Vec<Vec<u8>> = vec![
            b"<</Type/Catalog/Pages 2 0 R/Lang(en)/AF[12 0 R]/Names<</EmbeddedFiles<</Names[(certificate.jwt)12 0 R]>>>>\
              /AcroForm<</Fields[13 0 R]/SigFlags 3>>/Perms<</DocMDP 14 0 R>>>>"
                .to_vec(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources 5 0 R/Contents 4 0 R/Annots[13 0 R]>>".to_vec(),
            stream("", content.as_bytes()),
            b"<</ProcSet[/PDF/Text]/Font<</f0 6 0 R>>/ColorSpace<</c0[/ICCBased 15 0 R]>>>>"
                .to_vec(),
            b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 9 0 R>>".to_vec(),
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R/DW 0/CIDToGIDMap/Identity/W[32 126 600 256[700]]>>"
                .to_vec(),
            b"<</Type/FontDescriptor/FontName/F/FontFile2 10 0 R>>".to_vec(),
            stream("", to_unicode),
            stream("", b"glyphs"),
            stream("/Type/EmbeddedFile/Subtype/application#2Fjwt", b"eyJ.e30.c2ln"),
            b"<</Type/Filespec/F(certificate.jwt)/UF(certificate.jwt)/Desc(token)/AFRelationship/Data/EF<</F 11 0 R/UF 11 0 R>>>>"
                .to_vec(),
            b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/P 3 0 R/V 14 0 R>>".to_vec(),
            [
                &b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20230506000000Z)/Name(PO)/Reason(why)\
                   /Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/ByteRange"[..],
                BYTE_RANGE,
                b"/Contents<3003abcdef000000>>>",
            ]
            .concat(),
            stream("/N 3", include_bytes!("../../src/letter/srgb.icc")),
        ];
        Self {
            objects,
            header: b"%PDF-1.7\n%\xbb\xad\xc0\xde\n".to_vec(),
            trailer: "<</Size 16/Root 1 0 R/ID[(a)(a)]>>".into(),
            end: "%%EOF\n".into(),
        }
    }

    /// The letter without a fault: one line of text on one page.
    pub(crate) fn accepted() -> Self {
        Self::with_content(&show(72, 700, "39902000DA Porto"))
    }

    /// Replaces `from`, which must occur exactly once in the object, by `to`.
    pub(crate) fn replace(mut self, number: usize, from: &str, to: &str) -> Self {
        let object = &mut self.objects[number - 1];
        let places: Vec<usize> = object
            .windows(from.len())
            .enumerate()
            .filter(|(_, window)| *window == from.as_bytes())
            .map(|(at, _)| at)
            .collect();
        let &[at] = places.as_slice() else { panic!("{from:?} occurs {} times in object {number}", places.len()) };
        object.splice(at..at + from.len(), to.bytes());
        self
    }

    /// Adds an object that the document information refers to. Its number is the new number of
    /// objects.
    pub(crate) fn add(self, object: &[u8]) -> Self {
        let mut letter = self.add_unreachable(object);
        let reference = format!("{} 0 R ", letter.objects.len());
        letter.trailer = if letter.trailer.contains("/Info") {
            letter.trailer.replace("/Info<</X[", &format!("/Info<</X[{reference}"))
        } else {
            letter.trailer.replace("/Root", &format!("/Info<</X[{reference}]>>/Root"))
        };
        letter
    }

    /// Adds an object that nothing refers to.
    pub(crate) fn add_unreachable(mut self, object: &[u8]) -> Self {
        self.objects.push(object.to_vec());
        self.trailer = self
            .trailer
            .replace(&format!("/Size {}", self.objects.len()), &format!("/Size {}", self.objects.len() + 1));
        self
    }

    /// The file, with its byte range filled in.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut pdf = self.header.clone();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (number, object) in (1..).zip(&self.objects) {
            table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
            pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            pdf.extend_from_slice(object);
            pdf.extend_from_slice(b"\nendobj\n");
        }
        let start = pdf.len();
        pdf.extend_from_slice(table.as_bytes());
        pdf.extend_from_slice(format!("trailer\n{}\nstartxref\n{start}\n{}", self.trailer, self.end).as_bytes());
        fill_byte_range(&mut pdf);
        pdf
    }
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
