//! Texts of `--trust`: which blocks become anchors, and which are skipped.

use super::*;

#[test]
fn errors_name_the_block() {
    let good = certificate_pem(&root());
    let leaf = certificate_pem(&leaf().signed_by(&Key::p256(1)));
    let with_comments = format!("a root\n{good}and a signer\n{leaf}");
    assert_eq!(X509Certificate::from_pem_chain(&with_comments).unwrap().len(), 2);
    assert_eq!(X509Certificate::from_pem_chain("no block"), Err(PemError::Empty));
    let key = pem("PRIVATE KEY", &[0x30, 0]);
    let expected = PemError::Label { block: 2, label: "PRIVATE KEY".into() };
    assert_eq!(X509Certificate::from_pem_chain(&(good.clone() + &key)), Err(expected));
    let cut = good.clone() + &leaf[..leaf.len() - 30];
    assert_eq!(X509Certificate::from_pem_chain(&cut), Err(PemError::Unfinished { block: 2 }));
    let broken = good + &pem("CERTIFICATE", &[0x30, 0]);
    assert!(matches!(X509Certificate::from_pem_chain(&broken), Err(PemError::Certificate { block: 2, .. })));
}

#[test]
fn every_certification_authority_is_an_anchor_and_the_rest_is_skipped() {
    let key = Key::p256(2);
    let intermediate = Draft::intermediate(&key).signed_by(&Key::p256(1));
    let signer = leaf().with(|draft| draft.issuer = name("Test Intermediate")).signed_by(&key);
    let of_signer = certificate_pem(&signer);
    let broken = pem("CERTIFICATE", &[0x30, 0]);
    let blocks = [of_signer.clone(), pem("PRIVATE KEY", &[0x30, 0]), broken, certificate_pem(&intermediate)];
    let text = blocks.concat() + "-----BEGIN CERTIFICATE-----\nMII";
    let trust = TrustStore::from_pem(&text).unwrap();
    assert_eq!(trust.roots(), [intermediate]);
    assert!(matches!(
        trust.skipped(),
        [
            Skipped::NotACa { block: 1, .. },
            Skipped::Unreadable(PemError::Label { block: 2, .. }),
            Skipped::Unreadable(PemError::Certificate { block: 3, .. }),
            Skipped::Unreadable(PemError::Unfinished { block: 5 }),
        ]
    ));
    let path = trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    assert_eq!((path.root(), path.intermediates().len()), (&trust.roots()[0], 0));
    // A leaf is no anchor, not even for itself.
    let self_signed = leaf().with(|draft| draft.issuer = draft.subject.clone()).signed_by(&Key::p256(3));
    for only in [&of_signer, &certificate_pem(&self_signed), "no block"] {
        assert!(matches!(TrustStore::from_pem(only).unwrap_err(), TrustError::NoAnchor { .. }), "{only}");
    }
    let message = TrustStore::from_pem(&of_signer).unwrap_err().to_string();
    assert!(message.contains("\"CN=Test Signer\", is not the certificate of a certification authority"), "{message}");
}

#[test]
fn a_path_goes_up_to_the_root_if_that_is_trusted_too() {
    let key = Key::p256(2);
    let intermediate = Draft::intermediate(&key).signed_by(&Key::p256(1));
    let signer = leaf().with(|draft| draft.issuer = name("Test Intermediate")).signed_by(&key);
    let text = certificate_pem(&intermediate) + &certificate_pem(&root());
    let mut trust = TrustStore::from_pem(&text).unwrap();
    let path = trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    assert_eq!((path.root(), path.intermediates().len()), (&root(), 1));
    // So the root's CRL counts, also for an intermediate that is trusted.
    trust.add_crl(&crl(&Key::p256(1), START, END, &[Entry { serial: 2, date: START, reason: None }])).unwrap();
    let revoked = trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert!(matches!(&revoked[..], [PathError::Revoked { serial, .. }] if serial == "02"), "{revoked:?}");
}

/// A root's successor is certified by the old root: under its own name, and under the same
/// name.
#[test]
fn a_cross_certificate_connects_two_roots() {
    let (old, new) = (Key::p256(1), Key::p256(6));
    for successor in ["Test Root 2", "Test Root"] {
        let next = Draft::root(&new)
            .with(|draft| (draft.subject, draft.issuer) = (name(successor), name(successor)))
            .signed_by(&new);
        let cross =
            Draft::root(&new).with(|draft| (draft.subject, draft.serial) = (name(successor), 7)).signed_by(&old);
        let signer = leaf().with(|draft| draft.issuer = name(successor)).signed_by(&new);
        let leads = |certificates: &[&X509Certificate]| {
            let text: String = certificates.iter().map(|certificate| certificate_pem(certificate)).collect();
            let trust = TrustStore::from_pem(&text).unwrap();
            let path = trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
            assert!(trust.leads_to(&path, path.root(), MIDDLE));
            trust.leads_to(&path, &root(), MIDDLE)
        };
        assert!(leads(&[&next, &root(), &cross]), "{successor}");
        assert!(!leads(&[&next, &root()]), "{successor}");
    }
}

#[test]
fn an_anchor_can_be_revoked_by_another() {
    let key = Key::p256(2);
    let intermediate = Draft::intermediate(&key).signed_by(&Key::p256(1));
    let signer = leaf().with(|draft| draft.issuer = name("Test Intermediate")).signed_by(&key);
    // The root has expired, so the path ends at the intermediate.
    let expired = Draft::root(&Key::p256(1)).with(|draft| draft.not_after = START).signed_by(&Key::p256(1));
    let mut trust = TrustStore::from_pem(&(certificate_pem(&intermediate) + &certificate_pem(&expired))).unwrap();
    let path = trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    assert_eq!(path.root(), &intermediate);
    trust.add_crl(&crl(&Key::p256(9), START, END, &[Entry { serial: 2, date: START, reason: None }])).unwrap();
    trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    trust.add_crl(&crl(&Key::p256(1), START, END, &[Entry { serial: 2, date: START, reason: None }])).unwrap();
    let revoked = trust.verify_path(&signer, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert!(matches!(revoked[..], [PathError::Revoked { .. }]), "{revoked:?}");
}

#[test]
fn truncated_certificates_are_refused() {
    let good = root();
    for length in 0..good.der().len() {
        X509Certificate::from_der(&good.der()[..length]).unwrap_err();
    }
    X509Certificate::from_der(&[good.der(), &[0]].concat()).unwrap_err();
}
