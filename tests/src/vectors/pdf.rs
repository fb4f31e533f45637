//! A letter as a list of objects, for changing it.

use std::io::{Read as _, Write as _};
use std::ops::Range;
use std::sync::LazyLock;

use cqm_core::LetterDigest;
use cqm_keys::{KeyPair, Role};
use cqm_sign::{Signer, cms};

use crate::office::{Forge, digest, issued, jws_parts, ordinary_signer, test_key};

/// The number of objects in the tail of a letter: attachment, file specification, signature field,
/// signature dictionary.
const TAIL: usize = 4;

/// The number of the information dictionary while the letter is changed. The catalog and the tail
/// follow it. In the file they have the numbers after the other objects.
const LAST: usize = 900_001;

/// A letter as a list of objects, which can be changed and written again. The last two objects of
/// the body are the information dictionary and the catalog; four objects of the tail follow.
#[derive(Clone)]
pub(super) struct Pdf {
    pub(super) header: Vec<u8>,
    /// The bytes between `obj` and `endobj`; the first is object 1.
    pub(super) objects: Vec<Vec<u8>>,
    /// The trailer dictionary without its brackets and without `/Size`.
    pub(super) trailer: String,
}

impl Pdf {
    /// The letter of three sites.
    pub(super) fn letter() -> Self {
        static LETTER: LazyLock<Pdf> = LazyLock::new(|| Pdf::taken_apart(&issued().pdf));
        LETTER.clone()
    }

    fn taken_apart(pdf: &[u8]) -> Self {
        let start = find(pdf, b"\n1 0 obj\n").start + 1;
        let mut objects = Vec::new();
        let mut rest = &pdf[start..];
        for number in 1.. {
            let header = format!("{number} 0 obj\n");
            let Some(object) = rest.strip_prefix(header.as_bytes()) else { break };
            // No stream contains such a line; otherwise the assertion below fails.
            let end = find(object, format!("endobj\n{} 0 obj\n", number + 1).as_bytes()).start;
            let end = if end == object.len() { find(object, b"endobj\nxref\n").start } else { end };
            objects.push(object[..end].to_vec());
            rest = &object[end + b"endobj\n".len()..];
        }
        let trailer = String::from_utf8(rest[find(rest, b"trailer\n<<").end..].to_vec()).expect("a trailer in ASCII");
        let (size, trailer) = trailer.split_once("/Root ").expect("/Root");
        assert_eq!(size, format!("/Size {}", objects.len() + 1));
        let trailer = format!("/Root {}", trailer.split_once(">>\nstartxref").expect("startxref").0);
        let letter = Self { header: pdf[..start].to_vec(), objects, trailer };
        let first = letter.body_len() - 1;
        let letter = letter.renumbered(|number| if number < first { number } else { number - first + LAST });
        assert_eq!(letter.sign(), pdf, "the letter comes out as it went in");
        letter
    }

    /// The letter with the content of its first page not compressed.
    pub(super) fn plain() -> Self {
        let mut letter = Self::letter();
        let content = letter.content_place();
        letter.objects[content] = stream("", &inflated(&letter.objects[content]));
        letter
    }

    /// The index of the only object that contains this.
    pub(super) fn object(&self, holding: &str) -> usize {
        let mut places = self.objects.iter().enumerate().filter(|(_, object)| contains(object, holding));
        let (Some((place, _)), None) = (places.next(), places.next()) else {
            panic!("{holding} is not in exactly one object")
        };
        place
    }

    /// The number of the only object that contains this.
    pub(super) fn number(&self, holding: &str) -> usize {
        let number = self.object(holding) + 1;
        let first = self.body_len() - 1;
        if number < first { number } else { number - first + LAST }
    }

    /// Changes text that only one object contains.
    pub(super) fn replace(mut self, from: &str, to: &str) -> Self {
        let place = self.object(from);
        self.objects[place] = replaced(&self.objects[place], from, to);
        self
    }

    /// Inserts text after other text that only one object contains.
    pub(super) fn after(self, place: &str, more: &str) -> Self {
        let to = format!("{place}{more}");
        self.replace(place, &to)
    }

    /// Makes the value of a key an indirect object.
    pub(super) fn indirect(mut self, key: &str, value: &str) -> Self {
        let number = self.add(format!("{value}\n"));
        self.replace(&format!("{key}{value}"), &format!("{key} {number} 0 R"))
    }

    /// Adds an object to the body, before the information dictionary and the catalog. Returns the
    /// number of the new object.
    pub(super) fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.add_all(vec![object.into()])
    }

    /// Adds objects to the body. Returns the number of the first.
    pub(super) fn add_all(&mut self, objects: Vec<Vec<u8>>) -> usize {
        let first = self.body_len() - 1;
        self.objects.splice(first - 1..first - 1, objects);
        first
    }

    /// The letter with the numbers that its last objects have in the file.
    pub(super) fn resolved(&self) -> Self {
        let first = self.body_len() - 1;
        let number = |number: usize| if number < LAST { number } else { number - LAST + first };
        self.renumbered(number)
    }

    fn renumbered(&self, number: impl Fn(usize) -> usize) -> Self {
        let trailer = String::from_utf8(renumbered(self.trailer.as_bytes(), &number)).expect("ASCII");
        let objects = self.objects.iter().map(|object| renumbered(object, &number)).collect();
        Self { objects, trailer, ..self.clone() }
    }

    /// The number of objects in the body, which is the number of the catalog.
    fn body_len(&self) -> usize {
        self.objects.len() - TAIL
    }

    /// Appends to the content of the first page of the plain letter.
    pub(super) fn content(mut self, more: &str) -> Self {
        let place = self.content_place();
        let content = inflated(&self.objects[place]);
        self.objects[place] = stream("", &[&content, more.as_bytes()].concat());
        self
    }

    /// The index of the content of the first page.
    pub(super) fn content_place(&self) -> usize {
        self.target(self.object("/StructParents 0"), "/Contents ")
    }

    /// The index of the object that a key of another one refers to.
    pub(super) fn target(&self, place: usize, key: &str) -> usize {
        reference(&self.objects[place], key) - 1
    }

    /// The index of the resources of the first page.
    pub(super) fn resources(&self) -> usize {
        self.target(self.object("/StructParents 0"), "/Resources ")
    }

    /// The index of a font of the first page.
    pub(super) fn font(&self, name: &str) -> usize {
        self.target(self.resources(), &format!("/{name} "))
    }

    /// The indices of the descendant of a font, and of the descriptor of that.
    pub(super) fn descendant(&self, font: usize) -> [usize; 2] {
        let descendant = self.target(font, "/DescendantFonts[");
        [descendant, self.target(descendant, "/FontDescriptor ")]
    }

    /// Changes the first occurrence of a text in one object.
    pub(super) fn change(mut self, place: usize, from: &str, to: &str) -> Self {
        self.objects[place] = replaced(&self.objects[place], from, to);
        self
    }

    /// The file with the old byte range and the old signatures.
    pub(super) fn write(&self) -> Vec<u8> {
        let Self { header, objects, trailer } = self.resolved();
        let mut pdf = header;
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (number, object) in (1..).zip(&objects) {
            table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
            pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            pdf.extend_from_slice(object);
            pdf.extend_from_slice(b"endobj\n");
        }
        let (start, size) = (pdf.len(), objects.len() + 1);
        let end = format!("{table}trailer\n<</Size {size}{trailer}>>\nstartxref\n{start}\n%%EOF\n");
        pdf.extend_from_slice(end.as_bytes());
        pdf
    }

    /// The file with a byte range that fits, and the old signatures.
    pub(super) fn fit(&self) -> Vec<u8> {
        fit(self.write())
    }

    /// The file, signed by the office: the token for this body, and the PDF.
    pub(super) fn sign(&self) -> Vec<u8> {
        sign(self.with_token().write())
    }

    /// The letter with a token for its body, and with the identifier of its body. A tail that does
    /// not have them remains as it is.
    pub(super) fn with_token(&self) -> Self {
        let mut letter = self.clone();
        let file = self.write();
        let end = format!("\n{} 0 obj\n<</Type/EmbeddedFile", self.body_len() + 1);
        let body = &file[..(find(&file, end.as_bytes()).start + 1).min(file.len())];
        let new = digest(body);
        letter.trailer = self.trailer.replace(&identifier(digest(&original_body())), &identifier(new));
        let token = token_for(new);
        let length = |token: &str| token.len().to_string();
        for object in letter.objects.iter_mut().skip(self.body_len()).filter(|object| contains(object, &issued().token))
        {
            *object = replaced(object, &issued().token, &token);
            for key in ["/Size ", "/Length "] {
                let [old, new] = [&issued().token, &token].map(|token| format!("{key}{}", length(token)));
                if contains(object, &old) {
                    *object = replaced(object, &old, &new);
                }
            }
        }
        letter
    }
}

/// The body of the letter as it is issued.
fn original_body() -> Vec<u8> {
    let inspection = cqm_pdf::letter::inspect(&issued().pdf, &cqm_pdf::Limits::default());
    inspection.parts.expect("a letter").body().to_vec()
}

/// The letter's token with the digest of another body.
pub(super) fn token_for(body: LetterDigest) -> String {
    thread_local! {
        static FORGE: Forge = Forge::default();
    }
    let (header, payload) = jws_parts(&issued().token);
    let mut claims: serde_json::Value = serde_json::from_slice(&payload).expect("claims");
    if claims["cqm"]["letter"] == serde_json::to_value(body).expect("a digest") {
        return issued().token.clone();
    }
    claims["cqm"]["letter"] = serde_json::to_value(body).expect("a digest");
    FORGE.with(|forge| forge.raw_token(&header, &serde_json::to_vec(&claims).expect("claims")))
}

/// An object with other numbers in its references. Text before ` 0 R` that is no number remains.
fn renumbered(object: &[u8], new: &impl Fn(usize) -> usize) -> Vec<u8> {
    let mut written = Vec::with_capacity(object.len());
    let mut rest = object;
    while let Some(place) = memmem(rest, b" 0 R") {
        let start = rest[..place].iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |before| before + 1);
        written.extend_from_slice(&rest[..start]);
        match std::str::from_utf8(&rest[start..place]).expect("digits").parse::<usize>() {
            Ok(number) => written.extend_from_slice(new(number).to_string().as_bytes()),
            Err(_) => written.extend_from_slice(&rest[start..place]),
        }
        written.extend_from_slice(b" 0 R");
        rest = &rest[place + 4..];
    }
    written.extend_from_slice(rest);
    written
}

fn memmem(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// A stream object without a filter.
pub(super) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    [format!("<<{entries}/Length {}>>stream\n", data.len()).as_bytes(), data, b"\nendstream\n"].concat()
}

/// Makes the byte range fit the file.
pub(super) fn fit(mut pdf: Vec<u8>) -> Vec<u8> {
    let gap = contents(&pdf);
    let range = format!("0 {} {} {}", gap.start, gap.end, pdf.len() - gap.end);
    write_range(&mut pdf, &range);
    pdf
}

/// Makes the byte range fit the file, and signs the file.
pub(super) fn sign(pdf: Vec<u8>) -> Vec<u8> {
    let pdf = fit(pdf);
    let gap = contents(&pdf);
    sign_but(pdf, gap)
}

/// Signs a file that was changed outside its objects: the token for its body, and the PDF.
pub(super) fn sign_file(pdf: Vec<u8>) -> Vec<u8> {
    sign(with_token_in_place(pdf))
}

/// The file with a token for its body, which has the same length, and with the identifier of its
/// body.
pub(super) fn with_token_in_place(mut pdf: Vec<u8>) -> Vec<u8> {
    let attachment = rfind(&pdf, b"<</Type/EmbeddedFile").start;
    let body = rfind(&pdf[..attachment], b"endobj\n").end;
    let body = digest(&pdf[..body]);
    let token = token_for(body);
    let place = rfind(&pdf, issued().token.as_bytes());
    assert_eq!(place.len(), token.len(), "a token of another length");
    pdf[place].copy_from_slice(token.as_bytes());
    let [old, new] = [digest(&original_body()), body].map(identifier);
    // Twice in the trailer.
    let trailer = rfind(&pdf, b"/ID[").end;
    let width = new.len();
    for start in [trailer + 1, trailer + width + 3] {
        assert_eq!(&pdf[start..start + width], old.as_bytes(), "the identifier of the letter");
        pdf[start..start + width].copy_from_slice(new.as_bytes());
    }
    pdf
}

/// The digits of `/ID` of a letter with this body.
fn identifier(body: LetterDigest) -> String {
    body.sha256.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A comment that makes a file one that a signer of letters does not sign.
pub(super) const OTHER: &[u8] = b"%another signer\n";

/// Signs the file except a gap, and puts the signature into the last `/Contents`.
pub(super) fn sign_but(pdf: Vec<u8>, gap: Range<usize>) -> Vec<u8> {
    thread_local! {
        static OF_LETTERS: KeyPair = test_key(Role::DocumentSigner);
        static OF_OTHERS: KeyPair = ordinary_signer();
    }
    let signer = if pdf.windows(OTHER.len()).any(|window| window == OTHER) { &OF_OTHERS } else { &OF_LETTERS };
    signer.with(|signer| signed_with(pdf, gap, signer))
}

/// Signs the file except a gap with this signer, and puts the signature into the last `/Contents`.
pub(super) fn signed_with(mut pdf: Vec<u8>, gap: Range<usize>, signer: &dyn Signer) -> Vec<u8> {
    let cms = cms::sign_detached(signer, &[&pdf[..gap.start], &pdf[gap.end..]]);
    let mut digits: String = cms.expect("a signature").iter().map(|byte| format!("{byte:02x}")).collect();
    let place = contents(&pdf);
    let place = place.start + 1..place.end - 1;
    digits.push_str(&"0".repeat(place.len() - digits.len()));
    pdf[place].copy_from_slice(digits.as_bytes());
    pdf
}

/// The place of the string of the last `/Contents`, with its angle brackets.
pub(super) fn contents(pdf: &[u8]) -> Range<usize> {
    let key = rfind(pdf, b"/Contents").end;
    let start = key + find(&pdf[key..], b"<").start;
    start..start + find(&pdf[start..], b">").end
}

/// Overwrites the numbers of the last `/ByteRange`, which must be wide enough.
pub(super) fn write_range(pdf: &mut [u8], range: &str) {
    let start = rfind(pdf, b"/ByteRange[").end;
    let width = find(&pdf[start..], b"]").start;
    assert!(range.len() <= width, "{range} is longer than the place for it");
    pdf[start..start + width].copy_from_slice(format!("{range:width$}").as_bytes());
}

/// The first place of a word; an empty range at the end if there is none.
pub(super) fn find(bytes: &[u8], word: &[u8]) -> Range<usize> {
    let start = bytes.windows(word.len()).position(|window| window == word).unwrap_or(bytes.len());
    start..(start + word.len()).min(bytes.len())
}

/// The last place of a word.
pub(super) fn rfind(bytes: &[u8], word: &[u8]) -> Range<usize> {
    let start = bytes.windows(word.len()).rposition(|window| window == word).expect("it is there");
    start..start + word.len()
}

/// The bytes with the first occurrence replaced.
pub(super) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let place = find(bytes, from.as_bytes());
    assert_eq!(place.len(), from.len(), "{from} is not there");
    [&bytes[..place.start], to.as_bytes(), &bytes[place.end..]].concat()
}

fn contains(bytes: &[u8], word: &str) -> bool {
    find(bytes, word.as_bytes()).len() == word.len()
}

/// The number of the object that a key refers to.
pub(super) fn reference(object: &[u8], key: &str) -> usize {
    let digits = &object[find(object, key.as_bytes()).end..];
    let digits = digits.split(|byte| !byte.is_ascii_digit()).next().expect("digits");
    std::str::from_utf8(digits).expect("ASCII").parse().expect("a number")
}

/// The data of a stream, decompressed if it is compressed.
pub(super) fn inflated(object: &[u8]) -> Vec<u8> {
    let start = find(object, b"stream\n").end;
    let end = rfind(object, b"\nendstream").start;
    let data = &object[start..end];
    if !contains(&object[..start], "/FlateDecode") {
        return data.to_vec();
    }
    let mut content = Vec::new();
    flate2::read::ZlibDecoder::new(data).read_to_end(&mut content).expect("zlib data");
    content
}

/// Data compressed for /FlateDecode.
pub(super) fn compressed(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).expect("memory");
    encoder.finish().expect("memory")
}

/// The glyphs of a text in a font of the letter, as the string of an operator.
pub(super) fn glyphs(letter: &Pdf, font: &str, text: &str) -> String {
    let map = letter.target(letter.font(font), "/ToUnicode ");
    let map = String::from_utf8(inflated(&letter.objects[map])).expect("a CMap in ASCII");
    let codes = codes(&map);
    let code = |character: char| {
        let place = codes.iter().find(|(_, known)| *known == character.to_string());
        place.unwrap_or_else(|| panic!("/{font} has no glyph for {character:?}")).0
    };
    let digits: String = text.chars().map(|character| format!("{:04x}", code(character))).collect();
    format!("<{digits}>")
}

/// The codes of a CMap in the form of letters, with their characters: ranges with one list each.
fn codes(map: &str) -> Vec<(u16, String)> {
    let number = |word: &str| u16::from_str_radix(word, 16).expect("a code");
    let characters = |word: &str| {
        let units: Vec<u16> =
            word.as_bytes().chunks(4).map(|unit| number(std::str::from_utf8(unit).expect("ASCII"))).collect();
        String::from_utf16(&units).expect("UTF-16")
    };
    let (_, ranges) = map.split_once(" beginbfrange\n").expect("ranges");
    let (ranges, _) = ranges.split_once("endbfrange").expect("the end of the ranges");
    let of_range = |range: &str| {
        let (bounds, list) = range.split_once('[').expect("a list");
        let first = number(digits(bounds).next().expect("the first code"));
        (first..).zip(digits(list).map(characters)).collect::<Vec<_>>()
    };
    ranges.lines().flat_map(of_range).collect()
}

/// The numbers in hexadecimal digits of a text.
fn digits(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_hexdigit()).filter(|digits| !digits.is_empty())
}
