//! Stopping, revoking, suspending and resuming.

use cqm_core::Date;
use cqm_register::{Register, Stamp, StatusChange, StatusPlan, StatusRequest};

use crate::OfficeError;

/// A change of status, to be shown to a person before it is made.
#[must_use = "dropping it changes nothing"]
pub struct ChangeProposal<'a> {
    register: &'a mut Register,
    plan: StatusPlan,
}

impl<'a> ChangeProposal<'a> {
    /// Proposes what a request comes to. `today` is the day on which it is recorded.
    ///
    /// # Errors
    /// If the label or certificate is unknown, the change is impossible, or the register fails.
    pub fn new(register: &'a mut Register, request: StatusRequest, today: Date) -> Result<Self, OfficeError> {
        let plan = register.plan_status(request, today)?;
        Ok(Self { register, plan })
    }

    /// The changes, each label or certificate once.
    pub fn changes(&self) -> &[StatusChange] {
        self.plan.changes()
    }

    /// Returns whether the change is recorded later than a day after it takes effect.
    pub fn is_late(&self) -> bool {
        self.changes().iter().any(|change| change.event.is_late())
    }

    /// Makes the change and returns what was changed.
    ///
    /// # Errors
    /// If the register changed so that the request would now come to something else, or the
    /// register fails. Nothing is changed.
    pub fn commit(self, stamp: &Stamp) -> Result<StatusPlan, OfficeError> {
        self.register.change_status(&self.plan, stamp)?;
        Ok(self.plan)
    }
}
