//! Trust in the signers: the path from each to a root, at the time of signing and at the time of the question.

use core::fmt;

use cqm_core::{Code, Finding, UnixTime};
use cqm_sign::x509::{PathError, Purpose, Revocation, TrustStore, VerifiedPath, X509Certificate};

/// SHA-256 of the root of the public test keys, `keys-test/root.pem`.
pub(crate) const TEST_ROOT: [u8; 32] = [
    0x2e, 0x67, 0x0a, 0x77, 0xa8, 0x1e, 0x44, 0x37, 0xb9, 0x04, 0x34, 0xbf, 0xaa, 0x91, 0xf1, 0x2e, 0x60, 0xe9, 0x38,
    0xdc, 0x66, 0x48, 0x90, 0xd7, 0xe2, 0x94, 0x91, 0x58, 0xb2, 0x26, 0xe9, 0x9b,
];

/// Whose signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that signed the PDF.
    DocumentSigner,
    /// The one that signed the token.
    TokenSigner,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DocumentSigner => "signer of the PDF",
            Self::TokenSigner => "signer of the token",
        })
    }
}

/// Verifies the path of a signer at the time of signing, and again at the time of the question. Gives the path as it
/// was at the time of signing.
pub(crate) fn path(
    trust: &TrustStore,
    role: Role,
    signer: &X509Certificate,
    intermediates: &[X509Certificate],
    signed_at: UnixTime,
    at: UnixTime,
    findings: &mut Vec<Finding>,
) -> Option<VerifiedPath> {
    let path = trust.verify_path(signer, intermediates, Purpose::DocumentSigning, signed_at);
    judge(path, role, signed_at, at, findings)
}

/// As [`path`], of a signer who need not be one of the program's: whose certificate may sign documents as others see it.
pub(crate) fn foreign_path(
    trust: &TrustStore,
    signer: &X509Certificate,
    intermediates: &[X509Certificate],
    signed_at: UnixTime,
    at: UnixTime,
    findings: &mut Vec<Finding>,
) -> Option<VerifiedPath> {
    let path = trust.verify_foreign_path(signer, intermediates, signed_at);
    judge(path, Role::DocumentSigner, signed_at, at, findings)
}

/// What a path at the time of signing, and again at the time of the question, means.
fn judge(
    path: Result<VerifiedPath, Vec<PathError>>,
    role: Role,
    signed_at: UnixTime,
    at: UnixTime,
    findings: &mut Vec<Finding>,
) -> Option<VerifiedPath> {
    let mut errors = Vec::new();
    let path = match path {
        Ok(path) => {
            if at != signed_at {
                errors = path.valid_at(at).err().unwrap_or_default();
            }
            if path.revocation() == Revocation::NotChecked {
                let message = format!("{role}: no CRL of its issuer was given");
                findings.push(Finding::new(Code::TrustRevocationNotChecked, message));
            }
            Some(path)
        }
        Err(found) => {
            errors = found;
            None
        }
    };
    findings.extend(errors.iter().map(|error| Finding::new(code(error), format!("{role}: {error}"))));
    path
}

fn code(error: &PathError) -> Code {
    match error {
        PathError::Expired { .. } => Code::TrustExpired,
        PathError::NotYetValid { .. } => Code::TrustNotYetValid,
        PathError::UnknownIssuer { .. } => Code::TrustUnknownIssuer,
        PathError::BadSignature { .. } => Code::TrustBadSignature,
        PathError::WrongPurpose { .. }
        | PathError::NotForDocuments { .. }
        | PathError::PurposeNotCritical { .. }
        | PathError::KeyUsage { .. }
        | PathError::LeafIsCa { .. } => Code::TrustWrongPurpose,
        PathError::UnsupportedPolicy { .. } => Code::TrustUnsupportedPolicy,
        PathError::NotACa { .. }
        | PathError::PathLength { .. }
        | PathError::NameConstraints { .. }
        | PathError::UnsupportedAlgorithm { .. }
        | PathError::UnsupportedExtension { .. }
        | PathError::UnusableKey { .. }
        | PathError::Malformed { .. } => Code::TrustMalformed,
        PathError::TooComplex { .. } => Code::LimitExceeded,
        PathError::Revoked { .. } => Code::TrustRevoked,
        PathError::CrlStale { .. } => Code::TrustCrlStale,
        PathError::CrlBadSignature { .. } => Code::TrustCrlUnusable,
    }
}
