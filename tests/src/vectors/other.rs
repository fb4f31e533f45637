//! PDFs without a token, which `--any-pdf` judges: each with its verdict and the codes of all its
//! errors. Unless noted otherwise, they are signed as they are, by an ordinary signer of documents
//! under the test root, so the one fault is all that is found.

use cqm_sign::Signer;

use super::pdf::{OTHER, Pdf, contents, replaced, sign, signed_with, stream};

/// A PDF without a token.
#[derive(Clone, Debug)]
pub struct Other {
    /// A name or description.
    pub name: String,
    /// The verdict.
    pub verdict: &'static str,
    /// The codes of all errors.
    pub codes: &'static [&'static str],
    /// The file.
    pub pdf: Vec<u8>,
}

/// The letter without its token: the twin of all others. Its objects keep their numbers.
pub(super) fn letter_without_token() -> Pdf {
    let mut pdf = Pdf::plain();
    pdf.header.extend_from_slice(OTHER);
    let (file, specification) = (pdf.object("/Type/EmbeddedFile"), pdf.object("/Type/Filespec"));
    let catalog = pdf.object("/Type/Catalog");
    let number = pdf.number("/Type/Filespec");
    let names = format!("/AF[{number} 0 R]/Names<</EmbeddedFiles<</Names[(certificate.jwt){number} 0 R]>>>>");
    pdf.objects[catalog] = replaced(&pdf.objects[catalog], &names, "");
    pdf.objects[file] = b"null\n".to_vec();
    pdf.objects[specification] = b"null\n".to_vec();
    pdf
}

/// The letter without its token, signed by this signer, or by an ordinary one of documents.
pub fn without_token(signer: Option<&dyn Signer>) -> Vec<u8> {
    let pdf = letter_without_token().sign();
    let gap = contents(&pdf);
    match signer {
        Some(signer) => signed_with(pdf, gap, signer),
        None => pdf,
    }
}

/// All files, with the accepted ones.
pub fn others() -> Vec<Other> {
    let twin = letter_without_token();
    let (signature, field) = (twin.object("/Type/Sig/") + 1, twin.object("/FT/Sig") + 1);
    let mut others = Vec::new();
    let mut other = |name: &str, verdict, codes, pdf| others.push(Other { name: name.into(), verdict, codes, pdf });

    other("the twin", "valid", &[], twin.sign());
    other("adbe.pkcs7.detached", "valid", &[], twin.clone().replace("ETSI.CAdES.", "adbe.pkcs7.").sign());
    for name in ["ETSI.RFC3161", "adbe.x509.rsa_sha1", "adbe.pkcs7.sha1", "etsi.cades.detached"] {
        let pdf = twin.clone().replace("ETSI.CAdES.detached", name).sign();
        other(name, "indeterminate", &["pdf.unsupported-signature"], pdf);
    }
    let pdf = twin.clone().replace("/SubFilter/ETSI.CAdES.detached", "").sign();
    other("no sub-filter", "indeterminate", &["pdf.unsupported-signature"], pdf);

    // A dictionary with a byte range is a signature in any kind of field; without one, it is a
    // signature only in a signature field.
    for (name, kind) in [("a text field", "/FT/Tx"), ("a button", "/FT/Btn"), ("a field without a type", "")] {
        let changed = twin.clone().replace("/FT/Sig", kind);
        other(&format!("{name} with a signature"), "valid", &[], changed.sign());
        let broken = changed.clone().replace("/Reason(Issued", "/Reason(issued").fit();
        // It keeps the signature of the letter.
        let codes = &["cms.digest-mismatch", "pdf.token-missing"];
        other(&format!("{name} with a signature over something else"), "invalid", codes, broken);
        let without = replaced(&changed.sign(), "/ByteRange[", "/Byterange[");
        other(&format!("{name} with a dictionary"), "invalid", &["pdf.unsigned"], without);
    }
    let missing = replaced(&twin.sign(), "/ByteRange[", "/Byterange[");
    other("no byte range", "invalid", &["pdf.byte-range"], missing);

    // In an object stream an offset is not one of the file, even if the bytes around it are the
    // right ones.
    other("the field in an object stream", "valid", &[], sign(with_object_stream(&twin, field, plainly)));
    other(
        "the signature dictionary in an object stream",
        "invalid",
        &["pdf.byte-range"],
        sign(with_object_stream(&twin, signature, plainly)),
    );
    let dictionary = String::from_utf8(twin.objects[signature - 1].clone()).expect("a dictionary in ASCII");
    let mut direct =
        twin.clone().replace(&format!("/V {} 0 R", twin.number("/Type/Sig/")), &format!("/V{}", dictionary.trim_end()));
    direct.objects[signature - 1] = b"null\n".to_vec();
    other("the signature dictionary in its field", "valid", &[], direct.sign());
    other(
        "the signature dictionary in its field in an object stream",
        "invalid",
        &["pdf.byte-range"],
        sign(with_object_stream(&direct, field, plainly)),
    );

    // cqm need not know what a script does, but must notice that there may be one.
    let action = |action: &str| {
        let mut pdf = twin.clone();
        let number = pdf.add(format!("{action}\n"));
        (pdf.after("/Type/Catalog", &format!("/OpenAction {number} 0 R")), number)
    };
    let (go_to, number) = action("<</S/GoTo/D[0/Fit]>>");
    other("an object stream", "valid", &[], sign(with_object_stream(&go_to, number, plainly)));
    let (script, number) = action("<</S/JavaScript/JS(x)>>");
    let changing = &["pdf.changing-content"];
    for (name, encoded) in
        [("a script in an object stream", plainly as Encode), ("a script in an encoded object stream", in_hexadecimal)]
    {
        other(name, "indeterminate", changing, sign(with_object_stream(&script, number, encoded)));
    }
    // A scene in three dimensions has its own names for scripts.
    for (name, verdict, codes, entries) in [
        ("an annotation", "valid", &[][..], "/Subtype/Square"),
        ("a scene in three dimensions", "indeterminate", changing, "/Subtype/3D/3DA<</A/PO>>"),
    ] {
        let mut pdf = twin.clone();
        let number = pdf.add(format!("<</Type/Annot{entries}/Rect[0 0 9 9]>>\n"));
        other(name, verdict, codes, pdf.after("/Annots[", &format!("{number} 0 R ")).sign());
    }
    // The signed bytes must end where a revision ends.
    for (name, verdict, codes, tail) in [
        ("white space after the end", "valid", &[][..], "\r\n\n"),
        ("text after the end", "invalid", &["pdf.byte-range"], "PK"),
    ] {
        other(name, verdict, codes, sign([&twin.write(), tail.as_bytes()].concat()));
    }

    // The content of another file is not signed.
    for (name, verdict, codes, entries) in [
        ("a form", "valid", &[][..], "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
        ("a form with data in another file", "indeterminate", changing, "/Subtype/Form/BBox[0 0 9 9]/F(x)"),
        ("a page of another file", "indeterminate", changing, "/Subtype/Form/BBox[0 0 9 9]/Ref<</F(x)/Page 0>>"),
    ] {
        let mut pdf = twin.clone();
        pdf.add(stream(entries, b""));
        other(name, verdict, codes, pdf.sign());
    }
    let (broken, _) = action("<</S/JavaScript/JS(x)>>)");
    other("a script in a malformed object", "indeterminate", changing, broken.sign());
    others
}

/// Encodes the data of a stream: returns the entries of its dictionary, and the encoded data.
type Encode = fn(&[u8]) -> (&'static str, Vec<u8>);

fn plainly(data: &[u8]) -> (&'static str, Vec<u8>) {
    ("", data.to_vec())
}

fn in_hexadecimal(data: &[u8]) -> (&'static str, Vec<u8>) {
    let digits: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    ("/Filter/ASCIIHexDecode", format!("{digits}>").into_bytes())
}

/// The file with one object in an object stream, and an uncompressed cross-reference stream.
fn with_object_stream(pdf: &Pdf, compressed: usize, encode: Encode) -> Vec<u8> {
    let pdf = &pdf.resolved();
    let holder = pdf.objects.len() + 1;
    let mut file = pdf.header.clone();
    let mut rows = vec![[0; 6]];
    let row = |kind: u8, value: usize| {
        let [a, b, c, d] = u32::try_from(value).expect("an offset").to_be_bytes();
        [kind, a, b, c, d, 0]
    };
    for (number, object) in (1..).zip(&pdf.objects) {
        if number == compressed {
            rows.push(row(2, holder));
        } else {
            rows.push(row(1, file.len()));
            file.extend([format!("{number} 0 obj\n").as_bytes(), object, b"endobj\n"].concat());
        }
    }
    rows.push(row(1, file.len()));
    let numbers = format!("{compressed} 0 ");
    let object = &pdf.objects[compressed - 1];
    let (filter, data) = encode(&[numbers.as_bytes(), object].concat());
    let (first, length) = (numbers.len(), data.len());
    let head = format!("{holder} 0 obj\n<</Type/ObjStm/N 1/First {first}{filter}/Length {length}>>stream\n");
    file.extend([head.as_bytes(), &data, b"\nendstream\nendobj\n"].concat());
    let start = file.len();
    rows.push(row(1, start));
    let (size, rows) = (rows.len(), rows.concat());
    let (entries, length) = (format!("{}/Type/XRef/W[1 4 1]/Size {size}", pdf.trailer), rows.len());
    let head = format!("{} 0 obj\n<<{entries}/Length {length}>>stream\n", holder + 1);
    file.extend(
        [head.as_bytes(), &rows, format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes()].concat(),
    );
    file
}
