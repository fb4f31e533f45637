//! The rules for the certificates of a path that the path builder does not check.

use const_oid::{ObjectIdentifier, db::rfc5280};
use cqm_core::UnixTime;

use crate::x509::{
    PathError, Purpose, X509Certificate,
    certificate::ExtendedKeyUsage,
    path::date_error,
    purpose::{Usage, signs_documents},
};

/// Returns the faults of a signer's certificate that depend neither on its path nor on the time.
pub(super) fn leaf_errors(leaf: &X509Certificate, usage: Usage) -> Vec<PathError> {
    let (purpose_error, signs) = match usage {
        Usage::Purpose(purpose) => (purpose_error(leaf, purpose), signs_for_program(leaf)),
        Usage::Foreign => (foreign_purpose_error(leaf), signs_for_others(leaf)),
    };
    let mut errors = Vec::from_iter(purpose_error);
    let subject = || leaf.subject();
    if !signs {
        errors.push(PathError::KeyUsage { subject: subject(), needed: "digitalSignature" });
    }
    if leaf.is_ca() {
        errors.push(PathError::LeafIsCa { subject: subject() });
    }
    if let Err(error) = leaf.public_key() {
        errors.push(PathError::UnusableKey { subject: subject(), error });
    }
    errors.extend(policy_error(leaf));
    errors
}

/// A signer of the program has exactly one purpose. For time stamping it must be critical (RFC 3161
/// section 2.3).
fn purpose_error(leaf: &X509Certificate, needed: Purpose) -> Option<PathError> {
    let named = leaf.extended_key_usage();
    match named {
        Some(named) if needed.is_named_by(&named.purposes) => {
            let lax = needed == Purpose::TimeStamping && !named.critical;
            lax.then(|| PathError::PurposeNotCritical { subject: leaf.subject(), needed })
        }
        _ => Some(wrong_purpose(leaf, Usage::Purpose(needed), named)),
    }
}

/// A foreign signer has no extended key usage, or one of those with which documents are signed.
fn foreign_purpose_error(leaf: &X509Certificate) -> Option<PathError> {
    let named = leaf.extended_key_usage()?;
    (!signs_documents(&named.purposes)).then(|| wrong_purpose(leaf, Usage::Foreign, Some(named)))
}

fn signs_for_program(leaf: &X509Certificate) -> bool {
    leaf.key_usage().is_some_and(|bits| bits.digital_signature())
}

/// `nonRepudiation` is the older name of `contentCommitment`.
fn signs_for_others(leaf: &X509Certificate) -> bool {
    leaf.key_usage().is_none_or(|bits| bits.digital_signature() || bits.non_repudiation())
}

/// Returns the faults of the certificates above a leaf, the root's included.
pub(super) fn issuer_errors(
    leaf: &X509Certificate,
    issuers: &[X509Certificate],
    root: &X509Certificate,
    usage: Usage,
    at: UnixTime,
) -> Vec<PathError> {
    let mut errors = Vec::new();
    for issuer in issuers.iter().chain([root]) {
        if issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
            errors.push(PathError::KeyUsage { subject: issuer.subject(), needed: "keyCertSign" });
        }
        errors.extend(policy_error(issuer));
        errors.extend(date_error(issuer, at));
    }
    errors.extend(issuers.iter().filter_map(|issuer| confinement_error(issuer, usage)));
    // The path builder checks every path length but the root's.
    let below = issuers.iter().filter(|issuer| !issuer.is_self_issued()).count();
    if root.path_length().is_some_and(|most| below > usize::from(most)) {
        errors.push(PathError::PathLength { subject: leaf.subject() });
    }
    errors
}

/// An intermediate that names purposes issues certificates for these purposes only.
fn confinement_error(issuer: &X509Certificate, usage: Usage) -> Option<PathError> {
    let named = issuer.extended_key_usage()?;
    (!usage.is_left_by(&named.purposes)).then(|| wrong_purpose(issuer, usage, Some(named)))
}

fn wrong_purpose(certificate: &X509Certificate, usage: Usage, named: Option<&ExtendedKeyUsage>) -> PathError {
    let subject = certificate.subject();
    let found = named.map_or(&[][..], |named| named.purposes.as_slice()).iter().map(|octets| dotted(octets)).collect();
    match usage {
        Usage::Purpose(needed) => PathError::WrongPurpose { subject, needed, found },
        Usage::Foreign => PathError::NotForDocuments { subject, found },
    }
}

/// Writes an OID in dotted form, or in hexadecimal if its arcs are too large for the type.
fn dotted(octets: &[u8]) -> String {
    let named = Purpose::ALL.iter().flat_map(|purpose| purpose.usages()).find(|usage| usage.octets == octets);
    match (named, ObjectIdentifier::from_bytes(octets)) {
        (Some(usage), _) => usage.dotted.to_owned(),
        (None, Ok(oid)) => oid.to_string(),
        (None, Err(_)) => format!("#{}", base16ct::lower::encode_string(octets)),
    }
}

/// Policies are not processed. Whatever makes them decide is refused, because to ignore it could
/// accept too much.
pub(super) fn policy_error(certificate: &X509Certificate) -> Option<PathError> {
    let extension = if certificate.criticality(rfc5280::ID_CE_POLICY_CONSTRAINTS).is_some() {
        "policyConstraints"
    } else if certificate.criticality(rfc5280::ID_CE_INHIBIT_ANY_POLICY).is_some() {
        "inhibitAnyPolicy"
    } else if certificate.criticality(rfc5280::ID_CE_CERTIFICATE_POLICIES) == Some(true) {
        "certificatePolicies, critical"
    } else if certificate.criticality(rfc5280::ID_CE_POLICY_MAPPINGS) == Some(true) {
        "policyMappings, critical"
    } else {
        return None;
    };
    Some(PathError::UnsupportedPolicy { subject: certificate.subject(), extension })
}
