//! The exit codes, which are few and stay the same.

use std::process::ExitCode;

use cqm_core::Verdict;

/// How a run ended. The order is that of the worst for several files: 1, then 2, then 3, then 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: all is well.
    Valid,
    /// 3: something could not be checked.
    Indeterminate,
    /// 2: it could not run; this is no judgement.
    CouldNotRun,
    /// 1: invalid, or refused by the rules of the program.
    Invalid,
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Valid,
            Verdict::Indeterminate => Self::Indeterminate,
            Verdict::Invalid => Self::Invalid,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Valid => 0,
            Exit::Invalid => 1,
            Exit::CouldNotRun => 2,
            Exit::Indeterminate => 3,
        })
    }
}
