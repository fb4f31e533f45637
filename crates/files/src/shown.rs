//! The names of files in messages.

use std::path::Path;

use cqm_core::printable;

/// The path as text for a person. Characters that a terminal would obey, and those that cannot be
/// seen, are escaped: a file name may contain a line break, and so a false line of output.
///
/// ```
/// let name = cqm_files::shown("letter.pdf\nvalid".as_ref());
/// assert_eq!(name, "letter.pdf\\u{a}valid");
/// ```
pub fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}
