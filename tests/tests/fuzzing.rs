//! The fuzz targets run without a fault on their seeds and on past findings.

use std::collections::BTreeSet;

use cqm_tests::fuzzing::{TARGETS, seeds};
use cqm_tests::repository;

#[test]
fn the_seeds_of_all_targets_pass() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for seed in seeds {
            target(&seed);
            // Truncations, which a fuzzer tries first.
            for length in [0, 1, seed.len() / 2, seed.len().saturating_sub(1)] {
                target(&seed[..length]);
            }
        }
    }
}

#[test]
fn each_target_has_its_program_and_its_seeds() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(repository(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz/fuzz_targets"), targets);
    assert_eq!(names("fuzz/seeds"), targets);
}
