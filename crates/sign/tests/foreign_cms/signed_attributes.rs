//! Signed attributes: each once, in DER (RFC 5652 section 5.3).

use super::*;

#[test]
fn each_once_with_one_value() {
    for at in 0..3 {
        refused!(
            Key::p256(7),
            |parts| {
                let again = attributes(parts)[at].clone();
                attributes(parts).push(again);
            },
            CmsError::AttributeTwice
        );
    }
    // Unknown attributes are accepted, but only once too.
    accepted!(Key::p256(7), |parts| attributes(parts).push(attribute("1.2.3.4", &[5, 0])));
    refused!(
        Key::p256(7),
        |parts| attributes(parts).extend([attribute("1.2.3.4", &[5, 0]), attribute("1.2.3.4", &[1, 1, 0])]),
        CmsError::AttributeTwice
    );
    refused!(
        Key::p256(7),
        |parts| attributes(parts)[0] = attribute("1.2.840.113549.1.9.3", &oid(DATA).repeat(2)),
        CmsError::AttributeValue(Attribute::ContentType)
    );
}

#[test]
fn at_most_64() {
    let of = |number: u8| {
        let others = (0..number - 3).map(|n| attribute(&format!("1.2.3.{n}"), &[5, 0]));
        changed(Key::p256(7), |parts| attributes(parts).extend(others))
    };
    of(64).unwrap();
    assert!(matches!(of(65), Err(CmsError::TooManyAttributes)));
}

#[test]
fn content_type_and_message_digest_are_needed() {
    refused!(
        Key::p256(7),
        |parts| drop(attributes(parts).remove(0)),
        CmsError::AttributeMissing(Attribute::ContentType)
    );
    refused!(
        Key::p256(7),
        |parts| drop(attributes(parts).remove(1)),
        CmsError::AttributeMissing(Attribute::MessageDigest)
    );
    refused!(
        Key::p256(7),
        |parts| attributes(parts)[0] = content_type(SHA_256),
        CmsError::AttributeValue(Attribute::ContentType)
    );
    refused!(
        Key::p256(7),
        |parts| attributes(parts)[1] = message_digest(DigestAlgorithm::Sha384),
        CmsError::DigestMismatch { .. }
    );
}

#[test]
fn signing_time() {
    let at = |value: &[u8]| {
        changed(Key::p256(7), |parts| attributes(parts).push(attribute(SIGNING_TIME, value)))
            .map(|signed| signed.signing_time())
    };
    assert_eq!(at(b"\x17\x0d240101000000Z").unwrap(), Some(MIDDLE));
    assert_eq!(at(b"\x18\x0f20240101000000Z").unwrap(), Some(MIDDLE));
    for malformed in [&b"\x17\x0d241301000000Z"[..], b"\x18\x1120240101000000.5Z", &[4, 0], &[]] {
        assert!(matches!(at(malformed), Err(CmsError::AttributeValue(Attribute::SigningTime))), "{malformed:?}");
    }
    let twice = b"\x17\x0d240101000000Z".repeat(2);
    assert!(matches!(at(&twice), Err(CmsError::AttributeValue(Attribute::SigningTime))));
}

#[test]
fn in_ber_they_are_refused() {
    // First in DER; then with lengths and forms that only BER has.
    accepted!(Key::p256(7), |parts| attributes(parts).push(attribute("1.2.3.4", &[4, 1, 0])));
    for value in [&[4, 0x81, 1, 0][..], &[0x24, 0x80, 4, 1, 0, 0, 0], &[0x24, 3, 4, 1, 0], &[0x30, 0x80, 0, 0]] {
        refused!(Key::p256(7), |parts| attributes(parts).push(attribute("1.2.3.4", value)), CmsError::Malformed(_));
    }
}

#[test]
fn their_order_is_free_and_what_they_say_is_signed() {
    let key = Key::p256(7);
    let mut sorted = Parts::new(key.clone()).attributes.unwrap();
    sorted.sort();
    let unsorted: Vec<u8> = sorted.iter().rev().flatten().copied().collect();
    let sorted = sorted.concat();
    // Sent in the wrong order, and signed in this order, in that of DER, or over something else.
    for (signed, is_good) in [(&unsorted, true), (&sorted, true), (&sorted[1..].to_vec(), false)] {
        let mut parts = Parts::new(key.clone());
        parts.signature = Some(key.sign(&der(0x31, &[signed])));
        let mut cms = parts.der();
        let at = cms.windows(sorted.len()).position(|window| window == sorted).unwrap();
        cms[at..at + sorted.len()].copy_from_slice(&unsorted);
        let read = SignedData::from_foreign(&cms).unwrap();
        assert!(read.has_unsorted_attributes());
        assert_eq!(read.verify(RANGES).is_ok(), is_good);
        let errors = read.verify(&[b"other bytes"]).unwrap_err();
        assert!(matches!(errors[0], CmsError::DigestMismatch { .. }));
        assert!(matches!(SignedData::from_der(&cms), Err(CmsError::AttributesUnsorted)));
    }
    assert!(!verify(&Parts::new(key).der()).unwrap().has_unsorted_attributes());
}
