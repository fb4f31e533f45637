//! Worked examples of the pages under `docs/reference`: indented blocks after a heading.

use std::{env, fs};

use crate::repository;

/// The width of long lines in an example, without the indentation.
const WIDTH: usize = 96;

/// Compares the blocks of an example with what the program makes. `CQM_PAGES=write` puts it into
/// the page instead. Line breaks and indentation do not count.
///
/// # Panics
///
/// If a block differs, or the page has another number of blocks.
pub fn assert_example(page: &str, heading: &str, expected: &[String]) {
    let path = repository(page);
    let text = fs::read_to_string(&path).expect("the page");
    let (before, example) = text.split_once(heading).unwrap_or_else(|| panic!("{page} has no {heading:?}"));
    let mut parts: Vec<String> = example.split("\n\n").map(str::to_owned).collect();
    let is_block = |part: &&mut String| !part.is_empty() && part.lines().all(|line| line.starts_with("    "));
    let blocks: Vec<&mut String> = parts.iter_mut().filter(is_block).collect();
    assert_eq!(blocks.len(), expected.len(), "the blocks of {page}");
    let is_writing = env::var_os("CQM_PAGES").is_some_and(|value| value == "write");
    for (block, expected) in blocks.into_iter().zip(expected) {
        if is_writing {
            *block = indented(expected);
        } else {
            let hint = "`CQM_PAGES=write cargo test -p cqm-tests` writes the page anew";
            assert_eq!(joined(block), joined(expected), "{page}: {hint}");
        }
    }
    if is_writing {
        let end = if text.ends_with('\n') { "\n" } else { "" };
        let example = parts.join("\n\n");
        fs::write(path, format!("{before}{heading}{}{end}", example.trim_end())).expect("the page");
    }
}

fn joined(block: &str) -> String {
    block.lines().map(str::trim).collect()
}

fn indented(block: &str) -> String {
    let mut lines = Vec::new();
    for line in block.lines() {
        let characters: Vec<char> = line.chars().collect();
        lines.extend(characters.chunks(WIDTH).map(|chunk| format!("    {}", chunk.iter().collect::<String>())));
    }
    lines.join("\n")
}

/// Breaks compact JSON into lines, with its members in their order.
pub fn pretty(json: &str) -> String {
    let (mut text, mut depth, mut in_string, mut is_escaped) = (String::new(), 0_usize, false, false);
    let new_line = |depth: usize| format!("\n{}", "  ".repeat(depth));
    for character in json.chars() {
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
            text.push(character);
            continue;
        }
        match character {
            '{' | '[' => {
                depth += 1;
                text.push(character);
                text += &new_line(depth);
            }
            '}' | ']' => {
                depth -= 1;
                text += &new_line(depth);
                text.push(character);
            }
            ',' => {
                text.push(character);
                text += &new_line(depth);
            }
            ':' => text += ": ",
            _ => {
                in_string = character == '"';
                text.push(character);
            }
        }
    }
    text
}

/// Shortens long texts to 16 characters: the certificates and CRLs in a JSON text.
pub fn shortened<'a>(json: &str, texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().fold(json.to_owned(), |json, text| {
        let start: String = text.chars().take(16).collect();
        json.replace(text, &format!("{start}…"))
    })
}
