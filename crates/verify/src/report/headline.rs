//! The headline of a report: is the file genuine, is it in date, do its labels hold?

use cqm_core::{Certificate, Code, Consequence, Label};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{LabelReport, Report, StatusAnswer};

/// The number of labels that a headline names.
const NAMED: usize = 4;

/// The answer to one of the three questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No: a check failed.
    No,
    /// It could not be found out.
    Open,
    /// It was not asked about.
    NotAsked,
}

impl Answer {
    /// Returns the word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Open => "open",
            Self::NotAsked => "not-asked",
        }
    }
}

/// The three answers, and a sentence for people that contains them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// Whether the file was made by the office and is unchanged.
    pub genuine: Answer,
    /// Whether the certificate is valid at the time of the question, by its own dates.
    pub in_date: Answer,
    /// Whether the certificate and its labels are still good: not revoked, stopped or suspended,
    /// and listed by the rules of the program.
    pub labels_hold: Answer,
    /// The sentence, without a period at its end.
    pub sentence: String,
}

/// Writes `{"sentence", "genuine", "in_date", "labels_hold"}`.
impl Serialize for Headline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Headline", 4)?;
        fields.serialize_field("sentence", &self.sentence)?;
        fields.serialize_field("genuine", self.genuine.as_str())?;
        fields.serialize_field("in_date", self.in_date.as_str())?;
        fields.serialize_field("labels_hold", self.labels_hold.as_str())?;
        fields.end()
    }
}

/// The questions that findings answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Genuine,
    InDate,
    LabelsHold,
}

impl Topic {
    fn of(code: Code) -> Self {
        match code.as_str().split_once('.').unwrap_or_default() {
            // Such a token was not issued by the office, although its key signed it.
            ("status", "not-issued") => Self::Genuine,
            ("date", _) => Self::InDate,
            ("status" | "label" | "rule", _) => Self::LabelsHold,
            _ => Self::Genuine,
        }
    }
}

impl Headline {
    pub(super) fn of(report: &Report) -> Self {
        let genuine = answer(report, Topic::Genuine);
        let (in_date, labels_hold) = match report.certificate() {
            Some(_) => (answer(report, Topic::InDate), answer(report, Topic::LabelsHold)),
            // What a file claims about itself answers nothing before it is known to be genuine.
            None => (Answer::Open, Answer::Open),
        };
        let sentence = match (genuine, report.certificate()) {
            (Answer::No, _) => format!("{}: do not rely on this file", forgery(report)),
            (Answer::Yes, Some(certificate)) => genuine_sentence(report, certificate, in_date, labels_hold),
            (Answer::Yes, None) => without_token(report),
            (Answer::Open | Answer::NotAsked, certificate) => {
                let faults = match certificate {
                    Some(certificate) => faults(report, certificate, in_date, labels_hold),
                    None if answer(report, Topic::InDate) == Answer::No => vec![SIGNED_LATER.to_owned()],
                    None => Vec::new(),
                };
                match faults.is_empty() {
                    true => doubt(report).into(),
                    false => format!("Not valid: {}; not everything else could be checked", faults.join(", and ")),
                }
            }
        };
        Self { genuine, in_date, labels_hold, sentence }
    }
}

/// The answer that follows from all findings about a question.
fn answer(report: &Report, topic: Topic) -> Answer {
    let codes = || report.findings().iter().map(|finding| finding.code).filter(|code| Topic::of(*code) == topic);
    if codes().any(|code| code.consequence() == Consequence::Invalid) {
        Answer::No
    } else if codes().any(|code| code.consequence() == Consequence::Indeterminate) {
        Answer::Open
    } else if codes().any(|code| code == Code::StatusNotAsked) {
        Answer::NotAsked
    } else {
        Answer::Yes
    }
}

fn has(report: &Report, codes: &[Code]) -> bool {
    report.findings().iter().any(|finding| codes.contains(&finding.code))
}

/// The reason that a file is not genuine: the plainest that its findings give.
fn forgery(report: &Report) -> &'static str {
    let failed = report.findings().iter().filter(|finding| finding.code.consequence() == Consequence::Invalid);
    let only_trust = || failed.clone().all(|finding| finding.code.as_str().starts_with("trust."));
    if has(report, &[Code::NotACertificate]) {
        "Not a CQM certificate"
    } else if has(report, &[Code::PdfUnsigned]) {
        "Not signed"
    } else if has(report, &[Code::PdfModifiedAfterSigning, Code::CmsDigestMismatch]) {
        "Changed after it was signed"
    } else if has(report, &[Code::StatusNotIssued]) {
        "Signed with a key of the office, but not issued by the office"
    } else if has(report, &[Code::TrustRevoked]) {
        "Signed with a key that was revoked"
    } else if has(report, &[Code::TrustUnknownIssuer, Code::TrustBadSignature]) && only_trust() {
        "Signed by someone you do not trust"
    } else if only_trust() {
        "Signed by someone who may not sign it"
    } else {
        "Not a genuine certificate"
    }
}

/// The reason that it is open whether a file is genuine: the plainest that its findings give.
fn doubt(report: &Report) -> &'static str {
    let reasons: [(&[Code], &str); 8] = [
        (&[Code::PdfLaterRevision], "Something was added after it was signed: what you see may not be what was signed"),
        (&[Code::PdfChangingContent], "It has content that can change what you see after it was signed"),
        (&[Code::LimitExceeded], "Too large or too complicated to be checked"),
        (&[Code::PdfUnsupportedEncryption], "It is encrypted, so its signatures could not be checked"),
        (
            &[Code::PdfUnsupportedSignature, Code::TrustUnsupported],
            "Nothing wrong was found, but this program can't check the signature",
        ),
        (
            &[Code::TokenUnconfirmed],
            "Signed with a key of the office, but nothing else shows that the office issued it",
        ),
        (&[Code::TrustPurposeUnclear], "Nothing wrong was found, but its signer may not be one of documents"),
        (
            &[Code::TrustCrlStale, Code::TrustCrlUnusable, Code::TrustCrlMissing],
            "Nothing wrong was found, but whether a signer was revoked could not be checked",
        ),
    ];
    let found = reasons.into_iter().find(|(codes, _)| has(report, codes));
    found.map_or("Nothing wrong was found, but not everything could be checked", |(_, sentence)| sentence)
}

const SIGNED_LATER: &str = "it was signed later than the time asked about";

/// The sentence for a PDF that is judged by its signatures only.
fn without_token(report: &Report) -> String {
    let date = match answer(report, Topic::InDate) {
        Answer::No => format!(", but {SIGNED_LATER}"),
        _ => String::new(),
    };
    let unchecked = match has(report, &[Code::StatusNoReference]) {
        true => "its text was not checked, nor whether a label was stopped",
        false => "its text was not checked",
    };
    format!("Signed by someone under your root, and unchanged{date}; {unchecked}")
}

/// What keeps a certificate from being good.
fn faults(report: &Report, certificate: &Certificate, in_date: Answer, labels_hold: Answer) -> Vec<String> {
    let mut faults = Vec::new();
    if in_date == Answer::No {
        let Certificate { valid_from, valid_until, .. } = certificate;
        faults.push(match has(report, &[Code::DateExpired]) {
            true => format!("it ended on {valid_until}"),
            false if report.at() < valid_from.start() => format!("it is valid only from {valid_from} on"),
            false => "it was issued later than the time asked about".into(),
        });
    }
    if labels_hold == Answer::No {
        faults.extend(label_faults(report));
    }
    faults
}

/// The sentence for a genuine certificate.
fn genuine_sentence(report: &Report, certificate: &Certificate, in_date: Answer, labels_hold: Answer) -> String {
    let faults = faults(report, certificate, in_date, labels_hold);
    let start = match (faults.is_empty(), in_date) {
        (true, Answer::Yes) => "Genuine, unchanged and in date".to_owned(),
        (true, _) => "Genuine and unchanged".to_owned(),
        (false, _) => format!("Genuine and unchanged, but {}", faults.join(", and ")),
    };
    match labels_hold {
        Answer::Yes if faults.is_empty() => format!("{start}, and {}", holding(report)),
        Answer::Yes | Answer::No => start,
        Answer::Open if faults.is_empty() => format!("{start}, but whether a label was stopped could not be checked"),
        Answer::Open => format!("{start}; whether a label was stopped could not be checked"),
        Answer::NotAsked => format!("{start}; whether a label was stopped was not asked"),
    }
}

/// "all 5 labels hold"
fn holding(report: &Report) -> String {
    let is = |label: LabelReport<'_>, answers: &[StatusAnswer]| answers.contains(&label.status.answer);
    let all_hold = report.labels().all(|label| is(label, &[StatusAnswer::Valid]));
    let some_ended = report.labels().any(|label| is(label, &[StatusAnswer::Stopped, StatusAnswer::Suspended]));
    match (all_hold, some_ended, report.labels().count()) {
        (true, _, 1) => "its label holds".into(),
        (true, _, count) => format!("all {count} labels hold"),
        (false, true, _) => "the labels asked about hold; other labels do not".into(),
        (false, false, _) => "the labels asked about hold".into(),
    }
}

/// What keeps the certificate or its labels from being good.
fn label_faults(report: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    if has(report, &[Code::StatusRevoked]) {
        faults.push(revocation(report));
    }
    if report.status().answer == StatusAnswer::Suspended {
        faults.push("it is suspended".into());
    }
    let all = report.labels().count();
    for (answer, code, one, several) in [
        (StatusAnswer::Stopped, Code::StatusStopped, "was stopped", "were stopped"),
        (StatusAnswer::Suspended, Code::StatusSuspended, "is suspended", "are suspended"),
    ] {
        let labels: Vec<&Label> =
            report.labels().filter(|label| label.status.answer == answer).map(|label| label.label).collect();
        if has(report, &[code]) && !labels.is_empty() {
            let verb = if labels.len() == 1 { one } else { several };
            faults.push(format!(
                "{} of its {all} label{} {verb}: {}",
                labels.len(),
                super::words::plural(all),
                named(&labels)
            ));
        }
    }
    if has(report, &[Code::LabelNotListed]) {
        faults.push("it does not list every label asked about".into());
    }
    let breaks = |finding: &cqm_core::Finding| {
        finding.code.as_str().starts_with("rule.") && finding.code.consequence() == Consequence::Invalid
    };
    if report.findings().iter().any(breaks) {
        faults.push("it breaks the rules of the program".into());
    }
    faults
}

/// "CQM-2024-0100 replaced it on 2024-01-10"
fn revocation(report: &Report) -> String {
    let status = report.status();
    match status.event.filter(|_| status.is_superseded()) {
        Some(event) => {
            let successor = report.successor().map_or("a newer certificate", |number| number.as_str());
            format!("{successor} replaced it on {}", event.effective)
        }
        None => "it was revoked".into(),
    }
}

/// The first labels, and the number of the others.
fn named(labels: &[&Label]) -> String {
    let names: Vec<String> = labels.iter().take(NAMED).map(ToString::to_string).collect();
    match labels.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
