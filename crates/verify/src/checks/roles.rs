//! The roles of keys: each signer of the program has a key of its own
//! (`docs/reference/certificate-token.md`, section 5).

use cqm_core::{Code, Finding};

use super::Case;
use crate::evidence::SignatureEvidence;

/// Reports keys that two signers have, and signers with the key of a CA, trusted or not.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    // The signatures of other PDFs have no roles.
    let mut signatures = case.evidence.signatures.iter().filter(|signature| signature.field.is_none());
    let mut messages = Vec::new();
    while let Some(signature) = signatures.next() {
        let others = signatures.clone().filter(|other| other.kind != signature.kind);
        let same = others.filter(|other| other.certificate.has_key_of(&signature.certificate));
        messages.extend(same.map(|other| format!("{} and {} have the same key", signature.role(), other.role())));
    }
    messages.extend(case.evidence.signatures.iter().filter_map(|signature| key_of_authority(case, signature)));
    messages.into_iter().map(|message| Finding::new(Code::TrustKeyInTwoRoles, message)).collect()
}

/// A message if a signer has the key of a CA in the path of any signer.
fn key_of_authority(case: &Case<'_>, signature: &SignatureEvidence) -> Option<String> {
    if signature.field.is_some() {
        return None;
    }
    let mut authorities = case.evidence.signatures.iter().flat_map(|signature| &signature.trust.authorities);
    let authority = authorities.find(|authority| authority.has_key_of(&signature.certificate))?;
    Some(format!("{} has the key of the CA {:?}", signature.role(), authority.subject()))
}
