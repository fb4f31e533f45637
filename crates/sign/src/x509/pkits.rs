//! All cases of the Public Key Interoperability Test Suite of NIST, with both libraries that verify
//! signatures. A written list names the cases that deviate.

#![expect(clippy::print_stdout, reason = "a skipped test reports that it was skipped")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use cqm_core::UnixTime;

use crate::{
    verifier::{self, SignatureVerifier},
    x509::{Revocation, TrustStore, X509Certificate},
};

/// 2020-01-01T00:00:00Z, in the validity of every certificate that is not meant to be out of it.
const AT: UnixTime = UnixTime::new(1_577_836_800);

/// The list: a table of cases, each with the key of its reason, and a table of the reasons.
const DEVIATIONS: &str = include_str!("../../../../docs/reference/pkits.md");

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    cert: String,
    #[serde(default)]
    other_certs: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    revocation: Option<bool>,
    error: Option<serde_json::Value>,
    /// What the user of the case demands of policies.
    params: Option<serde_json::Value>,
}

impl Case {
    fn is_accepted(&self, folder: &Path, verifier: &'static dyn SignatureVerifier) -> bool {
        let certificate =
            |name: &String| X509Certificate::from_der(&fs::read(folder.join("certs").join(name)).unwrap());
        let anchor = certificate(&"TrustAnchorRootCertificate.crt".to_owned()).unwrap();
        let pem = pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, anchor.der()).unwrap();
        let mut trust = TrustStore::from_pem(&pem).unwrap().over(verifier);
        for crl in self.crls.iter().map(String::as_str).chain(["TrustAnchorRootCRL.crl"]) {
            // A caller reports a CRL that can't be read and verifies nothing.
            if trust.add_crl(&fs::read(folder.join("crls").join(crl)).unwrap()).is_err() {
                return false;
            }
        }
        let Ok(leaf) = certificate(&self.cert) else { return false };
        let others: Vec<_> = self.other_certs.iter().filter_map(|name| certificate(name).ok()).collect();
        trust
            .verify_foreign_path(&leaf, &others, AT)
            .is_ok_and(|path| self.revocation == Some(false) || path.revocation() == Revocation::Checked)
    }
}

/// The cells of each row, without the head, of the table after a heading.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, section) = DEVIATIONS.split_once(heading).unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    rows.skip(2)
        .map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect()
}

#[test]
fn every_case_ends_as_it_must_or_deviates_as_written() {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else {
        println!("skipped: no corpora");
        return;
    };
    let folder = Path::new(&corpora).join("nist-pkits");
    let cases: Vec<Case> = serde_json::from_slice(&fs::read(folder.join("pkits.json")).unwrap()).unwrap();
    assert_eq!(cases.len(), 246);
    // The API has no way to demand a policy.
    let cases: Vec<_> = cases.into_iter().filter(|case| case.params.is_none()).collect();
    assert_eq!(cases.len(), 213);
    assert_eq!(cases.iter().filter(|case| case.error.is_none()).count(), 92);
    for verifier in verifier::ALL {
        check(&cases, &folder, verifier);
    }
}

fn check(cases: &[Case], folder: &Path, verifier: &'static dyn SignatureVerifier) {
    let wrong: BTreeSet<_> = cases
        .iter()
        .filter(|case| case.is_accepted(folder, verifier) != case.error.is_none())
        .map(|case| case.name.as_str())
        .collect();
    let wrongly_accepted: Vec<_> = cases
        .iter()
        .filter(|case| case.error.is_some() && wrong.contains(case.name.as_str()))
        .map(|case| &case.name)
        .collect();
    assert!(wrongly_accepted.is_empty(), "{verifier:?}: accepted, and must be refused: {wrongly_accepted:?}");
    let written: BTreeSet<_> = table("## Cases").into_iter().map(|row| row[0]).collect();
    let unwritten: Vec<_> = wrong.difference(&written).collect();
    assert!(unwritten.is_empty(), "{verifier:?}: refused without a written reason: {unwritten:#?}");
    let needless: Vec<_> = written.difference(&wrong).collect();
    assert!(needless.is_empty(), "{verifier:?}: written, but not refused: {needless:#?}");
}

#[test]
fn every_deviation_has_a_reason_and_every_reason_its_number_of_cases() {
    let mut counted = BTreeMap::<_, usize>::new();
    for row in table("## Cases") {
        *counted.entry(row[1]).or_default() += 1;
    }
    let stated: BTreeMap<_, usize> =
        table("## Reasons").into_iter().map(|row| (row[0], row[1].parse().unwrap())).collect();
    assert_eq!(counted, stated);
}
