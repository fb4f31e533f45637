//! Reads any bytes as a status list.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::status_list(data));
