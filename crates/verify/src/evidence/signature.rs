//! Evidence of one signature.

use cqm_core::UnixTime;
use cqm_sign::x509::{PathError, Purpose, Revocation, TrustStore, VerifiedPath, X509Certificate};

use crate::report::{SignatureKind, signer_name};

/// A signature that could be read.
pub(crate) struct SignatureEvidence {
    pub(crate) kind: SignatureKind,
    pub(crate) certificate: X509Certificate,
    /// The common name of the signer's certificate, or its whole subject.
    pub(crate) signer: String,
    /// The algorithm, in words.
    pub(crate) algorithm: String,
    /// The time that the signer claims.
    pub(crate) signed_at: Option<UnixTime>,
    /// Whether the signature is by the key of its certificate, over the bytes that it covers.
    pub(crate) is_intact: bool,
    pub(crate) covers_whole_file: bool,
    /// The form field with the signature, in a PDF without a token.
    pub(crate) field: Option<String>,
    /// The end of the covered bytes, in a PDF without a token.
    pub(crate) covers_up_to: Option<usize>,
    pub(crate) trust: TrustEvidence,
}

impl SignatureEvidence {
    /// A signature over a whole file that is not a field of a foreign PDF.
    pub(crate) fn new(
        kind: SignatureKind,
        certificate: &X509Certificate,
        algorithm: impl ToString,
        signed_at: Option<UnixTime>,
        is_intact: bool,
        trust: TrustEvidence,
    ) -> Self {
        Self {
            kind,
            certificate: certificate.clone(),
            signer: signer_name(certificate),
            algorithm: algorithm.to_string(),
            signed_at,
            is_intact,
            covers_whole_file: true,
            field: None,
            covers_up_to: None,
            trust,
        }
    }

    /// The role of the signer, for messages.
    pub(crate) fn role(&self) -> &'static str {
        match self.kind {
            SignatureKind::Pdf => "signer of the PDF",
            SignatureKind::Token => "signer of the token",
            SignatureKind::Status => "signer of the status list",
        }
    }
}

/// The result of following a signer's certificate to a root.
pub(crate) struct TrustEvidence {
    /// The trusted root, if there was a valid path at the time of signing.
    pub(crate) root: Option<X509Certificate>,
    /// The CAs of that path, the root last.
    pub(crate) authorities: Vec<X509Certificate>,
    /// Whether CRLs were consulted for that path.
    pub(crate) revocation: Option<Revocation>,
    /// The errors of the path at the time of signing. If there are none, those at the time that is
    /// asked about.
    pub(crate) errors: Vec<PathError>,
}

impl TrustEvidence {
    /// Verifies the path of one of the program's signers at the time of signing and at the time
    /// that is asked about (`at`). Returns the evidence, and the path at the time of signing.
    pub(crate) fn of_signer(
        store: &TrustStore,
        signer: &X509Certificate,
        intermediates: &[X509Certificate],
        purpose: Purpose,
        signed_at: UnixTime,
        at: UnixTime,
    ) -> (Self, Option<VerifiedPath>) {
        let path = store.verify_path(signer, intermediates, purpose, signed_at);
        Self::new(path, signed_at, at)
    }

    /// Verifies the path of a foreign signer: RFC 5280, and any key purpose that is usual for
    /// signing documents.
    pub(crate) fn of_foreign_signer(
        store: &TrustStore,
        signer: &X509Certificate,
        intermediates: &[X509Certificate],
        signed_at: UnixTime,
        at: UnixTime,
    ) -> Self {
        Self::new(store.verify_foreign_path(signer, intermediates, signed_at), signed_at, at).0
    }

    /// The evidence of a path that was verified before.
    pub(crate) fn of_verified(path: &VerifiedPath) -> Self {
        Self {
            root: Some(path.root().clone()),
            authorities: path.intermediates().chain([path.root()]).cloned().collect(),
            revocation: Some(path.revocation()),
            errors: Vec::new(),
        }
    }

    fn new(
        path: Result<VerifiedPath, Vec<PathError>>,
        signed_at: UnixTime,
        at: UnixTime,
    ) -> (Self, Option<VerifiedPath>) {
        match path {
            Ok(path) => {
                let mut evidence = Self::of_verified(&path);
                if at != signed_at {
                    evidence.errors = path.valid_at(at).err().unwrap_or_default();
                }
                (evidence, Some(path))
            }
            Err(errors) => (Self { root: None, authorities: Vec::new(), revocation: None, errors }, None),
        }
    }
}
