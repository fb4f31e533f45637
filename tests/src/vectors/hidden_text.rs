//! Text that a program reads and a person does not see, or the reverse, in letters that the office
//! signed.

use super::pdf::{Pdf, find};
use super::{PLAIN, Vector};

/// A text of 8.5 points at the left of the foot of the first page, as the letter would print it.
const VISIBLE: &str = "/Artifact<</Type/Pagination>>BDC\nq 1 0 0 -1 0 595.276 cm/c0 cs 0.1 0.1 0.1 scn\n\
    BT 0 Tr/f1 8.5 Tf 1 0 0 -1 300 564.31 Tm TEXT TJ\nET\nQ\nEMC\n";

/// A rectangle that covers the text.
pub(super) const COVER: &str =
    "q 1 0 0 -1 0 595.276 cm/c0 cs 1 1 1 scn\n290 550 m 510 550 l 510 570 l 290 570 l h f\nQ\n";

const TWIN: &str = "hidden-text/visible";

pub(super) fn vectors() -> Vec<Vector> {
    let plain = Pdf::plain();
    let shown = text(&plain);
    let visible = format!("\n{VISIBLE}").replace("TEXT", &shown);
    let hidden = "pdf.hidden-text";
    let outside = "pdf.outside-profile";
    let added = |content: &str| plain.clone().content(content);
    let mut vectors = vec![
        Vector::accepted("visible", "a text is added that is visible", added(&visible).sign()).twin(PLAIN),
        Vector::accepted(
            "visible-on-dark",
            "a white text on a dark surface",
            added(&format!(
                "\n{}{}",
                COVER.replace("1 1 1 scn", "0 0 0.2 scn"),
                visible.replace("0.1 0.1 0.1 scn", "1 1 1 scn")
            ))
            .sign(),
        )
        .twin(PLAIN),
        Vector::accepted(
            "visible-beside-cover",
            "a surface beside a text",
            added(&format!("{visible}{}", COVER.replace("290", "380").replace("510", "600"))).sign(),
        )
        .twin(PLAIN),
    ];
    let changed = |from: &str, to: &str| added(&visible.replace(from, to)).sign();
    for (name, fault, codes, from, to) in [
        ("white-on-white", "a text in white on the white page", hidden, "0.1 0.1 0.1 scn", "1 1 1 scn"),
        ("pale", "a text in light gray", hidden, "0.1 0.1 0.1 scn", "0.8 0.8 0.8 scn"),
        ("yellow", "a text in yellow", hidden, "0.1 0.1 0.1 scn", "1 1 0 scn"),
        ("invisible", "a text that is neither filled nor stroked", hidden, "0 Tr", "3 Tr"),
        ("clipping-text", "a text that only clips", hidden, "0 Tr", "7 Tr"),
        ("outlined", "a text that is only stroked", hidden, "0 Tr", "1 Tr"),
        ("tiny", "a text of one point", hidden, "8.5 Tf", "1 Tf"),
        ("size-zero", "a text of no size", hidden, "8.5 Tf", "0 Tf"),
        ("size-negative", "a text of a negative size", "pdf.hidden-text", "8.5 Tf", "-8.5 Tf"),
        (
            "scaled-to-nothing",
            "a text that the matrix makes tiny",
            hidden,
            "1 0 0 -1 300 564.31 Tm",
            "0.01 0 0 -0.01 300 564.31 Tm",
        ),
        ("off-the-page", "a text beside the page", hidden, "300 564.31 Tm", "9000 564.31 Tm"),
        ("off-the-page-partly", "a text that runs off the page", hidden, "300 564.31 Tm", "820 564.31 Tm"),
        ("below-the-page", "a text below the page", hidden, "300 564.31 Tm", "300 700 Tm"),
        ("mirrored", "a text that is mirrored", outside, "1 0 0 -1 300 564.31 Tm", "-1 0 0 -1 400 564.31 Tm"),
        ("turned", "a text that is turned", outside, "1 0 0 -1 300 564.31 Tm", "0 -1 -1 0 300 564.31 Tm"),
        (
            "turned-a-little",
            "a text that is turned too little to be seen",
            outside,
            "1 0 0 -1 300 564.31 Tm",
            "1 0.002 0.002 -1 300 564.31 Tm",
        ),
        ("slanted", "a text that is slanted", outside, "1 0 0 -1 300 564.31 Tm", "1 0 2 -1 300 564.31 Tm"),
        ("stretched", "a text that is stretched", outside, "1 0 0 -1 300 564.31 Tm", "2 0 0 -1 300 564.31 Tm"),
        ("clipped", "a clip cuts the text off", outside, "cm/c0", "cm 0 0 m 9 0 l 9 9 l 0 9 l h W n/c0"),
        (
            "clipped-in-part",
            "a clip cuts the text in two",
            outside,
            "cm/c0",
            "cm 290 550 m 310 550 l 310 570 l 290 570 l h W n/c0",
        ),
        (
            "clipped-by-shape",
            "a triangle clips the text",
            outside,
            "cm/c0",
            "cm 290 550 m 400 550 l 400 570 l h W n/c0",
        ),
        ("clipped-by-nothing", "an empty clip", outside, "cm/c0", "cm 0 0 m W n/c0"),
        ("layer", "a text in an optional-content group", outside, "/Artifact<</Type/Pagination>>BDC", "/OC/x BDC"),
        (
            "layer-inline",
            "a text in an optional-content group that is in the content",
            outside,
            "/Artifact<</Type/Pagination>>BDC",
            "/OC<</Type/OCG/Name(x)>>BDC",
        ),
        ("replaced", "a text that is read as another", hidden, "<</Type/Pagination>>", "<</ActualText(39909999DA)>>"),
        ("replaced-by-nothing", "a text that is read as nothing", hidden, "<</Type/Pagination>>", "<</ActualText()>>"),
        ("expanded", "a text with an expansion", outside, "<</Type/Pagination>>", "<</E(other)>>"),
        ("spaced", "spaces between the characters are changed", outside, "0 Tr", "0 Tr 9 Tc"),
        ("raised", "a text that is raised off its line", outside, "0 Tr", "0 Tr 900 Ts"),
        ("narrowed", "a text that is narrowed to nothing", outside, "0 Tr", "0 Tr 0 Tz"),
        ("font-size-operator", "the text is shown by another operator", outside, "TJ\n", "'\n"),
        ("pattern", "a text that is filled with a pattern", outside, "/c0 cs 0.1 0.1 0.1 scn", "/Pattern cs/p scn"),
        ("transparent", "a graphics state that the page does not have", outside, "/c0 cs", "/x gs/c0 cs"),
        ("comment", "a comment in the content", outside, "BT 0 Tr", "% hello\nBT 0 Tr"),
        ("inline-image", "an image in the content", outside, "BT 0 Tr", "BI/W 1/H 1/BPC 8/CS/G ID x EI\nBT 0 Tr"),
        ("compatibility", "operators that a viewer may ignore", outside, "BT 0 Tr", "BX 0 foo EX\nBT 0 Tr"),
        ("unknown-font", "a font that the page does not have", outside, "/f1", "/f9"),
        ("unknown-glyph", "a glyph without a character", outside, "TJ\n", "TJ(\\377\\376)Tj\n"),
        ("odd-glyph", "a glyph of one byte", outside, "TJ\n", "TJ(x)Tj\n"),
        ("unbalanced", "a graphics state that is not restored", outside, "ET\nQ\n", "ET\n"),
        ("text-in-text", "a text object in a text object", outside, "BT 0 Tr", "BT BT 0 Tr"),
        ("colour-out-of-range", "a colour beyond white", outside, "0.1 0.1 0.1 scn", "2 2 2 scn"),
    ] {
        vectors.push(Vector::office(name, fault, codes, changed(from, to)).twin(TWIN));
    }
    // Shapes of half a point, a point apart.
    let covers: String = (0..20_u8)
        .map(|row| (f64::from(row) + 551.0, f64::from(row) + 551.5))
        .map(|(top, bottom)| format!("290 {top} m 510 {top} l 510 {bottom} l 290 {bottom} l h f\n"))
        .collect();
    let hairlines = format!("q 1 0 0 -1 0 595.276 cm/c0 cs 1 1 1 scn {covers}Q\n");
    let dark_lines = hairlines.replace("1 1 1 scn", "0 0 0 scn");
    let larger = VISIBLE.replace("TEXT", &shown).replace("8.5 Tf", "17 Tf").replace("300 564.31 Tm", "290 566 Tm");
    let same_place = VISIBLE.replace("TEXT", &shown).replace("300 564.31 Tm", "303 564.31 Tm");
    for (name, fault, content) in [
        ("painted-over", "a surface is painted over the text", format!("{visible}{COVER}")),
        (
            "painted-over-in-part",
            "a surface is painted over a part of the text",
            format!("{visible}{}", COVER.replace("290", "330").replace("510", "560")),
        ),
        ("painted-over-by-hairlines", "many thin lines are painted over the text", format!("{visible}{hairlines}")),
        ("painted-over-by-text", "a larger text is painted over the text", format!("{visible}{larger}")),
        ("text-on-text", "another text is painted over the text", format!("{visible}{same_place}")),
        (
            "on-its-colour",
            "the text has the colour of the surface behind it",
            format!("{}{visible}", COVER.replace("1 1 1 scn", "0.1 0.1 0.1 scn")),
        ),
        ("on-hairlines", "many thin lines in the colour of the text are behind it", format!("{dark_lines}{visible}")),
        (
            "white-on-part",
            "a white text on a dark surface that is too small",
            format!(
                "{}{}",
                COVER.replace("1 1 1 scn", "0 0 0.2 scn").replace("290", "90").replace("510", "310"),
                visible.replace("0.1 0.1 0.1 scn", "1 1 1 scn")
            ),
        ),
    ] {
        vectors.push(Vector::office(name, fault, hidden, added(&format!("\n{content}")).sign()).twin(TWIN));
    }
    let curve = COVER.replace("290 570 l h", "290 570 300 560 290 550 c h");
    vectors.push(
        Vector::office(
            "painted-over-by-curve",
            "a curved surface is painted over the text",
            &format!("{hidden} {outside}"),
            added(&format!("\n{visible}{curve}")).sign(),
        )
        .twin(TWIN),
    );
    vectors.extend(layers(&plain, &visible));
    vectors
}

/// Vectors that change how a text looks through the resources of its page.
fn layers(plain: &Pdf, visible: &str) -> Vec<Vector> {
    let outside = "pdf.outside-profile";
    let resources = |entry: &str| plain.clone().change(plain.resources(), "/ProcSet", &format!("{entry}/ProcSet"));
    let with = |entry: &str, from: &str, to: &str| resources(entry).content(&visible.replace(from, to)).sign();
    vec![
        Vector::office(
            "line",
            "a line is drawn over the text",
            outside,
            plain.clone().content(&format!("{visible}q 1 0 0 -1 0 595.276 cm 290 560 m 400 560 l S\nQ\n")).sign(),
        )
        .twin(TWIN),
        Vector::office(
            "plain-state",
            "a graphics state that changes nothing",
            outside,
            with("/ExtGState<</x<</ca 1/BM/Normal>>>>", "BT 0 Tr", "/x gs BT 0 Tr"),
        )
        .twin(TWIN),
        Vector::office(
            "transparent-state",
            "a graphics state without opacity",
            outside,
            with("/ExtGState<</x<</ca 0>>>>", "BT 0 Tr", "/x gs BT 0 Tr"),
        )
        .twin(TWIN),
        Vector::office(
            "soft-mask",
            "a graphics state with a mask",
            outside,
            with("/ExtGState<</x<</SMask<</S/Alpha>>>>>>", "BT 0 Tr", "/x gs BT 0 Tr"),
        )
        .twin(TWIN),
        Vector::office(
            "blend-mode",
            "a graphics state that blends",
            outside,
            with("/ExtGState<</x<</BM/Multiply>>>>", "BT 0 Tr", "/x gs BT 0 Tr"),
        )
        .twin(TWIN),
        Vector::office(
            "state-with-font",
            "a graphics state that sets the font",
            outside,
            with(&format!("/ExtGState<</x<</Font[{} 0 R 1]>>>>", plain.font("f0") + 1), "BT 0 Tr", "/x gs BT 0 Tr"),
        )
        .twin(TWIN),
        Vector::office(
            "layer-in-resources",
            "the resources name an optional-content group",
            "pdf.active-content pdf.outside-profile",
            with("/Properties<</x<</Type/OCG/Name(x)>>>>", "/Artifact<</Type/Pagination>>BDC", "/OC/x BDC"),
        )
        .twin(TWIN),
        Vector::office(
            "colour-space",
            "a colour space that is not ICC-based",
            outside,
            with("/XColorSpace<</c9[/Separation/All/DeviceGray 1 0 R]>>", "/c0 cs", "/c0 cs"),
        )
        .twin(TWIN),
        Vector::office("pattern-in-resources", "the resources have a pattern", outside, with("/Pattern<<>>", "x", "x"))
            .twin(TWIN),
        Vector::office("form-object", "the resources have a form", outside, with("/XObject<<>>", "x", "x")).twin(TWIN),
    ]
}

/// The last text of the first page: its number, in the font /f1.
pub(super) fn text(plain: &Pdf) -> String {
    let object = &plain.objects[plain.content_place()];
    let text = String::from_utf8_lossy(object).into_owned();
    let end = text.rfind("TJ").expect("a text");
    let start = text[..end].rfind('[').expect("an array");
    assert!(find(object, b"/f1 8.5 Tf").len() == 10, "the number of the page is in /f1");
    text[start..end].to_owned()
}
