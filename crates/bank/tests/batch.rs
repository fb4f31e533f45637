//! Files of a batch are verified in their order, whatever each of them is.

use std::{fs, io, path::PathBuf};

use cqm_bank::{CHUNK, verify_files};
use cqm_core::Date;
use cqm_sign::x509::TrustStore;
use cqm_verify::{FILE_SIZE_LIMIT, Question, Verifier};

#[test]
fn reports_are_in_the_order_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let verifier = Verifier::new(TrustStore::from_pem(include_str!("../../../keys-test/root.pem")).unwrap());
    let at = Date::constant(2024, 1, 31).end();
    let question = Question::new(at);

    // The missing ones cannot be read, the others are not certificates.
    let files: Vec<PathBuf> = (0..2 * CHUNK + 1).map(|number| folder.path().join(number.to_string())).collect();
    let is_missing = |number: usize| number % 3 == 1;
    for (number, file) in files.iter().enumerate().filter(|(number, _)| !is_missing(*number)) {
        fs::write(file, format!("file {number}")).unwrap();
    }
    let reports: Vec<_> = verify_files(&verifier, &question, &files).collect();
    assert_eq!(reports.len(), files.len());
    for (number, (path, report)) in reports.into_iter().enumerate() {
        assert_eq!(path, files[number]);
        match report {
            Ok(report) => {
                assert!(!is_missing(number), "{number}");
                assert_eq!(report.findings()[0].code.as_str(), "cqm.not-a-certificate");
            }
            Err(error) => {
                assert!(is_missing(number), "{number}");
                assert_eq!(error.kind(), io::ErrorKind::NotFound);
            }
        }
    }
    assert_eq!(verify_files(&verifier, &question, &[]).count(), 0);

    // Files are read only when their chunk is due.
    let mut reports = verify_files(&verifier, &question, &files);
    reports.next().unwrap().1.unwrap();
    fs::remove_file(&files[2 * CHUNK]).unwrap();
    assert!(reports.last().unwrap().1.is_err());
}

#[test]
fn a_file_that_is_too_large_has_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let verifier = Verifier::new(TrustStore::from_pem(include_str!("../../../keys-test/root.pem")).unwrap());
    let question = Question::new(Date::constant(2024, 1, 31).end());
    let files = [FILE_SIZE_LIMIT, FILE_SIZE_LIMIT + 1].map(|size| {
        let path = folder.path().join(size.to_string());
        fs::File::create(&path).unwrap().set_len(size as u64).unwrap();
        path
    });
    let codes: Vec<&str> = verify_files(&verifier, &question, &files)
        .map(|(_, report)| report.unwrap().findings()[0].code.as_str())
        .collect();
    assert_eq!(codes, ["cqm.not-a-certificate", "cqm.limit-exceeded"]);
}
