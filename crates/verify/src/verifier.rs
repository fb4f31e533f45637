//! The order of the checks.

use cqm_core::{Certificate, Code, Finding, Instant, rules};
use cqm_sign::x509::{TrustStore, VerifiedPath, X509Certificate};

use crate::{
    any_pdf::{self, AnyPdf, PdfPolicy},
    compare,
    file::Kind,
    letter::Letter,
    report::{Report, SignatureReport},
    token::Token,
    trust::{self, Role, TEST_ROOT},
};

/// Verifies files against what a user trusts. One verifier serves any number of files: what it learned of a signer's
/// certificate it need not compute again.
#[derive(Debug)]
pub struct Verifier {
    trust: TrustStore,
    limits: cqm_pdf::Limits,
    pdfs: PdfPolicy,
    trusts_test_root: bool,
}

/// What is asked about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The instant that the answer is about.
    pub at: Instant,
    /// Whether the status of the labels is part of the question.
    pub status: StatusPolicy,
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
        Self { trust, limits: cqm_pdf::Limits::default(), pdfs: PdfPolicy::LettersAlone, trusts_test_root }
    }

    /// The same verifier, with other PDFs to judge.
    #[must_use]
    pub fn with_pdfs(self, pdfs: PdfPolicy) -> Self {
        Self { pdfs, ..self }
    }

    /// Verifies one file: a PDF letter, or a certificate token.
    pub fn verify(&self, file: &[u8], question: &Question) -> Report {
        let mut examination = Examination { verifier: self, question, findings: Vec::new(), signatures: Vec::new() };
        let certificate = match Kind::of(file) {
            Ok(Kind::Pdf(bytes)) => {
                let letter = Letter::read(bytes, &self.limits, &self.trust, &mut examination.findings);
                if !letter.names_token() {
                    match AnyPdf::look(bytes, &self.limits, self.pdfs) {
                        any_pdf::Kind::Letter => {}
                        any_pdf::Kind::WithoutToken(pdf) => return examination.any_pdf(&pdf),
                        any_pdf::Kind::Encrypted(finding) => {
                            examination.findings = vec![finding];
                            return examination.report(None);
                        }
                    }
                }
                examination.letter(&letter)
            }
            Ok(Kind::Token(bytes)) => examination.token(bytes),
            Err(finding) => {
                examination.findings.push(finding);
                return examination.report(None);
            }
        };
        examination.test_root();
        examination.status();
        examination.report(certificate)
    }
}

/// The examination of one file.
struct Examination<'a> {
    verifier: &'a Verifier,
    question: &'a Question,
    findings: Vec<Finding>,
    signatures: Vec<SignatureReport>,
}

impl Examination<'_> {
    /// The checks of a PDF: its own, those of its token, and those of both together.
    fn letter(&mut self, letter: &Letter<'_>) -> Option<Certificate> {
        let token = letter.token().and_then(|token| Token::read(token, &self.verifier.trust, &mut self.findings));
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
            return self.report(None).of_pdf_without_token(None);
        }
        let judgement = pdf.judge(&self.verifier.trust, self.question.at, &mut self.findings);
        self.signatures = judgement.signatures;
        self.test_root();
        self.findings.push(match self.question.status {
            StatusPolicy::Required => {
                Finding::new(Code::StatusMissing, "labels that were read from text are not looked up in a status list")
            }
            StatusPolicy::SignatureAndDatesAlone => {
                Finding::new(Code::StatusNotAsked, "signature and dates alone were asked for")
            }
        });
        self.report(None).of_pdf_without_token(Some(judgement.labels))
    }

    /// The checks of a token that came alone.
    fn token(&mut self, bytes: &[u8]) -> Option<Certificate> {
        let token = Token::read(bytes, &self.verifier.trust, &mut self.findings);
        let signed_at = token.as_ref().and_then(|token| token.claims.as_ref()).map(|claims| claims.issued_at);
        self.certificate(token, signed_at.unwrap_or(self.question.at))
    }

    /// The checks of the token, then of what it says. Gives the certificate if the token is authentic.
    fn certificate(&mut self, token: Option<Token>, signed_at: Instant) -> Option<Certificate> {
        let token = token?;
        self.signatures.push(token.signature_report());
        let (signer, intermediates) = token.certificates();
        let path = self.path(Role::TokenSigner, signer, intermediates, signed_at);
        let authentic = token.is_signed && path.is_some();
        let claims = token.claims?;
        let certificate = claims.certificate;
        self.rules(&certificate, claims.issued_at);
        self.dates(&certificate);
        authentic.then_some(certificate)
    }

    /// Verifies the path of a signer, at the time of signing and at the time of the question.
    fn path(
        &mut self,
        role: Role,
        signer: &X509Certificate,
        intermediates: &[X509Certificate],
        signed_at: Instant,
    ) -> Option<VerifiedPath> {
        let Self { verifier, question, findings, .. } = self;
        trust::path(&verifier.trust, role, signer, intermediates, signed_at, question.at, findings)
    }

    /// The program's rules, as of the day of issue.
    fn rules(&mut self, certificate: &Certificate, issued_at: Instant) {
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

    fn status(&mut self) {
        self.findings.push(match self.question.status {
            StatusPolicy::Required => Finding::new(Code::StatusMissing, "no status list was given"),
            StatusPolicy::SignatureAndDatesAlone => {
                Finding::new(Code::StatusNotAsked, "signature and dates alone were asked for")
            }
        });
    }

    fn test_root(&mut self) {
        if self.verifier.trusts_test_root {
            let message = "the private keys under this root are public: use it for tests alone";
            self.findings.push(Finding::new(Code::TrustTestRoot, message));
        }
    }

    fn report(self, certificate: Option<Certificate>) -> Report {
        Report::new(self.question.at, certificate, self.findings, self.signatures)
    }
}
