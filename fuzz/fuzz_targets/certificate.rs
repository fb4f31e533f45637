//! Reads any bytes as an X.509 certificate and as a CRL.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cqm_tests::fuzzing::certificate(data));
