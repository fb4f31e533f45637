//! Times of a status list with a million entries, one in a hundred not valid:
//! `cargo bench -p cqm-tests --bench status`. `tests/examples/status_list.rs` measures the memory.

use cqm_keys::Role;
use cqm_sign::x509::TrustStore;
use cqm_status::SignedList;
use cqm_tests::{
    office::{self, IN_DATE},
    status,
};
use cqm_verify::Question;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

#[divan::bench]
fn make_and_sign(bencher: Bencher<'_, '_>) {
    let (draft, signer) = (status::a_million(), office::test_key(Role::StatusSigner));
    bencher.with_inputs(|| draft.clone()).bench_local_values(|draft| draft.sign(&signer).expect("a list"));
}

/// Verifies a token with 120 labels, with a list and a signer that were never seen before.
#[divan::bench]
fn verify_and_look_up_120_labels(bencher: Bencher<'_, '_>) {
    let list = status::sign(status::a_million());
    let token = status::token(&status::certificate_of_120_labels(), 500_000);
    let question = Question::new(IN_DATE.end());
    bencher.with_inputs(office::verifier).bench_local_values(|mut verifier| {
        verifier.add_status_list(black_box(list.as_bytes()));
        let report = verifier.verify(black_box(token.as_bytes()), &question);
        assert!(report.labels().count() == 120);
        report
    });
}

#[divan::bench]
fn verify_list(bencher: Bencher<'_, '_>) {
    let list = status::sign(status::a_million());
    let trust = TrustStore::from_pem(office::test_root()).expect("the test root");
    bencher.bench_local(|| {
        SignedList::parse(black_box(list.as_bytes())).and_then(|list| list.verify(&trust)).expect("a list")
    });
}
