//! The public test keys: those of the folder `keys-test`.

use sha2::{Digest, Sha256};

/// SHA-256 of the `SubjectPublicKeyInfo` of the test keys, in the order of
/// [`Role::ALL`](crate::Role::ALL).
const TEST_KEYS: [&str; 5] = [
    "5dcdd640c03e21feffde61505a142fc757d4aba5482df34f2c73e0b30173b633",
    "884b85addf41723975215db6b1c2d177eb3d3c12aff593d09b534c86a84160b8",
    "f1d415d6eeced6d3cfef5b91b194e91d70e805964b5472fddbe4079dab18fe90",
    "52bda9c62e149b5b94ebea12858ebf3b1270925bc379cdb85932d6837987d16b",
    "7848e356aeb2d8a884593d97665a5a68e6f1ac615998e04df215607e0dafaf6c",
];

/// Returns whether a public key, a `SubjectPublicKeyInfo` in DER, is one of the committed test
/// keys, whose private keys are public.
pub fn is_test_key(spki: &[u8]) -> bool {
    TEST_KEYS.contains(&base16ct::lower::encode_string(&Sha256::digest(spki)).as_str())
}
