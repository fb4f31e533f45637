//! Universal signature forgery: a signature that a verifier can't read, and might accept for that
//! reason.

use super::Vector;
use super::pdf::Pdf;

const RANGE: &str = "/ByteRange[";

/// The entries of the signature dictionary, as the letter has them, with the code if one is
/// missing. For an optional entry only the digest differs.
const ENTRIES: [(&str, &str, &str); 9] = [
    ("type", "/Type/Sig/", "pdf.tail"),
    ("filter", "/Filter/Adobe.PPKLite", "pdf.tail"),
    ("subfilter", "/SubFilter/ETSI.CAdES.detached", "pdf.tail"),
    ("time", "/M(D:20230506000000Z)", "pdf.tail"),
    ("name", "/Name(Bruno Parfum)", "cms.digest-mismatch"),
    ("reason", "/Reason(Issued as a CQM certificate)", "cms.digest-mismatch"),
    ("byte-range", "", "pdf.tail"),
    ("contents", "", "pdf.tail"),
    (
        "reference",
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]",
        "pdf.tail",
    ),
];

/// Values that are not a byte range, or not one that covers the file.
const RANGES: [(&str, &str, &str); 10] = [
    ("null", "null", "pdf.tail"),
    ("empty", "[]", "pdf.tail"),
    ("zeros", "[0 0 0 0]", "pdf.tail"),
    ("negative-one", "[0 -1 -1 -1]", "pdf.tail"),
    ("string", "(0 1 2 3)", "pdf.tail"),
    ("name", "/0", "pdf.tail"),
    ("integer", "0", "pdf.tail"),
    ("dictionary", "<<>>", "pdf.tail"),
    ("of-strings", "[(0)(1)(2)(3)]", "pdf.tail"),
    ("of-nulls", "[null null null null]", "pdf.tail"),
];

/// Values that are not a signature.
const CONTENTS: [(&str, &str, &str); 11] = [
    ("null", "null", "pdf.tail"),
    ("empty", "<>", "pdf.tail"),
    ("zero-byte", "<00>", "pdf.tail"),
    ("zeros", "<00000000000000000000>", "pdf.tail"),
    ("empty-sequence", "<3000>", "pdf.tail"),
    ("literal-string", "(0)", "pdf.tail"),
    ("name", "/0", "pdf.tail"),
    ("integer", "0", "pdf.tail"),
    ("array", "[<3000>]", "pdf.tail"),
    ("dictionary", "<<>>", "pdf.tail"),
    ("reference", "1 0 R", "pdf.tail"),
];

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let mut vectors = Vec::new();
    for (name, entry, missing) in ENTRIES {
        let entry = match name {
            "byte-range" => byte_range(&letter),
            "contents" => contents(&letter),
            "type" => "/Type/Sig".to_owned(),
            _ => entry.to_owned(),
        };
        let place = letter.object("/Type/Sig/");
        let written =
            |letter: Pdf| if matches!(name, "byte-range" | "contents") { letter.write() } else { letter.fit() };
        let change = |to: &str| {
            let mut letter = letter.clone();
            letter.objects[place] = super::pdf::replaced(&letter.objects[place], &entry, to);
            letter
        };
        vectors.push(Vector::outsider(
            &format!("{name}-removed"),
            "an entry of the signature dictionary is removed",
            missing,
            written(change("")),
        ));
        vectors.push(Vector::outsider(
            &format!("{name}-twice"),
            "an entry of the signature dictionary is there twice",
            "pdf.tail",
            written(change(&format!("{entry}{entry}"))),
        ));
    }
    let range = byte_range(&letter);
    for (name, to, code) in RANGES {
        let pdf = letter.clone().replace(&range, &format!("/ByteRange {to}")).write();
        vectors.push(Vector::outsider(&format!("byte-range-{name}"), "/ByteRange is not a byte range", code, pdf));
    }
    let value = contents(&letter);
    for (name, to, code) in CONTENTS {
        let pdf = letter.clone().replace(&value, &format!("/Contents {to}")).write();
        vectors.push(Vector::outsider(&format!("contents-{name}"), "/Contents is not a signature", code, pdf));
    }
    for (name, to, code) in
        [("both-null", "/ByteRange null/Contents null", "pdf.tail"), ("both-removed", "", "pdf.tail")]
    {
        let pdf = letter.clone().replace(&format!("{range}{value}"), to).write();
        vectors.push(Vector::outsider(name, "there is neither a byte range nor a signature", code, pdf));
    }
    vectors.push(Vector::outsider(
        "value-removed",
        "the signature field has no value",
        "pdf.tail",
        letter.clone().replace(&format!("/V {} 0 R", letter.number("/Type/Sig/")), "").write(),
    ));
    vectors.push(Vector::outsider(
        "value-null",
        "the value of the signature field is null",
        "pdf.tail",
        letter.clone().replace(&format!("/V {} 0 R", letter.number("/Type/Sig/")), "/V null").write(),
    ));
    vectors.push(Vector::outsider(
        "subfilter-sha1",
        "/SubFilter names a format in which the document is hashed with SHA-1",
        "pdf.tail",
        letter.clone().replace("ETSI.CAdES.detached", "adbe.pkcs7.sha1").fit(),
    ));
    // The same, signed: a letter must have these entries even if the signature verifies.
    for (name, from, to, code) in [
        ("signed-without-type", "/Type/Sig/", "/", "pdf.tail"),
        ("signed-without-filter", "/Filter/Adobe.PPKLite", "", "pdf.tail"),
        ("signed-without-subfilter", "/SubFilter/ETSI.CAdES.detached", "", "pdf.tail"),
        ("signed-without-time", "/M(D:20230506000000Z)", "", "pdf.tail"),
        ("signed-subfilter-pkcs7", "/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "pdf.tail"),
        ("signed-filter-unknown", "/Adobe.PPKLite", "/Other", "pdf.tail"),
        ("signed-with-cert", "/Filter/Adobe", "/Cert<3000>/Filter/Adobe", "pdf.tail"),
        ("signed-with-changes", "/Filter/Adobe", "/Changes[0 0 0]/Filter/Adobe", "pdf.tail"),
    ] {
        let pdf = letter.clone().replace(from, to).sign();
        vectors.push(Vector::office(name, "the signature dictionary differs from a letter's", code, pdf));
    }
    for (name, key, value) in [
        ("signed-type-indirect", "<</Type", "/Sig"),
        ("signed-filter-indirect", "/Filter", "/Adobe.PPKLite"),
        ("signed-subfilter-indirect", "/SubFilter", "/ETSI.CAdES.detached"),
        ("signed-time-indirect", "/M", "(D:20230506000000Z)"),
        ("signed-name-indirect", "/Name", "(Bruno Parfum)"),
        ("signed-reason-indirect", "/Reason", "(Issued as a CQM certificate)"),
    ] {
        let pdf = letter.clone().indirect(key, value).sign();
        let fault = "an entry of the signature dictionary is an indirect object";
        vectors.push(Vector::office(name, fault, "pdf.outside-profile pdf.tail", pdf));
    }
    let mut indirect = letter.clone().indirect("/ByteRange", &range["/ByteRange".len()..]).write();
    let gap = super::pdf::contents(&indirect);
    let placeholder = super::pdf::find(&indirect, &range.as_bytes()["/ByteRange".len()..]);
    let (before, after) = (gap.end, indirect.len() - gap.end);
    let width = placeholder.len() - 1;
    let written = format!("{:width$}]", format!("[0 {} {before} {after}", gap.start));
    indirect[placeholder].copy_from_slice(written.as_bytes());
    let indirect = super::pdf::with_token_in_place(indirect);
    vectors.push(Vector::office(
        "signed-byte-range-indirect",
        "the byte range, which is right, is an indirect object",
        "pdf.outside-profile pdf.tail",
        super::pdf::sign_but(indirect, gap),
    ));
    vectors.push(Vector::office(
        "signed-without-reason",
        "the signature dictionary has no reason",
        "pdf.tail",
        letter.clone().replace("/Reason(Issued as a CQM certificate)", "").sign(),
    ));
    vectors
}

fn byte_range(letter: &Pdf) -> String {
    let object = String::from_utf8_lossy(&letter.objects[letter.object(RANGE)]).into_owned();
    let start = object.find(RANGE).expect("/ByteRange");
    object[start..=start + object[start..].find(']').expect("the end")].to_owned()
}

fn contents(letter: &Pdf) -> String {
    let object = String::from_utf8_lossy(&letter.objects[letter.object(RANGE)]).into_owned();
    let start = object.find("/Contents<").expect("/Contents");
    object[start..=start + object[start..].find('>').expect("the end")].to_owned()
}
