//! The keys and algorithms that a path accepts.

use super::*;
use cqm_sign::KeyError;

/// Verifies a leaf with another `SubjectPublicKeyInfo`.
fn errors(spki: &[u8]) -> Vec<PathError> {
    super::errors(&leaf().with(|draft| draft.spki = spki.to_vec()))
}

/// The bits of the RSA key under the identifier of RSASSA-PSS.
fn pss_key(parameters: &[u8]) -> Vec<u8> {
    let spki = Key::rsa().spki();
    let bits = spki.windows(4).position(|window| window == [0x03, 0x82, 0x01, 0x8f]).unwrap();
    der(0x30, &[&der(0x30, &[&oid("1.2.840.113549.1.1.10"), parameters]), &spki[bits..]])
}

#[test]
fn keys_for_rsassa_pss_are_accepted() {
    assert_eq!(errors(&Key::rsa().spki()), []);
    assert_eq!(errors(&pss_key(&[])), []);
    // The default of the parameters is SHA-1.
    let unsupported = errors(&pss_key(&[0x30, 0]));
    assert!(matches!(unsupported[..], [PathError::UnusableKey { error: KeyError::UnsupportedAlgorithm, .. }]));
    // Such a key signs nothing with PKCS #1 v1.5.
    let root = Draft::root(&Key::rsa()).with(|draft| draft.spki = pss_key(&[])).signed_by(&Key::rsa());
    let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
    let signed = leaf().signed_by(&Key::rsa());
    let refused = trust.verify_path(&signed, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert!(matches!(refused[..], [PathError::BadSignature { .. }]));
}

#[test]
fn a_small_exponent_is_told_apart() {
    let small = include_bytes!("../data/rsa2048_exponent3.spki");
    let refused = errors(small);
    let expected = KeyError::RsaSmallExponent { exponent: 3 };
    assert!(matches!(&refused[..], [PathError::UnusableKey { error, .. }] if *error == expected));
    // So is that of an issuer: it is unknown whether it signed.
    let root = Draft::root(&Key::p256(1)).with(|draft| draft.spki = small.to_vec()).signed_by(&Key::p256(1));
    let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
    let signed = leaf().signed_by(&Key::p256(1));
    let refused = trust.verify_path(&signed, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert!(
        matches!(&refused[..], [PathError::UnusableKey { subject, error }] if subject == "CN=Test Root" && *error == expected)
    );
}

#[test]
fn an_algorithm_that_is_not_accepted_is_told_apart() {
    // ecdsa-with-SHA1 instead of ecdsa-with-SHA256, at both places.
    let good = leaf().signed_by(&Key::p256(1));
    let mut bytes = good.der().to_vec();
    let sha256 = &oid("1.2.840.10045.4.3.2")[..];
    let other = oid("1.2.840.10045.4.3.1");
    let places: Vec<_> =
        bytes.windows(sha256.len()).enumerate().filter(|(_, at)| *at == sha256).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        bytes[at..at + other.len()].copy_from_slice(&other);
    }
    let sha1 = X509Certificate::from_der(&bytes).unwrap();
    let errors = trust().verify_path(&sha1, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert_eq!(errors, [PathError::UnsupportedAlgorithm { subject: "CN=Test Signer".into() }]);
}
