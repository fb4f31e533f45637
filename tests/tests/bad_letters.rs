//! Letters that must not be valid, each with a valid one that differs only in the fault.

use cqm_core::{Certificate, Verdict};
use cqm_tests::SignedPdf;
use cqm_tests::office::{Forge, ISSUED_ON, assert_invalid, assert_unconfirmed, assert_valid, errors, issued, verify};

/// The letter with one byte changed.
fn with_byte(at: usize, change: impl Fn(u8) -> u8) -> Vec<u8> {
    let mut letter = issued().pdf.clone();
    letter[at] = change(letter[at]);
    assert_ne!(letter, issued().pdf);
    letter
}

fn position(needle: &[u8]) -> usize {
    issued().pdf.windows(needle.len()).position(|window| window == needle).expect("it is there")
}

fn certificate() -> Certificate {
    issued().certificate.clone()
}

#[test]
fn the_letter_itself_is_valid() {
    let report = verify(&issued().pdf);
    assert_valid(&report);
    assert_eq!(report.certificate(), Some(&issued().certificate));
    assert_eq!(report.signatures().len(), 2);
    assert!(report.signatures().iter().all(|signature| signature.covers_whole_file));
    assert_unconfirmed(&verify(issued().token.as_bytes()));
}

#[test]
fn what_is_no_certificate_is_named_so() {
    for file in [&b""[..], b"hello", b"%PD", &[0xff; 100], b"PK\x03\x04 a zip", b"a.b"] {
        let report = verify(file);
        assert_eq!(report.verdict(), Verdict::Invalid);
        assert!(report.certificate().is_none());
        assert!(matches!(errors(&report)[..], ["cqm.not-a-certificate"] | ["token.malformed"]), "{file:?}");
    }
    assert_invalid(&verify(b""), &["cqm.not-a-certificate"]);
}

#[test]
fn a_letter_cut_short_is_never_valid() {
    let letter = &issued().pdf;
    for length in (0..letter.len()).step_by(97).chain(letter.len() - 200..letter.len()) {
        let report = verify(&letter[..length]);
        assert_eq!(report.verdict(), Verdict::Invalid, "cut at {length}");
    }
}

#[test]
fn a_file_too_large_is_not_judged() {
    let mut large = issued().pdf.clone();
    large.resize((16 << 20) + 1, b' ');
    let report = verify(&large);
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert_eq!(errors(&report), ["cqm.limit-exceeded"]);
}

#[test]
fn a_changed_byte_of_the_text_is_found() {
    // In the last stream of the body, the metadata.
    let metadata = position(b"</x:xmpmeta>") - 60;
    let report = verify(&with_byte(metadata, |byte| byte ^ 1));
    assert_invalid(&report, &["agreement.letter", "cms.digest-mismatch", "pdf.tail"]);
}

#[test]
fn a_changed_byte_of_the_attachment_is_found() {
    let token = issued().token.as_bytes();
    let payload = position(token) + token.iter().position(|byte| *byte == b'.').expect("a dot") + 100;
    let report = verify(&with_byte(payload, |byte| if byte == b'A' { b'B' } else { b'A' }));
    let errors = errors(&report);
    assert!(errors.contains(&"cms.digest-mismatch") && errors.contains(&"token.bad-signature"), "{errors:?}");
    assert!(report.certificate().is_none(), "content without a valid signature is not shown");
}

#[test]
fn a_changed_byte_of_the_signature_value_is_found() {
    let contents = position(b"/Contents<") + 10;
    // Digits of the CMS and of the padding after it, and their case.
    let end = contents + issued().pdf[contents..].iter().position(|byte| *byte == b'>').expect("the end");
    for at in (contents..end).step_by(7) {
        let report = verify(&with_byte(at, |byte| if byte == b'0' { b'1' } else { b'0' }));
        assert_eq!(report.verdict(), Verdict::Invalid, "digit at {at}");
        if issued().pdf[at].is_ascii_lowercase() {
            let report = verify(&with_byte(at, |byte| byte.to_ascii_uppercase()));
            assert_invalid(&report, &["pdf.tail"]);
        }
    }
}

/// A CMS with the second form of its ECDSA signature, which has the higher `s`. The value is one
/// byte longer, and so is every element around it.
fn with_high_s(cms: &[u8]) -> Vec<u8> {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    // The INTEGER s is at the end and has 32 bytes.
    let (head, low) = cms.split_at(cms.len() - 32);
    assert!(head.ends_with(&[2, 32]), "s has 32 bytes");
    let mut high = [0; 32];
    let mut borrow = 0;
    for place in (0..32).rev() {
        let order = i16::from(u8::from_str_radix(&ORDER[2 * place..2 * place + 2], 16).unwrap());
        let difference = order - i16::from(low[place]) - borrow;
        borrow = i16::from(difference < 0);
        high[place] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    let mut longer = [&head[..head.len() - 1], &[33, 0], &high].concat();
    for at in 0..head.len() - 3 {
        let rest = cms.len() - at;
        match cms[at..at + 4] {
            [0x30 | 0x31 | 0xa0, 0x82, first, second]
                if 4 + usize::from(u16::from_be_bytes([first, second])) == rest =>
            {
                longer[at + 2..at + 4].copy_from_slice(&(u16::from_be_bytes([first, second]) + 1).to_be_bytes());
            }
            [4 | 0x30, length, ..] if 2 + usize::from(length) == rest => longer[at + 1] += 1,
            _ => {}
        }
    }
    longer
}

/// Anyone can compute the second form of a letter's ECDSA signature, so only one form is accepted.
#[test]
fn the_other_form_of_the_signature_is_found() {
    // Some names lead to a signature whose integers have the usual length.
    let letter = (0..16)
        .map(|number| {
            let mut certificate = certificate();
            certificate.holder.name = format!("Card Company {number}");
            Forge::default().issue(&certificate)
        })
        .find(|letter| SignedPdf::cut(letter).cms.iter().rev().nth(32) == Some(&32))
        .unwrap();
    assert_valid(&verify(&letter));
    let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes();
    let cms = SignedPdf::cut(&letter).cms;
    let (low, high) = (digits(&cms), digits(&with_high_s(&cms)));
    let start = letter.windows(low.len()).position(|window| *window == low).unwrap();
    let mut other = letter.clone();
    other[start..start + high.len()].copy_from_slice(&high);
    assert_invalid(&verify(&other), &["cms.encoding"]);
}

#[test]
fn a_changed_byte_range_is_found() {
    let range = position(b"/ByteRange") + b"/ByteRange[".len();
    let end = range + issued().pdf[range..].iter().position(|byte| *byte == b']').expect("the end");
    for at in range..end {
        let report = verify(&with_byte(at, |byte| if byte == b'1' { b'2' } else { b'1' }));
        assert_eq!(report.verdict(), Verdict::Invalid, "at {at}");
    }
}

#[test]
fn appended_bytes_are_found() {
    for tail in [&b"x"[..], b"\n", b"\n\n\n", b"%%EOF\n", b"\0", b"1 0 obj\n<<>>\nendobj\n"] {
        let letter = [&issued().pdf, tail].concat();
        let report = verify(&letter);
        assert_eq!(report.verdict(), Verdict::Invalid, "{tail:?}");
        let errors = errors(&report);
        assert!(errors.contains(&"pdf.modified-after-signing"), "{tail:?}: {errors:?}");
    }
}

#[test]
fn an_unsigned_letter_without_its_token_is_no_certificate() {
    use cqm_letter::{Template, Verification};
    let letter =
        cqm_letter::compose(&certificate(), &Template::default(), &Verification { root_fingerprint: [0; 32] }).unwrap();
    assert_eq!(errors(&verify(&letter)), ["cqm.not-a-certificate"]);
}

#[test]
fn a_signature_pasted_from_another_letter_is_found() {
    let mut other = certificate();
    other.holder.name = "Other Card Company".into();
    let other = Forge::default().issue(&other);
    assert_valid(&verify(&other));
    let contents = |pdf: &[u8]| {
        let start = pdf.windows(10).position(|window| window == b"/Contents<").expect("contents") + 10;
        start..start + pdf[start..].iter().position(|byte| *byte == b'>').expect("the end")
    };
    let mut pasted = other.clone();
    pasted[contents(&other)].copy_from_slice(&issued().pdf[contents(&issued().pdf)]);
    assert_invalid(&verify(&pasted), &["cms.digest-mismatch"]);
}

#[test]
fn the_token_of_another_certificate_is_found() {
    let forge = Forge::default();
    let mut other = certificate();
    other.number = "CQM-2023-0100".parse().unwrap();
    assert_valid(&verify(&forge.issue(&other)));
    let letter = forge.letter(&certificate(), forge.token_for(&other, &certificate()).as_bytes(), ISSUED_ON.start());
    assert_invalid(&verify(&letter), &["token.of-another-certificate"]);
}

#[test]
fn printed_labels_must_be_those_of_the_token() {
    let forge = Forge::default();
    let mut fewer = certificate();
    let removed = fewer.sites[0].labels.pop().unwrap();
    let printed_more =
        forge.letter(&certificate(), forge.token_for(&fewer, &certificate()).as_bytes(), ISSUED_ON.start());
    let report = verify(&printed_more);
    assert_invalid(&report, &["token.labels-differ"]);
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| { finding.message == format!("{removed} is on the pages, but not in the token") })
    );
    let printed_less = forge.letter(&fewer, forge.token_for(&certificate(), &fewer).as_bytes(), ISSUED_ON.start());
    let report = verify(&printed_less);
    assert_invalid(&report, &["token.labels-differ"]);
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| { finding.message == format!("{removed} is in the token, but not on the pages") })
    );
    assert_valid(&verify(&forge.letter(&fewer, forge.token(&fewer).as_bytes(), ISSUED_ON.start())));
}

#[test]
fn a_label_of_the_token_is_printed_once() {
    let mut certificate = certificate();
    certificate.sites[1].city = format!("Porto {}", certificate.sites[0].labels[0]);
    let report = verify(&Forge::default().issue(&certificate));
    assert_invalid(&report, &["token.labels-differ"]);
    certificate.sites[1].city = "Porto".into();
    assert_valid(&verify(&Forge::default().issue(&certificate)));
}

#[test]
fn a_label_is_one_wherever_it_is_printed() {
    let forge = Forge::default();
    let in_city = |city: &str| {
        let mut certificate = certificate();
        certificate.sites[1].city = city.into();
        verify(&forge.issue(&certificate))
    };
    // As a word; beside punctuation; beside letters of another script; in full width; with
    // look-alike letters; in pieces; with signs inside; in small letters.
    for city in [
        "Porto 59902000DA",
        "Porto (59902000DA)",
        "Porto, 59902000DA.",
        "Porto:59902000DA/B",
        "深圳59902000DA",
        "５９９０２０００ＤＡ",
        "59902000DА",
        "59902000DΑ",
        "З9901000DA",
        "59902 000DA",
        "(5 9 9 0 2 0 0 0 D A)",
        "59902-000DA",
        "59902, 000DA",
        "59902000da",
    ] {
        assert_invalid(&in_city(city), &["token.labels-differ"]);
    }
    for city in [
        "Porto (Maia)",
        "深圳 59902",
        "59902 100DA",
        "59902-100DA",
        "59902100da",
        "X59902 000DA",
        "59902 000DAX",
        "X59902000DA",
        "59902000DAX",
        "Αθήνα",
        "ＡＢＣ",
    ] {
        assert_valid(&in_city(city));
    }
}

#[test]
fn the_printed_holder_must_be_that_of_the_token() {
    let forge = Forge::default();
    let named = |name: &str| {
        let mut certificate = certificate();
        certificate.holder.name = name.into();
        certificate
    };
    // The holder of `certificate()` is Dummy Card Company. Its name is also on the second page,
    // after the title.
    for name in
        ["Other Card Company", "Dummy Card Compan", "Card Company", "Dummy Card Company Ltd", "dummy card company"]
    {
        let letter =
            forge.letter(&certificate(), forge.token_for(&named(name), &certificate()).as_bytes(), ISSUED_ON.start());
        assert_invalid(&verify(&letter), &["token.holder-differs"]);
        let letter =
            forge.letter(&named(name), forge.token_for(&certificate(), &named(name)).as_bytes(), ISSUED_ON.start());
        assert_invalid(&verify(&letter), &["token.holder-differs"]);
        assert_valid(&verify(&forge.issue(&named(name))));
    }
}

#[test]
fn the_holder_is_found_however_the_letter_sets_the_name() {
    let long = "Société Internationale de la Carte à Puce – Groupe Dvořák & Παπαδόπουλος, Filiale de l’Île-de-France";
    for name in [
        "D",
        "  Dummy   Card\u{a0}Company ",
        // Lines break at spaces, after hyphens and slashes, between Han and kana, and within a word
        // that is too long.
        long,
        &format!("{long} {}", "und Tochtergesellschaften der Kartenindustrie"),
        "Karten-Personalisierungs-Dienstleistungs-Gesellschaft/Chipkarten-Einbettungs-Gesellschaft",
        "深圳市虚拟智能卡科技股份有限公司、東京都千代田区スマートカード製造株式会社（架空の会社）、上海虚拟卡片制造有限公司北京分公司",
        "大韓　スマートカード 株式会社",
        &"W".repeat(200),
        &"Sté ".repeat(50),
        // Ligatures, separate accents (normalization form D), Greek, Cyrillic.
        "Office affiné: fjord, efficient ffl",
        "Zoe\u{308} Dvor\u{30c}a\u{301}k",
        "Εταιρεία Καρτών Αθηνών Α.Ε.",
        "Карточная компания",
        "A. B. \"C\" & D (1929) – 3/4",
    ] {
        let mut certificate = certificate();
        certificate.holder.name = name.into();
        assert_valid(&verify(&Forge::default().issue(&certificate)));
    }
    for name in ["dummy-card-company", "group", "all-activities"] {
        let text =
            std::fs::read_to_string(cqm_tests::repository("fixtures/dossiers").join(name).with_extension("toml"));
        let certificate = cqm_issue::dossier::read(&text.unwrap()).unwrap().certificate(ISSUED_ON);
        assert_valid(&verify(&Forge::default().issue(&certificate)));
    }
}

#[test]
fn the_printed_expiry_must_be_that_of_the_token() {
    let forge = Forge::default();
    let mut shorter = certificate();
    shorter.valid_until = "2024-04-05".parse().unwrap();
    let letter = forge.letter(&certificate(), forge.token_for(&shorter, &certificate()).as_bytes(), ISSUED_ON.start());
    assert_invalid(&verify(&letter), &["token.expiry-differs"]);
    assert_valid(&verify(&forge.issue(&shorter)));
}

#[test]
fn both_signatures_must_be_of_one_time() {
    let forge = Forge::default();
    let token = forge.token(&certificate());
    let letter = forge.letter(&certificate(), token.as_bytes(), ISSUED_ON.tomorrow().start());
    assert_invalid(&verify(&letter), &["pdf.tail"]);
    assert_valid(&verify(&forge.letter(&certificate(), token.as_bytes(), ISSUED_ON.start())));
}

#[test]
fn a_certificate_against_the_rules_is_found_though_it_is_signed() {
    let forge = Forge::default();
    for (code, change) in [
        (
            "rule.recognition-listed",
            &(|it: &mut Certificate| it.sites[1].labels[0] = "69901000DR".parse().unwrap())
                as &dyn Fn(&mut Certificate),
        ),
        ("rule.stopped-listed", &|it| it.sites[1].labels[0] = "69901000DS".parse().unwrap()),
        ("rule.contact-only", &|it| it.sites[1].labels[0] = "69901000CA".parse().unwrap()),
        ("rule.label-of-another-site", &|it| it.sites[1].labels[0] = "69907000DA".parse().unwrap()),
        ("rule.gvcp-missing", &|it| it.sites[0].cid = None),
        ("rule.validity", &|it| it.valid_until = it.valid_until.tomorrow()),
        ("rule.site-of-another-company", &|it| it.holder.companies[0].number = "98".parse().unwrap()),
    ] {
        let mut certificate = certificate();
        change(&mut certificate);
        let report = verify(&forge.issue(&certificate));
        assert_invalid(&report, &[code]);
    }
}
