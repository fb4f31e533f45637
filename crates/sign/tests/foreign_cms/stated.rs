//! The digest that a signature states, compared before key and algorithms are judged (RFC 5652
//! section 5.6).

use cqm_sign::cms::{DigestPlace, StatedDigest};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

use super::*;

fn hash<D: sha2::Digest>() -> Vec<u8> {
    D::digest(RANGES.concat()).to_vec()
}

/// Digests that are not accepted, with their identifiers.
fn digests() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("1.2.840.113549.2.5", hash::<Md5>()),
        ("1.3.14.3.2.26", hash::<Sha1>()),
        ("2.16.840.1.101.3.4.2.4", hash::<Sha224>()),
        ("2.16.840.1.101.3.4.2.5", hash::<Sha512_224>()),
        ("2.16.840.1.101.3.4.2.6", hash::<Sha512_256>()),
        ("2.16.840.1.101.3.4.2.7", hash::<Sha3_224>()),
        ("2.16.840.1.101.3.4.2.8", hash::<Sha3_256>()),
        ("2.16.840.1.101.3.4.2.9", hash::<Sha3_384>()),
        ("2.16.840.1.101.3.4.2.10", hash::<Sha3_512>()),
    ]
}

#[track_caller]
fn tells_a_change(cms: &[u8], place: DigestPlace) {
    let stated = StatedDigest::read(cms, place).expect("a digest");
    stated.compare(RANGES).unwrap();
    assert!(matches!(stated.compare(&[b"other bytes"]), Err(CmsError::DigestMismatch { .. })));
}

#[test]
fn a_change_is_known_whatever_the_signature_was_made_with() {
    for (id, value) in digests() {
        let mut parts = Parts::new(Key::p256(7));
        parts.digest = der(0x30, &[&oid(id)]);
        parts.digests = vec![parts.digest.clone()];
        attributes(&mut parts)[1] = attribute("1.2.840.113549.1.9.4", &der(4, &[&value]));
        let cms = parts.der();
        assert!(matches!(SignedData::from_foreign(&cms), Err(CmsError::UnsupportedDigest)), "{id}");
        tells_a_change(&cms, DigestPlace::Attribute);
    }
    // An unknown algorithm of the signature, no certificate, another version, BER.
    let with = |change: fn(&mut Parts)| {
        let mut parts = Parts::new(Key::p256(7));
        change(&mut parts);
        parts
    };
    for cms in [
        with(|parts| parts.algorithm = der(0x30, &[&oid("1.2.3.4")])).der(),
        with(|parts| parts.certificates = vec![]).der(),
        with(|parts| parts.signer_version = vec![2, 1, 9]).der(),
        with(|parts| parts.algorithm = der(0x30, &[&oid("1.2.3.4")])).ber(),
    ] {
        SignedData::from_foreign(&cms).unwrap_err();
        tells_a_change(&cms, DigestPlace::Attribute);
    }
}

#[test]
fn a_digest_may_be_the_content_or_in_a_time_stamp() {
    let content = |kind: &str, content: &[u8]| {
        let mut parts = Parts::new(Key::p256(7));
        parts.encapsulated = vec![oid(kind), der(0xa0, &[&der(4, &[content])])];
        parts.der()
    };
    tells_a_change(&content(DATA, &hash::<Sha1>()), DigestPlace::Content);
    const TIME_STAMP: &str = "1.2.840.113549.1.9.16.1.4";
    let imprint = der(0x30, &[&der(0x30, &[&oid(SHA_256), &[5, 0]]), &der(4, &[&hash::<Sha256>()])]);
    let information = der(0x30, &[&[2, 1, 1], &oid("1.2.3"), &imprint, &[2, 1, 7]]);
    tells_a_change(&content(TIME_STAMP, &information), DigestPlace::TimeStamp);
    // Each is read only at its own place.
    let absent = |cms: &[u8], place| assert_eq!(StatedDigest::read(cms, place), None, "{place:?}");
    absent(&content(DATA, &hash::<Sha1>()), DigestPlace::Attribute);
    absent(&content(DATA, &information), DigestPlace::TimeStamp);
    absent(&content(TIME_STAMP, &hash::<Sha1>()), DigestPlace::Content);
    absent(&Parts::new(Key::p256(7)).der(), DigestPlace::Content);
}

#[test]
fn what_states_no_digest_or_two_proves_nothing() {
    let with = |change: fn(&mut Parts)| {
        let mut parts = Parts::new(Key::p256(7));
        change(&mut parts);
        StatedDigest::read(&parts.der(), DigestPlace::Attribute)
    };
    assert!(with(|_| ()).is_some());
    assert_eq!(with(|parts| parts.attributes = None), None);
    assert_eq!(with(|parts| parts.signers = 2), None);
    assert_eq!(with(|parts| parts.digest = der(0x30, &[&oid("1.2.3.4")])), None);
    assert_eq!(with(|parts| drop(attributes(parts).remove(1))), None);
    assert_eq!(with(|parts| attributes(parts).push(message_digest(DigestAlgorithm::Sha384))), None);
    // No byte makes a panic.
    let cms = Parts::new(Key::p256(7)).der();
    for at in 0..cms.len() {
        for place in [DigestPlace::Attribute, DigestPlace::Content, DigestPlace::TimeStamp] {
            let mut changed = cms.clone();
            changed[at] ^= 1 << (at % 8);
            let _ = StatedDigest::read(&changed, place);
            let _ = StatedDigest::read(&cms[..at], place);
        }
    }
}
