//! The checks: evidence in, findings out.
//!
//! Each check is one file here. A new check is a new file and its line in [`CHECKS`]. A check
//! reads the evidence and never changes what another check found.

pub(crate) mod agreement;
pub(crate) mod dates;
pub(crate) mod labels;
pub(crate) mod roles;
pub(crate) mod rules;
pub(crate) mod status;
pub(crate) mod trust;

use cqm_core::Finding;

use crate::{evidence::Evidence, verifier::Question};

/// The input of a check.
pub(crate) struct Case<'a> {
    pub(crate) evidence: &'a Evidence<'a>,
    pub(crate) question: &'a Question<'a>,
    /// Whether the public test root is among the trusted roots.
    pub(crate) trusts_test_root: bool,
}

/// A check.
type Check = fn(&Case<'_>) -> Vec<Finding>;

/// Every check, in the order of the report.
const CHECKS: &[Check] =
    &[trust::check, roles::check, agreement::check, rules::check, dates::check, labels::check, status::check];

/// Runs every check, whatever the ones before found.
pub(crate) fn run(case: &Case<'_>) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(case)).collect()
}
