//! Certificate tokens: their form, signature and claims (`docs/reference/certificate-token.md`).

use cqm_core::{
    Code, Finding,
    claims::{self, TOKEN_TYPE},
};
use cqm_sign::{
    json::{self, JsonError},
    jws::{Jws, JwsError},
    x509::Purpose,
};
use cqm_status::TokenDigest;

use super::Context;
use crate::{
    evidence::{Claims, Evidence, SignatureEvidence, TrustEvidence},
    report::SignatureKind,
};

/// Reads a token that came without a letter.
pub(super) fn read(bytes: &[u8], context: Context<'_>) -> Evidence<'static> {
    let mut evidence = Evidence::default();
    if let Some(token) = Token::read(bytes, &mut evidence.findings) {
        token.add_to(&mut evidence, context);
    }
    evidence
}

/// A token that could be read.
pub(super) struct Token {
    jws: Jws,
    /// Whether it is of the right type and signed by the key of its certificate.
    is_intact: bool,
    /// The claims, if they can be read.
    pub(super) claims: Option<Claims>,
}

impl Token {
    /// Reads a token, checks its signature, and reports what is wrong with either. `None` if it
    /// cannot be read at all.
    pub(super) fn read(bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Self> {
        let jws = match Jws::parse(bytes) {
            Ok(jws) => jws,
            Err(error) => {
                findings.push(finding(&error));
                return None;
            }
        };
        let verified = jws.verify(TOKEN_TYPE);
        findings.extend(verified.as_ref().err().map(finding));
        let claims = read_claims(&jws, TokenDigest::of(bytes), findings);
        Some(Self { is_intact: verified.is_ok(), claims, jws })
    }

    /// Adds the token's signature and claims to the evidence.
    pub(super) fn add_to(self, evidence: &mut Evidence<'_>, context: Context<'_>) {
        let Self { jws, is_intact, claims } = self;
        let signed_at = claims.as_ref().map(|claims| claims.issued_at);
        let signing = signed_at.unwrap_or(context.at);
        let (signer, intermediates) = (jws.signer(), jws.intermediates());
        let purpose = Purpose::TokenSigning;
        let (trust, _) = TrustEvidence::of_signer(context.trust, signer, intermediates, purpose, signing, context.at);
        evidence.signatures.push(SignatureEvidence::new(
            SignatureKind::Token,
            jws.signer(),
            jws.algorithm(),
            signed_at,
            is_intact,
            trust,
        ));
        evidence.claims = claims;
    }
}

fn read_claims(jws: &Jws, token: TokenDigest, findings: &mut Vec<Finding>) -> Option<Claims> {
    let claims: claims::Claims = match json::from_slice(jws.payload()) {
        Ok(claims) => claims,
        Err(error) => {
            let code = match error {
                JsonError::RepeatedKey(_) => Code::TokenDuplicateKey,
                JsonError::Malformed(_) => Code::TokenClaims,
            };
            findings.push(Finding::new(code, error.to_string()));
            return None;
        }
    };
    let (issued_at, letter) = (claims.issued_at(), claims.letter());
    if let Err(error) = jws.verify_issued_at(issued_at) {
        findings.push(finding(&error));
        return None;
    }
    match claims.certificate() {
        Ok((certificate, status)) => Some(Claims { issued_at, certificate, letter, token, status }),
        Err(errors) => {
            findings.extend(errors.iter().map(|error| Finding::new(Code::TokenClaims, error.to_string())));
            None
        }
    }
}

fn finding(error: &JwsError) -> Finding {
    let code = match error {
        JwsError::Unsigned | JwsError::SharedSecret { .. } | JwsError::UnsupportedAlgorithm { .. } => {
            Code::TokenAlgorithm
        }
        JwsError::CriticalHeader { .. } => Code::TokenCritical,
        JwsError::Type { .. } => Code::TokenType,
        JwsError::Header(JsonError::RepeatedKey(_)) => Code::TokenDuplicateKey,
        JwsError::Signature(_) => Code::TokenBadSignature,
        JwsError::TooLong { .. } => Code::LimitExceeded,
        JwsError::IssuedAt { .. } => Code::TokenClaims,
        JwsError::Parts
        | JwsError::Base64(_)
        | JwsError::Header(JsonError::Malformed(_))
        | JwsError::NoCertificate
        | JwsError::TooManyCertificates { .. }
        | JwsError::Certificate(_)
        | JwsError::Key(_)
        | JwsError::KeyIdentifier { .. }
        | JwsError::MissingMember { .. }
        | JwsError::CertificateDigest { .. }
        | JwsError::Signer(_) => Code::TokenMalformed,
    };
    Finding::new(code, error.to_string())
}
