//! The document signer's key: no page changes under a genuine token.

use cqm_core::Verdict;
use cqm_keys::Role;
use cqm_pdf::{Limits, letter::inspect};
use cqm_tests::{
    insider::{Letter, page_attacks},
    office::{assert_invalid, assert_valid, errors, issued, test_key, verifier, verify},
    vectors::without_token,
};
use cqm_verify::{PdfPolicy, Question};

/// A body that the reader can't find the end of has no digest to compare.
#[test]
fn every_changed_page_dies_at_the_digest_of_the_body() {
    let mut wrong = Vec::new();
    let (mut changed, mut unreadable) = (0, 0);
    for attack in page_attacks() {
        let report = verify(&attack.pdf);
        let has_body = inspect(&attack.pdf, &Limits::default()).parts.is_some();
        *(if has_body { &mut changed } else { &mut unreadable }) += 1;
        if report.verdict() != Verdict::Invalid || errors(&report).contains(&"agreement.letter") != has_body {
            wrong.push(format!("{}: {} {:?}", attack.name, report.verdict(), errors(&report)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(changed > 200 && unreadable < 50, "{changed} with another digest, {unreadable} that can't be read");
}

#[test]
fn the_signer_of_a_letter_has_no_other_role() {
    let letter = Letter::take_apart(&issued().pdf);
    let signed_by = |role| verify(&letter.sign(&test_key(role)));
    assert_valid(&signed_by(Role::DocumentSigner));
    assert_invalid(&signed_by(Role::TokenSigner), &["trust.key-in-two-roles", "trust.wrong-purpose"]);
    assert_invalid(&signed_by(Role::StatusSigner), &["trust.wrong-purpose"]);
    for authority in [Role::IssuingCa, Role::Root] {
        let report = signed_by(authority);
        assert_eq!(report.verdict(), Verdict::Invalid);
        assert!(errors(&report).contains(&"trust.wrong-purpose"), "{:?}", errors(&report));
    }
}

/// Judged as any PDF, whose pages nothing is compared with.
#[test]
fn no_signer_of_the_office_signs_a_pdf_without_a_token() {
    let verify = |pdf: &[u8]| {
        let question = Question::new(cqm_tests::office::IN_DATE.end()).without_status();
        verifier().with_pdfs(PdfPolicy::WithoutToken).verify(pdf, &question)
    };
    assert_valid(&verify(&without_token(None)));
    let signed_by = |role| verify(&without_token(Some(&test_key(role))));
    assert_invalid(&signed_by(Role::DocumentSigner), &["pdf.token-missing"]);
    for role in [Role::TokenSigner, Role::StatusSigner, Role::IssuingCa] {
        assert_invalid(&signed_by(role), &["trust.wrong-purpose"]);
    }
}
