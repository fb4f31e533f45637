//! A complete set of keys for trying things out.

use std::path::Path;

use cqm_core::UnixTime;
use cqm_sign::x509::{Purpose, X509Certificate};
use pem_rfc7468::LineEnding;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    CertificateRequest, CertifyError, Crl, KeyAlgorithm, KeyPair, Passphrase, Profile, Role, SigningKey, Validity,
    WriteError,
    write::{Access, NewFile, write_new},
};

/// The name of the file that holds the root's revocation list.
pub const CRL_FILE: &str = "root.crl.pem";

/// What a test PKI shall be like.
#[derive(Debug, Clone, Copy)]
pub struct PkiOptions {
    /// The first second of a day (UTC), since 1970-01-01T00:00:00Z, from which everything is valid.
    pub valid_from: UnixTime,
    /// For how many years everything is valid; see [`Validity::of_years`].
    pub years: u16,
    /// The kind of the document signer's key.
    pub document_signer: KeyAlgorithm,
}

/// A test PKI: a P-256 root, the document signer, an Ed25519 token signer and an Ed25519 status signer directly under
/// it, and the root's first, empty CRL, which stays current as long as the certificates are valid.
#[derive(Debug)]
pub struct Pki {
    root: KeyPair,
    document_signer: KeyPair,
    token_signer: KeyPair,
    status_signer: KeyPair,
    crl: Crl,
}

impl Pki {
    /// Makes the keys and issues the certificates and the CRL.
    ///
    /// # Errors
    /// When the dates are not possible or a key could not be made.
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

    /// The root's revocation list.
    pub fn crl(&self) -> &Crl {
        &self.crl
    }

    /// Writes every key pair and the CRL into the folder `dir`, which is made if it is absent: all files or none, none
    /// over another, private keys with mode 0600. With a passphrase the keys are encrypted, with salts from `rng`.
    ///
    /// # Errors
    /// When one of the files exists, or the folder or a file cannot be written.
    pub fn write<R: CryptoRng + ?Sized>(
        &self,
        dir: &Path,
        passphrase: Option<&Passphrase>,
        rng: &mut R,
    ) -> Result<(), WriteError> {
        let mut files = Vec::new();
        for role in Role::ALL {
            let pair = self.key_pair(role);
            let text = match passphrase {
                None => pair.key().to_pem()?,
                Some(passphrase) => pair.key().to_encrypted_pem(passphrase, rng)?,
            };
            files.push(NewFile { name: role.key_file(), text, access: Access::Owner });
            let text = Zeroizing::new(certificate_pem(pair.certificate())?);
            files.push(NewFile { name: role.certificate_file(), text, access: Access::Everyone });
        }
        let text = Zeroizing::new(self.crl.to_pem()?);
        files.push(NewFile { name: CRL_FILE.to_owned(), text, access: Access::Everyone });
        write_new(dir, &files)
    }
}

fn subject(name: &str) -> String {
    format!("CN=CQM Test {name},O=CQM test keys")
}

/// A certificate in PEM (RFC 7468).
///
/// # Errors
/// When it cannot be encoded, which no certificate below 256 MiB does.
pub fn certificate_pem(certificate: &X509Certificate) -> Result<String, CertifyError> {
    pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, certificate.der())
        .map_err(|error| CertifyError::Encoding(error.into()))
}
