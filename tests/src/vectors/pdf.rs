//! A letter as a list of objects, for changing it.

use std::io::{Read as _, Write as _};
use std::ops::Range;
use std::sync::LazyLock;

use cqm_keys::{KeyPair, Role};
use cqm_sign::cms;

use crate::office::{issued, test_key};

/// A letter as a list of objects, which can be changed and written again.
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
        let trailer = trailer.split_once("/Size ").expect("/Size").0.to_owned();
        let letter = Self { header: pdf[..start].to_vec(), objects, trailer };
        assert_eq!(letter.sign(), pdf, "the letter comes out as it went in");
        letter
    }

    /// The letter with the content of its first page not compressed.
    pub(super) fn plain() -> Self {
        let mut letter = Self::letter();
        let page = letter.object("/StructParents 0");
        let content = reference(&letter.objects[page], "/Contents ") - 1;
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
        self.object(holding) + 1
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

    /// Adds an object before the signature dictionary, which remains the last one. Returns the
    /// number of the new object, which the signature dictionary had before.
    pub(super) fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.add_all(vec![object.into()])
    }

    /// Adds objects before the signature dictionary. Returns the number of the first.
    pub(super) fn add_all(&mut self, objects: Vec<Vec<u8>>) -> usize {
        let signature = self.objects.len();
        let old = format!(" {signature} 0 R");
        let new = format!(" {} 0 R", signature + objects.len());
        for key in ["/V", "/DocMDP"] {
            let place = self.object(&format!("{key}{old}"));
            self.objects[place] = replaced(&self.objects[place], &format!("{key}{old}"), &format!("{key}{new}"));
        }
        self.objects.splice(signature - 1..signature - 1, objects);
        signature
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
        let page = self.object("/StructParents 0");
        reference(&self.objects[page], "/Contents ") - 1
    }

    /// The file with the old byte range and the old signature.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut pdf = self.header.clone();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (number, object) in (1..).zip(&self.objects) {
            table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
            pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            pdf.extend_from_slice(object);
            pdf.extend_from_slice(b"endobj\n");
        }
        let (start, size) = (pdf.len(), self.objects.len() + 1);
        let end = format!("{table}trailer\n<<{}/Size {size}>>\nstartxref\n{start}\n%%EOF\n", self.trailer);
        pdf.extend_from_slice(end.as_bytes());
        pdf
    }

    /// The file with a byte range that fits, and the old signature.
    pub(super) fn fit(&self) -> Vec<u8> {
        fit(self.write())
    }

    /// The file, signed by the office.
    pub(super) fn sign(&self) -> Vec<u8> {
        sign(self.write())
    }
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

/// Signs the file except a gap, and puts the signature into the last `/Contents`.
pub(super) fn sign_but(mut pdf: Vec<u8>, gap: Range<usize>) -> Vec<u8> {
    thread_local! {
        static SIGNER: KeyPair = test_key(Role::DocumentSigner);
    }
    let cms = SIGNER.with(|signer| cms::sign_detached(signer, &[&pdf[..gap.start], &pdf[gap.end..]]));
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
    let resources = letter.objects.iter().find(|object| contains(object, "/Font<<")).expect("resources");
    let font = reference(resources, &format!("/{font} "));
    let map = reference(&letter.objects[font - 1], "/ToUnicode ");
    let map = String::from_utf8(inflated(&letter.objects[map - 1])).expect("a CMap in ASCII");
    let codes = codes(&map);
    let code = |character: char| {
        let place = codes.iter().find(|(_, known)| *known == character.to_string());
        place.unwrap_or_else(|| panic!("/{font} has no glyph for {character:?}")).0
    };
    let digits: String = text.chars().map(|character| format!("{:04x}", code(character))).collect();
    format!("<{digits}>")
}

/// The codes of a CMap with their characters.
fn codes(map: &str) -> Vec<(u16, String)> {
    let mut codes = Vec::new();
    for section in map.split("beginbf").skip(1) {
        let section = section.split("endbf").next().unwrap_or_default();
        let mut words = section.split(|character: char| !character.is_ascii_hexdigit()).filter(|word| word.len() >= 4);
        let number = |word: &str| u16::from_str_radix(word, 16).expect("a code");
        let characters = |word: &str| {
            let units: Vec<u16> =
                word.as_bytes().chunks(4).map(|unit| number(std::str::from_utf8(unit).expect("ASCII"))).collect();
            String::from_utf16(&units).expect("UTF-16")
        };
        while let Some(first) = words.next() {
            if section.starts_with("char") {
                codes.push((number(first), characters(words.next().expect("characters"))));
            } else {
                let last = number(words.next().expect("the last code"));
                codes.extend((number(first)..=last).zip(words.by_ref()).map(|(code, word)| (code, characters(word))));
            }
        }
    }
    codes
}
