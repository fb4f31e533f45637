//! The evidence of an input: claims, signatures, printed text, and the answers of status lists.
//!
//! Evidence is collected first and judged afterwards: the [checks](crate::checks) read it and
//! return findings.

mod signature;
pub(crate) mod status;

use cqm_core::{Certificate, Finding, Label, LetterDigest, UnixTime, Verdict, conclude, status::StatusReferences};
use cqm_sign::x509::X509Certificate;
use cqm_status::TokenDigest;

pub(crate) use signature::{SignatureEvidence, TrustEvidence};

use crate::{checks, report::SignatureKind};
use status::StatusEvidence;

/// The evidence of one input.
#[derive(Default)]
pub(crate) struct Evidence<'a> {
    /// What is wrong with the form or the bytes, found while reading.
    pub(crate) findings: Vec<Finding>,
    /// The signatures that could be read, good or not.
    pub(crate) signatures: Vec<SignatureEvidence>,
    /// The claims, if they can be read.
    pub(crate) claims: Option<Claims>,
    /// The printed content of a letter's pages.
    pub(crate) pages: Option<Pages>,
    /// The labels in the text of a PDF without a token.
    pub(crate) labels_in_text: Option<Vec<Label>>,
    /// What the status lists answer about the certificate. `None` if they were not asked.
    pub(crate) status: Option<StatusEvidence<'a>>,
}

/// The claims of a token, in the words of the program.
pub(crate) struct Claims {
    pub(crate) issued_at: UnixTime,
    pub(crate) certificate: Certificate,
    /// The digest of the letter's body.
    pub(crate) letter: LetterDigest,
    /// The digest by which a status list names the token.
    pub(crate) token: TokenDigest,
    /// The entries of the status list, if the certificate was issued from a register.
    pub(crate) status: Option<StatusReferences>,
}

/// The printed content of a letter's pages.
pub(crate) struct Pages {
    /// The text, line by line.
    pub(crate) lines: Vec<PrintedLine>,
    /// The digest of the body that they are in.
    pub(crate) digest: LetterDigest,
}

/// A line of text on a page of a letter.
pub(crate) struct PrintedLine {
    /// The number of the page, from 1.
    pub(crate) page: usize,
    pub(crate) text: String,
    /// The largest size of its text, in points.
    pub(crate) font_size: f64,
}

/// The claims of an authentic token, and the root that its signer leads to.
#[derive(Clone, Copy)]
pub(crate) struct Authentic<'a> {
    pub(crate) claims: &'a Claims,
    pub(crate) root: &'a X509Certificate,
}

impl Evidence<'_> {
    /// The claims, if the token's signature is intact and its signer leads to a trusted root.
    pub(crate) fn authentic(&self) -> Option<Authentic<'_>> {
        let token = self.signatures.iter().find(|signature| signature.kind == SignatureKind::Token)?;
        let root = token.trust.root.as_ref().filter(|_| token.is_intact)?;
        Some(Authentic { claims: self.claims.as_ref()?, root })
    }

    /// Whether the input is an authentic token without its letter.
    pub(crate) fn is_bare_token(&self) -> bool {
        self.pages.is_none() && self.authentic().is_some()
    }

    /// The labels read from the text of a PDF without a token. Empty if the signatures do not
    /// vouch for the text.
    pub(crate) fn vouched_labels_in_text(&self) -> Option<&[Label]> {
        let labels = self.labels_in_text.as_deref()?;
        let trust = checks::trust::findings(self);
        match conclude(self.findings.iter().chain(&trust)) {
            Verdict::Invalid => Some(&[]),
            Verdict::Valid | Verdict::Indeterminate => Some(labels),
        }
    }

    /// The message about one signature, with its field in front where the file has several.
    pub(crate) fn about(&self, signature: &SignatureEvidence, message: String) -> String {
        self.field(signature).map(|field| format!("{field:?}: {message}")).unwrap_or(message)
    }

    /// "the signer of the PDF"; if there are several, "the signer of the field "Signature1""
    pub(crate) fn name(&self, signature: &SignatureEvidence) -> String {
        match self.field(signature) {
            Some(field) => format!("the signer of the field {field:?}"),
            None => format!("the {}", signature.role()),
        }
    }

    /// The field of a signature, if there are several.
    fn field<'s>(&self, signature: &'s SignatureEvidence) -> Option<&'s str> {
        let of_fields = || self.signatures.iter().filter(|signature| signature.field.is_some()).count();
        signature.field.as_deref().filter(|_| of_fields() > 1)
    }
}
