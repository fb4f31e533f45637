//! Verifies any bytes as a PDF without a token.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::any_pdf(data));
