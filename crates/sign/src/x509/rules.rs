//! The rules for the certificates of a path whose signatures are good (RFC 5280 section 6.1).

use const_oid::{ObjectIdentifier, db::rfc5280};
use cqm_core::UnixTime;

use crate::x509::{
    PathError, Purpose, X509Certificate,
    certificate::ExtendedKeyUsage,
    constraints::constraint_errors,
    path::date_error,
    policies,
    purpose::{CLIENT_AUTHENTICATION, Usage, signs_documents},
};

/// The extensions that may be critical, because they are processed.
const PROCESSED: [ObjectIdentifier; 10] = [
    rfc5280::ID_CE_KEY_USAGE,
    rfc5280::ID_CE_BASIC_CONSTRAINTS,
    rfc5280::ID_CE_EXT_KEY_USAGE,
    rfc5280::ID_CE_NAME_CONSTRAINTS,
    rfc5280::ID_CE_SUBJECT_ALT_NAME,
    rfc5280::ID_CE_CERTIFICATE_POLICIES,
    rfc5280::ID_CE_POLICY_MAPPINGS,
    rfc5280::ID_CE_POLICY_CONSTRAINTS,
    rfc5280::ID_CE_INHIBIT_ANY_POLICY,
    rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS,
];

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
    if leaf.key_usage().is_some_and(|usage| usage.key_cert_sign()) {
        errors.push(PathError::LeafSignsCertificates { subject: subject() });
    }
    if let Err(error) = leaf.public_key() {
        errors.push(PathError::UnusableKey { subject: subject(), error });
    }
    errors.extend(extension_error(leaf));
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
///
/// Certificates of people often name client authentication only, and sign documents all the same.
/// Whether they may is for the certification authority's policy to say.
fn foreign_purpose_error(leaf: &X509Certificate) -> Option<PathError> {
    let named = leaf.extended_key_usage()?;
    if signs_documents(&named.purposes) {
        None
    } else if named.purposes == [CLIENT_AUTHENTICATION] {
        Some(PathError::PurposeUnclear { subject: leaf.subject() })
    } else {
        Some(wrong_purpose(leaf, Usage::Foreign, Some(named)))
    }
}

fn signs_for_program(leaf: &X509Certificate) -> bool {
    leaf.key_usage().is_some_and(|bits| bits.digital_signature())
}

/// `nonRepudiation` is the older name of `contentCommitment`.
fn signs_for_others(leaf: &X509Certificate) -> bool {
    leaf.key_usage().is_none_or(|bits| bits.digital_signature() || bits.non_repudiation())
}

/// Returns the faults of a path that [`leaf_errors`] does not find: those of the certificates above
/// the leaf, the anchor included, and those of the names and policies of all.
pub(super) fn path_errors(
    leaf: &X509Certificate,
    intermediates: &[&X509Certificate],
    anchor: &X509Certificate,
    usage: Usage,
    at: UnixTime,
) -> Vec<PathError> {
    let issuers: Vec<&X509Certificate> = intermediates.iter().copied().chain([anchor]).collect();
    let mut errors = Vec::new();
    for issuer in &issuers {
        let subject = || issuer.subject();
        if !issuer.is_ca() {
            errors.push(PathError::NotACa { subject: subject() });
        }
        if issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
            errors.push(PathError::KeyUsage { subject: subject(), needed: "keyCertSign" });
        }
        errors.extend(extension_error(issuer));
        errors.extend(date_error(issuer, at));
    }
    // A root's own purposes confine nothing: it has no issuer that could have meant them so.
    let confined = issuers.iter().filter(|issuer| !issuer.is_self_issued() || *issuer != &anchor);
    errors.extend(confined.filter_map(|issuer| confinement_error(issuer, usage)));
    errors.extend(path_length_error(leaf, &issuers));
    errors.extend(constraint_errors(leaf, &issuers));
    errors.extend(policies::policy_error(leaf, &issuers));
    errors
}

/// No more intermediates follow a certification authority than it allows. Self-issued ones do not
/// count (RFC 5280 section 6.1.4 (l)).
fn path_length_error(leaf: &X509Certificate, issuers: &[&X509Certificate]) -> Option<PathError> {
    let mut below = 0_usize;
    for issuer in issuers {
        if issuer.path_length().is_some_and(|most| below > usize::from(most)) {
            return Some(PathError::PathLength { subject: leaf.subject() });
        }
        if !issuer.is_self_issued() {
            below = below.saturating_add(1);
        }
    }
    None
}

fn extension_error(certificate: &X509Certificate) -> Option<PathError> {
    let extension = certificate.unknown_critical_extension(&PROCESSED)?;
    Some(PathError::UnsupportedExtension { subject: certificate.subject(), extension })
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
