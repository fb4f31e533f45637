//! PDFs without a token, judged by their signatures only: `docs/reference/any-pdf.md`.

mod corpus;

use std::fs;
use std::ops::Range;
use std::path::Path;

use cqm_core::{Date, Severity, Verdict};
use cqm_keys::{KeyPair, Role};
use cqm_sign::{cms, x509::TrustStore};
use cqm_tests::office::{self, errors};
use cqm_tests::vectors::{self, LETTER, Other, PLAIN, others};
use cqm_tests::{Workplace, interop, repository, succeed};
use cqm_verify::{PdfPolicy, Question, Report, StatusPolicy, Verifier};
use serde_json::{Value, json};

/// The verdict and the codes that each file of `tests/samples` must get, and why.
const SAMPLES: [(&str, &str, &[&str]); 39] = [
    // Signed by pyHanko, which adds a revision for the signature.
    ("pyhanko-pades", "valid", &[]),
    ("pyhanko-pkcs7", "valid", &[]),
    ("pyhanko-pss", "valid", &[]),
    ("pyhanko-object-streams", "valid", &[]),
    ("pyhanko-linearized", "valid", &[]),
    // DocMDP, P 1.
    ("pyhanko-certified", "valid", &[]),
    // Two signatures, one after the other.
    ("pyhanko-twice", "indeterminate", &["pdf.later-revision"]),
    // `pyhanko-pades`, with a text over it in another revision.
    ("pyhanko-annotated", "indeterminate", &["pdf.later-revision"]),
    // A line of the text is in a layer that is off.
    ("pyhanko-layers", "valid", &[]),
    // An X.509 certificate from a CA whose key is not of an accepted kind.
    ("pyhanko-p521-ca", "indeterminate", &["trust.unsupported"]),
    // A document time stamp instead of a signature.
    ("pyhanko-time-stamp", "indeterminate", &["pdf.unsupported-signature"]),
    // A script in the catalog.
    ("pyhanko-script", "indeterminate", &["pdf.changing-content"]),
    // Under another root; revoked; the certificate of a web server.
    ("pyhanko-stranger", "invalid", &["trust.unknown-issuer"]),
    ("pyhanko-revoked", "invalid", &["trust.revoked"]),
    ("pyhanko-web-server", "invalid", &["trust.wrong-purpose"]),
    // OpenSSL made the CMS: with its usual attributes; with indefinite lengths; with the signer
    // named by its key identifier; without attributes; with the content inside; with SHA-1; with an
    // RSA key of 1024 bits.
    ("openssl", "valid", &[]),
    ("openssl-ber", "valid", &[]),
    ("openssl-key-identifier", "valid", &[]),
    ("openssl-no-attributes", "valid", &[]),
    ("openssl-content-inside", "invalid", &["cms.malformed"]),
    ("openssl-sha1", "indeterminate", &["pdf.unsupported-signature"]),
    ("openssl-rsa-1024", "indeterminate", &["pdf.unsupported-signature"]),
    // Digests and a key that are not accepted; SHA-1 of the file as the content of the CMS.
    ("openssl-sha224", "indeterminate", &["pdf.unsupported-signature"]),
    ("openssl-sha3", "indeterminate", &["pdf.unsupported-signature"]),
    ("openssl-p521", "indeterminate", &["pdf.unsupported-signature"]),
    ("openssl-pkcs7-sha1", "indeterminate", &["pdf.unsupported-signature"]),
    // Signed attributes in the wrong order, signed as they are and in the order of DER.
    ("openssl-unsorted", "valid", &[]),
    ("openssl-unsorted-der", "valid", &[]),
    // Written by pdf-lib, signed by @signpdf.
    ("signpdf", "valid", &[]),
    ("unsigned", "invalid", &["pdf.unsigned"]),
    // Encrypted by qpdf with an empty user password: without a signature, and then signed by
    // pyHanko.
    ("encrypted", "invalid", &["pdf.unsigned"]),
    ("encrypted-rc4-40", "valid", &[]),
    ("encrypted-rc4-128", "valid", &[]),
    ("encrypted-aes-128", "valid", &[]),
    ("encrypted-aes-256", "valid", &[]),
    ("encrypted-metadata", "valid", &[]),
    ("encrypted-object-streams", "valid", &[]),
    // With a password that has to be entered.
    ("encrypted-password", "indeterminate", &["pdf.unsupported-encryption"]),
    // With a token among the attachments, so it is judged as a letter.
    ("encrypted-token", "invalid", &["pdf.encrypted"]),
];

/// Every label of the letter that the samples are made from, in the order of the page.
const LABELS: [&str; 6] = ["39902000DA", "P9902000DA", "69901000DA", "99903000DA", "59902001DA", "49902000DA"];

fn sample(name: &str) -> Vec<u8> {
    fs::read(repository("tests/samples").join(name).with_extension("pdf")).expect("a sample")
}

/// A verifier that trusts the root of the samples.
fn verifier(pdfs: PdfPolicy) -> Verifier {
    let read = |name| fs::read(repository("tests/samples").join(name)).expect("the root of the samples");
    let mut trust = TrustStore::from_pem(str::from_utf8(&read("root.pem")).unwrap()).expect("a root");
    trust.add_crl(&read("root.crl.pem")).expect("a CRL");
    Verifier::new(trust).with_pdfs(pdfs)
}

fn question(status: StatusPolicy) -> Question<'static> {
    let question = Question::new(office::IN_DATE.end());
    match status {
        StatusPolicy::Required => question,
        StatusPolicy::SignatureAndDatesOnly => question.without_status(),
    }
}

/// Judges any PDF, by signature and dates only.
fn judge(pdf: &[u8]) -> Report {
    verifier(PdfPolicy::WithoutToken).verify(pdf, &question(StatusPolicy::SignatureAndDatesOnly))
}

fn labels(report: &Report) -> Vec<String> {
    report.labels_in_text().expect("a judged PDF").iter().map(ToString::to_string).collect()
}

#[test]
fn samples_of_others_get_their_verdict() {
    let mut names: Vec<String> = fs::read_dir(repository("tests/samples"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut expected: Vec<&str> = SAMPLES.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected, "tests/samples and this table differ");
    for (name, verdict, codes) in SAMPLES {
        let report = judge(&sample(name));
        assert_eq!(errors(&report), codes, "{name}: {:#?}", report.findings());
        assert_eq!(report.verdict().to_string(), verdict, "{name}");
        let readable = !matches!(name, "encrypted-password" | "encrypted-token");
        assert_eq!(report.is_pdf_without_token(), readable, "{name}");
        let warned = report.findings().iter().any(|finding| finding.code.as_str() == "pdf.without-token");
        assert_eq!(warned, readable, "{name}: a PDF without a token is never valid without a warning");
    }
}

/// The samples whose digest can be compared, although the signature can't be verified.
const UNVERIFIED: [&str; 7] = [
    "openssl-sha1",
    "openssl-rsa-1024",
    "openssl-sha224",
    "openssl-sha3",
    "openssl-p521",
    "openssl-pkcs7-sha1",
    "pyhanko-time-stamp",
];

#[test]
fn a_changed_file_is_invalid_whatever_its_signature_was_made_with() {
    for name in UNVERIFIED {
        let unchanged = sample(name);
        assert_eq!(errors(&judge(&unchanged)), ["pdf.unsupported-signature"], "{name}");
        let changed =
            replaced(&unchanged, b"Dummy Card Company, valid until 2024", b"Dummy Card Company, valid until 2034");
        let report = judge(&changed);
        assert_eq!(errors(&report), ["cms.digest-mismatch", "pdf.unsupported-signature"], "{name}");
        assert_eq!(report.verdict(), Verdict::Invalid, "{name}");
        assert_eq!(labels(&report), [""; 0], "{name}");
    }
    // Where the key is not accepted only in the path, the signature is verified.
    let changed = replaced(&sample("pyhanko-p521-ca"), b"until 2024", b"until 2034");
    assert!(errors(&judge(&changed)).contains(&"cms.digest-mismatch"));
}

#[test]
fn a_changed_letter_is_called_changed_even_if_its_signature_cannot_be_read() {
    // Another algorithm in the CMS, which no signature covers; then also another byte of the file.
    let letter = &office::issued().pdf;
    let identifier = b"2a8648ce3d040302";
    let place = letter.windows(identifier.len()).rposition(|window| window == identifier).unwrap();
    let mut unread = letter.clone();
    unread[place + identifier.len() - 1] = b'1';
    let report = office::verify(&unread);
    assert_eq!(errors(&report), ["cms.malformed"], "{:#?}", report.findings());
    let name = unread.windows(5).rposition(|window| window == b"Dummy").unwrap();
    unread[name] = b'R';
    let report = office::verify(&unread);
    let codes = ["agreement.letter", "cms.digest-mismatch", "cms.malformed", "pdf.tail"];
    assert_eq!(errors(&report), codes, "{:#?}", report.findings());
}

#[test]
fn files_that_open_without_a_password_are_read_like_others() {
    for (name, ..) in SAMPLES.iter().filter(|(name, verdict, _)| name.starts_with("encrypted-") && *verdict == "valid")
    {
        let pdf = sample(name);
        let report = judge(&pdf);
        assert_eq!(labels(&report), LABELS, "{name}: {:#?}", report.findings());
        assert_eq!(report.signatures()[0].field.as_deref(), Some("Signature1"), "{name}");
        assert!(report.signatures()[0].signed_at.is_some(), "{name}");
        let mut changed = pdf.clone();
        changed[700] ^= 1;
        assert_eq!(judge(&changed).verdict(), Verdict::Invalid, "{name}");
    }
    let report = judge(&sample("encrypted-password"));
    let [finding] = report.findings() else { panic!("{:#?}", report.findings()) };
    assert_eq!(finding.message, "the file is encrypted and opens only with a password");
    // A letter is never encrypted.
    let strict = verifier(PdfPolicy::LettersOnly)
        .verify(&sample("encrypted-aes-256"), &question(StatusPolicy::SignatureAndDatesOnly));
    assert_eq!(errors(&strict), ["cqm.not-a-certificate"]);
}

#[test]
fn warnings_tell_what_a_layer_hides_and_that_attributes_are_unsorted() {
    let warnings = |name: &str| -> Vec<(String, String)> {
        let report = judge(&sample(name));
        let warnings = report.findings().iter().filter(|finding| finding.severity() == Severity::Warning);
        warnings.map(|finding| (finding.code.to_string(), finding.message.clone())).skip(1).collect()
    };
    let expected =
        ("pdf.optional-content".to_owned(), "the layer \"Draft\" is off; it hides text on page 1".to_owned());
    assert_eq!(warnings("pyhanko-layers"), [expected]);
    for name in ["openssl-unsorted", "openssl-unsorted-der"] {
        let expected = "the signed attributes are not in the order of DER".to_owned();
        assert_eq!(warnings(name), [("cms.unsorted-attributes".to_owned(), expected)], "{name}");
        let changed = replaced(&sample(name), b"until 2024", b"until 2034");
        office::assert_invalid(&judge(&changed), &["cms.digest-mismatch"]);
    }
    for name in ["pyhanko-pades", "openssl"] {
        assert_eq!(warnings(name), [], "{name}");
    }
}

#[test]
fn text_that_cannot_be_read_does_not_decide() {
    // The font with names of glyphs has none that are known; then the pages lead nowhere.
    let unsigned = sample("unsigned");
    for (from, to) in [
        (&b"/Differences[128/three"[..], &b"/Differences[128/x0000"[..]),
        (b"/Count 1/Kids[3 0 R]", b"/Count 1/Kids[4 0 R]"),
        (b"BT /Plain 16 Tf", b"BT /Plain <6 Tf"),
    ] {
        let report = judge(&replaced(&unsigned, from, to));
        assert_eq!(errors(&report), ["pdf.unsigned"], "{:#?}", report.findings());
    }
    let report = judge(&replaced(&unsigned, b"BT /Plain 16 Tf", b"BT /Plain <6 Tf"));
    assert!(
        report.findings().iter().any(|finding| finding.code.as_str() == "pdf.text-unread"),
        "{:#?}",
        report.findings()
    );
}

/// Replaces the only occurrence of some bytes by as many others.
fn replaced(pdf: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut places = pdf.windows(from.len()).enumerate().filter(|(_, window)| *window == from);
    let (Some((place, _)), None) = (places.next(), places.next()) else { panic!("not exactly once: {from:?}") };
    [&pdf[..place], to, &pdf[place + from.len()..]].concat()
}

#[test]
fn the_tools_of_others_make_such_samples_today() {
    // The samples are committed, so that tests don't need the tools. The program that made them
    // must still work.
    let (Some(mut make), Some(_), Some(_), Some(_)) = (
        interop::python("make-samples.py"),
        interop::node("sign-sample.mjs"),
        interop::tool("openssl"),
        interop::tool("qpdf"),
    ) else {
        return;
    };
    let workplace = Workplace::default();
    succeed(make.arg(workplace.path("samples")));
    let read = |name: &str| workplace.read(Path::new("samples").join(name));
    let mut trust = TrustStore::from_pem(str::from_utf8(&read("root.pem")).unwrap()).unwrap();
    trust.add_crl(&read("root.crl.pem")).unwrap();
    let verifier = Verifier::new(trust).with_pdfs(PdfPolicy::WithoutToken);
    for (name, verdict, codes) in SAMPLES {
        let pdf = read(&format!("{name}.pdf"));
        let report = verifier.verify(&pdf, &question(StatusPolicy::SignatureAndDatesOnly));
        assert_eq!(errors(&report), codes, "{name}: {:#?}", report.findings());
        assert_eq!(report.verdict().to_string(), verdict, "{name}");
    }
}

#[test]
fn a_pdf_without_a_token_is_no_certificate_unless_asked_for() {
    for (name, ..) in SAMPLES {
        let report =
            verifier(PdfPolicy::LettersOnly).verify(&sample(name), &question(StatusPolicy::SignatureAndDatesOnly));
        let may_be_a_letter = matches!(name, "encrypted-password" | "encrypted-token");
        let code = if may_be_a_letter { "pdf.encrypted" } else { "cqm.not-a-certificate" };
        office::assert_invalid(&report, &[code]);
        assert_eq!(report.labels_in_text(), None, "{name}");
    }
}

#[test]
fn the_status_of_labels_that_were_read_from_text_is_open() {
    let report = verifier(PdfPolicy::WithoutToken).verify(&sample("pyhanko-pades"), &question(StatusPolicy::Required));
    assert_eq!(errors(&report), ["status.no-reference"]);
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    office::assert_valid(&judge(&sample("pyhanko-pades")));
}

#[test]
fn the_signer_counts_when_it_signed_and_when_the_question_is_about() {
    let pdf = sample("pyhanko-pades");
    let judge = |at: &str| {
        let at = at.parse::<Date>().unwrap().end();
        let question = Question::new(at).without_status();
        verifier(PdfPolicy::WithoutToken).verify(&pdf, &question)
    };
    // Signed on 2023-05-06 with an X.509 certificate that ends on 2032-12-31.
    office::assert_invalid(&judge("2023-05-05"), &["date.not-yet-valid"]);
    office::assert_valid(&judge("2023-05-06"));
    office::assert_valid(&judge("2032-12-31"));
    assert!(errors(&judge("2033-01-01")).contains(&"trust.expired"));
}

#[test]
fn labels_are_read_however_they_are_written() {
    // Pieces with kerning, octal and hexadecimal strings, glyph names, a composite font, a form, a
    // turned line.
    for name in ["pyhanko-pades", "pyhanko-object-streams", "pyhanko-linearized"] {
        let report = judge(&sample(name));
        assert_eq!(labels(&report), LABELS, "{name}");
        let unread: Vec<_> =
            report.findings().iter().filter(|finding| finding.code.as_str() == "pdf.text-unread").collect();
        assert_eq!(unread, [] as [&cqm_core::Finding; 0], "{name}");
    }
    assert_eq!(labels(&judge(&sample("signpdf"))), ["39902000DA", "69901000DA"]);
    // Labels that no good signature vouches for are not shown.
    for name in ["unsigned", "pyhanko-stranger"] {
        assert_eq!(labels(&judge(&sample(name))), [""; 0], "{name}");
    }
}

#[test]
fn a_later_revision_is_named_with_what_it_changed() {
    let report = judge(&sample("pyhanko-annotated"));
    let [signature] = report.signatures() else { panic!("{:?}", report.signatures()) };
    let end = sample("pyhanko-pades").len();
    assert!(!signature.covers_whole_file);
    assert_eq!((signature.field.as_deref(), signature.covers_up_to), (Some("Signature1"), Some(end)));
    let change = report.findings().iter().find(|finding| finding.code.as_str() == "pdf.later-revision").unwrap();
    assert!(change.message.contains(&format!("up to byte {end}")), "{}", change.message);
    for part in ["replaced object 3 (Page)", "added object 19 (Annot FreeText)"] {
        assert!(change.message.contains(part), "{}", change.message);
    }

    // The first of two signatures covers its revision, the second the whole file.
    let twice = judge(&sample("pyhanko-twice"));
    let covers: Vec<_> = twice.signatures().iter().map(|signature| signature.covers_whole_file).collect();
    assert_eq!(covers, [false, true]);
}

#[test]
fn no_change_of_a_byte_leaves_a_sample_valid() {
    for name in ["pyhanko-pades", "pyhanko-pkcs7", "pyhanko-object-streams", "openssl", "signpdf"] {
        let pdf = sample(name);
        office::assert_valid(&judge(&pdf));
        let (_, [_, start, stop, _]) = byte_range(&pdf);
        for at in (0..pdf.len()).step_by(31).chain(start - 20..start + 40) {
            let mut changed = pdf.clone();
            changed[at] ^= 1 << (at % 8);
            let report = judge(&changed);
            // The case of a hexadecimal digit has no meaning (ISO 32000-2, 7.3.4.3).
            let same_digit = (start..stop).contains(&at) && changed[at].eq_ignore_ascii_case(&pdf[at]);
            if !same_digit {
                assert_ne!(report.verdict(), Verdict::Valid, "{name}: byte {at}");
            }
        }
        for length in (0..pdf.len()).step_by(197) {
            assert_ne!(judge(&pdf[..length]).verdict(), Verdict::Valid, "{name}: the first {length} bytes");
        }
        for more in [&b"\n"[..], b" ", b"%", b"\n%%EOF\n", b"99 0 obj<<>>endobj\n"] {
            let report = judge(&[&pdf[..], more].concat());
            assert_ne!(report.verdict(), Verdict::Valid, "{name}: and {more:?}");
        }
    }
}

#[test]
fn a_signature_value_that_does_not_fit_is_named_so() {
    for name in ["openssl", "openssl-key-identifier", "pyhanko-pades", "pyhanko-pkcs7", "pyhanko-pss"] {
        let mut pdf = sample(name);
        let (_, [_, start, stop, _]) = byte_range(&pdf);
        let contents: Vec<u8> = pdf[start + 1..stop - 1]
            .chunks(2)
            .map(|digits| u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap())
            .collect();
        // Without unsigned attributes, the signature value is at the end of the CMS.
        let (cms, _) = cms::split_padding(&contents).unwrap();
        let last = start + 2 * cms.len();
        pdf[last] = if pdf[last] == b'0' { b'1' } else { b'0' };
        office::assert_invalid(&judge(&pdf), &["cms.bad-signature"]);
    }
}

/// The place of the numbers in the last `/ByteRange`, and the numbers.
fn byte_range(pdf: &[u8]) -> (Range<usize>, [usize; 4]) {
    let key = b"/ByteRange";
    let place = pdf.windows(key.len()).rposition(|window| window == key).expect("/ByteRange");
    let open = place + pdf[place..].iter().position(|byte| *byte == b'[').unwrap();
    let close = open + pdf[open..].iter().position(|byte| *byte == b']').unwrap();
    let numbers: Vec<usize> = str::from_utf8(&pdf[open + 1..close])
        .unwrap()
        .split_ascii_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    (open + 1..close, numbers.try_into().unwrap())
}

/// Puts other numbers into the last `/ByteRange`, which keeps its length.
fn with_byte_range(pdf: &[u8], change: impl Fn([usize; 4]) -> [i64; 4]) -> Vec<u8> {
    let (place, numbers) = byte_range(pdf);
    let numbers = change(numbers).map(|number| number.to_string()).join(" ");
    // pyHanko leaves spaces after the bracket.
    let room = pdf[place.end + 1..].iter().take_while(|byte| **byte == b' ').count() + place.len();
    assert!(numbers.len() <= room, "{numbers} has no room");
    let mut changed = pdf.to_vec();
    changed[place.start..place.start + room + 1]
        .copy_from_slice(format!("{:1$}", format!("{numbers}]"), room + 1).as_bytes());
    changed
}

#[test]
fn a_byte_range_is_exactly_around_its_own_contents_up_to_the_end_of_a_revision() {
    let pdf = sample("pyhanko-pades");
    let same = |[zero, start, stop, rest]: [usize; 4]| [zero, start, stop, rest].map(|number| number as i64);
    office::assert_valid(&judge(&with_byte_range(&pdf, same)));
    type Change = fn([i64; 4]) -> [i64; 4];
    let changes: [(&str, Change); 8] = [
        ("does not begin at 0", |[_, a, b, c]| [1, a - 1, b, c]),
        ("a gap that begins early", |[zero, a, b, c]| [zero, a - 1, b, c]),
        ("a gap that begins late", |[zero, a, b, c]| [zero, a + 1, b, c]),
        ("a gap that ends late", |[zero, a, b, c]| [zero, a, b + 1, c - 1]),
        ("an end that is early", |[zero, a, b, c]| [zero, a, b, c - 2]),
        ("an end beyond the file", |[zero, a, b, c]| [zero, a, b, c + 1]),
        ("no second part", |[zero, a, b, _]| [zero, a, b, 0]),
        ("a negative length", |[zero, a, b, _]| [zero, a, b, -9]),
    ];
    for (fault, change) in changes {
        let report = judge(&with_byte_range(&pdf, |numbers| change(same(numbers))));
        assert!(errors(&report).contains(&"pdf.byte-range"), "{fault}: {:#?}", report.findings());
        assert_eq!(report.verdict(), Verdict::Invalid, "{fault}");
    }
}

#[test]
fn what_is_a_signature_and_where_it_must_stand() {
    let verifier = Verifier::new(TrustStore::from_pem(office::test_root()).unwrap()).with_pdfs(PdfPolicy::WithoutToken);
    for Other { name, verdict, codes, pdf } in others() {
        let report = verifier.verify(&pdf, &question(StatusPolicy::SignatureAndDatesOnly));
        assert!(report.is_pdf_without_token(), "{name}");
        assert_eq!(errors(&report), codes, "{name}: {:#?}", report.findings());
        assert_eq!(report.verdict().to_string(), verdict, "{name}");
        // The message names a kind of signature that is not supported.
        if codes == ["pdf.unsupported-signature"] && name != "no sub-filter" {
            let message = format!("/SubFilter is {name}");
            assert!(report.findings().iter().any(|finding| finding.message == message), "{:#?}", report.findings());
        }
    }
}

/// Signs a sample again, as the key pair's X.509 certificate allows or not.
fn signed_again(sample: &[u8], signer: &KeyPair) -> Vec<u8> {
    let (_, [_, before, after, _]) = byte_range(sample);
    let mut cms: String = cms::sign_detached(signer, &[&sample[..before], &sample[after..]])
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    cms.push_str(&"0".repeat(after - before - 2 - cms.len()));
    [&sample[..=before], cms.as_bytes(), &sample[after - 1..]].concat()
}

/// Whoever has the document signer's key can't make a PDF that passes as one from before the
/// certificate tokens.
#[test]
fn a_signer_of_letters_signs_no_other_pdf() {
    let verifier = Verifier::new(TrustStore::from_pem(office::test_root()).unwrap()).with_pdfs(PdfPolicy::WithoutToken);
    let verify = |signer: &KeyPair| {
        let pdf = signed_again(&sample("pyhanko-pades"), signer);
        verifier.verify(&pdf, &question(StatusPolicy::SignatureAndDatesOnly))
    };
    // The twin has the same key, but not the usage of the program.
    office::assert_valid(&verify(&office::ordinary_signer()));
    office::assert_invalid(&verify(&office::test_key(Role::DocumentSigner)), &["pdf.token-missing"]);
    office::assert_invalid(&verify(&office::test_key(Role::TokenSigner)), &["trust.wrong-purpose"]);
}

#[test]
fn a_file_with_a_token_is_judged_as_a_letter_in_any_case() {
    let verifier = Verifier::new(TrustStore::from_pem(office::test_root()).unwrap()).with_pdfs(PdfPolicy::WithoutToken);
    let verify = |pdf: &[u8]| verifier.verify(pdf, &question(StatusPolicy::SignatureAndDatesOnly));
    let letter = &office::issued().pdf;
    assert_eq!(verify(letter).findings(), office::verify(letter).findings());
    office::assert_valid(&verify(letter));

    // A letter with a byte after its end, and a foreign PDF with a token's name in a revision that
    // viewers don't show.
    office::assert_invalid(&verify(&[&letter[..], b"\n"].concat()), &["pdf.modified-after-signing"]);
    let named = [&sample("pyhanko-pades")[..], b"% certificate.jwt\nstartxref\n0\n%%EOF\n"].concat();
    assert_eq!(verify(&named).verdict(), Verdict::Invalid);
    assert!(!verify(&named).is_pdf_without_token());
}

#[test]
fn a_file_that_is_too_large_to_be_searched_for_a_token_is_never_judged_more_mildly() {
    // More values than the limit allows, in a later revision.
    let large = |object: &str| {
        let mut pdf = sample("pyhanko-pades");
        let text = String::from_utf8_lossy(&pdf).into_owned();
        let (_, previous) = text.rsplit_once("startxref").unwrap();
        let previous: usize = previous.split_ascii_whitespace().next().unwrap().parse().unwrap();
        let mut table = "xref\n".to_owned();
        for (number, object) in [(90, format!("[{}]", "/a ".repeat(410_000))), (91, object.to_owned())] {
            table += &format!("{number} 1\n{:010} 00000 n \n", pdf.len());
            pdf.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
        }
        let start = pdf.len();
        let root = text.rsplit_once("/Root ").unwrap().1.split_ascii_whitespace().next().unwrap();
        let trailer = format!("trailer\n<</Size 92/Root {root} 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n");
        pdf.extend_from_slice(table.as_bytes());
        pdf.extend_from_slice(trailer.as_bytes());
        pdf
    };
    let report = judge(&large("<</F(certificate.xml)>>"));
    assert!(report.is_pdf_without_token());
    assert_eq!(report.verdict(), Verdict::Indeterminate, "{:#?}", report.findings());
    assert!(errors(&report).contains(&"cqm.limit-exceeded"), "{:#?}", report.findings());
    // Without a whole search, the text is not evidence of what the signer vouches for.
    assert_eq!(labels(&report), [""; 0]);
    for spelled in ["<</F<63657274 69666963 6174652e 6a7774>>>", "<</F(certificate\\056jwt)>>", "/certificate#2Ejwt"] {
        let report = judge(&large(spelled));
        assert!(!report.is_pdf_without_token(), "{spelled}");
        assert_eq!(report.verdict(), Verdict::Invalid, "{spelled}: {:#?}", report.findings());
    }
}

#[test]
fn no_attack_on_a_letter_is_accepted_as_any_pdf() {
    let verifier = Verifier::new(TrustStore::from_pem(office::test_root()).unwrap()).with_pdfs(PdfPolicy::WithoutToken);
    let mut judged = 0;
    let of_a_letter = |twin: &Option<String>| twin.as_deref().is_some_and(|twin| [LETTER, PLAIN].contains(&twin));
    for (name, vector) in vectors::all().filter(|(_, vector)| of_a_letter(&vector.header.twin)) {
        let report = verifier.verify(&vector.pdf, &question(StatusPolicy::SignatureAndDatesOnly));
        assert_eq!(report.verdict().to_string(), vector.header.verdict, "{name}");
        judged += 1;
    }
    assert!(judged > 250, "{judged} vectors");
}

#[test]
fn the_command_line_asks_for_it_and_hints_at_it() {
    let workplace = Workplace::default();
    for name in ["root.pem", "root.crl.pem", "pyhanko-pades.pdf", "pyhanko-annotated.pdf"] {
        workplace.copy(Path::new("tests/samples").join(name), name);
    }
    let run = workplace.verify("pyhanko-pades.pdf").expect(1);
    assert!(run.stdout.contains("cqm.not-a-certificate"), "{}", run.stdout);
    assert!(run.stderr.contains("hint: --any-pdf "), "{}", run.stderr);

    let run = workplace.verify("--any-pdf --crl root.crl.pem pyhanko-pades.pdf").expect(0);
    assert!(!run.stderr.contains("--any-pdf"), "{}", run.stderr);
    let run = workplace.verify("--any-pdf pyhanko-pades.pdf pyhanko-annotated.pdf").expect(3);
    assert!(run.stdout.contains("6 labels read from text"), "{}", run.stdout);
    workplace.cqm("verify --any-pdf --trust root.pem --at 2024-01-31 pyhanko-pades.pdf").expect(3);

    let run = workplace.verify("--json --any-pdf pyhanko-pades.pdf pyhanko-annotated.pdf").expect(3);
    let reports: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        reports[0]["labels_in_text"][0],
        json!({"label": "39902000DA", "activity": "CB", "status": "not-checked"})
    );
    assert_eq!(reports[0]["certificate"], Value::Null);
    assert_eq!(reports[1]["signatures"][0]["covers_whole_file"], false);
    assert_eq!(reports[1]["signatures"][0]["covers_up_to"], sample("pyhanko-pades").len());
    let mut wrong = reports[0].clone();
    wrong["labels_in_text"][0]["status"] = "valid".into();
    workplace.write("reports.jsonl", [run.stdout, wrong.to_string()].concat());
    let Some(mut validate) = interop::python("validate-report.py") else { return };
    let judged =
        succeed(validate.arg(repository("docs/reference/report.schema.json")).arg(workplace.path("reports.jsonl")));
    assert_eq!(serde_json::from_slice::<Vec<bool>>(&judged).unwrap(), [true, true, false]);
}
