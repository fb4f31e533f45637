//! What people see: errors with hints, words in colour where there is a terminal.

use std::{error::Error, fmt, io};

use anstyle::{AnsiColor, Style};
use cqm_core::{Finding, Severity, Verdict};

/// Bold, for headings and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// Dimmed, for what matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();

const GOOD: Style = AnsiColor::Green.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// The colour of a verdict. The word says the same without it.
pub(crate) const fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Valid => GOOD,
        Verdict::Indeterminate => OPEN,
        Verdict::Invalid => BAD,
    }
}

/// The colour of a severity.
pub(crate) const fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Info => FAINT,
        Severity::Warning => OPEN,
        Severity::Error => BAD,
    }
}

/// A text in a style.
pub(crate) fn styled(style: Style, text: impl fmt::Display) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{style}{text}{style:#}"))
}

/// A text of unknown origin, with every character escaped that a terminal would obey rather than show: control
/// characters, and those that change the direction of writing.
pub(crate) fn printable(text: &str) -> String {
    let obeyed = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars()
        .map(|character| match character {
            character if obeyed(character) => character.escape_unicode().to_string(),
            character => character.into(),
        })
        .collect()
}

/// An error with what to do about it.
#[derive(Debug)]
pub(crate) struct Hinted {
    error: anyhow::Error,
    hint: String,
}

impl Hinted {
    pub(crate) fn new(error: impl Into<anyhow::Error>, hint: impl Into<String>) -> Self {
        Self { error: error.into(), hint: hint.into() }
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for Hinted {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Prints an error, what led to it, and the hints, to stderr.
pub(crate) fn print_error(error: &anyhow::Error) {
    anstream::eprintln!("{} {error}", styled(BAD, "error:"));
    for cause in error.chain().skip(1) {
        anstream::eprintln!("  {} {cause}", styled(FAINT, "because"));
    }
    for hint in error.chain().filter_map(|cause| cause.downcast_ref::<Hinted>()) {
        anstream::eprintln!("{} {}", styled(STRONG, "hint:"), hint.hint);
    }
}

/// Prints a finding to stderr: what it means, and what exactly it is.
pub(crate) fn print_finding(finding: &Finding) {
    let severity = finding.severity();
    anstream::eprintln!(
        "{} {} ({})",
        styled(severity_style(severity), format_args!("{severity}:")),
        finding.message,
        finding.code
    );
}

/// Prints a warning to stderr.
pub(crate) fn print_warning(message: impl fmt::Display) {
    anstream::eprintln!("{} {message}", styled(OPEN, "warning:"));
}

/// Whether the reader of our output went away, as `head` does: nothing to complain about.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
