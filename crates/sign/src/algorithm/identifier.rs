//! Reads the parameters of algorithm identifiers (RFC 5754, RFC 4055).

use const_oid::{ObjectIdentifier, db::rfc5912};

use crate::{
    DigestAlgorithm, SignatureAlgorithm,
    asn1::{CONTEXT_0, CONTEXT_1, DerError, Elements, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE},
};

pub(crate) fn digest_oid(digest: DigestAlgorithm) -> ObjectIdentifier {
    match digest {
        DigestAlgorithm::Sha256 => rfc5912::ID_SHA_256,
        DigestAlgorithm::Sha384 => rfc5912::ID_SHA_384,
        DigestAlgorithm::Sha512 => rfc5912::ID_SHA_512,
    }
}

/// Reads the `AlgorithmIdentifier` of a digest; `None` for one that is not supported. Its
/// parameters are absent or, in older encodings, NULL (RFC 5754 section 2).
pub(crate) fn digest(mut elements: Elements<'_>) -> Result<Option<DigestAlgorithm>, DerError> {
    let oid = elements.expect(OBJECT_IDENTIFIER)?;
    let parameters = elements.optional(NULL)?;
    // Only digests that are not supported have other parameters.
    if !elements.is_empty() || parameters.is_some_and(|parameters| !parameters.value.is_empty()) {
        return Ok(None);
    }
    let all = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
    Ok(all.into_iter().find(|digest| digest_oid(*digest).as_bytes() == oid))
}

/// Completes the identifier of RSA with a digest if its NULL is absent (RFC 4055 section 5); `None`
/// for all others.
pub(crate) fn with_null(mut elements: Elements<'_>) -> Option<Vec<u8>> {
    let content = elements.rest();
    let oid = elements.expect(OBJECT_IDENTIFIER).ok()?;
    let rsa = [
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
    ];
    let lacks_null = elements.is_empty() && rsa.iter().any(|rsa| rsa.as_bytes() == oid);
    lacks_null.then(|| [content, &[NULL, 0]].concat())
}

/// Reads `id-RSASSA-PSS` with its parameters (RFC 4055 section 3.1); `None` for another algorithm,
/// and for parameters that are not supported.
///
/// Both digests must be stated, because their default is SHA-1, and must be the same. The salt
/// length must be stated. The trailer must be 1, stated or not.
pub(crate) fn pss(mut elements: Elements<'_>) -> Option<SignatureAlgorithm> {
    /// `[2]` and `[3]`, constructed.
    const CONTEXT_2: u8 = 0xa2;
    const CONTEXT_3: u8 = 0xa3;
    if elements.expect(OBJECT_IDENTIFIER).ok()? != rfc5912::ID_RSASSA_PSS.as_bytes() {
        return None;
    }
    let mut parameters = elements.enter(SEQUENCE).ok()?;
    elements.finish().ok()?;
    let mut hash = parameters.enter(CONTEXT_0).ok()?;
    let of_message = digest(hash.enter(SEQUENCE).ok()?).ok()??;
    hash.finish().ok()?;
    let mut mask = parameters.enter(CONTEXT_1).ok()?;
    let mut generator = mask.enter(SEQUENCE).ok()?;
    mask.finish().ok()?;
    let is_mgf1 = generator.expect(OBJECT_IDENTIFIER).ok()? == rfc5912::ID_MGF_1.as_bytes();
    let of_mask = digest(generator.enter(SEQUENCE).ok()?).ok()??;
    generator.finish().ok()?;
    let mut salt = parameters.enter(CONTEXT_2).ok()?;
    let salt_length = small_integer(salt.expect(INTEGER).ok()?).ok()?;
    salt.finish().ok()?;
    let trailer = match parameters.optional(CONTEXT_3).ok()? {
        Some(trailer) => Elements::new(trailer.value).expect(INTEGER).ok()?,
        None => &[1],
    };
    parameters.finish().ok()?;
    let supported = is_mgf1 && of_mask == of_message && trailer == [1];
    supported.then_some(SignatureAlgorithm::RsaPss { digest: of_message, salt_length })
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
