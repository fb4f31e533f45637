//! `cqm explain`: explains the code of a finding, or a label.

use cqm_core::Code;
use cqm_verify::report::advice;
use serde::Serialize;

use super::label;
use crate::{
    args::{ExplainArgs, LabelArgs},
    exit::Exit,
    terminal::{FAINT, STRONG, outln, print_json, severity_style, styled},
};

/// The width of a line of text.
const WIDTH: usize = 80;

pub(crate) fn run(arguments: &ExplainArgs) -> anyhow::Result<Exit> {
    let ExplainArgs { subject, json } = arguments;
    let Some((area, _)) = subject.split_once('.') else {
        return label::run(&LabelArgs { label: subject.clone(), json: *json });
    };
    let Some(code) = Code::ALL.iter().find(|code| code.as_str() == subject) else {
        let similar = Code::ALL.iter().map(|code| code.as_str()).filter(|code| code.starts_with(area));
        let similar: Vec<&str> = similar.collect();
        let hint = match similar.is_empty() {
            true => "codes begin with cqm, pdf, cms, token, trust, date, status, label or rule".to_owned(),
            false => format!("codes that begin so: {}", similar.join(", ")),
        };
        anyhow::bail!("`{subject}` is not the code of a finding\nhint: {hint}");
    };
    let explanation = Explanation {
        code: code.as_str(),
        severity: code.severity().as_str(),
        verdict: code.consequence().verdict().as_str(),
        clause: code.clause(),
        meaning: code.meaning(),
        advice: advice(*code),
    };
    match json {
        true => print_json(&explanation)?,
        false => print(*code, &explanation),
    }
    Ok(Exit::Valid)
}

/// The explanation in JSON.
#[derive(Serialize)]
struct Explanation {
    code: &'static str,
    severity: &'static str,
    verdict: &'static str,
    clause: &'static str,
    meaning: &'static str,
    advice: &'static str,
}

fn print(code: Code, explanation: &Explanation) {
    let Explanation { code: name, severity, verdict, clause, meaning, advice } = explanation;
    outln!("{}", styled(STRONG, name));
    for (name, text) in [("Meaning", meaning), ("What to do", advice)] {
        for (number, line) in wrapped(text, WIDTH - 14).into_iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            outln!("  {} {line}", styled(FAINT, format_args!("{name:<11}")));
        }
    }
    let severity = styled(severity_style(code.severity()), severity);
    outln!("  {} {severity}: the verdict is at best {verdict}", styled(FAINT, format_args!("{:<11}", "Severity")));
    outln!("  {} {clause}", styled(FAINT, format_args!("{:<11}", "Clause")));
}

/// The words of a text in lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
