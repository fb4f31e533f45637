//! CMS signatures that others made: what is accepted beyond the profile, and what is refused all the same.

mod support;

use cqm_sign::{
    DigestAlgorithm, SignatureAlgorithm, SignatureError,
    cms::{Attribute, CmsError, SignedData},
    x509::X509Certificate,
};
use rsa::Pss;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashSigner as _;
use support::{parts::*, *};

const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

fn verify(cms: &[u8]) -> Result<SignedData, CmsError> {
    let signed = SignedData::from_foreign(cms)?;
    match signed.verify(RANGES) {
        Ok(()) => Ok(signed),
        Err(mut errors) => Err(errors.remove(0)),
    }
}

/// The verdict on a CMS of the profile but for one change.
fn changed(key: Key, change: impl FnOnce(&mut Parts)) -> Result<SignedData, CmsError> {
    let mut parts = Parts::new(key);
    change(&mut parts);
    verify(&parts.der())
}

/// Accepted as foreign, and refused by the profile.
macro_rules! accepted {
    ($key:expr, $change:expr) => {{
        let mut parts = Parts::new($key);
        let change: fn(&mut Parts) = $change;
        change(&mut parts);
        accepted_outside_the_profile(&parts.der())
    }};
}

fn accepted_outside_the_profile(cms: &[u8]) -> SignedData {
    let signed = verify(cms).unwrap();
    let profile = SignedData::from_der(cms).and_then(|signed| signed.check_profile());
    assert!(profile.is_err(), "the profile accepts it");
    assert!(signed.check_profile().is_err(), "the profile accepts it when it was read as foreign");
    signed
}

macro_rules! refused {
    ($key:expr, $change:expr, $error:pat) => {
        let error = changed($key, $change).unwrap_err();
        assert!(matches!(error, $error), "{error:?}");
    };
}

fn attributes(parts: &mut Parts) -> &mut Vec<Vec<u8>> {
    parts.attributes.as_mut().unwrap()
}

#[test]
fn what_the_profile_accepts_is_accepted() {
    for key in Key::all() {
        let cms = Parts::new(key.clone()).der();
        let signed = verify(&cms).unwrap();
        signed.check_profile().unwrap();
        assert_eq!(signed.algorithm(), key.algorithm());
        assert_eq!(signed.signing_time(), None);
        let errors = signed.verify(&[b"other bytes"]).unwrap_err();
        assert!(matches!(errors[..], [CmsError::DigestMismatch { .. }]));
    }
}

mod signers {
    use super::*;

    /// The certificate has a subject key identifier, and the signer is named by one.
    fn by_key_identifier(in_certificate: &[u8], in_signer: &[u8], version: u8) -> Parts {
        let key = Key::p256(7);
        let mut parts = Parts::new(key.clone());
        let value = der(4, &[in_certificate]);
        let certificate = Draft::leaf(&key)
            .with(|draft| draft.extensions.push(extension("2.5.29.14", false, &value)))
            .signed_by(&Key::p256(1));
        parts.certificates = vec![certificate.der().to_vec()];
        attributes(&mut parts)[2] = signing_certificate(&certificate_id(&certificate));
        parts.signer_version = vec![2, 1, version];
        parts.version = vec![2, 1, version];
        parts.identifier = der(0x80, &[in_signer]);
        parts
    }

    #[test]
    fn named_by_subject_key_identifier() {
        let identifier = [7; 20];
        accepted_outside_the_profile(&by_key_identifier(&identifier, &identifier, 3).der());
        accepted_outside_the_profile(&by_key_identifier(&identifier, &identifier, 3).ber());
        let other = by_key_identifier(&identifier, &[8; 20], 3).der();
        assert!(matches!(verify(&other), Err(CmsError::NoCertificate)));
        let wrong_version = by_key_identifier(&identifier, &identifier, 1).der();
        assert!(matches!(verify(&wrong_version), Err(CmsError::Version { of: "signer info", .. })));
        refused!(
            Key::p256(7),
            |parts| parts.signer_version = vec![2, 1, 3],
            CmsError::Version { of: "signer info", .. }
        );
        refused!(Key::p256(7), |parts| parts.identifier = der(0x81, &[&[7; 20]]), CmsError::SignerIdentifier);
    }

    #[test]
    fn exactly_one() {
        refused!(Key::p256(7), |parts| parts.signers = 0, CmsError::NoSigner);
        refused!(Key::p256(7), |parts| parts.signers = 2, CmsError::SeveralSigners);
    }

    #[test]
    fn versions_of_the_signed_data() {
        for version in [3, 4, 5] {
            let cms = |version| {
                let mut parts = Parts::new(Key::p256(7));
                parts.version = vec![2, 1, version];
                parts.der()
            };
            accepted_outside_the_profile(&cms(version));
        }
        for version in [0, 2, 6] {
            refused!(
                Key::p256(7),
                |parts| parts.version = vec![2, 1, version],
                CmsError::Version { of: "signed data", .. }
            );
        }
    }

    #[test]
    fn certificates_that_are_of_no_use_do_no_harm() {
        // An attribute certificate, something malformed, and the root.
        accepted!(Key::p256(7), |parts| {
            let root = Draft::root(&Key::p256(1)).signed_by(&Key::p256(1));
            parts.certificates.extend([der(0xa1, &[]), der(0x30, &[]), root.der().to_vec()]);
        });
        refused!(Key::p256(7), |parts| parts.certificates.clear(), CmsError::NoCertificate);
        // The signer's own is malformed: the error says so.
        refused!(Key::p256(7), |parts| parts.certificates = vec![der(0x30, &[])], CmsError::Certificate(_));
        refused!(Key::p256(7), |parts| parts.certificates = vec![der(0xa1, &[])], CmsError::NotACertificate);
        accepted!(Key::p256(7), |parts| parts.certificates.extend(vec![der(0x30, &[]); 31]));
        refused!(
            Key::p256(7),
            |parts| parts.certificates.extend(vec![der(0x30, &[]); 32]),
            CmsError::TooManyCertificates { limit: 32 }
        );
    }

    #[test]
    fn what_no_signature_covers_is_passed_over() {
        accepted!(Key::p256(7), |parts| parts.unsigned = der(0xa1, &[&attribute("1.2.3.4", &[5, 0])]));
        accepted!(Key::p256(7), |parts| {
            parts.after_certificates = der(0xa1, &[&crl(&Key::p256(1), START, END, &[])]);
        });
    }
}

mod content {
    use super::*;

    #[test]
    fn none_inside() {
        refused!(
            Key::p256(7),
            |parts| parts.encapsulated.push(der(0xa0, &[&der(4, &[&RANGES.concat()])])),
            CmsError::ContentInside
        );
        refused!(
            Key::p256(7),
            |parts| parts.encapsulated = vec![oid("1.2.840.113549.1.9.16.1.4")],
            CmsError::ContentType
        );
        let mut signed = Parts::new(Key::p256(7)).der();
        let at = signed.windows(9).position(|window| window == &oid("1.2.840.113549.1.7.2")[2..]).unwrap();
        signed[at + 8] = 3;
        assert!(matches!(verify(&signed), Err(CmsError::NotSignedData)));
    }

    #[test]
    fn without_signed_attributes_the_signature_is_over_the_content() {
        for key in Key::all() {
            let mut parts = Parts::new(key);
            parts.attributes = None;
            let cms = parts.der();
            let signed = accepted_outside_the_profile(&cms);
            let errors = signed.verify(&[b"other bytes"]).unwrap_err();
            assert!(matches!(errors[..], [CmsError::Signature(SignatureError::Invalid)]));
        }
    }

    /// The attack: someone takes the signed attributes of a signature for content, which the signature then fits.
    #[test]
    fn signed_attributes_are_no_content() {
        let key = Key::p256(7);
        let mut parts = Parts::new(key.clone());
        let mut attributes = parts.attributes.take().unwrap();
        attributes.sort();
        let content = der(0x31, &[&attributes.concat()]);
        parts.signature = Some(key.sign(&content));
        let signed = SignedData::from_foreign(&parts.der()).unwrap();
        let errors = signed.verify(&[&content]).unwrap_err();
        assert!(matches!(errors[..], [CmsError::ContentLikeAttributes]), "{errors:?}");
    }
}

mod signed_attributes {
    use super::*;

    #[test]
    fn each_once_with_one_value() {
        for at in 0..3 {
            refused!(
                Key::p256(7),
                |parts| {
                    let again = attributes(parts)[at].clone();
                    attributes(parts).push(again);
                },
                CmsError::AttributeTwice
            );
        }
        // Unknown ones too; one of them is fine.
        accepted!(Key::p256(7), |parts| attributes(parts).push(attribute("1.2.3.4", &[5, 0])));
        refused!(
            Key::p256(7),
            |parts| attributes(parts).extend([attribute("1.2.3.4", &[5, 0]), attribute("1.2.3.4", &[1, 1, 0])]),
            CmsError::AttributeTwice
        );
        refused!(
            Key::p256(7),
            |parts| attributes(parts)[0] = attribute("1.2.840.113549.1.9.3", &oid(DATA).repeat(2)),
            CmsError::AttributeValue(Attribute::ContentType)
        );
    }

    #[test]
    fn at_most_64() {
        let of = |number: u8| {
            let others = (0..number - 3).map(|n| attribute(&format!("1.2.3.{n}"), &[5, 0]));
            changed(Key::p256(7), |parts| attributes(parts).extend(others))
        };
        of(64).unwrap();
        assert!(matches!(of(65), Err(CmsError::TooManyAttributes)));
    }

    #[test]
    fn content_type_and_message_digest_are_needed() {
        refused!(
            Key::p256(7),
            |parts| drop(attributes(parts).remove(0)),
            CmsError::AttributeMissing(Attribute::ContentType)
        );
        refused!(
            Key::p256(7),
            |parts| drop(attributes(parts).remove(1)),
            CmsError::AttributeMissing(Attribute::MessageDigest)
        );
        refused!(
            Key::p256(7),
            |parts| attributes(parts)[0] = content_type(SHA_256),
            CmsError::AttributeValue(Attribute::ContentType)
        );
        refused!(
            Key::p256(7),
            |parts| attributes(parts)[1] = message_digest(DigestAlgorithm::Sha384),
            CmsError::DigestMismatch { .. }
        );
    }

    #[test]
    fn signing_time() {
        let at = |value: &[u8]| {
            changed(Key::p256(7), |parts| attributes(parts).push(attribute(SIGNING_TIME, value)))
                .map(|signed| signed.signing_time())
        };
        assert_eq!(at(b"\x17\x0d240101000000Z").unwrap(), Some(MIDDLE));
        assert_eq!(at(b"\x18\x0f20240101000000Z").unwrap(), Some(MIDDLE));
        for malformed in [&b"\x17\x0d241301000000Z"[..], b"\x18\x1120240101000000.5Z", &[4, 0], &[]] {
            assert!(matches!(at(malformed), Err(CmsError::AttributeValue(Attribute::SigningTime))), "{malformed:?}");
        }
        let twice = b"\x17\x0d240101000000Z".repeat(2);
        assert!(matches!(at(&twice), Err(CmsError::AttributeValue(Attribute::SigningTime))));
    }

    #[test]
    fn in_ber_they_are_refused() {
        // The same attribute with a length that is longer than it need be.
        accepted!(Key::p256(7), |parts| attributes(parts).push(attribute("1.2.3.4", &[4, 1, 0])));
        for value in [&[4, 0x81, 1, 0][..], &[0x24, 0x80, 4, 1, 0, 0, 0], &[0x24, 3, 4, 1, 0], &[0x30, 0x80, 0, 0]] {
            refused!(Key::p256(7), |parts| attributes(parts).push(attribute("1.2.3.4", value)), CmsError::Malformed(_));
        }
    }
}

mod signing_certificates {
    use super::*;

    const V1: &str = "1.2.840.113549.1.9.16.2.12";

    fn v1(certificate: &X509Certificate, issuer_serial: &[u8]) -> Vec<u8> {
        let hash = sha1::Sha1::digest(certificate.der());
        let id = der(0x30, &[&der(4, &[&hash]), issuer_serial]);
        attribute(V1, &der(0x30, &[&der(0x30, &[&id])]))
    }

    fn issuer_serial(issuer: &str, serial: u8) -> Vec<u8> {
        der(0x30, &[&der(0x30, &[&der(0xa4, &[&name(issuer)])]), &[2, 1, serial]])
    }

    fn own(parts: &Parts) -> X509Certificate {
        X509Certificate::from_der(&parts.certificates[0]).unwrap()
    }

    fn other() -> X509Certificate {
        TestSigner::document(Key::p256(8)).certificates.remove(0)
    }

    #[test]
    fn none_is_needed() {
        accepted!(Key::p256(7), |parts| drop(attributes(parts).pop()));
    }

    #[test]
    fn version_2_must_name_the_signer() {
        refused!(
            Key::p256(7),
            |parts| attributes(parts)[2] = signing_certificate(&certificate_id(&other())),
            CmsError::WrongSigningCertificate(Attribute::SigningCertificateV2)
        );
        refused!(
            Key::p256(7),
            |parts| attributes(parts)[2] = signing_certificate(&[]),
            CmsError::AttributeValue(Attribute::SigningCertificateV2)
        );
        // Another digest than the default, stated.
        accepted!(Key::p256(7), |parts| {
            let hash = DigestAlgorithm::Sha512.digest(&[own(parts).der()]);
            let id = der(0x30, &[&der(0x30, &[&oid(SHA_512)]), &der(4, &[&hash])]);
            attributes(parts)[2] = signing_certificate(&id);
        });
        // The digest is not the one stated.
        refused!(
            Key::p256(7),
            |parts| {
                let hash = DigestAlgorithm::Sha512.digest(&[own(parts).der()]);
                attributes(parts)[2] = signing_certificate(&der(0x30, &[&der(4, &[&hash])]));
            },
            CmsError::WrongSigningCertificate(Attribute::SigningCertificateV2)
        );
    }

    #[test]
    fn version_1_must_name_the_signer() {
        for (certificate, right) in [(None, true), (Some(other()), false)] {
            let verdict = changed(Key::p256(7), |parts| {
                let certificate = certificate.unwrap_or_else(|| own(parts));
                attributes(parts)[2] = v1(&certificate, &[]);
            });
            match verdict {
                Ok(_) => assert!(right),
                Err(error) => {
                    assert!(!right);
                    let expected = CmsError::WrongSigningCertificate(Attribute::SigningCertificate);
                    assert_eq!(error.to_string(), expected.to_string());
                }
            }
        }
    }

    #[test]
    fn issuer_and_serial_must_be_the_signers() {
        let with = |issuer: &str, serial: u8| {
            changed(Key::p256(7), |parts| attributes(parts)[2] = v1(&own(parts), &issuer_serial(issuer, serial)))
        };
        with("Test Root", 3).unwrap();
        assert!(matches!(with("Test Root", 4), Err(CmsError::WrongSigningCertificate(_))));
        assert!(matches!(with("Another Root", 3), Err(CmsError::WrongSigningCertificate(_))));
    }

    #[test]
    fn of_two_both_must() {
        accepted!(Key::p256(7), |parts| {
            let first = v1(&own(parts), &[]);
            attributes(parts).push(first);
        });
        refused!(
            Key::p256(7),
            |parts| attributes(parts).push(v1(&other(), &[])),
            CmsError::WrongSigningCertificate(Attribute::SigningCertificate)
        );
    }
}

mod algorithms {
    use super::*;

    /// Names this digest, and has the message digest made with it.
    fn set_digest(parts: &mut Parts, digest: DigestAlgorithm) {
        let id = match digest {
            DigestAlgorithm::Sha256 => SHA_256,
            DigestAlgorithm::Sha384 => SHA_384,
            DigestAlgorithm::Sha512 => SHA_512,
        };
        parts.digest = der(0x30, &[&oid(id)]);
        parts.digests = vec![parts.digest.clone()];
        attributes(parts)[1] = message_digest(digest);
    }

    #[test]
    fn parameters_of_digests_are_absent_or_null() {
        let digest = |parameters: &[u8]| {
            let mut parts = Parts::new(Key::p256(7));
            parts.digest = der(0x30, &[&oid(SHA_256), parameters]);
            parts.digests = vec![parts.digest.clone()];
            parts.der()
        };
        accepted_outside_the_profile(&digest(&[5, 0]));
        verify(&digest(&[])).unwrap().check_profile().unwrap();
        assert!(matches!(verify(&digest(&[5, 1, 0])), Err(CmsError::UnsupportedDigest)));
        assert!(matches!(verify(&digest(&[4, 0])), Err(CmsError::UnsupportedDigest)));
    }

    #[test]
    fn digests() {
        let sha1 = || der(0x30, &[&oid("1.3.14.3.2.26"), &[5, 0]]);
        refused!(Key::p256(7), |parts| parts.digest = sha1(), CmsError::UnsupportedDigest);
        // Named before the content, but not the signer's.
        accepted!(Key::p256(7), |parts| parts.digests.push(der(0x30, &[&oid("1.3.14.3.2.26"), &[5, 0]])));
        refused!(Key::p256(7), |parts| parts.digests = vec![sha1()], CmsError::UnsupportedDigest);
    }

    /// A CMS whose signature is ECDSA with this digest; the key and the algorithm's OID as given.
    fn ecdsa(key: Key, digest: DigestAlgorithm, id: &str) -> Vec<u8> {
        let mut parts = Parts::new(key.clone());
        set_digest(&mut parts, digest);
        parts.algorithm = der(0x30, &[&oid(id)]);
        parts.signs = Some(Box::new(move |signed| {
            let digest = digest.digest(&[signed]);
            match &key {
                Key::P256(key) => {
                    let signature: p256::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                    signature.to_der().as_bytes().to_vec()
                }
                Key::P384(key) => {
                    let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                    signature.to_der().as_bytes().to_vec()
                }
                _ => unreachable!(),
            }
        }));
        parts.der()
    }

    const ECDSA_SHA_256: &str = "1.2.840.10045.4.3.2";
    const ECDSA_SHA_384: &str = "1.2.840.10045.4.3.3";
    const ECDSA_SHA_512: &str = "1.2.840.10045.4.3.4";

    #[test]
    fn a_digest_for_ecdsa_may_be_stronger_than_the_curve_not_weaker() {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        for (key, digest, id, expected) in [
            (Key::p256(7), Sha384, ECDSA_SHA_384, SignatureAlgorithm::EcdsaP256Sha384),
            (Key::p256(7), Sha512, ECDSA_SHA_512, SignatureAlgorithm::EcdsaP256Sha512),
            (Key::p384(7), Sha512, ECDSA_SHA_512, SignatureAlgorithm::EcdsaP384Sha512),
        ] {
            let signed = accepted_outside_the_profile(&ecdsa(key, digest, id));
            assert_eq!(signed.algorithm(), expected);
            // The profile refuses it by its name, not only by its encoding.
            assert!(matches!(signed.check_profile(), Err(CmsError::UnsupportedSignatureAlgorithm)));
        }
        let of_no_profile = SignedData::from_der(&ecdsa(Key::p256(7), Sha384, ECDSA_SHA_384));
        assert!(matches!(of_no_profile, Err(CmsError::UnsupportedSignatureAlgorithm)));
        verify(&ecdsa(Key::p384(7), Sha384, ECDSA_SHA_384)).unwrap();
        let weaker = verify(&ecdsa(Key::p384(7), Sha256, ECDSA_SHA_256));
        assert!(matches!(weaker, Err(CmsError::Signature(SignatureError::WrongAlgorithm { .. }))), "{weaker:?}");
        // The digest of the content is another one than the signature's.
        let differs = verify(&ecdsa(Key::p256(7), Sha512, ECDSA_SHA_256));
        assert!(matches!(differs, Err(CmsError::DigestForSignature { digest: Sha512, .. })));
    }

    #[test]
    fn parameters_of_ecdsa_and_ed25519_are_absent() {
        for (key, id) in [(Key::p256(7), ECDSA_SHA_256), (Key::ed25519(7), "1.3.101.112")] {
            changed(key.clone(), |parts| parts.algorithm = der(0x30, &[&oid(id)])).unwrap();
            refused!(
                key,
                |parts| parts.algorithm = der(0x30, &[&oid(id), &[5, 0]]),
                CmsError::UnsupportedSignatureAlgorithm
            );
        }
    }

    #[test]
    fn ed25519_goes_with_sha_512() {
        refused!(
            Key::ed25519(7),
            |parts| set_digest(parts, DigestAlgorithm::Sha256),
            CmsError::DigestForSignature { digest: DigestAlgorithm::Sha256, .. }
        );
    }

    #[test]
    fn keys_of_another_kind() {
        refused!(
            Key::p256(7),
            |parts| parts.algorithm = der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
            CmsError::Signature(SignatureError::WrongAlgorithm { .. })
        );
        refused!(
            Key::p256(7),
            |parts| parts.algorithm = pss_identifier(&Pss256::default()),
            CmsError::Signature(SignatureError::WrongAlgorithm { .. })
        );
    }

    #[test]
    fn rsa_pkcs1() {
        fn rsa(digest: DigestAlgorithm, identifier: Vec<u8>) -> Vec<u8> {
            let key = Key::rsa();
            let mut parts = Parts::new(key.clone());
            set_digest(&mut parts, digest);
            parts.algorithm = identifier;
            parts.signs = Some(Box::new(move |signed| {
                let Key::Rsa(key) = &key else { unreachable!() };
                let hash = digest.digest(&[signed]);
                let padding = match digest {
                    DigestAlgorithm::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
                    DigestAlgorithm::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
                    DigestAlgorithm::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
                };
                key.sign(padding, &hash).unwrap()
            }));
            parts.der()
        }
        let rsa_encryption = "1.2.840.113549.1.1.1";
        for (digest, id) in [
            (DigestAlgorithm::Sha256, "1.2.840.113549.1.1.11"),
            (DigestAlgorithm::Sha384, "1.2.840.113549.1.1.12"),
            (DigestAlgorithm::Sha512, "1.2.840.113549.1.1.13"),
        ] {
            // RFC 4055 section 5: NULL, and absent must be accepted.
            verify(&rsa(digest, der(0x30, &[&oid(id), &[5, 0]]))).unwrap();
            verify(&rsa(digest, der(0x30, &[&oid(id)]))).unwrap();
            let other = verify(&rsa(digest, der(0x30, &[&oid(id), &[4, 0]])));
            assert!(matches!(other, Err(CmsError::UnsupportedSignatureAlgorithm)));
            // RFC 3370 section 3.2: NULL.
            verify(&rsa(digest, der(0x30, &[&oid(rsa_encryption), &[5, 0]]))).unwrap();
            let absent = verify(&rsa(digest, der(0x30, &[&oid(rsa_encryption)])));
            assert!(matches!(absent, Err(CmsError::UnsupportedSignatureAlgorithm)));
        }
        let differs = verify(&rsa(DigestAlgorithm::Sha512, der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]])));
        assert!(matches!(differs, Err(CmsError::DigestForSignature { .. })));
        let sha1 = verify(&rsa(DigestAlgorithm::Sha256, der(0x30, &[&oid("1.2.840.113549.1.1.5"), &[5, 0]])));
        assert!(matches!(sha1, Err(CmsError::UnsupportedSignatureAlgorithm)));
    }

    /// The parameters of RSASSA-PSS, each a whole element, with SHA-256 and a salt of 32 unless changed.
    struct Pss256 {
        hash: Vec<u8>,
        mask: Vec<u8>,
        salt: Vec<u8>,
        trailer: Vec<u8>,
    }

    fn hash(id: &str) -> Vec<u8> {
        der(0xa0, &[&der(0x30, &[&oid(id), &[5, 0]])])
    }

    fn mask(id: &str) -> Vec<u8> {
        let generator = der(0x30, &[&oid("1.2.840.113549.1.1.8"), &der(0x30, &[&oid(id), &[5, 0]])]);
        der(0xa1, &[&generator])
    }

    impl Default for Pss256 {
        fn default() -> Self {
            Self { hash: hash(SHA_256), mask: mask(SHA_256), salt: der(0xa2, &[&[2, 1, 32]]), trailer: vec![] }
        }
    }

    fn pss_identifier(parameters: &Pss256) -> Vec<u8> {
        let Pss256 { hash, mask, salt, trailer } = parameters;
        der(0x30, &[&oid("1.2.840.113549.1.1.10"), &der(0x30, &[hash, mask, salt, trailer])])
    }

    fn pss_signature(key: &Key, digest: DigestAlgorithm, salt: usize, signed: &[u8]) -> Vec<u8> {
        let Key::Rsa(key) = key else { unreachable!() };
        let (mut rng, hash) = (rsa::rand_core::UnwrapErr(getrandom::SysRng), digest.digest(&[signed]));
        match digest {
            DigestAlgorithm::Sha256 => key.sign_with_rng(&mut rng, Pss::<Sha256>::new_with_salt(salt), &hash),
            DigestAlgorithm::Sha384 => key.sign_with_rng(&mut rng, Pss::<Sha384>::new_with_salt(salt), &hash),
            DigestAlgorithm::Sha512 => key.sign_with_rng(&mut rng, Pss::<Sha512>::new_with_salt(salt), &hash),
        }
        .unwrap()
    }

    /// Signed with this digest and salt, and says so with these parameters.
    fn pss(digest: DigestAlgorithm, salt: usize, identifier: Vec<u8>) -> Vec<u8> {
        let key = Key::rsa();
        let mut parts = Parts::new(key.clone());
        set_digest(&mut parts, digest);
        parts.algorithm = identifier;
        parts.signs = Some(Box::new(move |signed| pss_signature(&key, digest, salt, signed)));
        parts.der()
    }

    fn salt(length: u16) -> Vec<u8> {
        let [high, low] = length.to_be_bytes();
        let integer = match (high, low) {
            (0, 0..=0x7f) => vec![2, 1, low],
            _ => vec![2, 2, high, low],
        };
        der(0xa2, &[&integer])
    }

    #[test]
    fn rsa_pss_of_every_digest_and_salt() {
        for (digest, id, length) in [
            (DigestAlgorithm::Sha256, SHA_256, 32_u16),
            (DigestAlgorithm::Sha384, SHA_384, 48),
            (DigestAlgorithm::Sha512, SHA_512, 64),
        ] {
            // The longest that 3072 bits have room for is what OpenSSL takes unless it is told otherwise.
            let longest = 384 - 2 * length + length - 2;
            for stated in [length, 0, 20, longest] {
                let parameters = Pss256 { hash: hash(id), mask: mask(id), salt: salt(stated), ..Pss256::default() };
                let cms = pss(digest, usize::from(stated), pss_identifier(&parameters));
                let signed = accepted_outside_the_profile(&cms);
                assert_eq!(signed.algorithm(), SignatureAlgorithm::RsaPss { digest, salt_length: stated });
            }
        }
    }

    #[test]
    fn rsa_pss_parameters_are_stated_and_alike() {
        let verdict = |change: fn(&mut Pss256)| {
            let mut parameters = Pss256::default();
            change(&mut parameters);
            verify(&pss(DigestAlgorithm::Sha256, 32, pss_identifier(&parameters)))
        };
        verdict(|_| ()).unwrap();
        verdict(|parameters| parameters.trailer = der(0xa3, &[&[2, 1, 1]])).unwrap();
        // The parameters of the digests are absent.
        verdict(|parameters| {
            let digest = der(0x30, &[&oid(SHA_256)]);
            parameters.hash = der(0xa0, &[&digest]);
            parameters.mask = der(0xa1, &[&der(0x30, &[&oid("1.2.840.113549.1.1.8"), &digest])]);
        })
        .unwrap();
        let refused: [fn(&mut Pss256); 12] = [
            |parameters| parameters.trailer = der(0xa3, &[&[2, 1, 2]]),
            // Not stated, so SHA-1, and a salt of 20.
            |parameters| parameters.hash.clear(),
            |parameters| parameters.mask.clear(),
            |parameters| parameters.salt.clear(),
            |parameters| *parameters = Pss256 { hash: vec![], mask: vec![], salt: vec![], trailer: vec![] },
            // MGF1 has another digest than the message.
            |parameters| parameters.mask = mask(SHA_512),
            // Another generator than MGF1.
            |parameters| {
                let generator = der(0x30, &[&oid("1.2.3.4"), &der(0x30, &[&oid(SHA_256)])]);
                parameters.mask = der(0xa1, &[&generator]);
            },
            |parameters| parameters.salt = der(0xa2, &[&[2, 1, 0xff]]),
            |parameters| parameters.salt = der(0xa2, &[&[2, 3, 1, 0, 0]]),
            |parameters| parameters.salt = der(0xa2, &[&[2, 1, 32], &[2, 1, 32]]),
            |parameters| parameters.trailer = der(0xa4, &[&[2, 1, 1]]),
            |parameters| parameters.hash = hash("1.3.14.3.2.26"),
        ];
        for (at, change) in refused.into_iter().enumerate() {
            let verdict = verdict(change);
            assert!(matches!(verdict, Err(CmsError::UnsupportedSignatureAlgorithm)), "{at}: {verdict:?}");
        }
        let absent = verify(&pss(DigestAlgorithm::Sha256, 32, der(0x30, &[&oid("1.2.840.113549.1.1.10")])));
        assert!(matches!(absent, Err(CmsError::UnsupportedSignatureAlgorithm)));
    }

    #[test]
    fn rsa_pss_is_as_its_parameters_say() {
        let identifier = pss_identifier(&Pss256::default());
        verify(&pss(DigestAlgorithm::Sha256, 32, identifier.clone())).unwrap();
        // Another salt than stated; one that no signature has room for.
        for made in [31, 33, 0] {
            let verdict = verify(&pss(DigestAlgorithm::Sha256, made, identifier.clone()));
            assert!(matches!(verdict, Err(CmsError::Signature(SignatureError::Invalid))));
        }
        let huge = Pss256 { salt: salt(0x7fff), ..Pss256::default() };
        let verdict = verify(&pss(DigestAlgorithm::Sha256, 32, pss_identifier(&huge)));
        assert!(matches!(verdict, Err(CmsError::Signature(SignatureError::Invalid))));
        // The signer info names another digest (RFC 4056 section 3).
        let other = pss(DigestAlgorithm::Sha512, 32, identifier);
        assert!(matches!(verify(&other), Err(CmsError::DigestForSignature { .. })));
    }
}

mod ber {
    use super::*;

    #[test]
    fn indefinite_lengths_and_segments() {
        for key in Key::all() {
            let cms = Parts::new(key).ber();
            assert!(matches!(SignedData::from_der(&cms), Err(CmsError::Malformed(_))));
            accepted_outside_the_profile(&cms);
        }
    }

    #[test]
    fn truncated_or_followed_by_something() {
        let cms = Parts::new(Key::p256(7)).ber();
        for length in 0..cms.len() {
            assert!(matches!(SignedData::from_foreign(&cms[..length]), Err(CmsError::Malformed(_))), "{length}");
        }
        assert!(matches!(verify(&[&cms[..], &[0]].concat()), Err(CmsError::Malformed(_))));
    }

    #[test]
    fn no_byte_makes_a_panic_and_what_is_signed_is_covered() {
        let parts = Parts::new(Key::p256(7));
        let (certificate, attributes) = (parts.certificates[0].clone(), parts.attributes.clone().unwrap());
        let cms = parts.ber();
        let covered = |part: &[u8]| {
            let at = cms.windows(part.len()).position(|window| window == part).unwrap();
            at..at + part.len()
        };
        let covered: Vec<_> = attributes.iter().map(|part| covered(part)).chain([covered(&certificate)]).collect();
        for at in 0..cms.len() {
            for change in [1, 0x20, 0x80, 0xff] {
                let mut changed = cms.clone();
                changed[at] ^= change;
                let accepted = verify(&changed).is_ok();
                assert!(!accepted || !covered.iter().any(|range| range.contains(&at)), "byte {at} ^ {change}");
            }
        }
    }

    #[test]
    fn longer_lengths_than_need_be() {
        // 30 83 00 LL LL in place of 30 82 LL LL.
        let cms = Parts::new(Key::p256(7)).der();
        assert_eq!(cms[..2], [0x30, 0x82]);
        let longer = [&[0x30, 0x83, 0], &cms[2..]].concat();
        assert!(matches!(SignedData::from_der(&longer), Err(CmsError::Malformed(_))));
        accepted_outside_the_profile(&longer);
    }

    #[test]
    fn certificates_are_der() {
        let parts = || Parts::new(Key::p256(7));
        verify(&parts().ber()).unwrap();
        let mut in_ber = parts();
        let content = in_ber.certificates[0][4..].to_vec();
        in_ber.certificates = vec![indefinite(0x30, &[&content])];
        assert!(matches!(verify(&in_ber.ber()), Err(CmsError::Certificate(_))));
    }

    #[test]
    fn nesting_is_bounded() {
        // Nobody reads unsigned attributes, but their end must be found.
        let nested = |depth: usize| {
            let mut parts = Parts::new(Key::p256(7));
            parts.unsigned = (0..depth).fold(vec![], |inner, _| indefinite(0xa1, &[&inner]));
            verify(&parts.der())
        };
        nested(16).unwrap();
        assert!(matches!(nested(17), Err(CmsError::Malformed(_))));
        assert!(matches!(nested(1000), Err(CmsError::Malformed(_))));
        let open = [0x30, 0x80].repeat(500_000);
        assert!(matches!(SignedData::from_foreign(&open), Err(CmsError::Malformed(_))));
    }

    #[test]
    fn too_long() {
        let long = vec![0x30; (1 << 20) + 1];
        assert!(matches!(SignedData::from_foreign(&long), Err(CmsError::TooLong)));
    }
}
