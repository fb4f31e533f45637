//! From a checked draft to an issued certificate: the signed PDF with its token, verified.

use cqm_core::{
    Certificate, Date, Finding, Severity, UnixTime, Verdict,
    claims::{Claims, TOKEN_TYPE},
    status::StatusReferences,
};
use cqm_letter::{LetterError, Template, Verification};
use cqm_pdf::{Attachment, EmbedError, SignatureEntries, embed, tidied};
use cqm_sign::{
    SignatureAlgorithm, Signer,
    cms::{self, CmsError},
    jws::{self, JwsError},
    x509::{TrustError, TrustStore, X509Certificate},
};
use cqm_verify::{Question, Verifier};

use crate::{Checked, Draft};

/// The name of the token inside the PDF (`docs/reference/pdf-profile.md`).
const ATTACHMENT_NAME: &str = "certificate.jwt";

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
    /// Issues the certificate: signs the token, composes the letter, embeds the token, signs the
    /// PDF, and verifies it.
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
        let token = sign_token(&certificate, status.as_ref(), on, office.token_signer)?;
        let pdf = sign_letter(&certificate, &token, on, office)?;
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

fn sign_token(
    certificate: &Certificate,
    status: Option<&StatusReferences>,
    on: Date,
    signer: &dyn Signer,
) -> Result<String, IssueError> {
    let claims = Claims::new(certificate, status, on.start());
    let claims = serde_json::to_vec(&claims).map_err(IssueError::Claims)?;
    Ok(jws::sign_compact(signer, TOKEN_TYPE, &claims)?)
}

/// Composes the letter, embeds the token and signs the PDF.
fn sign_letter(certificate: &Certificate, token: &str, on: Date, office: &Office<'_>) -> Result<Vec<u8>, IssueError> {
    let verification = Verification { root_fingerprint: office.root.fingerprint() };
    let letter = cqm_letter::compose(certificate, office.template, &verification)?;
    let attachment = Attachment {
        name: ATTACHMENT_NAME,
        description: "The certificate for machines: a signed token (JWS, RFC 7515)",
        media_type: "application/jose",
        bytes: token.as_bytes(),
        modified: on.start(),
    };
    let entries = SignatureEntries {
        signing_time: on.start(),
        name: &certificate.signatory.name,
        reason: "Issued as a CQM certificate",
        location: None,
        contents_len: cms::encoded_len_limit(office.document_signer)?,
    };
    let unsigned = embed(&letter, &attachment, &entries)?;
    let signature = cms::sign_detached(office.document_signer, &unsigned.signed_ranges())?;
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
    /// The claims could not be written as JSON.
    #[error("the claims of the token could not be written")]
    Claims(#[source] serde_json::Error),
    /// The token could not be signed.
    #[error("the token could not be signed")]
    Token(#[from] JwsError),
    /// The letter could not be composed.
    #[error("the letter could not be composed")]
    Letter(#[from] LetterError),
    /// The token and the signature could not be put into the letter.
    #[error("the token and the signature could not be put into the letter")]
    Embed(#[from] EmbedError),
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
