//! The order of the checks.

use std::collections::BTreeSet;

use cqm_core::{Certificate, Code, Finding, Label, UnixTime, rules, status::StatusReferences};
use cqm_sign::x509::{TrustStore, VerifiedPath, X509Certificate};
use cqm_status::{SignedList, StatusListError, VerifiedList};

use crate::{
    any_pdf::{self, AnyPdf, PdfPolicy},
    compare,
    file::Kind,
    letter::Letter,
    report::{Report, SignatureReport, StatusAnswer, StatusReports, WithoutToken},
    status::{StatusCheck, StatusLists},
    token::{ReadClaims, Token},
    trust::{self, Role, TEST_ROOT},
};

/// Verifies files against what a user trusts. One verifier serves any number of files: what it learned of a signer's
/// certificate it need not compute again.
#[derive(Debug)]
pub struct Verifier {
    trust: TrustStore,
    limits: cqm_pdf::Limits,
    status_lists: StatusLists,
    pdfs: PdfPolicy,
    trusts_test_root: bool,
}

/// What is asked about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    /// The instant that the answer is about.
    pub at: UnixTime,
    /// Whether the status of the labels is part of the question.
    pub status: StatusPolicy,
    /// The labels whose status is asked about. If there are none: every label of the certificate.
    pub labels: &'a [Label],
}

/// Whether the status of the labels is part of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPolicy {
    /// It is: without it, the verdict is at best indeterminate.
    Required,
    /// Signature and dates alone are asked for. A label that was stopped since is not found out.
    SignatureAndDatesAlone,
}

impl Verifier {
    /// A verifier of letters and tokens that trusts these roots.
    pub fn new(trust: TrustStore) -> Self {
        let trusts_test_root = trust.roots().iter().any(|root| root.fingerprint() == TEST_ROOT);
        Self {
            trust,
            limits: cqm_pdf::Limits::default(),
            pdfs: PdfPolicy::LettersAlone,
            status_lists: StatusLists::default(),
            trusts_test_root,
        }
    }

    /// The same verifier, with other PDFs to judge.
    #[must_use]
    pub fn with_pdfs(self, pdfs: PdfPolicy) -> Self {
        Self { pdfs, ..self }
    }

    /// Adds a status list: a file that the office publishes. Several may be given; a certificate names its own. A list
    /// that can't be believed is reported with every file whose status is asked for.
    pub fn add_status_list(&mut self, file: &[u8]) {
        self.status_lists.add(file, &self.trust);
    }

    /// The lists that were added and are authentic. Whoever wants to notice an older one another time keeps the newest of
    /// each name, and hands it to [`Self::saw_status_list`] then.
    pub fn status_lists(&self) -> &[VerifiedList] {
        self.status_lists.usable()
    }

    /// Says that a list was seen before: an older one of the same name, or another with the same number, leaves the
    /// verdict open.
    ///
    /// # Errors
    /// When the list is not authentic: it proves nothing then.
    pub fn saw_status_list(&mut self, file: &[u8]) -> Result<VerifiedList, StatusListError> {
        let list = SignedList::parse(file)?.verify(&self.trust)?;
        self.status_lists.saw(&list);
        Ok(list)
    }

    /// Verifies one file: a PDF letter, or a certificate token.
    pub fn verify(&self, file: &[u8], question: &Question<'_>) -> Report {
        let mut examination = Examination { verifier: self, question, findings: Vec::new(), signatures: Vec::new() };
        let authentic = match Kind::of(file) {
            Ok(Kind::Pdf(bytes)) => {
                let letter = Letter::read(bytes, &self.limits, &mut examination.findings);
                if !letter.names_token() {
                    match AnyPdf::look(bytes, &self.limits, self.pdfs) {
                        any_pdf::Kind::Letter => {}
                        any_pdf::Kind::WithoutToken(pdf) => {
                            // What the profile has read is not needed any more, and takes memory.
                            drop(letter);
                            return examination.any_pdf(&pdf);
                        }
                        any_pdf::Kind::Encrypted(finding) => {
                            examination.findings = vec![finding];
                            return examination.report(None, StatusReports::default());
                        }
                    }
                }
                examination.letter(&letter)
            }
            Ok(Kind::Token(bytes)) => examination.token(bytes),
            Err(finding) => {
                examination.findings.push(finding);
                return examination.report(None, StatusReports::default());
            }
        };
        examination.test_root();
        let standings = examination.status(authentic.as_ref());
        examination.report(authentic.map(|authentic| authentic.claims.certificate), standings)
    }
}

/// What a token says that is authentic, and the root that its signer leads to.
struct Authentic {
    claims: ReadClaims,
    root: X509Certificate,
}

/// The examination of one file.
struct Examination<'a> {
    verifier: &'a Verifier,
    question: &'a Question<'a>,
    findings: Vec<Finding>,
    signatures: Vec<SignatureReport>,
}

impl Examination<'_> {
    /// The checks of a PDF: its own, those of its token, and those of both together.
    fn letter(&mut self, letter: &Letter<'_>) -> Option<Authentic> {
        let token = letter.token().and_then(|token| Token::read(token, &mut self.findings));
        self.signatures.extend(letter.signature_report());
        let claims = token.as_ref().and_then(|token| token.claims.as_ref());

        // The office states one time for both signatures; where the token has none to tell, the PDF's must do.
        let signed_at = claims.map(|claims| claims.issued_at).or(letter.signed_at()).unwrap_or(self.question.at);
        letter.verify_signature(&mut self.findings);
        if let Some(signed) = letter.signed_data() {
            let path = self.path(Role::DocumentSigner, signed.signer(), signed.intermediates(), signed_at);
            letter.verify_encoding(path.as_ref(), &mut self.findings);
        }
        if let Some(claims) = claims {
            compare::letter_with_token(letter, claims, &mut self.findings);
        }
        self.certificate(token, signed_at)
    }

    /// The checks of a PDF that carries no token, in place of all that a letter is asked for.
    fn any_pdf(mut self, pdf: &AnyPdf<'_>) -> Report {
        self.findings.clear();
        if self.verifier.pdfs == PdfPolicy::LettersAlone {
            self.findings.push(Finding::new(Code::NotACertificate, "the PDF carries no certificate token"));
            return self.report(None, StatusReports::default()).of_pdf_without_token(WithoutToken::Refused);
        }
        let judgement = pdf.judge(&self.verifier.trust, self.question.at, &mut self.findings);
        self.signatures = judgement.signatures;
        for label in self.question.labels.iter().filter(|label| !judgement.labels.contains(label)) {
            let message = format!("{label} was not read from the text of the PDF");
            self.findings.push(Finding::new(Code::LabelNotListed, message));
        }
        self.test_root();
        self.findings.push(match self.question.status {
            StatusPolicy::Required => {
                Finding::new(Code::StatusNoReference, "a PDF without a certificate token names no status list")
            }
            StatusPolicy::SignatureAndDatesAlone => {
                Finding::new(Code::StatusNotAsked, "signature and dates alone were asked for")
            }
        });
        self.report(None, StatusReports::default()).of_pdf_without_token(WithoutToken::Judged(judgement.labels))
    }

    /// The checks of a token that came alone.
    fn token(&mut self, bytes: &[u8]) -> Option<Authentic> {
        let token = Token::read(bytes, &mut self.findings);
        let signed_at = token.as_ref().and_then(|token| token.claims.as_ref()).map(|claims| claims.issued_at);
        self.certificate(token, signed_at.unwrap_or(self.question.at))
    }

    /// The checks of the token, then of what it says. Gives that if the token is authentic.
    fn certificate(&mut self, token: Option<Token>, signed_at: UnixTime) -> Option<Authentic> {
        let token = token?;
        self.signatures.push(token.signature_report());
        let (signer, intermediates) = token.certificates();
        let path = self.path(Role::TokenSigner, signer, intermediates, signed_at);
        let root = path.filter(|_| token.is_signed).map(|path| path.root().clone());
        let claims = token.claims?;
        self.rules(&claims.certificate, claims.issued_at);
        self.dates(&claims.certificate);
        Some(Authentic { claims, root: root? })
    }

    /// Verifies the path of a signer, at the time of signing and at the time of the question.
    fn path(
        &mut self,
        role: Role,
        signer: &X509Certificate,
        intermediates: &[X509Certificate],
        signed_at: UnixTime,
    ) -> Option<VerifiedPath> {
        let Self { verifier, question, findings, .. } = self;
        trust::path(&verifier.trust, role, signer, intermediates, signed_at, question.at, findings)
    }

    /// The program's rules, as of the day of issue.
    fn rules(&mut self, certificate: &Certificate, issued_at: UnixTime) {
        // A date beyond the calendar is beyond every rule's effective date too.
        let on = issued_at.date().unwrap_or(certificate.valid_from);
        let reports = rules::check_certificate(certificate, on);
        self.findings.extend(reports.into_iter().flat_map(|report| report.findings));
    }

    /// The first and the last day, which counts wholly.
    fn dates(&mut self, certificate: &Certificate) {
        let Question { at, .. } = *self.question;
        let Certificate { valid_from, valid_until, .. } = *certificate;
        if at < valid_from.start() {
            let message = format!("valid from {valid_from} on, the question is about {at}");
            self.findings.push(Finding::new(Code::DateNotYetValid, message));
        }
        if at > valid_until.end() {
            let message = format!("valid until {valid_until}, the question is about {at}");
            self.findings.push(Finding::new(Code::DateExpired, message));
        }
    }

    /// What became of the certificate and its labels. Of a token that is not authentic, nothing is asked.
    fn status(&mut self, authentic: Option<&Authentic>) -> StatusReports {
        let mut asked = BTreeSet::new();
        if let Some(Authentic { claims: ReadClaims { certificate, .. }, .. }) = authentic {
            let listed: BTreeSet<Label> = certificate.labels().map(|(_, label)| *label).collect();
            for label in self.question.labels.iter().filter(|label| !listed.contains(label)) {
                let message = format!("{label} does not stand on certificate {}", certificate.number);
                self.findings.push(Finding::new(Code::LabelNotListed, message));
            }
            asked = match self.question.labels {
                [] => listed,
                labels => labels.iter().copied().filter(|label| listed.contains(label)).collect(),
            };
        }
        if self.question.status == StatusPolicy::SignatureAndDatesAlone {
            let message = "signature and dates alone were asked for";
            self.findings.push(Finding::new(Code::StatusNotAsked, message));
            return StatusReports::default();
        }
        let Some(Authentic { claims: ReadClaims { certificate, status, .. }, root }) = authentic else {
            return StatusReports::default();
        };
        match status {
            Some(references) => self.ask(certificate, root, references, &asked),
            None => {
                let message = format!("certificate {} was issued without a register", certificate.number);
                self.findings.push(Finding::new(Code::StatusNoReference, message));
                let unknown = StatusAnswer::Unknown.into();
                let labels = certificate.labels().map(|(_, label)| (label.identity(), unknown)).collect();
                StatusReports { certificate: unknown, labels }
            }
        }
    }

    fn ask(
        &mut self,
        certificate: &Certificate,
        root: &X509Certificate,
        references: &StatusReferences,
        asked: &BTreeSet<Label>,
    ) -> StatusReports {
        let Self { verifier, question, findings, signatures } = self;
        let check = StatusCheck {
            lists: &verifier.status_lists,
            certificate,
            root,
            references,
            at: question.at,
            asked,
            findings,
            signatures,
        };
        check.run()
    }

    fn test_root(&mut self) {
        if self.verifier.trusts_test_root {
            let message = "the private keys under this root are public: use it for tests alone";
            self.findings.push(Finding::new(Code::TrustTestRoot, message));
        }
    }

    fn report(self, certificate: Option<Certificate>, standings: StatusReports) -> Report {
        Report::new(self.question.at, certificate, standings, self.findings, self.signatures)
    }
}
