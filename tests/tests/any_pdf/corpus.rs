//! The PDFs of a corpus by others, which are signed under roots that no test trusts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cqm_core::{UnixTime, Verdict};
use cqm_pdf::{Limits, any::AnyPdf};
use cqm_sign::{
    cms::{self, SignedData},
    x509::TrustStore,
};
use cqm_tests::{files_below, office::errors, skipped};
use cqm_verify::{PdfPolicy, Question, StatusPolicy, Verifier};

use super::{judge, question, verifier};

/// The PDF files of pyHanko's tests.
fn corpus() -> Option<Vec<PathBuf>> {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else {
        skipped("no corpora");
        return None;
    };
    let files = files_below(Path::new(&corpora).join("pyhanko"), "pdf");
    assert_eq!(files.len(), 111);
    Some(files)
}

#[test]
fn every_file_of_the_corpus_ends_in_a_verdict() {
    let Some(files) = corpus() else { return };
    let strict = verifier(PdfPolicy::LettersOnly);
    let mut named = 0;
    for path in &files {
        let name = path.display();
        let bytes = fs::read(path).unwrap();
        let report = strict.verify(&bytes, &question(StatusPolicy::SignatureAndDatesOnly));
        assert_eq!(report.verdict(), Verdict::Invalid, "{name}");

        let report = judge(&bytes);
        // None of the corpus is signed under the root of the samples.
        assert_ne!(report.verdict(), Verdict::Valid, "{name}");
        // Whoever signed, bytes that a signature does not cover are always reported.
        let says = |code: &str| errors(&report).contains(&code);
        let whole = |signature: &cqm_verify::SignatureReport| signature.covers_whole_file;
        if !report.signatures().iter().all(whole) {
            assert!(says("pdf.later-revision") || says("pdf.byte-range"), "{name}: {:#?}", report.findings());
        }
        if !report.signatures().is_empty() && report.signatures().iter().all(whole) {
            assert!(!says("pdf.later-revision") && !says("pdf.byte-range"), "{name}: {:#?}", report.findings());
        }
        let expected: &[&str] = match path.file_stem().unwrap().to_str().unwrap() {
            "one-byterange" | "signature-gap-too-big" | "tail-uncovered" | "weird-byterange" => &["pdf.byte-range"],
            // The twin of those four; a file signed twice; a form filled after signing.
            "base" | "minimal-two-fields-signed-twice" | "form-update-override-appearance-stream-sneaky" => {
                &["pdf.later-revision"]
            }
            "minimal-aes256" => &["pdf.unsupported-encryption"],
            _ => &[],
        };
        for code in expected {
            assert!(says(code), "{name} lacks {code}: {:#?}", report.findings());
            named += 1;
        }
    }
    assert_eq!(named, 8);
}

/// A verifier that trusts every certification authority whose X.509 certificate is in the file.
fn credulous(bytes: &[u8]) -> Option<Verifier> {
    let pdf = AnyPdf::open(bytes, &Limits::default()).ok()?;
    let mut roots = String::new();
    for signature in pdf.signatures().ok()? {
        let Ok((cms, _)) = cms::split_padding(&signature.contents) else { continue };
        let Ok(signed_data) = SignedData::from_foreign(cms) else { continue };
        for root in signed_data.intermediates().iter().filter(|root| root.is_self_issued() && root.is_ca()) {
            roots += &cqm_keys::certificate_pem(root).ok()?;
        }
    }
    Some(Verifier::new(TrustStore::from_pem(&roots).ok()?).with_pdfs(PdfPolicy::WithoutToken))
}

#[test]
fn of_the_corpus_only_what_a_signature_covers_wholly_can_be_valid() {
    let Some(files) = corpus() else { return };
    let mut verdicts: BTreeMap<Verdict, Vec<String>> = BTreeMap::new();
    for path in &files {
        let bytes = fs::read(path).unwrap();
        let Some(verifier) = credulous(&bytes) else { continue };
        let first = verifier.verify(&bytes, &question(StatusPolicy::SignatureAndDatesOnly));
        let times = first.signatures().iter().filter_map(|signature| signature.signed_at);
        let Some(signed_on) = times.max().and_then(UnixTime::date) else { continue };
        let at = signed_on.end();
        let report = verifier.verify(&bytes, &Question::new(at).without_status());
        let whole = report.signatures().iter().all(|signature| signature.covers_whole_file);
        assert!(whole || report.verdict() != Verdict::Valid, "{}: {:#?}", path.display(), report.findings());
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        verdicts.entry(report.verdict()).or_default().push(name);
    }
    let valid = [
        "certified-with-indirect-refs-in-dir",
        "pades-with-old-style-signing-cert-attr-issser",
        "pades-with-old-style-signing-cert-attr",
        "sig-no-signed-attrs",
        "sig-with-ski-sid",
    ];
    assert_eq!(verdicts[&Verdict::Valid], valid);
    // The first one is under an X.509 certificate that was signed with SHA-1.
    let open = [
        "minimal-signed-twice-no-sig-type",
        "pades-lta-dss-indirect-arrs-test-2",
        "pades-lta-dss-indirect-arrs-test",
        "separate-annots-kids-indir",
    ];
    assert_eq!(verdicts[&Verdict::Indeterminate], open);
}
