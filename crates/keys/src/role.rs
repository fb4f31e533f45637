//! The roles of the keys in a folder.

use core::fmt;

/// The purpose of a key in a folder. Its files are `NAME.pem`, the X.509 certificates, and
/// `NAME.key.pem`, the private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Issues the signers' certificates and the CRL.
    Root,
    /// Signs PDF files.
    DocumentSigner,
    /// Signs certificate tokens.
    TokenSigner,
    /// Signs status lists.
    StatusSigner,
}

impl Role {
    /// Every role, the root first.
    pub const ALL: [Self; 4] = [Self::Root, Self::DocumentSigner, Self::TokenSigner, Self::StatusSigner];

    /// The name of the file with the X.509 certificate of the key, followed by any intermediates.
    pub fn certificate_file(self) -> String {
        format!("{self}.pem")
    }

    /// The name of the file with the private key.
    pub fn key_file(self) -> String {
        format!("{self}.key.pem")
    }
}

/// Writes the name that the files start with, such as `document-signer`.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Root => "root",
            Self::DocumentSigner => "document-signer",
            Self::TokenSigner => "token-signer",
            Self::StatusSigner => "status-signer",
        })
    }
}
