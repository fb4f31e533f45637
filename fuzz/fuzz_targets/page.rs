//! Reads any bytes as the content of a page and the character map of its font.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::page(data));
