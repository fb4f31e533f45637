//! Every algorithm by the crates of RustCrypto and by ed25519-dalek.

use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier as _;

use crate::{DigestAlgorithm, SignatureAlgorithm, key::Key, verifier::SignatureVerifier};

/// Verifies in plain Rust.
#[derive(Debug)]
pub(super) struct RustCrypto;

impl SignatureVerifier for RustCrypto {
    fn verifies(&self, key: &Key, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if algorithm.key_kind() != key.kind() {
            return false;
        }
        // ECDSA takes from a longer digest as many of the first bits as the curve has.
        let digest = || algorithm.digest().digest(&[message]);
        match key {
            Key::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .and_then(|signature| key.verify_prehash(&digest(), &signature))
                .is_ok(),
            Key::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .and_then(|signature| key.verify_prehash(&digest(), &signature))
                .is_ok(),
            Key::Rsa(key) => verifies_rsa(key, algorithm, &digest(), signature),
            Key::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .and_then(|signature| key.verify_strict(message, &signature))
                .is_ok(),
        }
    }
}

fn verifies_rsa(key: &RsaPublicKey, algorithm: SignatureAlgorithm, digest: &[u8], signature: &[u8]) -> bool {
    let verified = match algorithm {
        SignatureAlgorithm::RsaPss { digest: of, salt_length } => {
            let salt = usize::from(salt_length);
            match of {
                DigestAlgorithm::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt), digest, signature),
                DigestAlgorithm::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt), digest, signature),
                DigestAlgorithm::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt), digest, signature),
            }
        }
        _ => {
            let scheme = match algorithm.digest() {
                DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
            };
            key.verify(scheme, digest, signature)
        }
    };
    verified.is_ok()
}
