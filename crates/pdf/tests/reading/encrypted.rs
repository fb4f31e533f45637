//! Encrypted files: those that open without a password, and hostile encryption dictionaries.

use cqm_pdf::any::AnyPdf;
use cqm_pdf::syntax::{Document, Entry, Object, ReadErrorKind, Reference};
use cqm_pdf::{Limits, any::AnyText};

use crate::support::*;

fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/");
    std::fs::read(format!("{folder}{name}.pdf")).unwrap()
}

#[test]
fn the_text_is_that_of_the_file_before_it_was_encrypted() {
    let text = |name: &str| -> AnyText { AnyPdf::open(&sample(name), &Limits::default()).unwrap().text() };
    let plain = text("unsigned");
    assert!(plain.words.iter().any(|word| word == "39902000DA"));
    for name in [
        "encrypted",
        "encrypted-rc4-40",
        "encrypted-rc4-128",
        "encrypted-aes-128",
        "encrypted-aes-256",
        "encrypted-metadata",
        "encrypted-object-streams",
    ] {
        assert_eq!(text(name), plain, "{name}");
        // The strict reader refuses it as it always did.
        let error = Document::open(&sample(name), &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), &ReadErrorKind::Encrypted, "{name}");
    }
}

/// The letter with this encryption dictionary in its trailer.
fn encrypted(encrypt: &str) -> Vec<u8> {
    let pdf = Letter::accepted().build();
    let trailer = pdf.windows(7).rposition(|window| window == b"trailer").unwrap();
    let root = trailer + pdf[trailer..].windows(5).position(|window| window == b"/Root").unwrap();
    [&pdf[..root], format!("/Encrypt {encrypt}").as_bytes(), &pdf[root..]].concat()
}

#[test]
fn every_encryption_dictionary_ends_in_an_answer() {
    let strings = |length: usize| format!("/O<{0}>/U<{0}>", "41".repeat(length));
    let of_256 = format!("{}/OE<{1}>/UE<{1}>/Perms<{2}>", strings(48), "41".repeat(32), "41".repeat(16));
    let standard = |rest: &str| format!("<</Filter/Standard/P -4{rest}>>");
    let needs_password = [
        standard(&format!("/V 1/R 2{}", strings(32))),
        standard(&format!("/V 2/R 3/Length 128{}", strings(32))),
        standard(&format!("/V 4/R 4/CF<</StdCF<</CFM/AESV2>>>>/StmF/StdCF/StrF/StdCF{}", strings(40))),
        standard(&format!("/V 5/R 5{of_256}")),
        standard(&format!("/V 5/R 6{of_256}")),
    ];
    for encrypt in needs_password {
        let error = AnyPdf::open(&encrypted(&encrypt), &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), &ReadErrorKind::PasswordNeeded, "{encrypt}");
    }
    let unsupported = [
        "null".to_owned(),
        "<<>>".to_owned(),
        "99 0 R".to_owned(),
        "<</Filter/Adobe.PubSec/V 4>>".to_owned(),
        standard(""),
        standard("/V 1/R 2"),
        standard(&format!("/V 2/R 3/Length 0{}", strings(32))),
        standard(&format!("/V 2/R 3/Length 1000{}", strings(32))),
        standard(&format!("/V 2/R 3/Length -8{}", strings(32))),
        standard(&format!("/V 3/R 3{}", strings(32))),
        standard(&format!("/V 5/R 4{of_256}")),
        standard(&format!("/V 1/R 6{of_256}")),
        standard(&format!("/V 2/R 3{}", strings(3))),
        standard(&format!("/V 5/R 6{}", strings(48))),
        standard(&format!("/V 5/R 6{}", strings(0))),
    ];
    for encrypt in unsupported {
        let error = AnyPdf::open(&encrypted(&encrypt), &Limits::default()).unwrap_err();
        assert!(matches!(error.kind(), ReadErrorKind::Encryption(_)), "{encrypt}: {error:?}");
    }
}

#[test]
fn no_change_of_the_encryption_makes_a_panic() {
    for name in ["encrypted-rc4-40", "encrypted-aes-128", "encrypted-aes-256"] {
        let pdf = sample(name);
        let place = pdf.windows(9).position(|window| window == b"/Standard").unwrap();
        let start = pdf[..place].windows(3).rposition(|window| window == b"obj").unwrap();
        let end = place + pdf[place..].windows(6).position(|window| window == b"endobj").unwrap();
        for at in start..end {
            let mut changed = pdf.clone();
            changed[at] ^= 1 << (at % 7);
            if let Ok(opened) = AnyPdf::open(&changed, &Limits::default()) {
                opened.survey();
                opened.text();
                let _ = opened.signatures();
            }
        }
    }
}

#[test]
fn revisions_that_are_encrypted_differently_are_not_read() {
    let pdf = sample("encrypted-aes-128");
    let document = Document::open_with_empty_password(&pdf, &Limits::default()).unwrap();
    let newest = document.sections()[0].clone();
    let Some(Object::Reference(Reference { number, .. })) = newest.trailer.get(b"Encrypt") else { panic!() };
    assert!(matches!(document.entry(*number), Entry::Offset { .. }));
    let size = document.entries().len();
    let append = |encrypt: &str| {
        let start = pdf.len();
        let trailer = format!(
            "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size {size}/Root 1 0 R{encrypt}/Prev {}>>\nstartxref\n{start}\n%%EOF\n",
            newest.offset
        );
        [&pdf[..], trailer.as_bytes()].concat()
    };
    for encrypt in ["", "/Encrypt 1 0 R", "/Encrypt<</Filter/Standard>>"] {
        let error = AnyPdf::open(&append(encrypt), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("in different ways"), "{encrypt}: {error}");
    }
    let id = String::from_utf8_lossy(&pdf).rsplit_once("/ID").unwrap().1.split_once(']').unwrap().0.to_owned();
    let same = append(&format!("/Encrypt {number} 0 R/ID{id}]"));
    AnyPdf::open(&same, &Limits::default()).unwrap();
}
