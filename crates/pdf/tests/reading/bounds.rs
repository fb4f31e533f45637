//! Bounds, each met exactly and passed by one.

use std::io::Write;

use cqm_pdf::any::AnyPdf;
use cqm_pdf::letter::{Inspection, ProblemKind, inspect};
use cqm_pdf::syntax::{Document, ReadErrorKind};
use cqm_pdf::{Limit, Limits};

use crate::support::*;

fn look(letter: &Letter) -> Inspection<'static> {
    inspect(letter.build().leak(), &Limits::default())
}

/// The first letter is accepted, and the second has exactly one problem, with `detail`.
#[track_caller]
fn at_most(met: &Letter, passed: &Letter, kind: ProblemKind, detail: &str) {
    assert_eq!(look(met).problems, []);
    let problems = look(passed).problems;
    let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
    assert_eq!(problem.kind, kind);
    assert!(problem.detail.contains(detail), "{problem:?}");
}

#[track_caller]
fn content(met: &str, passed: &str, kind: ProblemKind, detail: &str) {
    at_most(&Letter::with_content(met), &Letter::with_content(passed), kind, detail);
}

/// A letter with this content, and with this CMap for its font.
fn with_map(content: &str, map: &str) -> Letter {
    let mut letter = Letter::with_content(content);
    letter.objects[TO_UNICODE - 1] = stream("", map.as_bytes());
    letter
}

#[test]
fn exactly_the_most_operands() {
    // No operator takes 32 operands, so it is refused for that, and the page is read to its end.
    let with = |count: usize| look(&Letter::with_content(&format!("{}q Q /x0 Do", "0 ".repeat(count)))).problems;
    let details = |count: usize| with(count).into_iter().map(|problem| problem.detail).collect::<Vec<_>>();
    let (q, upper_q) =
        ("the operator q with these operands or in this place", "the operator Q with these operands or in this place");
    assert_eq!(details(32), [q, upper_q, "the operator Do"]);
    let problems = with(33);
    let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
    assert_eq!((problem.kind, problem.detail.as_str()), (ProblemKind::Malformed, "syntax: too many operands"));
}

#[test]
fn numbers_in_content() {
    use ProblemKind::OutsideProfile;
    content("2147483647.0 0 200 9 re f", "2147483648.0 0 200 9 re", OutsideProfile, "the operator re");
    for (met, passed) in [
        ("2147483647 0 200 9 re f", "2147483648 0 200 9 re"),
        ("-2147483648 0 200 9 re f", "-2147483649 0 200 9 re"),
        ("-2147483647.0 0 200 9 re f", "-2147483648.0 0 200 9 re"),
        ("1000000000 0 0 1 0 0 cm", "1000000001 0 0 1 0 0 cm"),
        ("1 0 0 1 0 -1000000000 cm", "1 0 0 1 0 -1000000001 cm"),
    ] {
        content(met, passed, OutsideProfile, "the operator");
    }
}

#[test]
fn nesting_of_marked_content() {
    let nested = |depth: usize| format!("{}{}", "/P BMC ".repeat(depth), "EMC ".repeat(depth));
    let unbalanced = nested(65).replacen("EMC ", "", 1);
    content(&nested(64), &unbalanced, ProblemKind::OutsideProfile, "the operator BMC");
}

#[test]
fn a_gap_begins_a_new_run() {
    // Glyphs without width, so that the gap is exact.
    let runs = |gap: i32| {
        let letter = Letter::with_content(&format!("BT /f0 10 Tf 72 700 Td [<0041> {gap} <0042>] TJ ET"));
        let inspection = look(&letter.replace(CID_FONT, &"600 ".repeat(256), &"0 ".repeat(256)));
        assert_eq!(inspection.problems, []);
        inspection.pages[0].runs.len()
    };
    assert_eq!([-300, 300].map(runs), [1, 1]);
    assert_eq!([-301, 301].map(runs), [2, 2]);
}

#[test]
fn contrast_and_surfaces_behind_text() {
    let gray = |level: &str| format!("/c0 cs {level} {level} {level} scn BT /f0 10 Tf 72 110 Td <0041> Tj ET");
    content(&gray("0.583"), &gray("0.585"), ProblemKind::HiddenText, "too little contrast");
    // The box of the glyph is [100 98 106 107.5]; it may exceed the dark bar by half a point on
    // each side.
    let bar =
        |rectangle: &str| format!("/c0 cs 0 0 0 scn {rectangle} re f 1 1 1 scn BT /f0 10 Tf 100 100 Td <0041> Tj ET");
    let met = bar("100.5 98.5 5 8.5");
    for passed in ["100.6 98.5 5 8.5", "100.5 98.6 5 8.5", "100.5 98.5 4.9 8.5", "100.5 98.5 5 8.4"] {
        content(&met, &bar(passed), ProblemKind::HiddenText, "too little contrast");
    }
}

#[test]
fn quotes_and_details_are_cut() {
    let detail = |text: &str| {
        let white = format!("/c0 cs 1 1 1 scn BT /f0 5 Tf 72 110 Td {} Tj ET", glyphs(text));
        look(&Letter::with_content(&white)).problems[0].detail.clone()
    };
    assert_eq!(detail(&"A".repeat(60)), format!("the text \"{}\" has too little contrast", "A".repeat(60)));
    assert_eq!(detail(&"A".repeat(61)), format!("the text \"{}\"… has too little contrast", "A".repeat(60)));

    let detail = |length: usize| {
        let key = format!("/{} 1", "x".repeat(length));
        look(&Letter::accepted().replace(CATALOG, "/Lang(en)", &key)).problems[0].detail.clone()
    };
    let before = "the catalog has the key /";
    assert_eq!(detail(300 - before.len()), format!("{before}{}", "x".repeat(300 - before.len())));
    assert_eq!(detail(301 - before.len()), format!("{before}{}…", "x".repeat(300 - before.len())));
}

#[test]
fn sides_of_a_page() {
    let media_box = |sides: &str| Letter::accepted().replace(PAGE, "[0 0 595 842]", sides);
    for (met, passed) in [
        ("[72 690 190 762]", "[72 690 190 761.9]"),
        ("[0 0 2000 842]", "[0 0 2000.1 842]"),
        ("[0 0 595 2000]", "[0 0 595 2000.1]"),
    ] {
        at_most(&media_box(met), &media_box(passed), ProblemKind::OutsideProfile, "sheet of paper");
    }
    let narrow = |side: &str| Letter::with_content(&show(20, 700, "A")).replace(PAGE, "[0 0 595 842]", side);
    at_most(&narrow("[0 0 72 842]"), &narrow("[0 0 71.9 842]"), ProblemKind::OutsideProfile, "sheet of paper");
}

#[test]
fn widths_and_characters_of_glyphs() {
    let kind = ProblemKind::OutsideProfile;
    let width = |width: &str| Letter::with_content("").replace(CID_FONT, "700]]", &format!("{width}]]"));
    at_most(&width("10000"), &width("10001"), kind, "malformed widths");
    let target =
        |units: usize| with_map("", &to_unicode().replace("<00660069>", &format!("<{}>", "0041".repeat(units))));
    at_most(&target(8), &target(9), kind, "malformed /ToUnicode");
    at_most(&target(1), &target(0), kind, "malformed /ToUnicode");
}

#[test]
fn limits_that_a_letter_meets_exactly() {
    let limits = Limits::default();
    let meets = |letter: &Letter, met: Limits, passed: Limits, limit: Limit| {
        let pdf = letter.build();
        assert_eq!(inspect(&pdf, &met).problems, []);
        let problems = inspect(&pdf, &passed).problems;
        assert!(problems.iter().any(|problem| problem.kind == ProblemKind::LimitExceeded(limit)), "{problems:#?}");
    };
    let letter = Letter::accepted();
    meets(&letter, Limits { xref_entries: 13, ..limits }, Limits { xref_entries: 12, ..limits }, Limit::XrefEntries);
    meets(&letter, Limits { pages: 2, ..limits }, Limits { pages: 1, ..limits }, Limit::Pages);
    meets(&letter, Limits { operators: 6, ..limits }, Limits { operators: 5, ..limits }, Limit::Operators);

    // The data that is read: the page, compressed, the CMap of the font, and the profile.
    let page = show(72, 700, "text");
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(page.as_bytes()).unwrap();
    let mut compressed = Letter::accepted();
    compressed.objects[CONTENT - 1] = stream("/Filter/FlateDecode", &encoder.finish().unwrap());
    let map = compressed.objects[TO_UNICODE - 1].len() - stream("", b"").len() - 3;
    let profile = include_bytes!("../../src/letter/srgb.icc").len();
    let inflated = page.len() + map + profile;
    let met = Limits { inflated, ..limits };
    meets(&compressed, met, Limits { inflated: inflated - 1, ..limits }, Limit::Inflated);

    // As many problems as are listed need no further entry.
    let with = |problems: usize| {
        inspect(&Letter::with_content("a b c").build(), &Limits { problems, ..limits }).problems.len()
    };
    assert_eq!([2, 3, 4].map(with), [3, 3, 3]);
}

/// The values that reading a letter costs.
fn cost(letter: &Letter) -> usize {
    let pdf = letter.build();
    let is_enough = |values: usize| inspect(&pdf, &Limits { values, ..Limits::default() }).problems.is_empty();
    let (mut too_few, mut enough) = (0, 4096);
    assert!(is_enough(enough));
    while enough - too_few > 1 {
        let middle = too_few.midpoint(enough);
        if is_enough(middle) { enough = middle } else { too_few = middle }
    }
    enough
}

#[test]
fn strings_and_white_space_are_charged() {
    // Four bytes of a string are one value. The length of the content has three digits in both.
    let shown = |text: &str| cost(&Letter::with_content(&format!("{}{}", show(72, 700, text), " ".repeat(100))));
    assert_eq!(shown("aa") - shown("a"), 1);
    assert_eq!(shown("aaaa") - shown("aaa"), 1);
    // 64 bytes of an object are one value. This one is only passed over.
    let spaces = |count: usize| cost(&Letter::accepted().add(format!("[{}]", " ".repeat(count)).as_bytes()));
    assert_eq!(spaces(64) - spaces(0), 1);
    assert_eq!(spaces(640) - spaces(0), 10);
}

#[test]
fn filters_of_a_stream() {
    let decoded = |count: usize| {
        let data = (0..count)
            .fold(b"A1".to_vec(), |data, _| data.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect());
        let filters = format!("/Filter[{}]", "/ASCIIHexDecode".repeat(count));
        let pdf = Letter::accepted().add(&stream(&filters, &data)).build();
        let document = Document::open(&pdf, &Limits::default()).unwrap();
        let object =
            document.object(cqm_pdf::syntax::Reference { number: ADDED.try_into().unwrap(), generation: 0 }).unwrap();
        document.decode_all(object.as_stream().unwrap()).map(|data| data.into_owned())
    };
    assert_eq!(decoded(8).unwrap(), b"A1");
    assert!(matches!(decoded(9).unwrap_err().kind(), ReadErrorKind::Unsupported(_)));
}

#[test]
fn signatures_and_names_of_fields() {
    let look = |count: usize, name: usize| {
        let kids = "<</T(k)/FT/Sig/V<</ByteRange[]/Contents<00>>>>>".repeat(count);
        let name = "n".repeat(name);
        let letter = Letter::accepted().replace(CATALOG, "[@3 0 R]", "[11 0 R]");
        let pdf = letter.add(format!("<</T({name})/Kids[{kids}]>>").as_bytes()).build();
        AnyPdf::open(&pdf, &Limits::default()).unwrap().signatures()
    };
    assert_eq!(look(8, 1).unwrap().len(), 8);
    assert_eq!(*look(9, 1).unwrap_err().kind(), ReadErrorKind::Limit(Limit::Signatures));
    for (length, kept) in [(100, 100), (101, 100)] {
        assert_eq!(look(1, length).unwrap()[0].field, format!("{}.k", "n".repeat(kept)));
    }
}

#[test]
fn characters_of_a_code_in_a_foreign_font() {
    let words = |units: usize| {
        let map = format!("1 beginbfchar <0100> <{}> endbfchar", "0041".repeat(units));
        let letter = with_map("BT /f0 10 Tf 50 700 Td <0100> Tj ET", &map);
        let pdf = letter.build();
        AnyPdf::open(&pdf, &Limits::default()).unwrap().text()
    };
    assert_eq!(words(4).words, ["AAAA"]);
    // A longer text is skipped, and the code has no character.
    assert_eq!(words(5).words, [] as [&str; 0]);
    assert_eq!(words(5).unread.len(), 1);
}
