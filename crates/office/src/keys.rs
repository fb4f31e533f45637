//! Loading the office's keys from a folder.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use cqm_keys::{KeyPair, Passphrase, Role};
use cqm_sign::x509::{Crl, TrustError, TrustStore, X509Certificate};

use crate::{OfficeError, read};

/// The end of the names of files with CRLs.
const CRL_EXTENSION: &str = ".crl.pem";

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

/// The key that signs status lists, with the CRLs that a list contains.
pub struct PublishingKeys {
    pub(crate) status_signer: KeyPair,
    /// The root, and every other authority above a signer of letters, tokens or lists.
    pub(crate) authorities: Vec<X509Certificate>,
    /// All CRLs in the folder.
    pub(crate) crls: Vec<Crl>,
    pub(crate) trust: TrustStore,
}

impl PublishingKeys {
    /// Loads the status signer, the root, the authorities above all signers, and every CRL in the
    /// folder: each file `*.crl.pem`.
    ///
    /// # Errors
    /// Fails if the folder or one of its files is missing or unusable, or if a passphrase is wrong.
    pub fn load(folder: &Path, passphrase: &AskPassphrase<'_>) -> Result<Self, OfficeError> {
        let folder = KeyFolder::open(folder, passphrase)?;
        let (status_signer, authorities, crls) =
            (folder.key(Role::StatusSigner)?, folder.authorities()?, folder.crls()?);
        let mut trust = folder.trust;
        crls.iter().cloned().for_each(|crl| trust.add_parsed_crl(crl));
        Ok(Self { status_signer, authorities, crls, trust })
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
        let root = trust.roots().first().ok_or_else(|| error(TrustError::NoAnchor { skipped: Vec::new() }))?.clone();
        Ok(Self { path, passphrase, root, trust })
    }

    fn key(&self, role: Role) -> Result<KeyPair, OfficeError> {
        Ok(cqm_keys::load(self.path, role, || (self.passphrase)(role))?)
    }

    /// The root, and the intermediates of all signers.
    fn authorities(&self) -> Result<Vec<X509Certificate>, OfficeError> {
        let mut authorities = vec![self.root.clone()];
        for role in [Role::DocumentSigner, Role::TokenSigner, Role::StatusSigner] {
            let path = self.path.join(role.certificate_file());
            let chain = X509Certificate::from_pem_chain(&read::text(&path)?)
                .map_err(|source| OfficeError::NotACertificate { path, source })?;
            for authority in chain.into_iter().skip(1) {
                if !authorities.contains(&authority) {
                    authorities.push(authority);
                }
            }
        }
        Ok(authorities)
    }

    /// The CRLs, in the order of their file names.
    fn crls(&self) -> Result<Vec<Crl>, OfficeError> {
        let error = |source| OfficeError::Read { path: self.path.to_owned(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(self.path).map_err(error)? {
            let entry = entry.map_err(error)?;
            if entry.file_name().to_string_lossy().ends_with(CRL_EXTENSION) {
                files.push(entry.path());
            }
        }
        files.sort();
        let read =
            |path: PathBuf| Crl::read(&read::bytes(&path)?).map_err(|source| OfficeError::NotACrl { path, source });
        files.into_iter().map(read).collect()
    }
}
