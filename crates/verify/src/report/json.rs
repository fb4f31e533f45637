//! Reports as JSON (`docs/reference/report.schema.json`).

use cqm_core::{
    Activity, CertificateNumber, Company, CompanyNumber, CountryCode, Date, Label, SiteNumber,
    status::{EntryStatus, Event, Reason},
};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{LabelReport, Report, SignatureKind, SignatureReport, StatusAnswer, StatusReport, words};

/// The version of the form of reports, `urn:cqm:schema:report:2`.
pub const VERSION: u32 = 2;

/// Writes a value as one line of JSON, with a line feed.
///
/// Every character that a terminal would obey is escaped, so the line can be shown as it is. A
/// parser reads the same value.
///
/// # Errors
/// If the value cannot be written as JSON.
pub fn to_json_line(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut line = words::escape_json(&serde_json::to_string(value)?);
    line.push('\n');
    Ok(line)
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Summary<'a> {
            number: &'a str,
            holder: HolderFields<'a>,
            valid_from: Date,
            valid_until: Date,
            #[serde(flatten)]
            status: Status,
            #[serde(skip_serializing_if = "Option::is_none")]
            successor: Option<&'a CertificateNumber>,
            events: Vec<EventFields>,
            labels: Vec<LabelReport<'a>>,
        }
        #[derive(Serialize)]
        struct HolderFields<'a> {
            name: &'a str,
            country: &'a CountryCode,
            companies: &'a [Company],
        }
        let summary = self.certificate().map(|certificate| Summary {
            number: certificate.number.as_str(),
            holder: HolderFields {
                name: &certificate.holder.name,
                country: &certificate.holder.country,
                companies: &certificate.holder.companies,
            },
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            status: Status { status: own_word(self.status().answer), ..self.status().into() },
            successor: self.successor(),
            events: events(self.events(), "revoked"),
            labels: self.labels().collect(),
        });
        #[derive(Serialize)]
        struct LabelInText<'a> {
            label: &'a Label,
            activity: Activity,
            status: &'static str,
        }
        let labels_in_text = self.labels_in_text().map(|labels| -> Vec<_> {
            let status = StatusAnswer::NotChecked.as_str();
            labels.iter().map(|label| LabelInText { label, activity: label.activity(), status }).collect()
        });
        let mut fields = serializer.serialize_struct("Report", 8)?;
        fields.serialize_field("version", &VERSION)?;
        fields.serialize_field("verdict", &self.verdict())?;
        fields.serialize_field("at", &self.at().to_string())?;
        fields.serialize_field("headline", &self.headline())?;
        fields.serialize_field("certificate", &summary)?;
        fields.serialize_field("findings", self.findings())?;
        fields.serialize_field("signatures", self.signatures())?;
        match labels_in_text {
            Some(labels) => fields.serialize_field("labels_in_text", &labels)?,
            None => fields.skip_field("labels_in_text")?,
        }
        fields.end()
    }
}

impl Serialize for LabelReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            label: &'a Label,
            activity: Activity,
            company: CompanyNumber,
            site: SiteNumber,
            country: &'a CountryCode,
            city: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            subcontractor: Option<&'a str>,
            #[serde(flatten)]
            status: Status,
            events: Vec<EventFields>,
        }
        let Self { label, site, status, events: history } = *self;
        let fields = Fields {
            label,
            activity: label.activity(),
            company: site.company,
            site: site.number,
            country: &site.country,
            city: &site.city,
            subcontractor: site.subcontractor.as_deref(),
            status: status.into(),
            events: events(history, "stopped"),
        };
        fields.serialize(serializer)
    }
}

/// A status in JSON: with reason and day if the label or certificate is not valid.
#[derive(Serialize)]
struct Status {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
}

impl From<StatusReport> for Status {
    fn from(StatusReport { answer, event }: StatusReport) -> Self {
        let event = event.filter(|event| event.status != EntryStatus::Valid);
        Self {
            status: answer.as_str(),
            reason: event.map(|event| event.reason),
            since: event.map(|event| event.effective),
        }
    }
}

/// The status of the certificate itself: it is revoked where a label is stopped.
fn own_word(answer: StatusAnswer) -> &'static str {
    match answer {
        StatusAnswer::Stopped => "revoked",
        other => other.as_str(),
    }
}

/// An event of a label or certificate.
#[derive(Serialize)]
struct EventFields {
    status: &'static str,
    reason: Reason,
    effective: Date,
    recorded: Date,
}

/// The events; `ended` is the word for an entry that has ended for good.
fn events(events: &[Event], ended: &'static str) -> Vec<EventFields> {
    let fields = |event: &Event| EventFields {
        status: if event.status == EntryStatus::Invalid { ended } else { event.status.as_str() },
        reason: event.reason,
        effective: event.effective,
        recorded: event.recorded,
    };
    events.iter().map(fields).collect()
}

impl Serialize for SignatureReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            kind: &'a str,
            signer: &'a str,
            algorithm: &'a str,
            signed_at: Option<String>,
            covers_whole_file: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            covers_up_to: Option<usize>,
        }
        let Self { kind, signer, algorithm, signed_at, covers_whole_file, field, covers_up_to } = self;
        let kind = match kind {
            SignatureKind::Pdf => "pdf",
            SignatureKind::Token => "token",
            SignatureKind::Status => "status",
        };
        let fields = Fields {
            kind,
            signer,
            algorithm,
            signed_at: signed_at.map(|time| time.to_string()),
            covers_whole_file: *covers_whole_file,
            field: field.as_deref(),
            covers_up_to: *covers_up_to,
        };
        fields.serialize(serializer)
    }
}
