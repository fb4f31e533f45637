//! The share of this crate in the verification of a letter. Run with `cargo bench -p cqm-sign`.

#![allow(missing_docs)]

#[path = "../tests/support/mod.rs"]
mod support;

use cqm_sign::{
    PublicKey,
    cms::{SignedData, sign_detached},
    jws::{Jws, sign_compact},
    x509::{Purpose, TrustStore, X509Certificate},
};
use divan::{Bencher, black_box};
use support::*;

fn main() {
    divan::main();
}

const TYP: &str = "cqm-certificate+jwt";

fn trust() -> TrustStore {
    let mut trust =
        TrustStore::from_pem(&certificate_pem(&Draft::root(&Key::p256(1)).signed_by(&Key::p256(1)))).unwrap();
    trust.add_crl(&crl(&Key::p256(1), START, END, &[])).unwrap();
    trust
}

#[divan::bench(args = ["p256", "p384", "rsa3072", "ed25519"])]
fn public_key_verify(bencher: Bencher<'_, '_>, name: &str) {
    let key = match name {
        "p256" => Key::p256(7),
        "p384" => Key::p384(7),
        "rsa3072" => Key::rsa(),
        _ => Key::ed25519(7),
    };
    let public = PublicKey::from_spki(&key.spki()).unwrap();
    let message = [7; 600];
    let signature = key.sign(&message);
    bencher.bench_local(|| public.verify(key.algorithm(), black_box(&message), &signature).unwrap());
}

#[divan::bench(args = ["p256", "p384", "rsa3072", "ed25519"])]
fn public_key_parse(bencher: Bencher<'_, '_>, name: &str) {
    let key = match name {
        "p256" => Key::p256(7),
        "p384" => Key::p384(7),
        "rsa3072" => Key::rsa(),
        _ => Key::ed25519(7),
    };
    let spki = key.spki();
    bencher.bench_local(|| PublicKey::from_spki(black_box(&spki)).unwrap());
}

#[divan::bench(args = ["p256", "rsa3072", "ed25519"])]
fn certificate_parse(bencher: Bencher<'_, '_>, name: &str) {
    let key = match name {
        "p256" => Key::p256(7),
        "rsa3072" => Key::rsa(),
        _ => Key::ed25519(7),
    };
    let certificate = Draft::leaf(&key).der(&Key::p256(1));
    bencher.bench_local(|| X509Certificate::from_der(black_box(&certificate)).unwrap());
}

/// The root's signature is verified.
#[divan::bench]
fn path_first_time(bencher: Bencher<'_, '_>) {
    let leaf = Draft::leaf(&Key::p256(7)).signed_by(&Key::p256(1));
    bencher
        .with_inputs(|| {
            TrustStore::from_pem(&certificate_pem(&Draft::root(&Key::p256(1)).signed_by(&Key::p256(1)))).unwrap()
        })
        .bench_local_values(|trust| {
            trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap();
            trust
        });
}

/// The root's signature is remembered.
#[divan::bench]
fn path_again(bencher: Bencher<'_, '_>) {
    let leaf = Draft::leaf(&Key::p256(7)).signed_by(&Key::p256(1));
    let trust = trust();
    bencher.bench_local(|| trust.verify_path(&leaf, &[], Purpose::DocumentSigning, MIDDLE).unwrap());
}

#[divan::bench]
fn cms_parse_and_verify(bencher: Bencher<'_, '_>) {
    let content = vec![7; 50_000];
    let cms = sign_detached(&TestSigner::document(Key::p256(7)), &[&content]).unwrap();
    bencher.bench_local(|| {
        let signed = SignedData::from_der(black_box(&cms)).unwrap();
        signed.verify(&[&content]).unwrap();
        signed.check_profile().unwrap();
    });
}

#[divan::bench]
fn jws_parse_and_verify(bencher: Bencher<'_, '_>) {
    let token = sign_compact(&TestSigner::document(Key::ed25519(7)), TYP, &[b'x'; 3000], START).unwrap();
    bencher.bench_local(|| Jws::parse(black_box(token.as_bytes())).unwrap().verify(TYP).unwrap());
}

/// Verifies both signatures and both paths of a letter by signers that are new to the store.
#[divan::bench]
fn letter_first_time(bencher: Bencher<'_, '_>) {
    let letter = Letter::new();
    bencher.with_inputs(trust).bench_local_values(|trust| {
        letter.verify(&trust);
        trust
    });
}

/// Verifies the next letter by the same signers.
#[divan::bench]
fn letter_again(bencher: Bencher<'_, '_>) {
    let letter = Letter::new();
    let trust = trust();
    bencher.bench_local(|| letter.verify(&trust));
}

struct Letter {
    content: Vec<u8>,
    cms: Vec<u8>,
    token: String,
}

impl Letter {
    fn new() -> Self {
        let content = vec![7; 50_000];
        let cms = sign_detached(&TestSigner::document(Key::p256(7)), &[&content]).unwrap();
        let token = sign_compact(&TestSigner::document(Key::ed25519(7)), TYP, &[b'x'; 3000], START).unwrap();
        Self { content, cms, token }
    }

    fn verify(&self, trust: &TrustStore) {
        let signed = SignedData::from_der(black_box(&self.cms)).unwrap();
        signed.verify(&[&self.content]).unwrap();
        signed.check_profile().unwrap();
        let jws = Jws::parse(black_box(self.token.as_bytes())).unwrap();
        jws.verify(TYP).unwrap();
        for (leaf, intermediates) in [(signed.signer(), signed.intermediates()), (jws.signer(), jws.intermediates())] {
            let path = trust.verify_path(leaf, intermediates, Purpose::DocumentSigning, START).unwrap();
            path.valid_at(MIDDLE).unwrap();
        }
    }
}
