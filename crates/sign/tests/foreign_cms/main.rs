//! Foreign CMS signatures: what is accepted beyond the profile, and what is refused.

#[path = "../support/mod.rs"]
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

/// Verifies a CMS of the profile with one change.
fn changed(key: Key, change: impl FnOnce(&mut Parts)) -> Result<SignedData, CmsError> {
    let mut parts = Parts::new(key);
    change(&mut parts);
    verify(&parts.der())
}

/// Checks that a CMS is accepted as foreign and refused by the profile.
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

// They use the macros above.
mod algorithms;
mod ber;
mod content;
mod signed_attributes;
mod signers;
mod signing_certificates;
mod stated;
