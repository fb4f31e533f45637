//! Incremental saving: changes after the end of the signed revision, in complete and incomplete
//! revisions.

use super::Vector;
use super::pdf::{Pdf, find, replaced, rfind, stream};

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter().resolved();
    let signed = letter.sign();
    let table = rfind(&signed, b"xref\n0 ").start;
    let trailer = letter.trailer.clone();
    let content = letter.content_place();
    let catalog = letter.object("/Type/Catalog");
    let page = letter.object("/StructParents 0");
    let evil_content = (content + 1, stream("", b"BT ET"));
    let evil_catalog = (catalog + 1, replaced(&letter.objects[catalog], "/Lang(en)", "/Lang(xx)"));
    let evil_page = (page + 1, replaced(&letter.objects[page], "/MediaBox[0 0", "/MediaBox[9 0"));
    let modified = "pdf.modified-after-signing";
    let update = |parts: Parts, objects: &[(usize, Vec<u8>)]| {
        append(&signed, &format!("{trailer}/Size {}/Prev {table}", letter.objects.len() + 1), parts, objects)
    };
    let everything = Parts { table: true, trailer: true, startxref: true, end: true };
    let mut vectors = Vec::new();
    for (name, fault, parts) in [
        ("complete", "a whole revision follows", everything),
        ("without-xref", "a revision without a cross-reference table follows", Parts { table: false, ..everything }),
        (
            "without-xref-and-trailer",
            "objects, startxref and an end follow",
            Parts { table: false, trailer: false, ..everything },
        ),
        ("without-trailer", "a revision without a trailer follows", Parts { trailer: false, ..everything }),
        ("without-startxref", "a revision without startxref follows", Parts { startxref: false, ..everything }),
        ("without-eof", "a revision without an end follows", Parts { end: false, ..everything }),
        (
            "body-only",
            "objects follow, without a table",
            Parts { table: false, trailer: false, startxref: false, end: false },
        ),
    ] {
        // A file whose last startxref does not lead to a table is not opened.
        let code = if matches!(name, "without-eof" | "without-xref" | "without-trailer" | "without-xref-and-trailer") {
            "pdf.malformed"
        } else {
            modified
        };
        let pdf = update(parts, std::slice::from_ref(&evil_content));
        vectors.push(Vector::outsider(name, fault, code, pdf));
    }
    for (name, fault, objects) in [
        ("catalog", "a revision that defines the catalog anew follows", vec![evil_catalog.clone()]),
        ("page", "a revision that defines a page anew follows", vec![evil_page.clone()]),
        ("no-objects", "a revision without objects follows", vec![]),
        (
            "same-object",
            "a revision that repeats an object as it is follows",
            vec![(page + 1, letter.objects[page].clone())],
        ),
    ] {
        vectors.push(Vector::outsider(name, fault, modified, update(everything, &objects)));
    }
    let two = append(
        &update(everything, std::slice::from_ref(&evil_content)),
        &format!("{trailer}/Size {}/Prev {table}", letter.objects.len() + 1),
        everything,
        std::slice::from_ref(&evil_page),
    );
    vectors.push(Vector::outsider("two-revisions", "two revisions follow", modified, two));

    let junk = [&signed[..], b"\n\nno PDF at all\n\n"].concat();
    let after_junk = append(
        &junk,
        &format!("{trailer}/Size {}/Prev {table}", letter.objects.len() + 1),
        everything,
        std::slice::from_ref(&evil_content),
    );
    vectors.push(Vector::outsider("after-junk", "a revision follows after junk", modified, after_junk));
    for (name, tail) in [
        ("one-byte", &b"x"[..]),
        ("one-zero", b"\0"),
        ("line-end", b"\n"),
        ("second-eof", b"%%EOF\n"),
        ("comment", b"% nothing to see\n"),
        ("zeros", &[0; 512]),
    ] {
        let pdf = [&signed[..], tail].concat();
        vectors.push(Vector::outsider(name, "bytes follow after the end", modified, pdf));
    }

    vectors.push(Vector::outsider(
        "object-stream",
        "a revision with the new objects hidden in an object stream follows",
        modified,
        object_stream_update(&signed, &letter, table),
    ));
    vectors.push(Vector::outsider(
        "hybrid",
        "a revision follows whose objects only /XRefStm names",
        modified,
        hybrid_update(&signed, &letter, table),
    ));
    vectors.push(Vector::outsider(
        "appended-signature-range",
        "the byte range is stretched over a revision that follows",
        "cms.digest-mismatch",
        super::pdf::fit(update(everything, std::slice::from_ref(&evil_content))),
    ));
    vectors.push(Vector::office(
        "signed-over",
        "a revision follows, and the signature was made over both",
        "pdf.outside-profile",
        super::pdf::sign(update(everything, std::slice::from_ref(&evil_catalog))),
    ));
    // An insertion before the end: %%EOF and startxref are still at the end of the file.
    let end = find(&signed, b"startxref").start;
    let inserted = [&signed[..end], b"1 0 obj\n<<>>\nendobj\n", &signed[end..]].concat();
    vectors.push(Vector::outsider(
        "before-startxref",
        "an object is between the trailer and startxref",
        "pdf.outside-profile",
        inserted,
    ));
    vectors
}

#[derive(Clone, Copy)]
struct Parts {
    table: bool,
    trailer: bool,
    startxref: bool,
    end: bool,
}

fn append(pdf: &[u8], trailer: &str, parts: Parts, objects: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let mut pdf = pdf.to_vec();
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for (number, object) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"endobj\n");
    }
    let start = pdf.len();
    let mut tail = String::new();
    if parts.table {
        tail.push_str(&table);
    }
    if parts.trailer {
        tail.push_str(&format!("trailer\n<<{trailer}>>\n"));
    }
    if parts.startxref {
        tail.push_str(&format!("startxref\n{start}\n"));
    }
    if parts.end {
        tail.push_str("%%EOF\n");
    }
    pdf.extend_from_slice(tail.as_bytes());
    pdf
}

/// A revision with a cross-reference stream, and its catalog in an object stream.
fn object_stream_update(signed: &[u8], letter: &Pdf, previous: usize) -> Vec<u8> {
    let mut pdf = signed.to_vec();
    let catalog = letter.object("/Type/Catalog");
    let (holder, table) = (letter.objects.len() + 1, letter.objects.len() + 2);
    let first = format!("{} 0 ", catalog + 1);
    let data = [first.as_bytes(), &replaced(&letter.objects[catalog], "/Lang(en)", "/Lang(xx)")].concat();
    let holder_at = pdf.len();
    pdf.extend_from_slice(format!("{holder} 0 obj\n").as_bytes());
    pdf.extend_from_slice(&stream(&format!("/Type/ObjStm/N 1/First {}", first.len()), &data));
    pdf.extend_from_slice(b"endobj\n");
    let table_at = pdf.len();
    let mut rows = Vec::new();
    for (kind, middle, last) in [(2, holder, 0), (1, holder_at, 0), (1, table_at, 0)] {
        rows.push(kind);
        rows.extend_from_slice(&u32::try_from(middle).expect("a small file").to_be_bytes());
        rows.push(last);
    }
    let entries = format!(
        "/Type/XRef/W[1 4 1]/Index[{} 1 {holder} 2]/Size {}{}/Prev {previous}",
        catalog + 1,
        table + 1,
        letter.trailer
    );
    pdf.extend_from_slice(format!("{table} 0 obj\n").as_bytes());
    pdf.extend_from_slice(&stream(&entries, &rows));
    pdf.extend_from_slice(format!("endobj\nstartxref\n{table_at}\n%%EOF\n").as_bytes());
    pdf
}

/// A revision with an empty table, and a cross-reference stream beside it that names a new catalog.
fn hybrid_update(signed: &[u8], letter: &Pdf, previous: usize) -> Vec<u8> {
    let mut pdf = signed.to_vec();
    let catalog = letter.object("/Type/Catalog");
    let catalog_at = pdf.len();
    pdf.extend_from_slice(format!("{} 0 obj\n", catalog + 1).as_bytes());
    pdf.extend_from_slice(&replaced(&letter.objects[catalog], "/Lang(en)", "/Lang(xx)"));
    pdf.extend_from_slice(b"endobj\n");
    let number = letter.objects.len() + 1;
    let stream_at = pdf.len();
    let mut rows = Vec::new();
    for offset in [catalog_at, stream_at] {
        rows.push(1);
        rows.extend_from_slice(&u32::try_from(offset).expect("a small file").to_be_bytes());
        rows.push(0);
    }
    let entries = format!("/Type/XRef/W[1 4 1]/Index[{} 1 {number} 1]/Size {}", catalog + 1, number + 1);
    pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    pdf.extend_from_slice(&stream(&format!("{entries}{}", letter.trailer), &rows));
    let table_at = pdf.len() + b"endobj\n".len();
    let trailer = format!("{}/Size {}/Prev {previous}/XRefStm {stream_at}", letter.trailer, number + 1);
    pdf.extend_from_slice(
        format!("endobj\nxref\n0 0\ntrailer\n<<{trailer}>>\nstartxref\n{table_at}\n%%EOF\n").as_bytes(),
    );
    pdf
}
