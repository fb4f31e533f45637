//! Both libraries give the same verdict: on Wycheproof's vectors, and on what one of them lacks.

#![expect(clippy::print_stdout, reason = "a skipped test reports that it was skipped")]

use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey, pkcs8::DecodePrivateKey as _};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Signer as _, hazmat::PrehashSigner as _};

use super::*;
use crate::{DigestAlgorithm, KeyAlgorithm, KeyError, PublicKey, SignatureError, key::KeyKind};

const MESSAGE: &[u8] = b"message";

fn p256() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

fn p384() -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap()
}

fn rsa() -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs8_der(include_bytes!("../../tests/data/rsa3072.pk8")).unwrap()
}

fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

fn public_key(kind: KeyKind) -> PublicKey {
    use rsa::pkcs1::EncodeRsaPublicKey as _;
    let bits = match kind {
        KeyKind::P256 => p256().verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        KeyKind::P384 => p384().verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        KeyKind::Rsa => rsa().to_public_key().to_pkcs1_der().unwrap().into_vec(),
        KeyKind::Ed25519 => ed25519().verifying_key().to_bytes().to_vec(),
    };
    PublicKey::from_bits(kind, &bits).unwrap()
}

fn sign(algorithm: SignatureAlgorithm) -> Vec<u8> {
    let digest = algorithm.digest().digest(&[MESSAGE]);
    match (algorithm.key_kind(), algorithm) {
        (KeyKind::P256, _) => {
            let signature: p256::ecdsa::Signature = p256().sign_prehash(&digest).unwrap();
            signature.to_der().as_bytes().to_vec()
        }
        (KeyKind::P384, _) => {
            let signature: p384::ecdsa::Signature = p384().sign_prehash(&digest).unwrap();
            signature.to_der().as_bytes().to_vec()
        }
        (KeyKind::Rsa, SignatureAlgorithm::RsaPss { digest: of, salt_length }) => {
            let (mut rng, salt) = (rsa::rand_core::UnwrapErr(getrandom::SysRng), usize::from(salt_length));
            match of {
                DigestAlgorithm::Sha256 => rsa().sign_with_rng(&mut rng, Pss::<Sha256>::new_with_salt(salt), &digest),
                DigestAlgorithm::Sha384 => rsa().sign_with_rng(&mut rng, Pss::<Sha384>::new_with_salt(salt), &digest),
                DigestAlgorithm::Sha512 => rsa().sign_with_rng(&mut rng, Pss::<Sha512>::new_with_salt(salt), &digest),
            }
            .unwrap()
        }
        (KeyKind::Rsa, _) => {
            let scheme = match algorithm.digest() {
                DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
            };
            rsa().sign(scheme, &digest).unwrap()
        }
        (KeyKind::Ed25519, _) => ed25519().sign(MESSAGE).to_bytes().to_vec(),
    }
}

/// The verdict that both libraries give.
fn verdict(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let [first, second] = ALL.map(|verifier| key.verify_with(verifier, algorithm, message, signature));
    assert_eq!(first, second, "{algorithm} differs");
    first
}

/// RSASSA-PSS with salts that ring lacks: none, OpenSSL's default of SHA-1, the longest that the
/// key has room for.
fn unusual_salts() -> impl Iterator<Item = SignatureAlgorithm> {
    [(DigestAlgorithm::Sha256, 32), (DigestAlgorithm::Sha384, 48), (DigestAlgorithm::Sha512, 64)].into_iter().flat_map(
        |(digest, length)| {
            [0, 20, 384 - length - 2].map(|salt_length| SignatureAlgorithm::RsaPss { digest, salt_length })
        },
    )
}

#[test]
fn both_accept_every_algorithm() {
    for algorithm in SignatureAlgorithm::ALL.into_iter().chain(unusual_salts()) {
        let key = public_key(algorithm.key_kind());
        assert_eq!(verdict(&key, algorithm, MESSAGE, &sign(algorithm)), Ok(()), "{algorithm}");
    }
}

#[test]
fn ring_lacks_what_is_left_to_rust_crypto() {
    let left = |algorithm: SignatureAlgorithm| {
        let key = public_key(algorithm.key_kind());
        ring::verify(&key.key, algorithm, MESSAGE, &sign(algorithm)).is_none()
    };
    for algorithm in SignatureAlgorithm::ALL {
        let expected = matches!(
            algorithm,
            SignatureAlgorithm::EcdsaP256Sha512 | SignatureAlgorithm::EcdsaP384Sha512 | SignatureAlgorithm::Ed25519
        );
        assert_eq!(left(algorithm), expected, "{algorithm}");
    }
    assert!(unusual_salts().all(left));
}

#[test]
fn both_refuse_corrupt_signatures_with_the_same_error() {
    for algorithm in SignatureAlgorithm::ALL.into_iter().chain(unusual_salts()) {
        let key = public_key(algorithm.key_kind());
        let good = sign(algorithm);
        let refused = |message: &[u8], signature: &[u8]| {
            assert_eq!(verdict(&key, algorithm, message, signature), Err(SignatureError::Invalid), "{algorithm}");
        };
        refused(b"massage", &good);
        refused(MESSAGE, &[]);
        refused(MESSAGE, &good[1..]);
        refused(MESSAGE, &good[..good.len() - 1]);
        refused(MESSAGE, &[&good[..], &[0]].concat());
        refused(MESSAGE, &[&[0], &good[..]].concat());
        refused(MESSAGE, &vec![0; good.len()]);
        refused(MESSAGE, &vec![0xff; good.len()]);
        for at in (0..good.len()).step_by(7) {
            let mut flipped = good.clone();
            flipped[at] ^= 1 << (at % 8);
            refused(MESSAGE, &flipped);
        }
    }
}

#[test]
fn both_refuse_algorithms_of_other_keys() {
    for kind in KeyKind::ALL {
        let key = public_key(kind);
        for algorithm in SignatureAlgorithm::ALL.into_iter().filter(|algorithm| algorithm.key_kind() != kind) {
            let signature = sign(algorithm);
            let expected = SignatureError::WrongAlgorithm { key: key.algorithm(), signature: algorithm };
            assert_eq!(verdict(&key, algorithm, MESSAGE, &signature), Err(expected));
            assert!(ALL.iter().all(|verifier| !verifier.verifies(&key.key, algorithm, MESSAGE, &signature)));
        }
    }
}

/// A signature has two forms, (r, s) and (r, -s). Only the profile of letters refuses the second.
#[test]
fn both_accept_either_s() {
    let signature: p256::ecdsa::Signature = p256().sign(MESSAGE);
    let other = p256::ecdsa::Signature::from_scalars(signature.r(), -signature.s()).unwrap();
    let swapped = p256::ecdsa::Signature::from_scalars(signature.s(), signature.r()).unwrap();
    let verdict = |signature: &p256::ecdsa::Signature| {
        let der = signature.to_der();
        verdict(&public_key(KeyKind::P256), SignatureAlgorithm::EcdsaP256Sha256, MESSAGE, der.as_bytes())
    };
    assert_eq!(verdict(&signature), Ok(()));
    assert_eq!(verdict(&other), Ok(()));
    assert_eq!(verdict(&swapped), Err(SignatureError::Invalid));
}

#[test]
fn compressed_points_are_keys_like_others() {
    for (kind, compressed) in [
        (KeyKind::P256, p256().verifying_key().to_sec1_point(true).as_bytes().to_vec()),
        (KeyKind::P384, p384().verifying_key().to_sec1_point(true).as_bytes().to_vec()),
    ] {
        let key = PublicKey::from_bits(kind, &compressed).unwrap();
        assert!(key == public_key(kind));
        for algorithm in SignatureAlgorithm::ALL.into_iter().filter(|algorithm| algorithm.key_kind() == kind) {
            assert_eq!(verdict(&key, algorithm, MESSAGE, &sign(algorithm)), Ok(()));
            assert_eq!(verdict(&key, algorithm, b"massage", &sign(algorithm)), Err(SignatureError::Invalid));
        }
    }
}

/// The smallest exponent. The key was made with `openssl genpkey -algorithm RSA -pkeyopt
/// rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3`.
#[test]
fn a_small_exponent_is_refused() {
    let small = PublicKey::from_spki(include_bytes!("../../tests/data/rsa2048_exponent3.spki"));
    assert_eq!(small.unwrap_err(), KeyError::RsaSmallExponent { exponent: 3 });
    let usual = public_key(KeyKind::Rsa);
    assert_eq!(usual.algorithm(), KeyAlgorithm::Rsa { bits: 3072 });
}

/// The verdicts must be those that the vectors name. Vectors that are called "acceptable" are
/// refused. Keys with a small exponent are not accepted, whatever they sign.
#[test]
fn wycheproof() {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else {
        println!("skipped: no corpora");
        return;
    };
    let folder = std::path::Path::new(&corpora).join("wycheproof");
    let hex = |value: &serde_json::Value| base16ct::lower::decode_vec(value.as_str().unwrap()).unwrap();
    for (file, algorithm) in [
        ("ecdsa_secp256r1_sha256_test.json", SignatureAlgorithm::EcdsaP256Sha256),
        ("ecdsa_secp384r1_sha384_test.json", SignatureAlgorithm::EcdsaP384Sha384),
        ("rsa_signature_2048_sha256_test.json", SignatureAlgorithm::RsaPkcs1Sha256),
        (
            "rsa_pss_2048_sha256_mgf1_32_test.json",
            SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_length: 32 },
        ),
        ("ed25519_test.json", SignatureAlgorithm::Ed25519),
    ] {
        let vectors: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let mut tests = 0;
        for group in vectors["testGroups"].as_array().unwrap() {
            let spki = ["publicKeyDer", "publicKeyAsn", "keyDer"].into_iter().find(|name| group[*name].is_string());
            let key = match PublicKey::from_spki(&hex(&group[spki.unwrap()])) {
                Err(KeyError::RsaSmallExponent { .. }) => continue,
                key => key.unwrap(),
            };
            for test in group["tests"].as_array().unwrap() {
                let verdict = verdict(&key, algorithm, &hex(&test["msg"]), &hex(&test["sig"]));
                assert_eq!(verdict.is_ok(), test["result"] == "valid", "{file} {test}");
                tests += 1;
            }
        }
        assert!(tests > 100, "{file} has {tests} tests");
    }
}
