//! Encodings that are BER and not DER (X.690 section 8).

use super::*;

#[test]
fn indefinite_lengths_and_segments() {
    for key in Key::all() {
        let cms = Parts::new(key).ber();
        assert!(matches!(SignedData::from_der(&cms), Err(CmsError::Malformed(_))));
        accepted_outside_the_profile(&cms);
    }
}

#[test]
fn truncated_or_followed_by_something() {
    let cms = Parts::new(Key::p256(7)).ber();
    for length in 0..cms.len() {
        assert!(matches!(SignedData::from_foreign(&cms[..length]), Err(CmsError::Malformed(_))), "{length}");
    }
    assert!(matches!(verify(&[&cms[..], &[0]].concat()), Err(CmsError::Malformed(_))));
}

#[test]
fn no_byte_makes_a_panic_and_what_is_signed_is_covered() {
    let parts = Parts::new(Key::p256(7));
    let (certificate, attributes) = (parts.certificates[0].clone(), parts.attributes.clone().unwrap());
    let cms = parts.ber();
    let covered = |part: &[u8]| {
        let at = cms.windows(part.len()).position(|window| window == part).unwrap();
        at..at + part.len()
    };
    let covered: Vec<_> = attributes.iter().map(|part| covered(part)).chain([covered(&certificate)]).collect();
    for at in 0..cms.len() {
        for change in [1, 0x20, 0x80, 0xff] {
            let mut changed = cms.clone();
            changed[at] ^= change;
            let accepted = verify(&changed).is_ok();
            assert!(!accepted || !covered.iter().any(|range| range.contains(&at)), "byte {at} ^ {change}");
        }
    }
}

#[test]
fn longer_lengths_than_need_be() {
    // 30 83 00 LL LL instead of 30 82 LL LL.
    let cms = Parts::new(Key::p256(7)).der();
    assert_eq!(cms[..2], [0x30, 0x82]);
    let longer = [&[0x30, 0x83, 0], &cms[2..]].concat();
    assert!(matches!(SignedData::from_der(&longer), Err(CmsError::Malformed(_))));
    accepted_outside_the_profile(&longer);
}

#[test]
fn certificates_are_der() {
    let parts = || Parts::new(Key::p256(7));
    verify(&parts().ber()).unwrap();
    let mut in_ber = parts();
    let content = in_ber.certificates[0][4..].to_vec();
    in_ber.certificates = vec![indefinite(0x30, &[&content])];
    assert!(matches!(verify(&in_ber.ber()), Err(CmsError::Certificate(_))));
}

#[test]
fn nesting_is_bounded() {
    // Unsigned attributes are skipped, so their end must be found.
    let nested = |depth: usize| {
        let mut parts = Parts::new(Key::p256(7));
        parts.unsigned = (0..depth).fold(vec![], |inner, _| indefinite(0xa1, &[&inner]));
        verify(&parts.der())
    };
    nested(16).unwrap();
    assert!(matches!(nested(17), Err(CmsError::Malformed(_))));
    assert!(matches!(nested(1000), Err(CmsError::Malformed(_))));
    let open = [0x30, 0x80].repeat(500_000);
    assert!(matches!(SignedData::from_foreign(&open), Err(CmsError::Malformed(_))));
}

#[test]
fn too_long() {
    let long = vec![0x30; (1 << 20) + 1];
    assert!(matches!(SignedData::from_foreign(&long), Err(CmsError::TooLong)));
}
