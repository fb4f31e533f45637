//! Times of issuing and verifying the letter of three sites, in process, on one thread:
//! `cargo bench -p cqm-tests --bench letter`.
//!
//! `verify` is the whole, with a verifier that has seen the signers before; the functions in
//! `verify_parts` are its parts.

use cqm_issue::{Issued, Office};
use cqm_keys::Role;
use cqm_letter::Template;
use cqm_pdf::{Limits, letter};
use cqm_sign::{DigestAlgorithm, cms::SignedData, jws::Jws};
use cqm_tests::office::{self, IN_DATE};
use cqm_verify::Question;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn question() -> Question<'static> {
    Question::new(IN_DATE.end()).without_status()
}

#[divan::bench]
fn issue(bencher: Bencher<'_, '_>) {
    let (document_signer, token_signer) = (office::test_key(Role::DocumentSigner), office::test_key(Role::TokenSigner));
    let root = office::test_key(Role::Root).certificate().clone();
    let template = Template::default();
    let office =
        Office { document_signer: &document_signer, token_signer: &token_signer, root: &root, template: &template };
    bencher.bench_local(|| -> Issued {
        office::draft("dummy-card-company.toml").approve().expect("in order").issue(&office).expect("issued")
    });
}

#[divan::bench]
fn verify(bencher: Bencher<'_, '_>) {
    let verifier = office::verifier();
    let letter = &office::issued().pdf;
    office::assert_valid(&verifier.verify(letter, &question()));
    bencher.bench_local(|| verifier.verify(black_box(letter), &question()));
}

#[divan::bench]
fn verify_with_signers_never_seen(bencher: Bencher<'_, '_>) {
    let letter = &office::issued().pdf;
    bencher.with_inputs(office::verifier).bench_local_refs(|verifier| verifier.verify(black_box(letter), &question()));
}

#[divan::bench]
fn verify_token_alone(bencher: Bencher<'_, '_>) {
    let verifier = office::verifier();
    let token = office::issued().token.as_bytes();
    office::assert_unconfirmed(&verifier.verify(token, &question()));
    bencher.bench_local(|| verifier.verify(black_box(token), &question()));
}

mod verify_parts {
    use super::*;

    #[divan::bench]
    fn parsing(bencher: Bencher<'_, '_>) {
        let letter = &office::issued().pdf;
        bencher.bench_local(|| letter::inspect(black_box(letter), &Limits::default()));
    }

    #[divan::bench]
    fn hashing(bencher: Bencher<'_, '_>) {
        let letter = &office::issued().pdf;
        bencher.bench_local(|| DigestAlgorithm::Sha256.digest(&[black_box(letter)]));
    }

    #[divan::bench]
    fn pdf_signature(bencher: Bencher<'_, '_>) {
        let inspection = letter::inspect(&office::issued().pdf, &Limits::default());
        let parts = inspection.parts.expect("a letter");
        let signed_data = SignedData::from_der(parts.cms()).expect("a CMS");
        // The digest of these bytes differs; the signature over the attributes is verified all the
        // same.
        bencher.bench_local(|| signed_data.verify(black_box(&[])).is_err());
    }

    #[divan::bench]
    fn token_signature(bencher: Bencher<'_, '_>) {
        let jws = Jws::parse(office::issued().token.as_bytes()).expect("a token");
        bencher.bench_local(|| jws.verify(black_box(cqm_core::claims::TOKEN_TYPE)).is_ok());
    }
}
