//! Passphrases, from the environment or from a prompt.

use std::{
    error::Error,
    io::{self, IsTerminal as _},
};

use cqm_keys::Passphrase;
use zeroize::Zeroizing;

/// The variable with the passphrase, for scripts.
pub(crate) const VARIABLE: &str = "CQM_PASSPHRASE";

/// The passphrase of an existing key.
pub(crate) fn existing(what: &str) -> Result<Passphrase, Box<dyn Error + Send + Sync>> {
    match from_environment()? {
        Some(passphrase) => Ok(passphrase),
        None => Ok(Passphrase::try_from(prompt(&format!("Passphrase of the {what}: "))?)?),
    }
}

/// A passphrase for new keys, typed twice.
pub(crate) fn new() -> Result<Passphrase, Box<dyn Error + Send + Sync>> {
    if let Some(passphrase) = from_environment()? {
        return Ok(passphrase);
    }
    let first = Zeroizing::new(prompt("Passphrase for the new keys: ")?);
    let second = Zeroizing::new(prompt("The same again: ")?);
    if first != second {
        return Err("the two passphrases differ".into());
    }
    Ok(Passphrase::try_from(first.to_string())?)
}

fn from_environment() -> Result<Option<Passphrase>, Box<dyn Error + Send + Sync>> {
    match std::env::var(VARIABLE) {
        Ok(text) => Ok(Some(Passphrase::try_from(text).map_err(|error| format!("variable {VARIABLE}: {error}"))?)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("variable {VARIABLE} is not UTF-8").into()),
    }
}

fn prompt(text: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    if !io::stdin().is_terminal() {
        return Err(format!(
            "no terminal to ask for the passphrase, and {VARIABLE} is not set\n\
             hint: set the variable {VARIABLE}, or run the command in a terminal"
        )
        .into());
    }
    Ok(rpassword::prompt_password(text)?)
}
