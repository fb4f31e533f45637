//! Signers whose keys are in files: generated keys, encrypted PKCS#8 files and the test PKI.
//!
//! | to | use |
//! | --- | --- |
//! | generate a key, sign with it, write or read it as PKCS#8 PEM | [`SigningKey`] |
//! | load a signer from a folder | [`load`], which returns a [`KeyPair`] |
//! | generate a complete set of keys, X.509 certificates and CRLs | [`Pki`] |
//! | issue one X.509 certificate or CRL | [`CertificateRequest`], [`Crl`] |
//! | recognize the committed test keys | [`is_test_key`] |
//!
//! Private keys are overwritten in memory when they are dropped, and a process that generates or
//! reads one writes no core dumps from then on. No error and no `Debug` output
//! contains any part of them. Times and randomness come from the caller; [`system_rng`] is the
//! randomness for all keys but those of tests.
//!
//! ```
//! use cqm_core::UnixTime;
//! use cqm_keys::{KeyAlgorithm, Pki, PkiOptions, Role, load, system_rng};
//! use cqm_sign::Signer;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let valid_from = UnixTime::new(1_672_531_200); // 2023-01-01T00:00:00Z
//! let options = PkiOptions { valid_from, years: 10, document_signer: KeyAlgorithm::P256 };
//! let mut rng = system_rng()?;
//! let pki = Pki::generate(&options, &mut rng)?;
//!
//! # let parent = tempfile::tempdir()?;
//! # let dir = parent.path().join("keys");
//! pki.write(&dir, None, &mut rng)?;
//! let signer = load(&dir, Role::DocumentSigner, || Err("no key here is encrypted".into()))?;
//! let signature = signer.sign(b"a message")?;
//! # assert!(!signature.is_empty());
//! # Ok(())
//! # }
//! ```

mod algorithm;
mod certificate;
mod core_dump;
mod crl;
mod key_pair;
mod load;
mod pkcs8;
mod pki;
mod random;
mod role;
mod signing_key;
mod test_keys;

pub use algorithm::{KeyAlgorithm, UnknownKeyAlgorithm};
pub use certificate::{CertificateRequest, CertifyError, Profile, Validity, ValidityError};
pub use crl::{Crl, CrlReason, Revocation};
pub use key_pair::{KeyPair, KeyPairError};
pub use load::{LoadError, load};
pub use pkcs8::{EmptyPassphrase, Passphrase};
pub use pki::{ISSUING_CA_CRL_FILE, Pki, PkiOptions, ROOT_CRL_FILE, WriteError, certificate_pem};
pub use random::{NoRandomness, system_rng};
pub use role::Role;
pub use signing_key::{KeyError, SigningKey};
pub use test_keys::is_test_key;
