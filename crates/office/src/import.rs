//! Importing a dossier into the register.

use cqm_core::{Date, Dossier};
use cqm_register::{ImportChanges, ImportPlan, Register, Stamp};

use crate::OfficeError;

/// The import of a dossier, to be shown to a person before it is made.
#[must_use = "dropping it imports nothing"]
pub struct ImportProposal<'a> {
    register: &'a mut Register,
    plan: ImportPlan,
}

impl<'a> ImportProposal<'a> {
    /// Proposes what the import of a dossier comes to. `toml` is the text of the dossier, `on` the
    /// day from which its labels are recognized or approved.
    ///
    /// # Errors
    /// If the dossier contradicts the register, or the register fails.
    pub fn new(register: &'a mut Register, dossier: Dossier, toml: String, on: Date) -> Result<Self, OfficeError> {
        let plan = register.plan_import(dossier, toml, on)?;
        Ok(Self { register, plan })
    }

    /// The changes.
    pub fn changes(&self) -> &ImportChanges {
        self.plan.changes()
    }

    /// Makes the import and returns what was changed. An import without changes is not written to
    /// the log.
    ///
    /// # Errors
    /// If the register changed so that the import would now come to something else, or the register
    /// fails. Nothing is changed.
    pub fn commit(self, stamp: &Stamp) -> Result<ImportPlan, OfficeError> {
        if !self.changes().is_empty() {
            self.register.import(&self.plan, stamp)?;
        }
        Ok(self.plan)
    }
}
