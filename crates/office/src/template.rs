//! Reading the template of the letter.

use std::path::Path;

use cqm_letter::Template;

use crate::{OfficeError, read};

/// Reads a template of the letter. Its logo is a file in the same folder.
///
/// # Errors
/// If the file cannot be read or is not a template, or its logo cannot be read or used.
pub fn read_template(path: &Path) -> Result<Template, OfficeError> {
    let logo = |name: &str| std::fs::read(path.with_file_name(name));
    Template::from_toml(&read::text(path)?, logo)
        .map_err(|source| OfficeError::Template { path: path.to_owned(), source })
}
