//! Helpers that several rules share. Nothing here is a rule.

pub(super) mod audit_index;
pub(super) mod deciding_audit;
pub(super) mod rule;
#[cfg(test)]
pub(crate) mod testing;
pub(super) mod wording;
