//! Signers of foreign documents: looser rules for the leaf.

use super::*;

fn errors(extensions: Vec<Vec<u8>>) -> Vec<PathError> {
    let leaf = leaf().with(|draft| draft.extensions = extensions).signed_by(&Key::p256(1));
    match trust().verify_foreign_path(&leaf, &[], MIDDLE) {
        Ok(path) => {
            assert_eq!(path.purpose(), None);
            Vec::new()
        }
        Err(errors) => errors,
    }
}

#[test]
fn a_leaf_may_name_no_usage_or_one_that_others_sign_documents_with() {
    assert_eq!(errors(vec![]), []);
    for found in ["1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4", "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12"] {
        assert_eq!(errors(vec![purpose(&["1.3.6.1.5.5.7.3.2", found])]), [], "{found}");
    }
    assert_eq!(errors(vec![purpose(&["2.5.29.37.0"])]), []);
    // Client authentication leaves it open; beside another purpose it changes nothing.
    let unclear = PathError::PurposeUnclear { subject: "CN=Test Signer".into() };
    assert_eq!(errors(vec![purpose(&["1.3.6.1.5.5.7.3.2"])]), [unclear]);
    let server_too = errors(vec![purpose(&["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"])]);
    assert!(matches!(server_too[..], [PathError::NotForDocuments { .. }]));
    let others = [Purpose::TokenSigning, Purpose::StatusListSigning, Purpose::TimeStamping]
        .map(|other| (extended_key_usage(other), other.oids().collect()));
    let web_server = "1.3.6.1.5.5.7.3.1";
    for (usage, found) in others.into_iter().chain([(purpose(&[web_server]), vec![web_server])]) {
        let found = found.into_iter().map(Into::into).collect();
        let expected = PathError::NotForDocuments { subject: "CN=Test Signer".into(), found };
        assert_eq!(errors(vec![usage]), [expected]);
    }
    assert_eq!(errors(vec![extended_key_usage(Purpose::DocumentSigning)]), []);
}

#[test]
fn its_key_usage_is_a_signature() {
    let usage = |bits: u8| errors(vec![extension(KEY_USAGE, true, &[3, 2, 0, bits])]);
    for bits in [0x80, 0x40, 0xc0] {
        assert_eq!(usage(bits), []);
    }
    for bits in [0x20, 0x02] {
        assert!(matches!(usage(bits)[..], [PathError::KeyUsage { needed: "digitalSignature", .. }]));
    }
    // keyCertSign makes it a certification authority's, whatever else it may do.
    assert!(matches!(usage(0x84)[..], [PathError::LeafSignsCertificates { .. }]));
}

#[test]
fn all_else_is_as_strict() {
    let signer = leaf().signed_by(&Key::p256(9));
    let found = trust().verify_foreign_path(&signer, &[], MIDDLE).unwrap_err();
    assert!(matches!(found[..], [PathError::BadSignature { .. }]));
    assert!(matches!(errors(vec![ca(None)])[..], [PathError::LeafIsCa { .. }]));
    let policies = extension("2.5.29.36", true, &der(0x30, &[&[0x80, 1, 0]]));
    assert!(matches!(errors(vec![policies])[..], [PathError::Policy { .. }]));
}
