//! The reader of PDFs agrees with qpdf on every object: its type, its value, and the bytes of
//! streams.

use std::path::Path;

use cqm_tests::qpdf::{Compared, compare};
use cqm_tests::{Workplace, files_below, office, repository, skipped};

#[test]
fn every_object_of_letters_reads_as_qpdf_reads_it() {
    let workplace = Workplace::default();
    let mut compared = Compared::default();
    for dossier in ["dummy-card-company.toml", "all-activities.toml", "group.toml"] {
        workplace.write("letter.pdf", office::issue(dossier).pdf);
        let Some(read) = compare(&workplace.path("letter.pdf"), &mut compared) else { return };
        assert!(read, "{dossier}");
    }
    assert!(compared.objects > 400 && compared.streams > 50, "{compared:?}");
}

#[test]
fn every_object_of_samples_reads_as_qpdf_reads_it() {
    let mut compared = Compared::default();
    for path in files_below(repository("tests/samples"), "pdf") {
        let Some(read) = compare(&path, &mut compared) else { return };
        // qpdf reads the encrypted files whose password is empty; the strict reader reads none.
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(read, !name.starts_with("encrypted") || name == "encrypted-password", "{name}");
    }
    assert!(compared.objects > 200 && compared.streams > 40, "{compared:?}");
}

#[test]
fn every_object_of_the_corpus_reads_as_qpdf_reads_it() {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else { return skipped("no corpora") };
    let mut compared = Compared::default();
    let mut refused = Vec::new();
    for path in files_below(Path::new(&corpora).join("pyhanko"), "pdf") {
        // Their object streams are broken on purpose; qpdf reads missing objects as null.
        if path.file_stem().unwrap().to_str().unwrap().starts_with("broken-objstream") {
            continue;
        }
        let Some(read) = compare(&path, &mut compared) else { return };
        if !read {
            refused.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(refused, REFUSED, "what our reader does not open, and qpdf reads without a warning");
    assert!(compared.documents > 60 && compared.objects > 800 && compared.streams > 200, "{compared:?}");
}

/// Files of the corpus that qpdf reads without a warning and cqm refuses: one has an entry of the
/// cross-reference table that is a byte too short, the other no `%%EOF` after the last `startxref`.
const REFUSED: [&str; 2] = ["minimal-badxref", "minimal-startxref-hopeless2"];
