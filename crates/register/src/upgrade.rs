//! Bringing a register of an earlier version to the version of this program.

use crate::{
    Location, Register, RegisterError, Stamp,
    action::Action,
    database::{self, VERSION},
};

impl Register {
    /// Brings a register to the version of this program, in one transaction. Returns the version
    /// that it had; one of this version stays as it is.
    ///
    /// # Errors
    /// If the register has a later version, or the database fails. Nothing is changed.
    pub fn upgrade(location: &Location, stamp: &Stamp) -> Result<i64, RegisterError> {
        let mut register = Self { connection: database::connect(location)? };
        let mut transaction = register.begin()?;
        let found: i64 = transaction.reader().one("SELECT version FROM register", &[])?;
        let later = usize::try_from(found).ok().and_then(|found| transaction.migrations().get(found..));
        let Some(later) = later else { return Err(RegisterError::Version { found, known: VERSION }) };
        if !later.is_empty() {
            later.iter().try_for_each(|sql| transaction.batch(sql))?;
            transaction.append(stamp, &Action::Upgraded { version: VERSION }, &[])?;
            transaction.commit()?;
        }
        Ok(found)
    }
}
