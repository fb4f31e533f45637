//! Writes the only encoding that the profile allows.

use const_oid::db::rfc5911;

use crate::{
    SignatureAlgorithm,
    algorithm::identifier::digest_oid,
    asn1::{CONTEXT_0, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, encode, encode_set_of},
    cms::{Attribute, algorithm::signature_identifier},
    x509::X509Certificate,
};

/// Encodes the signed attributes as a DER SET, which is what the signature covers (RFC 5652 section
/// 5.4).
///
/// `signingCertificateV2` (RFC 5035) names every certificate by its SHA-256 digest. The digest
/// algorithm is the default and so omitted; `issuerSerial` is omitted because the signer identifier
/// has it.
pub(super) fn signed_attributes(
    leaf: &X509Certificate,
    intermediates: &[X509Certificate],
    message_digest: &[u8],
) -> Vec<u8> {
    let content_type = encode(OBJECT_IDENTIFIER, &[rfc5911::ID_DATA.as_bytes()]);
    let message_digest = encode(OCTET_STRING, &[message_digest]);
    let identifiers: Vec<u8> = core::iter::once(leaf)
        .chain(intermediates)
        .flat_map(|certificate| encode(SEQUENCE, &[&encode(OCTET_STRING, &[&certificate.fingerprint()])]))
        .collect();
    let signing_certificate = encode(SEQUENCE, &[&encode(SEQUENCE, &[&identifiers])]);
    encode_set_of(
        SET,
        vec![
            &attribute(Attribute::ContentType, &content_type),
            &attribute(Attribute::MessageDigest, &message_digest),
            &attribute(Attribute::SigningCertificateV2, &signing_certificate),
        ],
    )
}

fn attribute(attribute: Attribute, value: &[u8]) -> Vec<u8> {
    encode(SEQUENCE, &[&encode(OBJECT_IDENTIFIER, &[attribute.oid().as_bytes()]), &encode(SET, &[value])])
}

/// Encodes the whole CMS.
pub(super) fn content_info(
    leaf: &X509Certificate,
    intermediates: &[X509Certificate],
    algorithm: SignatureAlgorithm,
    signed_attributes: &[u8],
    signature: &[u8],
) -> Vec<u8> {
    let digest_algorithm =
        encode(SEQUENCE, &[&encode(OBJECT_IDENTIFIER, &[digest_oid(algorithm.digest()).as_bytes()])]);
    let version = encode(INTEGER, &[&[1]]);
    // In the signer info the attributes have the tag [0] instead of SET.
    let mut attributes = signed_attributes.to_vec();
    if let Some(tag) = attributes.first_mut() {
        *tag = CONTEXT_0;
    }
    let signer_info = encode(
        SEQUENCE,
        &[
            &version,
            &encode(
                SEQUENCE,
                &[&encode(SEQUENCE, &[leaf.issuer_content()]), &encode(INTEGER, &[leaf.serial_octets()])],
            ),
            &digest_algorithm,
            &attributes,
            &encode(SEQUENCE, &[signature_identifier(algorithm).as_ref()]),
            &encode(OCTET_STRING, &[signature]),
        ],
    );
    let certificates = core::iter::once(leaf).chain(intermediates).map(X509Certificate::der).collect();
    let signed_data = encode(
        SEQUENCE,
        &[
            &version,
            &encode(SET, &[&digest_algorithm]),
            &encode(SEQUENCE, &[&encode(OBJECT_IDENTIFIER, &[rfc5911::ID_DATA.as_bytes()])]),
            &encode_set_of(CONTEXT_0, certificates),
            &encode(SET, &[&signer_info]),
        ],
    );
    encode(
        SEQUENCE,
        &[&encode(OBJECT_IDENTIFIER, &[rfc5911::ID_SIGNED_DATA.as_bytes()]), &encode(CONTEXT_0, &[&signed_data])],
    )
}
