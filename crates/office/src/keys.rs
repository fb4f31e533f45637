//! Loading the office's keys from a folder.

use std::{error::Error, path::Path};

use cqm_keys::{KeyPair, Passphrase, Role};
use cqm_sign::x509::{PemError, TrustError, TrustStore, X509Certificate};

use crate::{OfficeError, read};

/// Returns the passphrase of an encrypted key. It is called only for keys that are encrypted.
pub type AskPassphrase<'a> = dyn Fn(Role) -> Result<Passphrase, Box<dyn Error + Send + Sync>> + 'a;

/// The keys that sign certificates, with their root.
pub struct IssuingKeys {
    pub(crate) document_signer: KeyPair,
    pub(crate) token_signer: KeyPair,
    pub(crate) root: X509Certificate,
}

impl IssuingKeys {
    /// Loads the document signer, the token signer and the root.
    ///
    /// # Errors
    /// Fails if the folder or one of its files is missing or unusable, or if a passphrase is wrong.
    pub fn load(folder: &Path, passphrase: &AskPassphrase<'_>) -> Result<Self, OfficeError> {
        let folder = KeyFolder::open(folder, passphrase)?;
        Ok(Self {
            document_signer: folder.key(Role::DocumentSigner)?,
            token_signer: folder.key(Role::TokenSigner)?,
            root: folder.root,
        })
    }

    /// Loads only the root, whose fingerprint letters print. Needs no passphrase.
    ///
    /// # Errors
    /// Fails if the folder or its root is missing or unusable.
    pub fn load_root(folder: &Path) -> Result<X509Certificate, OfficeError> {
        KeyFolder::open(folder, &|_| Err("the root has no private key here".into())).map(|folder| folder.root)
    }

    /// The key that signs the PDF.
    pub fn document_signer(&self) -> &KeyPair {
        &self.document_signer
    }
}

/// The key that signs status lists, with the certificates that a list names.
pub struct PublishingKeys {
    pub(crate) status_signer: KeyPair,
    pub(crate) token_signer: X509Certificate,
    pub(crate) trust: TrustStore,
}

impl PublishingKeys {
    /// Loads the status signer, the token signer's certificate and the root.
    ///
    /// # Errors
    /// Fails if the folder or one of its files is missing or unusable, or if a passphrase is wrong.
    pub fn load(folder: &Path, passphrase: &AskPassphrase<'_>) -> Result<Self, OfficeError> {
        let folder = KeyFolder::open(folder, passphrase)?;
        Ok(Self {
            status_signer: folder.key(Role::StatusSigner)?,
            token_signer: folder.certificate(Role::TokenSigner)?,
            trust: folder.trust,
        })
    }
}

/// A folder of keys, of which only the root was read.
struct KeyFolder<'a> {
    path: &'a Path,
    passphrase: &'a AskPassphrase<'a>,
    root: X509Certificate,
    trust: TrustStore,
}

impl<'a> KeyFolder<'a> {
    fn open(path: &'a Path, passphrase: &'a AskPassphrase<'a>) -> Result<Self, OfficeError> {
        if !path.exists() {
            return Err(OfficeError::NoKeyFolder { path: path.to_owned() });
        }
        if !path.is_dir() {
            return Err(OfficeError::KeyFolderIsFile { path: path.to_owned() });
        }
        let file = path.join(Role::Root.certificate_file());
        if !file.exists() {
            return Err(OfficeError::NoRootFile { path: file });
        }
        let text = read::text(&file)?;
        let error = |source| OfficeError::NotARoot { path: file.clone(), source };
        let trust = TrustStore::from_pem(&text).map_err(error)?;
        let root = trust.roots().first().ok_or_else(|| error(TrustError::NoRoot))?.clone();
        Ok(Self { path, passphrase, root, trust })
    }

    fn key(&self, role: Role) -> Result<KeyPair, OfficeError> {
        Ok(cqm_keys::load(self.path, role, || (self.passphrase)(role))?)
    }

    /// The certificate of a role, without its intermediates.
    fn certificate(&self, role: Role) -> Result<X509Certificate, OfficeError> {
        let path = self.path.join(role.certificate_file());
        let text = read::text(&path)?;
        match X509Certificate::from_pem_chain(&text) {
            Ok(chain) => chain.into_iter().next().ok_or(OfficeError::NotACertificate { path, source: PemError::Empty }),
            Err(source) => Err(OfficeError::NotACertificate { path, source }),
        }
    }
}
