//! One stolen key: the page attacks of each family with the document signer's key only, and what
//! the token signer's key signs. `tests/tests/insider` has the same for every page attack, and the
//! attacks on tokens and lists.

use std::collections::BTreeSet;

use cqm_keys::Role;
use cqm_pdf::{Limits, letter::inspect};
use serde_json::Value;

use super::{By, Vector};
use crate::{
    insider::{Letter, page_attacks},
    office::{issued, test_key},
};

pub(super) fn vectors() -> Vec<Vector> {
    let by = |by, name: &str, fault: &str, code: &str, pdf| Vector::new(by, name, fault, "invalid", code, pdf);
    let mut vectors = Vec::new();
    // The first attack of each family whose body a verifier can read.
    let mut families = BTreeSet::new();
    for attack in page_attacks() {
        let (family, name) = attack.name.split_once('/').expect("a family");
        if !families.contains(family) && inspect(&attack.pdf, &Limits::default()).parts.is_some() {
            families.insert(family.to_owned());
            let fault = format!("the pages of {family}/{name} under the genuine token");
            let name = format!("document-{family}");
            vectors.push(by(By::DocumentSigner, &name, &fault, "agreement.letter", attack.pdf));
        }
    }
    let letter = Letter::take_apart(&issued().pdf);
    let [document, token, status] =
        [Role::DocumentSigner, Role::TokenSigner, Role::StatusSigner].map(|role| letter.sign(&test_key(role)));
    vectors.push(Vector::new(
        By::DocumentSigner,
        "document-again",
        "the letter as it is, signed again",
        "valid",
        "",
        document,
    ));
    vectors.push(by(
        By::TokenSigner,
        "token-signs-pdf",
        "the token signer has signed the PDF",
        "trust.wrong-purpose trust.key-in-two-roles",
        token,
    ));
    vectors.push(by(
        By::TokenSigner,
        "status-signs-pdf",
        "the status signer has signed the PDF",
        "trust.wrong-purpose",
        status,
    ));
    let other = |change: fn(&mut Value)| letter.clone().with_claims(change).assemble();
    vectors.push(by(
        By::TokenSigner,
        "token-other-holder",
        "the token is for another holder, under the genuine signature of the PDF",
        "cms.digest-mismatch token.holder-differs",
        other(|claims| claims["cqm"]["holder"]["name"] = "Evil Card Corp".into()),
    ));
    vectors.push(by(
        By::TokenSigner,
        "token-later",
        "the token is from after the question, under the genuine signature of the PDF",
        "cms.digest-mismatch date.not-yet-valid",
        other(|claims| claims["iat"] = 1_706_832_000.into()),
    ));
    vectors
}
