//! Trust in signers, and dates: why a genuine file may not be valid.

use cqm_core::{Date, Verdict};
use cqm_keys::{
    CertificateRequest, Crl, CrlReason, KeyAlgorithm, KeyPair, Pki, PkiOptions, Profile, Revocation, Role, SigningKey,
    Validity, system_rng,
};
use cqm_sign::{
    SignatureAlgorithm, Signer, SignerError,
    x509::{Purpose, TrustStore, X509Certificate},
};
use cqm_tests::office::{
    Forge, IN_DATE, ISSUED_ON, assert_invalid, assert_unconfirmed, assert_valid, errors, issued, signer, signer_with,
    test_key, test_root, test_secret, verifier, verify_at,
};
use cqm_tests::repository;
use cqm_verify::{Question, Report, Verifier};

const DAY: i64 = 86_400;

fn question(at: Date) -> Question<'static> {
    Question::new(at.end()).without_status()
}

/// Asks about the letter with a CRL of the issuing CA, and the root's.
fn verify_with_crl(crl: &[u8], at: Date) -> Report {
    let mut trust = TrustStore::from_pem(test_root()).unwrap();
    trust.add_crl(crl).unwrap();
    trust.add_crl(&std::fs::read(repository("keys-test/root.crl.pem")).unwrap()).unwrap();
    Verifier::new(trust).verify(&issued().pdf, &question(at))
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings().iter().map(|finding| finding.code.as_str()).collect()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn every_report_says_that_the_test_root_is_trusted() {
    let report = verify_at(&issued().pdf, IN_DATE);
    assert_valid(&report);
    assert!(codes(&report).contains(&"trust.test-root"));
}

#[test]
fn a_root_that_is_not_trusted_makes_a_file_invalid() {
    let options = PkiOptions { valid_from: ISSUED_ON.start(), years: 2, document_signer: KeyAlgorithm::P256 };
    let other = Pki::generate(&options, &mut system_rng().unwrap()).unwrap();
    let pem = cqm_keys::certificate_pem(other.key_pair(Role::Root).certificate()).unwrap();
    let both = format!("{pem}{}", test_root());
    let verify =
        |trust: &str| Verifier::new(TrustStore::from_pem(trust).unwrap()).verify(&issued().pdf, &question(IN_DATE));
    let report = verify(&pem);
    assert_eq!(report.verdict(), Verdict::Invalid);
    assert!(report.certificate().is_none(), "content without a valid signature is not shown");
    assert!(!codes(&report).contains(&"trust.test-root"));
    let errors = errors(&report);
    assert!(matches!(errors[..], ["trust.unknown-issuer"] | ["trust.bad-signature"]), "{errors:?}");
    assert_valid(&verify(&both));
}

#[test]
fn a_signer_without_the_purpose_is_refused() {
    let certificate = &issued().certificate;
    let verify = |document: Purpose, token: Purpose| {
        let signer = |purpose| signer(Profile::Signer(purpose), date("2023-01-01"), date("2026-12-31"));
        let forge = Forge { document_signer: signer(document), token_signer: signer(token) };
        verify_at(&forge.issue(certificate), IN_DATE)
    };
    assert_valid(&verify(Purpose::DocumentSigning, Purpose::TokenSigning));
    for wrong in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::DocumentSigning) {
        assert_invalid(&verify(wrong, Purpose::TokenSigning), &["trust.wrong-purpose"]);
    }
    for wrong in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::TokenSigning) {
        assert_invalid(&verify(Purpose::DocumentSigning, wrong), &["trust.wrong-purpose"]);
    }
}

/// Each of the two has an X.509 certificate for its own purpose, but of one key.
#[test]
fn a_key_has_one_role() {
    let certificate = &issued().certificate;
    let (from, until) = (date("2023-01-01"), date("2026-12-31"));
    let with_key_of = |role: Role, purpose| signer_with(test_secret(role), Profile::Signer(purpose), from, until);
    let verify = |document_signer: KeyPair| {
        verify_at(&Forge { document_signer, ..Forge::default() }.issue(certificate), IN_DATE)
    };
    assert_valid(&verify(with_key_of(Role::DocumentSigner, Purpose::DocumentSigning)));
    assert_invalid(&verify(with_key_of(Role::TokenSigner, Purpose::DocumentSigning)), &["trust.key-in-two-roles"]);
    // The key of a signer of lists that are not asked about does no harm.
    assert_valid(&verify(with_key_of(Role::StatusSigner, Purpose::DocumentSigning)));
}

/// A CA of the path signs nothing but X.509 certificates and CRLs.
#[test]
fn the_key_of_a_ca_signs_no_letters() {
    let issuer = test_key(Role::IssuingCa);
    let validity = Validity::new(date("2023-01-01").start(), date("2026-12-31").end()).unwrap();
    let verify = |key: SigningKey| {
        let profile = Profile::Signer(Purpose::DocumentSigning);
        let request = CertificateRequest::new("CN=A signer", key.spki(), profile, validity).unwrap();
        let own = request.issue(&issuer, &mut system_rng().unwrap()).unwrap();
        let document_signer = WithChain { key, chain: [&[own], issuer.certificates()].concat() };
        let certificate = &issued().certificate;
        let forge = Forge::default();
        let token = forge.token(certificate);
        let letter = Forge::letter_by(&document_signer, certificate, token.as_bytes(), ISSUED_ON.start());
        verify_at(&letter, IN_DATE)
    };
    assert_valid(&verify(test_secret(Role::DocumentSigner)));
    for role in [Role::Root, Role::IssuingCa] {
        assert_invalid(&verify(test_secret(role)), &["trust.key-in-two-roles"]);
    }
}

/// A key with any X.509 certificates. [`KeyPair`] refuses those of a CA with the same key.
struct WithChain {
    key: SigningKey,
    chain: Vec<X509Certificate>,
}

impl Signer for WithChain {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }

    fn certificates(&self) -> &[X509Certificate] {
        &self.chain
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign(message).map_err(|error| SignerError(error.to_string()))
    }
}

/// The CMS and the token contain the authorities between the signer and the root, and the CMS no
/// others.
#[test]
fn signers_may_be_certified_by_an_authority_below_the_root() {
    let validity = Validity::new(date("2023-01-01").start(), date("2026-12-31").end()).unwrap();
    let certified = |subject: &str, profile, issuer: Option<&KeyPair>, others: &[&KeyPair]| {
        let mut rng = system_rng().unwrap();
        let key = SigningKey::generate(KeyAlgorithm::Ed25519, &mut rng).unwrap();
        let request = CertificateRequest::new(subject, key.spki(), profile, validity).unwrap();
        let own = match issuer {
            Some(issuer) => request.issue(issuer, &mut rng).unwrap(),
            None => request.self_sign(&key, &mut rng).unwrap(),
        };
        let others = others.iter().map(|other| other.certificate().clone());
        KeyPair::new(key, [own].into_iter().chain(others).collect()).unwrap()
    };
    let root = certified("CN=A root", Profile::Authority { path_len: Some(1) }, None, &[]);
    let between = certified("CN=An authority", Profile::Authority { path_len: Some(0) }, Some(&root), &[]);
    let with =
        |purpose, others: &[&KeyPair]| certified("CN=A signer", Profile::Signer(purpose), Some(&between), others);
    let document = |others: &[&KeyPair]| with(Purpose::DocumentSigning, others);
    let verify = |document_signer: KeyPair, trust: &[&KeyPair]| {
        let letter = Forge { document_signer, token_signer: with(Purpose::TokenSigning, &[&between]) }
            .issue(&issued().certificate);
        let trust: String = trust.iter().map(|pair| cqm_keys::certificate_pem(pair.certificate()).unwrap()).collect();
        Verifier::new(TrustStore::from_pem(&trust).unwrap()).verify(&letter, &question(IN_DATE))
    };
    assert_valid(&verify(document(&[&between]), &[&root]));
    // The CMS has an authority too many; lacks one that is in the trust file; lacks one that is in
    // neither.
    assert_invalid(&verify(document(&[&between, &test_key(Role::TokenSigner)]), &[&root]), &["cms.encoding"]);
    assert_invalid(&verify(document(&[]), &[&root, &between]), &["cms.encoding"]);
    assert_invalid(&verify(document(&[]), &[&root]), &["trust.unknown-issuer"]);
}

#[test]
fn signers_must_be_valid_when_they_sign_and_when_they_are_asked_about() {
    let certificate = &issued().certificate;
    let verify = |from: &str, until: &str| {
        let document_signer = signer(Profile::Signer(Purpose::DocumentSigning), date(from), date(until));
        verify_at(&Forge { document_signer, ..Forge::default() }.issue(certificate), IN_DATE)
    };
    assert_valid(&verify("2023-05-06", "2024-01-31"));
    assert_invalid(&verify("2023-05-07", "2024-01-31"), &["trust.not-yet-valid"]);
    assert_invalid(&verify("2023-05-06", "2024-01-30"), &["trust.expired"]);
    assert_invalid(&verify("2023-01-01", "2023-05-05"), &["trust.expired"]);
}

#[test]
fn a_crl_tells_who_was_revoked() {
    let issuing_ca = test_key(Role::IssuingCa);
    let validity = Validity::new(date("2023-01-01").start(), date("2026-12-31").end()).unwrap();
    let revoke = |role: Role, reason, at: Date| {
        let key = test_key(role);
        let revocation = Revocation { certificate: &key.certificates()[0], reason, at: at.start() };
        Crl::issue(&issuing_ca, 2, validity, &[revocation]).unwrap()
    };
    let nobody = Crl::issue(&issuing_ca, 1, validity, &[]).unwrap();
    let report = verify_with_crl(nobody.der(), IN_DATE);
    assert_valid(&report);
    assert!(!codes(&report).contains(&"trust.revocation-not-checked"));
    assert!(codes(&verify_at(&issued().pdf, IN_DATE)).contains(&"trust.revocation-not-checked"));

    for role in [Role::DocumentSigner, Role::TokenSigner] {
        let crl = revoke(role, CrlReason::CessationOfOperation, date("2024-01-31"));
        assert_invalid(&verify_with_crl(crl.der(), IN_DATE), &["trust.revoked"]);
        // On the day asked about it was not revoked yet.
        assert_valid(&verify_with_crl(crl.der(), date("2024-01-30")));
        // A compromised key may have been stolen before it was revoked.
        let crl = revoke(role, CrlReason::KeyCompromise, date("2024-01-31"));
        assert_invalid(&verify_with_crl(crl.der(), date("2024-01-30")), &["trust.revoked"]);
    }
    let crl = revoke(Role::StatusSigner, CrlReason::KeyCompromise, date("2023-06-01"));
    assert_valid(&verify_with_crl(crl.der(), IN_DATE));
}

#[test]
fn a_stale_crl_leaves_the_verdict_open() {
    let issuing_ca = test_key(Role::IssuingCa);
    let crl = |days: i64| {
        let start = date("2024-01-01").start();
        Crl::issue(&issuing_ca, 1, Validity::new(start, start.plus_seconds(days * DAY)).unwrap(), &[]).unwrap()
    };
    assert_valid(&verify_with_crl(crl(31).der(), IN_DATE));
    let report = verify_with_crl(crl(29).der(), IN_DATE);
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert_eq!(errors(&report), ["trust.crl-stale"]);
}

#[test]
fn the_last_day_counts_wholly() {
    let pdf = &issued().pdf;
    assert_invalid(&verify_at(pdf, date("2023-05-05")), &["date.not-yet-valid"]);
    assert_valid(&verify_at(pdf, date("2023-05-06")));
    assert_valid(&verify_at(pdf, date("2024-05-05")));
    assert_invalid(&verify_at(pdf, date("2024-05-06")), &["date.expired"]);
    let token = issued().token.as_bytes();
    assert_invalid(&verify_at(token, date("2023-05-05")), &["date.not-yet-valid", "token.unconfirmed"]);
    assert_unconfirmed(&verify_at(token, date("2023-05-06")));
    assert_unconfirmed(&verify_at(token, date("2024-05-05")));
    assert_invalid(&verify_at(token, date("2024-05-06")), &["date.expired", "token.unconfirmed"]);
}

#[test]
fn a_certificate_without_a_status_list_stays_open() {
    let question = Question::new(IN_DATE.end());
    let report = verifier().verify(&issued().pdf, &question);
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert_eq!(errors(&report), ["status.no-reference"]);
}
