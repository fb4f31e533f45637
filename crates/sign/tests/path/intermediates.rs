//! Certification authorities between a leaf and its anchor.

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
    let expected =
        PathError::Expired { subject: "CN=Test Intermediate".into(), at: MIDDLE, not_after: MIDDLE.plus_seconds(-1) };
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
        let result = trust.verify_path(&leaf, std::slice::from_ref(&intermediate), Purpose::DocumentSigning, MIDDLE);
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
    let good = Draft::intermediate(&Key::p256(9)).with(|draft| draft.subject = name("Loop")).signed_by(&Key::p256(1));
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
