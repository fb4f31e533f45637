//! Which key is which in a folder of keys.

use core::fmt;

/// What a key in a folder is for. Each has the files `NAME.pem`, its certificates, and `NAME.key.pem`.
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

    /// The name of the file that holds the certificate, and after it any intermediates.
    pub fn certificate_file(self) -> String {
        format!("{self}.pem")
    }

    /// The name of the file that holds the private key.
    pub fn key_file(self) -> String {
        format!("{self}.key.pem")
    }
}

/// The name that its files start with, such as `document-signer`.
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
