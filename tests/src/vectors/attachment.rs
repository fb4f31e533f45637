//! Attachments: a token that is missing, exchanged, or different for different readers.

use super::Vector;
use super::pdf::{Pdf, replaced};

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let file = letter.number("/Type/EmbeddedFile");
    let specification = letter.number("/Type/Filespec");
    let office = |name: &str, fault, codes: &str, from: &str, to: &str| {
        Vector::office(name, fault, codes, letter.clone().replace(from, to).sign())
    };
    let af = format!("/AF[{specification} 0 R]");
    let names = format!("/Names[(certificate.jwt){specification} 0 R]");
    let ef = format!("/EF<</F {file} 0 R/UF {file} 0 R>>");
    let mut vectors = vec![
        office("af-missing", "the attachment is not associated", "pdf.outside-profile", &af, ""),
        office(
            "af-twice",
            "the attachment is associated twice",
            "pdf.outside-profile",
            &af,
            &format!("/AF[{specification} 0 R {specification} 0 R]"),
        ),
        office("af-other", "something else is associated", "pdf.outside-profile", &af, &format!("/AF[{file} 0 R]")),
        office(
            "af-direct",
            "a file specification of its own is associated",
            "pdf.outside-profile",
            &af,
            "/AF[<</Type/Filespec/F(certificate.jwt)>>]",
        ),
        office(
            "names-missing",
            "the names hold no files",
            "pdf.outside-profile",
            &format!("/Names<</EmbeddedFiles<<{names}>>>>"),
            "",
        ),
        office(
            "name-other",
            "the attachment has another name",
            "pdf.outside-profile",
            "/Names[(certificate.jwt)",
            "/Names[(other.jwt)",
        ),
        office(
            "name-in-utf-16",
            "the name is the same in UTF-16, as another name",
            "pdf.outside-profile",
            "/Names[(certificate.jwt)",
            "/Names[<FEFF0061>",
        ),
        office(
            "name-twice",
            "the attachment is named twice",
            "pdf.outside-profile",
            &names,
            &format!("/Names[(certificate.jwt){specification} 0 R(certificate.jwt){specification} 0 R]"),
        ),
        office(
            "name-odd",
            "a name without a file",
            "pdf.outside-profile",
            &names,
            &format!("/Names[(certificate.jwt){specification} 0 R(x)]"),
        ),
        office("names-kids", "the names are a tree", "pdf.outside-profile", &names, &format!("{names}/Kids[]")),
        office(
            "names-limits",
            "the names have limits",
            "pdf.outside-profile",
            &names,
            &format!("{names}/Limits[(a)(z)]"),
        ),
        office(
            "uf-other",
            "the file specification has another name",
            "pdf.tail",
            "/UF(certificate.jwt)",
            "/UF(other.jwt)",
        ),
        office(
            "f-other",
            "the old name of the file specification is another",
            "pdf.tail",
            "/F(certificate.jwt)",
            "/F(invoice.exe)",
        ),
        office(
            "relationship",
            "the attachment is an alternative",
            "pdf.tail",
            "/AFRelationship/Data",
            "/AFRelationship/Alternative",
        ),
        office("related-files", "the file specification has related files", "pdf.tail", &ef, &format!("{ef}/RF<<>>")),
        office("file-system", "the file specification is a URL", "pdf.tail", "/Type/Filespec", "/Type/Filespec/FS/URL"),
        office("volatile", "the file changes", "pdf.tail", "/Type/Filespec", "/Type/Filespec/V true"),
        office(
            "dos-file",
            "the file has a third form",
            "pdf.tail",
            &ef,
            &format!("/EF<</F {file} 0 R/UF {file} 0 R/DOS {file} 0 R>>"),
        ),
    ];
    // As the tail begins with the first object of this form, the copy has another one.
    let copied = replaced(&letter.objects[letter.object("/Type/EmbeddedFile")], "<</Type", "<< /Type");
    // A second token of the same name: one reader takes it from /AF, another from /EmbeddedFiles.
    let second = |place: &str| {
        let mut letter = letter.clone();
        let copy = letter.add(copied.clone());
        let other = replaced(
            &letter.objects[letter.object("/Type/Filespec")],
            &ef,
            &format!("/EF<</F {copy} 0 R/UF {copy} 0 R>>"),
        );
        let other = letter.add(other);
        let (from, to) = match place {
            "af" => (af.clone(), format!("/AF[{other} 0 R]")),
            "af-too" => (af.clone(), format!("/AF[{specification} 0 R {other} 0 R]")),
            "names" => {
                (names.clone(), format!("/Names[(certificate.jwt){specification} 0 R(certificate.jwt){other} 0 R]"))
            }
            _ => (af.clone(), format!("{af}/PieceInfo<</Other {other} 0 R>>")),
        };
        letter.replace(&from, &to).sign()
    };
    vectors.push(Vector::office(
        "second-in-af",
        "/AF and /EmbeddedFiles name two attachments of one name",
        "pdf.attachment pdf.outside-profile",
        second("af"),
    ));
    vectors.push(Vector::office(
        "second-in-af-too",
        "/AF names a second attachment of the same name",
        "pdf.attachment pdf.outside-profile",
        second("af-too"),
    ));
    vectors.push(Vector::office(
        "second-in-names",
        "/EmbeddedFiles names two attachments of one name",
        "pdf.attachment pdf.outside-profile",
        second("names"),
    ));
    vectors.push(Vector::office(
        "second-elsewhere",
        "the catalog leads to a second attachment",
        "pdf.attachment pdf.outside-profile",
        second("elsewhere"),
    ));
    // One specification with two files: /F and /UF.
    let mut two = letter.clone();
    let copy = two.add(copied.clone());
    let two = two.replace(&ef, &format!("/EF<</F {file} 0 R/UF {copy} 0 R>>"));
    vectors.push(Vector::office("two-files", "/F and /UF are two files", "pdf.outside-profile pdf.tail", two.sign()));
    // An annotation that carries a file.
    let mut annotation = letter.clone();
    let field = letter.number("/FT/Sig");
    let copy = annotation.add(letter.objects[letter.object("/Type/Filespec")].clone());
    let carrier = annotation.add(format!("<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS {copy} 0 R>>\n"));
    let annotation = annotation.replace(&format!("/Annots[{field} 0 R"), &format!("/Annots[{field} 0 R {carrier} 0 R"));
    vectors.push(Vector::office(
        "annotation",
        "an annotation carries a second attachment",
        "pdf.active-content pdf.attachment pdf.outside-profile",
        annotation.sign(),
    ));
    // Someone without keys exchanges the token for another genuine one, or takes it away.
    let token = letter.clone().replace("/Type/EmbeddedFile", "/Type/EmbeddedFilf");
    vectors.push(Vector::outsider(
        "outsider-type",
        "the type of the embedded file is changed",
        "pdf.tail",
        token.fit(),
    ));
    let gone = letter.replace(&format!("/Names<</EmbeddedFiles<<{names}>>>>"), "");
    vectors.push(Vector::outsider("outsider-removed", "the token is taken away", "pdf.tail", gone.fit()));
    vectors
}
