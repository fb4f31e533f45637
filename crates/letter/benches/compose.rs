//! Measures the composition of a letter: `cargo bench -p cqm-letter`.

#![allow(missing_docs)]

#[path = "../tests/samples/mod.rs"]
mod samples;

use cqm_letter::{Template, Verification, compose};

fn main() {
    divan::main();
}

/// A letter of three sites.
#[divan::bench]
fn three_sites(bencher: divan::Bencher<'_, '_>) {
    let (certificate, template) = (samples::dummy(), Template::default());
    let verification = Verification { root_fingerprint: [0; 32] };
    bencher.bench(|| compose(&certificate, &template, &verification));
}

/// A letter of 40 sites and 120 labels, with East Asian names.
#[divan::bench]
fn forty_sites(bencher: divan::Bencher<'_, '_>) {
    let (certificate, template) = (samples::group(), Template::default());
    let verification = Verification { root_fingerprint: [0; 32] };
    bencher.bench(|| compose(&certificate, &template, &verification));
}
