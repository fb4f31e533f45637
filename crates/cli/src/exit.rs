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

impl Exit {
    /// The number that the caller sees.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::CouldNotRun => 2,
            Self::Indeterminate => 3,
        }
    }
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
        Self::from(exit.code())
    }
}
