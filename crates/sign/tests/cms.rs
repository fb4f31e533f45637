//! Makes, verifies and refuses CMS signatures.

mod support;

use cqm_sign::{
    DigestAlgorithm, SignatureAlgorithm, SignatureError,
    cms::{Attribute, CmsError, SignedData, encoded_len_limit, sign_detached},
    x509::X509Certificate,
};
use support::{parts::*, *};

/// Does both checks. The cheaper one is first, because the tests below change every byte.
fn verify(der: &[u8]) -> Result<(), Vec<CmsError>> {
    let signed = SignedData::from_der(der).map_err(|error| vec![error])?;
    signed.check_profile().map_err(|error| vec![error])?;
    signed.verify(RANGES)
}

#[test]
fn what_is_signed_verifies_with_every_key() {
    for key in Key::all() {
        for signer in [TestSigner::document(key.clone()), TestSigner::under_intermediate(key)] {
            let cms = sign_detached(&signer, RANGES).unwrap();
            let signed = SignedData::from_der(&cms).unwrap();
            signed.verify(RANGES).unwrap();
            signed.check_profile().unwrap();
            assert_eq!(signed.signer(), &signer.certificates[0]);
            assert_eq!(signed.intermediates(), &signer.certificates[1..]);
            assert_eq!(signed.algorithm(), signer.key.algorithm());
            // The borders of the ranges are not signed.
            signed.verify(&[&RANGES.concat()]).unwrap();
        }
    }
}

#[test]
fn the_limit_holds_and_is_close() {
    for key in Key::all() {
        let signer = TestSigner::under_intermediate(key);
        let limit = encoded_len_limit(&signer).unwrap();
        for content in 0..20_u8 {
            let length = sign_detached(&signer, &[&[content]]).unwrap().len();
            assert!(length <= limit && length + 4 >= limit, "{length} of {limit}");
        }
    }
}

#[test]
fn other_bytes_are_refused() {
    let cms = sign_detached(&TestSigner::document(Key::p256(7)), RANGES).unwrap();
    let signed = SignedData::from_der(&cms).unwrap();
    let errors = signed.verify(&[RANGES[1], RANGES[0]]).unwrap_err();
    assert!(matches!(&errors[..], [CmsError::DigestMismatch { signed, computed }] if signed != computed));
}

#[test]
fn no_byte_can_change_unseen() {
    for key in Key::all() {
        let cms = sign_detached(&TestSigner::under_intermediate(key), RANGES).unwrap();
        verify(&cms).unwrap();
        for at in 0..cms.len() {
            let mut changed = cms.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(verify(&changed).is_err(), "byte {at} of {}", cms.len());
        }
    }
}

#[test]
fn truncated_and_padded_encodings_are_refused() {
    let cms = sign_detached(&TestSigner::under_intermediate(Key::p256(7)), RANGES).unwrap();
    for length in 0..cms.len() {
        assert!(matches!(SignedData::from_der(&cms[..length]), Err(CmsError::Malformed(_))));
    }
    assert!(matches!(SignedData::from_der(&[&cms[..], &[0]].concat()), Err(CmsError::Malformed(_))));
}

#[test]
fn a_signer_whose_key_is_not_the_certificates_signs_nothing() {
    let mut signer = TestSigner::document(Key::p256(7));
    sign_detached(&signer, RANGES).unwrap();
    signer.key = Key::p256(8);
    let error = sign_detached(&signer, RANGES).unwrap_err();
    assert!(matches!(error, CmsError::Signature(SignatureError::Invalid)));
    signer.certificates.clear();
    assert!(matches!(sign_detached(&signer, RANGES), Err(CmsError::NoCertificate)));
}

/// Returns the first error of a good CMS after one change.
fn error(key: Key, change: impl FnOnce(&mut Parts)) -> CmsError {
    let mut parts = Parts::new(key);
    change(&mut parts);
    verify(&parts.der()).unwrap_err().remove(0)
}

macro_rules! refused {
    ($change:expr, $error:pat) => {
        let error = error(Key::p256(7), $change);
        assert!(matches!(error, $error), "{error:?}");
    };
}

#[test]
fn the_twin_of_all_that_is_refused_is_our_own_encoding() {
    for key in Key::all() {
        let cms = Parts::new(key.clone()).der();
        verify(&cms).unwrap();
        assert_eq!(cms, sign_detached(&TestSigner::document(key), RANGES).unwrap());
    }
}

#[test]
fn signers_and_versions() {
    refused!(|parts| parts.signers = 0, CmsError::NoSigner);
    refused!(|parts| parts.signers = 2, CmsError::SeveralSigners);
    refused!(|parts| parts.version = vec![2, 1, 3], CmsError::Version { of: "signed data", .. });
    refused!(|parts| parts.signer_version = vec![2, 1, 3], CmsError::Version { of: "signer info", .. });
    refused!(|parts| parts.identifier = der(0x80, &[&[1; 20]]), CmsError::SignerIdentifier);
    refused!(|parts| parts.identifier = der(0x30, &[&name("Test Root"), &[2, 1, 4]]), CmsError::NoCertificate);
    refused!(|parts| parts.certificates.clear(), CmsError::NoCertificate);
    refused!(|parts| parts.certificates = vec![parts.certificates[0].clone(); 9], CmsError::TooManyCertificates { .. });
    refused!(|parts| parts.certificates.push(der(0xa3, &[])), CmsError::NotACertificate);
    refused!(|parts| parts.certificates.push(der(0x30, &[])), CmsError::Certificate(_));
}

#[test]
fn content() {
    refused!(|parts| parts.encapsulated.push(der(0xa0, &[&der(4, &[b"x"])])), CmsError::ContentInside);
    refused!(|parts| parts.encapsulated = vec![oid("1.2.840.113549.1.9.16.1.4")], CmsError::ContentType);
}

fn attributes(parts: &mut Parts) -> &mut Vec<Vec<u8>> {
    parts.attributes.as_mut().unwrap()
}

#[test]
fn signed_attributes() {
    refused!(|parts| parts.attributes = None, CmsError::NoSignedAttributes);
    for (at, attribute) in
        [Attribute::ContentType, Attribute::MessageDigest, Attribute::SigningCertificateV2].into_iter().enumerate()
    {
        let missing = error(Key::p256(7), |parts| {
            attributes(parts).remove(at);
        });
        assert!(matches!(missing, CmsError::AttributeMissing(missing) if missing == attribute));
        refused!(
            |parts| {
                let again = attributes(parts)[at].clone();
                attributes(parts).push(again);
            },
            CmsError::AttributeTwice
        );
    }
    refused!(|parts| attributes(parts)[0] = content_type(SHA_256), CmsError::AttributeValue(Attribute::ContentType));
    refused!(
        |parts| attributes(parts)[0] = attribute("1.2.840.113549.1.9.3", &oid(DATA).repeat(2)),
        CmsError::AttributeValue(Attribute::ContentType)
    );
    refused!(|parts| attributes(parts)[1] = message_digest(DigestAlgorithm::Sha512), CmsError::DigestMismatch { .. });
    refused!(
        |parts| attributes(parts)[2] = signing_certificate(&[]),
        CmsError::AttributeValue(Attribute::SigningCertificateV2)
    );
    let other = TestSigner::document(Key::p256(8)).certificates.remove(0);
    refused!(
        |parts| attributes(parts)[2] = signing_certificate(&certificate_id(&other)),
        CmsError::WrongSigningCertificate(Attribute::SigningCertificateV2)
    );
    // A signed attribute that the profile does not have.
    refused!(
        |parts| attributes(parts).push(attribute("1.2.840.113549.1.9.5", b"\x17\x0d240101000000Z")),
        CmsError::OutsideProfile { .. }
    );
}

#[test]
fn issuer_and_serial_of_the_signing_certificate_must_be_the_signers() {
    let with = |issuer: &str, serial: u8| {
        error(Key::p256(7), |parts| {
            let certificate = X509Certificate::from_der(&parts.certificates[0]).unwrap();
            let names = der(0x30, &[&der(0xa4, &[&name(issuer)])]);
            let issuer_serial = der(0x30, &[&names, &[2, 1, serial]]);
            let id = der(0x30, &[&der(4, &[&certificate.fingerprint()]), &issuer_serial]);
            attributes(parts)[2] = signing_certificate(&id);
        })
    };
    assert!(matches!(with("Test Root", 3), CmsError::OutsideProfile { .. }));
    assert!(matches!(with("Test Root", 4), CmsError::WrongSigningCertificate(_)));
    assert!(matches!(with("Another Root", 3), CmsError::WrongSigningCertificate(_)));
}

#[test]
fn what_no_signature_covers() {
    refused!(|parts| parts.unsigned = der(0xa1, &[&attribute("1.2.3.4", &[5, 0])]), CmsError::OutsideProfile { .. });
    refused!(
        |parts| parts.after_certificates = der(0xa1, &[&crl(&Key::p256(1), START, END, &[])]),
        CmsError::OutsideProfile { .. }
    );
    refused!(
        |parts| {
            let root = Draft::root(&Key::p256(1)).signed_by(&Key::p256(1));
            parts.certificates.push(root.der().to_vec());
        },
        CmsError::OutsideProfile { .. }
    );
    // NULL instead of absent parameters.
    refused!(|parts| parts.digest = der(0x30, &[&oid(SHA_256), &[5, 0]]), CmsError::OutsideProfile { .. });
    refused!(|parts| parts.digests.push(der(0x30, &[&oid(SHA_512)])), CmsError::OutsideProfile { .. });
}

#[test]
fn algorithms() {
    refused!(
        |parts| {
            parts.digest = der(0x30, &[&oid(SHA_512)]);
            parts.digests.push(parts.digest.clone());
            attributes(parts)[1] = message_digest(DigestAlgorithm::Sha512);
        },
        CmsError::DigestForSignature {
            signature: SignatureAlgorithm::EcdsaP256Sha256,
            digest: DigestAlgorithm::Sha512,
        }
    );
    refused!(|parts| parts.digests.clear(), CmsError::UnsupportedDigest);
    refused!(|parts| parts.digest = der(0x30, &[&oid("1.3.14.3.2.26")]), CmsError::UnsupportedDigest);
    refused!(
        |parts| parts.algorithm = der(0x30, &[&oid("1.2.840.10045.4.3.2"), &[5, 0]]),
        CmsError::UnsupportedSignatureAlgorithm
    );
    let null_on_ed25519 = error(Key::ed25519(7), |parts| {
        parts.algorithm = der(0x30, &[&oid("1.3.101.112"), &[5, 0]]);
    });
    assert!(matches!(null_on_ed25519, CmsError::UnsupportedSignatureAlgorithm));
    let sha_256_with_ed25519 = error(Key::ed25519(7), |parts| {
        parts.digest = der(0x30, &[&oid(SHA_256)]);
        parts.digests = vec![parts.digest.clone()];
        attributes(parts)[1] = message_digest(DigestAlgorithm::Sha256);
    });
    assert!(matches!(sha_256_with_ed25519, CmsError::DigestForSignature { .. }));
    // The algorithm needs another kind of key.
    refused!(
        |parts| parts.algorithm = der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
        CmsError::Signature(SignatureError::WrongAlgorithm { .. })
    );
    refused!(
        |parts| parts.signature = Some(Key::p256(8).sign(b"something else")),
        CmsError::Signature(SignatureError::Invalid)
    );
}

#[test]
fn the_other_form_of_an_ecdsa_signature_is_refused() {
    let cms = Parts::new(Key::p256(7)).der();
    let low = *cms.last_chunk::<72>().unwrap();
    let start = low.windows(2).position(|pair| pair == [0x30, 0x44] || pair == [0x30, 0x45]).unwrap();
    let low = p256::ecdsa::Signature::from_der(&low[start..]).unwrap();
    let high = p256::ecdsa::Signature::from_scalars(low.r(), -low.s()).unwrap();
    let high = high.to_der().as_bytes().to_vec();
    let mut parts = Parts::new(Key::p256(7));
    parts.signature = Some(high);
    let signed = SignedData::from_der(&parts.der()).unwrap();
    signed.verify(RANGES).unwrap();
    assert!(matches!(signed.check_profile(), Err(CmsError::HighS)));
}

/// The signature covers the DER of the attributes (RFC 5652 section 5.4). Verifiers disagree about
/// attributes that are not sorted, so letters have none, whichever order was signed.
#[test]
fn attributes_that_are_not_sorted_are_refused() {
    let key = Key::p256(7);
    let parts = Parts::new(key.clone());
    let mut attributes = parts.attributes.clone().unwrap();
    attributes.sort();
    let sorted = attributes.concat();
    attributes.reverse();
    let unsorted = attributes.concat();
    for signed in [&sorted, &unsorted] {
        let mut parts = Parts::new(key.clone());
        parts.signature = Some(key.sign(&der(0x31, &[signed])));
        let cms = parts.der();
        let twin = SignedData::from_der(&cms).unwrap().verify(RANGES);
        assert_eq!(twin.is_ok(), *signed == sorted);
        let at = cms.windows(sorted.len()).position(|window| window == sorted).unwrap();
        let mut reversed = cms;
        reversed[at..at + sorted.len()].copy_from_slice(&unsorted);
        assert!(matches!(SignedData::from_der(&reversed), Err(CmsError::AttributesUnsorted)));
    }
}
