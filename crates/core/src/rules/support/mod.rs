//! What several rules share; none of it is a rule.

pub(super) mod resting;
#[cfg(test)]
pub(crate) mod testing;
