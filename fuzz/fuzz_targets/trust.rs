//! Reads any bytes as certificates and CRLs to trust.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::trust(data));
