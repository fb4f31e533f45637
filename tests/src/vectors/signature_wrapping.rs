//! Signature wrapping: a reader shows other bytes than the signed ones, which are all in the file.

use super::Vector;
use super::pdf::{Pdf, contents, replaced, sign_but, stream, write_range};

pub(super) fn vectors() -> Vec<Vector> {
    let letter = Pdf::letter();
    let signed = letter.sign();
    let gap = contents(&signed);
    let (start, end, length) = (gap.start, gap.end, signed.len());
    let rest = length - end;
    let mut vectors = Vec::new();
    for (name, fault, range, code) in [
        ("first-not-zero", "the first range begins at byte 1", format!("1 {start} {end} {rest}"), "pdf.byte-range"),
        ("negative-start", "an offset is negative", format!("-1 {start} {end} {rest}"), "pdf.byte-range"),
        ("negative-length", "a length is negative", format!("0 -{start} {end} {rest}"), "pdf.byte-range"),
        ("negative-rest", "the second length is negative", format!("0 {start} {end} -1"), "pdf.byte-range"),
        ("reversed", "the second range is first", format!("{end} {rest} 0 {start}"), "pdf.byte-range"),
        ("swapped", "the gap ends before it begins", format!("0 {end} {start} {}", length - start), "pdf.byte-range"),
        ("overlapping", "the ranges overlap", format!("0 {end} {end} {rest}"), "pdf.byte-range"),
        ("three-numbers", "three numbers", format!("0 {start} {end}"), "pdf.byte-range"),
        ("one-range", "one range over the whole file", format!("0 {length}"), "pdf.byte-range"),
        ("three-ranges", "three ranges", format!("0 {start} {end} 9 9 9"), "pdf.byte-range"),
        ("three-ranges-empty", "an empty range in the middle", format!("0 {start} 9 0 {end} {rest}"), "pdf.byte-range"),
        ("huge", "a length beyond the file", format!("0 {start} {end} 99999999999"), "pdf.byte-range"),
        ("overflow", "a length of 2^64 - 1", "0 0 1 18446744073709551615".into(), "pdf.malformed"),
        ("signed-overflow", "a length of 2^63 - 1", "0 1 2 9223372036854775807".into(), "pdf.byte-range"),
        ("real", "numbers with fractions", format!("0. {start}. {end}. {rest}."), "pdf.byte-range"),
        ("gap-too-early", "the gap begins a byte early", format!("0 {} {end} {rest}", start - 1), "pdf.byte-range"),
        ("gap-too-late", "the gap ends a byte late", format!("0 {start} {} {}", end + 1, rest - 1), "pdf.byte-range"),
        (
            "gap-narrow",
            "the delimiters are signed",
            format!("0 {} {} {}", start + 1, end - 1, rest + 1),
            "pdf.byte-range",
        ),
        (
            "short",
            "the last byte is not covered",
            format!("0 {start} {end} {}", rest - 1),
            "pdf.modified-after-signing",
        ),
        ("first-only", "the second range is empty", format!("0 {start} {end} 0"), "pdf.modified-after-signing"),
        ("reference", "a number is a reference", format!("0 1 0 R {end} {rest}"), "pdf.byte-range"),
    ] {
        let mut pdf = signed.clone();
        write_range(&mut pdf, &range);
        vectors.push(Vector::outsider(name, fault, code, pdf));
    }

    // The attack as published: the signed second part is moved to the end, and other bytes replace
    // it.
    let moved = length + rest;
    let mut pdf = [&signed[..end], &signed[end..], &signed[end..]].concat();
    write_range(&mut pdf, &format!("0 {start} {moved} {rest}"));
    pdf.truncate(length);
    pdf.extend_from_slice(&signed[end..]);
    write_range(&mut pdf, &format!("0 {start} {length} {rest}"));
    vectors.push(Vector::outsider("moved", "the second range is moved behind another one", "pdf.byte-range", pdf));

    // The same by the office: the signature verifies, but does not cover other bytes in its gap.
    let wide = |from: &str, to: &str, before: usize, after: usize| {
        let pdf = letter.clone().replace(from, to).write();
        let gap = contents(&pdf);
        let gap = gap.start - before..gap.end + after;
        let mut pdf = pdf;
        let range = format!("0 {} {} {}", gap.start, gap.end, pdf.len() - gap.end);
        write_range(&mut pdf, &range);
        sign_but(pdf, gap)
    };
    let entry = "/Location(x)";
    let with_entry = format!(">{entry}/M(D:");
    for (name, fault, pdf) in [
        ("gap-with-white-space", "white space in the gap is not signed", wide("/Contents<", "/Contents <", 1, 0)),
        ("gap-with-key", "the key /Contents in the gap is not signed", wide("/Contents<", "/Contents<", 9, 0)),
        ("gap-with-entry", "an entry in the gap is not signed", wide(">/M(D:", &with_entry, 0, entry.len())),
    ] {
        vectors.push(Vector::office(name, fault, "pdf.byte-range", pdf));
    }
    vectors.extend(digits(&signed));
    vectors.extend(second_contents(&letter));
    vectors
}

/// Changes in the only place that is not signed.
fn digits(signed: &[u8]) -> Vec<Vector> {
    let gap = contents(signed);
    let value = &signed[gap.start + 1..gap.end - 1];
    let with = |at: usize, byte: u8| {
        let mut pdf = signed.to_vec();
        pdf[at] = byte;
        pdf
    };
    let letter_digit = gap.start + 1 + value.iter().position(u8::is_ascii_lowercase).expect("a digit a to f");
    let last = gap.end - 2;
    let mut vectors = Vec::new();
    for (name, fault, pdf, code) in [
        (
            "upper-case",
            "a digit of /Contents is in upper case",
            with(letter_digit, signed[letter_digit] - 32),
            "pdf.contents",
        ),
        ("space", "a digit of the padding is a space", with(last, b' '), "pdf.contents"),
        ("no-digit", "a digit of the padding is not hexadecimal", with(last, b'g'), "pdf.malformed"),
        ("padding", "the padding is not zero", with(last, b'1'), "pdf.contents"),
        ("zero-byte", "a digit of the padding is a zero byte", with(last, 0), "pdf.contents"),
        ("odd", "the string ends a digit early", with(last, b'>'), "pdf.malformed"),
        ("open", "the string opens with a parenthesis", with(gap.start, b'('), "pdf.malformed"),
        ("closed", "the string closes with a parenthesis", with(gap.end - 1, b')'), "pdf.malformed"),
    ] {
        vectors.push(Vector::outsider(&format!("contents-{name}"), fault, code, pdf));
    }
    // The string of the signature ends early, and other entries follow in its space.
    let room = b"><00>/Contents";
    let mut pdf = signed.to_vec();
    pdf[gap.end - 1 - room.len()..gap.end - 1].copy_from_slice(room);
    vectors.push(Vector::outsider("contents-ends-early", "the padding holds other entries", "pdf.malformed", pdf));
    vectors
}

fn second_contents(letter: &Pdf) -> Vec<Vector> {
    // A dictionary that can't be read is not a signature.
    let twice = "pdf.malformed pdf.outside-profile pdf.unsigned";
    let plain = letter.clone().replace("/ByteRange[", "/Contents(x)/ByteRange[").sign();
    let escaped = letter.clone().replace("/ByteRange[", "/Cont#65nts(x)/ByteRange[").sign();
    let range = letter.clone().replace("/ByteRange[", "/ByteRange[0 0 0 0]/ByteRange[").sign();
    let mut indirect = letter.clone();
    let number = indirect.add(stream("", b"x"));
    let indirect = indirect.replace("/M(D:", &format!("/Prop_Build {number} 0 R/M(D:")).sign();
    let shared = replaced(&letter.sign(), "/T(Signature)", "/T(Signaturf)");
    vec![
        Vector::office("second-contents", "the signature dictionary has /Contents twice", twice, plain),
        Vector::office("second-contents-escaped", "a second /Contents is written with a code", twice, escaped),
        Vector::office("second-byte-range", "the signature dictionary has /ByteRange twice", twice, range),
        Vector::office(
            "build-properties",
            "the signature dictionary leads to a stream",
            "pdf.outside-profile pdf.signature-dictionary",
            indirect,
        ),
        Vector::outsider("field-renamed", "the name of the signature field is changed", "cms.digest-mismatch", shared),
    ]
}
