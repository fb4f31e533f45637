//! The tolerant judge: the text and the signatures of PDFs that are not letters, and the cost of
//! hostile ones.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cqm_pdf::any::{AnyPdf, AnyText, Coverage};
use cqm_pdf::syntax::{ReadError, ReadErrorKind};
use cqm_pdf::{Limit, Limits};

use crate::support::*;

fn text(letter: &Letter) -> Result<AnyText, ReadError> {
    let pdf = letter.build();
    AnyPdf::open(&pdf, &Limits::default()).unwrap().text()
}

#[track_caller]
fn words(letter: &Letter) -> String {
    let text = text(letter).unwrap();
    assert_eq!(text.unread.iter().collect::<Vec<_>>(), [] as [&String; 0]);
    text.words.join(" ")
}

/// A letter in one of the 14 standard fonts.
fn plain(content: &str) -> Letter {
    simple("/BaseFont/Helvetica/Encoding/WinAnsiEncoding", content)
}

/// A letter in a simple font with these entries.
fn simple(font: &str, content: &str) -> Letter {
    let mut letter = Letter::with_content(content);
    letter.objects[FONT - 1] = format!("<</Type/Font/Subtype/Type1{font}>>").into_bytes();
    letter
}

#[test]
fn text_is_read_whatever_operator_shows_it() {
    for (content, expected) in [
        ("BT /f0 10 Tf 50 700 Td (A1) Tj 0 -20 Td (B2) Tj ET", "A1 B2"),
        ("BT /f0 10 Tf 50 700 Td 12 TL (A1) Tj (B2) ' 1 2 (C3) \" T* (D4) Tj ET", "A1 B2 C3 D4"),
        ("BT /f0 10 Tf 50 700 TD 0 -20 TD (A1) Tj T* (B2) Tj ET", "A1 B2"),
        ("BT /f0 10 Tf 50 700 Td [(A) -30 (1) -900 (B2)] TJ ET", "A1 B2"),
        ("BT /f0 10 Tf 1 0 0 1 50 700 Tm (3990) Tj (2000DA) Tj ET", "39902000DA"),
        ("BT /f0 10 Tf 1 0 0 1 50 700 Tm <333939> Tj (\\060\\062\\060) Tj (00DA) Tj ET", "39902000DA"),
        ("q 2 0 0 2 0 0 cm BT /f0 5 Tf 25 350 Td (A1) Tj ET Q BT /f0 10 Tf 50 600 Td (B2) Tj ET", "A1 B2"),
        ("BT /f0 10 Tf 0 1 -1 0 500 100 Tm (A1) Tj ET BT /f0 10 Tf 0 1 -1 0 520 100 Tm (B2) Tj ET", "A1 B2"),
        ("BT /f0 10 Tf -1 0 0 -1 500 100 Tm (39902) Tj (000DA) Tj ET", "39902000DA"),
        ("BI /W 1 /H 1 /BPC 8 /CS /G ID (\nEI BT /f0 10 Tf 50 700 Td (A1) Tj ET", "A1"),
        ("BT /f0 10 Tf 50 700 Td (\"A1\", \\(B2\\)/C3;D4.) Tj ET", "A1 B2 C3 D4"),
        ("/Span <</ActualText (Z9)>> BDC BT /f0 10 Tf 50 700 Td (A1) Tj ET EMC", "A1"),
    ] {
        assert_eq!(words(&plain(content)), expected, "{content}");
    }
}

#[test]
fn codes_are_read_as_the_font_encodes_them() {
    let show = |string: &str| format!("BT /f0 10 Tf 50 700 Td {string} Tj ET");
    for (font, string, expected) in [
        ("/BaseFont/F/Encoding/MacRomanEncoding", "(A1\u{ca}B2)", "A1 B2"),
        ("/BaseFont/F/Encoding/StandardEncoding", "(A1)", "A1"),
        ("/BaseFont/F", "(A1)", "A1"),
        ("/BaseFont/F/Encoding<</Differences[1/A/one.tnum 9/space 65/uni0042/u0032]>>", "<0102094142>", "A1 B2"),
        ("/BaseFont/F/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[65/Z]>>", "(A1)", "Z1"),
        ("/BaseFont/F/Encoding/WinAnsiEncoding/ToUnicode 9 0 R", "(A1)", "Q1"),
    ] {
        let mut letter = simple(font, "");
        // Bytes above 127 are written unchanged.
        letter.objects[CONTENT - 1] = stream("", &show(string).chars().map(|c| c as u8).collect::<Vec<u8>>());
        letter.objects[TO_UNICODE - 1] = stream("", b"1 beginbfchar <41> <0051> endbfchar");
        assert_eq!(words(&letter), expected, "{font}");
    }
    // The miniature letter's own font is composite.
    assert_eq!(words(&Letter::accepted()), "39902000DA Porto");
}

#[test]
fn an_unknown_character_is_replaced_and_reported() {
    for font in
        ["/BaseFont/Symbol", "/BaseFont/F/Encoding<</Differences[65/g17]>>", "/BaseFont/F/FontDescriptor<</Flags 4>>"]
    {
        let text = text(&simple(font, "BT /f0 10 Tf 50 700 Td (A3990) Tj ET")).unwrap();
        assert!(!text.words.iter().any(|word| word.contains('A')), "{font}: {:?}", text.words);
        assert!(text.unread.iter().any(|reason| reason.contains("what its characters are")), "{:?}", text.unread);
    }
    let mut letter = plain("");
    letter.objects[CONTENT - 1] = stream("/Filter/LZWDecode", b"x");
    let text = text(&letter).unwrap();
    assert!(text.unread.iter().any(|reason| reason.contains("LZWDecode")), "{:?}", text.unread);
}

#[test]
fn forms_annotations_and_inherited_resources_are_read() {
    let form = |content: &str| stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", content.as_bytes());
    let letter = plain("/x Do BT /f0 10 Tf 50 500 Td (C3) Tj ET")
        .add(&form("BT /f0 10 Tf 50 700 Td (A1) Tj ET"))
        .add(b"<</Type/Annot/Subtype/Stamp/Rect[50 600 90 620]/AP<</N 13 0 R>>>>")
        .add(&stream("/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</g 6 0 R>>>>", b"BT /g 10 Tf (B2) Tj ET"))
        .replace(RESOURCES, "/ProcSet", "/XObject<</x 11 0 R>>/ProcSet")
        .replace(PAGE, "/Annots[@3 0 R]", "/Annots[@3 0 R 12 0 R]")
        .replace(PAGE, "/Resources 5 0 R", "")
        .replace(PAGES, "/Count", "/Resources 5 0 R/Count");
    assert_eq!(words(&letter), "A1 B2 C3");
}

#[test]
fn filters_one_after_the_other_are_undone() {
    let content = "BT /f0 10 Tf 50 700 Td (A1) Tj ET";
    let hex: String = content.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut runs: Vec<u8> =
        hex.as_bytes().chunks(100).flat_map(|chunk| [&[chunk.len() as u8 - 1], chunk].concat()).collect();
    runs.push(128);
    let mut letter = plain("");
    letter.objects[CONTENT - 1] = stream("/Filter[/RunLengthDecode/ASCIIHexDecode]", &runs);
    assert_eq!(words(&letter), "A1");
    // The content as encoded by another program.
    letter.objects[CONTENT - 1] = stream("/Filter/ASCII85Decode", b"6<#'\\AhY>^0Ha>,+>khq2_Zp.<+I+\"5qsf2<,*OE;u~>");
    assert_eq!(words(&letter), "A1");
}

/// Checks that the reading of the text ends with this limit, in bounded time.
#[track_caller]
fn limited(letter: &Letter, limit: Limit) {
    let start = Instant::now();
    let error = text(letter).unwrap_err();
    assert_eq!(*error.kind(), ReadErrorKind::Limit(limit));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn hostile_text_costs_its_budget_and_no_more() {
    // A form that shows itself, and forms that show another one twice each.
    let form = |names: &str, content: &str| {
        stream(&format!("/Subtype/Form/Resources<</XObject<<{names}>>>>"), content.as_bytes())
    };
    let itself = plain("/x Do").add(&form("/x 11 0 R", "/x Do /x Do")).replace(
        RESOURCES,
        "/ProcSet",
        "/XObject<</x 11 0 R>>/ProcSet",
    );
    limited(&itself, Limit::Depth);
    let mut doubling = plain("/x Do").replace(RESOURCES, "/ProcSet", "/XObject<</x 11 0 R>>/ProcSet");
    for next in 12..40 {
        doubling = doubling.add(&form(&format!("/x {next} 0 R"), "/x Do /x Do"));
    }
    limited(&doubling.add(&form("", "")), Limit::Values);

    // Many names that are searched often; a font that is read again each time; long lists in it.
    let names: String = (0..100_000).fold(String::new(), |mut names, number| {
        write!(names, "/n{number} 6 0 R").unwrap();
        names
    });
    let often = "/n99999 9 Tf ".repeat(90_000);
    limited(&plain(&often).replace(RESOURCES, "/f0 6 0 R", &names), Limit::Values);
    let often = "/f0 9 Tf ".repeat(90_000);
    let direct = "<</Type/Font/Subtype/Type1>>";
    limited(&plain(&often).replace(RESOURCES, "/f0 6 0 R", &format!("/f0 {direct}")), Limit::Values);
    let long = format!("<</Subtype/Type1/Encoding<</Differences[{}]>>>>", "/a".repeat(100_000));
    limited(&plain(&often).replace(RESOURCES, "/f0 6 0 R", &format!("/f0 {long}")), Limit::Values);

    // Large ranges that a few bytes define.
    let mut ranges = Letter::accepted();
    let range = "1 beginbfrange <00000000> <ffffffff> <0000> <0001> <ffff> <0000> endbfrange ".repeat(1000);
    ranges.objects[TO_UNICODE - 1] = stream("", range.replace("<0000> <0001>", "<0041> <0001>").as_bytes());
    limited(&ranges, Limit::Values);
    let widths =
        Letter::accepted().replace(CID_FONT, "/W[32 126 600 256[700]]", &format!("/W[{}]", "0 65535 1 ".repeat(1000)));
    limited(&widths, Limit::Values);

    limited(&plain(&"q ".repeat(200_000)), Limit::Operators);
    limited(&plain(&format!("BT /f0 9 Tf [{}] TJ ET", "(a)".repeat(150_000))), Limit::Values);
    limited(&plain(&"[".repeat(100)), Limit::Depth);
}

#[test]
fn hostile_forms_cost_their_budget_and_no_more() {
    // A long name that many kids would repeat, each with a signature; a tree of fields that is a
    // loop.
    let name = "n".repeat(1 << 20);
    let kids = "<</T(k)/FT/Sig/V<</ByteRange[]/Contents<00>>>>>".repeat(7);
    let letter = Letter::accepted().add(format!("<</T({name})/Kids[{kids} 11 0 R]>>").as_bytes());
    let letter = letter.replace(CATALOG + 1, "[@3 0 R]", "[11 0 R]");
    let pdf = letter.build();
    let signatures = AnyPdf::open(&pdf, &Limits::default()).unwrap().signatures().unwrap();
    assert_eq!(signatures.len(), 7);
    for signature in &signatures {
        assert!(signature.field.len() < 200);
        assert!(matches!(signature.coverage, Coverage::Wrong { .. }));
    }
    let many = letter.replace(ADDED, "/Kids[", &format!("/Kids[{kids}"));
    let pdf = many.build();
    let error = AnyPdf::open(&pdf, &Limits::default()).unwrap().signatures().unwrap_err();
    assert_eq!(*error.kind(), ReadErrorKind::Limit(Limit::Signatures));
}

#[test]
fn a_token_is_found_wherever_it_is() {
    let holds = |letter: &Letter| {
        let pdf = letter.build();
        AnyPdf::open(&pdf, &Limits::default()).unwrap().survey().unwrap().holds_token
    };
    // The miniature letter without its attachment, and then with something that looks like one.
    let mut without = Letter::accepted();
    without.tail[0] = b"<<>>".to_vec();
    without.tail[1] = b"<<>>".to_vec();
    let without = without.replace(CATALOG, "/Names<</EmbeddedFiles<</Names[(certificate.jwt)@2 0 R]>>>>", "");
    assert!(!holds(&without));
    for object in [
        stream("/Type/EmbeddedFile/Subtype/application#2Fjose", b"x"),
        stream("/Type/EmbeddedFile", b"eyJhbGciOiJFZERTQSJ9.e30.c2ln"),
        b"<</F(A.JWT)/EF<</F 4 0 R>>>>".to_vec(),
        b"<</X[<</EF<</UF 12 0 R>>>>]>>".to_vec(),
        b"(certificate.jwt)".to_vec(),
    ] {
        let letter = without.clone().add_unreachable(&object).add_unreachable(&stream("", b"eyJ9.e30.c2ln"));
        assert!(holds(&letter), "{}", String::from_utf8_lossy(&object));
    }
    let other = without.add(b"<</F(a.xml)/EF<</F 12 0 R>>>>").add(&stream("/Type/EmbeddedFile", b"<xml>a.b.c</xml>"));
    assert!(!holds(&other));
}
