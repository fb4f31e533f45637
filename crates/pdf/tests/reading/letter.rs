//! The strict judge: one fault in a letter, and the problem that is reported.

use cqm_pdf::Limits;
use cqm_pdf::letter::{Inspection, Problem, ProblemKind, inspect};

use crate::support::*;

/// Reads the letter, and compares its tail.
fn look(letter: &Letter) -> Inspection<'static> {
    look_at(letter.build())
}

fn look_at(pdf: Vec<u8>) -> Inspection<'static> {
    let mut inspection = inspect(pdf.leak(), &Limits::default());
    let problem = inspection.parts.as_ref().and_then(|parts| parts.compare(&ENTRIES).problem);
    inspection.problems.extend(problem);
    inspection
}

/// Checks that the letter has problems, all of this kind, and that one of them contains `detail`.
#[track_caller]
fn refused(letter: &Letter, kind: ProblemKind, detail: &str) {
    let problems = look(letter).problems;
    assert!(problems.iter().any(|problem| problem.detail.contains(detail)), "{detail:?} is not among {problems:#?}");
    assert!(problems.iter().all(|problem| problem.kind == kind), "not all are {kind:?}: {problems:#?}");
}

#[track_caller]
fn accepted(letter: &Letter) {
    assert_eq!(look(letter).problems, []);
}

#[test]
fn a_letter_has_no_problems_and_gives_what_verification_needs() {
    let pdf = Letter::accepted().build();
    let inspection = look_at(pdf.clone());
    assert_eq!(inspection.problems, []);
    assert_eq!(inspection.title.as_deref(), Some("A letter"));
    assert_eq!(inspection.pages.len(), 1);
    assert_eq!(inspection.pages[0].lines(), ["39902000DA Porto"]);
    let parts = inspection.parts.unwrap();
    assert_eq!((parts.token(), parts.cms()), (TOKEN.as_bytes(), &[0x30, 0x03, 0xab, 0xcd, 0xef][..]));
    let [before, after] = parts.signed_tail(pdf.len());
    let contents = format!("<3003abcdef{}>", "0".repeat(2048 - 10));
    assert_eq!([parts.body(), before, contents.as_bytes(), after].concat(), pdf);
    assert!(before.ends_with(b"/Contents"));
}

#[test]
fn a_file_without_a_signature_is_unsigned() {
    // Parts of the letter are missing, and no field has a signature.
    for letter in [
        Letter::accepted().replace_tail(1, "/EmbeddedFile", "/EmbeddedFilf").replace_tail(3, "/V @4 0 R", ""),
        Letter::accepted().replace(CATALOG, "/AcroForm<</Fields[@3 0 R]/SigFlags 3>>", "").replace_tail(
            1,
            "/EmbeddedFile",
            "/EmbeddedFilf",
        ),
    ] {
        let problems = look(&letter).problems;
        assert!(problems.iter().any(|problem| problem.kind == ProblemKind::Unsigned), "{problems:#?}");
    }
}

#[test]
fn the_tail_is_the_only_one_that_fits() {
    use ProblemKind::Tail;
    let base = Letter::accepted;
    for (part, from, to, detail) in [
        (1, "/Subtype/application#2Fjose", "/Subtype/application#2fjose", "the attachment"),
        (1, "/Subtype", "/Other", "the attachment"),
        (1, "20230506", "20230507", "the attachment"),
        (2, "/UF(certificate.jwt)", "/UF(other.jwt)", "the file specification"),
        (2, "/AFRelationship/Data", "/AFRelationship/Source", "the file specification"),
        (2, "/UF @1 0 R", "/UF @2 0 R", "the file specification"),
        (3, "/F 132", "/F 132/AP<<>>", "the signature field"),
        (3, "/Rect[0 0 0 0]", "/Rect[0 0 9 9]", "the signature field"),
        (3, "/V @4 0 R", "/P 3 0 R/V @4 0 R", "the signature field"),
        (4, "/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "the signature dictionary"),
        (4, "/P 1/", "/P 2/", "the signature dictionary"),
        (4, "/Name(PO)", "/Name(PO)/Location(x)", "the signature dictionary"),
        (4, "/M(D:20230506000000Z)", "/M(D:20230506000001Z)", "the signature dictionary"),
        (4, "<3003abcdef", "<3003ABCDEF", "/Contents"),
        (4, "<3003abcdef0", "<3003abcdef1", "/Contents"),
        (4, "<3003abcdef00", "<3003abcdef ", "/Contents"),
        (4, "<3003abcdef", "<30ffffffff", "no CMS"),
        (4, "<3003abcdef00", "<3003abcdef", "the room for a CMS"),
        (4, "/Contents<", "/Contents <", "no /Contents"),
    ] {
        refused(&base().replace_tail(part, from, to), Tail, detail);
    }
    for letter in [
        Letter { trailer: "/X 1".into(), ..base() },
        Letter { end: "%%EOF\r\n".into(), ..base() },
        Letter { end: "  %%EOF\n".into(), ..base() },
    ] {
        // The length of the rest differs in the byte range.
        refused(&letter, Tail, "the signature dictionary");
    }
}

#[test]
fn every_byte_of_the_tail_and_every_cut_is_noticed() {
    let pdf = Letter::accepted().build();
    let tail = look_at(pdf.clone()).parts.unwrap().body().len();
    for at in tail..pdf.len() {
        for bits in [1, 0x20, 0xff] {
            let mut changed = pdf.clone();
            changed[at] ^= bits;
            let mut inspection = inspect(&changed, &Limits::default());
            let comparison = inspection.parts.as_ref().map(|parts| parts.compare(&ENTRIES));
            // A changed token is for its signature to notice, and a changed CMS for its own.
            let is_covered = comparison.is_some_and(|comparison| {
                inspection.problems.extend(comparison.problem);
                let parts = inspection.parts.as_ref().unwrap();
                parts.token() != TOKEN.as_bytes() || parts.cms() != [0x30, 0x03, 0xab, 0xcd, 0xef]
            });
            assert!(is_covered || !inspection.problems.is_empty(), "byte {at} by {bits:#x}");
        }
    }
    for length in tail..pdf.len() {
        let problems = look_at(pdf[..length].to_vec()).problems;
        assert!(problems.iter().all(|problem| problem.kind == ProblemKind::Truncated), "{length}: {problems:#?}");
        assert!(!problems.is_empty(), "{length}");
    }
}

#[test]
fn bytes_after_the_end_are_a_modification() {
    let signed = Letter::accepted().build();
    for more in ["\n", " ", "x", "%PDF-1.7", "\n%%EOF\n"] {
        let pdf = [&signed, more.as_bytes()].concat();
        let problems = look_at(pdf.clone()).problems;
        let [problem] = problems.as_slice() else { panic!("{more:?}: {problems:#?}") };
        assert_eq!(problem.kind, ProblemKind::ModifiedAfterSigning);
        let inspection = inspect(&pdf, &Limits::default());
        assert_eq!(inspection.parts.unwrap().compare(&ENTRIES).end, signed.len());
    }
    // One byte less than the end.
    refused(&Letter { end: "%%EOF".into(), ..Letter::accepted() }, ProblemKind::Tail, "the signature dictionary");
}

#[test]
fn a_second_revision_is_a_modification() {
    let signed = Letter::accepted().build();
    let start = signed.windows(5).rposition(|window| window == b"xref\n").unwrap();
    let previous = signed[..start].windows(5).rposition(|window| window == b"xref\n").unwrap();
    let content = stream("", show(72, 700, "19902000DA Porto").as_bytes());
    let mut pdf = signed.clone();
    let object = pdf.len();
    pdf.extend_from_slice(b"4 0 obj\n");
    pdf.extend_from_slice(&content);
    pdf.extend_from_slice(b"\nendobj\n");
    let table = pdf.len();
    pdf.extend_from_slice(
        format!("xref\n4 1\n{object:010} 00000 n \ntrailer\n<</Size 17/Root 12 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
    );
    let inspection = look_at(pdf);
    let [problem] = inspection.problems.as_slice() else { panic!("{:#?}", inspection.problems) };
    assert_eq!(problem.kind, ProblemKind::ModifiedAfterSigning);
    // The letter as it was signed is read.
    assert_eq!(inspection.pages[0].lines(), ["39902000DA Porto"]);
}

#[test]
fn the_catalog_has_two_forms() {
    let kind = ProblemKind::OutsideProfile;
    let end = "/ExtensionLevel 2>>>>";
    let with = |more: &str| Letter::accepted().replace(CATALOG, end, &format!("{end}{more}"));
    accepted(&with(""));
    // The form that is reserved is not judged to its end.
    refused(&with("/DSS @5 0 R"), ProblemKind::LongTermData, "long-term validation");
    for more in [
        "/DSS @4 0 R",
        "/DSS @6 0 R",
        "/DSS 1 0 R",
        "/DSS<<>>",
        "/DSS  @5 0 R",
        "/DSS @5 0 R/PageLayout/OneColumn",
        " ",
    ] {
        let problems = look(&with(more)).problems;
        assert!(problems.iter().any(|problem| problem.kind == kind), "{more}: {problems:#?}");
        assert!(problems.iter().all(|problem| problem.kind != ProblemKind::LongTermData), "{more}: {problems:#?}");
    }
    let before = Letter::accepted().replace(CATALOG, "/Lang(en)", "/Lang(en)/DSS<<>>");
    refused(&before, kind, "the catalog has the key /DSS");
    let entries = "/SigFlags 3>>";
    for (from, to) in [
        (entries, "/SigFlags 1>>"),
        (entries, "/SigFlags 3/NeedAppearances true>>"),
        ("/Fields[@3 0 R]", "/Fields[@3 0 R 3 0 R]"),
        ("/Perms<</DocMDP @4 0 R>>", ""),
        ("/Perms<</DocMDP @4 0 R>>", "/Perms<</DocMDP @3 0 R>>"),
        ("/AF[@2 0 R]", "/AF [@2 0 R]"),
        ("(certificate.jwt)", "(other.jwt)"),
        ("/Names[(", "/Kids[]/Names[("),
    ] {
        let problems = look(&Letter::accepted().replace(CATALOG, from, to)).problems;
        assert!(problems.iter().all(|problem| problem.kind == kind), "{to}: {problems:#?}");
        assert!(problems.iter().any(|problem| problem.detail.contains("the catalog does not end")), "{problems:#?}");
    }
}

#[test]
fn faults_in_the_body() {
    use ProblemKind::*;
    let base = Letter::accepted;
    for header in [&b"%PDF-1.7\n% hello\n"[..], b"%PDF-1.6\n%\xbb\xad\xc0\xde\n", b"%PDF-1.7\r\n%\xbb\xad\xc0\xde\n"] {
        refused(&Letter { header: header.to_vec(), ..base() }, OutsideProfile, "the header");
    }
    for (object, from, to, kind, detail) in [
        (CATALOG, "/Lang(en)", "/Lang(en)%hidden\n", OutsideProfile, "a comment in an object"),
        (CATALOG, "/Lang(en)", "/Lang(en)/Lang(de)", Malformed, "/Lang occurs twice"),
        (PAGES, "/Count 1", "/Count 1/X 3 1 R", OutsideProfile, "generation"),
        (PAGES, "/Count 1", "/Count 1/X 99 0 R", OutsideProfile, "missing objects"),
        (PAGES, "/Count 1", "/Count 1/X 0 0 R", OutsideProfile, "missing objects"),
        (PAGES, "/Count 1", "/Count 1/X @2 0 R", OutsideProfile, "other references to attachment"),
        (PAGES, "/Count 1", "/Count 1/X @5 0 R", OutsideProfile, "other references to attachment"),
        (PROFILE, "/Length 480", "/Length 11 0 R", Malformed, "not in its dictionary"),
    ] {
        let problems = look(&base().replace(object, from, to)).problems;
        assert!(
            problems.iter().any(|found| found.detail.contains(detail) && found.kind == kind),
            "{to}: {problems:#?}"
        );
    }
    // What is not the next object ends the body.
    for (object, from, to) in [
        (PAGES, "[3 0 R]>>", "[3 0 R]>>\nendobj\n4 0 obj\n(hidden)"),
        (PAGES, "[3 0 R]>>", "[3 0 R]>>\nendobj\n3 0 obj\n(hidden)\nendobj"),
        (PAGES, "[3 0 R]>>", "[3 0 R]>>\nendobj\nhidden"),
        (PAGES, "[3 0 R]>>", "[3 0 R]>>\nendobj "),
    ] {
        assert!(!look(&base().replace(object, from, to)).problems.is_empty(), "{to:?}");
    }
    let encrypted = Letter { trailer: "/Encrypt 1 0 R".into(), ..base() }.replace_tail(1, "/Embedded", "/embedded");
    let problems = look(&encrypted).problems;
    assert!(problems.iter().any(|problem| problem.kind == Encrypted), "{problems:#?}");
}

#[test]
fn every_object_is_reached_from_the_trailer() {
    let kind = ProblemKind::OutsideProfile;
    let hidden = b"(what nobody is shown)";
    accepted(&Letter::accepted().add(hidden));
    refused(&Letter::accepted().add_unreachable(hidden), kind, "nothing refers to");
    // Two that only refer to each other, and one that refers to the letter.
    refused(&Letter::accepted().add_unreachable(b"[12 0 R]").add_unreachable(b"[11 0 R]"), kind, "nothing refers to");
    refused(&Letter::accepted().add_unreachable(b"[1 0 R]"), kind, "nothing refers to");
    accepted(&Letter::accepted().add(b"[12 0 R]").add_unreachable(b"[11 0 R]"));
}

#[test]
fn the_token_is_the_only_attachment() {
    let hidden = b"<</Type/Filespec/F(z)/EF<</F 4 0 R>>>>";
    refused(&Letter::accepted().add(hidden), ProblemKind::Attachment, "beside the certificate token");
    accepted(&Letter::accepted().add(b"<</Type/Filespec/F(z)/Ef<</F 4 0 R>>>>"));
}

#[test]
fn nothing_acts() {
    let base = Letter::accepted;
    for key in ["OpenAction", "AA", "OCProperties"] {
        let problems = look(&base().replace(CATALOG, "/Lang(en)", &format!("/Lang(en)/{key}<<>>"))).problems;
        assert!(
            problems.iter().any(|problem| problem.kind == ProblemKind::ActiveContent && problem.detail.contains(key)),
            "{problems:#?}"
        );
    }
    // Also in places that viewers ignore, and if the name is written with codes.
    refused(&base().add(b"<</S/JavaScript>>"), ProblemKind::ActiveContent, "/JavaScript");
    refused(&base().add(b"<</S/L#61unch>>"), ProblemKind::ActiveContent, "/Launch");
    for name in [
        "JS",
        "JavaScript",
        "AA",
        "OpenAction",
        "XFA",
        "URI",
        "Launch",
        "GoToR",
        "GoToE",
        "GoTo3DView",
        "SubmitForm",
        "ResetForm",
        "ImportData",
        "OC",
        "OCG",
        "OCMD",
        "OCProperties",
        "SetOCGState",
        "Movie",
        "Sound",
        "Screen",
        "Rendition",
        "RichMedia",
        "RichMediaExecute",
        "Collection",
        "FileAttachment",
    ] {
        for object in [format!("<</S/{name}>>"), format!("<</{name} 1>>")] {
            refused(&base().add(object.as_bytes()), ProblemKind::ActiveContent, &format!("/{name}"));
        }
    }
    accepted(&base().add(b"<</S/Span>>"));
    refused(
        &base().replace(PAGE, "/Annots[@3 0 R]", "/Annots[@3 0 R 11 0 R]").add(b"<</Subtype/Link>>"),
        ProblemKind::OutsideProfile,
        "annotation",
    );
    refused(
        &base().replace(PAGE, "/Annots[@3 0 R]", "/Annots[@3 0 R @3 0 R]"),
        ProblemKind::OutsideProfile,
        "annotation",
    );
    refused(&base().replace(CATALOG, "/Lang(en)", "/PageLabels<<>>"), ProblemKind::OutsideProfile, "/PageLabels");
    refused(&base().replace(PAGE, "/Parent", "/Rotate 90/Parent"), ProblemKind::OutsideProfile, "/Rotate");
    accepted(&base().replace(PAGE, "[0 0 595 842]", "[2000 842 0 0]"));
    for media_box in ["[0 0 2001 842]", "[0 0 595 99999]", "[0 0 595 1"] {
        let media_box = match media_box.ends_with(']') {
            true => media_box.to_owned(),
            false => format!("{media_box}{}.0]", "0".repeat(308)),
        };
        refused(&base().replace(PAGE, "[0 0 595 842]", &media_box), ProblemKind::OutsideProfile, "sheet of paper");
    }
    refused(&base().replace(RESOURCES, "/Font", "/XObject<<>>/Font"), ProblemKind::OutsideProfile, "/XObject");
    refused(&base().replace(PAGES, "[3 0 R]", "[3 0 R 3 0 R]"), ProblemKind::Malformed, "twice in the page tree");
}

/// A letter without text, whose font has other widths.
fn wide(from: &str, to: &str) -> Letter {
    Letter::with_content("").replace(CID_FONT, from, to)
}

#[test]
fn faults_in_fonts_and_resources() {
    let base = Letter::accepted;
    let kind = ProblemKind::OutsideProfile;
    refused(&base().replace(FONT, "/Identity-H", "/Identity-V"), kind, "Identity-H");
    refused(&base().replace(CID_FONT, "/CIDToGIDMap/Identity", "/CIDToGIDMap 10 0 R"), kind, "CIDFont");
    refused(&base().replace(CID_FONT, "/FontDescriptor 8 0 R", ""), kind, "not embedded");
    for (from, to) in [
        ("[0[", "[1["),
        ("[0[", "[0 0["),
        (" 700]", "]"),
        (" 700]", " 700 700]"),
        (" 700]", " -700]"),
        (" 700]", " 700]0[700]"),
        (" 700]", " /W]"),
    ] {
        refused(&wide(from, to), kind, "malformed widths");
    }
    refused(&base().replace(TO_UNICODE, "<0100> <0100>", "<0100> <0101>"), kind, "malformed /ToUnicode");
    refused(&base().replace(TO_UNICODE, "2 beginbfrange", "2 beginbfchar"), kind, "malformed /ToUnicode");
    refused(&Letter::with_content("BT /f0 9 Tf 72 100 Td <0101> Tj ET"), kind, "no character");
    assert_eq!(look(&Letter::with_content("BT /f0 9 Tf 72 100 Td <0100> Tj ET")).problems, []);
    refused(&base().replace(RESOURCES, "/ProcSet", "/ExtGState<</g0<</ca 1>>>>/ProcSet"), kind, "ExtGState");
    refused(
        &base().replace(RESOURCES, "[/ICCBased 1 0 R]", "[/Separation/All/DeviceGray 1 0 R]"),
        kind,
        "colour space",
    );
}

/// A letter with these streams as the content of its page: 4 is its own, 11 the legend.
fn with_contents(contents: &str, legend: &[u8]) -> Letter {
    let letter = Letter::with_content("BT /f1 9 Tf 72 100 Td <0041> Tj ET").replace(PAGE, "4 0 R", contents);
    // The legend has two fonts.
    let letter =
        letter.replace(RESOURCES, "/f0 6 0 R", "/f0 6 0 R/f1 6 0 R").replace(PAGE, "0 0 595 842", "0 0 842 595");
    letter.add(&stream("", legend))
}

#[test]
fn only_a_built_in_legend_may_precede_the_content() {
    let legend = include_bytes!("../../src/letter/legend/en.txt");
    let inspection = look(&with_contents("[11 0 R 4 0 R]", legend));
    // The font of this letter is another one, so the words of the legend overlap.
    assert!(!inspection.problems.iter().any(|problem| problem.detail.contains("legend")), "{:#?}", inspection.problems);
    assert!(inspection.pages[0].runs.len() > 40);
    let expect = |contents: &str, legend: &[u8], expected: &str| {
        let problems = look(&with_contents(contents, legend)).problems;
        let is_expected =
            |found: &Problem| found.kind == ProblemKind::OutsideProfile && found.detail.contains(expected);
        assert!(problems.iter().any(is_expected), "{contents}: {problems:#?}");
    };
    for (contents, expected) in [
        ("[4 0 R 11 0 R]", "not a built-in legend"),
        ("[11 0 R]", "nothing refers to"),
        ("[4 0 R]", "none of those that a letter has"),
        ("[11 0 R 4 0 R 4 0 R]", "1 to 2 content streams"),
        ("[]", "1 to 2 content streams"),
        ("[11 0 R null]", "does not refer to a stream, but to null"),
        ("[99 0 R 4 0 R]", "does not refer to a stream, but to null"),
        ("/A", "does not refer to a stream, but to null"),
    ] {
        expect(contents, legend, expected);
    }
    let mut other = legend.to_vec();
    other.push(b'\n');
    expect("[11 0 R 4 0 R]", &other, "not a built-in legend");
}

#[test]
fn content_that_letters_use_is_accepted() {
    for content in [
        "q 1 0 0 -1 0 842 cm /c0 cs 0 0.2 0.4 scn BT 0 Tr /f0 12 Tf 1 0 0 -1 72 100 Tm [<0041> -20 <0042>] TJ ET Q",
        "10 800 m 20 800 l 20 800 20 820 15 820 c h 12 802 m 14 802 l 14 804 l f* BT /f0 9 Tf 72 700 Td <0041> Tj ET",
        "/P <</MCID 0>> BDC BT /f0 9 Tf 1 0 0 1 72 100 Tm <0041> Tj ET EMC",
        "/Artifact <</Type/Layout/BBox[0 0 9 9]>> BDC 0 0 m 200 0 l 200 9 l 0 9 l h f EMC",
        // White on a dark bar that was painted before.
        "/c0 cs 0.1 0.2 0.4 scn 0 700 m 595 700 l 595 800 l 0 800 l h f /c0 cs 1 1 1 scn BT /f0 20 Tf 1 0 0 1 72 740 Tm <0041> Tj ET",
        "/c0 cs 0.1 0.2 0.4 scn 0 800 595 -100 re f /c0 cs 1 1 1 scn BT /f0 20 Tf 72 740 Td <0041> Tj ET",
        // Lines below one another, each placed relative to the start of the line before.
        "BT /f0 20 Tf 300 740 Td <0041> Tj 200 0 Td <0041> Tj -200 -24 Td <0041> Tj ET",
        // Dark text across the rows of a pale table.
        "/c0 cs 0.9 0.9 0.9 scn 50 100 m 450 100 l 450 112 l 50 112 l h f 50 124 m 450 124 l 450 136 l 50 136 l h f /c0 cs 0 0 0 scn BT /f0 10 Tf 1 0 0 1 72 110 Tm <0041> Tj ET",
        // A glyph with a replacement text that equals its own.
        "BT /f0 10 Tf 1 0 0 1 72 110 Tm /Span <</ActualText(fi)>> BDC <0100> Tj EMC ET",
        // A thin rule under a line of text, and a second line above it.
        "BT /f0 10 Tf 1 0 0 1 72 110 Tm <0041> Tj 1 0 0 1 72 122 Tm <0041> Tj ET 70 107.75 m 300 107.75 l 300 108.25 l 70 108.25 l h f",
        "BT /f0 4 Tf 1 0 0 1 72 110 Tm <0041> Tj ET",
        "/c0 cs 0.45 0.45 0.45 scn BT /f0 10 Tf 1 0 0 1 72 110 Tm <0041> Tj ET",
    ] {
        let problems = look(&Letter::with_content(content)).problems;
        assert_eq!(problems, [], "{content}");
    }
}

#[test]
fn content_that_letters_do_not_use_is_refused() {
    for (content, detail) in [
        ("/x0 Do", "the operator Do"),
        ("/s0 sh", "the operator sh"),
        ("BI /W 1 ID x EI", "the operator BI"),
        ("BT 1 Tc ET", "the operator Tc"),
        ("/OC /mc0 BDC EMC", "the operator BDC"),
        ("/Span <</E(x)>> BDC EMC", "the property /E"),
        ("/g0 gs", "the operator gs"),
        ("1 w", "the operator w"),
        ("0 0 9 re f", "the operator re"),
        ("9 9 Td", "the operator Td"),
        ("BT 9 Td ET", "the operator Td"),
        ("BT 9 9 TD ET", "the operator TD"),
        ("0 0 9 9 re W n", "the operator W"),
        ("0 0 m 9 9 l S", "the operator S"),
        ("0 0 m 9 0 l 9 9 l W n", "the operator W"),
        ("0 g", "the operator g"),
        ("0 0 0 rg", "the operator rg"),
        ("0 0 0 scn", "the operator scn"),
        ("/Pattern cs", "the operator cs"),
        ("BT /f9 12 Tf ET", "the operator Tf"),
        ("BT /f0 12 Tf <00> Tj ET", "the operator Tj"),
        ("1 0 0 1 0 cm", "the operator cm"),
        ("/c0 cs 2 0 0 scn", "the operator scn"),
        ("/DeviceGray cs", "the operator cs"),
        ("0 0 l f", "the operator l"),
        ("Q", "the operator Q"),
        // Operators that ISO 32000-2, 8.2, does not allow inside a text object or a path.
        ("BT q Q ET", "the operator q"),
        ("BT 1 0 0 1 0 0 cm ET", "the operator cm"),
        ("BT 0 0 9 9 re f ET", "the operator re"),
        ("0 0 9 9 re BT ET f", "the operator BT"),
        ("0 0 9 9 re q Q f", "the operator q"),
        ("0 0 9 9 re /c0 cs f", "the operator cs"),
        ("0 0 9 9 re /P BMC EMC f", "the operator BMC"),
        ("0 0 9 9 re", "ends inside"),
        ("f", "the operator f"),
        // A colour on which viewers disagree.
        ("/c0 cs 0 0 9 9 re f", "the operator f"),
        ("/c0 cs BT /f0 12 Tf 72 110 Td <0041> Tj ET", "the operator Tj"),
        ("2147483648.0 0 0 1 0 0 cm", "the operator cm"),
        ("99999 0 0 99999 0 0 cm 99999 0 0 99999 0 0 cm", "the operator cm"),
        ("ET", "the operator ET"),
        ("EMC", "the operator EMC"),
        ("q", "ends inside"),
        ("BT", "ends inside"),
        ("/P BMC", "ends inside"),
        ("q Q 1", "operands without an operator"),
        ("q Q % hidden", "a comment"),
        ("/ReversedChars BMC EMC", "right to left"),
        ("BT /f0 12 Tf 1 0 0 -1 72 110 Tm <0041> Tj ET", "mirrored"),
        ("BT /f0 12 Tf 1 0 0 2 72 110 Tm <0041> Tj ET", "distorted"),
        // The pieces of turned text would not be read as one line, however little it is turned.
        ("BT /f0 12 Tf 0 1 -1 0 72 110 Tm <0041> Tj ET", "turned"),
        ("BT /f0 12 Tf 1 0.002 -0.002 1 72 110 Tm <0041> Tj ET", "turned"),
    ] {
        refused(&Letter::with_content(content), ProblemKind::OutsideProfile, detail);
    }
    accepted(&Letter::with_content("q /P <</MCID 0>> BDC EMC Q"));
    refused(&Letter::with_content(&"0 ".repeat(33)), ProblemKind::Malformed, "too many operands");
    // The deepest nesting, and one level more.
    accepted(&Letter::with_content(&("q ".repeat(64) + &"Q ".repeat(64))));
    refused(
        &Letter::with_content(&("q ".repeat(65) + &"Q ".repeat(64))),
        ProblemKind::OutsideProfile,
        "the operator q",
    );
}

#[test]
fn invisible_text_is_refused() {
    for (content, detail) in [
        ("BT 3 Tr /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "rendering mode"),
        ("BT 7 Tr /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "rendering mode"),
        ("BT /f0 3.9 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "too small"),
        ("BT /f0 12 Tf 0.3 0 0 0.3 72 110 Tm <0041> Tj ET", "too small"),
        ("BT /f0 12 Tf 1 0 0 1 -72 110 Tm <0041> Tj ET", "not on the page"),
        ("BT /f0 12 Tf 1 0 0 1 590 110 Tm <0041> Tj ET", "not on the page"),
        ("/c0 cs 1 1 1 scn BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "too little contrast"),
        ("/c0 cs 0.7 0.7 0.7 scn BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "too little contrast"),
        ("/c0 cs 1 1 0.9 scn BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "too little contrast"),
        ("BT /f0 12 Tf 590 110 Td <0041> Tj ET", "not on the page"),
        ("BT /f0 12 Tf 300 110 Td <0041> Tj 290 0 Td <0041> Tj ET", "not on the page"),
        ("0 0 595 842 re f BT /f0 12 Tf 72 110 Td <0041> Tj ET", "too little contrast"),
        ("BT /f0 12 Tf 72 110 Td <0041> Tj ET /c0 cs 1 1 1 scn 0 100 200 100 re f", "painted over"),
        // The pen goes back by steps that are each as small as kerning.
        ("BT /f0 12 Tf 72 110 Td [<00410042>300 300 300 300]TJ ET /c0 cs 1 1 1 scn 75 100 9 20 re f", "painted over"),
        ("BT /f0 12 Tf 72 110 Td [<0041>300 300<0042>]TJ ET", "over another text"),
        ("BT /f0 12 Tf 72 110 Td [300<0041>]TJ ET /c0 cs 1 1 1 scn 60 100 11 20 re f", "painted over"),
        ("BT /f0 12 Tf 72 110 Td <0041> Tj ET /c0 cs 1 1 1 scn 200 200 -200 -100 re f", "painted over"),
        // Black on black, and white that reaches beyond its dark bar.
        ("0 0 m 595 0 l 595 842 l 0 842 l h f BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET", "too little contrast"),
        (
            "/c0 cs 0.1 0.1 0.1 scn 0 100 m 76 100 l 76 200 l 0 200 l h f /c0 cs 1 1 1 scn BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET",
            "too little contrast",
        ),
        (
            "BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET /c0 cs 1 1 1 scn 0 100 m 200 100 l 200 200 l 0 200 l h f",
            "painted over",
        ),
        (
            "BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET 70 108.5 m 100 108.5 l 100 117.5 l 70 117.5 l h f",
            "painted over",
        ),
        // Thin lines side by side hide as much as a surface, so not even one is allowed.
        (
            "BT /f0 10 Tf 1 0 0 1 72 110 Tm <0041> Tj ET 70 111.75 m 100 111.75 l 100 112.25 l 70 112.25 l h f",
            "painted over",
        ),
        ("BT /f0 10 Tf 1 0 0 1 72 110 Tm <0041> Tj 1 0 0 1 73 112 Tm <0041> Tj ET", "over another text"),
        ("BT /f0 12 Tf 1 0 0 1 72 110 Tm /Span <</ActualText(1)>> BDC <0041> Tj EMC ET", "is read as"),
        ("/Span <</ActualText(1)>> BDC EMC", "nothing that is printed"),
    ] {
        refused(&Letter::with_content(content), ProblemKind::HiddenText, detail);
    }
}

#[test]
fn text_comes_in_lines_as_it_is_printed() {
    let content = [
        show(300, 700, "right"),
        show(72, 700, "left"),
        show(72, 650, "39902"),
        // Five glyphs of 7.2 points: the next run begins where the last one ends.
        show(108, 650, "000DA"),
        show(72, 720, "above"),
        format!("BT /f0 12 Tf 72 580 Td [{} -200 <> -200 {} -200 {}] TJ ET\n", glyphs("e"), glyphs("f"), glyphs("g")),
        format!("BT /f0 12 Tf 1 0 0 1 72 600 Tm [{} -2000 {}] TJ ET\n", glyphs("a"), glyphs("b")),
        format!("BT /f0 12 Tf 1 0 0 1 72 550 Tm {} Tj {} Tj ET", glyphs("c"), glyphs("d")),
    ]
    .concat();
    let inspection = look(&Letter::with_content(&content));
    assert_eq!(inspection.problems, []);
    assert_eq!(inspection.pages[0].lines(), ["above", "left right", "39902000DA", "a b", "e fg", "cd"]);
}

#[test]
fn every_problem_is_listed() {
    let letter = Letter::with_content("/x0 Do /c0 cs 1 1 1 scn BT /f0 12 Tf 1 0 0 1 72 110 Tm <0041> Tj ET")
        .replace_tail(4, "/P 1/", "/P 2/")
        .replace(CATALOG, "/Lang(en)", "/OpenAction<<>>")
        .add(b"<</EF<<>>>>");
    let mut kinds: Vec<String> = look(&letter).problems.iter().map(|problem| format!("{:?}", problem.kind)).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, ["ActiveContent", "Attachment", "HiddenText", "OutsideProfile", "Tail"]);
}
