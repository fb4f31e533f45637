//! X.509 certificates and the paths between them (RFC 5280).
//!
//! [`X509Certificate`] is one certificate. [`TrustStore`] contains the roots that a user trusts.
//! [`VerifiedPath`] is the evidence that a certificate leads to one of them and serves a
//! [`Purpose`]; only [`TrustStore::verify_path`] and [`TrustStore::verify_foreign_path`] create it.

mod certificate;
mod crl;
mod memo;
mod path;
mod pem;
#[cfg(test)]
mod pkits;
mod purpose;
mod rules;
mod search;
mod trust;

pub use certificate::{CertificateError, X509Certificate};
pub use crl::{Crl, CrlError, RevocationReason};
pub use path::{PathError, Revocation, VerifiedPath};
pub use pem::PemError;
pub use purpose::Purpose;
pub use trust::{TrustError, TrustStore};
