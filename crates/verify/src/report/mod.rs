//! Reports: what verification found, for people and for machines.

use std::collections::BTreeMap;

use cqm_core::{
    Activity, Certificate, Code, CountryCode, Date, Finding, Label, LabelIdentity, Site, UnixTime, Verdict, conclude,
    status::{EntryStatus, Event, Reason},
};
use cqm_sign::x509::X509Certificate;
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// So many findings are listed: enough for people, and no report is larger than a file can be made to ask for.
const FINDINGS_LIMIT: usize = 200;

/// So many characters of a message are shown, for the same reasons: a hostile file may have megabytes in the place of a word.
pub(crate) const MESSAGE_LIMIT: usize = 2000;

/// So many characters of a signer's name are shown.
pub(crate) const NAME_LIMIT: usize = 300;

/// What verification found out about one file. As JSON it is what `docs/reference/report.schema.json` describes, without the
/// member `file`.
#[derive(Debug, Clone)]
pub struct Report {
    verdict: Verdict,
    at: UnixTime,
    certificate: Option<Certificate>,
    standings: StatusReports,
    findings: Vec<Finding>,
    signatures: Vec<SignatureReport>,
    without_token: Option<WithoutToken>,
}

/// What became of a PDF that carries no token.
#[derive(Debug, Clone)]
pub(crate) enum WithoutToken {
    /// Nobody asked to judge it.
    Refused,
    /// It was judged by its signatures; these labels stand in its text.
    Judged(Vec<Label>),
}

impl Report {
    pub(crate) fn new(
        at: UnixTime,
        certificate: Option<Certificate>,
        standings: StatusReports,
        mut findings: Vec<Finding>,
        signatures: Vec<SignatureReport>,
    ) -> Self {
        if findings.len() > FINDINGS_LIMIT {
            // What decides the verdict is not what is left out.
            findings.sort_by_key(|finding| core::cmp::Reverse((conclude([finding]), finding.severity())));
            let message = format!("there are {} findings, {FINDINGS_LIMIT} are listed", findings.len());
            findings.truncate(FINDINGS_LIMIT);
            findings.push(Finding::new(Code::LimitExceeded, message));
        }
        for finding in &mut findings {
            cut(&mut finding.message, MESSAGE_LIMIT);
        }
        Self { verdict: conclude(&findings), at, certificate, standings, findings, signatures, without_token: None }
    }

    /// The same report, of a PDF that carries no token.
    pub(crate) fn of_pdf_without_token(self, judged: WithoutToken) -> Self {
        Self { without_token: Some(judged), ..self }
    }

    /// The report of a file that was not read because it has more than [`FILE_SIZE_LIMIT`](crate::FILE_SIZE_LIMIT)
    /// bytes.
    pub fn too_large(at: UnixTime) -> Self {
        Self::new(at, None, StatusReports::default(), vec![crate::file::too_large()], Vec::new())
    }

    /// What follows from all findings.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The instant that the question was about.
    pub fn at(&self) -> UnixTime {
        self.at
    }

    /// What the certificate says. `None` where its token is not authentic: what nobody vouches for is not shown.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Whether the file is a PDF that carries no certificate token: no letter, but perhaps one of those that
    /// [`PdfPolicy::WithoutToken`](crate::PdfPolicy::WithoutToken) judges.
    pub fn is_pdf_without_token(&self) -> bool {
        self.without_token.is_some()
    }

    /// The labels that were read from the text of a PDF without a token, in the order of the pages. Nothing vouches for them but
    /// the signatures, and their status is not checked. `None` where no such PDF was judged.
    pub fn labels_in_text(&self) -> Option<&[Label]> {
        match &self.without_token {
            Some(WithoutToken::Judged(labels)) => Some(labels),
            Some(WithoutToken::Refused) | None => None,
        }
    }

    /// Everything that was found, in the order of the checks.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The signatures that were checked. That one stands here does not mean that it is good: the findings say so.
    pub fn signatures(&self) -> &[SignatureReport] {
        &self.signatures
    }

    /// What became of the certificate itself by the instant of the question: stopped means that it was revoked. What
    /// became of its labels, [`labels`](Self::labels) tells.
    pub fn standing(&self) -> StatusReport {
        self.standings.certificate
    }

    /// The labels of the certificate with their state at the instant of the question.
    pub fn labels(&self) -> impl Iterator<Item = LabelReport<'_>> {
        self.certificate.iter().flat_map(Certificate::labels).map(|(site, label)| LabelReport {
            label,
            site,
            standing: self.standings.labels.get(&label.identity()).copied().unwrap_or(StatusAnswer::NotChecked.into()),
        })
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Summary<'a> {
            number: &'a str,
            holder: &'a str,
            valid_until: Date,
            #[serde(flatten)]
            status: Status,
            labels: Vec<LabelReport<'a>>,
        }
        let summary = self.certificate.as_ref().map(|certificate| Summary {
            number: certificate.number.as_str(),
            holder: &certificate.holder.name,
            valid_until: certificate.valid_until,
            status: self.standings.certificate.into(),
            labels: self.labels().collect(),
        });
        #[derive(Serialize)]
        struct LabelInText<'a> {
            label: &'a Label,
            activity: Activity,
            status: StatusAnswer,
        }
        let labels_in_text = self.labels_in_text().map(|labels| -> Vec<_> {
            let status = StatusAnswer::NotChecked;
            labels.iter().map(|label| LabelInText { label, activity: label.activity(), status }).collect()
        });
        let mut fields = serializer.serialize_struct("Report", 6)?;
        fields.serialize_field("verdict", &self.verdict)?;
        fields.serialize_field("at", &self.at.to_string())?;
        fields.serialize_field("certificate", &summary)?;
        fields.serialize_field("findings", &self.findings)?;
        fields.serialize_field("signatures", &self.signatures)?;
        match labels_in_text {
            Some(labels) => fields.serialize_field("labels_in_text", &labels)?,
            None => fields.skip_field("labels_in_text")?,
        }
        fields.end()
    }
}

/// A label of a certificate, and its state.
#[derive(Debug, Clone, Copy)]
pub struct LabelReport<'a> {
    /// The label, as the certificate lists it.
    pub label: &'a Label,
    /// The site that holds it.
    pub site: &'a Site,
    /// What became of it by the instant of the question.
    pub standing: StatusReport,
}

impl Serialize for LabelReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            label: &'a Label,
            activity: Activity,
            country: &'a CountryCode,
            city: &'a str,
            #[serde(flatten)]
            status: Status,
        }
        let fields = Fields {
            label: self.label,
            activity: self.label.activity(),
            country: &self.site.country,
            city: &self.site.city,
            status: self.standing.into(),
        };
        fields.serialize(serializer)
    }
}

/// A standing, as JSON shows it: the reason and the day where something does not hold.
#[derive(Serialize)]
struct Status {
    status: StatusAnswer,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
}

impl From<StatusReport> for Status {
    fn from(StatusReport { state, event }: StatusReport) -> Self {
        let event = event.filter(|event| event.status != EntryStatus::Valid);
        Self { status: state, reason: event.map(|event| event.reason), since: event.map(|event| event.effective) }
    }
}

/// What status lists said of a certificate and of its labels.
#[derive(Debug, Clone)]
pub(crate) struct StatusReports {
    pub(crate) certificate: StatusReport,
    pub(crate) labels: BTreeMap<LabelIdentity, StatusReport>,
}

/// Nothing was asked.
impl Default for StatusReports {
    fn default() -> Self {
        Self { certificate: StatusAnswer::NotChecked.into(), labels: BTreeMap::new() }
    }
}

/// What became of a label, or of a certificate, by an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusReport {
    /// Its state.
    pub state: StatusAnswer,
    /// What led to it; none where nothing happened, or no list tells.
    pub event: Option<Event>,
}

impl From<StatusAnswer> for StatusReport {
    fn from(state: StatusAnswer) -> Self {
        Self { state, event: None }
    }
}

/// The state of a label, or of a certificate, at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusAnswer {
    /// A status list says that it holds.
    Valid,
    /// It was stopped; of a certificate: revoked.
    Stopped,
    /// It does not hold for the time being.
    Suspended,
    /// The status was asked for, but no list at hand can tell.
    Unknown,
    /// The status was not asked for.
    NotChecked,
}

/// A signature that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureReport {
    /// What it signs.
    pub kind: SignatureKind,
    /// The common name of the signer's certificate, or its whole subject.
    pub signer: String,
    /// The algorithm, in words.
    pub algorithm: String,
    /// When it was made, as the signer says (RFC 3339).
    pub signed_at: Option<String>,
    /// Whether nothing of the file is left unsigned.
    pub covers_whole_file: bool,
    /// The form field that holds it, in a PDF without a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How many bytes it covers from the first one on, its own place included, in a PDF without a token. Nothing where it does
    /// not say so as it should.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers_up_to: Option<usize>,
}

/// What a signature signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureKind {
    /// The PDF.
    Pdf,
    /// The certificate token.
    Token,
    /// The status list.
    Status,
}

/// The common name of a signer, or its whole subject where it has none.
pub(crate) fn signer_name(signer: &X509Certificate) -> String {
    let mut name = signer.common_name().unwrap_or_else(|| signer.subject());
    cut(&mut name, NAME_LIMIT);
    name
}

/// Leaves so many characters of a text, and the memory that they take.
pub(crate) fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
}
