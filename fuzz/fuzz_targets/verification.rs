//! Verifies any bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::verification(data));
