//! The Public Key Interoperability Test Suite of NIST.
//!
//! Its certificates have no purpose of ours, so this asks all but the leaf's purpose.

use std::path::Path;

use super::*;
use crate::x509::Revocation;

/// 2020-01-01T00:00:00Z, in the validity of all that is not made to be out of it.
const AT: i64 = 1_577_836_800;

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
    /// What a user demands of policies, which nobody can do here.
    params: Option<serde_json::Value>,
}

impl Case {
    fn is_accepted(&self, folder: &Path) -> bool {
        let certificate = |name: &String| {
            let der = std::fs::read(folder.join("certs").join(name)).unwrap();
            X509Certificate::from_der(&der)
        };
        let anchor = certificate(&"TrustAnchorRootCertificate.crt".to_owned()).unwrap();
        let pem = pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, anchor.der()).unwrap();
        let mut trust = TrustStore::from_pem(&pem).unwrap();
        for crl in self.crls.iter().map(String::as_str).chain(["TrustAnchorRootCRL.crl"]) {
            // The user hears of a CRL that can't be read, and nothing is verified.
            if trust.add_crl(&std::fs::read(folder.join("crls").join(crl)).unwrap()).is_err() {
                return false;
            }
        }
        let Ok(leaf) = certificate(&self.cert) else { return false };
        let others: Vec<_> = self.other_certs.iter().filter_map(|name| certificate(name).ok()).collect();
        let usage = Usage::AnyDocument;
        let Ok((issuers, root)) = trust.build(&leaf, &others, usage, AT) else { return false };
        let mut errors = Vec::from_iter(policy_error(&leaf));
        let path = trust.consult_crls(&leaf, issuers, root, usage, &mut errors);
        errors.extend(path.errors_at(AT));
        errors.extend(date_error(&leaf, AT));
        errors.is_empty() && (self.revocation == Some(false) || path.revocation() == Revocation::Checked)
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn pkits() {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else {
        println!("skipped: no corpora");
        return;
    };
    let folder = Path::new(&corpora).join("nist-pkits");
    let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(folder.join("pkits.json")).unwrap()).unwrap();
    assert_eq!(cases.len(), 246);
    let wrongly_accepted: Vec<_> = cases
        .iter()
        .filter(|case| case.error.is_some() && case.params.is_none() && case.is_accepted(&folder))
        .map(|case| &case.name)
        .collect();
    assert!(wrongly_accepted.is_empty(), "{wrongly_accepted:?}");
    // The others need DSA, policies, names that differ in form, indirect, partial or delta CRLs, constraints on directory
    // names, or a certification authority as signer.
    let accepted = cases.iter().filter(|case| case.error.is_none() && case.is_accepted(&folder)).count();
    assert_eq!(accepted, 26);
}
