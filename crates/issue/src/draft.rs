//! Drafts: what a dossier would become, and what the rules say of it.

use std::collections::BTreeMap;

use cqm_core::{
    Certificate, Date, Finding, LabelIdentity, Severity,
    dossier::Dossier,
    rules::{self, RuleReport},
    status::{StatusReference, StatusReferenceError, StatusReferences},
};

/// A certificate that could be issued from a dossier, with the report of every rule.
#[derive(Debug)]
pub struct Draft {
    certificate: Certificate,
    on: Date,
    reports: Vec<RuleReport>,
}

impl Draft {
    /// Drafts the certificate that `dossier` asks for and runs all rules of the program on both, as of the day `on`.
    pub fn new(dossier: &Dossier, on: Date) -> Self {
        Self { certificate: dossier.certificate(on), on, reports: rules::check_dossier(dossier, on) }
    }

    /// What the certificate would say.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What every rule was checked against, and what it found, in the order of the program.
    pub fn reports(&self) -> &[RuleReport] {
        &self.reports
    }

    /// Every finding of every rule.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.reports.iter().flat_map(|report| &report.findings)
    }

    /// Lets the draft be issued, if no rule refuses it.
    ///
    /// # Errors
    /// Gives the draft back with all its findings when one of them is an error.
    pub fn approve(self) -> Result<Checked, Refused> {
        if self.findings().any(|finding| finding.severity() == Severity::Error) {
            Err(Refused { draft: Box::new(self) })
        } else {
            Ok(Checked { certificate: self.certificate, status: None, on: self.on })
        }
    }
}

/// A draft that every rule of the program lets pass: the only thing that can be issued.
#[derive(Debug)]
pub struct Checked {
    pub(crate) certificate: Certificate,
    pub(crate) status: Option<StatusReferences>,
    pub(crate) on: Date,
}

impl Checked {
    /// What the certificate will say.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Says where the status of the certificate and of each of its labels will be found, and which list will be the
    /// first to know them. Without it, the token names no status list.
    ///
    /// # Errors
    /// When a label has no entry, an entry is for no label of the certificate, is of another list, or stands twice.
    pub fn with_status(
        self,
        certificate: StatusReference,
        labels: BTreeMap<LabelIdentity, StatusReference>,
        min_status_seq: u64,
    ) -> Result<Self, StatusReferenceError> {
        let status = StatusReferences::new(&self.certificate, certificate, labels, min_status_seq)?;
        Ok(Self { status: Some(status), ..self })
    }
}

/// A draft that the rules of the program forbid to issue.
#[derive(Debug, thiserror::Error)]
#[error("the rules of the program forbid to issue certificate {}", draft.certificate.number)]
pub struct Refused {
    /// The draft, with what each rule found.
    pub draft: Box<Draft>,
}
