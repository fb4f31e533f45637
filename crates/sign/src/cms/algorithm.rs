//! Reads and writes the algorithm identifiers of a signer (RFC 5754, RFC 5758, RFC 4056, RFC 8419).

use const_oid::{ObjectIdentifier, db::rfc5912};
use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use crate::{
    DigestAlgorithm, PublicKey, SignatureAlgorithm, SignatureError,
    asn1::{CONTEXT_0, CONTEXT_1, DerError, Elements, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE},
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

pub(super) fn digest_oid(digest: DigestAlgorithm) -> ObjectIdentifier {
    match digest {
        DigestAlgorithm::Sha256 => rfc5912::ID_SHA_256,
        DigestAlgorithm::Sha384 => rfc5912::ID_SHA_384,
        DigestAlgorithm::Sha512 => rfc5912::ID_SHA_512,
    }
}

/// Reads the `AlgorithmIdentifier` of a digest. Its parameters are absent or, in older encodings,
/// NULL (RFC 5754 section 2).
pub(super) fn digest(mut elements: Elements<'_>) -> Result<DigestAlgorithm, CmsError> {
    let oid = elements.expect(OBJECT_IDENTIFIER)?;
    let parameters = elements.optional(NULL)?;
    // Only digests that are not supported have other parameters.
    if !elements.is_empty() || parameters.is_some_and(|parameters| !parameters.value.is_empty()) {
        return Err(CmsError::UnsupportedDigest);
    }
    [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512]
        .into_iter()
        .find(|digest| digest_oid(*digest).as_bytes() == oid)
        .ok_or(CmsError::UnsupportedDigest)
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
    } else if let Some(signature) = pss(elements.clone())? {
        signature
    } else {
        let sought = with_null(elements)?;
        let sought = sought.as_deref().unwrap_or(content);
        match SignatureAlgorithm::from_identifier(sought, key.kind()) {
            Some(algorithm) => algorithm,
            None => {
                let other = KeyKind::ALL.into_iter().find_map(|kind| SignatureAlgorithm::from_identifier(sought, kind));
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

/// Completes the identifier of RSA with a digest if its NULL is absent; `None` for all others.
fn with_null(mut elements: Elements<'_>) -> Result<Option<Vec<u8>>, DerError> {
    let content = elements.rest();
    let oid = elements.expect(OBJECT_IDENTIFIER)?;
    let rsa = [
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
    ];
    let lacks_null = elements.is_empty() && rsa.iter().any(|rsa| rsa.as_bytes() == oid);
    Ok(lacks_null.then(|| [content, &[NULL, 0]].concat()))
}

/// Reads `id-RSASSA-PSS` with its parameters (RFC 4055 section 3.1); `None` for another algorithm.
///
/// Both digests must be stated, because their default is SHA-1, and must be the same. The salt
/// length must be stated. The trailer must be 1, stated or not.
fn pss(mut elements: Elements<'_>) -> Result<Option<SignatureAlgorithm>, CmsError> {
    /// `[2]` and `[3]`, constructed.
    const CONTEXT_2: u8 = 0xa2;
    const CONTEXT_3: u8 = 0xa3;
    if elements.expect(OBJECT_IDENTIFIER)? != rfc5912::ID_RSASSA_PSS.as_bytes() {
        return Ok(None);
    }
    let unsupported = |_| CmsError::UnsupportedSignatureAlgorithm;
    let mut read = || -> Result<SignatureAlgorithm, CmsError> {
        let mut parameters = elements.enter(SEQUENCE)?;
        elements.clone().finish()?;
        let mut hash = parameters.enter(CONTEXT_0)?;
        let of_message = digest(hash.enter(SEQUENCE)?)?;
        hash.finish()?;
        let mut mask = parameters.enter(CONTEXT_1)?;
        let mut generator = mask.enter(SEQUENCE)?;
        mask.finish()?;
        let is_mgf1 = generator.expect(OBJECT_IDENTIFIER)? == rfc5912::ID_MGF_1.as_bytes();
        let of_mask = digest(generator.enter(SEQUENCE)?)?;
        generator.finish()?;
        let mut salt = parameters.enter(CONTEXT_2)?;
        let salt_length = small_integer(salt.expect(INTEGER)?)?;
        salt.finish()?;
        let trailer = match parameters.optional(CONTEXT_3)? {
            Some(trailer) => Elements::new(trailer.value).expect(INTEGER)?,
            None => &[1],
        };
        parameters.finish()?;
        if !is_mgf1 || of_mask != of_message || trailer != [1] {
            return Err(CmsError::UnsupportedSignatureAlgorithm);
        }
        Ok(SignatureAlgorithm::RsaPss { digest: of_message, salt_length })
    };
    read().map(Some).map_err(unsupported)
}

/// Reads a non-negative integer of at most two octets in DER.
fn small_integer(octets: &[u8]) -> Result<u16, DerError> {
    match octets {
        [low @ 0..=0x7f] => Ok(u16::from(*low)),
        [0, low @ 0x80..=0xff] => Ok(u16::from(*low)),
        [high @ 1..=0x7f, low] => Ok(u16::from_be_bytes([*high, *low])),
        _ => Err(DerError::Value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_integers() {
        for (octets, expected) in [
            (&[0][..], Some(0)),
            (&[0x7f], Some(127)),
            (&[0, 0x80], Some(128)),
            (&[1, 0], Some(256)),
            (&[0x7f, 0xff], Some(32767)),
            (&[], None),
            (&[0x80], None),
            (&[0, 0x7f], None),
            (&[0x80, 0], None),
            (&[0, 0x80, 0], None),
        ] {
            assert_eq!(small_integer(octets).ok(), expected, "{octets:?}");
        }
    }
}
