//! Public keys: which are accepted, and the vectors of RFC 8032.

mod support;

use cqm_sign::{KeyAlgorithm, KeyError, PublicKey, SignatureAlgorithm};
use support::*;

fn hex(text: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(text).unwrap()
}

fn ed25519(octets: &[u8]) -> Result<PublicKey, KeyError> {
    PublicKey::from_spki(&der(0x30, &[&der(0x30, &[&oid("1.3.101.112")]), &der(3, &[&[0], octets])]))
}

/// RFC 8032 section 7.1, tests 1 to 3.
#[test]
fn rfc_8032() {
    for (key, message, signature) in [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let key = ed25519(&hex(key)).unwrap();
        let signature = hex(signature);
        key.verify(SignatureAlgorithm::Ed25519, &hex(message), &signature).unwrap();
        key.verify(SignatureAlgorithm::Ed25519, b"other", &signature).unwrap_err();
        key.verify(SignatureAlgorithm::EcdsaP256Sha256, &hex(message), &signature).unwrap_err();
    }
}

#[test]
fn keys_that_are_no_keys() {
    // The neutral element, and a point that is not on the curve.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(ed25519(&neutral).unwrap_err(), KeyError::Malformed);
    assert_eq!(ed25519(&[1; 31]).unwrap_err(), KeyError::Malformed);
    let good = Key::p256(7).spki();
    assert_eq!(PublicKey::from_spki(&good).unwrap().algorithm(), KeyAlgorithm::P256);
    let mut off_curve = good.clone();
    *off_curve.last_mut().unwrap() ^= 1;
    assert_eq!(PublicKey::from_spki(&off_curve).unwrap_err(), KeyError::Malformed);
    for length in 0..good.len() {
        PublicKey::from_spki(&good[..length]).unwrap_err();
    }
    let p521 = der(0x30, &[&oid("1.2.840.10045.2.1"), &oid("1.3.132.0.35")]);
    let p521 = der(0x30, &[&p521, &der(3, &[&[0, 4]])]);
    assert_eq!(PublicKey::from_spki(&p521).unwrap_err(), KeyError::UnsupportedAlgorithm);
}

#[test]
fn rsa_sizes() {
    // The modulus is odd and has all bits set. No signature is verified with it.
    let rsa = |bits: usize| {
        let modulus = der(2, &[&[0], &vec![0xff; bits / 8]]);
        let key = der(0x30, &[&modulus, &[2, 3, 1, 0, 1]]);
        let identifier = der(0x30, &[&oid("1.2.840.113549.1.1.1"), &[5, 0]]);
        PublicKey::from_spki(&der(0x30, &[&identifier, &der(3, &[&[0], &key])]))
    };
    assert_eq!(rsa(2048).unwrap().algorithm(), KeyAlgorithm::Rsa { bits: 2048 });
    assert_eq!(rsa(8192).unwrap().algorithm(), KeyAlgorithm::Rsa { bits: 8192 });
    assert_eq!(rsa(2040).unwrap_err(), KeyError::RsaTooSmall { bits: 2040 });
    assert_eq!(rsa(8200).unwrap_err(), KeyError::Malformed);
}
