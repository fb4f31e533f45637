//! Hints that name commands and options. The libraries do not know the command line, so their
//! errors contain no hints.

use std::{error::Error, fmt};

use cqm_files::shown;
use cqm_office::OfficeError;
use cqm_register::{DatabaseError, Failure, RegisterError};

/// Adds the hint that belongs to an error of the office or the register.
pub(crate) fn add(error: anyhow::Error) -> anyhow::Error {
    match error.chain().find_map(hint) {
        Some(hint) => anyhow::Error::new(Hinted { error, hint }),
        None => error,
    }
}

/// An error whose text ends with a hint.
#[derive(Debug)]
struct Hinted {
    error: anyhow::Error,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nhint: {}", self.error, self.hint)
    }
}

impl Error for Hinted {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

fn hint(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<OfficeError>() {
        of_office(error)
    } else if let Some(error) = error.downcast_ref::<RegisterError>() {
        of_register(error)
    } else {
        error.downcast_ref::<DatabaseError>().and_then(of_database)
    }
}

fn of_office(error: &OfficeError) -> Option<String> {
    match error {
        OfficeError::Register(error) => of_register(error),
        OfficeError::NoKeyFolder { path } => {
            Some(format!("`cqm keys new {}` makes one, with the keys of a test PKI", shown(path)))
        }
        OfficeError::KeyFolderIsFile { .. } => {
            Some("--keys names the folder that holds root.pem and the signers".into())
        }
        OfficeError::NoRootFile { .. } => Some("--keys names a folder as `cqm keys new` makes it".into()),
        OfficeError::OneNameForTwo { .. } => Some("--out names the PDF, as in letter.pdf".into()),
        OfficeError::IssuedButNotWritten { number, .. } => {
            Some(format!("`cqm register export --certificate {number} --out FILE` writes them"))
        }
        OfficeError::PublishedButNotWritten { seq, .. } => {
            Some(format!("`cqm register export --list {seq} --out FILE` writes it"))
        }
        _ => None,
    }
}

fn of_register(error: &RegisterError) -> Option<String> {
    match error {
        RegisterError::Database(error) => of_database(error),
        RegisterError::StoppedInDossier { .. } => Some("leave it out; `cqm status stop` stops a label".into()),
        RegisterError::Unknown { .. } => Some("`cqm register list` and `cqm register log` show what is".into()),
        _ => None,
    }
}

fn of_database(error: &DatabaseError) -> Option<String> {
    let hint = match error.failure() {
        Failure::Missing => "`cqm register init` makes one",
        Failure::Corrupt => "restore it from a copy; `cqm register verify` checks whether a copy is good",
        Failure::Denied => "check the user, the password (PGPASSWORD) and the database in the URL",
        Failure::Gone => "`cqm register log` shows whether it was done; if not, try again",
        _ => return None,
    };
    Some(hint.into())
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    fn chain(error: &anyhow::Error) -> Vec<String> {
        error.chain().map(ToString::to_string).collect()
    }

    #[test]
    fn the_hint_follows_the_first_text() {
        let unknown = || RegisterError::Unknown { what: "label", name: "39902000D".into() };
        let hint = "`cqm register list` and `cqm register log` show what is";
        let text = "label 39902000D is not in the register";
        for error in [unknown().into(), OfficeError::from(unknown()).into()] {
            assert_eq!(chain(&add(error)), [format!("{text}\nhint: {hint}")]);
        }
        let error = Err::<(), _>(unknown()).context("the register `office.db` could not be opened").unwrap_err();
        let expected = [format!("the register `office.db` could not be opened\nhint: {hint}"), text.into()];
        assert_eq!(chain(&add(error)), expected);
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        for error in [anyhow::anyhow!("something else"), RegisterError::Changed.into()] {
            let before = chain(&error);
            assert_eq!(chain(&add(error)), before);
        }
    }
}
