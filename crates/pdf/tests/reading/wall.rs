//! The second wall: what a signer could put into a letter to show a person something else.

use cqm_pdf::Limits;
use cqm_pdf::letter::{PageText, Problem, ProblemKind, TextRun, inspect};

use crate::support::*;

fn problems(letter: &Letter) -> Vec<Problem> {
    inspect(&letter.build(), &Limits::default()).problems
}

/// The text of the first page.
fn page(letter: &Letter) -> PageText {
    inspect(&letter.build(), &Limits::default()).pages.swap_remove(0)
}

#[track_caller]
fn accepted(letter: &Letter) {
    assert_eq!(problems(letter), []);
}

/// The letter has this problem.
#[track_caller]
fn refused(letter: &Letter, detail: &str) {
    let problems = problems(letter);
    assert!(problems.iter().any(|problem| problem.detail.contains(detail)), "{detail:?} is not among {problems:#?}");
}

#[test]
fn references_lead_to_objects_of_the_expected_type() {
    let base = Letter::accepted;
    for (object, from, to, detail) in [
        (PAGE, "/Contents 4 0 R", "/Contents 4 1 R", "/Contents of a page does not refer to a stream, but to null"),
        (PAGE, "/Contents 4 0 R", "/Contents 4 1 R", "a reference of another generation"),
        (PAGE, "/Contents 4 0 R", "/Contents 2 0 R", "but to a dictionary"),
        (PAGE, "/Contents 4 0 R", "", "1 to 2 content streams"),
        (PAGE, "/Contents 4 0 R", "/Contents[]", "1 to 2 content streams"),
        (PAGE, "/Annots[@3 0 R]", "/Annots 2 0 R", "other annotations than the signature field"),
        (8, "/FontFile2 10 0 R", "/FontFile2 10 1 R", "/FontFile2 does not refer to a stream, but to null"),
        (8, "/FontFile2 10 0 R", "/FontFile2 2 0 R", "but to a dictionary"),
        (FONT, "/ToUnicode 9 0 R", "/ToUnicode 9 1 R", "/ToUnicode does not refer to a stream"),
        (RESOURCES, "/ICCBased 1 0 R", "/ICCBased 1 1 R", "not ICC-based with a profile"),
    ] {
        refused(&base().replace(object, from, to), detail);
    }
}

#[test]
fn content_is_one_stream_with_nothing_but_a_legend_before_it() {
    accepted(&Letter::accepted().replace(PAGE, "/Contents 4 0 R", "/Contents[4 0 R]"));
    let with = |more: &str, contents: &str| {
        let letter = Letter::accepted().add_unreachable(&stream("", more.as_bytes()));
        letter.replace(PAGE, "/Contents 4 0 R", &format!("/Contents[{contents}]"))
    };
    let (first, last) = (format!("{ADDED} 0 R 4 0 R"), format!("4 0 R {ADDED} 0 R"));
    let more = show(72, 600, "more");
    for contents in [&first, &last] {
        refused(&with(&more, contents), "not a built-in legend");
        // All that is shown is read, for people who inspect the file.
        assert_eq!(page(&with(&more, contents)).lines(), ["39902000DA Porto", "more"]);
    }
    refused(&with("q", &first), "ends inside");
    refused(&with("q", &last), "ends inside");
    refused(&with("1", &last), "operands without an operator");
    refused(&with(&more, &format!("{last} {ADDED} 0 R")), "1 to 2 content streams");
}

#[test]
fn streams_have_one_purpose_and_its_keys() {
    let base = Letter::accepted;
    for object in [CONTENT, TO_UNICODE, 10, PROFILE] {
        for key in ["/X 1", "/F(x)", "/DP<<>>", "/DecodeParms null", "/Filter[/FlateDecode]"] {
            let kind = if key.starts_with("/Filter") { "/Filter" } else { "the key" };
            refused(&base().replace(object, "/Length", &format!("{key}/Length")), kind);
        }
    }
    accepted(&base().replace(10, "/Length", "/Length1 6/Length"));
    accepted(&base().replace(TO_UNICODE, "/Length", "/Type/CMap/WMode 0/Length"));
    refused(&base().replace(TO_UNICODE, "/Length", "/Type/CMap/WMode 1/Length"), "from top to bottom");
    refused(&base().add(&stream("", b"x")), "none of those that a letter has");
    refused(&base().replace(8, "/FontFile2 10 0 R", "/FontFile2 9 0 R"), "two purposes");
    for name in ["Alternate", "DeviceN", "Pattern", "XObject", "FFilter", "UseCMap"] {
        refused(&base().add(format!("<</{name} 1>>").as_bytes()), &format!("/{name}, which letters do not use"));
    }
}

#[test]
fn colours_are_srgb_under_plain_names() {
    let base = Letter::accepted;
    let profile = include_bytes!("../../src/letter/srgb.icc");
    let with = |entries: &str, data: &[u8]| {
        let mut letter = base();
        letter.objects[PROFILE - 1] = stream(entries, data);
        letter
    };
    accepted(&with("/N 3/Range[0 1 0.0 1 0 1.0]", profile));
    refused(&with("/N 1", profile), "/N is not 3");
    refused(&with("/N 3/Range[0 1]", profile), "/Range");
    refused(&with("/N 3", &profile[..479]), "other than the sRGB profile");
    refused(&base().replace(RESOURCES, "/c0[", "/Pattern["), "/ColorSpace of the resources has the name /Pattern");
    refused(&base().replace(RESOURCES, "/f0 6", "/F0 6"), "/Font of the resources has the name /F0");
    accepted(&base().replace(RESOURCES, "/f0 6 0 R", "/f0 6 0 R/f123 6 0 R"));
    refused(&base().replace(RESOURCES, "/ProcSet[/PDF/Text]", "/ProcSet[/Other]"), "/ProcSet");
}

#[test]
fn a_viewer_that_rebuilds_the_file_finds_the_same_objects() {
    let info = |text: &str| Letter::accepted().replace(ADDED, "/Title(A letter)", &format!("/Title({text})"));
    accepted(&info("an obj, a trailer, xref and startxref"));
    for (text, what) in [
        ("4 0 obj", "13 objects, not 12"),
        ("4\n0\robj", "13 objects, not 12"),
        ("trailer <</Root 1 0 R>>", "1 trailers, not 0"),
        ("xref\n0 1", "1 tables, not 0"),
        ("startxref 9", "1 tables, not 0"),
        ("%%EOF", "1 ends, not 0"),
    ] {
        refused(&info(text), what);
    }
}

#[test]
fn decoration_is_no_writing() {
    let with = |shapes: &str| Letter::with_content(&format!("{}{shapes}", show(72, 700, "text")));
    let text = show(72, 700, "text");
    // A wide rule; a ground under a text; the logo.
    accepted(&with("0 600 149 1 re f"));
    refused(&with("0 600 148 1 re f"), "a narrow rectangle");
    let gray = "/c0 cs 0.9 0.9 0.9 scn 70 690 50 20 re f /c0 cs 0 0 0 scn ";
    accepted(&Letter::with_content(&format!("{text}{}{}", gray.replace("690", "590"), show(72, 600, "A"))));
    let logo = |x: u32, y: u32| format!("{x} {y} m 300 800 l 300 {y} 310 {y} 320 {y} c h f ");
    accepted(&Letter::with_content(&format!("{}{text}", logo(200, 780))));
    refused(&Letter::with_content(&format!("{}{text}", logo(19, 780))), "larger than its box");
    refused(&Letter::with_content(&format!("{}{text}", logo(200, 740))), "not at the top");
    refused(&with(&logo(200, 780)), "not part of the logo");
    refused(&Letter::with_content(&logo(200, 780)), "not part of the logo");
}

#[test]
fn a_replacement_is_the_text_itself() {
    let with = |shown: &str, actual: &str| {
        let utf16: String = actual.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
        let text = glyphs(shown);
        Letter::with_content(&format!("BT /f0 10 Tf 72 110 Td /Span<</ActualText<feff{utf16}>>>BDC {text} Tj EMC ET"))
    };
    for (shown, actual) in
        [("re-", "re"), ("re-", "re\u{ad}"), ("a b", "ab"), ("ab", "a\u{a0}b"), ("-", ""), ("a-b", "a-b")]
    {
        accepted(&with(shown, actual));
        assert_eq!(page(&with(shown, actual)).lines(), [shown], "the glyphs' own text is read");
    }
    for (shown, actual) in [("a-b", "ab"), ("a.", "a"), ("a", ""), ("a", "α"), ("a", "a深"), ("a--", "a"), ("A", "a")]
    {
        refused(&with(shown, actual), "is read as");
    }
}

/// The lines of texts at these places, with these sizes.
fn lines(runs: &[(&str, f64, f64, f64)]) -> Vec<String> {
    let fill = page(&Letter::accepted()).runs[0].fill;
    let run = |&(text, x, y, font_size): &(&str, f64, f64, f64)| {
        let width = 0.6 * font_size * f64::from(u32::try_from(text.chars().count()).unwrap());
        TextRun { text: text.into(), x, y, width, font_size, fill }
    };
    PageText { runs: runs.iter().map(run).collect() }.lines()
}

#[test]
fn lines_are_those_that_a_person_sees() {
    let (first, second) = (("39902", 100.0, 500.0, 10.0), ("000DA", 130.0, 499.9, 10.0));
    assert_eq!(lines(&[first, second]), ["39902000DA"]);
    // A tiny space, and a small sign, on a baseline between or above.
    assert_eq!(lines(&[first, (" ", 90.0, 499.95, 0.01), second]), ["39902000DA"]);
    assert_eq!(lines(&[first, (" ", 90.0, 502.0, 20.0), second]), ["39902000DA"]);
    assert_eq!(lines(&[first, (".", 90.0, 500.95, 4.0), second]), [". 39902000DA"]);
    assert_eq!(lines(&[first, (".", 90.0, 498.0, 4.0), ("000DA", 130.0, 497.9, 10.0)]), ["39902000DA", "."]);
    // A second line beside a tall text does not get between the pieces of the first.
    assert_eq!(lines(&[("T", 50.0, 495.0, 40.0), first, second, ("x", 120.0, 494.0, 10.0)]), ["39902000DA", "T x"],);
    assert_eq!(lines(&[first, ("x", 110.0, 498.0, 10.0), second]), ["39902000DA", "x"]);
    assert_eq!(lines(&[first, ("below", 100.0, 490.0, 10.0)]), ["39902", "below"]);
}

#[test]
fn problems_of_the_wall_are_outside_the_profile() {
    let letter = Letter::accepted().replace(PAGE, "/Contents 4 0 R", "/Contents 4 1 R");
    assert!(problems(&letter).iter().all(|problem| problem.kind == ProblemKind::OutsideProfile));
}
