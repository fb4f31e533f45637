//! The pipeline: identify the input, collect the evidence, run the checks, conclude the verdict.

use cqm_core::{Code, Finding, Label, UnixTime};
use cqm_sign::x509::{Crl, TrustStore};
use cqm_status::{History, VerifiedList};

use crate::{
    checks::{self, Case},
    evidence::status::{StatusEvidence, StatusLists},
    input::{Context, Input},
    policy::{self, PdfPolicy, StatusPolicy},
    report::Report,
};

/// Verifies files against what a user trusts.
///
/// One verifier serves any number of files: signers' certificates that were verified once are
/// remembered.
#[derive(Debug)]
pub struct Verifier {
    trust: TrustStore,
    limits: cqm_pdf::Limits,
    status_lists: StatusLists,
    pdfs: PdfPolicy,
    trusts_test_root: bool,
}

/// A question about a file.
///
/// ```
/// use cqm_core::Date;
/// use cqm_verify::Question;
///
/// let at = "2024-01-31".parse::<Date>()?.end();
/// let question = Question::new(at).without_status();
/// # Ok::<(), cqm_core::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question<'a> {
    /// The time that the answer is about.
    pub at: UnixTime,
    /// Whether the status of the labels is part of the question.
    pub status: StatusPolicy,
    /// The labels that the verdict depends on. If empty: every label of the certificate.
    pub labels: &'a [Label],
}

impl Question<'static> {
    /// Asks whether a file is genuine and in date at this time, and every label valid.
    pub fn new(at: UnixTime) -> Self {
        Self { at, status: StatusPolicy::Required, labels: &[] }
    }
}

impl Question<'_> {
    /// Asks only about signature and dates. A label that was stopped since is not noticed.
    #[must_use]
    pub fn without_status(self) -> Self {
        Self { status: StatusPolicy::SignatureAndDatesOnly, ..self }
    }

    /// Asks only about these labels. Without labels, asks about every label of the certificate.
    #[must_use]
    pub fn about(self, labels: &[Label]) -> Question<'_> {
        let Self { at, status, labels: _ } = self;
        Question { at, status, labels }
    }
}

impl Verifier {
    /// Creates a verifier of letters and tokens that trusts these roots.
    pub fn new(trust: TrustStore) -> Self {
        let trusts_test_root = trust.roots().iter().any(checks::trust::is_test_ca);
        Self {
            trust,
            limits: cqm_pdf::Limits::default(),
            status_lists: StatusLists::default(),
            pdfs: PdfPolicy::LettersOnly,
            trusts_test_root,
        }
    }

    /// Chooses which PDFs are judged.
    #[must_use]
    pub fn with_pdfs(self, pdfs: PdfPolicy) -> Self {
        Self { pdfs, ..self }
    }

    /// Adds a status list: a file that the office publishes. Several may be added; each
    /// certificate names its own.
    ///
    /// The CRLs in the list count for every file from then on. Each is believed for its own
    /// signature.
    ///
    /// A list that cannot be believed is reported with every file whose status is asked about.
    pub fn add_status_list(&mut self, file: &[u8]) {
        self.status_lists.add(file, &mut self.trust);
    }

    /// The lists that were added and are authentic.
    pub fn status_lists(&self) -> &[VerifiedList] {
        &self.status_lists.usable
    }

    /// What the verifier trusts.
    pub fn trust(&self) -> &TrustStore {
        &self.trust
    }

    /// Remembers CRLs that were seen before, so that an older one does not undo a revocation.
    pub fn remember_crls(&mut self, crls: impl IntoIterator<Item = Crl>) {
        crls.into_iter().for_each(|crl| self.trust.remember_crl(crl));
        self.status_lists.verify_signers_again(&self.trust);
    }

    /// Remembers the lists of one name that were seen before. A given list that is older than one
    /// of them then leaves the verdict open, and so does every list as long as they contradict each
    /// other. Judge lists for this [without CRLs](TrustStore::without_crls): whoever asks chooses
    /// the CRLs.
    pub fn remember_status_lists(&mut self, history: History) {
        self.status_lists.remember(history);
    }

    /// Reports, with every certificate whose status is asked about, that the memory of status
    /// lists did not work: an older list may not be noticed.
    pub fn report_memory_problem(&mut self, message: impl Into<String>) {
        self.status_lists.memory.push(Finding::new(Code::StatusMemoryUnusable, message.into()));
    }

    /// Verifies one file.
    pub fn verify(&self, file: &[u8], question: &Question<'_>) -> Report {
        let input = match Input::identify(file, &self.limits, self.pdfs) {
            Ok(input) => input,
            Err(refusal) => return Report::refused(question.at, refusal),
        };
        let mut evidence = input.read(Context { trust: &self.trust, limits: &self.limits, at: question.at });
        if question.status == StatusPolicy::Required
            && let Some(authentic) = evidence.authentic()
        {
            let status = StatusEvidence::collect(&self.status_lists, authentic, &self.trust, question.at);
            evidence.signatures.extend(status.signature());
            evidence.status = Some(status);
        }
        let case = Case { evidence: &evidence, question, trusts_test_root: self.trusts_test_root };
        let found = checks::run(&case);
        let findings = evidence.findings.iter().cloned().chain(found).collect();
        Report::new(question.at, evidence, policy::judge(findings))
    }
}
