//! Reports: what verification found, the same for the terminal, the page and machines.

mod advice;
mod headline;
mod json;
pub mod text;
pub mod words;

use std::collections::BTreeMap;

use cqm_core::{Certificate, CertificateNumber, Finding, Label, LabelIdentity, Site, UnixTime, Verdict, status::Event};
use cqm_sign::x509::X509Certificate;

use crate::{
    evidence::{Evidence, SignatureEvidence},
    input::{self, Refusal},
    policy::{self, Judgement},
};

pub use advice::advice;
pub use headline::{Answer, Headline};
pub use json::{VERSION, to_json_line};

/// The number of characters of a signer's name in a report.
pub(crate) const NAME_LIMIT: usize = 300;

/// The result of the verification of one file.
///
/// As JSON it is what `docs/reference/report.schema.json` describes, without the member `file`.
#[derive(Debug, Clone)]
pub struct Report {
    at: UnixTime,
    judgement: Judgement,
    certificate: Option<Certificate>,
    status: StatusReports,
    signatures: Vec<SignatureReport>,
    is_pdf_without_token: bool,
    labels_in_text: Option<Vec<Label>>,
}

impl Report {
    pub(crate) fn new(at: UnixTime, evidence: Evidence<'_>, judgement: Judgement) -> Self {
        let labels_in_text = evidence.vouched_labels_in_text().map(<[Label]>::to_vec);
        let is_authentic = evidence.authentic().is_some();
        Self {
            at,
            judgement,
            certificate: evidence.claims.filter(|_| is_authentic).map(|claims| claims.certificate),
            status: evidence.status.map(|status| status.reports).unwrap_or_default(),
            signatures: evidence.signatures.into_iter().map(SignatureReport::from).collect(),
            is_pdf_without_token: labels_in_text.is_some(),
            labels_in_text,
        }
    }

    /// The report of a file that was not judged.
    pub(crate) fn refused(at: UnixTime, refusal: Refusal) -> Self {
        let Refusal { finding, is_pdf_without_token } = refusal;
        let judgement = policy::judge(vec![finding]);
        Self { is_pdf_without_token, ..Self::new(at, Evidence::default(), judgement) }
    }

    /// The report of a file that was not read because it has more than
    /// [`FILE_SIZE_LIMIT`](crate::FILE_SIZE_LIMIT) bytes.
    pub fn too_large(at: UnixTime) -> Self {
        Self::refused(at, input::too_large().into())
    }

    /// The verdict that follows from all findings.
    pub fn verdict(&self) -> Verdict {
        self.judgement.verdict
    }

    /// The answers to the three questions that a reader has: is the file genuine, is it in date, do
    /// its labels hold?
    pub fn headline(&self) -> Headline {
        Headline::of(self)
    }

    /// The time that the question was about.
    pub fn at(&self) -> UnixTime {
        self.at
    }

    /// The content of the certificate. `None` if its token is not authentic.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Returns whether the file is a PDF without a certificate token: not a letter, but perhaps a
    /// file that [`PdfPolicy::WithoutToken`](crate::PdfPolicy::WithoutToken) judges.
    pub fn is_pdf_without_token(&self) -> bool {
        self.is_pdf_without_token
    }

    /// The labels that were read from the text of a PDF without a token, in the order of the
    /// pages. Only the signatures vouch for them, and their status is not checked. `None` if no
    /// such PDF was judged.
    pub fn labels_in_text(&self) -> Option<&[Label]> {
        self.labels_in_text.as_deref()
    }

    /// All findings, in the order of the checks.
    pub fn findings(&self) -> &[Finding] {
        &self.judgement.findings
    }

    /// The signatures that were checked. The findings tell which of them are good.
    pub fn signatures(&self) -> &[SignatureReport] {
        &self.signatures
    }

    /// The status of the certificate itself at the time of the question; "stopped" means revoked.
    pub fn status(&self) -> StatusReport {
        self.status.certificate.report
    }

    /// The number of the certificate that replaced this one, if it was superseded at the time of
    /// the question and the status list names its successor.
    pub fn successor(&self) -> Option<&CertificateNumber> {
        self.status.successor.as_ref()
    }

    /// Every event of the certificate itself that the status list has, sorted by effective date.
    pub fn events(&self) -> &[Event] {
        &self.status.certificate.events
    }

    /// The labels of the certificate with their status at the time of the question.
    pub fn labels(&self) -> impl Iterator<Item = LabelReport<'_>> {
        self.certificate.iter().flat_map(Certificate::labels).map(|(site, label)| LabelReport {
            label,
            site,
            status: self.status.label(label.identity()),
            events: self.status.events(label.identity()),
        })
    }
}

/// A label of a certificate, and its status.
#[derive(Debug, Clone, Copy)]
pub struct LabelReport<'a> {
    /// The label, as the certificate lists it.
    pub label: &'a Label,
    /// Its site.
    pub site: &'a Site,
    /// Its status at the time of the question.
    pub status: StatusReport,
    /// Every event of the label that the status list has, sorted by effective date.
    pub events: &'a [Event],
}

/// The status of a certificate and of its labels.
#[derive(Debug, Clone)]
pub(crate) struct StatusReports {
    pub(crate) certificate: EntryReport,
    /// The number of the certificate that replaced it.
    pub(crate) successor: Option<CertificateNumber>,
    pub(crate) labels: BTreeMap<LabelIdentity, EntryReport>,
}

impl StatusReports {
    pub(crate) fn label(&self, identity: LabelIdentity) -> StatusReport {
        self.labels.get(&identity).map_or(StatusAnswer::NotChecked.into(), |entry| entry.report)
    }

    fn events(&self, identity: LabelIdentity) -> &[Event] {
        self.labels.get(&identity).map_or(&[], |entry| &entry.events)
    }
}

/// The status of an entry of the status list, with its whole history.
#[derive(Debug, Clone)]
pub(crate) struct EntryReport {
    pub(crate) report: StatusReport,
    pub(crate) events: Vec<Event>,
}

impl From<StatusAnswer> for EntryReport {
    fn from(answer: StatusAnswer) -> Self {
        Self { report: answer.into(), events: Vec::new() }
    }
}

/// The reports if the status was not asked about.
impl Default for StatusReports {
    fn default() -> Self {
        Self { certificate: StatusAnswer::NotChecked.into(), successor: None, labels: BTreeMap::new() }
    }
}

/// The status of a label or certificate at a time, and the event that led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusReport {
    /// The status.
    pub answer: StatusAnswer,
    /// The event that led to it. `None` if nothing happened, or no list answered.
    pub event: Option<Event>,
}

impl StatusReport {
    /// Returns whether the certificate was revoked because a newer one replaces it.
    pub(crate) fn is_superseded(&self) -> bool {
        self.event.is_some_and(|event| event.supersedes())
    }
}

impl From<StatusAnswer> for StatusReport {
    fn from(answer: StatusAnswer) -> Self {
        Self { answer, event: None }
    }
}

/// The answer to the question whether a label or certificate is valid at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusAnswer {
    /// Valid, according to a status list.
    Valid,
    /// The label was stopped, or the certificate revoked.
    Stopped,
    /// It is suspended: not valid for the time being.
    Suspended,
    /// No list at hand can answer.
    Unknown,
    /// The status was not asked about.
    NotChecked,
}

impl StatusAnswer {
    /// Returns the word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Stopped => "stopped",
            Self::Suspended => "suspended",
            Self::Unknown => "unknown",
            Self::NotChecked => "not-checked",
        }
    }
}

/// A signature that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// What is signed.
    pub kind: SignatureKind,
    /// The common name of the signer's certificate, or its whole subject.
    pub signer: String,
    /// The algorithm, in words.
    pub algorithm: String,
    /// The time of signing that the signer claims.
    pub signed_at: Option<UnixTime>,
    /// Whether every byte of the file is signed.
    pub covers_whole_file: bool,
    /// The form field with the signature, in a PDF without a token.
    pub field: Option<String>,
    /// The number of bytes that it covers from the first one on, its own place included, in a PDF
    /// without a token. `None` if the signature does not state it properly.
    pub covers_up_to: Option<usize>,
}

impl From<SignatureEvidence> for SignatureReport {
    fn from(evidence: SignatureEvidence) -> Self {
        let SignatureEvidence { kind, signer, algorithm, signed_at, covers_whole_file, field, covers_up_to, .. } =
            evidence;
        Self { kind, signer, algorithm, signed_at, covers_whole_file, field, covers_up_to }
    }
}

/// The kind of thing that a signature signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// A PDF.
    Pdf,
    /// A certificate token.
    Token,
    /// A status list.
    Status,
}

/// The common name of a signer's certificate, or its whole subject if it has none.
pub(crate) fn signer_name(signer: &X509Certificate) -> String {
    let mut name = signer.common_name().unwrap_or_else(|| signer.subject());
    cut(&mut name, NAME_LIMIT);
    name
}

/// Cuts a text to a number of characters, and frees the memory of the rest.
pub(crate) fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
}
