//! The tolerant judge: the text and the signatures of PDFs that are not letters, and the cost of
//! hostile ones.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cqm_pdf::any::{AnyPdf, AnyText, Coverage, HiddenLayer, spells_token};
use cqm_pdf::syntax::ReadErrorKind;
use cqm_pdf::{Limit, Limits};

use crate::support::*;

fn text(letter: &Letter) -> AnyText {
    let pdf = letter.build();
    AnyPdf::open(&pdf, &Limits::default()).unwrap().text()
}

#[track_caller]
fn words(letter: &Letter) -> String {
    let text = text(letter);
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
        let text = text(&simple(font, "BT /f0 10 Tf 50 700 Td (A3990) Tj ET"));
        assert!(!text.words.iter().any(|word| word.contains('A')), "{font}: {:?}", text.words);
        assert!(text.unread.iter().any(|reason| reason.contains("what its characters are")), "{:?}", text.unread);
    }
    let mut letter = plain("");
    letter.objects[CONTENT - 1] = stream("/Filter/LZWDecode", b"x");
    let text = text(&letter);
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
    let unread = text(letter).unread;
    let limit = ReadErrorKind::Limit(limit).to_string();
    assert!(unread.iter().any(|reason| reason.starts_with(&limit)), "{unread:?}");
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
    let widths = Letter::accepted().replace(CID_FONT, "/W[0[", &format!("/W[{} 0[", "0 65535 1 ".repeat(1000)));
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
        AnyPdf::open(&pdf, &Limits::default()).unwrap().survey().holds_token
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

#[test]
fn a_search_that_a_limit_stops_says_so_and_keeps_what_it_found() {
    let token = b"<</F(A.JWT)/EF<</F 4 0 R>>>>";
    let long = format!("[{}]", "/a ".repeat(1000));
    let letter = Letter::accepted();
    let limits = |pdf: &[u8]| {
        let limits = Limits { values: 900, ..Limits::default() };
        AnyPdf::open(pdf, &limits).unwrap().survey()
    };
    // Without its plain name; the same name in hexadecimal digits is met before the limit.
    let mut without = letter.clone();
    without.tail[0] = b"<<>>".to_vec();
    without.tail[1] = b"<<>>".to_vec();
    let without = without.replace(CATALOG, "/Names<</EmbeddedFiles<</Names[(certificate.jwt)@2 0 R]>>>>", "");
    let before = limits(&without.clone().add(token).add(long.as_bytes()).build());
    assert!(before.holds_token && before.stopped.is_some());
    let after = limits(&without.clone().add(long.as_bytes()).add(token).build());
    assert!(!after.holds_token && after.stopped.is_some());
    let whole = limits(&without.build());
    assert!(!whole.holds_token && whole.stopped.is_none(), "{whole:?}");
}

#[test]
fn the_name_of_a_token_is_known_in_every_encoding() {
    for spelled in [
        "(certificate.jwt)",
        "<63657274 6966696361 74652e6a7774>",
        "<6365727469666963 6174652E6A7774>",
        "<FEFF00630065007200740069006600690063006100740065002E006A00770074>",
        "(\\143ertificate\\56jwt)",
        "(certi\\\nficate\\.j\\167t)",
        "/certificate#2ejwt",
        "/#63#65rtificate.jw#74",
    ] {
        let pdf = format!("%PDF-1.7 1 0 obj <</A(x)/F {spelled} /N(y)>> endobj").into_bytes();
        assert!(spells_token(&pdf), "{spelled}");
    }
    assert!(spells_token(b"\xfe\xff\0c\0e\0r\0t\0i\0f\0i\0c\0a\0t\0e\0.\0j\0w\0t"));
    for other in ["(certificate.xml)", "<63657274 6966696361 74652e6a77>", "/certificate#2gjwt", "(certificate\\nljwt)"]
    {
        assert!(!spells_token(other.as_bytes()), "{other}");
    }
}

/// A letter with three layers: 11 is on, 12 and 13 are off; 14 and 15 depend on them.
fn layered(content: &str) -> Letter {
    plain(content)
        .add(b"<</Type/OCG/Name(English)>>")
        .add(b"<</Type/OCG/Name(Deutsch)>>")
        .add(b"<</Type/OCG/Name<feff004500e9>>>")
        .add(b"<</Type/OCMD/OCGs[11 0 R 12 0 R]/P/AllOn>>")
        .add(b"<</Type/OCMD/VE[/And[/Not 11 0 R][/Or 12 0 R 13 0 R]]>>")
        .replace(CATALOG + 5, "/Type", "/OCProperties<</OCGs[11 0 R 12 0 R 13 0 R]/D<</OFF[12 0 R 13 0 R]>>>>/Type")
        .replace(RESOURCES, "/ProcSet", "/Properties<</on 11 0 R/off 12 0 R/all 14 0 R/not 15 0 R>>/ProcSet")
}

#[test]
fn layers_that_are_off_are_named_with_the_pages_of_their_text() {
    let show = "BT /f0 10 Tf 50 700 Td (A1) Tj ET";
    let hides = |content: &str| -> Vec<String> {
        let layers = text(&layered(content)).layers.unwrap();
        assert_eq!(layers.count, 3);
        let names: Vec<&str> = layers.hidden.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, ["Deutsch", "E\u{e9}"]);
        let with_text = layers.hidden.into_iter().filter(|layer| layer.pages_with_text.contains(&1));
        with_text.map(|HiddenLayer { name, .. }| name).collect()
    };
    for (content, layers) in [
        (show.to_owned(), &[][..]),
        (format!("/OC /on BDC {show} EMC"), &[]),
        (format!("/OC /off BDC EMC {show}"), &[]),
        (format!("/OC /off BDC {show} EMC"), &["Deutsch"]),
        (format!("/OC /off BDC /Span BMC {show} EMC EMC"), &["Deutsch"]),
        (format!("/OC /off BDC q /OC /on BDC {show} EMC Q EMC"), &["Deutsch"]),
        (format!("/OC /all BDC {show} EMC"), &["Deutsch"]),
        (format!("/OC /not BDC {show} EMC"), &["Deutsch", "E\u{e9}"]),
        (format!("/OC /unknown BDC {show} EMC"), &[]),
        (format!("/Other /off BDC {show} EMC"), &[]),
    ] {
        assert_eq!(hides(&content), layers, "{content}");
    }
    // A form and an annotation in a layer; a form that is shown in one.
    let form = |entries: &str| stream(&format!("/Subtype/Form{entries}"), show.as_bytes());
    let with_form = |content: &str, entries: &str| {
        let resources = "/XObject<</x 16 0 R>>/ProcSet";
        text(&layered(content).add(&form(entries)).replace(RESOURCES, "/ProcSet", resources)).layers.unwrap().hidden
    };
    for (content, entries, is_hidden) in [
        ("/x Do", "", false),
        ("/x Do", "/OC 12 0 R", true),
        ("/x Do", "/OC 11 0 R", false),
        ("/OC /off BDC /x Do EMC", "", true),
        ("/OC /off BDC /x Do EMC", "/OC 11 0 R", true),
    ] {
        assert_eq!(!with_form(content, entries)[0].pages_with_text.is_empty(), is_hidden, "{content} {entries}");
    }
    let annotated = layered("")
        .add(b"<</Type/Annot/Subtype/Stamp/OC 13 0 R/Rect[50 600 90 620]/AP<</N 17 0 R>>>>")
        .add(&form("/Resources<</Font<</f0 6 0 R>>>>"))
        .replace(PAGE, "/Annots[@3 0 R]", "/Annots[@3 0 R 16 0 R]");
    assert!(!text(&annotated).layers.unwrap().hidden[1].pages_with_text.is_empty());
    // The base state of all layers, and a file without layers.
    let all_off = layered("").replace(CATALOG + 5, "/D<<", "/D<</BaseState/OFF/ON[11 0 R]");
    assert_eq!(text(&all_off).layers.unwrap().hidden.len(), 2);
    assert_eq!(text(&plain("")).layers, None);
}

#[test]
fn hostile_layers_cost_their_budget_and_no_more() {
    // Marks that are never closed, with text in each; a membership of many layers; a loop.
    let deep = "/OC /not BDC BT /f0 9 Tf (A) Tj ET ".repeat(30_000);
    limited(&layered(&deep), Limit::Operators);
    let groups = "12 0 R ".repeat(50_000);
    let often = "/OC /many BDC (A) Tj EMC ".repeat(20_000);
    let many = layered(&often).add(format!("<</Type/OCMD/P/AllOn/OCGs[{groups}]>>").as_bytes());
    let start = Instant::now();
    text(&many.replace(RESOURCES, "/on 11 0 R", "/many 16 0 R"));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let itself =
        layered("/OC /loop BDC BT /f0 9 Tf (A) Tj ET EMC").add(b"<</Type/OCMD/VE 17 0 R>>").add(b"[/Not 17 0 R]");
    let read = text(&itself.replace(RESOURCES, "/on 11 0 R", "/loop 16 0 R"));
    assert!(read.unread.iter().any(|reason| reason.contains("loop")), "{:?}", read.unread);
}
