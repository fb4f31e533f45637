//! Issuing: which signers are fit, and that nothing is handed out that does not verify.

use std::{fs, path::Path};

use cqm_core::{Date, UnixTime};
use cqm_issue::{Checked, Draft, IssueError, Issued, Office, dossier};
use cqm_keys::{CertificateRequest, KeyAlgorithm, KeyPair, Pki, PkiOptions, Profile, Role, SigningKey, Validity};
use cqm_letter::Template;
use cqm_sign::{
    Signer as _,
    x509::{Purpose, X509Certificate},
};

const ISSUED_ON: Date = Date::constant(2023, 5, 6);
/// The last day of the certificate of the fixture.
const VALID_UNTIL: Date = Date::constant(2024, 5, 5);

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn test_key(role: Role) -> KeyPair {
    cqm_keys::load(&repository("keys-test"), role, || unreachable!("the test keys are not encrypted")).unwrap()
}

fn checked() -> Checked {
    let text = fs::read_to_string(repository("fixtures/dossiers/dummy-card-company.toml")).unwrap();
    let checked = Draft::new(&dossier::read(&text).unwrap(), ISSUED_ON).approve().unwrap();
    assert_eq!(checked.certificate().valid_until, VALID_UNTIL);
    checked
}

/// A signer of the test PKI with this validity, in a role and with the algorithm of that role.
fn signer(role: Role, not_before: UnixTime, not_after: UnixTime) -> KeyPair {
    let (algorithm, purpose) = match role {
        Role::TokenSigner => (KeyAlgorithm::Ed25519, Purpose::TokenSigning),
        _ => (KeyAlgorithm::P256, Purpose::DocumentSigning),
    };
    let key = SigningKey::generate(algorithm, &mut cqm_keys::system_rng().unwrap()).unwrap();
    certified(key, purpose, Validity::new(not_before, not_after).unwrap())
}

/// A signer of the test PKI with this key.
fn certified(key: SigningKey, purpose: Purpose, validity: Validity) -> KeyPair {
    let issuer = test_key(Role::IssuingCa);
    let profile = Profile::Signer(purpose);
    let request = CertificateRequest::new("CN=Signer of a test", key.spki(), profile, validity).unwrap();
    let own = request.issue(&issuer, &mut cqm_keys::system_rng().unwrap()).unwrap();
    KeyPair::new(key, [&[own], issuer.certificates()].concat()).unwrap()
}

/// Issues the fixture with one signer replaced.
fn issue_with(role: Role, signer: KeyPair) -> Result<Issued, IssueError> {
    let (mut document_signer, mut token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
    match role {
        Role::TokenSigner => token_signer = signer,
        _ => document_signer = signer,
    }
    issue(&document_signer, &token_signer, test_key(Role::Root).certificate())
}

fn issue(document_signer: &KeyPair, token_signer: &KeyPair, root: &X509Certificate) -> Result<Issued, IssueError> {
    checked().issue(&Office { document_signer, token_signer, root, template: &Template::default() })
}

/// The signers under test, with the names that errors give them.
const SIGNERS: [(Role, &str); 2] = [(Role::DocumentSigner, "document"), (Role::TokenSigner, "token")];

#[track_caller]
fn assert_not_fit(role: (Role, &str), begins: UnixTime, ends: UnixTime) {
    match issue_with(role.0, signer(role.0, begins, ends)) {
        Err(IssueError::SignerValidity { role: named, not_before, not_after, from, until }) => {
            assert_eq!(named, role.1);
            assert_eq!((not_before, not_after), (begins, ends));
            assert_eq!((from, until), (ISSUED_ON.start(), VALID_UNTIL.end()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_signer_that_is_not_yet_valid_is_refused() {
    for role in SIGNERS {
        assert_not_fit(role, ISSUED_ON.start().plus_seconds(1), VALID_UNTIL.end().plus_seconds(1));
    }
}

#[test]
fn a_signer_that_ends_before_the_certificate_is_refused() {
    for role in SIGNERS {
        assert_not_fit(role, ISSUED_ON.start().plus_seconds(-1), VALID_UNTIL.end().plus_seconds(-1));
    }
}

#[test]
fn a_signer_that_is_valid_exactly_as_long_as_the_certificate_is_fit() {
    for (role, name) in SIGNERS {
        let signer = signer(role, ISSUED_ON.start(), VALID_UNTIL.end());
        let issued = issue_with(role, signer).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(issued.certificate.valid_until, VALID_UNTIL);
    }
}

#[test]
fn a_token_signer_of_another_algorithm_is_refused() {
    let document_signer = test_key(Role::DocumentSigner);
    let error = issue(&document_signer, &document_signer, test_key(Role::Root).certificate()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token signer's key makes ECDSA P-256 with SHA-256 signatures, but tokens are signed with Ed25519"
    );
}

/// Two certificates, each for its own purpose, but of one key.
#[test]
fn a_key_in_two_roles_is_refused() {
    let validity = Validity::new(ISSUED_ON.start(), VALID_UNTIL.end()).unwrap();
    let seed = || {
        let pem = fs::read_to_string(repository("keys-test/token-signer.key.pem")).unwrap();
        SigningKey::from_pem(&pem, None).unwrap()
    };
    let other = || SigningKey::generate(KeyAlgorithm::Ed25519, &mut cqm_keys::system_rng().unwrap()).unwrap();
    let root = test_key(Role::Root);
    let issue_by = |document: SigningKey, token: SigningKey| {
        let document = certified(document, Purpose::DocumentSigning, validity);
        issue(&document, &certified(token, Purpose::TokenSigning, validity), root.certificate())
    };
    issue_by(other(), seed()).unwrap();
    let error = issue_by(seed(), seed()).unwrap_err();
    assert!(matches!(error, IssueError::KeyInTwoRoles { first: "document signer", second: "token signer" }), "{error}");
    assert!(error.to_string().contains("hint: "), "{error}");

    // A document signer with the key of the root, and one with that of the issuing CA of the token
    // signer.
    for (role, name) in [(Role::Root, "root"), (Role::IssuingCa, "issuing CA")] {
        let pem = fs::read_to_string(repository("keys-test").join(role.key_file())).unwrap();
        let key = SigningKey::from_pem(&pem, None).unwrap();
        let request = CertificateRequest::new(
            "CN=Signer of a test",
            key.spki(),
            Profile::Signer(Purpose::DocumentSigning),
            validity,
        );
        let own = request.unwrap().issue(&root, &mut cqm_keys::system_rng().unwrap()).unwrap();
        let document = KeyPair::new(key, vec![own]).unwrap();
        let error = issue(&document, &test_key(Role::TokenSigner), root.certificate()).unwrap_err();
        assert!(
            matches!(error, IssueError::KeyInTwoRoles { first: "document signer", second } if second == name),
            "{error}"
        );
    }
}

#[test]
fn nothing_is_handed_out_that_does_not_lead_to_the_root() {
    let (document_signer, token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
    let options = PkiOptions { valid_from: ISSUED_ON.start(), years: 2, document_signer: KeyAlgorithm::P256 };
    let other = Pki::generate(&options, &mut cqm_keys::system_rng().unwrap()).unwrap();
    let codes = |error: IssueError| match error {
        IssueError::NotValid { findings } => {
            findings.iter().map(|finding| finding.code.as_str().to_owned()).collect::<Vec<_>>()
        }
        error => panic!("{error}"),
    };

    // Both roots have the same name, so only the signature of the signers' certificates differs.
    const UNTRUSTED: &str = "trust.bad-signature";
    let root = test_key(Role::Root);
    let stranger = other.key_pair(Role::Root).certificate();
    assert_eq!(codes(issue(&document_signer, &token_signer, stranger).unwrap_err()), [UNTRUSTED, UNTRUSTED]);
    let stranger = other.key_pair(Role::DocumentSigner);
    assert_eq!(codes(issue(stranger, &token_signer, root.certificate()).unwrap_err()), [UNTRUSTED]);
    let stranger = other.key_pair(Role::TokenSigner);
    assert_eq!(codes(issue(&document_signer, stranger, root.certificate()).unwrap_err()), [UNTRUSTED]);

    let issued = issue(&document_signer, &token_signer, root.certificate()).unwrap();
    assert!(issued.pdf.starts_with(b"%PDF-") && issued.token.starts_with("ey"));
}

#[test]
fn a_root_that_is_not_a_certification_authority_is_refused() {
    let (document_signer, token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
    let error = issue(&document_signer, &token_signer, test_key(Role::StatusSigner).certificate()).unwrap_err();
    assert!(matches!(error, IssueError::Root(_)), "{error}");
}
