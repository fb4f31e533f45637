//! A signed PDF without the reader that is under test.

/// A signed PDF, split into the signed bytes and the signature.
///
/// It relies on the last `/ByteRange` in the file. That is enough for letters, and independent of
/// the reader that is under test.
#[derive(Debug)]
pub struct SignedPdf {
    /// The bytes that the signature covers.
    pub signed: Vec<u8>,
    /// The DER encoding of the CMS, without the padding of `/Contents`.
    pub cms: Vec<u8>,
}

impl SignedPdf {
    /// Splits a PDF.
    ///
    /// # Panics
    ///
    /// If it has no signature in the form of a letter's.
    pub fn cut(pdf: &[u8]) -> Self {
        let key = b"/ByteRange[";
        let start = key.len() + pdf.windows(key.len()).rposition(|window| window == key).expect("/ByteRange");
        let numbers = pdf[start..].split(|&octet| octet == b']').next().expect("the end of /ByteRange");
        let numbers: Vec<usize> = std::str::from_utf8(numbers)
            .expect("ASCII")
            .split_ascii_whitespace()
            .map(|number| number.parse().expect("a number"))
            .collect();
        let [0, first, second, rest] = numbers[..] else { panic!("/ByteRange {numbers:?}") };
        assert_eq!(second + rest, pdf.len(), "the signature covers the file to its end");

        let hex = pdf[first..second].strip_prefix(b"<").and_then(|hex| hex.strip_suffix(b">")).expect("a hex string");
        let contents: Vec<u8> = hex
            .chunks(2)
            .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).expect("ASCII"), 16).expect("hex digits"))
            .collect();
        // A SEQUENCE with a length of two bytes.
        let [0x30, 0x82, high, low, ..] = contents[..] else { panic!("no CMS of ordinary length in /Contents") };
        let cms_len = 4 + usize::from(u16::from_be_bytes([high, low]));
        let (cms, padding) = contents.split_at(cms_len);
        assert!(padding.iter().all(|&octet| octet == 0), "the padding is zero");
        Self { signed: [&pdf[..first], &pdf[second..]].concat(), cms: cms.to_vec() }
    }
}
