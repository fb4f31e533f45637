//! What people see: lines of text and JSON, words in colour where there is a terminal, errors with hints.

use std::{fmt, io, io::Write as _};

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use cqm_core::{Finding, Severity};
use cqm_verify::report::to_json_line;
pub(crate) use cqm_verify::report::words::{plural, printable};
use serde::Serialize;

use crate::exit::Exit;

/// Bold, for headings and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// Dimmed, for what matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Green, for what is good.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Yellow, for what is open, and for warnings.
pub(crate) const OPEN: Style = AnsiColor::Yellow.on_default().bold();
/// Red, for what keeps from going on.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

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

/// Prints a line to stdout, as `println!` does.
macro_rules! outln {
    () => { $crate::terminal::print_line(format_args!("")) };
    ($($text:tt)*) => { $crate::terminal::print_line(format_args!($($text)*)) };
}
pub(crate) use outln;

/// Prints a line to stderr. If even that fails, there is nobody left to tell.
macro_rules! errln {
    ($($text:tt)*) => {{
        let _ = ::std::io::Write::write_fmt(&mut ::anstream::stderr(), format_args!("{}\n", format_args!($($text)*)));
    }};
}
pub(crate) use errln;

/// Prints a line to stdout, without colour where that is no terminal.
pub(crate) fn print_line(line: fmt::Arguments<'_>) {
    end_unless_written(writeln!(anstream::stdout(), "{line}"));
}

/// Prints bytes to stdout as they are.
pub(crate) fn print_bytes(bytes: &[u8]) {
    end_unless_written(io::stdout().write_all(bytes));
}

/// Prints a value as one line of JSON, safe to show on a terminal.
pub(crate) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let line = to_json_line(value).context("the report could not be written as JSON")?;
    print_bytes(line.as_bytes());
    Ok(())
}

/// A reader that goes away, as `head` does, is nothing to complain about: the exit code still counts. A full disk is,
/// since nobody could tell what is missing.
fn end_unless_written(result: io::Result<()>) {
    let Err(error) = result else { return };
    if error.kind() == io::ErrorKind::BrokenPipe {
        return;
    }
    print_error(&anyhow::Error::from(error).context("the output could not be written"));
    #[expect(clippy::exit, reason = "every line of output would have to be able to fail otherwise")]
    std::process::exit(Exit::CouldNotRun.code().into());
}

/// Prints an error, what led to it, and what to do about it, to stderr.
///
/// A line of an error's text that starts with `hint: ` stands below all causes. A cause is left out where the text
/// above it has said it already.
pub(crate) fn print_error(error: &anyhow::Error) {
    let mut hints = Vec::new();
    let mut above: Option<String> = None;
    for cause in error.chain() {
        let text = cause.to_string();
        let (hint_lines, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with(HINT));
        hints.extend(hint_lines.iter().map(|line| printable(line.trim_start_matches(HINT))));
        let lines: Vec<String> = lines.into_iter().map(printable).collect();
        let shown = lines.join("\n");
        match &above {
            None => errln!("{} {shown}", styled(BAD, "error:")),
            Some(above) if above.contains(&shown) => continue,
            Some(_) => errln!("  {} {shown}", styled(FAINT, "because")),
        }
        above = Some(shown);
    }
    for hint in hints {
        print_hint(&hint);
    }
}

/// Prints what the reader can do, to stderr.
pub(crate) fn print_hint(hint: &str) {
    errln!("{} {hint}", styled(STRONG, HINT.trim_end()));
}

const HINT: &str = "hint: ";

/// Prints a finding to stderr: what exactly it is, and its code.
pub(crate) fn print_finding(finding: &Finding) {
    let severity = finding.severity();
    let word = format!("{severity}:");
    errln!("{} {} ({})", styled(severity_style(severity), word), printable(&finding.message), finding.code);
}

/// Prints a warning to stderr.
pub(crate) fn print_warning(message: impl fmt::Display) {
    errln!("{} {}", styled(OPEN, "warning:"), printable(&message.to_string()));
}
