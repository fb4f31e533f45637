use std::fmt;

use crate::syntax::limits::{Limit, Limits};
use crate::syntax::{Position, ReadError, ReadErrorKind};

/// One way in which a file is not a CQM letter as the profile describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which part of the profile the file breaks.
    pub kind: ProblemKind,
    /// Where.
    pub location: Position,
    /// What stands there, and what the profile asks for; lowercase, without a full stop.
    pub detail: String,
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
            ReadErrorKind::Encrypted => ProblemKind::Encrypted,
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

/// The parts of the profile that a file can break. Each has one meaning for a reader of reports.
///
/// All of them make a CQM letter invalid, except [`Self::LimitExceeded`]: the file was not judged to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The file has no bytes.
    Empty,
    /// The file is no PDF.
    NotAPdf,
    /// The file ends too early.
    Truncated,
    /// The file is not correct PDF.
    Malformed,
    /// A budget of [`Limits`] is used up; what lies beyond was not looked at.
    LimitExceeded(Limit),
    /// The file is encrypted.
    Encrypted,
    /// The file uses a feature of PDF that this reader does not read.
    Unsupported,
    /// The file has no signature.
    Unsigned,
    /// The file has more than one signature.
    SeveralSignatures,
    /// Bytes or revisions were added after the signature.
    ModifiedAfterSigning,
    /// `/ByteRange` is not from the first to the last byte but `/Contents` (ISO 32000-2, 12.8.1).
    ByteRange,
    /// `/Contents` is not one DER value in lower-case hexadecimal digits, padded with zeros.
    Contents,
    /// An entry of the signature dictionary or its field is not as the profile has it (ETSI EN 319 142-1, 5.3).
    SignatureDictionary,
    /// The signature does not certify the letter against every change (DocMDP, P 1; ISO 32000-2, 12.8.2.2).
    Certification,
    /// The attachments are not the one certificate token.
    Attachment,
    /// Scripts, actions, optional content, multimedia, forms.
    ActiveContent,
    /// Something that a letter does not have: structure, keys, operators, fonts, colours.
    OutsideProfile,
    /// Text that a person does not see: too small, too pale, off the page, cut off, or painted over.
    HiddenText,
}

/// The most characters of one problem: names and numbers of a hostile file can be of any length.
const LONGEST_DETAIL: usize = 300;

/// Gathers problems up to the limit.
#[derive(Debug)]
pub(super) struct Problems {
    found: Vec<Problem>,
    most: usize,
}

impl Problems {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { found: Vec::new(), most: limits.problems }
    }

    pub(super) fn add(&mut self, kind: ProblemKind, location: Position, detail: impl Into<String>) {
        self.push(Problem { kind, location, detail: detail.into() });
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

    /// The value, or none and its error among the problems.
    pub(super) fn keep<T>(&mut self, result: Result<T, ReadError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(error.into());
                None
            }
        }
    }

    /// Reports every key of a dictionary that is not in the allow-list.
    pub(super) fn allow_keys(
        &mut self,
        kind: ProblemKind,
        location: Position,
        of: &str,
        dictionary: &crate::syntax::Dictionary<'_>,
        allowed: &[&str],
    ) {
        for (key, _) in dictionary.iter() {
            if !allowed.iter().any(|allowed| allowed.as_bytes() == key) {
                self.add(kind, location, format!("{of} has the key /{}", String::from_utf8_lossy(key)));
            }
        }
    }

    pub(super) fn into_found(self) -> Vec<Problem> {
        self.found
    }
}
