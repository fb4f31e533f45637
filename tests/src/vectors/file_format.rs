//! The file itself: header, polyglots, cross-reference, linearized and encrypted files.

use super::Vector;
use super::pdf::{Pdf, find, fit, rfind, sign, sign_file, stream};

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let signed = letter.sign();
    let outside = "pdf.outside-profile";
    let malformed = "pdf.malformed";
    let header = |bytes: &[u8]| Pdf { header: bytes.to_vec(), ..letter.clone() };
    let mark = b"%\x80\x80\x80\x80\n";
    let mut vectors = Vec::new();

    // Junk and other formats before the header: viewers look for it in the first 1024 bytes.
    for (name, fault, before) in [
        ("junk-byte", "a byte before the header", &b"x"[..]),
        ("junk-line-end", "a line end before the header", b"\n"),
        ("junk-byte-order-mark", "a byte order mark before the header", b"\xef\xbb\xbf"),
        ("polyglot-zip", "the file begins as a ZIP archive", b"PK\x03\x04\x14\0\0\0\0\0"),
        ("polyglot-html", "the file begins as a web page", b"<!DOCTYPE html><title>x</title>\n"),
        ("polyglot-gif", "the file begins as an image", b"GIF89a\x01\0\x01\0\x80\0\0"),
        ("polyglot-script", "the file begins as a shell script", b"#!/bin/sh\nexit\n"),
        ("polyglot-postscript", "the file begins as PostScript", b"%!PS-Adobe-3.0 PDF-1.7\n"),
    ] {
        vectors.push(Vector::office(
            name,
            fault,
            "cqm.not-a-certificate",
            header(&[before, &letter.header].concat()).sign(),
        ));
        vectors.push(Vector::outsider(
            &format!("outsider-{name}"),
            fault,
            "cqm.not-a-certificate",
            [before, &signed].concat(),
        ));
    }
    for (name, fault, bytes, code) in [
        ("header-version", "a version that there is not", [b"%PDF-9.9\n", &mark[..]].concat(), "cqm.not-a-certificate"),
        ("header-text", "text after the version", [b"%PDF-1.7 x\n", &mark[..]].concat(), "cqm.not-a-certificate"),
        ("header-comment", "a comment after the header", b"%PDF-1.7\n% hello\n".to_vec(), outside),
        ("header-two-marks", "two comments after the header", [b"%PDF-1.7\n", &mark[..], &mark[..]].concat(), outside),
        ("header-script", "a comment with HTML", b"%PDF-1.7\n%<script>\n".to_vec(), outside),
        ("header-second", "a second header", b"%PDF-1.7\n%PDF-1.4\n".to_vec(), outside),
    ] {
        vectors.push(Vector::office(name, fault, code, header(&bytes).sign()));
    }
    vectors.push(Vector::office(
        "header-without-mark",
        "there is no mark of a binary file",
        outside,
        header(b"%PDF-1.7\n").sign(),
    ));

    // Bytes between the objects, and in them.
    let at_catalog = format!("{} 0 obj", letter.object("/Type/Catalog") + 1);
    let raw = letter.write();
    let insert = |before: &str, more: &[u8]| {
        let place = find(&raw, before.as_bytes()).start;
        relocated(&[&raw[..place], more, &raw[place..]].concat(), letter.objects.len())
    };
    for (name, fault, more) in [
        ("gap-bytes", "bytes between two objects", &b"junk\n"[..]),
        ("gap-comment", "a comment between two objects", b"% junk\n"),
        ("gap-object", "an object that the table does not name", b"999 0 obj\n<<>>\nendobj\n"),
        ("gap-same-object", "a second object of the same number", b"2 0 obj\n<<>>\nendobj\n"),
        ("gap-zip", "a ZIP archive between two objects", b"PK\x03\x04\x14\0\0\0\n"),
    ] {
        vectors.push(Vector::office(name, fault, "pdf.outside-profile pdf.tail", sign_file(insert(&at_catalog, more))));
    }
    let comment = letter.clone().replace("/Lang(en)", "/Lang(en)% a comment\n");
    vectors.push(Vector::office("comment-in-object", "a comment in an object", outside, comment.sign()));
    let mut unused = letter.clone();
    unused.add("(nobody reads this)\n");
    vectors.push(Vector::office("object-unused", "an object that nothing refers to", outside, unused.sign()));
    let space = sign_file(insert(&at_catalog, b"\n \n"));
    vectors.push(Vector::office(
        "gap-white-space",
        "white space between two objects",
        "pdf.outside-profile pdf.tail",
        space,
    ));

    // The cross-reference table.
    let table = |from: &str, to: &str| {
        let place = rfind(&raw, from.as_bytes());
        sign([&raw[..place.start], to.as_bytes(), &raw[place.end..]].concat())
    };
    let count = letter.objects.len() + 1;
    let entry_end = "00000 n \ntrailer";
    for (name, fault, code, pdf) in [
        ("xref-free", "the signature dictionary is marked as free", "pdf.tail", table(entry_end, "00000 f \ntrailer")),
        (
            "xref-generation",
            "the signature dictionary is of another generation in the table",
            "pdf.tail",
            table(entry_end, "00001 n \ntrailer"),
        ),
        ("xref-size", "/Size is smaller than the table", "pdf.tail", table(&format!("/Size {count}"), "/Size 9")),
        (
            "xref-size-large",
            "/Size is larger than the table",
            "pdf.tail",
            table(&format!("/Size {count}"), "/Size 999"),
        ),
        (
            "xref-count",
            "the table says that it has more entries",
            "pdf.tail",
            table(&format!("xref\n0 {count}"), "xref\n0 999"),
        ),
        (
            "xref-first",
            "the table begins with object 1",
            "pdf.tail",
            table(&format!("xref\n0 {count}"), &format!("xref\n1 {count}")),
        ),
        ("xref-no-table", "startxref points to no table", "pdf.tail", table("xref\n0 ", "xxxx\n0 ")),
        ("prev-zero", "/Prev points to the header", "pdf.tail", table("/Size", "/Prev 0/Size")),
        ("prev-negative", "/Prev is negative", "pdf.tail", table("/Size", "/Prev -1/Size")),
        ("prev-huge", "/Prev is beyond the file", "pdf.tail", table("/Size", "/Prev 99999999/Size")),
        (
            "xref-stream-beside",
            "the trailer names a cross-reference stream that is not one",
            "pdf.tail",
            table("/Size", "/XRefStm 15/Size"),
        ),
        (
            "encrypted",
            "the trailer says that the file is encrypted",
            "pdf.tail",
            table("/Size", "/Encrypt<</Filter/Standard/V 5/R 6>>/Size"),
        ),
        (
            "encrypted-null",
            "the trailer says that the file is encrypted by nothing",
            "pdf.tail",
            table("/Size", "/Encrypt<<>>/Size"),
        ),
        ("startxref-wrong", "startxref is a number too high", "pdf.tail", shifted(&raw, 1)),
        ("startxref-text", "startxref is not a number", "pdf.tail", table("startxref\n", "startxref\nx")),
    ] {
        vectors.push(Vector::office(name, fault, code, pdf));
    }
    let start = rfind(&raw, b"xref\n0 ").start;
    vectors.push(Vector::office(
        "prev-loop",
        "/Prev points to its own table",
        "pdf.tail",
        table("/Size", &format!("/Prev {start}/Size")),
    ));
    let empty = "xref\n0 0\ntrailer\n<</Size 1>>\n";
    let twice = insert("xref\n0 ", empty.as_bytes());
    let last = rfind(&twice, b"/Size").start;
    let twice = [&twice[..last], format!("/Prev {start}").as_bytes(), &twice[last..]].concat();
    vectors.push(Vector::office("two-tables", "two tables, one after the other", "pdf.tail", sign(twice)));
    for (name, ending) in
        [("end-missing", ""), ("end-other", "%%EOT\n"), ("end-space", "%%EOF \n"), ("end-two-lines", "%%EOF\n\n")]
    {
        let pdf = table("%%EOF\n", ending);
        vectors.push(Vector::office(name, "the file does not end as it must", "pdf.tail", pdf));
    }
    vectors.push(Vector::office(
        "end-without-line-end",
        "no line end after the last word",
        "pdf.tail",
        table("%%EOF\n", "%%EOF"),
    ));

    // A linearized file, with its parameters in the first object and two tables.
    let mut linearized = letter.clone();
    linearized.add("<</Linearized 1/L 49048/H[0 0]/O 135/E 9999/N 2/T 45790>>\n");
    vectors.push(Vector::office(
        "linearized",
        "an object says that the file is linearized",
        outside,
        linearized.sign(),
    ));

    vectors.push(Vector::office(
        "xref-stream",
        "a cross-reference stream in place of the table",
        "pdf.tail",
        with_xref_stream(&letter),
    ));
    vectors.push(Vector::office(
        "object-stream",
        "an object is in an object stream",
        "pdf.outside-profile pdf.tail",
        with_object_stream(&letter),
    ));
    vectors.push(Vector::outsider(
        "truncated",
        "the second half of the file is missing",
        malformed,
        signed[..signed.len() / 2].to_vec(),
    ));
    let own = letter.replace("/Type/Pages/Count", "/Type/Pages/X 1 0 R/Count");
    vectors.push(Vector::office("object-of-itself", "an object refers to itself", outside, own.sign()));
    vectors
}

/// Corrects the offsets of the table after bytes were put between the objects.
fn relocated(pdf: &[u8], objects: usize) -> Vec<u8> {
    let start = rfind(pdf, b"xref\n0 ").start;
    let head = &pdf[..rfind(pdf, b"0000000000 65535 f \n").end];
    let mut pdf_new = head.to_vec();
    for number in 1..=objects {
        let at = find(pdf, format!("\n{number} 0 obj\n").as_bytes()).start + 1;
        pdf_new.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes());
    }
    let trailer = rfind(pdf, b"trailer\n").start;
    let end = rfind(pdf, b"startxref\n");
    pdf_new.extend_from_slice(&pdf[trailer..end.end]);
    pdf_new.extend_from_slice(format!("{start}\n%%EOF\n").as_bytes());
    pdf_new
}

/// The file with another `startxref`.
fn shifted(pdf: &[u8], by: usize) -> Vec<u8> {
    let start = rfind(pdf, b"xref\n0 ").start + by;
    let end = rfind(pdf, b"startxref\n").end;
    sign([&pdf[..end], format!("{start}\n%%EOF\n").as_bytes()].concat())
}

/// The letter with a cross-reference stream.
fn with_xref_stream(letter: &Pdf) -> Vec<u8> {
    let pdf = letter.write();
    let start = rfind(&pdf, b"xref\n0 ").start;
    let number = letter.objects.len() + 1;
    let mut rows = vec![0, 0, 0, 0, 0, 255];
    for object in 1..=letter.objects.len() {
        let at = find(&pdf, format!("\n{object} 0 obj\n").as_bytes()).start + 1;
        rows.push(1);
        rows.extend_from_slice(&u32::try_from(at).expect("a small file").to_be_bytes());
        rows.push(0);
    }
    rows.push(1);
    rows.extend_from_slice(&u32::try_from(start).expect("a small file").to_be_bytes());
    rows.push(0);
    let entries = format!("/Type/XRef/W[1 4 1]/Size {}{}", number + 1, letter.trailer);
    finish_xref_stream(&pdf[..start], number, &entries, &rows)
}

/// The letter with a cross-reference stream, and one structure element in an object stream.
fn with_object_stream(letter: &Pdf) -> Vec<u8> {
    let mut letter = letter.clone();
    let hidden = letter.number("/S/H1/");
    let object = std::mem::replace(&mut letter.objects[hidden - 1], b"null\n".to_vec());
    let first = format!("{hidden} 0 ");
    let holder =
        letter.add(stream(&format!("/Type/ObjStm/N 1/First {}", first.len()), &[first.as_bytes(), &object].concat()));
    let pdf = letter.write();
    let start = rfind(&pdf, b"xref\n0 ").start;
    let number = letter.objects.len() + 1;
    let mut rows = vec![0, 0, 0, 0, 0, 255];
    for object in 1..=number {
        let at = if object == number { start } else { find(&pdf, format!("\n{object} 0 obj\n").as_bytes()).start + 1 };
        let (kind, at) = if object == hidden { (2, holder) } else { (1, at) };
        rows.push(kind);
        rows.extend_from_slice(&u32::try_from(at).expect("a small file").to_be_bytes());
        rows.push(0);
    }
    let entries = format!("/Type/XRef/W[1 4 1]/Size {}{}", number + 1, letter.trailer);
    finish_xref_stream(&pdf[..start], number, &entries, &rows)
}

fn finish_xref_stream(body: &[u8], number: usize, entries: &str, rows: &[u8]) -> Vec<u8> {
    let mut pdf = body.to_vec();
    pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    pdf.extend_from_slice(&stream(entries, rows));
    pdf.extend_from_slice(format!("endobj\nstartxref\n{}\n%%EOF\n", body.len()).as_bytes());
    sign_file(fit(pdf))
}
