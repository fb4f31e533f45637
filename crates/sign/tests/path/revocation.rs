//! CRLs: which certificates they revoke, and when they count.

use super::*;

fn errors_at(at: UnixTime, entries: &[Entry]) -> Vec<PathError> {
    let mut trust = trust();
    trust.add_crl(&crl(&Key::p256(1), START, END, entries)).unwrap();
    let leaf = leaf().signed_by(&Key::p256(1));
    match trust.verify_path(&leaf, &[], Purpose::DocumentSigning, at) {
        Ok(path) => {
            assert_eq!(path.revocation(), Revocation::Checked);
            Vec::new()
        }
        Err(errors) => errors,
    }
}

const SIGNER: u8 = 3;

#[test]
fn the_date_decides() {
    let entries = [Entry { serial: SIGNER, date: MIDDLE, reason: Some(4) }];
    assert_eq!(errors_at(MIDDLE.plus_seconds(-1), &entries), []);
    let errors = errors_at(MIDDLE, &entries);
    assert!(matches!(&errors[..], [PathError::Revoked { serial, date: MIDDLE, .. }] if serial == "03"));
    assert_eq!(errors_at(END, &[Entry { serial: 4, date: MIDDLE, reason: None }]), []);
    assert_eq!(errors_at(END, &[]), []);
}

#[test]
fn a_compromised_key_counts_from_the_beginning() {
    for reason in [1, 2, 10] {
        let entries = [Entry { serial: SIGNER, date: MIDDLE, reason: Some(reason) }];
        assert!(matches!(errors_at(START, &entries)[..], [PathError::Revoked { .. }]));
    }
}

#[test]
fn a_verified_path_knows_of_later_revocations() {
    let mut trust = trust();
    let entries = [Entry { serial: SIGNER, date: MIDDLE, reason: None }];
    trust.add_crl(&crl(&Key::p256(1), START, END, &entries)).unwrap();
    let leaf = leaf().signed_by(&Key::p256(1));
    let path = trust.verify_path(&leaf, &[], Purpose::DocumentSigning, START).unwrap();
    path.valid_at(MIDDLE.plus_seconds(-1)).unwrap();
    assert!(matches!(path.valid_at(MIDDLE).unwrap_err()[..], [PathError::Revoked { reason: None, .. }]));
}

#[test]
fn a_stale_crl_is_told_apart_and_the_newest_counts() {
    let mut trust = trust();
    let leaf = leaf().signed_by(&Key::p256(1));
    let key = Key::p256(1);
    let text = pem("X509 CRL", &crl(&key, START, MIDDLE, &[]));
    trust.add_crl(text.as_bytes()).unwrap();
    trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    let errors = trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE.plus_seconds(1)).unwrap_err();
    let expected =
        PathError::CrlStale { issuer: "CN=Test Root".into(), next_update: MIDDLE, at: MIDDLE.plus_seconds(1) };
    assert_eq!(errors, [expected]);
    trust.add_crl(&crl(&key, MIDDLE, END, &[])).unwrap();
    trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE.plus_seconds(1)).unwrap();
}

#[test]
fn a_crl_by_another_key_is_an_error() {
    let mut trust = trust();
    trust.add_crl(&crl(&Key::p256(9), START, END, &[])).unwrap();
    let leaf = leaf().signed_by(&Key::p256(1));
    let errors = trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
    assert_eq!(errors, [PathError::CrlBadSignature { issuer: "CN=Test Root".into() }]);
}

/// An issuer changed its key: it certified its old key with the new one and signs CRLs with the
/// new one only.
#[test]
fn an_issuer_that_changed_its_key_signs_with_the_new_one() {
    let (top, new, old) = (Key::p256(1), Key::p256(4), Key::p256(5));
    let top_certificate =
        Draft::root(&top).with(|draft| (draft.subject, draft.issuer) = (name("Top"), name("Top"))).signed_by(&top);
    let with_new = Draft::root(&new).with(|draft| draft.issuer = name("Top")).signed_by(&top);
    let old_with_new = Draft::root(&old).with(|draft| draft.serial = 9).signed_by(&new);
    let leaf = leaf().signed_by(&old);
    let errors = |signers: &[&Key], entries: &[Entry]| {
        let mut trust = TrustStore::from_pem(&certificate_pem(&top_certificate)).unwrap();
        for signer in signers {
            trust.add_crl(&crl(signer, START, END, entries)).unwrap();
        }
        let intermediates = [old_with_new.clone(), with_new.clone()];
        let path = trust.verify_path(&leaf, &intermediates, Purpose::DocumentSigning, MIDDLE);
        path.err().unwrap_or_default()
    };
    assert_eq!(errors(&[&new], &[]), []);
    let revoked = errors(&[&new], &[Entry { serial: 3, date: START, reason: None }]);
    assert!(matches!(&revoked[..], [PathError::Revoked { serial, .. }] if serial == "03"), "{revoked:?}");
    // The old key may revoke what it signed, but not vouch for its own certificate.
    let expected = PathError::CrlBadSignature { issuer: "CN=Test Root".into() };
    assert_eq!(errors(&[&old], &[]), vec![expected.clone(); 1]);
    assert_eq!(errors(&[&Key::p256(9)], &[]), vec![expected; 2]);
}

/// A CRL for a distribution point covers the certificates that name it.
#[test]
fn a_crl_of_a_distribution_point_covers_its_certificates() {
    let uri = |text: &str| der(0xa0, &[&der(0xa0, &[&der(0x86, &[text.as_bytes()])])]);
    let points = |text: &str| extension("2.5.29.31", false, &der(0x30, &[&der(0x30, &[&uri(text)])]));
    let scope = |text: &str, flags: &[u8]| extension("2.5.29.28", true, &der(0x30, &[&uri(text), flags]));
    let revoked = [Entry { serial: SIGNER, date: START, reason: None }];
    let check = |scope: &[u8], points: Option<Vec<u8>>| {
        let mut trust = trust();
        trust.add_crl(&crl_with(&Key::p256(1), START, END, &revoked, scope)).unwrap();
        let leaf = leaf().with(|draft| draft.extensions.extend(points)).signed_by(&Key::p256(1));
        match trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE) {
            Ok(path) => path.revocation(),
            Err(errors) => {
                assert!(matches!(errors[..], [PathError::Revoked { .. }]));
                Revocation::Checked
            }
        }
    };
    let (one, two) = ("http://crl.example/1", "http://crl.example/2");
    assert_eq!(check(&scope(one, &[]), Some(points(one))), Revocation::Checked);
    assert_eq!(check(&scope(one, &[]), Some(points(two))), Revocation::NotChecked);
    assert_eq!(check(&scope(one, &[]), None), Revocation::NotChecked);
    assert_eq!(check(&[], Some(points(two))), Revocation::Checked);
    // Only certificates of signers, only those of certification authorities.
    assert_eq!(check(&scope(one, &[0x81, 1, 0xff]), Some(points(one))), Revocation::Checked);
    assert_eq!(check(&scope(one, &[0x82, 1, 0xff]), Some(points(one))), Revocation::NotChecked);
    // Some reasons only, an indirect CRL, and a part without a name.
    let refused = |scope: &[u8]| {
        let crl = crl_with(&Key::p256(1), START, END, &revoked, scope);
        assert!(matches!(trust().add_crl(&crl), Err(CrlError::Unsupported(_))));
    };
    refused(&scope(one, &[0x83, 2, 6, 0x40]));
    refused(&scope(one, &[0x84, 1, 0xff]));
    refused(&extension("2.5.29.28", true, &der(0x30, &[&[0x81, 1, 0xff]])));
}

#[test]
fn of_two_entries_the_one_that_revokes_more_counts() {
    let later = Entry { serial: SIGNER, date: END, reason: None };
    assert_eq!(errors_at(MIDDLE, core::slice::from_ref(&later)), []);
    let errors = errors_at(MIDDLE, &[later, Entry { serial: SIGNER, date: START, reason: None }]);
    assert!(matches!(errors[..], [PathError::Revoked { date: START, .. }]));
}

#[test]
fn sizes_are_limited() {
    let limit = 16 << 20;
    let error = trust().add_crl(&vec![0x30; limit + 1]).unwrap_err();
    assert_eq!(error, CrlError::TooLong { length: limit + 1, limit });
    let limit = 24 << 20;
    let text = " ".repeat(limit + 1);
    let too_long = PemError::TooLong { length: limit + 1, limit };
    assert_eq!(X509Certificate::from_pem_chain(&text), Err(too_long.clone()));
    assert_eq!(TrustStore::from_pem(&text).unwrap_err(), TrustError::Pem(too_long));
}

#[test]
fn not_a_crl() {
    let good = crl(&Key::p256(1), START, END, &[]);
    trust().add_crl(&good).unwrap();
    for length in 0..good.len() {
        trust().add_crl(&good[..length]).unwrap_err();
    }
    let longer = [&good[..], &[0]].concat();
    trust().add_crl(&longer).unwrap_err();
    trust().add_crl(certificate_pem(&root()).as_bytes()).unwrap_err();
}
