//! Where signers come from: generated keys, encrypted PKCS#8 files and the test PKI.
