//! A complete set of keys for tests and trials.

use std::path::{Path, PathBuf};

use cqm_core::UnixTime;
use cqm_files::{Access, FileError, NewFile, write_new_in};
use cqm_sign::{
    Signer,
    x509::{Purpose, X509Certificate},
};
use pem_rfc7468::LineEnding;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    CertificateRequest, CertifyError, Crl, KeyAlgorithm, KeyError, KeyPair, Passphrase, Profile, Role, SigningKey,
    Validity,
};

/// The name of the file with the root's CRL.
pub const ROOT_CRL_FILE: &str = "root.crl.pem";

/// The name of the file with the issuing CA's CRL.
pub const ISSUING_CA_CRL_FILE: &str = "issuing-ca.crl.pem";

/// The options of a test PKI.
#[derive(Debug, Clone, Copy)]
pub struct PkiOptions {
    /// The first second of all X.509 certificates and of the CRLs, at 00:00:00 UTC of a day.
    pub valid_from: UnixTime,
    /// The number of years that they are valid; see [`Validity::of_years`].
    pub years: u16,
    /// The kind of the document signer's key.
    pub document_signer: KeyAlgorithm,
}

impl PkiOptions {
    /// The kind of the key of a role.
    fn algorithm(&self, role: Role) -> KeyAlgorithm {
        match role {
            Role::Root | Role::IssuingCa => KeyAlgorithm::P256,
            Role::DocumentSigner => self.document_signer,
            Role::TokenSigner | Role::StatusSigner => KeyAlgorithm::Ed25519,
        }
    }
}

/// A test PKI: a P-256 root; under it a P-256 issuing CA; under that the document signer, an
/// Ed25519 token signer and an Ed25519 status signer; and the first CRL of each CA. The CRLs are
/// empty and valid as long as the certificates.
#[derive(Debug)]
pub struct Pki {
    root: KeyPair,
    issuing_ca: KeyPair,
    document_signer: KeyPair,
    token_signer: KeyPair,
    status_signer: KeyPair,
    root_crl: Crl,
    issuing_ca_crl: Crl,
}

impl Pki {
    /// Generates the keys and issues the X.509 certificates and the CRLs.
    ///
    /// # Errors
    /// If the dates are not possible or a key cannot be generated.
    pub fn generate<R: CryptoRng + ?Sized>(options: &PkiOptions, rng: &mut R) -> Result<Self, CertifyError> {
        Self::certify(options, |role, rng| SigningKey::generate(options.algorithm(role), rng), rng)
    }

    /// Issues the X.509 certificates and the CRLs for the keys that `key` returns for each role.
    /// Serial numbers come from `rng`.
    ///
    /// # Errors
    /// If the dates are not possible or `key` fails.
    pub fn certify<R: CryptoRng + ?Sized>(
        options: &PkiOptions,
        mut key: impl FnMut(Role, &mut R) -> Result<SigningKey, KeyError>,
        rng: &mut R,
    ) -> Result<Self, CertifyError> {
        let validity = Validity::of_years(options.valid_from, options.years)?;
        let mut certify = |role, profile, issuer: Option<&KeyPair>| -> Result<KeyPair, CertifyError> {
            let key = key(role, rng)?;
            let request = CertificateRequest::new(subject(role), key.spki(), profile, validity)?;
            let certificate = match issuer {
                None => request.self_sign(&key, rng)?,
                Some(issuer) => request.issue(issuer, rng)?,
            };
            let above = issuer.into_iter().flat_map(|issuer| issuer.certificates().iter().cloned());
            Ok(KeyPair::new(key, core::iter::once(certificate).chain(above).collect())?)
        };
        let root = certify(Role::Root, Profile::Authority { path_len: Some(1) }, None)?;
        let issuing_ca = certify(Role::IssuingCa, Profile::Authority { path_len: Some(0) }, Some(&root))?;
        let mut signer = |role, purpose| certify(role, Profile::Signer(purpose), Some(&issuing_ca));
        let document_signer = signer(Role::DocumentSigner, Purpose::DocumentSigning)?;
        let token_signer = signer(Role::TokenSigner, Purpose::TokenSigning)?;
        let status_signer = signer(Role::StatusSigner, Purpose::StatusListSigning)?;
        let root_crl = Crl::issue(&root, 1, validity, &[])?;
        let issuing_ca_crl = Crl::issue(&issuing_ca, 1, validity, &[])?;
        Ok(Self { root, issuing_ca, document_signer, token_signer, status_signer, root_crl, issuing_ca_crl })
    }

    /// The key pair of a role.
    pub fn key_pair(&self, role: Role) -> &KeyPair {
        match role {
            Role::Root => &self.root,
            Role::IssuingCa => &self.issuing_ca,
            Role::DocumentSigner => &self.document_signer,
            Role::TokenSigner => &self.token_signer,
            Role::StatusSigner => &self.status_signer,
        }
    }

    /// The CRLs of the root and of the issuing CA, each with the name of its file.
    pub fn crls(&self) -> [(&'static str, &Crl); 2] {
        [(ROOT_CRL_FILE, &self.root_crl), (ISSUING_CA_CRL_FILE, &self.issuing_ca_crl)]
    }

    /// Writes every key pair and the CRLs into the folder `dir`, which is created with mode 0700 if
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
            let chain: String = pair.certificates().iter().map(certificate_pem).collect::<Result<_, _>>()?;
            files.push((role.key_file().into(), key, Access::Owner));
            files.push((role.certificate_file().into(), Zeroizing::new(chain), Access::OwnerWrites));
        }
        for (name, crl) in self.crls() {
            files.push((name.into(), Zeroizing::new(crl.to_pem()?), Access::OwnerWrites));
        }
        let files: Vec<NewFile<'_>> = files
            .iter()
            .map(|(path, text, access)| NewFile { path, bytes: text.as_bytes(), access: *access })
            .collect();
        Ok(write_new_in(dir, &files)?)
    }
}

/// The name of a role in its X.509 certificate. Each has another, so that a path is found by names.
fn subject(role: Role) -> &'static str {
    match role {
        Role::Root => "CN=CQM Test Root,O=CQM test keys",
        Role::IssuingCa => "CN=CQM Test Issuing CA,O=CQM test keys",
        Role::DocumentSigner => "CN=CQM Test Document Signer,O=CQM test keys",
        Role::TokenSigner => "CN=CQM Test Token Signer,O=CQM test keys",
        Role::StatusSigner => "CN=CQM Test Status Signer,O=CQM test keys",
    }
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
    /// An X.509 certificate or a CRL cannot be encoded.
    #[error(transparent)]
    Certify(#[from] CertifyError),
}
