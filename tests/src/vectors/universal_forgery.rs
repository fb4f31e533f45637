//! Universal signature forgery: a signature that a verifier can't read, and might accept for that
//! reason.

use super::Vector;
use super::pdf::Pdf;

const RANGE: &str = "/ByteRange[";

/// The entries of the signature dictionary, as the letter has them, with the code if one is
/// missing. For an optional entry only the digest differs.
const ENTRIES: [(&str, &str, &str); 9] = [
    ("type", "/Type/Sig/", "pdf.signature-dictionary"),
    ("filter", "/Filter/Adobe.PPKLite", "pdf.signature-dictionary"),
    ("subfilter", "/SubFilter/ETSI.CAdES.detached", "pdf.signature-dictionary"),
    ("time", "/M(D:20230506000000Z)", "pdf.signature-dictionary"),
    ("name", "/Name(Bruno Parfum)", "cms.digest-mismatch"),
    ("reason", "/Reason(Issued as a CQM certificate)", "cms.digest-mismatch"),
    ("byte-range", "", "pdf.byte-range"),
    ("contents", "", "pdf.contents"),
    (
        "reference",
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]",
        "pdf.certification",
    ),
];

/// Values that are not a byte range, or not one that covers the file.
const RANGES: [(&str, &str, &str); 10] = [
    ("null", "null", "pdf.byte-range"),
    ("empty", "[]", "pdf.byte-range"),
    ("zeros", "[0 0 0 0]", "pdf.byte-range"),
    ("negative-one", "[0 -1 -1 -1]", "pdf.byte-range"),
    ("string", "(0 1 2 3)", "pdf.byte-range"),
    ("name", "/0", "pdf.byte-range"),
    ("integer", "0", "pdf.byte-range"),
    ("dictionary", "<<>>", "pdf.byte-range"),
    ("of-strings", "[(0)(1)(2)(3)]", "pdf.byte-range"),
    ("of-nulls", "[null null null null]", "pdf.byte-range"),
];

/// Values that are not a signature.
const CONTENTS: [(&str, &str, &str); 11] = [
    ("null", "null", "pdf.contents"),
    ("empty", "<>", "pdf.contents"),
    ("zero-byte", "<00>", "pdf.contents"),
    ("zeros", "<00000000000000000000>", "pdf.contents"),
    ("empty-sequence", "<3000>", "cms.malformed"),
    ("literal-string", "(0)", "pdf.contents"),
    ("name", "/0", "pdf.contents"),
    ("integer", "0", "pdf.contents"),
    ("array", "[<3000>]", "pdf.contents"),
    ("dictionary", "<<>>", "pdf.contents"),
    ("reference", "1 0 R", "pdf.contents"),
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
            "pdf.malformed",
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
        [("both-null", "/ByteRange null/Contents null", "pdf.byte-range"), ("both-removed", "", "pdf.byte-range")]
    {
        let pdf = letter.clone().replace(&format!("{range}{value}"), to).write();
        vectors.push(Vector::outsider(name, "there is neither a byte range nor a signature", code, pdf));
    }
    vectors.push(Vector::outsider(
        "value-removed",
        "the signature field has no value",
        "pdf.unsigned",
        letter.clone().replace(&format!("/V {} 0 R", letter.number("/Type/Sig/")), "").write(),
    ));
    vectors.push(Vector::outsider(
        "value-null",
        "the value of the signature field is null",
        "pdf.unsigned",
        letter.clone().replace(&format!("/V {} 0 R", letter.number("/Type/Sig/")), "/V null").write(),
    ));
    vectors.push(Vector::outsider(
        "subfilter-sha1",
        "/SubFilter names a format in which the document is hashed with SHA-1",
        "pdf.signature-dictionary",
        letter.clone().replace("ETSI.CAdES.detached", "adbe.pkcs7.sha1").fit(),
    ));
    // The same, signed: a letter must have these entries even if the signature verifies.
    for (name, from, to, code) in [
        ("signed-without-type", "/Type/Sig/", "/", "pdf.signature-dictionary"),
        ("signed-without-filter", "/Filter/Adobe.PPKLite", "", "pdf.signature-dictionary"),
        ("signed-without-subfilter", "/SubFilter/ETSI.CAdES.detached", "", "pdf.signature-dictionary"),
        ("signed-without-time", "/M(D:20230506000000Z)", "", "pdf.signature-dictionary"),
        ("signed-subfilter-pkcs7", "/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "pdf.signature-dictionary"),
        ("signed-filter-unknown", "/Adobe.PPKLite", "/Other", "pdf.signature-dictionary"),
        ("signed-with-cert", "/Filter/Adobe", "/Cert<3000>/Filter/Adobe", "pdf.signature-dictionary"),
        ("signed-with-changes", "/Filter/Adobe", "/Changes[0 0 0]/Filter/Adobe", "pdf.signature-dictionary"),
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
        vectors.push(Vector::office(name, fault, "pdf.signature-dictionary", pdf));
    }
    let mut indirect = letter.clone().indirect("/ByteRange", &range["/ByteRange".len()..]).write();
    let gap = super::pdf::contents(&indirect);
    let placeholder = super::pdf::find(&indirect, &range.as_bytes()["/ByteRange".len()..]);
    let (before, after) = (gap.end, indirect.len() - gap.end);
    let width = placeholder.len() - 1;
    let written = format!("{:width$}]", format!("[0 {} {before} {after}", gap.start));
    indirect[placeholder].copy_from_slice(written.as_bytes());
    vectors.push(Vector::office(
        "signed-byte-range-indirect",
        "the byte range, which is right, is an indirect object",
        "pdf.byte-range",
        super::pdf::sign_but(indirect, gap),
    ));
    vectors.push(Vector::accepted(
        "signed-without-reason",
        "the signature dictionary has no reason, which is optional",
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
