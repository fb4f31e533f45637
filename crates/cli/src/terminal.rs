//! Output: lines of text and JSON, colours on a terminal, errors with hints.

use std::{fmt, io, io::Write as _};

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
pub(crate) use cqm_core::printable;
use cqm_core::{Finding, Severity};
use cqm_verify::report::to_json_line;
pub(crate) use cqm_verify::report::words::plural;
use serde::Serialize;

use crate::exit::Exit;

/// Bold, for headings and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// Dimmed, for secondary information.
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

/// Text in a style.
pub(crate) fn styled(style: Style, text: impl fmt::Display) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{style}{text}{style:#}"))
}

/// Prints a line to stdout, as `println!` does.
macro_rules! outln {
    () => { $crate::terminal::print_line(format_args!("")) };
    ($($text:tt)*) => { $crate::terminal::print_line(format_args!($($text)*)) };
}
pub(crate) use outln;

/// Prints a line to stderr. Ignores a failure, because there is no other place to report it.
macro_rules! errln {
    ($($text:tt)*) => {{
        let _ = ::std::io::Write::write_fmt(&mut ::anstream::stderr(), format_args!("{}\n", format_args!($($text)*)));
    }};
}
pub(crate) use errln;

/// Prints a line to stdout, with colours only on a terminal.
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

/// Ends the process with an error if the output could not be written, because the reader would not
/// notice that a part is missing. A reader that stops reading, such as `head`, is not an error.
fn end_unless_written(result: io::Result<()>) {
    let Err(error) = result else { return };
    if error.kind() == io::ErrorKind::BrokenPipe {
        return;
    }
    print_error(&anyhow::Error::from(error).context("the output could not be written"));
    #[expect(clippy::exit, reason = "otherwise every function that prints would have to return an error")]
    std::process::exit(Exit::CouldNotRun.code().into());
}

/// Prints an error, its causes and its hints to stderr.
///
/// Lines that start with `hint: ` are printed below all causes. A cause is left out if the text
/// above contains it.
pub(crate) fn print_error(error: &anyhow::Error) {
    let mut hints = Vec::new();
    let mut above: Option<String> = None;
    for cause in error.chain() {
        let text = cause.to_string();
        let (hint_lines, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with(HINT));
        hints.extend(hint_lines.iter().map(|line| printable(line.trim_start_matches(HINT))));
        let lines: Vec<String> = lines.into_iter().map(shortened).collect();
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

/// Prints the error of the arguments, or the help that was asked for, as clap does. An argument of
/// any length is quoted in it, so long lines are cut.
pub(crate) fn print_usage_error(error: &clap::Error) -> std::process::ExitCode {
    let text = error.render().to_string();
    if text.lines().all(|line| line.chars().count() <= LONGEST_LINE) {
        error.exit();
    }
    text.lines().for_each(|line| errln!("{}", shortened(line)));
    Exit::CouldNotRun.into()
}

/// The number of characters of a line of an error that are shown. The line may quote input.
const LONGEST_LINE: usize = 1000;

/// The line, printable, and cut if it is very long.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE).and_then(|(end, _)| line.get(..end)) {
        Some(start) => format!("{}…", printable(start)),
        None => printable(line),
    }
}

/// Prints a hint to stderr: what the user can do.
pub(crate) fn print_hint(hint: &str) {
    errln!("{} {hint}", styled(STRONG, HINT.trim_end()));
}

const HINT: &str = "hint: ";

/// Prints a finding to stderr: its message and its code.
pub(crate) fn print_finding(finding: &Finding) {
    let severity = finding.severity();
    let word = format!("{severity}:");
    errln!("{} {} ({})", styled(severity_style(severity), word), printable(&finding.message), finding.code);
}

/// Prints a warning to stderr, with control characters and invisible characters escaped.
pub(crate) fn print_warning(message: impl fmt::Display) {
    errln!("{} {}", styled(OPEN, "warning:"), printable(&message.to_string()));
}
