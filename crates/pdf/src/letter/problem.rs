//! The ways in which a file breaks the profile.

use std::fmt;

use crate::syntax::limits::{Limit, Limits};
use crate::syntax::{Dictionary, Position, ReadError, ReadErrorKind};

/// One way in which a file breaks the profile of CQM letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The part of the profile that the file breaks.
    pub kind: ProblemKind,
    /// The place in the file.
    pub location: Position,
    /// What the file has there, and what the profile requires. Lowercase, without a full stop.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, location: Position, detail: impl Into<String>) -> Self {
        Self { kind, location, detail: detail.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.location)
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let kind = match error.kind() {
            ReadErrorKind::Empty => ProblemKind::Empty,
            ReadErrorKind::NotAPdf => ProblemKind::NotAPdf,
            ReadErrorKind::Truncated(_) => ProblemKind::Truncated,
            ReadErrorKind::Encrypted | ReadErrorKind::PasswordNeeded | ReadErrorKind::Encryption(_) => {
                ProblemKind::Encrypted
            }
            ReadErrorKind::Limit(limit) => ProblemKind::LimitExceeded(*limit),
            ReadErrorKind::Unsupported(_) => ProblemKind::Unsupported,
            ReadErrorKind::Syntax(_)
            | ReadErrorKind::Xref(_)
            | ReadErrorKind::DuplicateKey(_)
            | ReadErrorKind::Filter(_)
            | ReadErrorKind::Type { .. }
            | ReadErrorKind::Loop => ProblemKind::Malformed,
        };
        Self { kind, location: error.at(), detail: error.kind().to_string() }
    }
}

/// The parts of the profile that a file can break. Each has one meaning for readers of reports.
///
/// Each of them makes a CQM letter invalid, except [`Self::LimitExceeded`] and
/// [`Self::LongTermData`], after which the file was not judged to its end.
// Not `#[non_exhaustive]`: a verifier maps the kinds to finding codes one by one, and must not
// compile when a new kind has no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The file is empty.
    Empty,
    /// The file is not a PDF.
    NotAPdf,
    /// The file ends too early.
    Truncated,
    /// The file is not correct PDF.
    Malformed,
    /// One of the [`Limits`] is reached. What lies beyond was not examined.
    LimitExceeded(Limit),
    /// The file is encrypted.
    Encrypted,
    /// The file uses a feature of PDF that this reader does not support.
    Unsupported,
    /// The file has no signature.
    Unsigned,
    /// Bytes or revisions were added after the signature.
    ModifiedAfterSigning,
    /// The tail is not the one that follows from body, token and CMS.
    Tail,
    /// The file has data for long-term validation, in the place that is reserved for it.
    LongTermData,
    /// The file has another embedded file than the certificate token.
    Attachment,
    /// Scripts, actions, optional content, multimedia, forms.
    ActiveContent,
    /// Structure, keys, operators, fonts or colours that letters do not use.
    OutsideProfile,
    /// Text that a person does not see because it is too small, too pale, not on the page, cut off,
    /// or painted over.
    HiddenText,
}

/// The most characters of a problem. Names and numbers of a hostile file can have any length.
const LONGEST_DETAIL: usize = 300;

/// Collects problems up to the limit.
#[derive(Debug)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    most: usize,
}

impl Problems {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { found: Vec::new(), most: limits.problems }
    }

    pub(super) fn add(&mut self, kind: ProblemKind, location: Position, detail: impl Into<String>) {
        self.push(Problem::new(kind, location, detail));
    }

    pub(super) fn push(&mut self, mut problem: Problem) {
        if let Some((end, _)) = problem.detail.char_indices().nth(LONGEST_DETAIL) {
            problem.detail.truncate(end);
            problem.detail.push('…');
        }
        if self.found.len() < self.most {
            if !self.found.contains(&problem) {
                self.found.push(problem);
            }
        } else if self.found.len() == self.most {
            let kind = ProblemKind::LimitExceeded(Limit::Problems);
            self.found.push(Problem {
                kind,
                location: Position::File,
                detail: "there are more problems than are listed".into(),
            });
        }
    }

    /// Returns the value, or adds the error to the problems.
    pub(super) fn keep<T>(&mut self, result: Result<T, ReadError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(error.into());
                None
            }
        }
    }

    /// Reports each key of a dictionary that is not in the allow-list.
    pub(super) fn allow_keys(
        &mut self,
        kind: ProblemKind,
        location: Position,
        of: &str,
        dictionary: &Dictionary<'_>,
        allowed: &[&str],
    ) {
        for (key, _) in dictionary.iter() {
            if !allowed.iter().any(|allowed| allowed.as_bytes() == key) {
                self.add(kind, location, format!("{of} has the key /{}", String::from_utf8_lossy(key)));
            }
        }
    }

    /// Returns whether a problem of this kind was found.
    pub(super) fn has(&self, kind: ProblemKind) -> bool {
        self.found.iter().any(|problem| problem.kind == kind)
    }

    pub(crate) fn into_found(self) -> Vec<Problem> {
        self.found
    }
}
