//! A complete set of keys for tests and trials.

use std::path::{Path, PathBuf};

use cqm_core::UnixTime;
use cqm_files::{Access, FileError, NewFile, write_new_in};
use cqm_sign::x509::{Purpose, X509Certificate};
use pem_rfc7468::LineEnding;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    CertificateRequest, CertifyError, Crl, KeyAlgorithm, KeyError, KeyPair, Passphrase, Profile, Role, SigningKey,
    Validity,
};

/// The name of the file with the root's certificate revocation list.
pub const CRL_FILE: &str = "root.crl.pem";

/// The options of a test PKI.
#[derive(Debug, Clone, Copy)]
pub struct PkiOptions {
    /// The first second of all X.509 certificates and of the CRL, at 00:00:00 UTC of a day.
    pub valid_from: UnixTime,
    /// The number of years that they are valid; see [`Validity::of_years`].
    pub years: u16,
    /// The kind of the document signer's key.
    pub document_signer: KeyAlgorithm,
}

/// A test PKI: a P-256 root; under it the document signer, an Ed25519 token signer and an Ed25519
/// status signer; and the root's first CRL. The CRL is empty and valid as long as the certificates.
#[derive(Debug)]
pub struct Pki {
    root: KeyPair,
    document_signer: KeyPair,
    token_signer: KeyPair,
    status_signer: KeyPair,
    crl: Crl,
}

impl Pki {
    /// Generates the keys and issues the X.509 certificates and the CRL.
    ///
    /// # Errors
    /// If the dates are not possible or a key cannot be generated.
    pub fn generate<R: CryptoRng + ?Sized>(options: &PkiOptions, rng: &mut R) -> Result<Self, CertifyError> {
        let validity = Validity::of_years(options.valid_from, options.years)?;
        let key = SigningKey::generate(KeyAlgorithm::P256, rng)?;
        let profile = Profile::Authority { path_len: Some(0) };
        let certificate =
            CertificateRequest::new(&subject("Root"), key.spki(), profile, validity)?.self_sign(&key, rng)?;
        let root = KeyPair::new(key, vec![certificate])?;

        let mut signer = |name, algorithm, purpose| -> Result<KeyPair, CertifyError> {
            let key = SigningKey::generate(algorithm, rng)?;
            let request = CertificateRequest::new(&subject(name), key.spki(), Profile::Signer(purpose), validity)?;
            let certificate = request.issue(&root, rng)?;
            Ok(KeyPair::new(key, vec![certificate])?)
        };
        let document_signer = signer("Document Signer", options.document_signer, Purpose::DocumentSigning)?;
        let token_signer = signer("Token Signer", KeyAlgorithm::Ed25519, Purpose::DocumentSigning)?;
        let status_signer = signer("Status Signer", KeyAlgorithm::Ed25519, Purpose::StatusListSigning)?;
        let crl = Crl::issue(&root, 1, validity, &[])?;
        Ok(Self { root, document_signer, token_signer, status_signer, crl })
    }

    /// The key pair of a role.
    pub fn key_pair(&self, role: Role) -> &KeyPair {
        match role {
            Role::Root => &self.root,
            Role::DocumentSigner => &self.document_signer,
            Role::TokenSigner => &self.token_signer,
            Role::StatusSigner => &self.status_signer,
        }
    }

    /// The root's certificate revocation list.
    pub fn crl(&self) -> &Crl {
        &self.crl
    }

    /// Writes every key pair and the CRL into the folder `dir`, which is created with mode 0700 if
    /// it does not exist. Writes all files or none, and never over another file. Private keys get
    /// mode 0600. A passphrase encrypts them, with salts from `rng`.
    ///
    /// # Errors
    /// If one of the files exists, or the folder or a file cannot be written.
    pub fn write<R: CryptoRng + ?Sized>(
        &self,
        dir: &Path,
        passphrase: Option<&Passphrase>,
        rng: &mut R,
    ) -> Result<(), WriteError> {
        let mut files: Vec<(PathBuf, Zeroizing<String>, Access)> = Vec::new();
        for role in Role::ALL {
            let pair = self.key_pair(role);
            let key = match passphrase {
                None => pair.key().to_pem()?,
                Some(passphrase) => pair.key().to_encrypted_pem(passphrase, rng)?,
            };
            let certificate = Zeroizing::new(certificate_pem(pair.certificate())?);
            files.push((role.key_file().into(), key, Access::Owner));
            files.push((role.certificate_file().into(), certificate, Access::OwnerWrites));
        }
        files.push((CRL_FILE.into(), Zeroizing::new(self.crl.to_pem()?), Access::OwnerWrites));
        let files: Vec<NewFile<'_>> = files
            .iter()
            .map(|(path, text, access)| NewFile { path, bytes: text.as_bytes(), access: *access })
            .collect();
        Ok(write_new_in(dir, &files)?)
    }
}

fn subject(name: &str) -> String {
    format!("CN=CQM Test {name},O=CQM test keys")
}

/// An X.509 certificate in PEM (RFC 7468).
///
/// # Errors
/// If it cannot be encoded. Every certificate below 256 MiB can.
pub fn certificate_pem(certificate: &X509Certificate) -> Result<String, CertifyError> {
    pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, certificate.der())
        .map_err(|error| CertifyError::Encoding(error.into()))
}

/// The reason that a set of keys was not written. Nothing was left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A file exists, or the folder or a file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A key cannot be encoded.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An X.509 certificate or the CRL cannot be encoded.
    #[error(transparent)]
    Certify(#[from] CertifyError),
}
