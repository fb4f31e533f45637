//! Reads any bytes as a CMS.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::cms(data));
