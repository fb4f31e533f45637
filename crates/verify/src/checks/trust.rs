//! Trust in the signers: each must lead to a trusted root, at the time of signing and at the time
//! of the question (RFC 5280, 6).

use cqm_core::{Code, Finding};
use cqm_sign::{
    KeyError,
    x509::{PathError, Revocation, X509Certificate},
};

use super::Case;
use crate::evidence::Evidence;

/// SHA-256 of the public keys of the CAs in `keys-test`, whose private keys are public: the root
/// and the issuing CA.
const TEST_CAS: [[u8; 32]; 2] = [
    [
        0x5d, 0xcd, 0xd6, 0x40, 0xc0, 0x3e, 0x21, 0xfe, 0xff, 0xde, 0x61, 0x50, 0x5a, 0x14, 0x2f, 0xc7, 0x57, 0xd4,
        0xab, 0xa5, 0x48, 0x2d, 0xf3, 0x4f, 0x2c, 0x73, 0xe0, 0xb3, 0x01, 0x73, 0xb6, 0x33,
    ],
    [
        0x88, 0x4b, 0x85, 0xad, 0xdf, 0x41, 0x72, 0x39, 0x75, 0x21, 0x5d, 0xb6, 0xb1, 0xc2, 0xd1, 0x77, 0xeb, 0x3d,
        0x3c, 0x12, 0xaf, 0xf5, 0x93, 0xd0, 0x9b, 0x53, 0x4c, 0x86, 0xa8, 0x41, 0x60, 0xb8,
    ],
];

/// Returns whether anyone can sign with the key of this CA.
pub(crate) fn is_test_ca(authority: &X509Certificate) -> bool {
    TEST_CAS.contains(&authority.key_fingerprint())
}

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
    let (mut unlisted, mut unchecked) = (Vec::new(), Vec::new());
    // A status list that is used contains the CRLs of all signers.
    let has_list = evidence.status.as_ref().is_some_and(|status| status.list.is_some() && status.problems.is_empty());
    for signature in &evidence.signatures {
        let signer = signature.role();
        let mut find = |code, message| findings.push(Finding::new(code, evidence.about(signature, message)));
        if signature.trust.revocation == Some(Revocation::NotChecked) {
            let signer = evidence.name(signature);
            if has_list { unlisted.push(signer) } else { unchecked.push(signer) }
        }
        for error in &signature.trust.errors {
            find(code(error), format!("{signer}: {error}"));
        }
    }
    if !unlisted.is_empty() {
        let message = format!("the status list has no CRL for {}, and none was given", listed(&unlisted));
        findings.push(Finding::new(Code::TrustCrlMissing, message));
    }
    if !unchecked.is_empty() {
        let message = format!("no CRL was given for {}", listed(&unchecked));
        findings.push(Finding::new(Code::TrustRevocationNotChecked, message));
    }
    findings
}

/// "the signer of the PDF, the signer of the token and the signer of the status list"
fn listed(signers: &[String]) -> String {
    match signers {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => signers.concat(),
    }
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
        | PathError::LeafIsCa { .. }
        | PathError::LeafSignsCertificates { .. } => Code::TrustWrongPurpose,
        PathError::PurposeUnclear { .. } => Code::TrustPurposeUnclear,
        PathError::Policy { .. } => Code::TrustPolicy,
        PathError::UnsupportedAlgorithm { .. }
        | PathError::UnsupportedExtension { .. }
        | PathError::UnsupportedConstraint { .. } => Code::TrustUnsupported,
        PathError::UnusableKey { error, .. } if *error != KeyError::Malformed => Code::TrustUnsupported,
        PathError::NotACa { .. }
        | PathError::PathLength { .. }
        | PathError::NameConstraints { .. }
        | PathError::UnusableKey { .. }
        | PathError::Malformed { .. } => Code::TrustMalformed,
        PathError::TooComplex { .. } => Code::LimitExceeded,
        PathError::Revoked { .. } => Code::TrustRevoked,
        PathError::CrlStale { .. } => Code::TrustCrlStale,
        PathError::CrlBadSignature { .. } => Code::TrustCrlUnusable,
    }
}
