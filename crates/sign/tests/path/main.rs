//! Certification paths. Every rejected path has a twin without the fault that is accepted.

mod foreign;
mod intermediates;
mod keys;
mod pem_texts;
mod revocation;
#[path = "../support/mod.rs"]
mod support;

use cqm_core::UnixTime;
use cqm_sign::x509::{
    CrlError, PathError, PemError, Purpose, Revocation, Skipped, TrustError, TrustStore, X509Certificate,
};
use support::*;

fn trust() -> TrustStore {
    TrustStore::from_pem(&certificate_pem(&root())).unwrap()
}

fn root() -> X509Certificate {
    Draft::root(&Key::p256(1)).signed_by(&Key::p256(1))
}

fn leaf() -> Draft {
    Draft::leaf(&Key::p256(3))
}

/// Verifies a leaf directly under the root.
fn errors(leaf: &Draft) -> Vec<PathError> {
    let leaf = leaf.signed_by(&Key::p256(1));
    trust().verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).err().unwrap_or_default()
}

#[test]
fn leaves_of_every_key_are_accepted_under_roots_of_every_key() {
    for root_key in Key::all() {
        let root = Draft::root(&root_key).signed_by(&root_key);
        let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
        for key in Key::all() {
            let leaf = Draft::leaf(&key).signed_by(&root_key);
            let path = trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
            assert_eq!(path.leaf(), &leaf);
            assert_eq!(path.root().fingerprint(), root.fingerprint());
            assert_eq!(path.revocation(), Revocation::NotChecked);
        }
    }
}

#[test]
fn a_purpose_never_serves_another() {
    for made_for in Purpose::ALL {
        let usage = extension(EXTENDED_KEY_USAGE, true, &made_for.extended_key_usage());
        let draft = leaf().with(|draft| draft.extensions[1] = usage);
        let leaf = draft.signed_by(&Key::p256(1));
        for asked in Purpose::ALL {
            let result = trust().verify_path(&leaf, &[], asked, MIDDLE);
            if asked == made_for {
                result.unwrap();
            } else {
                let expected = PathError::WrongPurpose {
                    subject: "CN=Test Signer".into(),
                    needed: asked,
                    found: made_for.oids().map(Into::into).collect(),
                };
                assert_eq!(result.unwrap_err(), [expected]);
            }
        }
    }
}

#[test]
fn a_leaf_names_exactly_the_usages_of_its_purpose() {
    let usages = |usages: &[&[u8]]| extension(EXTENDED_KEY_USAGE, false, &der(0x30, usages));
    let named = |extension| errors(&leaf().with(|draft| draft.extensions[1] = extension));
    let documents = oid(DOCUMENT_SIGNING);
    let both = Purpose::DocumentSigning.extended_key_usage();
    // The sequence has a header of two octets.
    let letters = &both[2 + documents.len()..];
    for good in [[&documents, letters], [letters, &documents]] {
        assert_eq!(named(usages(&good)), []);
    }
    let mail = oid("1.3.6.1.5.5.7.3.4");
    let wrong: [&[&[u8]]; 7] = [
        &[&documents],
        &[letters],
        &[&documents, &documents],
        &[&documents, letters, letters],
        &[&documents, letters, &mail],
        &[&documents, &mail],
        &[&oid("2.5.29.37.0")],
    ];
    for wrong in wrong {
        let errors = named(usages(wrong));
        assert!(
            matches!(&errors[..], [PathError::WrongPurpose { found, .. }] if found.len() == wrong.len()),
            "{errors:?}"
        );
    }
    let none = errors(&leaf().with(|draft| {
        draft.extensions.pop();
    }));
    assert!(matches!(&none[..], [PathError::WrongPurpose { found, .. }] if found.is_empty()));
}

#[test]
fn time_stamping_must_be_critical() {
    let lax = extension(EXTENDED_KEY_USAGE, false, &Purpose::TimeStamping.extended_key_usage());
    let leaf = leaf().with(|draft| draft.extensions[1] = lax).signed_by(&Key::p256(1));
    let errors = trust().verify_path(&leaf, &[], Purpose::TimeStamping, MIDDLE).unwrap_err();
    assert!(matches!(&errors[..], [PathError::PurposeNotCritical { .. }]));
}

#[test]
fn every_problem_of_a_leaf_is_reported_besides_that_of_its_chain() {
    let wrong = leaf().with(|draft| {
        draft.issuer = name("Nobody");
        draft.not_after = MIDDLE.plus_seconds(-1);
        draft.extensions = vec![extension(KEY_USAGE, true, &[3, 2, 5, 0x20])];
    });
    let subject = || "CN=Test Signer".to_owned();
    assert_eq!(
        errors(&wrong),
        [
            PathError::WrongPurpose { subject: subject(), needed: Purpose::DocumentSigning, found: vec![] },
            PathError::KeyUsage { subject: subject(), needed: "digitalSignature" },
            PathError::Expired { subject: subject(), at: MIDDLE, not_after: MIDDLE.plus_seconds(-1) },
            PathError::UnknownIssuer { subject: subject(), issuer: "CN=Nobody".into() },
        ]
    );
}

#[test]
fn a_certification_authority_signs_no_documents() {
    let errors = errors(&leaf().with(|draft| draft.extensions.push(ca(None))));
    assert_eq!(errors, [PathError::LeafIsCa { subject: "CN=Test Signer".into() }]);
}

#[test]
fn validity_includes_its_first_and_last_second() {
    let at = |at: UnixTime| {
        let leaf = leaf().with(|draft| draft.not_after = MIDDLE).signed_by(&Key::p256(1));
        trust().verify_path(&leaf, &[], Purpose::DocumentSigning, at).err().unwrap_or_default()
    };
    assert_eq!(at(START), []);
    assert_eq!(at(MIDDLE), []);
    assert!(matches!(at(MIDDLE.plus_seconds(1))[..], [PathError::Expired { not_after: MIDDLE, .. }]));
    // The root begins in the same second.
    let early = at(START.plus_seconds(-1));
    assert!(matches!(early[..], [PathError::NotYetValid { not_before: START, .. }, PathError::NotYetValid { .. }]));
    assert_eq!(at(UnixTime::new(i64::MIN)).len(), 2);
    assert_eq!(at(UnixTime::new(i64::MAX)).len(), 2);
}

#[test]
fn an_expired_root_is_refused() {
    let key = Key::p256(1);
    let leaf = leaf().signed_by(&key);
    for (not_after, accepted) in [(MIDDLE, true), (MIDDLE.plus_seconds(-1), false)] {
        let root = Draft::root(&key).with(|draft| draft.not_after = not_after).signed_by(&key);
        let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
        match trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE) {
            Ok(_) => assert!(accepted),
            Err(errors) => {
                assert!(!accepted);
                assert!(matches!(&errors[..], [PathError::Expired { subject, .. }] if subject == "CN=Test Root"));
            }
        }
    }
}

#[test]
fn a_verified_path_answers_for_another_instant() {
    let leaf = leaf().with(|draft| draft.not_after = MIDDLE).signed_by(&Key::p256(1));
    let path = trust().verify_path(&leaf, &[], Purpose::DocumentSigning, START).unwrap();
    path.valid_at(MIDDLE).unwrap();
    assert!(matches!(path.valid_at(MIDDLE.plus_seconds(1)).unwrap_err()[..], [PathError::Expired { .. }]));
    assert!(matches!(
        path.valid_at(END.plus_seconds(1)).unwrap_err()[..],
        [PathError::Expired { .. }, PathError::Expired { .. }]
    ));
}

#[test]
fn another_root_of_the_same_name_is_not_trusted() {
    let leaf = leaf().signed_by(&Key::p256(9));
    let errors = trust().verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert_eq!(errors, [PathError::BadSignature { subject: "CN=Test Signer".into() }]);
    // The bad signature is not remembered as a good one.
    let trust = trust();
    for _ in 0..2 {
        assert!(trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).is_err());
    }
}

#[test]
fn a_remembered_signature_covers_its_certificate_alone() {
    let trust = trust();
    let good = leaf().signed_by(&Key::p256(1));
    trust.verify_path(&good, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    trust.verify_path(&good, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    let mut changed = good.der().to_vec();
    let at = changed.windows(11).position(|window| window == b"Test Signer").unwrap();
    changed[at] = b'B';
    let changed = X509Certificate::from_der(&changed).unwrap();
    let errors = trust.verify_path(&changed, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert!(matches!(errors[..], [PathError::BadSignature { .. }]));
}

#[test]
fn a_key_is_the_same_in_every_encoding() {
    let key = Key::p256(3);
    let certificate = |spki: Vec<u8>| leaf().with(|draft| draft.spki = spki).signed_by(&Key::p256(1));
    let plain = certificate(key.spki());
    // The point without its second coordinate (SEC 1, 2.3.3).
    let Key::P256(secret) = &key else { unreachable!() };
    let point = secret.verifying_key().to_sec1_point(true);
    let algorithm = &key.spki()[2..23];
    let compressed = certificate(der(0x30, &[algorithm, &der(3, &[&[0], point.as_bytes()])]));
    assert_ne!(plain.spki(), compressed.spki());
    assert!(plain.has_key_of(&compressed) && compressed.has_key_of(&plain));
    assert!(!plain.has_key_of(&certificate(Key::p256(4).spki())));
    assert!(!plain.has_key_of(&certificate(Key::ed25519(3).spki())));
    // A key that can't be read is still the same as itself.
    let unknown = || certificate(der(0x30, &[&der(0x30, &[&oid("1.2.3")]), &der(3, &[&[0, 1]])]));
    assert!(unknown().has_key_of(&unknown()) && !unknown().has_key_of(&plain));
}

#[test]
fn only_signers_of_letters_are_for_letters() {
    let named = |purpose| leaf().with(|draft| draft.extensions[1] = extended_key_usage(purpose));
    for purpose in Purpose::ALL {
        let certificate = named(purpose).signed_by(&Key::p256(1));
        assert_eq!(certificate.is_for_letters(), purpose == Purpose::DocumentSigning, "{purpose}");
    }
    let ordinary = leaf().with(|draft| draft.extensions[1] = purpose(&[DOCUMENT_SIGNING]));
    assert!(!ordinary.signed_by(&Key::p256(1)).is_for_letters());
}
