//! One signer, named by issuer and serial number or by key identifier (RFC 5652 section 5.3).

use super::*;

/// Makes a CMS that names the signer by a subject key identifier.
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
    refused!(Key::p256(7), |parts| parts.signer_version = vec![2, 1, 3], CmsError::Version { of: "signer info", .. });
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
    // An attribute certificate, a malformed certificate, and the root.
    accepted!(Key::p256(7), |parts| {
        let root = Draft::root(&Key::p256(1)).signed_by(&Key::p256(1));
        parts.certificates.extend([der(0xa1, &[]), der(0x30, &[]), root.der().to_vec()]);
    });
    refused!(Key::p256(7), |parts| parts.certificates.clear(), CmsError::NoCertificate);
    // The signer's own certificate is malformed, and the error reports it.
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
