//! Reads and writes the algorithm identifiers of a signer (RFC 5754, RFC 5758, RFC 4056, RFC 8419).

use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use crate::{
    DigestAlgorithm, PublicKey, SignatureAlgorithm, SignatureError,
    algorithm::identifier,
    asn1::{Elements, OBJECT_IDENTIFIER},
    cms::CmsError,
    key::KeyKind,
};

/// The `signatureAlgorithm` of a signer info. For RSA it is `rsaEncryption`, which every validator
/// accepts (RFC 3370).
pub(super) fn signature_identifier(algorithm: SignatureAlgorithm) -> AlgorithmIdentifier {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1Sha256
        | SignatureAlgorithm::RsaPkcs1Sha384
        | SignatureAlgorithm::RsaPkcs1Sha512 => alg_id::RSA_ENCRYPTION,
        other => other.identifier(),
    }
}

/// Reads the `AlgorithmIdentifier` of a digest.
pub(super) fn digest(elements: Elements<'_>) -> Result<DigestAlgorithm, CmsError> {
    identifier::digest(elements)?.ok_or(CmsError::UnsupportedDigest)
}

/// Reads the `AlgorithmIdentifier` of a signature. `digest` is the digest that the signer info
/// names, `key` the signer's.
///
/// Each identifier has one allowed form of its parameters, with two exceptions: the NULL of RSA
/// with a digest may be absent (RFC 4055 section 5), and the parameters of RSASSA-PSS are read.
pub(super) fn signature_algorithm(
    elements: Elements<'_>,
    digest: DigestAlgorithm,
    key: &PublicKey,
) -> Result<SignatureAlgorithm, CmsError> {
    let content = elements.rest();
    let wrong_key = |signature| SignatureError::WrongAlgorithm { key: key.algorithm(), signature };
    let algorithm = if content == alg_id::RSA_ENCRYPTION.as_ref() {
        // This identifier names no digest.
        match digest {
            DigestAlgorithm::Sha256 => SignatureAlgorithm::RsaPkcs1Sha256,
            DigestAlgorithm::Sha384 => SignatureAlgorithm::RsaPkcs1Sha384,
            DigestAlgorithm::Sha512 => SignatureAlgorithm::RsaPkcs1Sha512,
        }
    } else {
        match SignatureAlgorithm::from_identifier(elements.clone(), key.kind()) {
            Some(algorithm) => algorithm,
            None => {
                // What is no identifier at all is malformed.
                elements.clone().expect(OBJECT_IDENTIFIER)?;
                let other = |kind| SignatureAlgorithm::from_identifier(elements.clone(), kind);
                let other = KeyKind::ALL.into_iter().find_map(other);
                return Err(other.map_or(CmsError::UnsupportedSignatureAlgorithm, |other| wrong_key(other).into()));
            }
        }
    };
    if algorithm.key_kind() != key.kind() {
        return Err(wrong_key(algorithm).into());
    }
    if algorithm.digest() != digest {
        return Err(CmsError::DigestForSignature { signature: algorithm, digest });
    }
    Ok(algorithm)
}
