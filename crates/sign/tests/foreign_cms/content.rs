//! The signed content: octets outside of the CMS (RFC 5652 section 5.2).

use super::*;

#[test]
fn none_inside() {
    refused!(
        Key::p256(7),
        |parts| parts.encapsulated.push(der(0xa0, &[&der(4, &[&RANGES.concat()])])),
        CmsError::ContentInside
    );
    refused!(Key::p256(7), |parts| parts.encapsulated = vec![oid("1.2.840.113549.1.9.16.1.4")], CmsError::ContentType);
    let mut signed = Parts::new(Key::p256(7)).der();
    let at = signed.windows(9).position(|window| window == &oid("1.2.840.113549.1.7.2")[2..]).unwrap();
    signed[at + 8] = 3;
    assert!(matches!(verify(&signed), Err(CmsError::NotSignedData)));
}

#[test]
fn without_signed_attributes_the_signature_is_over_the_content() {
    for key in Key::all() {
        let mut parts = Parts::new(key);
        parts.attributes = None;
        let cms = parts.der();
        let signed = accepted_outside_the_profile(&cms);
        let errors = signed.verify(&[b"other bytes"]).unwrap_err();
        assert!(matches!(errors[..], [CmsError::Signature(SignatureError::Invalid)]));
    }
}

/// An attacker presents the signed attributes of a CMS as content. The signature fits them.
#[test]
fn signed_attributes_are_no_content() {
    let key = Key::p256(7);
    let mut parts = Parts::new(key.clone());
    let mut attributes = parts.attributes.take().unwrap();
    attributes.sort();
    let content = der(0x31, &[&attributes.concat()]);
    parts.signature = Some(key.sign(&content));
    let signed = SignedData::from_foreign(&parts.der()).unwrap();
    let errors = signed.verify(&[&content]).unwrap_err();
    assert!(matches!(errors[..], [CmsError::ContentLikeAttributes]), "{errors:?}");
}
