//! X.509 certificates and the paths between them (RFC 5280).
//!
//! [`X509Certificate`] is one certificate, [`TrustStore`] holds the roots that a user trusts, and [`VerifiedPath`] is the
//! evidence that a certificate leads to one of them and serves a [`Purpose`]: only [`TrustStore::verify_path`] makes it.

mod certificate;
mod crl;
mod memo;
mod path;
mod pem;
#[cfg(test)]
mod pkits;
mod purpose;
mod trust;

pub(crate) use certificate::hex;
pub use certificate::{CertificateError, X509Certificate};
pub use crl::{CrlError, RevocationReason};
pub use path::{PathError, Revocation, VerifiedPath};
pub use pem::PemError;
pub use purpose::Purpose;
pub use trust::{TrustError, TrustStore};
