//! Drafts: what a dossier would become, and what the rules say of it.

use cqm_core::{
    Certificate, Date, Finding, Severity,
    dossier::Dossier,
    rules::{self, RuleReport},
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
            Ok(Checked { certificate: self.certificate, on: self.on })
        }
    }
}

/// A draft that every rule of the program lets pass: the only thing that can be issued.
#[derive(Debug)]
pub struct Checked {
    pub(crate) certificate: Certificate,
    pub(crate) on: Date,
}

/// A draft that the rules of the program forbid to issue.
#[derive(Debug, thiserror::Error)]
#[error("the rules of the program forbid to issue certificate {}", draft.certificate.number)]
pub struct Refused {
    /// The draft, with what each rule found.
    pub draft: Box<Draft>,
}
