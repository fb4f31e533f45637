//! Reports on the terminal: the words come from `verify`, the colours and hints from here.

use std::io;

use cqm_core::{Code, printable};
use cqm_verify::{
    Report,
    report::text::{self, Emphasis, Line},
};

use crate::terminal::{BAD, FAINT, GOOD, OPEN, STRONG, outln, print_hint, styled};

/// Prints everything about one file.
pub(crate) fn print_full(name: &str, report: &Report) {
    text::detailed(name, report).iter().for_each(print);
    hints(report).into_iter().for_each(print_hint);
}

/// Prints one line about one file of many.
pub(crate) fn print_line(name: &str, report: &Report) {
    print(&text::simple(name, report));
}

/// Prints one line about one file of many that could not be read.
pub(crate) fn print_unread_line(name: &str, error: &io::Error) {
    let word = styled(BAD, format!("{:<13}", "unreadable"));
    outln!("{word} {}  {}", printable(name), printable(&error.to_string()));
}

fn print(line: &Line) {
    let mut text = String::new();
    for span in &line.0 {
        let style = match span.emphasis {
            Emphasis::Plain => {
                text += &span.text;
                continue;
            }
            Emphasis::Strong => STRONG,
            Emphasis::Faint => FAINT,
            Emphasis::Good => GOOD,
            Emphasis::Open => OPEN,
            Emphasis::Bad => BAD,
        };
        text += &styled(style, &span.text).to_string();
    }
    outln!("{text}");
}

/// The options that help with what a report found.
fn hints(report: &Report) -> Vec<&'static str> {
    let found: Vec<Code> = report.findings().iter().map(|finding| finding.code).collect();
    let has = |codes: &[Code]| codes.iter().any(|code| found.contains(code));
    let is_not_judged = report.is_pdf_without_token() && report.labels_in_text().is_none();
    let hints = [
        (has(&[Code::StatusMissing]), "--status takes the list that the office publishes"),
        (
            has(&[Code::TokenUnconfirmed]) && !has(&[Code::StatusMissing]),
            "verify the letter (the PDF) instead, or give --status the list that the office publishes",
        ),
        (
            has(&[Code::StatusStale, Code::StatusRollback, Code::StatusBeforeCertificate]),
            "--status needs the newest list that the office publishes",
        ),
        (
            has(&[Code::StatusFork]),
            "tell the program office: only a list that contains everything that was seen ends this",
        ),
        (has(&[Code::StatusMissing, Code::StatusNoReference]), "--without-status asks only about signature and dates"),
        (
            has(&[Code::TrustUnknownIssuer, Code::TrustBadSignature]),
            "is the root in --trust that of the program office? `cqm inspect ROOT.pem` shows its fingerprint: \
             compare it with the one that the office publishes",
        ),
        (is_not_judged, "--any-pdf judges a PDF without a certificate token, by its signatures"),
    ];
    hints.into_iter().filter(|(applies, _)| *applies).map(|(_, hint)| hint).collect()
}
