//! A program office with the committed test keys, which can also sign what a real office never
//! would.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::{
    Certificate, Date, Finding, LetterDigest, UnixTime, Verdict,
    claims::{Claims, TOKEN_TYPE},
};
use cqm_issue::{Draft, Issued, Office};
use cqm_keys::{CertificateRequest, KeyAlgorithm, KeyPair, Profile, Role, SigningKey, Validity, system_rng};
use cqm_letter::{Template, Verification};
use cqm_pdf::{Body, Room, TailEntries};
use cqm_sign::{
    Hashed, Signer, cms, jws,
    x509::{Purpose, TrustStore},
};
use cqm_verify::{Question, Report, Verifier};

use crate::repository;

/// The day on which the fixtures are issued.
pub const ISSUED_ON: Date = Date::constant(2023, 5, 6);

/// A day on which the fixtures are in date.
pub const IN_DATE: Date = Date::constant(2024, 1, 31);

/// The committed test keys of a role.
pub fn test_key(role: Role) -> KeyPair {
    cqm_keys::load(&repository("keys-test"), role, || Err("the test keys are not encrypted".into())).expect("test keys")
}

/// The private key of a role among the committed test keys.
pub fn test_secret(role: Role) -> SigningKey {
    let pem = std::fs::read_to_string(repository("keys-test").join(role.key_file())).expect("a test key");
    SigningKey::from_pem(&pem, None).expect("a test key")
}

/// The root of the committed test keys, in PEM.
pub fn test_root() -> &'static str {
    static ROOT: LazyLock<String> =
        LazyLock::new(|| std::fs::read_to_string(repository("keys-test/root.pem")).expect("the test root"));
    &ROOT
}

/// The draft of a dossier from the fixtures.
pub fn draft(dossier: &str) -> Draft {
    let text = std::fs::read_to_string(repository("fixtures/dossiers").join(dossier)).expect("a dossier");
    Draft::new(&cqm_issue::dossier::read(&text).expect("a dossier"), ISSUED_ON)
}

/// The certificate of the three sites, issued with the test keys.
pub fn issued() -> &'static Issued {
    static ISSUED: LazyLock<Issued> = LazyLock::new(|| issue("dummy-card-company.toml"));
    &ISSUED
}

/// Issues a dossier of the fixtures with the test keys.
pub fn issue(dossier: &str) -> Issued {
    let (document_signer, token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
    let root = test_key(Role::Root).certificate().clone();
    let office = Office {
        document_signer: &document_signer,
        token_signer: &token_signer,
        root: &root,
        template: &Template::default(),
    };
    draft(dossier).approve().expect("a dossier in order").issue(&office).expect("an issued certificate")
}

/// An office that signs anything, without checking the rules.
pub struct Forge {
    /// Signs the PDF.
    pub document_signer: KeyPair,
    /// Signs the token.
    pub token_signer: KeyPair,
}

impl Default for Forge {
    fn default() -> Self {
        Self { document_signer: test_key(Role::DocumentSigner), token_signer: test_key(Role::TokenSigner) }
    }
}

impl Forge {
    /// The token of a certificate, for its own letter.
    pub fn token(&self, certificate: &Certificate) -> String {
        self.token_for(certificate, certificate)
    }

    /// The token of a certificate, for a letter that prints another one.
    pub fn token_for(&self, certificate: &Certificate, printed: &Certificate) -> String {
        self.sign_token(&Claims::new(certificate, None, letter_digest(printed), ISSUED_ON.start()))
    }

    /// Signs claims as a token.
    pub fn sign_token(&self, claims: &Claims) -> String {
        let payload = serde_json::to_vec(claims).expect("claims");
        jws::sign_compact(&self.token_signer, TOKEN_TYPE, &payload, claims.issued_at()).expect("a token")
    }

    /// A token with any header and any payload.
    pub fn raw_token(&self, header: &str, payload: &[u8]) -> String {
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.token_signer.sign(input.as_bytes()).expect("a signature");
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A letter that prints one certificate and carries any token, signed at any time.
    pub fn letter(&self, printed: &Certificate, token: &[u8], signed_at: UnixTime) -> Vec<u8> {
        Self::letter_by(&self.document_signer, printed, token, signed_at)
    }

    /// A letter by any signer of the PDF.
    pub fn letter_by(
        document_signer: &dyn Signer,
        printed: &Certificate,
        token: &[u8],
        signed_at: UnixTime,
    ) -> Vec<u8> {
        let body = body(printed);
        let entries = TailEntries {
            body_sha256: digest(body.bytes()).sha256,
            issued_at: signed_at,
            signatory: &printed.signatory.name,
        };
        let room = cms::encoded_len_limit(document_signer).expect("a signer");
        let room = Room::for_cms(room).expect("a room");
        let unsigned = body.tail(token, room, &entries).expect("an unsigned letter");
        let signature = cms::sign_detached(document_signer, &unsigned.signed_ranges()).expect("a signature");
        unsigned.finish(&signature).expect("a signed letter")
    }

    /// A letter in the office's form for any certificate.
    pub fn issue(&self, certificate: &Certificate) -> Vec<u8> {
        self.letter(certificate, self.token(certificate).as_bytes(), ISSUED_ON.start())
    }
}

/// The body of the letter of a certificate.
pub fn body(certificate: &Certificate) -> Body {
    compose(certificate).expect("pages")
}

fn compose(certificate: &Certificate) -> Result<Body, Box<dyn std::error::Error>> {
    let verification = Verification { root_fingerprint: test_key(Role::Root).certificate().fingerprint() };
    let pages = cqm_letter::compose(certificate, &Template::default(), &verification)?;
    Ok(Body::new(&pages)?)
}

/// The digest of a certificate's letter; that of no bytes for a certificate without a letter.
pub fn letter_digest(certificate: &Certificate) -> LetterDigest {
    compose(certificate).map_or_else(|_| digest(b""), |body| digest(body.bytes()))
}

/// The claim `cqm.letter` for these bytes.
pub fn digest(body: &[u8]) -> LetterDigest {
    LetterDigest { size: body.len().try_into().expect("a size"), sha256: Hashed::new(body).sha256() }
}

/// The header and the payload of a compact JWS, decoded.
pub fn jws_parts(jws: &str) -> (String, Vec<u8>) {
    let mut parts = jws.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url"));
    let header = String::from_utf8(parts.next().expect("a header")).expect("JSON");
    (header, parts.next().expect("a payload"))
}

/// A JWS with any header and any payload, signed by the test key of a role.
pub fn signed_by(role: Role, header: &str, payload: &[u8]) -> String {
    Forge { token_signer: test_key(role), ..Forge::default() }.raw_token(header, payload)
}

/// A new Ed25519 key with an X.509 certificate of the issuing CA of the test keys.
pub fn signer(profile: Profile, valid_from: Date, valid_until: Date) -> KeyPair {
    let key = SigningKey::generate(KeyAlgorithm::Ed25519, &mut system_rng().expect("random numbers")).expect("a key");
    signer_with(key, profile, valid_from, valid_until)
}

/// A key with an X.509 certificate of the issuing CA of the test keys.
pub fn signer_with(key: SigningKey, profile: Profile, valid_from: Date, valid_until: Date) -> KeyPair {
    let issuer = test_key(Role::IssuingCa);
    let validity = Validity::new(valid_from.start(), valid_until.end()).expect("a period");
    let request = CertificateRequest::new("CN=A signer", key.spki(), profile, validity).expect("a request");
    let own = request.issue(&issuer, &mut system_rng().expect("random numbers")).expect("an X.509 certificate");
    KeyPair::new(key, [&[own], issuer.certificates()].concat()).expect("a key pair")
}

/// A signer of any documents but letters, with the key of the document signer.
pub fn ordinary_signer() -> KeyPair {
    let (key, issuer) = (test_secret(Role::DocumentSigner), test_key(Role::IssuingCa));
    let validity = Validity::new(ISSUED_ON.start(), UnixTime::new(1_988_150_399)).expect("a period");
    let profile = Profile::Signer(Purpose::DocumentSigning);
    let request = CertificateRequest::new("CN=An ordinary signer", key.spki(), profile, validity).expect("a request");
    // Without an extended key usage it may sign anything (RFC 5280, 4.2.1.12).
    let request = request.without_extension("2.5.29.37".parse().expect("the extended key usage"));
    let own = request.issue(&issuer, &mut system_rng().expect("random numbers")).expect("an X.509 certificate");
    KeyPair::new(key, [&[own], issuer.certificates()].concat()).expect("a key pair")
}

/// A verifier that trusts the test root.
pub fn verifier() -> Verifier {
    Verifier::new(TrustStore::from_pem(test_root()).expect("the test root"))
}

/// Verifies signatures and dates only, on a day on which the fixtures are in date.
pub fn verify(file: &[u8]) -> Report {
    verify_at(file, IN_DATE)
}

/// Verifies signatures and dates only.
pub fn verify_at(file: &[u8], at: Date) -> Report {
    verifier().verify(file, &Question::new(at.end()).without_status())
}

/// The codes of the errors of a report, in order, each once.
pub fn errors(report: &Report) -> Vec<&'static str> {
    let errors = report.findings().iter().filter(|finding| finding.severity() == cqm_core::Severity::Error);
    let mut codes: Vec<&'static str> = errors.map(|finding: &Finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Asserts that a token without its letter is in order, but was not looked up in a list.
///
/// # Panics
///
/// If it isn't; the message has the findings.
#[track_caller]
pub fn assert_unconfirmed(report: &Report) {
    assert_eq!(errors(report), ["token.unconfirmed"], "{:#?}", report.findings());
    assert_eq!(report.verdict(), Verdict::Indeterminate);
}

/// Asserts that a file is valid.
///
/// # Panics
/// If it isn't; the message has the findings.
pub fn assert_valid(report: &Report) {
    assert_eq!(report.verdict(), Verdict::Valid, "{:#?}", report.findings());
}

/// Asserts that a file is invalid for exactly these reasons.
///
/// # Panics
/// If it isn't; the message has the findings.
pub fn assert_invalid(report: &Report, codes: &[&str]) {
    assert_eq!(errors(report), codes, "{:#?}", report.findings());
    assert_eq!(report.verdict(), Verdict::Invalid);
}
