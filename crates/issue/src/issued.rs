//! From a checked draft to an issued certificate: the signed PDF with its token, verified.

use cqm_core::{
    Certificate, Date, Finding, LetterDigest, Severity, UnixTime, Verdict,
    claims::{Claims, TOKEN_TYPE},
};
use cqm_letter::{LetterError, Template, Verification};
use cqm_pdf::{Body, BodyError, Room, TailEntries, TailError, tidied};
use cqm_sign::{
    Hashed, SignatureAlgorithm, Signer,
    cms::{self, CmsError},
    jws::{self, JwsError},
    x509::{TrustError, TrustStore, X509Certificate},
};
use cqm_verify::{Question, Verifier};

use crate::{Checked, Draft};

/// The office that issues: its signers, its root, and the template of its letters.
pub struct Office<'a> {
    /// The signer of the PDF.
    pub document_signer: &'a dyn Signer,
    /// The signer of the token. Its key is an Ed25519 key.
    pub token_signer: &'a dyn Signer,
    /// The root X.509 certificate of the program. The letter prints its fingerprint, and both
    /// signers must lead to it.
    pub root: &'a X509Certificate,
    /// The wording and the look of the letter.
    pub template: &'a Template,
}

/// An issued certificate, which has been verified against the office's root.
#[derive(Debug)]
pub struct Issued {
    /// The content of the certificate.
    pub certificate: Certificate,
    /// The certificate token: a compact JWS.
    pub token: String,
    /// The signed PDF, with the token inside.
    pub pdf: Vec<u8>,
}

impl Checked {
    /// Issues the certificate: composes the body of the letter, signs a token for it, adds the
    /// token, signs the PDF, and verifies it.
    ///
    /// The result is verified as a bank with the office's root would verify it, for signatures and
    /// dates, at the end of the day of issue. The same draft with the same keys and template gives
    /// the same bytes, because every step is deterministic.
    ///
    /// # Errors
    /// If a signer is not fit for this certificate, a step fails, or the result does not verify.
    /// No token and no PDF is returned then.
    pub fn issue(self, office: &Office<'_>) -> Result<Issued, IssueError> {
        let Self { certificate, status, on } = self;
        let algorithm = office.token_signer.algorithm();
        if algorithm != SignatureAlgorithm::Ed25519 {
            return Err(IssueError::TokenAlgorithm { found: algorithm });
        }
        fit(office.document_signer, "document", on, &certificate)?;
        fit(office.token_signer, "token", on, &certificate)?;
        refuse_shared_keys(office)?;
        let body = compose(&certificate, office)?;
        let digest = digest(body.bytes());
        let token = sign_token(&Claims::new(&certificate, status.as_ref(), digest, on.start()), office.token_signer)?;
        let pdf = sign_letter(&certificate, body, digest, &token, on, office.document_signer)?;
        verify(&pdf, office.root, on)?;
        Ok(Issued { certificate, token, pdf })
    }
}

/// Requires a signer to be valid from the day of issue to the last second of the certificate,
/// because verifiers check both.
fn fit(signer: &dyn Signer, role: &'static str, on: Date, certificate: &Certificate) -> Result<(), IssueError> {
    let from = on.start();
    let until = certificate.valid_until.end();
    for x509 in signer.certificates() {
        let (not_before, not_after) = (x509.not_before(), x509.not_after());
        if not_before > from || not_after < until {
            return Err(IssueError::SignerValidity { role, not_before, not_after, from, until });
        }
    }
    Ok(())
}

/// Requires that the signers and the CAs above them have different keys, because verifiers do.
fn refuse_shared_keys(office: &Office<'_>) -> Result<(), IssueError> {
    fn owners<'a>(
        role: &'static str,
        signer: &'a dyn Signer,
    ) -> impl Iterator<Item = (&'static str, &'a X509Certificate)> {
        core::iter::once(role).chain(core::iter::repeat("issuing CA")).zip(signer.certificates())
    }
    let chains = || [("document signer", office.document_signer), ("token signer", office.token_signer)].into_iter();
    for (first, certificate) in chains().filter_map(|(role, signer)| owners(role, signer).next()) {
        let mut others = chains().flat_map(|(role, signer)| owners(role, signer)).chain([("root", office.root)]);
        if let Some((second, _)) = others.find(|(second, other)| *second != first && other.has_key_of(certificate)) {
            return Err(IssueError::KeyInTwoRoles { first, second });
        }
    }
    Ok(())
}

/// Composes the pages, and makes the body of the letter from them.
fn compose(certificate: &Certificate, office: &Office<'_>) -> Result<Body, IssueError> {
    let verification = Verification { root_fingerprint: office.root.fingerprint() };
    let pages = cqm_letter::compose(certificate, office.template, &verification)?;
    Ok(Body::new(&pages)?)
}

fn digest(body: &[u8]) -> LetterDigest {
    LetterDigest { size: body.len() as u64, sha256: Hashed::new(body).sha256() }
}

fn sign_token(claims: &Claims, signer: &dyn Signer) -> Result<String, IssueError> {
    let payload = serde_json::to_vec(claims).map_err(IssueError::Claims)?;
    Ok(jws::sign_compact(signer, TOKEN_TYPE, &payload, claims.issued_at())?)
}

/// Adds the token to the body, and signs the PDF.
fn sign_letter(
    certificate: &Certificate,
    body: Body,
    digest: LetterDigest,
    token: &str,
    on: Date,
    signer: &dyn Signer,
) -> Result<Vec<u8>, IssueError> {
    let longest = cms::encoded_len_limit(signer)?;
    let room = Room::for_cms(longest).ok_or(IssueError::CertificatesTooLong { longest })?;
    let entries =
        TailEntries { body_sha256: digest.sha256, issued_at: on.start(), signatory: &certificate.signatory.name };
    let unsigned = body.tail(token.as_bytes(), room, &entries)?;
    let signature = cms::sign_detached(signer, &unsigned.signed_ranges())?;
    Ok(unsigned.finish(&signature)?)
}

impl Draft {
    /// Composes a PDF that shows how the letter will look, whatever the rules find. It is marked as
    /// a preview on every page, and has neither token nor signature. Without `root`, dots are in
    /// the place of its fingerprint.
    ///
    /// # Errors
    /// If the letter could not be composed.
    pub fn preview(&self, template: &Template, root: Option<&X509Certificate>) -> Result<Vec<u8>, IssueError> {
        let verification = root.map(|root| Verification { root_fingerprint: root.fingerprint() });
        let letter = cqm_letter::preview(self.certificate(), template, verification.as_ref())?;
        Ok(tidied(&letter)?)
    }
}

/// Verifies a signed PDF at the end of the day of issue. The status is not asked about, because no
/// status list can name the certificate yet.
fn verify(pdf: &[u8], root: &X509Certificate, on: Date) -> Result<(), IssueError> {
    let trust = TrustStore::from_certificates(vec![root.clone()])?;
    let question = Question::new(on.end()).without_status();
    let report = Verifier::new(trust).verify(pdf, &question);
    if report.verdict() == Verdict::Valid {
        return Ok(());
    }
    let errors = report.findings().iter().filter(|finding| finding.severity() == Severity::Error);
    Err(IssueError::NotValid { findings: errors.cloned().collect() })
}

/// The reason why a checked draft could not be issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The key of the token signer is not an Ed25519 key.
    #[error("the token signer's key makes {found} signatures, but tokens are signed with Ed25519")]
    TokenAlgorithm {
        /// The algorithm of the key.
        found: SignatureAlgorithm,
    },
    /// A signer's certificate begins too late or ends too early for this certificate.
    #[error(
        "the {role} signer is valid from {not_before} to {not_after}, \
         the certificate needs a signer from {from} to {until}"
    )]
    SignerValidity {
        /// The signer: "document" or "token".
        role: &'static str,
        /// The first second of the signer's certificate.
        not_before: UnixTime,
        /// The last second of the signer's certificate.
        not_after: UnixTime,
        /// The first second of the certificate to issue.
        from: UnixTime,
        /// The last second of the certificate to issue.
        until: UnixTime,
    },
    /// Two signers have the same key, or a signer has the key of a CA.
    #[error("the {first} and the {second} have the same key\nhint: each needs a key of its own")]
    KeyInTwoRoles {
        /// One owner of the key.
        first: &'static str,
        /// The other owner.
        second: &'static str,
    },
    /// The claims could not be written as JSON.
    #[error("the claims of the token could not be written")]
    Claims(#[source] serde_json::Error),
    /// The token could not be signed.
    #[error("the token could not be signed")]
    Token(#[from] JwsError),
    /// The letter could not be composed.
    #[error("the letter could not be composed")]
    Letter(#[from] LetterError),
    /// The composed pages could not become the body of a letter.
    #[error("the pages could not become a letter")]
    Body(#[from] BodyError),
    /// The token and the signature could not be put into the letter.
    #[error("the token and the signature could not be put into the letter")]
    Tail(#[from] TailError),
    /// The X.509 certificates of the document signer do not fit into a letter.
    #[error("the signature with its X.509 certificates has up to {longest} bytes, but a letter has room for 65536")]
    CertificatesTooLong {
        /// The greatest length of the CMS.
        longest: usize,
    },
    /// The PDF could not be signed.
    #[error("the PDF could not be signed")]
    Signature(#[from] CmsError),
    /// The office's root can't be used as an anchor, so the letter can't be verified.
    #[error("the root of the office cannot be trusted")]
    Root(#[from] TrustError),
    /// The signed PDF does not verify against the office's root.
    #[error("the signed letter does not verify: {}", listed(findings))]
    NotValid {
        /// The findings that keep the letter from being valid.
        findings: Vec<Finding>,
    },
}

fn listed(findings: &[Finding]) -> String {
    let findings: Vec<_> = findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    findings.join("; ")
}
