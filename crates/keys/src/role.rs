//! The roles of the keys in a folder.

use core::fmt;

/// The purpose of a key in a folder. Its files are `NAME.pem`, the X.509 certificates, and
/// `NAME.key.pem`, the private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The root: issues the issuing CA's X.509 certificate and a CRL. Its key can stay offline.
    Root,
    /// The CA below the root: issues the signers' X.509 certificates and a CRL.
    IssuingCa,
    /// Signs PDF files.
    DocumentSigner,
    /// Signs certificate tokens.
    TokenSigner,
    /// Signs status lists.
    StatusSigner,
}

impl Role {
    /// Every role, the root first. Each stands after the one that issues its certificate.
    pub const ALL: [Self; 5] =
        [Self::Root, Self::IssuingCa, Self::DocumentSigner, Self::TokenSigner, Self::StatusSigner];

    /// The roles that sign letters, tokens and status lists.
    pub const SIGNERS: [Self; 3] = [Self::DocumentSigner, Self::TokenSigner, Self::StatusSigner];

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
            Self::IssuingCa => "issuing-ca",
            Self::DocumentSigner => "document-signer",
            Self::TokenSigner => "token-signer",
            Self::StatusSigner => "status-signer",
        })
    }
}
