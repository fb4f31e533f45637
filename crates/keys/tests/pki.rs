//! The path validation of the verifier accepts what the test PKI issues.

use cqm_core::UnixTime;
use cqm_keys::{
    CertificateRequest, Crl, CrlReason, KeyAlgorithm, KeyPair, Pki, PkiOptions, Profile, Revocation, Role, SigningKey,
    Validity, ValidityError, certificate_pem, is_test_key, system_rng,
};
use cqm_sign::{
    Signer,
    x509::{PathError, Purpose, Revocation as Consulted, TrustStore, VerifiedPath, X509Certificate},
};

const DAY: i64 = 86_400;
const START: UnixTime = UnixTime::new(1_672_531_200); // 2023-01-01T00:00:00Z
const END: UnixTime = UnixTime::new(1_988_150_399); // 2032-12-31T23:59:59Z

fn pki(document_signer: KeyAlgorithm) -> Pki {
    let options = PkiOptions { valid_from: START, years: 10, document_signer };
    Pki::generate(&options, &mut system_rng().unwrap()).unwrap()
}

/// Trusts the root of a PKI, with the CRL of the root and one of the issuing CA.
fn trust_with(pki: &Pki, issuing_ca_crl: &Crl) -> TrustStore {
    let root = pki.key_pair(Role::Root).certificate();
    let mut trust = TrustStore::from_pem(&certificate_pem(root).unwrap()).unwrap();
    let [(_, root_crl), _] = pki.crls();
    for crl in [root_crl, issuing_ca_crl] {
        trust.add_crl(crl.to_pem().unwrap().as_bytes()).unwrap();
    }
    trust
}

fn trust(pki: &Pki) -> TrustStore {
    let [_, (_, issuing_ca_crl)] = pki.crls();
    trust_with(pki, issuing_ca_crl)
}

/// The path of a signer, with the X.509 certificates that its signatures carry.
fn path(trust: &TrustStore, pair: &KeyPair, purpose: Purpose, at: UnixTime) -> Result<VerifiedPath, Vec<PathError>> {
    trust.verify_path(pair.certificate(), &pair.certificates()[1..], purpose, at)
}

fn signers(pki: &Pki) -> [(&KeyPair, Purpose); 3] {
    [
        (pki.key_pair(Role::DocumentSigner), Purpose::DocumentSigning),
        (pki.key_pair(Role::TokenSigner), Purpose::TokenSigning),
        (pki.key_pair(Role::StatusSigner), Purpose::StatusListSigning),
    ]
}

#[test]
fn every_signer_leads_to_the_root_for_its_whole_validity_and_no_longer() {
    let pki = pki(KeyAlgorithm::P256);
    let trust = trust(&pki);
    for (pair, purpose) in signers(&pki) {
        let path = |at| path(&trust, pair, purpose, at);
        for at in [START, END] {
            assert_eq!(path(at).unwrap().revocation(), Consulted::Checked);
        }
        path(START.plus_seconds(-1)).unwrap_err();
        path(END.plus_seconds(1)).unwrap_err();
    }
}

#[test]
fn no_signer_serves_another_purpose() {
    let pki = pki(KeyAlgorithm::P256);
    let trust = trust(&pki);
    for (pair, own) in signers(&pki) {
        for purpose in Purpose::ALL {
            let path = path(&trust, pair, purpose, START);
            assert_eq!(path.is_ok(), purpose == own, "{purpose} by a signer for {own}");
        }
    }
}

#[test]
fn the_document_signer_can_have_any_kind_of_key() {
    for algorithm in KeyAlgorithm::ALL {
        let pki = pki(algorithm);
        let pair = pki.key_pair(Role::DocumentSigner);
        assert_eq!(pair.algorithm(), algorithm.signature_algorithm());
        path(&trust(&pki), pair, Purpose::DocumentSigning, START).unwrap();
        let signature = pair.sign(b"message").unwrap();
        pair.certificate().public_key().unwrap().verify(pair.algorithm(), b"message", &signature).unwrap();
        assert_eq!(signature, pair.sign(b"message").unwrap(), "issuing twice gives the same bytes");
        assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
    }
}

#[test]
fn a_crl_revokes_the_certificate_that_it_names() {
    let pki = pki(KeyAlgorithm::P256);
    let issuing_ca = pki.key_pair(Role::IssuingCa);
    let revoked_at = START.plus_seconds(100 * DAY);
    let revocation = Revocation {
        certificate: pki.key_pair(Role::DocumentSigner).certificate(),
        reason: CrlReason::Superseded,
        at: revoked_at,
    };
    let crl = Crl::issue(issuing_ca, 2, Validity::new(revoked_at, END).unwrap(), &[revocation]).unwrap();
    let trust = trust_with(&pki, &crl);
    let path = |role, purpose| path(&trust, pki.key_pair(role), purpose, revoked_at.plus_seconds(DAY));
    let errors = path(Role::DocumentSigner, Purpose::DocumentSigning).unwrap_err();
    assert!(errors.iter().any(|error| matches!(error, PathError::Revoked { .. })), "{errors:?}");
    path(Role::TokenSigner, Purpose::TokenSigning).unwrap();
}

/// With the issuing CA fall all signers below it.
#[test]
fn the_crl_of_the_root_revokes_the_issuing_ca() {
    let pki = pki(KeyAlgorithm::P256);
    let revocation = Revocation {
        certificate: pki.key_pair(Role::IssuingCa).certificate(),
        reason: CrlReason::CaCompromise,
        at: START,
    };
    let validity = Validity::new(START, END).unwrap();
    let crl = Crl::issue(pki.key_pair(Role::Root), 2, validity, &[revocation]).unwrap();
    let mut trust = TrustStore::from_certificates(vec![pki.key_pair(Role::Root).certificate().clone()]).unwrap();
    for (pair, purpose) in signers(&pki) {
        path(&trust, pair, purpose, START).unwrap();
    }
    trust.add_crl(crl.der()).unwrap();
    for (pair, purpose) in signers(&pki) {
        let errors = path(&trust, pair, purpose, START).unwrap_err();
        assert!(matches!(&errors[..], [PathError::Revoked { .. }]), "{errors:?}");
    }
}

#[test]
fn the_issuing_ca_issues_no_cas() {
    let pki = pki(KeyAlgorithm::P256);
    let mut rng = system_rng().unwrap();
    let validity = Validity::of_years(START, 1).unwrap();
    let mut certified = |subject, profile, issuer: &KeyPair| {
        let key = SigningKey::generate(KeyAlgorithm::Ed25519, &mut rng).unwrap();
        let request = CertificateRequest::new(subject, key.spki(), profile, validity).unwrap();
        let chain = [vec![request.issue(issuer, &mut rng).unwrap()], issuer.certificates().to_vec()].concat();
        KeyPair::new(key, chain).unwrap()
    };
    let trust = trust(&pki);
    for (issuer, accepted) in [(Role::Root, true), (Role::IssuingCa, false)] {
        let below = certified("CN=A CA", Profile::Authority { path_len: None }, pki.key_pair(issuer));
        let signer = certified("CN=A signer", Profile::Signer(Purpose::TokenSigning), &below);
        assert_eq!(path(&trust, &signer, Purpose::TokenSigning, START).is_ok(), accepted, "{issuer}");
    }
}

#[test]
fn a_certificate_of_another_purpose_or_with_an_extension_left_out_can_be_issued() {
    let pki = pki(KeyAlgorithm::P256);
    let mut rng = system_rng().unwrap();
    let issuer = pki.key_pair(Role::IssuingCa);
    let key = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
    let validity = Validity::of_years(START, 1).unwrap();
    let request =
        |purpose| CertificateRequest::new("CN=Signer", key.spki(), Profile::Signer(purpose), validity).unwrap();
    let trust = trust(&pki);
    let path = |certificate: &X509Certificate| {
        trust.verify_path(certificate, issuer.certificates(), Purpose::DocumentSigning, START)
    };

    path(&request(Purpose::DocumentSigning).issue(issuer, &mut rng).unwrap()).unwrap();
    path(&request(Purpose::TimeStamping).issue(issuer, &mut rng).unwrap()).unwrap_err();
    let extended_key_usage = "2.5.29.37".parse().unwrap();
    let bare = request(Purpose::DocumentSigning).without_extension(extended_key_usage);
    path(&bare.issue(issuer, &mut rng).unwrap()).unwrap_err();
    path(&request(Purpose::DocumentSigning).self_sign(&key, &mut rng).unwrap()).unwrap_err();
    assert!(CertificateRequest::new("", key.spki(), Profile::Signer(Purpose::DocumentSigning), validity).is_err());
}

#[test]
fn years_end_on_the_second_before_the_same_day() {
    for (from, years, end) in [
        (START.seconds(), 10, END.seconds()),
        (1_709_164_800, 1, 1_740_700_799),        // 2024-02-29, to 2025-02-27T23:59:59Z
        (1_709_164_800, 4, 1_835_395_199),        // 2024-02-29, to 2028-02-28T23:59:59Z
        (0, 1, 31_535_999),                       // 1970-01-01, to 1970-12-31T23:59:59Z
        (START.seconds(), 7976, 253_370_764_799), // to 9998-12-31T23:59:59Z
    ] {
        let validity = Validity::of_years(UnixTime::new(from), years).unwrap();
        assert_eq!((validity.not_before().seconds(), validity.not_after().seconds()), (from, end));
    }
    let valid_from = START.plus_seconds(1);
    assert_eq!(Validity::of_years(valid_from, 1), Err(ValidityError::NotMidnight { valid_from }));
    assert_eq!(Validity::of_years(START, 0), Err(ValidityError::NoYears));
    assert_eq!(Validity::of_years(START, 7977), Err(ValidityError::TooLong { years: 7977 }));
    assert_eq!(Validity::of_years(START, u16::MAX), Err(ValidityError::TooLong { years: u16::MAX }));
    let time = UnixTime::new(-DAY);
    assert_eq!(Validity::of_years(time, 1), Err(ValidityError::OutOfRange { time }));
    assert!(Validity::of_years(UnixTime::new(i64::MIN), 1).is_err());
    assert!(Validity::of_years(UnixTime::new(i64::MAX / DAY * DAY), 1).is_err());
    let [not_after, not_before] = [0, 1].map(UnixTime::new);
    assert_eq!(Validity::new(not_before, not_after), Err(ValidityError::Reversed { not_before, not_after }));
    Validity::new(not_before, not_before).unwrap();
}

/// RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
#[test]
fn dates_past_2049_are_generalized_times() {
    const LAST_OF_2049: &[u8] = b"\x17\x0d491231235959Z";
    const LAST_OF_2050: &[u8] = b"\x18\x0f20501231235959Z";
    let contains = |der: &[u8], time: &[u8]| der.windows(time.len()).any(|window| window == time);
    for (years, expected, other) in [(27, LAST_OF_2049, LAST_OF_2050), (28, LAST_OF_2050, LAST_OF_2049)] {
        let options = PkiOptions { valid_from: START, years, document_signer: KeyAlgorithm::P256 };
        let pki = Pki::generate(&options, &mut system_rng().unwrap()).unwrap();
        for der in [pki.key_pair(Role::TokenSigner).certificate().der(), pki.crls()[1].1.der()] {
            assert!(contains(der, expected) && !contains(der, other));
        }
    }
}

#[test]
fn the_constants_are_those_of_the_committed_keys() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys-test");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let certificate = |role: Role| X509Certificate::from_pem_chain(&read(&role.certificate_file())).unwrap().remove(0);
    for role in Role::ALL {
        let key = SigningKey::from_pem(&read(&role.key_file()), None).unwrap();
        assert!(is_test_key(key.spki()), "{role}");
        assert_eq!(key.spki(), certificate(role).spki());
    }
    assert!(!is_test_key(pki(KeyAlgorithm::P256).key_pair(Role::Root).key().spki()));
}
