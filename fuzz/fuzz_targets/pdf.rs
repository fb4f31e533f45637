//! Reads any bytes as a PDF.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::pdf(data));
