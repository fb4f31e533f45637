//! Text that is elsewhere, or looks otherwise, than its operators seem to say, in letters that the
//! office signed.

use super::hidden_text::{COVER, text};
use super::pdf::Pdf;
use super::{PLAIN, Vector};

/// A text of 8.5 points at the left of the foot of the first page, placed as a letter places text.
const PLACED: &str = "\n/Artifact<</Type/Pagination>>BDC\n/c0 cs 0.1 0.1 0.1 scn\n\
    BT/f1 8.5 Tf 300 30.966 Td TEXT TJ\nET\nEMC\n";

/// A surface beside the text.
const BESIDE: &str = "/Artifact BMC\n/c0 cs 0 0 0.2 scn\n500 4 m 720 4 l 720 24 l 500 24 l h f\nEMC\n";

const TWIN: &str = "text-placement/placed";

/// The letter with texts on its first page that are placed in every way that the profile allows.
pub fn placed_in_every_way() -> Vec<u8> {
    const CONTENT: &str = "\n/c0 cs 0.1 0.1 0.1 scn\n\
        BT/f1 12 Tf 60 550 Td TEXT TJ 100.5 12.25 Td TEXT TJ\n[90 GLYPHS -150 20 GLYPHS 2000 -4000.5 GLYPHS]TJ [GLYPHS]TJ\n\
        -50 -24 Td[-250 -900 GLYPHS 120 GLYPHS]TJ 1 0 0 1 600 560 Tm TEXT TJ 0 -20 Td [GLYPHS]TJ ET\n\
        q 1 0 0 -1 0 595.276 cm 1.5 0 0 1.5 20 -30 cm BT/f1 8.5 Tf 1 0 0 -1 300.25 360 Tm TEXT TJ 20 -11 Td[99 GLYPHS]TJ ET\n\
        q 0.5 0 0 0.5 30 40 cm BT/f1 20 Tf 1 0 0 -1 700 640 Tm [GLYPHS]TJ ET Q Q\n";
    let plain = Pdf::plain();
    let shown = text(&plain);
    let glyphs = shown.trim_matches(['[', ']', ' ']).to_owned();
    plain.content(&CONTENT.replace("TEXT", &shown).replace("GLYPHS", &glyphs)).sign()
}

pub(super) fn vectors() -> Vec<Vector> {
    let plain = Pdf::plain();
    let shown = text(&plain);
    let placed = PLACED.replace("TEXT", &shown);
    let hidden = "pdf.hidden-text";
    let outside = "pdf.outside-profile";
    let both = "pdf.hidden-text pdf.outside-profile";
    let added = |content: &str| plain.clone().content(content).sign();
    let mut vectors = vec![
        Vector::accepted("placed", "a text is added that is visible", added(&placed)).twin(PLAIN),
        Vector::accepted("beside", "a surface beside the text", added(&format!("{placed}{BESIDE}"))).twin(PLAIN),
        Vector::accepted(
            "kerned",
            "the characters are moved a little",
            added(&placed.replace(&shown, &shown.replace(']', " 20]"))),
        )
        .twin(PLAIN),
    ];
    for (name, fault, codes, from, to) in [
        ("saved-position", "the place of the text is set within q and Q", outside, "Td ", "Td q 9 9 Td Q "),
        ("saved-matrix", "the text matrix is set within q and Q", outside, "Td ", "Td q 1 0 0 1 50 50 Tm Q "),
        ("matrix-in-text", "the page is moved within a text object", outside, "Td ", "Td 1 0 0 1 9 9 cm "),
        ("surface-in-text", "a surface is painted within a text object", outside, "Td ", "Td 9 9 9 9 re f "),
        (
            "text-in-path",
            "a text is between the parts of a path",
            outside,
            "BT",
            "500 20 m 600 20 l 600 40 l 500 40 l h BT",
        ),
        ("path-not-painted", "a path is not painted", outside, "EMC\n", "EMC\n500 20 m 600 20 l\n"),
        (
            "colour-of-a-space",
            "the colour is the one that a space begins with",
            outside,
            "0.1 0.1 0.1 scn",
            "1 1 1 scn/c0 cs",
        ),
        (
            "place-no-number",
            "the place overflows to a value that is not a number",
            both,
            "300 30.966 Td",
            "HUGE Td HUGE Td",
        ),
        ("matrix-overflows", "a matrix overflows", outside, "/c0 cs", "q LARGE Q /c0 cs"),
    ] {
        let to = to
            .replace("HUGE", &format!("1{zeros}.0 1{zeros}.0", zeros = "0".repeat(308)))
            .replace("LARGE", &"2147483647 0 0 2147483647 0 0 cm ".repeat(40));
        vectors.push(Vector::office(name, fault, codes, added(&placed.replacen(from, &to, 1))).twin(TWIN));
    }
    // The position moves back over the text in steps that each look like kerning.
    let back = |steps: usize| " 300".repeat(steps);
    let pulled = placed.replace(&shown, &shown.replace(']', &format!("{}]", back(40))));
    let again = shown.trim_start_matches('[');
    let twice = placed.replace(&shown, &shown.replace(']', &format!("{}{again}", back(7))));
    vectors.extend(
        [
            Vector::office(
                "painted-over-and-pulled-back",
                "a surface is painted over a text whose end is pulled back",
                hidden,
                added(&format!("{pulled}{}", COVER.replace("290", "301").replace("510", "520"))),
            ),
            Vector::office(
                "printed-over-itself",
                "a text goes back by small steps and over itself",
                hidden,
                added(&twice),
            ),
        ]
        .map(|attack| attack.twin(TWIN)),
    );
    vectors
}
