//! The token signer's key: no letter, and no token that a list does not name.

use cqm_core::{
    Certificate, Date,
    Verdict::{Indeterminate, Invalid},
};
use cqm_keys::Role;
use cqm_tests::{
    insider::{Letter, claims_changed},
    office::{Forge, IN_DATE, ISSUED_ON, assert_invalid, assert_unconfirmed, assert_valid, errors, verifier, verify},
    status::{issued, list, sign, token},
};
use cqm_verify::{Question, Report};
use serde_json::Value;

/// Asks with the office's list.
fn ask(file: &[u8]) -> Report {
    let mut verifier = verifier();
    verifier.add_status_list(sign(list(&[])).as_bytes());
    verifier.verify(file, &Question::new(IN_DATE.end()))
}

fn evil() -> Certificate {
    let mut certificate = issued().certificate.clone();
    certificate.holder.name = "Evil Card Corp".into();
    certificate.holder.companies[0].name = "Evil Card Corp".into();
    certificate
}

/// Names other entries: the certificate's own, and those of the labels after it.
fn at(claims: &mut Value, first: u64, uri: &str) {
    let mut next = first;
    let mut name = |status: &mut Value| {
        *status = serde_json::json!({"status_list": {"idx": next, "uri": uri}});
        next += 1;
    };
    name(&mut claims["status"]);
    for site in claims["cqm"]["sites"].as_array_mut().unwrap() {
        site["labels"].as_array_mut().unwrap().iter_mut().for_each(|label| name(&mut label["status"]));
    }
}

const LIST: &str = "urn:cqm:status:1";

#[test]
fn a_token_of_the_thief_is_believed_by_no_bank() {
    let token = |change: fn(&mut Value)| claims_changed(Role::TokenSigner, &issued().token, change);
    assert_valid(&ask(issued().token.as_bytes()));
    type Change = fn(&mut Value);
    let cases: [(&str, Change, _, &[&str]); 6] = [
        ("the same entries", |claims| at(claims, 0, LIST), Invalid, &["status.not-issued"]),
        ("entries of others", |claims| at(claims, 1, LIST), Invalid, &["status.not-issued"]),
        ("no entries of the list", |claims| at(claims, 600, LIST), Invalid, &["status.not-issued"]),
        ("another list", |claims| at(claims, 0, "urn:cqm:status:2"), Indeterminate, &["status.missing"]),
        (
            "a list that is not there yet",
            |claims| claims["cqm"]["min_status_seq"] = 4.into(),
            Indeterminate,
            &["status.before-certificate"],
        ),
        (
            "no list",
            |claims| {
                let claims = claims.as_object_mut().unwrap();
                claims.remove("status");
                claims["cqm"].as_object_mut().unwrap().remove("min_status_seq");
                for site in claims["cqm"]["sites"].as_array_mut().unwrap() {
                    let labels = site["labels"].as_array_mut().unwrap().iter_mut();
                    labels.for_each(|label| drop(label.as_object_mut().unwrap().remove("status")));
                }
            },
            Indeterminate,
            &["status.no-reference"],
        ),
    ];
    for (name, change, verdict, codes) in cases {
        let token = token(change);
        let report = ask(token.as_bytes());
        assert_eq!((report.verdict(), &errors(&report)[..]), (verdict, codes), "{name}");
        assert_unconfirmed(&verify(token.as_bytes()));
    }
}

#[test]
fn a_token_of_tomorrow_is_not_believed_today() {
    let from = |day: Date| {
        let certificate = Certificate { valid_from: ISSUED_ON, ..issued().certificate.clone() };
        let token = token(&certificate, 0);
        let token = claims_changed(Role::TokenSigner, &token, |claims| claims["iat"] = day.start().seconds().into());
        verify(token.as_bytes())
    };
    assert_unconfirmed(&from(ISSUED_ON));
    assert_invalid(&from(IN_DATE.tomorrow()), &["date.not-yet-valid", "token.unconfirmed"]);
}

#[test]
fn a_letter_takes_no_other_token() {
    let letter = Letter::take_apart(&issued().pdf);
    assert_valid(&ask(&letter.assemble()));
    let changed = letter.with_claims(|claims| at(claims, 1, LIST));
    assert_invalid(&ask(&changed.assemble()), &["cms.digest-mismatch", "status.not-issued"]);
}

/// With both keys the pages can say what they want in the form of a letter. The list ends it.
#[test]
fn both_signers_make_a_letter_that_no_list_names() {
    let evil = evil();
    let letter = Forge::default().letter(&evil, token(&evil, 0).as_bytes(), ISSUED_ON.start());
    assert_valid(&verify(&letter));
    assert_invalid(&ask(&letter), &["status.not-issued"]);
}
