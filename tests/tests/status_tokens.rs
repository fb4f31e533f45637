//! The tokens and CRLs in status lists: what one stolen key of the office can't do.

use cqm_core::{Certificate, Date, Verdict};
use cqm_keys::{
    CertificateRequest, CrlReason, KeyAlgorithm, KeyPair, Profile, Revocation, Role, SigningKey, Validity, system_rng,
};
use cqm_sign::{
    Signer as _,
    x509::{Crl, TrustStore, X509Certificate},
};
use cqm_status::{ListDraft, TokenDigest};
use cqm_tests::{
    office::{IN_DATE, assert_invalid, assert_unconfirmed, assert_valid, errors, test_key, test_root, verifier},
    status::{self, MIN_SEQ, assert_open, issued, list, message, naming, sign},
};
use cqm_verify::{Question, Report, Verifier};

/// Asks about a file with some lists.
fn ask(file: &[u8], lists: &[&str]) -> Report {
    let mut verifier = verifier();
    lists.iter().for_each(|list| verifier.add_status_list(list.as_bytes()));
    verifier.verify(file, &Question::new(IN_DATE.end()))
}

#[test]
fn a_token_without_its_letter_needs_a_list_that_names_it() {
    let question = Question::new(IN_DATE.end()).without_status();
    assert_unconfirmed(&verifier().verify(issued().token.as_bytes(), &question));
    assert_valid(&verifier().verify(&issued().pdf, &question));
    let list = sign(list(&[]));
    assert_valid(&ask(issued().token.as_bytes(), &[&list]));
    assert_valid(&ask(format!(" {}\n", issued().token).as_bytes(), &[&list]));
    assert_valid(&ask(&issued().pdf, &[&list]));
    assert_eq!(ask(issued().token.as_bytes(), &[]).verdict(), Verdict::Indeterminate);
}

#[test]
fn a_token_that_the_list_does_not_name_was_not_issued() {
    let digest = TokenDigest::of(issued().token.as_bytes());
    let other = TokenDigest::of(b"another token");
    let of = |tokens: &[(u32, TokenDigest)]| sign(ListDraft { tokens: tokens.iter().copied().collect(), ..list(&[]) });
    for file in [&issued().pdf[..], issued().token.as_bytes()] {
        assert_valid(&ask(file, &[&of(&[(0, digest)])]));
        assert_valid(&ask(file, &[&of(&[(0, digest), (3, other)])]));
        for (tokens, expected) in [
            (&[][..], "the list has no token for the entry 0 of urn:cqm:status:1"),
            (&[(1, digest)], "the list has no token for the entry 0 of urn:cqm:status:1"),
            (&[(0, other)], "the list has another token for the entry 0 of urn:cqm:status:1"),
            (&[(0, other), (1, digest)], "the list has another token for the entry 0 of urn:cqm:status:1"),
        ] {
            let report = ask(file, &[&of(tokens)]);
            assert_invalid(&report, &["status.not-issued"]);
            assert_eq!(message(&report, "status.not-issued"), format!("certificate CQM-2023-0099: {expected}"));
            assert!(status::answers(&report).iter().all(|answer| *answer == cqm_verify::StatusAnswer::Unknown));
        }
    }
    // A list from before the certificate can't name it.
    let before = sign(ListDraft { seq: MIN_SEQ - 1, tokens: [].into(), ..list(&[]) });
    assert_open(&ask(&issued().pdf, &[&before]), &["status.before-certificate"]);
}

#[test]
fn of_two_tokens_with_one_number_only_the_issued_one_is_good() {
    let one = &issued().certificate;
    let mut two: Certificate = one.clone();
    two.holder.name = "Evil Card Corp".into();
    two.holder.companies[0].name = "Evil Card Corp".into();
    let two = status::token(&two, 0);
    let good = sign(list(&[]));
    assert_valid(&ask(issued().token.as_bytes(), &[&good]));
    assert_invalid(&ask(two.as_bytes(), &[&good]), &["status.not-issued"]);
    // Its twin: the office's list names it, and then not the first.
    let twin = sign(naming(list(&[]), &two));
    assert_valid(&ask(two.as_bytes(), &[&twin]));
    assert_invalid(&ask(issued().token.as_bytes(), &[&twin]), &["status.not-issued"]);
}

const FIRST: Date = Date::constant(2023, 1, 1);
const LAST: Date = Date::constant(2024, 12, 31);

/// A CRL of the signers' issuer, or of another CA.
fn crl(authority: &KeyPair, last: Date, revoked: &[(Role, CrlReason)]) -> Crl {
    let certificates: Vec<(X509Certificate, CrlReason)> =
        revoked.iter().map(|(role, reason)| (test_key(*role).certificates()[0].clone(), *reason)).collect();
    let revocation = |(certificate, reason): &(X509Certificate, CrlReason)| (certificate.clone(), *reason);
    let certificates: Vec<_> = certificates.iter().map(revocation).collect();
    let revocations: Vec<Revocation<'_>> = certificates
        .iter()
        .map(|(certificate, reason)| Revocation { certificate, reason: *reason, at: FIRST.start() })
        .collect();
    let validity = Validity::new(FIRST.start(), last.end()).unwrap();
    let crl = cqm_keys::Crl::issue(authority, 7, validity, &revocations).unwrap();
    Crl::from_der(crl.der()).unwrap()
}

/// A list with these CRLs and a current one of the root, which revokes no CA.
fn with_crls(crls: &[&Crl]) -> String {
    let of_root = crl(&test_key(Role::Root), LAST, &[]);
    with_only(&[&[&of_root], crls].concat())
}

/// A list with these CRLs.
fn with_only(crls: &[&Crl]) -> String {
    sign(ListDraft { crls: crls.iter().copied().cloned().collect(), ..list(&[]) })
}

#[test]
fn a_list_without_the_crl_of_a_signer_leaves_the_verdict_open() {
    let issuing_ca = test_key(Role::IssuingCa);
    let good = crl(&issuing_ca, LAST, &[]);
    assert_valid(&ask(&issued().pdf, &[&with_crls(&[&good])]));
    let report = ask(&issued().pdf, &[&with_crls(&[])]);
    assert_eq!((errors(&report), report.verdict()), (vec!["trust.crl-missing"], Verdict::Indeterminate));
    assert_eq!(
        message(&report, "trust.crl-missing"),
        "the status list has no CRL for the signer of the PDF, the signer of the token and the signer of the status \
         list, and none was given"
    );
    // The user's own CRL counts as well.
    let mut trust = TrustStore::from_pem(test_root()).unwrap();
    trust.add_crl(good.der()).unwrap();
    let mut verifier = Verifier::new(trust);
    verifier.add_status_list(with_crls(&[]).as_bytes());
    assert_valid(&verifier.verify(&issued().pdf, &Question::new(IN_DATE.end())));
    // Without a list, and without a question about the status, it is no error.
    let question = Question::new(IN_DATE.end()).without_status();
    assert_valid(&cqm_tests::office::verifier().verify(&issued().pdf, &question));
}

#[test]
fn an_outdated_crl_leaves_the_verdict_open() {
    let issuing_ca = test_key(Role::IssuingCa);
    // The list was issued on 2024-01-15, the question is about the end of 2024-01-31.
    assert_valid(&ask(&issued().pdf, &[&with_crls(&[&crl(&issuing_ca, IN_DATE, &[])])]));
    let report = ask(&issued().pdf, &[&with_crls(&[&crl(&issuing_ca, IN_DATE.plus_days(-1), &[])])]);
    assert_eq!((errors(&report), report.verdict()), (vec!["trust.crl-stale"], Verdict::Indeterminate));
    // It was outdated already when the list was issued.
    let report = ask(&issued().pdf, &[&with_crls(&[&crl(&issuing_ca, Date::constant(2024, 1, 14), &[])])]);
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert!(errors(&report).contains(&"status.untrusted-signer"), "{:?}", errors(&report));
}

#[test]
fn a_crl_in_a_list_revokes_the_signers_of_letters() {
    let issuing_ca = test_key(Role::IssuingCa);
    for role in [Role::DocumentSigner, Role::TokenSigner] {
        let revoked = with_crls(&[&crl(&issuing_ca, LAST, &[(role, CrlReason::KeyCompromise)])]);
        assert_invalid(&ask(&issued().pdf, &[&revoked]), &["trust.revoked"]);
    }
    let token = with_crls(&[&crl(&issuing_ca, LAST, &[(Role::TokenSigner, CrlReason::KeyCompromise)])]);
    assert_invalid(&ask(issued().token.as_bytes(), &[&token]), &["trust.revoked"]);
    let document = with_crls(&[&crl(&issuing_ca, LAST, &[(Role::DocumentSigner, CrlReason::KeyCompromise)])]);
    assert_valid(&ask(issued().token.as_bytes(), &[&document]));
}

#[test]
fn a_list_of_a_revoked_signer_is_not_used() {
    let issuing_ca = test_key(Role::IssuingCa);
    let (good, revoked) =
        (crl(&issuing_ca, LAST, &[]), crl(&issuing_ca, LAST, &[(Role::StatusSigner, CrlReason::KeyCompromise)]));
    assert_valid(&ask(&issued().pdf, &[&with_crls(&[&good])]));
    assert_open(&ask(&issued().pdf, &[&with_crls(&[&revoked])]), &["status.untrusted-signer"]);
    // The CRL of one list revokes the signer of the other, in any order.
    let (one, two) = (with_crls(&[&good]), with_crls(&[&revoked]));
    for lists in [[&*one, &*two], [&*two, &*one]] {
        let report = ask(&issued().pdf, &lists);
        assert_eq!(report.verdict(), Verdict::Indeterminate, "{:?}", errors(&report));
        assert!(errors(&report).contains(&"status.untrusted-signer"));
    }
}

#[test]
fn a_crl_is_judged_by_its_own_signature() {
    let mut rng = system_rng().unwrap();
    let mut another = |name: &str| {
        let key = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
        let validity = Validity::new(FIRST.start(), LAST.end()).unwrap();
        let profile = Profile::Authority { path_len: None };
        let request = CertificateRequest::new(name, key.spki(), profile, validity).unwrap();
        let certificate = request.self_sign(&key, &mut rng).unwrap();
        KeyPair::new(key, vec![certificate]).unwrap()
    };
    let issuing_ca = test_key(Role::IssuingCa);
    let revoked = [(Role::DocumentSigner, CrlReason::KeyCompromise)];
    // The name of the issuer and another key.
    let name = issuing_ca.certificate().subject();
    let forged = crl(&another(&name), LAST, &revoked);
    let report = ask(&issued().pdf, &[&with_crls(&[&forged])]);
    assert_eq!(report.verdict(), Verdict::Indeterminate, "{:?}", errors(&report));
    // Beside the true one it has no effect.
    assert_valid(&ask(&issued().pdf, &[&with_crls(&[&forged, &crl(&issuing_ca, LAST, &[])])]));
    assert_invalid(
        &ask(&issued().pdf, &[&with_crls(&[&forged, &crl(&issuing_ca, LAST, &revoked)])]),
        &["trust.revoked"],
    );
    // Another issuer.
    let other = crl(&another("CN=Another root"), LAST, &revoked);
    let report = ask(&issued().pdf, &[&with_crls(&[&other])]);
    assert_eq!((errors(&report), report.verdict()), (vec!["trust.crl-missing"], Verdict::Indeterminate));
}
