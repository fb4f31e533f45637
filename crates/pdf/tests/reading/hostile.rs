//! Hostile files: each costs a bounded amount of time and memory, and is refused.

use std::io::Write;
use std::time::{Duration, Instant};

use cqm_pdf::letter::{ProblemKind, inspect};
use cqm_pdf::syntax::{Document, ReadErrorKind, Reference};
use cqm_pdf::{Limit, Limits};

use crate::support::*;

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Checks that a limit is reported as such, and that the same letter is accepted with the default
/// limits.
#[track_caller]
fn limited(letter: &Letter, limits: Limits, limit: Limit) {
    assert_eq!(inspect(&letter.build(), &Limits::default()).problems, []);
    let problems = inspect(&letter.build(), &limits).problems;
    assert!(problems.iter().any(|problem| problem.kind == ProblemKind::LimitExceeded(limit)), "{problems:#?}");
}

#[test]
fn every_limit_is_reported_as_a_limit() {
    let letter = Letter::accepted();
    let length = letter.build().len();
    let limits = Limits::default();
    assert_eq!(inspect(&letter.build(), &Limits { file_size: length, ..limits }).problems, []);
    limited(&letter, Limits { file_size: length - 1, ..limits }, Limit::FileSize);
    limited(&letter, Limits { xref_entries: 12, ..limits }, Limit::XrefEntries);
    let none = Limits { xref_sections: 0, ..limits };
    let error = Document::open(&letter.build(), &none).unwrap_err();
    assert!(matches!(error.kind(), ReadErrorKind::Limit(Limit::XrefSections)), "{error:?}");
    // Both the highest number and the number of entries of all sections together are limited.
    let file = letter.build();
    let with_section = |subsections: &str, size: u64| {
        let previous = file.windows(5).position(|window| window == b"xref\n").unwrap();
        let trailer =
            format!("trailer\n<</Size {size}/Root 12 0 R/Prev {previous}>>\nstartxref\n{}\n%%EOF\n", file.len());
        let section = format!("xref\n{subsections}{trailer}");
        Document::open(&[&file, section.as_bytes()].concat(), &Limits { xref_entries: 20, ..limits }).map(|_| ())
    };
    let free = "0000000000 65535 f \n";
    with_section(&format!("19 1\n{free}"), 20).unwrap();
    with_section(&format!("17 3\n{}", free.repeat(3)), 20).unwrap();
    for (subsections, size) in [
        (format!("20 1\n{free}"), 21),
        (format!("4294967295 1\n{free}"), 4_294_967_296),
        (format!("16 4\n{}16 1\n{free}", free.repeat(4)), 20),
    ] {
        let error = with_section(&subsections, size).unwrap_err();
        assert!(matches!(error.kind(), ReadErrorKind::Limit(Limit::XrefEntries)), "{error:?}");
    }
    limited(&letter, Limits { values: 100, ..limits }, Limit::Values);
    limited(&letter, Limits { depth: 2, ..limits }, Limit::Depth);
    limited(&letter, Limits { pages: 1, ..limits }, Limit::Pages);
    limited(&letter, Limits { operators: 3, ..limits }, Limit::Operators);
    let mut compressed = Letter::accepted();
    compressed.objects[CONTENT - 1] = stream("/Filter/FlateDecode", &deflate(show(72, 700, "text").as_bytes()));
    limited(&compressed, Limits { inflated: 20, ..limits }, Limit::Inflated);

    let broken = Letter::with_content("a b c d e f g h i j");
    let problems = inspect(&broken.build(), &Limits { problems: 3, ..limits }).problems;
    assert_eq!(problems.len(), 4);
    assert_eq!(problems[3].kind, ProblemKind::LimitExceeded(Limit::Problems));
}

#[test]
fn a_decompression_bomb_costs_its_budget_and_no_more() {
    let mut letter = Letter::accepted();
    letter.objects[CONTENT - 1] = stream("/Filter/FlateDecode", &deflate(&vec![b' '; 200 << 20]));
    let start = Instant::now();
    let problems = inspect(&letter.build(), &Limits::default()).problems;
    assert!(
        problems.iter().any(|problem| problem.kind == ProblemKind::LimitExceeded(Limit::Inflated)),
        "{problems:#?}"
    );
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn many_bombs_share_one_budget() {
    let bomb = stream("/Filter/FlateDecode", &deflate(&vec![b' '; 5 << 19]));
    let mut letter = Letter::accepted();
    letter.objects[CONTENT - 1] = bomb;
    // Four pages with the same content of 2.5 MiB: each is decompressed, and the fourth exceeds the
    // limit.
    for _ in 0..3 {
        letter = letter.add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources 5 0 R/Contents 4 0 R>>");
    }
    let letter = letter.replace(PAGES, "[3 0 R]", "[3 0 R 11 0 R 12 0 R 13 0 R]");
    let problems = inspect(&letter.build(), &Limits::default()).problems;
    assert_eq!(
        problems.iter().filter(|problem| problem.kind == ProblemKind::LimitExceeded(Limit::Inflated)).count(),
        1,
        "{problems:#?}"
    );
}

#[test]
fn long_objects_are_charged() {
    // Objects with few values but many bytes: a string, one without its end, white space, a
    // comment.
    let bytes = "x".repeat(1 << 20);
    for object in
        [format!("({bytes})"), format!("({bytes}"), format!("[{}]", " ".repeat(1 << 20)), format!("[%{bytes}\n]")]
    {
        let mut letter = Letter::accepted();
        for _ in 0..10 {
            letter = letter.add_unreachable(object.as_bytes());
        }
        let pdf = letter.build();
        let start = Instant::now();
        let problems = inspect(&pdf, &Limits { values: 100_000, ..Limits::default() }).problems;
        assert!(
            problems.iter().any(|problem| problem.kind == ProblemKind::LimitExceeded(Limit::Values)),
            "{problems:#?}"
        );
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

#[test]
fn pages_that_share_their_content_pay_for_it_each() {
    let mut letter = Letter::accepted();
    letter.objects[CONTENT - 1] = stream("", &vec![b' '; 3 << 20]);
    accepted_but_for_limits(&letter, &[]);
    for _ in 0..2 {
        letter = letter.add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources 5 0 R/Contents 4 0 R>>");
    }
    let letter = letter.replace(PAGES, "[3 0 R]", "[3 0 R 11 0 R 12 0 R]").replace(PAGES, "/Count 1", "/Count 3");
    accepted_but_for_limits(&letter, &[ProblemKind::LimitExceeded(Limit::Inflated)]);
}

#[track_caller]
fn accepted_but_for_limits(letter: &Letter, expected: &[ProblemKind]) {
    let problems = inspect(&letter.build(), &Limits::default()).problems;
    assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), expected, "{problems:#?}");
}

#[test]
fn reports_stay_short() {
    let name = "x".repeat(100_000);
    for letter in [
        Letter::with_content(&name),
        Letter::with_content(&show(590, 700, &name)),
        Letter::accepted().replace(CATALOG, "/Lang(en)", &format!("/{name} 1")),
    ] {
        let problems = inspect(&letter.build(), &Limits::default()).problems;
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| problem.detail.len() < 1000), "{problems:#?}");
    }
}

#[test]
fn deep_nesting_is_a_limit() {
    let nested =
        |depth: usize| Letter::accepted().add(format!("{}{}", "[".repeat(depth), "]".repeat(depth)).as_bytes());
    assert_eq!(inspect(&nested(32).build(), &Limits::default()).problems, []);
    limited(&nested(32), Limits { depth: 31, ..Limits::default() }, Limit::Depth);
    let problems = inspect(&nested(1_000_000).build(), &Limits::default()).problems;
    assert!(problems.iter().all(|problem| problem.kind == ProblemKind::LimitExceeded(Limit::Depth)), "{problems:#?}");
    let dictionaries = Letter::accepted().replace(CATALOG, "/Lang(en)", &format!("/Lang{}", "<</A".repeat(100_000)));
    let problems = inspect(&dictionaries.build(), &Limits::default()).problems;
    assert!(problems.iter().all(|problem| problem.kind == ProblemKind::LimitExceeded(Limit::Depth)), "{problems:#?}");
}

#[test]
fn loops_of_references_end() {
    // The length of a stream is the stream itself; the page tree leads back to itself.
    let base = Letter::accepted;
    let mut loops = vec![
        base().replace(PAGES, "[3 0 R]", "[2 0 R 3 0 R]"),
        base().replace(PAGE, "/Type/Page/", "/Type/Pages/Kids[2 0 R]/"),
        base().replace(PAGE, "/Contents 4 0 R", "/Contents 11 0 R").add(b"11 0 R"),
    ];
    let mut own_length = base();
    own_length.objects[CONTENT - 1] = b"<</Length 4 0 R>>\nstream\n\nendstream".to_vec();
    loops.push(own_length);
    for (index, letter) in loops.iter().enumerate() {
        let problems = inspect(&letter.build(), &Limits::default()).problems;
        assert!(!problems.is_empty(), "loop {index} is accepted");
        assert!(
            !problems.iter().any(|problem| matches!(problem.kind, ProblemKind::LimitExceeded(_))),
            "loop {index}: {problems:#?}"
        );
    }
}

#[test]
fn a_loop_of_cross_reference_sections_ends() {
    let pdf = Letter::accepted().build();
    let start = pdf.windows(5).position(|window| window == b"xref\n").unwrap();
    let trailer = format!("/Prev {start:04}");
    let pdf = Letter { trailer, ..Letter::accepted() }.build();
    assert_eq!(Document::open(&pdf, &Limits::default()).unwrap_err().kind(), &ReadErrorKind::Loop);
}

#[test]
fn an_object_stream_whose_length_is_inside_itself_ends() {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend_from_slice(b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Length 2 0 R>>\nstream\n2 0 9\nendstream\nendobj\n");
    let start = pdf.len();
    let entries: [[u8; 4]; 4] = [[0, 0, 0, 0], [1, 0, 9, 0], [2, 0, 1, 0], [1, 0, u8::try_from(start).unwrap(), 0]];
    pdf.extend_from_slice(b"3 0 obj\n");
    pdf.extend_from_slice(&stream("/Type/XRef/Size 4/W[1 2 1]/Root 2 0 R", &entries.concat()));
    pdf.extend_from_slice(format!("\nendobj\nstartxref\n{start}\n%%EOF").as_bytes());
    let document = Document::open(&pdf, &Limits::default()).unwrap();
    assert_eq!(document.object(Reference { number: 2, generation: 0 }).unwrap_err().kind(), &ReadErrorKind::Loop);
}

#[test]
fn a_file_cut_at_any_length_is_refused_and_never_panics() {
    let mut letter = Letter::accepted();
    letter.objects[CONTENT - 1] = stream("/Filter/FlateDecode", &deflate(show(72, 700, "39902000DA").as_bytes()));
    let pdf = letter.build();
    assert_eq!(inspect(&pdf, &Limits::default()).problems, []);
    let contents = pdf.windows(3).position(|window| window == b">/M").unwrap();
    for length in 0..pdf.len() {
        let problems = inspect(&pdf[..length], &Limits::default()).problems;
        let expected = match length {
            0 => ProblemKind::Empty,
            1..9 => ProblemKind::NotAPdf,
            // Both parts of the signed range can be found; what is missing is for the comparison.
            _ if length > contents => continue,
            _ => ProblemKind::Truncated,
        };
        assert!(problems.iter().any(|problem| problem.kind == expected), "{length}: {problems:#?}");
    }
}

#[test]
fn a_file_with_any_byte_changed_never_panics() {
    let mut letter = Letter::accepted();
    letter.objects[CONTENT - 1] = stream("/Filter/FlateDecode", &deflate(show(72, 700, "39902000DA").as_bytes()));
    let pdf = letter.build();
    for flip in [0x01, 0x20, 0x80, 0xff] {
        for place in 0..pdf.len() {
            let mut pdf = pdf.clone();
            pdf[place] ^= flip;
            inspect(&pdf, &Limits::default());
        }
    }
}
