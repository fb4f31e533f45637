//! Judges a certificate with a signed list of any content.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::status(data));
