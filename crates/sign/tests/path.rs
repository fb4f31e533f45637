//! Certification paths. Every rejected path has a twin without the fault that is accepted.

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

mod foreign {
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
}

mod intermediates {
    use super::*;

    /// Verifies a leaf under an intermediate under the root, after `change` to the intermediate.
    fn errors(change: impl FnOnce(&mut Draft)) -> Vec<PathError> {
        let key = Key::p384(2);
        let intermediate = Draft::intermediate(&key).with(change).signed_by(&Key::p256(1));
        let leaf = leaf().with(|draft| draft.issuer = name("Test Intermediate")).signed_by(&key);
        match trust().verify_path(&leaf, std::slice::from_ref(&intermediate), Purpose::DocumentSigning, MIDDLE) {
            Ok(path) => {
                assert_eq!(path.intermediates().collect::<Vec<_>>(), [&intermediate]);
                Vec::new()
            }
            Err(errors) => errors,
        }
    }

    #[test]
    fn a_good_one_leads_to_the_root() {
        assert_eq!(errors(|_| ()), []);
        assert_eq!(errors(|draft| draft.extensions.push(extended_key_usage(Purpose::DocumentSigning))), []);
        assert_eq!(errors(|draft| draft.extensions.push(purpose(&["2.5.29.37.0"]))), []);
        assert_eq!(errors(|draft| draft.extensions[0] = ca(Some(0))), []);
    }

    #[test]
    fn one_in_the_trust_file_serves_too() {
        let key = Key::p256(2);
        let intermediate = Draft::intermediate(&key).signed_by(&Key::p256(1));
        let leaf = leaf().with(|draft| draft.issuer = name("Test Intermediate")).signed_by(&key);
        let errors = trust().verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
        assert!(matches!(&errors[..], [PathError::UnknownIssuer { issuer, .. }] if issuer == "CN=Test Intermediate"));
        let text = certificate_pem(&root()) + &certificate_pem(&intermediate);
        let trust = TrustStore::from_pem(&text).unwrap();
        trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
    }

    #[test]
    fn it_must_be_a_certification_authority() {
        let expected = PathError::NotACa { subject: "CN=Test Intermediate".into() };
        assert_eq!(
            errors(|draft| {
                draft.extensions.remove(0);
            }),
            [expected]
        );
    }

    #[test]
    fn it_must_be_one_that_signs_certificates() {
        let errors = errors(|draft| draft.extensions[1] = leaf_usage());
        assert!(matches!(errors[..], [PathError::KeyUsage { needed: "keyCertSign", .. }]));
    }

    #[test]
    fn it_must_not_be_confined_to_another_purpose() {
        for other in ["1.3.6.1.5.5.7.3.1", DOCUMENT_SIGNING] {
            let errors = errors(|draft| draft.extensions.push(purpose(&[other])));
            assert!(
                matches!(&errors[..], [PathError::WrongPurpose { subject, .. }] if subject == "CN=Test Intermediate"),
                "{other}: {errors:?}"
            );
        }
    }

    #[test]
    fn it_must_be_in_its_validity() {
        let errors = errors(|draft| draft.not_after = MIDDLE.plus_seconds(-1));
        let expected = PathError::Expired {
            subject: "CN=Test Intermediate".into(),
            at: MIDDLE,
            not_after: MIDDLE.plus_seconds(-1),
        };
        assert_eq!(errors, [expected]);
    }

    #[test]
    fn the_root_may_forbid_it() {
        let key = Key::p256(1);
        let intermediate = Draft::intermediate(&Key::p256(2)).signed_by(&key);
        let leaf = leaf().with(|draft| draft.issuer = name("Test Intermediate")).signed_by(&Key::p256(2));
        for (length, accepted) in [(1, true), (0, false)] {
            let root = Draft::root(&key).with(|draft| draft.extensions[0] = ca(Some(length))).signed_by(&key);
            let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
            let result =
                trust.verify_path(&leaf, std::slice::from_ref(&intermediate), Purpose::DocumentSigning, MIDDLE);
            match result {
                Ok(_) => assert!(accepted),
                Err(errors) => {
                    assert!(!accepted);
                    assert!(matches!(errors[..], [PathError::PathLength { .. }]));
                }
            }
        }
    }

    /// A policy that an intermediate demands must be in every certificate below it.
    #[test]
    fn demanded_policies_are_checked() {
        // requireExplicitPolicy 0; a policy; another one
        let demand = extension("2.5.29.36", true, &der(0x30, &[&[0x80, 1, 0]]));
        let policy = |id: &str, critical| extension("2.5.29.32", critical, &der(0x30, &[&der(0x30, &[&oid(id)])]));
        let mapping = extension("2.5.29.33", true, &der(0x30, &[&der(0x30, &[&oid("1.2.3"), &oid("1.2.4")])]));
        let key = Key::p384(2);
        let errors = |of_intermediate: &[&Vec<u8>], of_leaf: &[&Vec<u8>]| {
            let intermediate = Draft::intermediate(&key)
                .with(|draft| draft.extensions.extend(of_intermediate.iter().copied().cloned()))
                .signed_by(&Key::p256(1));
            let leaf = leaf()
                .with(|draft| draft.issuer = name("Test Intermediate"))
                .with(|draft| draft.extensions.extend(of_leaf.iter().copied().cloned()))
                .signed_by(&key);
            trust().verify_path(&leaf, &[intermediate], Purpose::DocumentSigning, MIDDLE).err().unwrap_or_default()
        };
        let of = |subject: &str| vec![PathError::Policy { subject: subject.into() }];
        let (one, two, any) = (policy("1.2.3", true), policy("1.2.4", false), policy("2.5.29.32.0", false));
        // Without a demand, policies decide nothing, critical or not.
        assert_eq!(errors(&[&one], &[&two]), []);
        assert_eq!(errors(&[&one], &[]), []);
        assert_eq!(errors(&[&one, &demand], &[&one]), []);
        assert_eq!(errors(&[&one, &demand], &[&two]), of("CN=Test Signer"));
        assert_eq!(errors(&[&one, &demand], &[]), of("CN=Test Signer"));
        assert_eq!(errors(&[&demand], &[&one]), of("CN=Test Signer"));
        assert_eq!(errors(&[&any, &demand], &[&one]), []);
        let inhibit_any = extension("2.5.29.54", true, &[2, 1, 0]);
        assert_eq!(errors(&[&one, &demand], &[&any]), []);
        assert_eq!(errors(&[&one, &demand, &inhibit_any], &[&any]), of("CN=Test Signer"));
        assert_eq!(errors(&[&one, &demand, &mapping], &[&two]), []);
        assert_eq!(errors(&[&one, &demand, &mapping], &[&one]), of("CN=Test Signer"));
        let inhibit_mapping = extension("2.5.29.36", true, &der(0x30, &[&[0x80, 1, 0], &[0x81, 1, 0]]));
        // The mapping of the intermediate itself still counts: it is forbidden below.
        assert_eq!(errors(&[&one, &inhibit_mapping, &mapping], &[&two]), []);
    }

    #[test]
    fn unknown_critical_extensions_are_refused() {
        assert_eq!(errors(|draft| draft.extensions.push(extension("1.2.3.4", false, &[5, 0]))), []);
        let errors = errors(|draft| draft.extensions.push(extension("1.2.3.4", true, &[5, 0])));
        assert!(matches!(errors[..], [PathError::UnsupportedExtension { .. }]));
    }

    /// By their names, each of these certificates could have issued each other one, so the search
    /// goes through all orders.
    #[test]
    fn certificates_that_all_fit_each_other_are_bounded() {
        let certificate = |seed: u8, subject: &str, padding: usize| {
            let key = Key::p256(seed);
            let padding = (0..padding).flat_map(|n| extension(&format!("1.2.{n}"), false, &[0])).collect();
            let draft = Draft::intermediate(&key).with(|draft| {
                (draft.subject, draft.issuer) = (name(subject), name("Loop"));
                draft.extensions.push(padding);
            });
            draft.signed_by(&key)
        };
        let good =
            Draft::intermediate(&Key::p256(9)).with(|draft| draft.subject = name("Loop")).signed_by(&Key::p256(1));
        let errors = |others: u8, subject: &str, padding: usize| {
            let others = (0..others).map(|n| certificate(10 + n, subject, padding));
            let intermediates: Vec<_> = core::iter::once(good.clone()).chain(others).collect();
            let leaf = leaf().with(|draft| draft.issuer = name("Loop")).signed_by(&Key::p256(9));
            trust().verify_foreign_path(&leaf, &intermediates, MIDDLE).err().unwrap_or_default()
        };
        let too_complex = [PathError::TooComplex { subject: "CN=Test Signer".into() }];
        assert_eq!(errors(4, "Loop", 0), []);
        assert_eq!(errors(5, "Loop", 0), too_complex);
        // Large certificates, and many that no names connect with the leaf.
        assert_eq!(errors(4, "Loop", 300), []);
        assert_eq!(errors(4, "Loop", 900), too_complex);
        assert_eq!(errors(30, "Other", 3000), []);
    }

    #[test]
    fn a_loop_of_names_ends() {
        let (a, b) = (Key::p256(4), Key::p256(5));
        let draft = |key: &Key, subject: &str, issuer: &str| {
            Draft::intermediate(key).with(|draft| (draft.subject, draft.issuer) = (name(subject), name(issuer)))
        };
        let loops = [draft(&a, "A", "B").signed_by(&b), draft(&b, "B", "A").signed_by(&a)];
        let leaf = leaf().with(|draft| draft.issuer = name("A")).signed_by(&a);
        let errors = trust().verify_path(&leaf, &loops, Purpose::DocumentSigning, MIDDLE).unwrap_err();
        assert!(matches!(errors[..], [PathError::UnknownIssuer { .. }]));
    }
}

mod keys {
    use super::*;
    use cqm_sign::KeyError;

    /// Verifies a leaf with another `SubjectPublicKeyInfo`.
    fn errors(spki: &[u8]) -> Vec<PathError> {
        super::errors(&leaf().with(|draft| draft.spki = spki.to_vec()))
    }

    /// The bits of the RSA key under the identifier of RSASSA-PSS.
    fn pss_key(parameters: &[u8]) -> Vec<u8> {
        let spki = Key::rsa().spki();
        let bits = spki.windows(4).position(|window| window == [0x03, 0x82, 0x01, 0x8f]).unwrap();
        der(0x30, &[&der(0x30, &[&oid("1.2.840.113549.1.1.10"), parameters]), &spki[bits..]])
    }

    #[test]
    fn keys_for_rsassa_pss_are_accepted() {
        assert_eq!(errors(&Key::rsa().spki()), []);
        assert_eq!(errors(&pss_key(&[])), []);
        // The default of the parameters is SHA-1.
        let unsupported = errors(&pss_key(&[0x30, 0]));
        assert!(matches!(unsupported[..], [PathError::UnusableKey { error: KeyError::UnsupportedAlgorithm, .. }]));
        // Such a key signs nothing with PKCS #1 v1.5.
        let root = Draft::root(&Key::rsa()).with(|draft| draft.spki = pss_key(&[])).signed_by(&Key::rsa());
        let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
        let signed = leaf().signed_by(&Key::rsa());
        let refused = trust.verify_path(&signed, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
        assert!(matches!(refused[..], [PathError::BadSignature { .. }]));
    }

    #[test]
    fn a_small_exponent_is_told_apart() {
        let small = include_bytes!("data/rsa2048_exponent3.spki");
        let refused = errors(small);
        let expected = KeyError::RsaSmallExponent { exponent: 3 };
        assert!(matches!(&refused[..], [PathError::UnusableKey { error, .. }] if *error == expected));
        // So is that of an issuer: it can not be known whether it signed.
        let root = Draft::root(&Key::p256(1)).with(|draft| draft.spki = small.to_vec()).signed_by(&Key::p256(1));
        let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
        let signed = leaf().signed_by(&Key::p256(1));
        let refused = trust.verify_path(&signed, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
        assert!(
            matches!(&refused[..], [PathError::UnusableKey { subject, error }] if subject == "CN=Test Root" && *error == expected)
        );
    }

    #[test]
    fn an_algorithm_that_is_not_accepted_is_told_apart() {
        // ecdsa-with-SHA1 instead of ecdsa-with-SHA256, at both places.
        let good = leaf().signed_by(&Key::p256(1));
        let mut bytes = good.der().to_vec();
        let sha256 = &oid("1.2.840.10045.4.3.2")[..];
        let other = oid("1.2.840.10045.4.3.1");
        let places: Vec<_> =
            bytes.windows(sha256.len()).enumerate().filter(|(_, at)| *at == sha256).map(|(at, _)| at).collect();
        assert_eq!(places.len(), 2);
        for at in places {
            bytes[at..at + other.len()].copy_from_slice(&other);
        }
        let sha1 = X509Certificate::from_der(&bytes).unwrap();
        let errors = trust().verify_path(&sha1, &[], Purpose::DocumentSigning, MIDDLE).unwrap_err();
        assert_eq!(errors, [PathError::UnsupportedAlgorithm { subject: "CN=Test Signer".into() }]);
    }
}

mod revocation {
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
}

mod pem_texts {
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
        assert!(
            message.contains("\"CN=Test Signer\", is not the certificate of a certification authority"),
            "{message}"
        );
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
