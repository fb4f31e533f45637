//! Trust in the signers: each must lead to a trusted root, at the time of signing and at the time
//! of the question (RFC 5280, 6).

use cqm_core::{Code, Finding};
use cqm_sign::x509::{PathError, Revocation};

use super::Case;
use crate::{evidence::Evidence, report::SignatureKind};

/// SHA-256 of the root of the public test keys, `keys-test/root.pem`.
pub(crate) const TEST_ROOT: [u8; 32] = [
    0x2e, 0x67, 0x0a, 0x77, 0xa8, 0x1e, 0x44, 0x37, 0xb9, 0x04, 0x34, 0xbf, 0xaa, 0x91, 0xf1, 0x2e, 0x60, 0xe9, 0x38,
    0xdc, 0x66, 0x48, 0x90, 0xd7, 0xe2, 0x94, 0x91, 0x58, 0xb2, 0x26, 0xe9, 0x9b,
];

/// Reports what is wrong with the paths, and a root whose private keys are public.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = findings(case.evidence);
    if case.trusts_test_root {
        let message = "the private keys under this root are public: use it only for tests";
        findings.push(Finding::new(Code::TrustTestRoot, message));
    }
    findings
}

/// Returns the findings about the path of each signature.
pub(crate) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A status list that is used contains the CRLs of all signers.
    let has_list = evidence.status.as_ref().is_some_and(|status| status.list.is_some() && status.problems.is_empty());
    for signature in &evidence.signatures {
        let signer = match signature.kind {
            SignatureKind::Pdf => "signer of the PDF",
            SignatureKind::Token => "signer of the token",
            SignatureKind::Status => "signer of the status list",
        };
        let mut find = |code, message| findings.push(Finding::new(code, evidence.about(signature, message)));
        if signature.trust.revocation == Some(Revocation::NotChecked) {
            let (code, message) = match has_list {
                true => (Code::TrustCrlMissing, "the status list has no CRL of its issuers, and none was given"),
                false => (Code::TrustRevocationNotChecked, "no CRL of its issuer was given"),
            };
            find(code, format!("{signer}: {message}"));
        }
        for error in &signature.trust.errors {
            find(code(error), format!("{signer}: {error}"));
        }
    }
    findings
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
