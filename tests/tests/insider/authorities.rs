//! The key of a CA: what the CAs above it forbid, and the CRL that ends it.

use cqm_core::Verdict::{Invalid, Valid};
use cqm_keys::{CrlReason, KeyAlgorithm, KeyPair, Profile, SigningKey, system_rng};
use cqm_sign::x509::{Purpose, TrustStore};
use cqm_tests::{
    insider::{Authority, Extension},
    office::{Forge, IN_DATE, errors, issued},
};
use cqm_verify::{Question, Report, Verifier};
use x509_cert::{
    der::{Encode as _, asn1::OctetString},
    ext::pkix::{NameConstraints, constraints::name::GeneralSubtree, name::GeneralName},
};

fn signer(authority: &Authority, purpose: Purpose) -> KeyPair {
    let key = SigningKey::generate(KeyAlgorithm::Ed25519, &mut system_rng().unwrap()).unwrap();
    authority.certify(key, "CN=A signer,O=CQM test keys", Profile::Signer(purpose), &[])
}

/// A letter of two signers below a CA.
fn letter(document: &Authority, token: &Authority) -> Vec<u8> {
    let document_signer = signer(document, Purpose::DocumentSigning);
    let token_signer = signer(token, Purpose::TokenSigning);
    Forge { document_signer, token_signer }.issue(&issued().certificate)
}

fn verify(letter: &[u8], root: &Authority, crls: &[Vec<u8>]) -> Report {
    let pem = cqm_keys::certificate_pem(root.keys.certificate()).unwrap();
    let mut trust = TrustStore::from_pem(&pem).unwrap();
    crls.iter().for_each(|crl| trust.add_crl(crl).unwrap());
    Verifier::new(trust).verify(letter, &Question::new(IN_DATE.end()).without_status())
}

/// An extended key usage.
fn usages(oids: &[&[u8]]) -> Extension {
    let all: Vec<u8> = oids.concat();
    let mut value = vec![0x30, u8::try_from(all.len()).unwrap()];
    value.extend(all);
    Extension { extn_id: "2.5.29.37".parse().unwrap(), critical: false, extn_value: OctetString::new(value).unwrap() }
}

/// The usages of a purpose, without the SEQUENCE around them.
fn usage(purpose: Purpose) -> Vec<u8> {
    purpose.extended_key_usage()[2..].to_vec()
}

/// Name constraints on directory names.
fn names(permitted: &[&str], excluded: &[&str]) -> Extension {
    let trees = |names: &[&str]| {
        let tree = |name: &&str| GeneralSubtree {
            base: GeneralName::DirectoryName(name.parse().unwrap()),
            minimum: 0,
            maximum: None,
        };
        (!names.is_empty()).then(|| names.iter().map(tree).collect())
    };
    let value = NameConstraints { permitted_subtrees: trees(permitted), excluded_subtrees: trees(excluded) };
    Extension {
        extn_id: "2.5.29.30".parse().unwrap(),
        critical: true,
        extn_value: OctetString::new(value.to_der().unwrap()).unwrap(),
    }
}

/// Asserts that a letter of two signers below these CAs is valid, or invalid for these reasons.
#[track_caller]
fn assert_letter(root: &Authority, document: &Authority, token: &Authority, codes: &[&str]) {
    let report = verify(&letter(document, token), root, &[]);
    let verdict = if codes.is_empty() { Valid } else { Invalid };
    assert_eq!((report.verdict(), &errors(&report)[..]), (verdict, codes), "{:#?}", report.findings());
}

#[test]
fn the_purposes_of_a_ca_are_those_of_its_signers() {
    let root = Authority::root();
    let constrained = |name: &str, purposes: &[&[u8]]| root.authority(name, Some(0), &[usages(purposes)]);
    let [letters, tokens] = [Purpose::DocumentSigning, Purpose::TokenSigning].map(usage);
    // The first of the two usages for letters, RFC 9336.
    let documents = &letters[..10];
    let for_letters = constrained("CN=A CA for letters", &[&letters]);
    let for_tokens = constrained("CN=A CA for tokens", &[&tokens]);
    let for_both = constrained("CN=A CA for letters and tokens", &[&letters, &tokens]);
    let for_documents = constrained("CN=A CA for documents", &[documents]);
    assert_letter(&root, &for_letters, &for_tokens, &[]);
    assert_letter(&root, &for_both, &for_both, &[]);
    for (document, token) in [
        (&for_letters, &for_letters),
        (&for_tokens, &for_tokens),
        (&for_tokens, &for_letters),
        (&for_documents, &for_tokens),
    ] {
        assert_letter(&root, document, token, &["trust.wrong-purpose"]);
    }
}

#[test]
fn a_ca_certifies_no_names_but_its_own() {
    let root = Authority::root();
    let constrained = |name: &str, permitted: &[&str], excluded: &[&str]| {
        root.authority(name, Some(0), &[names(permitted, excluded)])
    };
    let free = root.authority("CN=A CA", Some(0), &[]);
    let own = constrained("CN=A CA of the office", &["O=CQM test keys"], &["O=Another office"]);
    let other = constrained("CN=A CA of another office", &["O=Another office"], &[]);
    let excluded = constrained("CN=A CA of all but the office", &[], &["O=CQM test keys"]);
    assert_letter(&root, &free, &free, &[]);
    assert_letter(&root, &own, &own, &[]);
    for wrong in [&other, &excluded] {
        assert_letter(&root, wrong, &own, &["trust.malformed"]);
        assert_letter(&root, &own, wrong, &["trust.malformed"]);
        // Its own names and purposes hold for an anchor too.
        assert_letter(wrong, wrong, wrong, &["trust.malformed"]);
    }
    assert_letter(&own, &own, &own, &[]);
}

#[test]
fn an_issuing_ca_certifies_no_ca() {
    let root = Authority::root();
    let [issuing, long] = [0, 1].map(|length| root.authority("CN=An issuing CA", Some(length), &[]));
    let [below_issuing, below_long] = [&issuing, &long].map(|above| above.authority("CN=A CA below", Some(0), &[]));
    assert_letter(&root, &issuing, &issuing, &[]);
    assert_letter(&root, &below_long, &below_long, &[]);
    assert_letter(&root, &below_issuing, &issuing, &["trust.malformed"]);
    assert_letter(&root, &issuing, &below_issuing, &["trust.malformed"]);
    // Nor does one that is trusted itself.
    assert_letter(&issuing, &below_issuing, &below_issuing, &["trust.malformed"]);
}

/// The document signer's key certifies another signer, or a CA.
#[test]
fn a_signer_is_no_ca() {
    let root = Authority::root();
    let issuing = root.authority("CN=An issuing CA", None, &[]);
    let thief = Authority { keys: signer(&issuing, Purpose::DocumentSigning) };
    let below = thief.authority("CN=A CA below a signer", None, &[]);
    assert_letter(&root, &issuing, &issuing, &[]);
    for authority in [&thief, &below] {
        assert_letter(&root, authority, &issuing, &["trust.malformed", "trust.wrong-purpose"]);
    }
}

/// The issuing CA's key makes signers that are believed, until the root's CRL revokes the CA.
#[test]
fn the_crl_of_the_root_ends_a_stolen_issuing_ca() {
    let root = Authority::root();
    let issuing = root.authority("CN=An issuing CA", Some(0), &[]);
    let letter = letter(&issuing, &issuing);
    let by_root = root.crl(1, &[]);
    assert_eq!(verify(&letter, &root, &[by_root, issuing.crl(1, &[])]).verdict(), Valid);
    let revoked = root.crl(2, &[(issuing.keys.certificate(), CrlReason::KeyCompromise)]);
    // Neither a CRL of the thief, nor one in the root's name by another CA, undoes that.
    let same_name = root.authority("CN=A root", Some(0), &[]);
    for others in [&[][..], &[issuing.crl(9, &[])], &[issuing.crl(9, &[]), same_name.crl(9, &[])]] {
        let report = verify(&letter, &root, &[std::slice::from_ref(&revoked), others].concat());
        assert_eq!((report.verdict(), &errors(&report)[..]), (Invalid, &["trust.revoked"][..]));
    }
}
