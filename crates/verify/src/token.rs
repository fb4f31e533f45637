//! The integrity of a certificate token: its form, its signature, its claims (`docs/reference/certificate-token.md`).

use cqm_core::{
    Certificate, Code, Finding, UnixTime,
    claims::{Claims, TOKEN_TYPE},
    status::StatusReferences,
};
use cqm_sign::{
    json::{self, JsonError},
    jws::{Jws, JwsError},
    x509::X509Certificate,
};

use crate::report::{SignatureKind, SignatureReport, signer_name};

/// A token as it was read.
pub(crate) struct Token {
    jws: Jws,
    /// Whether its signature is by the key it names, and it is of the right type. Trust is another question.
    pub(crate) is_signed: bool,
    /// What it says, if that can be read.
    pub(crate) claims: Option<ReadClaims>,
}

/// The claims of a token, in the words of the program.
pub(crate) struct ReadClaims {
    pub(crate) issued_at: UnixTime,
    pub(crate) certificate: Certificate,
    /// Where its status is found.
    pub(crate) status: Option<StatusReferences>,
}

impl Token {
    /// Reads a token, checks its signature, and reports what is wrong with either. `None` if it can't be read at all.
    pub(crate) fn read(bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Self> {
        let jws = match Jws::parse(bytes) {
            Ok(jws) => jws,
            Err(error) => {
                findings.push(finding(&error));
                return None;
            }
        };
        let verified = jws.verify(TOKEN_TYPE);
        findings.extend(verified.as_ref().err().map(finding));
        let claims = claims(jws.payload(), findings);
        Some(Self { is_signed: verified.is_ok(), claims, jws })
    }

    /// The signer's certificate, and the intermediates that came with it.
    pub(crate) fn certificates(&self) -> (&X509Certificate, &[X509Certificate]) {
        (self.jws.signer(), self.jws.intermediates())
    }

    pub(crate) fn signature_report(&self) -> SignatureReport {
        SignatureReport {
            kind: SignatureKind::Token,
            signer: signer_name(self.jws.signer()),
            algorithm: self.jws.algorithm().to_string(),
            signed_at: self.claims.as_ref().map(|claims| claims.issued_at.to_string()),
            covers_whole_file: true,
            field: None,
            covers_up_to: None,
        }
    }
}

fn claims(payload: &[u8], findings: &mut Vec<Finding>) -> Option<ReadClaims> {
    let claims: Claims = match json::from_slice(payload) {
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
    let issued_at = claims.issued_at();
    match claims.certificate() {
        Ok((certificate, status)) => Some(ReadClaims { issued_at, certificate, status }),
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
        JwsError::Parts
        | JwsError::Base64(_)
        | JwsError::Header(JsonError::Malformed(_))
        | JwsError::NoCertificate
        | JwsError::TooManyCertificates { .. }
        | JwsError::Certificate(_)
        | JwsError::Key(_)
        | JwsError::KeyIdentifier { .. }
        | JwsError::Signer(_) => Code::TokenMalformed,
    };
    Finding::new(code, error.to_string())
}
