//! PDFs without a token, which `--any-pdf` judges: each with the verdict that it must get, and the codes of all its errors. All but those
//! that say otherwise are signed by the office as they stand, so what is found is the one fault.

use super::pdf::{Pdf, replaced, sign};

/// A PDF without a token.
#[derive(Clone, Debug)]
pub struct Other {
    /// What it is.
    pub name: String,
    /// The verdict.
    pub verdict: &'static str,
    /// The codes of all errors.
    pub codes: &'static [&'static str],
    /// The file.
    pub pdf: Vec<u8>,
}

/// The letter without its token: the twin of all others. Its objects stay in their places.
pub(super) fn without_token() -> Pdf {
    let mut pdf = Pdf::plain();
    let (file, specification) = (pdf.object("/Type/EmbeddedFile"), pdf.object("/Type/Filespec"));
    let catalog = pdf.object("/Type/Catalog");
    let number = specification + 1;
    let names = format!("/AF[{number} 0 R]/Names<</EmbeddedFiles<</Names[(certificate.jwt) {number} 0 R]>>>>");
    pdf.objects[catalog] = replaced(&pdf.objects[catalog], &names, "");
    pdf.objects[file] = b"null\n".to_vec();
    pdf.objects[specification] = b"null\n".to_vec();
    pdf
}

/// All of them, the accepted ones among them.
pub fn others() -> Vec<Other> {
    let twin = without_token();
    let (signature, field) = (twin.objects.len(), twin.number("/FT/Sig"));
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

    // What has a byte range is a signature, whatever its field says it is; without one only a signature field has a signature.
    for (name, kind) in [("a text field", "/FT/Tx"), ("a button", "/FT/Btn"), ("a field without a type", "")] {
        let changed = twin.clone().replace("/FT/Sig", kind);
        other(&format!("{name} with a signature"), "valid", &[], changed.sign());
        let broken = changed.clone().replace("/Reason(Issued", "/Reason(issued").fit();
        other(&format!("{name} with a signature over something else"), "invalid", &["cms.digest-mismatch"], broken);
        let without = replaced(&changed.sign(), "/ByteRange[", "/Byterange[");
        other(&format!("{name} with a dictionary"), "invalid", &["pdf.unsigned"], without);
    }
    let missing = replaced(&twin.sign(), "/ByteRange[", "/Byterange[");
    other("no byte range", "invalid", &["pdf.byte-range"], missing);

    // In an object stream an offset says nothing about the file, though here the bytes around it are the right ones.
    other("the field in an object stream", "valid", &[], sign(with_object_stream(&twin, field)));
    other(
        "the signature dictionary in an object stream",
        "invalid",
        &["pdf.byte-range"],
        sign(with_object_stream(&twin, signature)),
    );
    let dictionary = String::from_utf8(twin.objects[signature - 1].clone()).expect("a dictionary in ASCII");
    let mut direct = twin.clone().replace(&format!("/V {signature} 0 R"), &format!("/V{}", dictionary.trim_end()));
    direct.objects[signature - 1] = b"null\n".to_vec();
    other("the signature dictionary in its field", "valid", &[], direct.sign());
    other(
        "the signature dictionary in its field in an object stream",
        "invalid",
        &["pdf.byte-range"],
        sign(with_object_stream(&direct, field)),
    );
    others
}

/// The file with one object in an object stream, which is not compressed, and a cross-reference stream.
fn with_object_stream(pdf: &Pdf, compressed: usize) -> Vec<u8> {
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
    let (first, length) = (numbers.len(), numbers.len() + object.len());
    let head = format!("{holder} 0 obj\n<</Type/ObjStm/N 1/First {first}/Length {length}>>stream\n{numbers}");
    file.extend([head.as_bytes(), object, b"\nendstream\nendobj\n"].concat());
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
