//! Reports as JSON (`docs/reference/report.schema.json`).

use cqm_core::{
    Activity, CountryCode, Date, Label,
    status::{EntryStatus, Reason},
};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{LabelReport, Report, SignatureKind, SignatureReport, StatusAnswer, StatusReport, words};

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
            holder: &'a str,
            valid_until: Date,
            #[serde(flatten)]
            status: Status,
            labels: Vec<LabelReport<'a>>,
        }
        let summary = self.certificate().map(|certificate| Summary {
            number: certificate.number.as_str(),
            holder: &certificate.holder.name,
            valid_until: certificate.valid_until,
            status: self.status().into(),
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
        fields.serialize_field("verdict", &self.verdict())?;
        fields.serialize_field("at", &self.at().to_string())?;
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
            country: &'a CountryCode,
            city: &'a str,
            #[serde(flatten)]
            status: Status,
        }
        let Self { label, site, status } = *self;
        let (activity, country, city) = (label.activity(), &site.country, &site.city);
        Fields { label, activity, country, city, status: status.into() }.serialize(serializer)
    }
}

/// A status in JSON: with reason and day if the label or certificate is not valid.
#[derive(Serialize)]
struct Status {
    status: StatusAnswer,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
}

impl From<StatusReport> for Status {
    fn from(StatusReport { answer, event }: StatusReport) -> Self {
        let event = event.filter(|event| event.status != EntryStatus::Valid);
        Self { status: answer, reason: event.map(|event| event.reason), since: event.map(|event| event.effective) }
    }
}

impl Serialize for StatusAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Valid => "valid",
            Self::Stopped => "stopped",
            Self::Suspended => "suspended",
            Self::Unknown => "unknown",
            Self::NotChecked => "not-checked",
        })
    }
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
