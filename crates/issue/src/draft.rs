//! Drafts: the certificate that a dossier would become, and what the rules find in it.

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
    /// Drafts the certificate that `dossier` asks for, and runs every rule of the program on both
    /// as of the day `on`.
    pub fn new(dossier: &Dossier, on: Date) -> Self {
        Self { certificate: dossier.certificate(on), on, reports: rules::check_dossier(dossier, on) }
    }

    /// The certificate that would be issued.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The report of every rule, in the order of the program: what it checked, and what it found.
    pub fn reports(&self) -> &[RuleReport] {
        &self.reports
    }

    /// The findings of all rules.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.reports.iter().flat_map(|report| &report.findings)
    }

    /// Approves the draft for issuing.
    ///
    /// # Errors
    /// If a finding of a rule is an error. The draft is given back with all its findings.
    pub fn approve(self) -> Result<Checked, Refused> {
        if self.findings().any(|finding| finding.severity() == Severity::Error) {
            Err(Refused { draft: Box::new(self) })
        } else {
            Ok(Checked { certificate: self.certificate, status: None, on: self.on })
        }
    }
}

/// A draft in which no rule of the program finds an error. Only a checked draft can be issued.
#[derive(Debug)]
pub struct Checked {
    pub(crate) certificate: Certificate,
    pub(crate) status: Option<StatusReferences>,
    pub(crate) on: Date,
}

impl Checked {
    /// The certificate to issue.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Adds the entries of the status list for the certificate and for each of its labels, and the
    /// number of the first list that contains them. Without this, the token names no status list.
    ///
    /// # Errors
    /// If a label has no entry, if an entry is for a label that the certificate does not have,
    /// belongs to another list, or is given twice, or if the number of the list is out of range.
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

/// A draft that a rule of the program forbids to issue.
#[derive(Debug, thiserror::Error)]
#[error("the rules of the program forbid to issue certificate {}", draft.certificate.number)]
pub struct Refused {
    /// The draft, with the findings of each rule.
    pub draft: Box<Draft>,
}
