//! The key of a CA in wrong hands: what it can certify, and what the CA above it forbids.

use cqm_core::Date;
use cqm_keys::{
    CertificateRequest, Crl, CrlReason, KeyAlgorithm, KeyPair, Profile, Revocation, SigningKey, Validity, system_rng,
};
use cqm_sign::x509::X509Certificate;
pub use x509_cert::ext::Extension;

/// A CA that certifies whatever it is asked to.
#[derive(Debug)]
pub struct Authority {
    /// The key of the CA, and its path.
    pub keys: KeyPair,
}

/// The validity of what is certified: the year of the fixtures, and the next.
fn validity() -> Validity {
    Validity::new(Date::constant(2023, 1, 1).start(), Date::constant(2024, 12, 31).end()).expect("a period")
}

impl Authority {
    /// A root with any number of CAs below it.
    pub fn root() -> Self {
        let key = SigningKey::generate(KeyAlgorithm::P256, &mut system_rng().expect("random numbers")).expect("a key");
        let profile = Profile::Authority { path_len: None };
        let request = CertificateRequest::new("CN=A root", key.spki(), profile, validity()).expect("a request");
        let own = request.self_sign(&key, &mut system_rng().expect("random numbers")).expect("a certificate");
        Self { keys: KeyPair::new(key, vec![own]).expect("a key pair") }
    }

    /// Certifies a CA below this one, with more extensions.
    #[must_use]
    pub fn authority(&self, subject: &str, path_len: Option<u8>, extensions: &[Extension]) -> Self {
        let key = SigningKey::generate(KeyAlgorithm::P256, &mut system_rng().expect("random numbers")).expect("a key");
        Self { keys: self.certify(key, subject, Profile::Authority { path_len }, extensions) }
    }

    /// Certifies a key for a profile, with more extensions.
    ///
    /// # Panics
    /// If `subject` is not a name.
    pub fn certify(&self, key: SigningKey, subject: &str, profile: Profile, extensions: &[Extension]) -> KeyPair {
        let request = CertificateRequest::new(subject, key.spki(), profile, validity()).expect("a request");
        let request = extensions.iter().cloned().fold(request, CertificateRequest::with_extension);
        let own = request.issue(&self.keys, &mut system_rng().expect("random numbers")).expect("a certificate");
        let above = cqm_sign::Signer::certificates(&self.keys).iter().cloned();
        KeyPair::new(key, [own].into_iter().chain(above).collect()).expect("a key pair")
    }

    /// A CRL that lasts two years.
    ///
    /// # Panics
    /// If the CA does not sign.
    pub fn crl(&self, number: u64, revoked: &[(&X509Certificate, CrlReason)]) -> Vec<u8> {
        let at = Date::constant(2024, 1, 1).start();
        let revoked: Vec<_> =
            revoked.iter().map(|(certificate, reason)| Revocation { certificate, reason: *reason, at }).collect();
        Crl::issue(&self.keys, number, validity(), &revoked).expect("a CRL").der().to_vec()
    }
}
