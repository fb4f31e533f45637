//! Reports as text: what a bank clerk needs, on one screen.
//!
//! The text comes in spans with an [`Emphasis`], so that a terminal can colour it, a page can style
//! it, and both say the same. All text of unknown origin is escaped.

use std::collections::BTreeMap;

use cqm_core::{Certificate, Finding, Severity, Verdict, printable};
use unicode_width::UnicodeWidthStr as _;

use super::{LabelReport, Report, SignatureReport, words};
use words::plural;

/// The number of rows with sites or labels: with everything else, they fit on one screen.
const ROWS: usize = 10;

/// The width of the first column of a table.
const NAME_WIDTH: usize = 12;

/// The width of the column with places.
const PLACE_WIDTH: usize = 24;

/// The indentation of a finding's message.
const DETAIL: &str = "           ";

/// The way that a piece of text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// As normal text.
    Plain,
    /// As a heading or a name.
    Strong,
    /// As text that matters less.
    Faint,
    /// As something good.
    Good,
    /// As something open, or a warning.
    Open,
    /// As something bad.
    Bad,
}

impl From<Verdict> for Emphasis {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Good,
            Verdict::Indeterminate => Self::Open,
            Verdict::Invalid => Self::Bad,
        }
    }
}

impl From<Severity> for Emphasis {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Faint,
            Severity::Warning => Self::Open,
            Severity::Error => Self::Bad,
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, without control characters.
    pub text: String,
    /// How it is shown.
    pub emphasis: Emphasis,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    fn plain(self, text: impl Into<String>) -> Self {
        self.with(Emphasis::Plain, text)
    }

    fn with(mut self, emphasis: Emphasis, text: impl Into<String>) -> Self {
        self.0.push(Span { text: text.into(), emphasis });
        self
    }

    /// A row of a table: a faint name, and its value in the next column.
    fn row(name: &str) -> Self {
        Self::default().plain("  ").with(Emphasis::Faint, format!("{name:<NAME_WIDTH$}")).plain(" ")
    }
}

/// One line about one file of many: the verdict, whose certificate it is, and the codes of what
/// keeps it from being valid.
pub fn simple(name: &str, report: &Report) -> Line {
    let verdict = report.verdict();
    let mut text = printable(name);
    if let Some(certificate) = report.certificate() {
        let holder = printable(&certificate.holder.name);
        text += &format!("  {}, {holder}, until {}", certificate.number, certificate.valid_until);
    }
    match report.labels_in_text().map(<[_]>::len) {
        None | Some(0) => {}
        Some(labels) => text += &format!("  {labels} label{} read from text", plural(labels)),
    }
    let mut codes: Vec<&str> = Vec::new();
    for finding in report.findings().iter().filter(|finding| finding.severity() == Severity::Error) {
        let code = finding.code.as_str();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let line = Line::default().with(verdict.into(), format!("{:<13}", verdict.as_str())).plain(format!(" {text}"));
    match codes.is_empty() {
        true => line,
        false => line.plain("  ").with(Emphasis::Faint, format!("[{}]", codes.join(", "))),
    }
}

/// Everything about one file.
pub fn detailed(name: &str, report: &Report) -> Vec<Line> {
    let verdict = report.verdict();
    let mut text = Text(Vec::new());
    text.push(
        Line::default().with(verdict.into(), verdict.as_str().to_uppercase()).plain(format!("  {}", printable(name))),
    );
    let conclusion = format!("as of {}: {}", report.at(), report.headline().sentence);
    text.push(Line::default().with(Emphasis::Faint, conclusion));
    text.findings(report, &[Severity::Error]);
    if let Some(certificate) = report.certificate() {
        text.push(Line::default());
        text.certificate(certificate, report);
    } else if !report.signatures().is_empty() || report.labels_in_text().is_some() {
        text.push(Line::default());
    }
    for signature in report.signatures() {
        text.signature(signature);
    }
    text.labels_in_text(report);
    text.findings(report, &[Severity::Warning, Severity::Info]);
    text.0
}

/// A text that is written line by line.
struct Text(Vec<Line>);

impl Text {
    fn push(&mut self, line: Line) {
        self.0.push(line);
    }

    fn certificate(&mut self, certificate: &Certificate, report: &Report) {
        let Certificate { number, holder, valid_from, valid_until, sites, .. } = certificate;
        self.push(Line::row("Certificate").with(Emphasis::Strong, number.to_string()));
        self.push(Line::row("Holder").plain(printable(&holder.name)));
        self.push(Line::row("Validity").plain(format!("from {valid_from} until {valid_until}")));
        if let (Some(successor), Some(event)) = (report.successor(), report.status().event) {
            self.push(Line::row("Replaced by").plain(format!("{successor}, from {} on", event.effective)));
        }
        let (labels, sites) = (certificate.labels().count(), sites.len());
        self.push(Line::row("Labels").plain(format!("{labels} at {sites} site{}", plural(sites))));
        self.places(report);
    }

    /// The labels by place. A certificate that breaks the rules may list a site several times; it
    /// is shown once.
    fn places(&mut self, report: &Report) {
        let mut places: BTreeMap<(String, String), Vec<LabelReport<'_>>> = BTreeMap::new();
        for label in report.labels() {
            let place = (label.site.country.to_string(), label.site.city.clone());
            places.entry(place).or_default().push(label);
        }
        let count = places.len();
        for ((country, city), labels) in places.into_iter().take(ROWS) {
            self.place(format!("{country} {}", printable(&city)), labels);
        }
        self.more(count, ROWS, "places");
    }

    /// One place: a line for its valid labels, and a line for each label that has ended.
    fn place(&mut self, mut place: String, labels: Vec<LabelReport<'_>>) {
        let (ended, others): (Vec<_>, Vec<_>) =
            labels.into_iter().partition(|label| words::ending(&label.status).is_some());
        let name = |label: &LabelReport<'_>| format!("{} {}", label.label, label.label.activity());
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(name).collect();
            self.push(Line::default().plain(format!("    {} {}", padded(&place, PLACE_WIDTH), others.join("  "))));
            place.clear();
        }
        for ended in ended {
            let line = format!("    {} {} ", padded(&place, PLACE_WIDTH), name(&ended));
            let ending = words::ending(&ended.status).unwrap_or_default();
            self.push(Line::default().plain(line).with(Emphasis::Bad, ending));
            place.clear();
        }
    }

    fn labels_in_text(&mut self, report: &Report) {
        let all = report.labels_in_text().unwrap_or_default();
        for (at, labels) in all.chunks(4).take(ROWS).enumerate() {
            let labels: Vec<String> = labels.iter().map(|label| format!("{label} {}", label.activity())).collect();
            let (name, mark) = if at == 0 { ("Labels", "read from text, not checked: ") } else { ("", "") };
            self.push(Line::row(name).plain(format!("{mark}{}", labels.join("  "))));
        }
        self.more(all.len(), 4 * ROWS, "labels");
    }

    /// Says how many rows are left out, if any.
    fn more(&mut self, count: usize, shown: usize, what: &str) {
        if let Some(more) = count.checked_sub(shown).filter(|more| *more > 0) {
            let text = format!("and {more} more {what}; --json lists all");
            self.push(Line::default().plain("    ").with(Emphasis::Faint, text));
        }
    }

    fn signature(&mut self, signature: &SignatureReport) {
        let SignatureReport { kind, signer, algorithm, signed_at, covers_whole_file, covers_up_to, .. } = signature;
        let time = signed_at.map_or_else(|| "no time".to_owned(), |time| time.to_string());
        let cover = match (covers_whole_file, covers_up_to) {
            (true, _) => String::new(),
            (false, Some(end)) => format!(", covers the file only up to byte {end}"),
            (false, None) => ", does not cover the whole file".to_owned(),
        };
        let value = format!("{}, {algorithm}, {time}{cover}", printable(signer));
        self.push(Line::row(words::signer(*kind)).plain(value));
    }

    /// The findings of these severities, in their order, below an empty line.
    fn findings(&mut self, report: &Report, severities: &[Severity]) {
        let of = |severity| report.findings().iter().filter(move |finding| finding.severity() == severity);
        let mut above = None;
        for finding in severities.iter().flat_map(|severity| of(*severity)) {
            if above.is_none() {
                self.push(Line::default());
            }
            self.finding(finding, above == Some(finding.code));
            above = Some(finding.code);
        }
    }

    /// The meaning of a finding, unless the line above has given it, and what exactly was found.
    fn finding(&mut self, finding: &Finding, is_explained: bool) {
        let severity = finding.severity();
        if !is_explained {
            let word = Line::default().plain("  ").with(severity.into(), format!("{severity:<8}"));
            self.push(word.plain(format!(" {}", finding.code.meaning())));
        }
        let exact = format!("{}: {} [{}]", finding.code, printable(&finding.message), finding.code.clause());
        self.push(Line::default().plain(DETAIL).with(Emphasis::Faint, exact));
    }
}

/// A text with spaces after it up to a width in columns. East Asian characters take two columns.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{:1$}", "", width.saturating_sub(text.width()))
}
