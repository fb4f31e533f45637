//! The dossiers of `fixtures/dossiers`: correct ones raise nothing, each one in `broken` raises the
//! codes of its header, and each one in `unreadable` is refused at the place that its header gives.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use cqm_core::{Code, Date, Dossier, Finding, rules};
use cqm_issue::dossier::{MAX_SIZE, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers")
}

/// The names and texts of the dossiers in a folder, sorted by name.
fn dossiers(folder: &Path) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    assert!(!files.is_empty(), "no dossiers in {}", folder.display());
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The value of a line `# key: value` at the beginning of a file.
fn header<'a>(text: &'a str, key: &str) -> &'a str {
    let head = text.lines().take_while(|line| line.starts_with('#'));
    let mut values = head.filter_map(|line| line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": "));
    values.next().unwrap_or_else(|| panic!("no `# {key}:` in\n{text}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn findings(dossier: &Dossier, on: Date) -> Vec<Finding> {
    rules::check_dossier(dossier, on).into_iter().flat_map(|report| report.findings).collect()
}

#[test]
fn correct_dossiers_raise_nothing() {
    for (name, text) in dossiers(&folder()) {
        let dossier = read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(findings(&dossier, day("2023-05-06")), [], "{name}");
    }
}

#[test]
fn each_broken_dossier_raises_its_fault_and_nothing_else() {
    let mut raised = HashSet::new();
    for (name, text) in dossiers(&folder().join("broken")) {
        let dossier = read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = findings(&dossier, day(header(&text, "on")));
        let mut expected: Vec<&str> = header(&text, "raises").split(' ').collect();
        let mut codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        expected.sort_unstable();
        codes.sort_unstable();
        assert_eq!(codes, expected, "{name}: {found:#?}");
        raised.extend(codes);
    }
    for code in Code::ALL.iter().map(|code| code.as_str()).filter(|code| code.starts_with("rule.")) {
        assert!(raised.contains(code), "no broken dossier raises {code}");
    }
}

#[test]
fn every_fault_is_listed_not_only_the_first() {
    let mut text = fs::read_to_string(folder().join("dummy-card-company.toml")).unwrap();
    for fault in [", closed = 2023-02-20", ", closed = 2023-01-16", "\npaid = 2023-03-24", "\ncid = \"10990003\""] {
        assert_eq!(text.matches(fault).count(), 1, "{fault}");
        text = text.replace(fault, "");
    }
    let found = findings(&read(&text).unwrap(), day("2023-05-06"));
    let mut codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            // Two actions of one audit.
            "rule.corrective-action-open",
            "rule.corrective-action-open",
            "rule.fees-unpaid",
            // The registry has an identifier that is not in the dossier.
            "rule.gvcp-missing",
            "rule.gvcp-site-not-listed",
        ],
        "{found:#?}"
    );
}

/// A larger difference could hide faults that the header does not name.
#[test]
fn broken_dossiers_differ_little_from_the_correct_one() {
    let twin = fs::read_to_string(folder().join("dummy-card-company.toml")).unwrap();
    for part in ["broken", "unreadable"] {
        for (name, text) in dossiers(&folder().join(part)) {
            let mut surplus: HashMap<&str, i32> = HashMap::new();
            for (text, sign) in [(&text, 1), (&twin, -1)] {
                for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                    *surplus.entry(line).or_default() += sign;
                }
            }
            let changed: i32 = surplus.values().map(|count| count.abs()).sum();
            let limit = if name.starts_with("three-consecutive-c") { 50 } else { 12 };
            assert!((1..=limit).contains(&changed), "{name} differs by {changed} lines");
        }
    }
}

#[test]
fn unreadable_dossiers_are_refused_where_the_fault_is() {
    for (name, text) in dossiers(&folder().join("unreadable")) {
        let error = read(&text).map(|_| ()).expect_err(&name);
        assert_eq!(format!("{}:{}", error.line, error.column), header(&text, "at"), "{name}: {error}");
        assert!(error.message.contains(header(&text, "says")), "{name}: {error}");
        assert_eq!(text.lines().nth(error.line - 1), Some(error.source_line.as_str()), "{name}");
    }
}

/// No table ignores a misspelt key. This dossier has every kind of table.
#[test]
fn every_table_refuses_an_unknown_key_at_its_line() {
    let text = fs::read_to_string(folder().join("broken/three-consecutive-c-overridden.toml")).unwrap();
    read(&text).unwrap();
    let mut tables = 0;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let (with_key, at) = if line.starts_with('[') {
            (format!("{line}\ntypo = 1"), number + 2)
        } else if line.contains("{ ") {
            (line.replacen("{ ", "{ typo = 1, ", 1), number + 1)
        } else {
            continue;
        };
        let lines: Vec<&str> =
            text.lines().enumerate().map(|(other, line)| if other == number { &with_key } else { line }).collect();
        let error = read(&lines.join("\n")).expect_err(line);
        assert!(error.message.contains("unknown field `typo`"), "{line}: {error}");
        assert_eq!(error.line, at, "{line}: {error}");
        tables += 1;
    }
    assert!(tables > 20, "{tables}");
}

#[test]
fn the_example_becomes_the_letter_of_the_program_document() {
    let text = fs::read_to_string(folder().join("dummy-card-company.toml")).unwrap();
    let certificate = read(&text).unwrap().certificate(day("2023-05-06"));
    let labels: Vec<String> =
        certificate.labels().map(|(site, label)| format!("{} {} {label}", site.country, site.city)).collect();
    assert_eq!(
        labels,
        [
            "CN Shenzhen 39902000DA",
            "CN Shenzhen 49902000DA",
            "CN Shenzhen P9902000DA",
            "PT Porto 69901000DA",
            "US Boston, MA 99903000DA",
        ]
    );
    assert_eq!(certificate.valid_until.in_words(), "May 5th 2024");
}

#[test]
fn the_group_is_as_large_as_it_should_be() {
    let certificate =
        read(&fs::read_to_string(folder().join("group.toml")).unwrap()).unwrap().certificate(day("2023-05-06"));
    assert!(certificate.holder.companies.len() > 2);
    assert_eq!(certificate.sites.len(), 40);
    assert_eq!(certificate.labels().count(), 120);
    assert_eq!(certificate.sites.iter().filter(|site| site.labels.is_empty()).count(), 2);
    assert!(certificate.sites.iter().filter(|site| site.subcontractor.is_some()).count() > 2);
    // Latin letters with diacritics, Greek, Cyrillic, Han, Hangul.
    let names: String =
        certificate.sites.iter().flat_map(|site| [&*site.city, site.subcontractor.as_deref().unwrap_or("")]).collect();
    for script in [
        '\u{c0}'..='\u{17f}',
        '\u{370}'..='\u{3ff}',
        '\u{400}'..='\u{4ff}',
        '\u{4e00}'..='\u{9fff}',
        '\u{ac00}'..='\u{d7a3}',
    ] {
        assert!(names.chars().any(|character| script.contains(&character)), "{script:?}");
    }
}

#[test]
fn all_activities_have_a_label() {
    let text = fs::read_to_string(folder().join("all-activities.toml")).unwrap();
    let certificate = read(&text).unwrap().certificate(day("2023-05-06"));
    let activities: HashSet<_> = certificate.labels().map(|(_, label)| label.activity()).collect();
    assert_eq!(activities.len(), cqm_core::Activity::ALL.len());
}

#[test]
fn dates_are_toml_dates_or_strings() {
    let text = fs::read_to_string(folder().join("dummy-card-company.toml")).unwrap();
    let quoted = text.replace("= 2024-05-31", "= \"2024-05-31\"").replace("= 2023-04-17", "= '2023-04-17'");
    assert_ne!(quoted, text);
    assert_eq!(read(&quoted), read(&text));
}

#[test]
fn a_dossier_has_at_most_one_mebibyte() {
    let text = fs::read_to_string(folder().join("dummy-card-company.toml")).unwrap();
    let padded = |size: usize| format!("{text}{}", "#".repeat(size - text.len()));
    read(&padded(MAX_SIZE)).unwrap();
    let error = read(&padded(MAX_SIZE + 1)).unwrap_err();
    assert_eq!(error.message, "the dossier has 1048577 bytes, expected at most 1048576");
}

#[test]
fn lists_in_dossiers_have_limits() {
    let text = fs::read_to_string(folder().join("dummy-card-company.toml")).unwrap();
    let audit = "[[audits]]\nid = \"x\"\nsite = \"99-02\"\nactivities = [\"CB\"]\nstart = 2022-01-01\n\
                 end = 2022-01-01\nnc_major = 0\nnc_minor = 0\n";
    let own = text.matches("[[audits]]").count();
    let audits = |number: usize| format!("{text}\n{}", audit.repeat(number - own));
    assert_eq!(read(&audits(5000)).unwrap().audits.len(), 5000);
    assert_eq!(read(&audits(5001)).unwrap_err().message, "a list of more than 5000 elements");
}

/// A fault in a line of any length is shown with what stands around it.
#[test]
fn errors_quote_little_of_what_they_found() {
    let name = "a".repeat(100_000);
    let error = read(&format!("number = \"{name}\"")).unwrap_err();
    assert!(error.message.chars().count() <= 301, "{}", error.message);
    let error = read(&format!("{name} = \"CQM-1\"")).unwrap_err();
    assert!(error.message.chars().count() <= 301, "{}", error.message);
    let error = read(&format!("number = [\"{name}\", ]x")).unwrap_err();
    let (excerpt, place) = error.excerpt();
    assert!(excerpt.chars().count() <= 300 && place <= 150, "{place}: {excerpt}");
    assert!(excerpt.chars().nth(place).is_some(), "{place}: {excerpt}");
}
