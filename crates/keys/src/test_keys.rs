//! The keys that everybody knows: those of the folder `keys-test`.

use cqm_sign::x509::X509Certificate;
use sha2::{Digest, Sha256};

/// SHA-256 of the test root's certificate in DER. Whoever trusts it trusts everybody.
pub const TEST_ROOT_SHA256: [u8; 32] = hex(b"2e670a77a81e4437b90434bfaa91f12e60e938dc664890d7e2949158b226e99b");

/// SHA-256 of the `SubjectPublicKeyInfo` of the test keys, in the order of [`Role::ALL`](crate::Role::ALL).
const TEST_KEYS: [[u8; 32]; 4] = [
    hex(b"5dcdd640c03e21feffde61505a142fc757d4aba5482df34f2c73e0b30173b633"),
    hex(b"f1d415d6eeced6d3cfef5b91b194e91d70e805964b5472fddbe4079dab18fe90"),
    hex(b"52bda9c62e149b5b94ebea12858ebf3b1270925bc379cdb85932d6837987d16b"),
    hex(b"7848e356aeb2d8a884593d97665a5a68e6f1ac615998e04df215607e0dafaf6c"),
];

/// Whether a public key, a `SubjectPublicKeyInfo` in DER, is one of the committed test keys, whose private halves
/// everybody has.
pub fn is_test_key(spki: &[u8]) -> bool {
    TEST_KEYS.contains(&Sha256::digest(spki).into())
}

/// Whether a certificate is the committed test root.
pub fn is_test_root(certificate: &X509Certificate) -> bool {
    certificate.fingerprint() == TEST_ROOT_SHA256
}

/// The digest that 64 lower-case hexadecimal digits stand for, read when this crate is built.
const fn hex(digits: &[u8; 64]) -> [u8; 32] {
    const fn value(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("no lower-case hexadecimal digit"),
        }
    }
    let mut bytes = [0; 32];
    let mut at = 0;
    while at < 32 {
        bytes[at] = value(digits[2 * at]) << 4 | value(digits[2 * at + 1]);
        at += 1;
    }
    bytes
}
