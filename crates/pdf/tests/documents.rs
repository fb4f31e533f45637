//! The table of limits in `docs/reference/pdf-profile.md` agrees with the code. A failing test
//! prints the right table.

use std::fmt::Write as _;
use std::path::Path;

use cqm_pdf::Limits;

#[test]
fn the_profile_lists_every_limit() {
    let Limits {
        file_size,
        xref_entries,
        xref_sections,
        values,
        depth,
        inflated,
        pages,
        operators,
        signatures,
        problems,
    } = Limits::default();
    let mebibytes = |bytes: usize| format!("{} MiB", bytes >> 20);
    let rows = [
        ("file size", mebibytes(file_size), "bytes of the file"),
        (
            "cross-reference entries",
            xref_entries.to_string(),
            "entries of all sections; the highest object number plus one",
        ),
        ("cross-reference sections", xref_sections.to_string(), "revisions"),
        (
            "values",
            values.to_string(),
            "numbers, names, strings, arrays and dictionaries, each time that they are read; each 64 bytes of an object beside its \
             stream data; each 4 bytes of a string that is shown, and in PDFs of others of the text that it stands for; each comparison of a text with a surface",
        ),
        ("nesting depth", depth.to_string(), "arrays and dictionaries within each other"),
        (
            "decompressed bytes",
            mebibytes(inflated),
            "data of all streams, each time that it is read; fonts and profiles are not",
        ),
        ("pages", pages.to_string(), "pages and nodes of the page tree"),
        ("content operators", operators.to_string(), "operators of all pages"),
        ("signatures", signatures.to_string(), "signatures of a PDF without a token (`any-pdf.md`)"),
        ("problems", problems.to_string(), "problems that are listed"),
    ];
    let mut table = String::from("| limit | value | of |\n| --- | --- | --- |\n");
    for (limit, value, of) in rows {
        writeln!(table, "| {limit} | {value} | {of} |").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/pdf-profile.md");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(&format!("\n\n{table}\n")), "docs/reference/pdf-profile.md lacks this table:\n\n{table}");
}
