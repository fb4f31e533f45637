//! The attributes that name the signer's certificate (RFC 5035).

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
    // A stated digest that is not the default.
    accepted!(Key::p256(7), |parts| {
        let hash = DigestAlgorithm::Sha512.digest(&[own(parts).der()]);
        let id = der(0x30, &[&der(0x30, &[&oid(SHA_512)]), &der(4, &[&hash])]);
        attributes(parts)[2] = signing_certificate(&id);
    });
    // The hash is not made with the default digest, and no other one is stated.
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
