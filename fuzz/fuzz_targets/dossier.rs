//! Reads any bytes as a dossier.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::dossier(data));
