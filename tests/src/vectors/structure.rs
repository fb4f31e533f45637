//! Catalog, page tree, form and names in which two readers of one file could see two documents.

use super::pdf::{Pdf, replaced, stream};
use super::{PLAIN, Vector};

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let outside = "pdf.outside-profile";
    let malformed = "pdf.malformed";
    let first = letter.number("/StructParents 0");
    let second = letter.number("/StructParents 1");
    let kids = format!("/Kids[{first} 0 R {second} 0 R]");
    let field = letter.number("/FT/Sig");
    let page = String::from_utf8(letter.objects[second - 1].clone()).expect("a page in ASCII");
    let office = |name: &str, fault, codes: &str, from: &str, to: &str| {
        Vector::office(name, fault, codes, letter.clone().replace(from, to).sign())
    };
    let mut vectors = vec![
        office("catalog-type", "the catalog is of another type", malformed, "/Type/Catalog", "/Type/Katalog"),
        office(
            "catalog-pages-direct",
            "the page tree is not an indirect object",
            "pdf.malformed token.expiry-differs token.holder-differs token.labels-differ token.of-another-certificate",
            "/Pages 1 0 R",
            "/Pages<</Type/Pages/Kids[]/Count 0>>",
        ),
        office("catalog-outlines", "the catalog has outlines", outside, "/Lang(en)", "/Lang(en)/Outlines<<>>"),
        office(
            "catalog-page-labels",
            "the catalog names the pages anew",
            outside,
            "/Lang(en)",
            "/Lang(en)/PageLabels<</Nums[0<</S/D>>]>>",
        ),
        office("catalog-threads", "the catalog has article threads", outside, "/Lang(en)", "/Lang(en)/Threads[]"),
        office("catalog-destinations", "the catalog has destinations", outside, "/Lang(en)", "/Lang(en)/Dests<<>>"),
        office("catalog-security-store", "the catalog has a security store", outside, "/Lang(en)", "/Lang(en)/DSS<<>>"),
        office(
            "catalog-requirements",
            "the catalog has requirements",
            outside,
            "/Lang(en)",
            "/Lang(en)/Requirements[]",
        ),
        office("catalog-version", "the catalog raises the version", outside, "/Lang(en)", "/Lang(en)/Version/2.0"),
        office(
            "page-count-low",
            "the page tree counts fewer pages than it has, so some viewers show fewer",
            malformed,
            "/Count 2",
            "/Count 1",
        ),
        office("page-count-high", "the page tree counts more pages than it has", malformed, "/Count 2", "/Count 3"),
        office("page-count-negative", "the page tree counts less than no pages", malformed, "/Count 2", "/Count -2"),
        office(
            "page-twice",
            "a page is twice in the page tree",
            malformed,
            &kids,
            &format!("/Kids[{first} 0 R {second} 0 R {first} 0 R]"),
        ),
        office(
            "page-tree-loop",
            "the page tree holds itself",
            malformed,
            &kids,
            &format!("/Kids[{first} 0 R {second} 0 R 1 0 R]"),
        ),
        office(
            "page-direct",
            "a page is not an indirect object",
            malformed,
            &kids,
            &format!("/Kids[{first} 0 R {second} 0 R<</Type/Page>>]"),
        ),
        office(
            "page-null",
            "a page is null",
            "pdf.malformed pdf.outside-profile",
            &kids,
            &format!("/Kids[{first} 0 R {second} 0 R 999 0 R]"),
        ),
        office(
            "page-parent",
            "a page has another parent",
            malformed,
            "/StructParents 0/Tabs/S/Parent 1 0 R",
            &format!("/StructParents 0/Tabs/S/Parent {second} 0 R"),
        ),
        office(
            "page-template",
            "a page is a template",
            malformed,
            &page,
            &page.replace("/Type/Page/", "/Type/Template/"),
        ),
        office(
            "page-crop-box",
            "a page shows a part of itself",
            outside,
            "/StructParents 1",
            "/StructParents 1/CropBox[0 0 10 10]",
        ),
        office("page-rotated", "a page is turned", outside, "/StructParents 1", "/StructParents 1/Rotate 180"),
        office(
            "page-unit",
            "a page is larger than its numbers",
            outside,
            "/StructParents 1",
            "/StructParents 1/UserUnit 9",
        ),
        office(
            "page-group",
            "a page has a transparency group",
            outside,
            "/StructParents 1",
            "/StructParents 1/Group<</S/Transparency>>",
        ),
        office(
            "page-thumbnail",
            "a page has a thumbnail of its own",
            outside,
            "/StructParents 1",
            &format!("/StructParents 1/Thumb {} 0 R", letter.content_place() + 1),
        ),
        office("page-beads", "a page has article beads", outside, "/StructParents 1", "/StructParents 1/B[]"),
        office("page-files", "a page has associated files", outside, "/StructParents 1", "/StructParents 1/AF[]"),
        office(
            "form-direct-field",
            "the signature field is twice in the form",
            "pdf.outside-profile",
            &format!("/Fields[{field} 0 R]"),
            &format!("/Fields[{field} 0 R<</FT/Sig/T(x)/Subtype/Widget/Rect[0 0 0 0]>>]"),
        ),
        office("form-calculation", "the form has an order of calculation", outside, "/SigFlags 3", "/SigFlags 3/CO[]"),
        office(
            "form-fields-null",
            "the form has no fields",
            "pdf.outside-profile",
            &format!("/Fields[{field} 0 R]"),
            "/Fields null",
        ),
        office(
            "form-field-not-on-page",
            "no page has the signature field",
            "pdf.outside-profile",
            &format!("/Annots[{field} 0 R]"),
            "/Annots[]",
        ),
        office(
            "form-field-twice-on-page",
            "a page has the signature field twice",
            outside,
            &format!("/Annots[{field} 0 R]"),
            &format!("/Annots[{field} 0 R {field} 0 R]"),
        ),
        office(
            "names-destinations",
            "the names hold destinations",
            outside,
            "/Names<</EmbeddedFiles",
            "/Names<</Dests<<>>/EmbeddedFiles",
        ),
        office(
            "names-templates",
            "the names hold templates",
            outside,
            "/Names<</EmbeddedFiles",
            "/Names<</Templates<<>>/EmbeddedFiles",
        ),
        office(
            "names-pages",
            "the names hold pages",
            outside,
            "/Names<</EmbeddedFiles",
            "/Names<</Pages<<>>/EmbeddedFiles",
        ),
    ];
    let widget = String::from_utf8(letter.objects[letter.object("/FT/Sig")].clone()).expect("a widget in ASCII");
    // The object remains, because otherwise all others would need new numbers. It is referred to,
    // because an unused object would be a second fault.
    let mut direct = letter
        .clone()
        .replace(&format!("/Annots[{field} 0 R]"), "/Annots[]")
        .change(first - 1, "/Tabs/S", &format!("/Tabs {field} 0 R"))
        .replace(&format!("/Fields[{field} 0 R]"), &format!("/Fields[{}]", widget.trim_end()));
    direct.objects[letter.object("/FT/Sig")] = b"/S\n".to_vec();
    vectors.push(Vector::office(
        "form-field-direct",
        "the signature field is not an indirect object, and on no page",
        "pdf.outside-profile pdf.tail",
        direct.sign(),
    ));
    // Objects that the catalog reaches by references.
    let specification = letter.number("/Type/Filespec");
    for (name, key, value) in [
        ("form-indirect", "/AcroForm", format!("<</Fields[{field} 0 R]/SigFlags 3>>")),
        ("form-fields-indirect", "/Fields", format!("[{field} 0 R]")),
        ("files-indirect", "/AF", format!("[{specification} 0 R]")),
        ("names-indirect", "/Names", format!("<</EmbeddedFiles<</Names[(certificate.jwt){specification} 0 R]>>>>")),
        ("names-tree-indirect", "/EmbeddedFiles", format!("<</Names[(certificate.jwt){specification} 0 R]>>")),
        ("names-pairs-indirect", "<</Names", format!("[(certificate.jwt){specification} 0 R]")),
    ] {
        let pdf = letter.clone().indirect(key, &value).sign();
        vectors.push(Vector::office(name, "an entry of the catalog is an indirect object", outside, pdf));
    }
    let inherited = letter
        .clone()
        .replace("/Count 2", "/Count 2/MediaBox[0 0 841.89 595.276]")
        .replace("/MediaBox[0 0 841.89 595.276]/StructParents 1", "/StructParents 1");
    vectors.push(Vector::office("page-box-inherited", "a page has no media box of its own", outside, inherited.sign()));

    let content = letter.content_place() + 1;
    let contents = |contents: &str| {
        letter.clone().replace(&format!("/Contents {content} 0 R/Annots"), &format!("/Contents{contents}/Annots"))
    };
    vectors.push(Vector::accepted(
        "page-contents-array",
        "the content of a page is an array of one stream",
        contents(&format!("[{content} 0 R]")).sign(),
    ));
    let mut more = contents(&format!("[{content} 0 R MORE 0 R]"));
    let number = more.add(stream("", b"q Q"));
    let more = more.replace("MORE", &number.to_string());
    vectors.push(
        Vector::office("page-contents-two", "the content of a page is in two streams", outside, more.sign())
            .twin("structure/page-contents-array"),
    );
    let null = contents(" null");
    vectors.push(Vector::office(
        "page-contents-null",
        "the first page is empty",
        "pdf.outside-profile token.holder-differs token.labels-differ",
        null.sign(),
    ));

    // Keys that occur twice, in every dictionary that a verdict depends on.
    for (name, codes, from, to) in [
        ("catalog", malformed, "/Lang(en)", "/Lang(en)/Lang(xx)"),
        ("catalog-pages", malformed, "/Pages 1 0 R", "/Pages 1 0 R/Pages 1 0 R"),
        ("catalog-escaped", malformed, "/Pages 1 0 R", "/P#61ges 1 0 R/Pages 1 0 R"),
        ("page-tree", "pdf.malformed", "/Count 2", "/Count 2/Count 2"),
        ("page", malformed, "/StructParents 1", "/StructParents 1/StructParents 0"),
        ("page-contents", malformed, "/StructParents 1", "/StructParents 1/Contents null"),
        ("resources", malformed, "/f0 ", "/f0 1 0 R/f0 "),
        ("form", malformed, "/SigFlags 3", "/SigFlags 3/SigFlags 3"),
        ("field", "pdf.tail", "/T(Signature)", "/T(Signature)/T(x)"),
        ("names", malformed, "/Names<</EmbeddedFiles", "/Names<<>>/Names<</EmbeddedFiles"),
        ("file-specification", "pdf.tail", "/AFRelationship/Data", "/AFRelationship/Data/AFRelationship/Source"),
        ("embedded-file", "pdf.tail", "/Type/EmbeddedFile", "/Type/EmbeddedFile/Type/EmbeddedFile"),
        ("structure", malformed, "/T(Statement of Quality)", "/T(Statement of Quality)/T(x)"),
    ] {
        let pdf = match name {
            "resources" => letter.clone().change(letter.resources(), from, to).sign(),
            _ => letter.clone().replace(from, to).sign(),
        };
        vectors.push(Vector::office(&format!("twice-{name}"), "a key is twice in a dictionary", codes, pdf));
    }
    let mut trailer = letter.clone();
    trailer.trailer = format!("/Root 1 0 R{}", trailer.trailer);
    vectors.push(Vector::office("twice-root", "the trailer names two catalogs", "pdf.tail", trailer.sign()));
    let mut trailer = letter.clone();
    trailer.trailer.push_str("/Prop(x)");
    vectors.push(Vector::office("trailer-key", "the trailer has another key", "pdf.tail", trailer.sign()));

    let plain = Pdf::plain();
    vectors.push(
        Vector::accepted("content-not-compressed", "the content of a page is as it is read", plain.sign()).twin(PLAIN),
    );
    let place = plain.content_place();
    let mut external = plain.clone();
    external.objects[place] = replaced(&plain.objects[place], "<<", "<</F(other.txt)");
    vectors.push(
        Vector::office(
            "content-external",
            "the content of a page is in another file",
            "pdf.outside-profile token.holder-differs token.labels-differ",
            external.sign(),
        )
        .twin(PLAIN),
    );
    vectors
}
