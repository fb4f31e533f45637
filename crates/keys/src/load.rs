//! Reads key pairs from a folder.

use std::{
    error::Error,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use cqm_files::shown;
use cqm_sign::x509::{PemError, X509Certificate};
use zeroize::Zeroizing;

use crate::{KeyError, KeyPair, KeyPairError, Passphrase, Role, SigningKey, core_dump, is_test_key, pkcs8::ENCRYPTED};

/// The size limit of a file in bytes. A chain of RSA certificates has less than 20 kB.
const MAX_FILE: u64 = 1 << 20;

/// Loads the key pair of a role from a folder that [`Pki::write`](crate::Pki::write) made.
/// `passphrase` is called only if the key is encrypted.
///
/// # Errors
/// If a file is missing, too large or not PEM, others can read the private key (except a committed
/// test key), the passphrase is wrong, key and X.509 certificate do not match, or an X.509
/// certificate of another role in the folder has the same key.
pub fn load(
    dir: &Path,
    role: Role,
    passphrase: impl FnOnce() -> Result<Passphrase, Box<dyn Error + Send + Sync>>,
) -> Result<KeyPair, LoadError> {
    let certificate_path = dir.join(role.certificate_file());
    let certificates = certificates(&certificate_path)?;
    refuse_shared_key(dir, role, &certificates)?;

    core_dump::disable();
    let path = dir.join(role.key_file());
    let file = open(&path)?;
    let exposed = exposed_mode(&file).map_err(|error| LoadError::read(&path, error))?;
    let text = read(&path, file)?;
    if let Some(mode) = exposed
        && !SigningKey::from_pem(&text, None).is_ok_and(|key| is_test_key(key.spki()))
    {
        return Err(LoadError::Exposed { path, mode });
    }
    let passphrase = match pem_rfc7468::decode_label(text.as_bytes()) {
        Ok(ENCRYPTED) => Some(passphrase().map_err(|error| LoadError::Passphrase { path: path.clone(), error })?),
        _ => None,
    };
    let key = SigningKey::from_pem(&text, passphrase.as_ref())
        .map_err(|error| LoadError::Key { path: path.clone(), error })?;
    KeyPair::new(key, certificates).map_err(|error| LoadError::KeyPair {
        key: path,
        certificate: certificate_path,
        error,
    })
}

/// Requires that no other role in the folder has the key of this role. Files of other roles that
/// are missing or unreadable are skipped: they are refused when they are loaded themselves.
fn refuse_shared_key(dir: &Path, role: Role, chain: &[X509Certificate]) -> Result<(), LoadError> {
    let Some(own) = chain.first() else { return Ok(()) };
    for other in Role::ALL.into_iter().filter(|other| *other != role) {
        let path = dir.join(other.certificate_file());
        let others = certificates(&path).unwrap_or_default();
        if others.first().is_some_and(|certificate| certificate.has_key_of(own)) {
            return Err(LoadError::SharedKey { path: dir.join(role.certificate_file()), other: path });
        }
    }
    Ok(())
}

/// The X.509 certificates of a PEM file, in the order of the file.
fn certificates(path: &Path) -> Result<Vec<X509Certificate>, LoadError> {
    let text = read(path, open(path)?)?;
    X509Certificate::from_pem_chain(&text).map_err(|error| LoadError::Certificate { path: path.to_owned(), error })
}

fn open(path: &Path) -> Result<File, LoadError> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::Missing { path: path.to_owned() },
        _ => LoadError::read(path, error),
    })
}

/// The text of a file, in a buffer that is overwritten when dropped. The buffer never grows,
/// because growing would leave a copy in memory.
fn read(path: &Path, mut file: File) -> Result<Zeroizing<String>, LoadError> {
    let size = file.metadata().map_err(|error| LoadError::read(path, error))?.len();
    if size > MAX_FILE {
        return Err(LoadError::TooLarge { path: path.to_owned(), size });
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(size).unwrap_or_default() + 1));
    match file.by_ref().take(size).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(LoadError::NotText { path: path.to_owned() }),
        Err(error) => Err(LoadError::read(path, error)),
    }
}

/// The permissions of a file, if users other than its owner have access.
#[cfg(unix)]
fn exposed_mode(file: &File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    Ok(Some(mode).filter(|mode| mode & 0o077 != 0))
}

/// Other systems have no such permissions.
#[cfg(not(unix))]
fn exposed_mode(_: &File) -> io::Result<Option<u32>> {
    Ok(None)
}

/// The reason that a key pair was not loaded. No message contains any part of the key or the
/// passphrase.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file does not exist.
    #[error("`{}` is missing", shown(path))]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("`{}` could not be read", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        #[source]
        error: io::Error,
    },
    /// A file is larger than any key or chain.
    #[error("`{}` has {size} bytes: a file of keys or X.509 certificates has at most {MAX_FILE}", shown(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
    },
    /// A file is not text, so it is not PEM; it may be DER.
    #[error("`{}` is not PEM, which is text", shown(path))]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file is not a list of X.509 certificates.
    #[error("`{}` is not a chain of X.509 certificates", shown(path))]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        error: PemError,
    },
    /// Users other than the owner have access to the private key.
    #[error(
        "private key `{}` is refused: others can read it (mode {mode:03o})\nhint: chmod 600 {}",
        shown(path),
        shown(path)
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The caller had no passphrase.
    #[error("no passphrase for `{}`", shown(path))]
    Passphrase {
        /// The file that needs it.
        path: PathBuf,
        /// The error of the caller.
        #[source]
        error: Box<dyn Error + Send + Sync>,
    },
    /// The file contains no usable key.
    #[error("private key `{}` cannot be used", shown(path))]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        error: KeyError,
    },
    /// The key and the X.509 certificate do not match.
    #[error("`{}` and `{}` are not a pair", shown(key), shown(certificate))]
    KeyPair {
        /// The file of the key.
        key: PathBuf,
        /// The file of the X.509 certificates.
        certificate: PathBuf,
        /// What is wrong.
        #[source]
        error: KeyPairError,
    },
    /// Two roles have the same key.
    #[error(
        "`{}` and `{}` have the same key\nhint: each role needs a key of its own",
        path.display(), other.display()
    )]
    SharedKey {
        /// The X.509 certificates of the role to load.
        path: PathBuf,
        /// The X.509 certificates of the other role.
        other: PathBuf,
    },
}

impl LoadError {
    fn read(path: &Path, error: io::Error) -> Self {
        Self::Read { path: path.to_owned(), error }
    }
}
