//! Certification attacks: what a certified document seems to allow.

use super::Vector;
use super::pdf::Pdf;

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let signature = letter.number("/Type/Sig/");
    let perms = format!("/Perms<</DocMDP {signature} 0 R>>");
    let reference =
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]";
    let office = |name: &str, fault, codes: &str, from: &str, to: &str| {
        Vector::office(name, fault, codes, letter.clone().replace(from, to).sign())
    };
    let mut vectors = vec![
        office("p-2", "filling in forms is allowed", "pdf.tail", "/P 1/V/1.2", "/P 2/V/1.2"),
        office("p-3", "annotations are allowed", "pdf.tail", "/P 1/V/1.2", "/P 3/V/1.2"),
        office("p-4", "a permission that is not defined", "pdf.tail", "/P 1/V/1.2", "/P 4/V/1.2"),
        office("p-missing", "without /P, filling in forms is allowed", "pdf.tail", "/P 1/V/1.2", "/V/1.2"),
        office("p-real", "/P is not an integer", "pdf.tail", "/P 1/V/1.2", "/P 1.0/V/1.2"),
        office("version", "the transform is of another version", "pdf.tail", "/P 1/V/1.2", "/P 1/V/1.3"),
        office("version-missing", "the transform has no version", "pdf.tail", "/P 1/V/1.2", "/P 1"),
        office("field-mdp", "the transform is FieldMDP", "pdf.tail", "Method/DocMDP", "Method/FieldMDP"),
        office("usage-rights", "the transform gives usage rights", "pdf.tail", "Method/DocMDP", "Method/UR3"),
        office("approval", "the signature does not certify", "pdf.tail", reference, ""),
        office(
            "digest-method",
            "the transform names a digest of its own",
            "pdf.tail",
            "/TransformMethod",
            "/DigestMethod/MD5/TransformMethod",
        ),
        office("no-permissions", "/Perms is missing", "pdf.outside-profile", &perms, ""),
        office("permissions-empty", "/Perms is empty", "pdf.outside-profile", &perms, "/Perms<<>>"),
        office(
            "permissions-of-another",
            "/Perms names another object",
            "pdf.outside-profile",
            &perms,
            &format!("/Perms<</DocMDP {} 0 R>>", letter.number("/FT/Sig")),
        ),
        office(
            "usage-rights-too",
            "/Perms gives usage rights beside",
            "pdf.outside-profile",
            &perms,
            &format!("/Perms<</DocMDP {signature} 0 R/UR3 {signature} 0 R>>"),
        ),
        office(
            "two-transforms",
            "two transforms",
            "pdf.tail",
            "/Reference[",
            "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>",
        ),
    ];
    // A type that is not defined, or none.
    for (name, fault, from, to) in [
        ("transform-type", "the transform is of another type", "/Type/SigRef", "/Type/Sig"),
        ("transform-type-missing", "the transform has no type", "/Type/SigRef", ""),
        ("parameters-type", "the parameters are of another type", "/Type/TransformParams", "/Type/SigRef"),
        ("parameters-type-missing", "the parameters have no type", "/Type/TransformParams", ""),
    ] {
        vectors.push(office(name, fault, "pdf.tail", from, to));
    }
    // A value as an indirect object, which is elsewhere in the file.
    let transform = &reference["/Reference[".len()..reference.len() - 1];
    let parameters = "<</Type/TransformParams/P 1/V/1.2>>";
    for (name, key, value) in [
        ("reference-indirect", "/Reference", &reference["/Reference".len()..]),
        ("transform-indirect", "/Reference[", transform),
        ("transform-method-indirect", "/TransformMethod", "/DocMDP"),
        ("parameters-indirect", "/TransformParams", parameters),
        ("parameters-type-indirect", "<</Type", "/TransformParams"),
        ("p-indirect", "/TransformParams/P", " 1"),
        ("version-indirect", "/V", "/1.2"),
    ] {
        let pdf = letter.clone().indirect(key, value).sign();
        let fault = "a part of the transform is an indirect object";
        vectors.push(Vector::office(name, fault, "pdf.outside-profile pdf.tail", pdf));
    }
    let mut indirect = letter.clone();
    let number = indirect.add(format!("<</DocMDP {signature} 0 R>>\n"));
    let indirect = indirect.replace(&format!("/Perms<</DocMDP {signature} 0 R>>"), &format!("/Perms {number} 0 R"));
    let fault = "/Perms is an indirect object";
    vectors.push(Vector::office("permissions-indirect", fault, "pdf.outside-profile", indirect.sign()));
    // Evil annotation: a note or a stamp that covers what is printed.
    for (name, subtype, codes) in [
        ("evil-free-text", "FreeText/DA(/F 9 Tf)/Contents(valid until 2099)", "pdf.outside-profile"),
        ("evil-stamp", "Stamp/Name/Approved", "pdf.outside-profile"),
        ("evil-redaction", "Redact", "pdf.outside-profile"),
        ("evil-link", "Link/Dest[0/Fit]", "pdf.outside-profile"),
        ("evil-widget", "Widget/FT/Tx/T(x)/V(x)", "pdf.outside-profile"),
        ("evil-popup", "Popup/Open true", "pdf.outside-profile"),
    ] {
        let mut letter = letter.clone();
        let field = letter.number("/FT/Sig");
        let annotation = letter.add(format!("<</Type/Annot/Subtype/{subtype}/Rect[0 0 500 500]>>\n"));
        let letter = letter.replace(&format!("/Annots[{field} 0 R"), &format!("/Annots[{field} 0 R {annotation} 0 R"));
        vectors.push(Vector::office(name, "an annotation beside the signature's", codes, letter.sign()));
        vectors.push(Vector::outsider(&format!("outsider-{name}"), "an annotation was added", codes, letter.fit()));
    }
    // Sneaky signature: a second signature field whose appearance covers what is printed.
    for (name, fault, value) in [
        ("sneaky-signature", "a second, empty signature field", String::new()),
        ("sneaky-signature-same", "a second field has the same signature", format!("/V {signature} 0 R")),
        ("sneaky-signature-null", "a second signature field has the value null", "/V null".into()),
    ] {
        let mut letter = letter.clone();
        let field = letter.number("/FT/Sig");
        let sneaky = letter.add(format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 0 0]{value}>>\n"));
        let letter = letter
            .replace(&format!("/Fields[{field} 0 R"), &format!("/Fields[{field} 0 R {sneaky} 0 R"))
            .replace(&format!("/Annots[{field} 0 R"), &format!("/Annots[{field} 0 R {sneaky} 0 R"));
        vectors.push(Vector::office(name, fault, "pdf.outside-profile", letter.sign()));
    }
    vectors.push(office(
        "visible-field",
        "the signature field covers the page",
        "pdf.tail",
        "/Rect[0 0 0 0]",
        "/Rect[0 0 800 590]",
    ));
    vectors.push(office(
        "field-with-appearance",
        "the signature field has an appearance",
        "pdf.tail",
        "/Rect[0 0 0 0]",
        "/Rect[0 0 0 0]/AP<</N 1 0 R>>",
    ));
    vectors.push(office(
        "field-with-lock",
        "the signature field locks fields",
        "pdf.tail",
        "/Rect[0 0 0 0]",
        "/Rect[0 0 0 0]/Lock<</Type/SigFieldLock/Action/All>>",
    ));
    vectors.push(office(
        "flags",
        "the form does not say that it is signed",
        "pdf.outside-profile",
        "/SigFlags 3",
        "/SigFlags 0",
    ));
    vectors
}
