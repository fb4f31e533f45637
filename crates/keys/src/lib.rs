//! Where signers come from: generated keys, encrypted PKCS#8 files and the test PKI.
//!
//! | to | use |
//! | --- | --- |
//! | make a key, sign with it, write or read it as PKCS#8 PEM | [`SigningKey`] |
//! | load a signer from a folder | [`load`], which gives a [`KeyPair`] |
//! | make a whole set of keys, certificates and a CRL | [`Pki`] |
//! | issue a single certificate or CRL | [`CertificateRequest`], [`Crl`] |
//! | know the committed test keys | [`is_test_key`], [`is_test_root`] |
//!
//! Private keys are overwritten in memory when they are dropped, and stand in no error and no `Debug` output. This
//! crate reads and writes files, and [`system_rng`] is where randomness enters; times come from the caller.
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
mod crl;
mod key_pair;
mod load;
mod pkcs8;
mod pki;
mod random;
mod role;
mod signing_key;
mod test_keys;
mod write;

pub use algorithm::{KeyAlgorithm, UnknownKeyAlgorithm};
pub use certificate::{CertificateRequest, CertifyError, Profile, Validity, ValidityError};
pub use crl::{Crl, CrlReason, Revocation};
pub use key_pair::{KeyPair, KeyPairError};
pub use load::{LoadError, load};
pub use pkcs8::{EmptyPassphrase, Passphrase};
pub use pki::{CRL_FILE, Pki, PkiOptions, certificate_pem};
pub use random::{NoRandomness, system_rng};
pub use role::Role;
pub use signing_key::{KeyError, SigningKey};
pub use test_keys::{TEST_ROOT_SHA256, is_test_key, is_test_root};
pub use write::WriteError;
