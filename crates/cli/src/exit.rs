//! The exit codes.

use std::process::ExitCode;

use cqm_core::Verdict;

/// The outcome of a command. The greatest is the worst: of several files it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: valid, or done.
    Valid,
    /// 3: not everything could be checked.
    Indeterminate,
    /// 2: the command could not run, so there is no verdict.
    CouldNotRun,
    /// 1: invalid, or refused by the rules of the program.
    Invalid,
}

impl Exit {
    /// The exit code.
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
