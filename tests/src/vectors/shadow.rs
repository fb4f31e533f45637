//! Shadow attacks: content prepared before signing and shown after it.

use super::Vector;
use super::pdf::{Pdf, replaced, stream};

/// The font of the labels on the first page.
const LABEL_FONT: &str = "f1";

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let outside = "pdf.outside-profile";
    let page = letter.object("/StructParents 0");
    let field = letter.number("/FT/Sig");
    let mut vectors = Vec::new();

    // Hide: a surface covers signed content, and can be removed later.
    let mut hide = letter.clone();
    let image = hide
        .add(stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"\xff"));
    let hide_image = hide.change(letter.resources(), "/ProcSet", &format!("/XObject<</x {image} 0 R>>/ProcSet"));
    vectors.push(Vector::office("hide-image", "the page can show an image", outside, hide_image.sign()));

    // Replace: viewers draw the value of a form field, which can change later.
    let mut form = letter.clone();
    let text = form.add("<</Type/Annot/Subtype/Widget/FT/Tx/T(labels)/V(none)/Rect[50 50 300 300]/AP<</N null>>>>\n");
    let form = form.replace(&format!("/Annots[{field} 0 R"), &format!("/Annots[{field} 0 R {text} 0 R"));
    let in_form = form.clone().replace(&format!("/Fields[{field} 0 R"), &format!("/Fields[{field} 0 R {text} 0 R"));
    vectors.push(Vector::office(
        "replace-field-value",
        "a text field covers the page",
        "pdf.outside-profile",
        in_form.sign(),
    ));
    vectors.push(Vector::office(
        "replace-widget-only",
        "a widget that no form names covers the page",
        outside,
        form.sign(),
    ));
    let appearances = letter.clone().replace("/SigFlags 3", "/SigFlags 3/NeedAppearances true");
    vectors.push(Vector::office(
        "replace-appearances",
        "viewers are to make appearances anew",
        outside,
        appearances.sign(),
    ));
    let resources = letter.clone().replace("/SigFlags 3", "/SigFlags 3/DR<</Font<<>>>>/DA(/f0 9 Tf)");
    vectors.push(Vector::office("replace-form-fonts", "the form has fonts of its own", outside, resources.sign()));

    // Replace a font by one that shows other glyphs.
    let font = letter.font(LABEL_FONT);
    for (name, fault, from, to) in [
        (
            "font-encoding",
            "a font whose codes are mapped anew",
            "/Encoding/Identity-H",
            "/Encoding<</Type/Encoding/Differences[1/x]>>",
        ),
        ("font-vertical", "a font that writes from top to bottom", "/Encoding/Identity-H", "/Encoding/Identity-V"),
        ("font-type-3", "a font whose glyphs are content streams", "/Subtype/Type0", "/Subtype/Type3"),
        ("font-type-1", "a font of the viewer", "/Subtype/Type0", "/Subtype/Type1"),
        ("font-without-text", "a font that does not say what its glyphs stand for", "/ToUnicode", "/Other"),
    ] {
        let letter = letter.clone().change(font, from, to);
        // Its glyphs are not text, so the labels are missing too.
        let codes = "pdf.outside-profile token.labels-differ";
        vectors.push(Vector::office(name, fault, codes, letter.sign()));
    }
    let [descendant, descriptor] = letter.descendant(font);
    let mut map = letter.clone();
    // All glyphs are the first one.
    let first = map.add(stream("", &[0, 1].repeat(100)));
    let map = map.change(descendant, "/CIDToGIDMap/Identity", &format!("/CIDToGIDMap {first} 0 R"));
    vectors.push(Vector::office("font-glyph-map", "a font whose glyphs are mapped anew", outside, map.sign()));
    let system = letter.clone().change(descriptor, "/FontFile2", "/FontFile9");
    vectors.push(Vector::office("font-not-embedded", "a font that is not in the file", outside, system.sign()));
    // Both fonts are in the letter, and one replaces the other.
    let swapped = {
        let [one, other] = ["f0", "f1"].map(|name| letter.font(name) + 1);
        let resources = letter.resources();
        letter.clone().change(
            resources,
            &format!("/f0 {one} 0 R/f1 {other} 0 R"),
            &format!("/f0 {other} 0 R/f1 {one} 0 R"),
        )
    };
    vectors.push(Vector::outsider(
        "fonts-swapped",
        "two fonts have changed places",
        "cms.digest-mismatch",
        swapped.fit(),
    ));

    // Hide and replace: a second set of objects, which a later revision can name.
    let mut second = letter.clone();
    second.add(letter.objects[page].clone());
    vectors.push(Vector::office(
        "hide-and-replace-page",
        "a second page is there that nothing shows",
        outside,
        second.sign(),
    ));
    let mut catalog = letter.clone();
    catalog.add(replaced(&letter.objects[letter.object("/Type/Catalog")], "/Lang(en)", "/Lang(xx)"));
    let catalog = without_second_signature(catalog, &letter);
    vectors.push(Vector::office(
        "hide-and-replace-catalog",
        "a second catalog is there that nothing names",
        outside,
        catalog.sign(),
    ));
    let mut content = letter.clone();
    content.add(stream("", b"BT ET"));
    vectors.push(Vector::office(
        "hide-and-replace-content",
        "a second content is there that no page shows",
        outside,
        content.sign(),
    ));
    vectors
}

/// Removes the signature from the second catalog, so that only this catalog is hidden.
fn without_second_signature(mut letter: Pdf, original: &Pdf) -> Pdf {
    let place = letter.objects.len() - 7;
    let signature = original.number("/Type/Sig/");
    let entry = format!("/Perms<</DocMDP {signature} 0 R>>");
    let text = String::from_utf8_lossy(&letter.objects[place]).into_owned();
    letter.objects[place] = text.replace(&entry, "").into_bytes();
    letter
}
