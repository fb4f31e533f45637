//! Scripts, actions, links, media and optional content, which make a document act or look different
//! later.

use super::Vector;
use super::pdf::Pdf;

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let field = letter.number("/FT/Sig");
    let active = "pdf.active-content";
    let both = "pdf.active-content pdf.outside-profile";
    let destination = format!("/OpenAction[{} 0 R/Fit]", letter.number("/StructParents 1"));
    let mut vectors = Vec::new();
    for (name, fault, entry, codes) in [
        (
            "open-script",
            "a script runs when the file is opened",
            "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
            both,
        ),
        ("open-launch", "a program is started when the file is opened", "/OpenAction<</S/Launch/F(calc.exe)>>", both),
        ("open-link", "a page of the web is opened", "/OpenAction<</S/URI/URI(https://example.org/)>>", both),
        ("open-submit", "a form is sent", "/OpenAction<</S/SubmitForm/F(https://example.org/)>>", both),
        ("open-import", "data is read from another file", "/OpenAction<</S/ImportData/F(x.fdf)>>", both),
        ("open-remote", "another file is opened", "/OpenAction<</S/GoToR/F(x.pdf)/D[0/Fit]>>", both),
        ("open-embedded", "an embedded file is opened", "/OpenAction<</S/GoToE/T<</R/C/N(x)>>>>", both),
        ("open-hide", "an annotation is hidden", "/OpenAction<</S/Hide/T(Signature)>>", both),
        ("open-named", "a command of the viewer is run", "/OpenAction<</S/Named/N/Print>>", both),
        ("open-rendition", "a film is played", "/OpenAction<</S/Rendition/JS(x)>>", both),
        ("open-layers", "layers are shown and hidden", "/OpenAction<</S/SetOCGState/State[]>>", both),
        ("open-destination", "the file opens at a place", &destination, both),
        ("additional-actions", "an action runs before the file is printed", "/AA<</WP<</S/Named/N/Print>>>>", both),
        ("layers", "there are layers", "/OCProperties<</OCGs[]/D<<>>>>", both),
        ("collection", "the file is a portfolio", "/Collection<<>>", both),
        ("uri", "the catalog has a base URI", "/URI<</Base(https://example.org/)>>", both),
    ] {
        let changed = letter.clone().after("/Lang(en)", entry);
        vectors.push(Vector::office(name, fault, codes, changed.sign()));
        vectors.push(Vector::outsider(&format!("outsider-{name}"), fault, active, changed.fit()));
    }
    for (name, fault, from, to, codes) in [
        (
            "escaped",
            "the name of an action is written with codes",
            "/Lang(en)",
            "/Lang(en)/Open#41ction<</S/J#61vaScript/#4aS(x)>>",
            both,
        ),
        (
            "names-scripts",
            "the names hold scripts",
            "/Names<</EmbeddedFiles",
            "/Names<</JavaScript<</Names[(x)<</S/JavaScript/JS(x)>>]>>/EmbeddedFiles",
            both,
        ),
        (
            "page-action",
            "an action runs when a page is shown",
            "/StructParents 1",
            "/StructParents 1/AA<</O<</S/JavaScript/JS(x)>>>>",
            both,
        ),
        (
            "field-action",
            "an action runs when the field is entered",
            "/T(Signature)",
            "/T(Signature)/AA<</E<</S/JavaScript/JS(x)>>>>",
            "pdf.tail",
        ),
        ("form-xfa", "the form is one of XML", "/SigFlags 3", "/SigFlags 3/XFA(x)", both),
        (
            "structure-action",
            "an element of the structure has a script",
            "/T(Statement of Quality)",
            "/T(Statement of Quality)/JS(x)",
            active,
        ),
        (
            "field-layer",
            "the signature field is in a layer",
            "/T(Signature)",
            "/T(Signature)/OC<</Type/OCG/Name(x)>>",
            "pdf.tail",
        ),
        ("info-script", "the information of the document has a script", "/Author(", "/JS(x)/Author(", active),
    ] {
        vectors.push(Vector::office(name, fault, codes, letter.clone().replace(from, to).sign()));
    }
    for (name, fault, annotation) in [
        ("annotation-launch", "a link starts a program", "Link/Rect[0 0 9 9]/A<</S/Launch/F(x)>>"),
        ("annotation-movie", "a film is on the page", "Movie/Rect[0 0 9 9]"),
        ("annotation-screen", "a screen for films is on the page", "Screen/Rect[0 0 9 9]"),
        ("annotation-sound", "a sound is on the page", "Sound/Rect[0 0 9 9]"),
        ("annotation-rich-media", "rich media is on the page", "RichMedia/Rect[0 0 9 9]"),
    ] {
        let mut letter = letter.clone();
        let number = letter.add(format!("<</Type/Annot/Subtype/{annotation}>>\n"));
        let letter = letter.replace(&format!("/Annots[{field} 0 R"), &format!("/Annots[{field} 0 R {number} 0 R"));
        vectors.push(Vector::office(name, fault, both, letter.sign()));
    }
    vectors
}
