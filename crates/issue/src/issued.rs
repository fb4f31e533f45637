//! From a checked draft to a signed PDF with its token.

use cqm_core::{
    Certificate, Date, UnixTime,
    claims::{Claims, TOKEN_TYPE},
};
use cqm_letter::{LetterError, Template, Verification};
use cqm_pdf::{Attachment, EmbedError, SignatureEntries, embed};
use cqm_sign::{
    SignatureAlgorithm, Signer,
    cms::{self, CmsError},
    jws::{self, JwsError},
    x509::X509Certificate,
};

use crate::Checked;

/// The name of the token inside the PDF (`docs/reference/pdf-profile.md`).
const ATTACHMENT_NAME: &str = "certificate.jwt";

/// Who issues: the signers, the root that speaks for them, and the office's stationery.
pub struct Office<'a> {
    /// Signs the PDF.
    pub document_signer: &'a dyn Signer,
    /// Signs the token, with Ed25519.
    pub token_signer: &'a dyn Signer,
    /// The root certificate, whose fingerprint the letter prints.
    pub root: &'a X509Certificate,
    /// The wording and the look of the letter.
    pub template: &'a Template,
}

/// An issued certificate.
#[derive(Debug)]
pub struct Issued {
    /// What it says.
    pub certificate: Certificate,
    /// The certificate token: a compact JWS.
    pub token: String,
    /// The signed PDF, the token inside.
    pub pdf: Vec<u8>,
}

impl Checked {
    /// Signs the token, sets the letter, embeds the token, signs the PDF. The same draft with the same keys and template
    /// gives the same bytes, since every algorithm here is deterministic.
    ///
    /// # Errors
    /// When a signer isn't fit for this certificate, or a step fails; nothing is issued then.
    pub fn issue(self, office: &Office<'_>) -> Result<Issued, IssueError> {
        let Self { certificate, status, on } = self;
        if office.token_signer.algorithm() != SignatureAlgorithm::Ed25519 {
            return Err(IssueError::TokenAlgorithm { found: office.token_signer.algorithm() });
        }
        fit(office.document_signer, "document", on, &certificate)?;
        fit(office.token_signer, "token", on, &certificate)?;

        let issued_at = on.start();
        let claims =
            serde_json::to_vec(&Claims::new(&certificate, status.as_ref(), issued_at)).map_err(IssueError::Claims)?;
        let token = jws::sign_compact(office.token_signer, TOKEN_TYPE, &claims)?;

        let verification = Verification { root_fingerprint: office.root.fingerprint() };
        let letter = cqm_letter::compose(&certificate, office.template, &verification)?;

        let attachment = Attachment {
            name: ATTACHMENT_NAME,
            description: "The certificate for machines: a signed token (JWS, RFC 7515)",
            media_type: "application/jose",
            bytes: token.as_bytes(),
            modified: issued_at,
        };
        let entries = SignatureEntries {
            signing_time: issued_at,
            name: &certificate.signatory.name,
            reason: "Issued as a CQM certificate",
            location: None,
            contents_len: cms::encoded_len_limit(office.document_signer)?,
        };
        let unsigned = embed(&letter, &attachment, &entries)?;
        let signature = cms::sign_detached(office.document_signer, &unsigned.signed_ranges())?;
        let pdf = unsigned.finish(&signature)?;
        Ok(Issued { certificate, token, pdf })
    }
}

/// A signer must be valid from the day of issue to the certificate's last second: verifiers ask for both.
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

/// Why a checked draft could not be issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The token signer's key is of another kind than Ed25519.
    #[error("the token signer's key makes {found} signatures, tokens are signed with Ed25519")]
    TokenAlgorithm {
        /// What the key makes.
        found: SignatureAlgorithm,
    },
    /// A signer's certificate begins too late or ends too early for this certificate.
    #[error(
        "the {role} signer is valid from {not_before} to {not_after}, \
         the certificate needs a signer from {from} to {until}"
    )]
    SignerValidity {
        /// Which signer.
        role: &'static str,
        /// The first second of the signer's certificate.
        not_before: UnixTime,
        /// Its last.
        not_after: UnixTime,
        /// The first second of the certificate to issue.
        from: UnixTime,
        /// Its last.
        until: UnixTime,
    },
    /// The claims could not be written as JSON.
    #[error("the claims of the token could not be written")]
    Claims(#[source] serde_json::Error),
    /// The token could not be signed.
    #[error("the token could not be signed")]
    Token(#[from] JwsError),
    /// The letter could not be set.
    #[error("the letter could not be set")]
    Letter(#[from] LetterError),
    /// The letter could not take the token and the signature.
    #[error("the token and the signature could not be put into the letter")]
    Embed(#[from] EmbedError),
    /// The PDF could not be signed.
    #[error("the PDF could not be signed")]
    Signature(#[from] CmsError),
}
