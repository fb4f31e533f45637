//! The records of the register, as text and JSON show them.

use cqm_core::{
    Date, LabelStatus,
    status::{EntryStatus, Event},
};
use cqm_register::{CertificateRecord, CompanyRecord, HolderRecord, LabelRecord, SiteRecord};
use serde_json::{Value, json};

/// A holder with its sites and certificates.
pub(super) fn holder_json(holder: &HolderRecord, today: Date) -> Value {
    json!({
        "holder": holder.name,
        "companies": holder.companies.iter().map(company_json).collect::<Vec<_>>(),
        "sites": holder.sites.iter().map(|site| site_json(site, today)).collect::<Vec<_>>(),
        "certificates": holder.certificates.iter().map(|one| certificate_json(one, today)).collect::<Vec<_>>(),
    })
}

fn company_json(company: &CompanyRecord) -> Value {
    json!({ "number": company.number, "name": company.name })
}

/// A site with its labels.
pub(super) fn site_json(site: &SiteRecord, today: Date) -> Value {
    json!({
        "site": site.site,
        "country": site.country,
        "city": site.city,
        "subcontractor": site.subcontractor,
        "cid": site.cid,
        "labels": site.labels.iter().map(|label| label_json(label, today)).collect::<Vec<_>>(),
    })
}

/// A label with its recognition, approval and events.
pub(super) fn label_json(label: &LabelRecord, today: Date) -> Value {
    json!({
        "label": label.label(today),
        "site": label.site,
        "status": label_status(label, today),
        "idx": label.idx,
        "recognized": label.recognition.map(|(from, _)| from),
        "recognized_until": label.recognition.map(|(_, until)| until),
        "approved": label.approved,
        "event": event_json(label.event(today)),
        "announced": event_json(label.announced(today)),
    })
}

/// A certificate with its validity and events.
pub(super) fn certificate_json(certificate: &CertificateRecord, today: Date) -> Value {
    json!({
        "number": certificate.number,
        "status": certificate_status(certificate, today),
        "idx": certificate.idx,
        "valid_from": certificate.validity.map(|(from, _)| from),
        "valid_until": certificate.validity.map(|(_, until)| until),
        "event": event_json(certificate.event(today)),
        "announced": event_json(certificate.announced(today)),
    })
}

fn event_json(event: Option<&Event>) -> Value {
    event.map_or(Value::Null, |event| {
        json!({
            "status": event.status.as_str(),
            "reason": event.reason,
            "effective": event.effective,
            "recorded": event.recorded,
        })
    })
}

/// The status of a label today, in words.
pub(super) fn label_status(label: &LabelRecord, today: Date) -> String {
    match (label.status(today), label.event(today)) {
        (LabelStatus::Stopped, Some(event)) => format!("stopped since {} ({})", event.effective, event.reason),
        (_, Some(event)) if event.status == EntryStatus::Suspended => {
            format!("suspended since {} ({})", event.effective, event.reason)
        }
        (LabelStatus::Recognition, _) => match label.recognition {
            Some((_, until)) if until < today => format!("recognition ended on {until}"),
            Some((_, until)) => format!("recognized until {until}"),
            None => "recognized".into(),
        },
        _ => label.approved.map_or_else(|| "approved".into(), |day| format!("approved on {day}")),
    }
}

/// The status of a certificate today, in words.
pub(super) fn certificate_status(certificate: &CertificateRecord, today: Date) -> String {
    let Some((from, until)) = certificate.validity else { return "not issued yet".into() };
    match certificate.event(today) {
        Some(event) if event.status != EntryStatus::Valid => {
            format!("{} since {} ({})", event.status, event.effective, event.reason)
        }
        _ if today < from => format!("valid from {from} until {until}"),
        _ if today > until => format!("ended on {until}"),
        _ => format!("valid until {until}"),
    }
}

/// An announced change, as an addition to the status of today. `ended` is the word for the status
/// invalid.
pub(super) fn announced(event: Option<&Event>, ended: &str) -> String {
    event.map_or_else(String::new, |event| {
        let becomes = match event.status {
            EntryStatus::Valid => "valid again",
            EntryStatus::Suspended => "suspended",
            _ => ended,
        };
        format!("; {becomes} from {} on ({})", event.effective, event.reason)
    })
}
