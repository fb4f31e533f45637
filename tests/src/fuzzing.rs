//! The code of the fuzz targets in `fuzz`, with the conditions that must hold for any input.
//!
//! No input may cause a panic, and no forged input may be accepted. `cargo test` runs the same
//! functions on the seeds and on past findings.

use std::{io::Write as _, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::{UnixTime, Verdict, status::EntryStatus};
use cqm_keys::{KeyPair, Role};
use cqm_pdf::{
    Limits,
    any::AnyPdf,
    letter,
    syntax::{Document, Object, Reference},
};
use cqm_sign::{
    cms::SignedData,
    jws::{self, Jws},
    x509::{Purpose, TrustStore, X509Certificate},
};
use cqm_status::{LIST_TYPE, SignedList};
use cqm_verify::{PdfPolicy, Question, Verifier};

use flate2::{Compression, write::ZlibEncoder};
use serde_json::Value;

use crate::office::{IN_DATE, ISSUED_ON, issued, test_key, test_root, verifier};

/// A fuzz target, which takes any bytes.
pub type Target = fn(&[u8]);

/// All targets, by their names in `fuzz/fuzz_targets` and `fuzz/seeds`.
pub const TARGETS: [(&str, Target); 11] = [
    ("pdf", pdf),
    ("page", page),
    ("verification", verification),
    ("any_pdf", any_pdf),
    ("cms", cms),
    ("token", token),
    ("certificate", certificate),
    ("trust", trust),
    ("status_list", status_list),
    ("status", status),
    ("dossier", dossier),
];

/// The number of objects that are read one by one. The profile reads what it needs of the rest.
const MOST_OBJECTS: usize = 256;

/// Reads a PDF: as a letter, then each object with the data of its stream.
///
/// # Panics
/// If the reader has a fault.
pub fn pdf(data: &[u8]) {
    let limits = Limits::default();
    let inspection = letter::inspect(data, &limits);
    assert!(inspection.problems.len() <= limits.problems + 1, "the list of problems is bounded");
    let Ok(document) = Document::open(data, &limits) else { return };
    for (number, _) in (0_u32..).zip(document.entries()).take(MOST_OBJECTS) {
        if let Ok(Object::Stream(stream)) = document.object(Reference { number, generation: 0 }) {
            let _ = document.decode(&stream);
        }
    }
}

/// Reads the content of a page, which is compressed in a letter, where a fuzzer can't reach it. The
/// first byte is the share of the content in the rest. The other bytes are the characters of the
/// glyphs of its font, two each.
///
/// # Panics
/// If the interpreter has a fault.
pub fn page(data: &[u8]) {
    let Some((&share, data)) = data.split_first() else { return };
    let (content, characters) = data.split_at(data.len() * usize::from(share) / 255);
    let (characters, _) = characters.as_chunks::<2>();
    let stream = |data: &[u8]| {
        [format!("<</Length {}>>stream\n", data.len()).as_bytes(), data, b"\nendstream".as_slice()].concat()
    };
    let objects = [
        b"<</N 3/Length 1>>stream\nx\nendstream".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 842]/Contents 4 0 R\
          /Resources<</Font<</f0 5 0 R/f1 5 0 R/f2 5 0 R>>/ColorSpace<</c0[/ICCBased 1 0 R]>>>>>>"
            .to_vec(),
        stream(content),
        b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>".to_vec(),
        format!(
            "<</Type/Font/Subtype/CIDFontType2/CIDToGIDMap/Identity/DW 0/W[0[{}]]/FontDescriptor<</FontFile2 1 0 R>>>>",
            "500 ".repeat(characters.len() + 1)
        )
        .into_bytes(),
        stream(to_unicode(characters).as_bytes()),
        b"<<>>".to_vec(),
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream".to_vec(),
        [b"<</Contents<3000", "0".repeat(2044).as_bytes(), b">>>"].concat(),
    ];
    let mut file = b"%PDF-1.7\n%\xbb\xad\xc0\xde\n".to_vec();
    for (number, object) in (1..).zip(&objects) {
        file.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let inspection = letter::inspect(&file, &Limits::default());
    for page in &inspection.pages {
        page.lines();
    }
}

/// A map in the form of letters from glyphs, from 1 on, to these characters.
fn to_unicode(characters: &[[u8; 2]]) -> String {
    // The first range has no glyph 0.
    let (first, rest) = characters.split_at(characters.len().min(255));
    let lists = std::iter::once((1, first)).chain((1..).map(|n| n * 256).zip(rest.chunks(256)));
    let lists: Vec<String> = lists
        .map(|(code, list)| {
            let last = code + list.len().saturating_sub(1);
            let list: String = list.iter().map(|[high, low]| format!("<{high:02x}{low:02x}>")).collect();
            format!("<{code:04x}> <{last:04x}> [{list}]\n")
        })
        .collect();
    format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def\n\
         /CMapName /Custom def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n\
         {} beginbfrange\n{}endbfrange\nendcmap\n\
         CMapName currentdict /CMap defineresource pop\nend\nend\n",
        lists.len(),
        lists.concat()
    )
}

/// Verifies a file. Only the letter and the token that the office issued are valid.
///
/// # Panics
/// If something else is valid.
pub fn verification(data: &[u8]) {
    static VERIFIER: LazyLock<Verifier> = LazyLock::new(verifier);
    let question = Question::new(IN_DATE.end()).without_status();
    let report = VERIFIER.verify(data, &question);
    if report.verdict() == Verdict::Valid {
        let genuine = [issued().pdf.as_slice(), issued().token.as_bytes()];
        assert!(genuine.contains(&data) || genuine.contains(&data.trim_ascii()), "a forged file is valid");
    }
}

/// Verifies a PDF without a token, as `--any-pdf` does. A valid file has the signed bytes of a file
/// in `tests/samples`.
///
/// # Panics
/// If something else is valid.
pub fn any_pdf(data: &[u8]) {
    static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
        let root =
            std::fs::read_to_string(crate::repository("tests/samples/root.pem")).expect("the root of the samples");
        Verifier::new(TrustStore::from_pem(&root).expect("a root")).with_pdfs(PdfPolicy::WithoutToken)
    });
    static GENUINE: LazyLock<Vec<[Vec<u8>; 2]>> =
        LazyLock::new(|| files("tests/samples").iter().flat_map(|sample| signed_by_others(sample)).collect());
    let question = Question::new(IN_DATE.end()).without_status();
    if VERIFIER.verify(data, &question).verdict() == Verdict::Valid {
        let signed = signed_by_others(data);
        assert!(!signed.is_empty(), "a forged file is valid");
        assert!(signed.iter().all(|ranges| GENUINE.contains(ranges)), "a forged file is valid");
    }
}

/// The bytes that each signature of a PDF covers.
fn signed_by_others(pdf: &[u8]) -> Vec<[Vec<u8>; 2]> {
    let Ok(opened) = AnyPdf::open(pdf, &Limits::default()) else { return Vec::new() };
    let signatures = opened.signatures().unwrap_or_default();
    signatures.iter().filter_map(|signature| Some(signature.signed_ranges(pdf)?.map(<[u8]>::to_vec))).collect()
}

/// Reads a CMS as a signature has it: in the form of letters, and in any form.
///
/// # Panics
/// If a parser has a fault.
pub fn cms(data: &[u8]) {
    if let Ok(signed) = SignedData::from_foreign(data) {
        let _ = signed.verify(&[b"the signed bytes"]);
        let _ = store().verify_foreign_path(signed.signer(), signed.intermediates(), ISSUED_ON.start());
    }
    if let Ok(signed) = SignedData::from_der(data) {
        let _ = signed.verify(&[b"the signed bytes"]);
        let _ = signed.check_profile();
    }
}

/// Reads a certificate token.
///
/// # Panics
/// If anything but the genuine token is valid.
pub fn token(data: &[u8]) {
    if let Ok(jws) = Jws::parse(data) {
        let _ = jws.verify(cqm_core::claims::TOKEN_TYPE);
    }
    if let Ok(claims) = cqm_sign::json::from_slice::<cqm_core::claims::Claims>(data) {
        let _ = claims.certificate();
    }
    verification(data);
}

/// Reads an X.509 certificate, its path, and a CRL.
///
/// # Panics
/// If a path is found for a certificate that the root did not sign.
pub fn certificate(data: &[u8]) {
    if let Ok(certificate) = X509Certificate::from_der(data) {
        let _ = (certificate.subject(), certificate.issuer(), certificate.common_name(), certificate.serial());
        let _ = certificate.public_key();
        for purpose in Purpose::ALL {
            let path = store().verify_path(&certificate, &[], purpose, ISSUED_ON.start());
            assert!(path.is_err() || seeds("certificate").iter().any(|seed| seed == data), "a path for anyone");
        }
    }
    let mut trust = TrustStore::from_pem(test_root()).expect("the test root");
    let _ = trust.add_crl(data);
}

/// Reads a file for `--trust`, and judges the office's signers with it: CA certificates with any
/// name constraints and policies, and CRLs.
///
/// # Panics
/// If a parser has a fault.
pub fn trust(data: &[u8]) {
    static SIGNERS: LazyLock<Vec<Vec<X509Certificate>>> = LazyLock::new(|| {
        let chain = |role: &Role| {
            let pem = std::fs::read_to_string(crate::repository("keys-test").join(role.certificate_file()));
            X509Certificate::from_pem_chain(&pem.expect("a certificate")).expect("certificates")
        };
        Role::ALL.iter().map(chain).collect()
    });
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(mut trust) = TrustStore::from_pem(text) else { return };
    let _ = trust.add_crl(data);
    for chain in SIGNERS.iter() {
        let Some((signer, intermediates)) = chain.split_first() else { continue };
        for purpose in Purpose::ALL {
            let _ = trust.verify_path(signer, intermediates, purpose, ISSUED_ON.start());
        }
    }
}

/// Reads a status list.
///
/// # Panics
/// If a list is accepted that the office did not sign.
pub fn status_list(data: &[u8]) {
    if let Ok(list) = SignedList::parse(data) {
        let _ = list.decode();
        let genuine = seeds("status_list").iter().any(|seed| seed.trim_ascii() == data.trim_ascii());
        assert!(list.verify(store()).is_err() || genuine, "a forged list is accepted");
    }
}

/// Judges a certificate with a list of any content, signed by the office. Entries and events are
/// compressed and signed in a list, where a fuzzer can't reach them. The first byte is the number
/// of bytes with entries; after these follow JSON members that replace those of a good list, a zero
/// byte, and the events.
///
/// # Panics
/// If the certificate is valid although the list has another status.
pub fn status(data: &[u8]) {
    let Some((&length, data)) = data.split_first() else { return };
    let Some((entries, rest)) = data.split_at_checked(length.into()) else { return };
    let Some(end) = rest.iter().position(|&byte| byte == 0) else { return };
    let Some(list) = signed_list(entries, &rest[..end], &rest[end + 1..]) else { return };

    let mut verifier = verifier();
    verifier.add_status_list(list.as_bytes());
    let question = Question::new(IN_DATE.end());
    let report = verifier.verify(crate::status::issued().token.as_bytes(), &question);
    if report.verdict() == Verdict::Valid {
        let list =
            SignedList::parse(list.as_bytes()).and_then(|list| list.decode()).expect("what was used can be read");
        for idx in 0..=5 {
            let standing = list.status_of(idx, question.at).expect("an entry that was given out");
            assert_eq!(standing.status(), EntryStatus::Valid, "entry {idx}");
        }
        assert!(!list.is_stale(question.at), "a list that has ended");
    }
}

/// The list of the tests with these entries, events and members, signed by the office. `None` if
/// the members are not a JSON object.
fn signed_list(entries: &[u8], members: &[u8], events: &[u8]) -> Option<String> {
    static LIST: LazyLock<Value> = LazyLock::new(|| {
        let list = crate::status::sign(crate::status::list(&[]));
        serde_json::from_slice(Jws::parse(list.as_bytes()).expect("a list").payload()).expect("claims")
    });
    static SIGNER: LazyLock<KeyPair> = LazyLock::new(|| test_key(Role::StatusSigner));
    let mut claims = LIST.clone();
    claims["status_list"]["lst"] = zlib(entries).into();
    claims["cqm"]["events"] = zlib(events).into();
    for (name, value) in serde_json::from_slice::<serde_json::Map<String, Value>>(members).ok()? {
        if claims.get(&name).is_some() {
            claims[&name] = value;
        } else if let Some(own) = claims["cqm"].as_object_mut() {
            own.insert(name, value);
        }
    }
    // The header has the time of the claims, so that other times are read too.
    let issued_at = UnixTime::new(claims["iat"].as_i64().unwrap_or_default());
    let claims = serde_json::to_vec(&claims).expect("claims");
    Some(jws::sign_compact(&*SIGNER, LIST_TYPE, &claims, issued_at).expect("a signed list"))
}

fn zlib(bytes: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    URL_SAFE_NO_PAD.encode(encoder.finish().expect("memory"))
}

/// Reads and checks a dossier.
///
/// # Panics
/// If the parser or a rule has a fault.
pub fn dossier(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(dossier) = cqm_issue::dossier::read(text) {
        let _ = cqm_issue::Draft::new(&dossier, ISSUED_ON).approve();
    }
}

fn store() -> &'static TrustStore {
    static STORE: LazyLock<TrustStore> = LazyLock::new(|| TrustStore::from_pem(test_root()).expect("the test root"));
    &STORE
}

/// The committed inputs of a target.
///
/// # Panics
/// If they can't be read.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    files(&format!("fuzz/seeds/{target}"))
}

fn files(folder: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(crate::repository(folder)).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a file")).collect()
}
