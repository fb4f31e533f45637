//! The tables of `docs/reference/rules.md` and `docs/reference/findings.md` show what the code
//! does. A failing test prints the table to put in.

use std::{fmt::Write as _, fs, path::Path};

use cqm_core::{Code, rules::RULES};

#[track_caller]
fn assert_has_table(document: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(document);
    let text = fs::read_to_string(path).unwrap();
    let mut paragraphs = text.split("\n\n").map(str::trim_end);
    assert!(
        paragraphs.any(|paragraph| paragraph == table.trim_end()),
        "put this table into docs/reference/{document}:\n\n{table}"
    );
}

#[test]
fn the_rules_document_lists_every_rule() {
    let mut table = String::from("| rule | asks that | section | in force | checked when | raises |\n");
    table.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for rule in RULES {
        let section = rule.clause.strip_prefix("CQM process, ").unwrap();
        let in_force = rule.effective_from.map_or_else(|| "always".into(), |date| format!("from {date}"));
        let when = if rule.is_checked_when_verifying() { "issuing, verifying" } else { "issuing" };
        let codes: Vec<String> = rule.codes.iter().map(|code| format!("`{code}`")).collect();
        let (name, title, codes) = (rule.name, rule.title, codes.join(", "));
        writeln!(table, "| `{name}` | {title} | {section} | {in_force} | {when} | {codes} |").unwrap();
    }
    assert_has_table("rules.md", &table);
}

#[test]
fn the_findings_document_lists_every_code() {
    let mut table = String::from("| code | severity | verdict | clause | meaning |\n| --- | --- | --- | --- | --- |\n");
    for code in Code::ALL {
        let (severity, verdict, clause) = (code.severity(), code.consequence().verdict(), code.clause());
        writeln!(table, "| `{code}` | {severity} | {verdict} | {clause} | {} |", code.meaning()).unwrap();
    }
    assert_has_table("findings.md", &table);
}
