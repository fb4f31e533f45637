//! Issuing a certificate: from a dossier, or from the register.

use std::path::{Path, PathBuf};

use cqm_core::{Certificate, CertificateNumber, CompanyNumber, Date, Finding, Severity};
use cqm_files::{Access, NewFile, Staged, refuse_existing, write_new};
use cqm_issue::{Checked, Draft, IssueError, Issued, Office, Refused, dossier};
use cqm_letter::Template;
use cqm_register::{PendingIssue, Register, Signed, Stamp};
use cqm_sign::x509::X509Certificate;

use crate::{IssuingKeys, OfficeError};

/// A certificate that could be issued, with the findings of the rules.
///
/// From the register, it holds the register open: no one else writes while it lives, and dropping
/// it leaves the register as it was.
#[must_use = "dropping it issues nothing"]
pub struct IssueProposal<'a> {
    draft: Draft,
    pending: Option<PendingIssue<'a>>,
}

impl<'a> IssueProposal<'a> {
    /// Proposes a certificate from a dossier without a register. No status list will have it.
    pub fn from_draft(draft: Draft) -> Self {
        Self { draft, pending: None }
    }

    /// Proposes the next certificate of a company's holder, valid from the day `on`.
    ///
    /// A label that was stopped by `on` or by `today` is left out, so a certificate that is dated
    /// back does not list it.
    ///
    /// # Errors
    /// If the company has no dossier in the register, or the register fails.
    pub fn from_register(
        register: &'a mut Register,
        company: CompanyNumber,
        on: Date,
        today: Date,
        stamp: &Stamp,
    ) -> Result<Self, OfficeError> {
        let pending = register.begin_issue(company, on, stamp)?;
        let mut dossier = dossier::read(pending.basis().dossier()).map_err(OfficeError::StoredDossier)?;
        pending.basis().restrict(&mut dossier, on.max(today));
        dossier.number = pending.number().clone();
        Ok(Self { draft: Draft::new(&dossier, on), pending: Some(pending) })
    }

    /// The certificate and the reports of the rules.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The warnings of the rules, which do not forbid to issue.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.draft.findings().filter(|finding| finding.severity() == Severity::Warning)
    }

    /// Writes a PDF that shows how the letter will look, whatever the rules find. It is marked as a
    /// preview and has no signature. Nothing is issued: the register stays as it was. `root` is the
    /// certificate whose fingerprint the letter prints.
    ///
    /// # Errors
    /// If the letter cannot be composed, or the file exists or cannot be written.
    pub fn preview(
        self,
        template: &Template,
        root: Option<&X509Certificate>,
        path: &Path,
    ) -> Result<Draft, OfficeError> {
        let pdf = self.draft.preview(template, root)?;
        write_new(&[NewFile { path, bytes: &pdf, access: Access::Everyone }])?;
        Ok(self.draft)
    }

    /// Approves the certificate if no rule forbids to issue it.
    ///
    /// # Errors
    /// If a rule forbids to issue it. [`Refused`] has the draft with all findings.
    pub fn approve(self) -> Result<ApprovedIssue<'a>, Refused> {
        let Self { draft, pending } = self;
        Ok(ApprovedIssue { checked: draft.approve()?, pending })
    }
}

/// A certificate that every rule allows to issue.
#[must_use = "dropping it issues nothing"]
pub struct ApprovedIssue<'a> {
    checked: Checked,
    pending: Option<PendingIssue<'a>>,
}

impl ApprovedIssue<'_> {
    /// Signs the certificate, verifies it, stores it in the register if it comes from there, and
    /// writes the letter and the token.
    ///
    /// The space for the files is reserved before the register stores the certificate. So a full
    /// disk or a bad path is found while nothing is issued, and nothing signed is in any file until
    /// then.
    ///
    /// # Errors
    /// If a step fails. Nothing is issued, except for [`OfficeError::IssuedButNotWritten`].
    pub fn issue(
        self,
        keys: &IssuingKeys,
        template: &Template,
        files: LetterFiles,
    ) -> Result<IssuedCertificate, OfficeError> {
        let Self { checked, pending } = self;
        let Some(pending) = pending else {
            let Issued { certificate, token, pdf } = sign(checked, keys, template)?;
            let file = |path, bytes| NewFile { path, bytes, access: Access::Everyone };
            write_new(&[file(&files.token, token.as_bytes()), file(&files.pdf, &pdf)])?;
            return Ok(IssuedCertificate { certificate, superseded: Vec::new(), files });
        };
        let labels = checked.certificate().labels().map(|(_, label)| label.identity());
        let labels = pending.label_references(labels);
        let checked = checked.with_status(pending.reference(), labels, pending.min_status_seq())?;
        let Issued { certificate, token, pdf } = sign(checked, keys, template)?;
        let mut staged = Staged::reserve(&[(&files.token, token.len()), (&files.pdf, pdf.len())])?;
        let valid_until = certificate.valid_until;
        let superseded = pending.commit(Signed { valid_until, token: &token, pdf: &pdf })?;
        staged
            .fill(&[token.as_bytes(), &pdf])
            .and_then(|()| staged.persist())
            .map_err(|source| OfficeError::IssuedButNotWritten { number: certificate.number.clone(), source })?;
        Ok(IssuedCertificate { certificate, superseded, files })
    }
}

/// A certificate that was issued and written.
#[derive(Debug)]
pub struct IssuedCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// The earlier certificates of the holder that it supersedes from its first day on.
    pub superseded: Vec<CertificateNumber>,
    /// The files that have it.
    pub files: LetterFiles,
}

/// The files of a certificate: the letter, and beside it the token with the extension `jwt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFiles {
    pdf: PathBuf,
    token: PathBuf,
}

impl LetterFiles {
    /// The files for a letter with this path.
    ///
    /// # Errors
    /// If the letter and the token would have the same path, or one of them exists.
    pub fn new(pdf: &Path) -> Result<Self, OfficeError> {
        let token = pdf.with_extension("jwt");
        if token == pdf {
            return Err(OfficeError::OneNameForTwo { path: token });
        }
        refuse_existing(pdf)?;
        refuse_existing(&token)?;
        Ok(Self { pdf: pdf.to_owned(), token })
    }

    /// The letter.
    pub fn pdf(&self) -> &Path {
        &self.pdf
    }

    /// The token.
    pub fn token(&self) -> &Path {
        &self.token
    }
}

fn sign(checked: Checked, keys: &IssuingKeys, template: &Template) -> Result<Issued, OfficeError> {
    let IssuingKeys { document_signer, token_signer, root } = keys;
    checked.issue(&Office { document_signer, token_signer, root, template }).map_err(|error| match error {
        IssueError::NotValid { findings } => OfficeError::DoesNotVerify { findings },
        error => error.into(),
    })
}
