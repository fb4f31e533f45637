//! The strict judge: one fault in a letter, and the problem that is reported.

use cqm_core::UnixTime;
use cqm_pdf::Limits;
use cqm_pdf::letter::{Inspection, ProblemKind, inspect};

use crate::support::*;

fn look(letter: &Letter) -> Inspection {
    inspect(&letter.build(), &Limits::default())
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
    let letter = Letter::accepted();
    let pdf = letter.build();
    let inspection = look(&letter);
    assert_eq!(inspection.problems, []);
    assert_eq!(inspection.revisions, 1);
    assert_eq!(inspection.pages.len(), 1);
    assert_eq!(inspection.pages[0].lines(), ["39902000DA Porto"]);

    let [attachment] = inspection.attachments.as_slice() else { panic!("{:?}", inspection.attachments) };
    assert_eq!((attachment.name.as_str(), attachment.bytes.as_slice()), ("certificate.jwt", &b"eyJ.e30.c2ln"[..]));
    assert_eq!(
        (attachment.relationship.as_deref(), attachment.mime.as_deref()),
        (Some("Data"), Some("application/jwt"))
    );

    let [signature] = inspection.signatures.as_slice() else { panic!("{:?}", inspection.signatures) };
    assert_eq!(signature.contents_der, [0x30, 0x03, 0xab, 0xcd, 0xef]);
    assert_eq!(signature.signing_time, Some(UnixTime::new(1_683_331_200)));
    assert_eq!((signature.doc_mdp, signature.covers_whole_file), (Some(1), true));
    assert_eq!((signature.field.as_str(), signature.name.as_deref()), ("Signature", Some("PO")));
    let [before, after] = signature.signed_ranges(&pdf).unwrap();
    assert_eq!([before, b"<3003abcdef000000>", after].concat(), pdf);
    assert!(before.ends_with(b"/Contents"));
}

#[test]
fn the_date_of_signing_may_have_an_offset() {
    let letter = Letter::accepted().replace(SIGNATURE, "20230506000000Z", "20230506023000+02'30'");
    accepted(&letter);
    assert_eq!(look(&letter).signatures[0].signing_time, Some(UnixTime::new(1_683_331_200)));
    let letter = Letter::accepted().replace(SIGNATURE, "20230506000000Z", "20230506");
    refused(&letter, ProblemKind::SignatureDictionary, "/M of the signature is not a date");
}

#[test]
fn a_letter_without_a_signature_is_unsigned() {
    for letter in [
        Letter::accepted().replace(FIELD, "/V 14 0 R", ""),
        Letter::accepted().replace(CATALOG, "/AcroForm<</Fields[13 0 R]/SigFlags 3>>", ""),
    ] {
        let inspection = look(&letter);
        assert_eq!(inspection.signatures, []);
        assert!(
            inspection.problems.iter().any(|problem| problem.kind == ProblemKind::Unsigned),
            "{:#?}",
            inspection.problems
        );
    }
}

#[test]
fn faults_in_the_signature() {
    use ProblemKind::*;
    for (object, from, to, kind, detail) in [
        (CATALOG, "/SigFlags 3", "/SigFlags 1", SignatureDictionary, "/SigFlags"),
        (SIGNATURE, "/ETSI.CAdES.detached", "/adbe.pkcs7.detached", SignatureDictionary, "/SubFilter"),
        (SIGNATURE, "/Adobe.PPKLite", "/Adobe.Other", SignatureDictionary, "/Filter"),
        (SIGNATURE, "/Name(PO)", "/Cert(x)", SignatureDictionary, "/Cert"),
        (FIELD, "/Rect[0 0 0 0]", "/Rect[0 0 9 9]", SignatureDictionary, "rectangle"),
        (FIELD, "/F 132", "/F 132/AP<<>>", SignatureDictionary, "/AP"),
        (SIGNATURE, "/P 1/", "/P 2/", Certification, "P is not 1"),
        (SIGNATURE, "/TransformMethod/DocMDP", "/TransformMethod/FieldMDP", Certification, "DocMDP"),
        (SIGNATURE, "/V/1.2", "/V/1.3", Certification, "version 1.2"),
        (CATALOG, "/Perms<</DocMDP 14 0 R>>", "", Certification, "/Perms"),
        (CATALOG, "/Perms<</DocMDP 14 0 R>>", "/Perms<</DocMDP 13 0 R>>", Certification, "/Perms"),
        (SIGNATURE, "<3003abcdef000000>", "<3003ABCDEF000000>", Contents, "lower-case"),
        (SIGNATURE, "<3003abcdef000000>", "<3003abcdef000001>", Contents, "other than zero"),
        (SIGNATURE, "<3003abcdef000000>", "<30ffabcdef000000>", Contents, "whole DER"),
        (SIGNATURE, "<3003abcdef000000>", "<3003abcdef 00000>", Contents, "other characters"),
        (CATALOG, "/Fields[13 0 R]", "/Fields[13 0 R 16 0 R]", SeveralSignatures, "2 form fields"),
        (CATALOG, "/Fields[13 0 R]", "/Fields[<</T(group)/Kids[13 0 R]>>]", SignatureDictionary, "fields below it"),
        (PAGE, "/Annots[13 0 R]", "", SignatureDictionary, "no page has the signature field"),
    ] {
        let letter = Letter::accepted();
        let letter = if to.contains("16 0 R") { letter.add(b"<</FT/Tx/T(x)>>") } else { letter };
        refused(&letter.replace(object, from, to), kind, detail);
    }
    refused(
        &Letter::accepted()
            .replace(CATALOG, "[13 0 R]", "[13 0 R 16 0 R]")
            .add(b"<</FT/Sig/Subtype/Widget/T(x)/Rect[0 0 0 0]/V 14 0 R>>"),
        SeveralSignatures,
        "2 signatures",
    );
}

#[test]
fn a_byte_range_leaves_out_exactly_the_contents() {
    let pdf = Letter::accepted().build();
    let place = pdf.windows(11).position(|window| window == b"/ByteRange[").unwrap() + 11;
    let text = String::from_utf8_lossy(&pdf[place..place + 34]).into_owned();
    let numbers: Vec<usize> =
        text.split_whitespace().map(|number| number.trim_end_matches(']').parse().unwrap()).collect();
    let [_, start, end, rest] = numbers[..] else { panic!("{text}") };
    let with = |range: String| {
        let mut pdf = pdf.clone();
        pdf[place..place + 34].copy_from_slice(format!("{range:34}").as_bytes());
        inspect(&pdf, &Limits::default())
    };
    assert_eq!(with(format!("0 {start} {end} {rest}")).problems, []);
    for (range, kind) in [
        (format!("0 {} {end} {rest}", start - 1), ProblemKind::ByteRange),
        (format!("0 {start} {} {}", end + 1, rest - 1), ProblemKind::ByteRange),
        (format!("1 {start} {end} {rest}"), ProblemKind::ByteRange),
        (format!("0 {end} {start} {rest}"), ProblemKind::ByteRange),
        (format!("0 {start} {end} {}", rest + 1), ProblemKind::ByteRange),
        (format!("0 {start} {end}"), ProblemKind::ByteRange),
        (format!("0 -{start} {end} {rest}"), ProblemKind::ByteRange),
        (format!("0 {start} {end} 999999999999"), ProblemKind::ByteRange),
        (format!("0 {start} {end} {}", rest - 1), ProblemKind::ModifiedAfterSigning),
    ] {
        let inspection = with(range.clone());
        assert!(!inspection.problems.is_empty(), "{range} is accepted");
        assert!(inspection.problems.iter().all(|problem| problem.kind == kind), "{range}: {:#?}", inspection.problems);
        assert!(!inspection.signatures[0].covers_whole_file, "{range}");
    }
}

#[test]
fn bytes_after_the_end_are_a_modification() {
    for end in ["%%EOF", "%%EOF\n", "%%EOF\r", "%%EOF\r\n"] {
        accepted(&Letter { end: end.into(), ..Letter::accepted() });
    }
    let signed = Letter::accepted().build();
    for more in ["\n", " ", "x", "%PDF-1.7", "\n%%EOF\n"] {
        let pdf = [&signed, more.as_bytes()].concat();
        let problems = inspect(&pdf, &Limits::default()).problems;
        assert!(!problems.is_empty(), "{more:?} is accepted");
        assert!(
            problems.iter().all(|problem| problem.kind == ProblemKind::ModifiedAfterSigning),
            "{more:?}: {problems:#?}"
        );
    }
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
        format!("xref\n4 1\n{object:010} 00000 n \ntrailer\n<</Size 16/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
    );
    let inspection = inspect(&pdf, &Limits::default());
    assert_eq!(inspection.revisions, 2);
    assert_eq!(inspection.pages[0].lines(), ["19902000DA Porto"]);
    assert!(
        inspection.problems.iter().all(|problem| problem.kind == ProblemKind::ModifiedAfterSigning),
        "{:#?}",
        inspection.problems
    );
    assert!(!inspection.problems.is_empty());
}

#[test]
fn faults_in_the_layout() {
    use ProblemKind::*;
    let base = Letter::accepted;
    refused(&Letter { header: b"%PDF-1.7\n% hello\n".to_vec(), ..base() }, OutsideProfile, "mark of a binary file");
    refused(
        &Letter { header: b"%PDF-1.7\n%\xbb\xad\xc0\xde\nhidden\n".to_vec(), ..base() },
        OutsideProfile,
        "part of no object",
    );
    refused(&Letter { trailer: "<</Size 16/Root 1 0 R/X 1>>".into(), ..base() }, OutsideProfile, "/X");
    refused(&Letter { trailer: "<</Size 99/Root 1 0 R>>".into(), ..base() }, OutsideProfile, "/Size");
    refused(
        &Letter { trailer: "<</Size 16/Root 1 0 R>> % hidden".into(), ..base() },
        OutsideProfile,
        "between the trailer",
    );
    refused(&Letter { trailer: "<</Size 16%hidden\n/Root 1 0 R>>".into(), ..base() }, OutsideProfile, "a comment");
    refused(&Letter { trailer: "<</Size 16/Root 1 0 R>> 1".into(), ..base() }, OutsideProfile, "between the trailer");
    refused(&Letter { trailer: "<</Size 16/Root 1 0 R/Encrypt 1 0 R>>".into(), ..base() }, Encrypted, "encrypted");
    refused(&base().replace(CATALOG, "/Lang(en)", "/Lang(en)%hidden\n"), OutsideProfile, "a comment in an object");
    // Two objects with one number: the second is in no table.
    refused(
        &base().replace(PAGES, "[3 0 R]>>", "[3 0 R]>>\nendobj\n4 0 obj\n(hidden)"),
        OutsideProfile,
        "part of no object",
    );
    refused(&base().replace(CATALOG, "/Lang(en)", "/Lang(en)/Lang(de)"), Malformed, "/Lang occurs twice");
}

#[test]
fn every_object_is_reached_from_the_trailer() {
    let kind = ProblemKind::OutsideProfile;
    let hidden = b"(what nobody is shown)";
    accepted(&Letter::accepted().add(hidden));
    refused(&Letter::accepted().add_unreachable(hidden), kind, "nothing refers to");
    // Two that only refer to each other, and one that refers to the letter.
    refused(&Letter::accepted().add_unreachable(b"[17 0 R]").add_unreachable(b"[16 0 R]"), kind, "nothing refers to");
    refused(&Letter::accepted().add_unreachable(b"[1 0 R]"), kind, "nothing refers to");
    accepted(&Letter::accepted().add(b"[17 0 R]").add_unreachable(b"[16 0 R]"));
}

#[test]
fn faults_in_the_attachment() {
    let base = Letter::accepted;
    let kind = ProblemKind::Attachment;
    refused(&base().replace(CATALOG, "/AF[12 0 R]", ""), kind, "/AF");
    refused(&base().replace(CATALOG, "/AF[12 0 R]", "/AF[13 0 R]"), kind, "/AF");
    refused(
        &base().replace(CATALOG, "/Names<</EmbeddedFiles<</Names[(certificate.jwt)12 0 R]>>>>", ""),
        kind,
        "no certificate token",
    );
    refused(&base().replace(CATALOG, "<</Names[", "<</Kids[]/Names["), kind, "/Kids");
    refused(&base().replace(CATALOG, "12 0 R]>>", "12 0 R(z)]>>"), kind, "without the file");
    refused(&base().replace(CATALOG, "12 0 R]>>", "12 0 R/z 12 0 R]>>"), kind, "without the file");
    refused(&base().replace(CATALOG, "(certificate.jwt)", "(other.jwt)"), kind, "other.jwt");
    refused(&base().replace(FILE_SPECIFICATION, "/UF(certificate.jwt)", "/UF(other.jwt)"), kind, "other.jwt");
    refused(
        &base().replace(FILE_SPECIFICATION, "/AFRelationship/Data", "/AFRelationship/Source"),
        kind,
        "/AFRelationship",
    );
    refused(&base().replace(FILE_SPECIFICATION, "/UF 11 0 R", "/UF 10 0 R"), kind, "more than one embedded file");
    refused(
        &base()
            .replace(CATALOG, "12 0 R]>>", "12 0 R(z)16 0 R]>>")
            .add(b"<</Type/Filespec/F(z)/UF(z)/AFRelationship/Data/EF<</F 11 0 R>>>>"),
        kind,
        "2 attachments",
    );
    // A second file that no name tree lists.
    refused(&base().add(b"<</Type/Filespec/F(z)/EF<</F 11 0 R>>>>"), kind, "2 embedded files");
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
        &base().replace(PAGE, "/Annots[13 0 R]", "/Annots[13 0 R 16 0 R]").add(b"<</Subtype/Link>>"),
        ProblemKind::OutsideProfile,
        "annotation",
    );
    refused(
        &base().replace(PAGE, "/Annots[13 0 R]", "/Annots[13 0 R 13 0 R]"),
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

#[test]
fn faults_in_fonts_and_resources() {
    let base = Letter::accepted;
    let kind = ProblemKind::OutsideProfile;
    refused(&base().replace(FONT, "/Identity-H", "/Identity-V"), kind, "Identity-H");
    refused(&base().replace(CID_FONT, "/CIDToGIDMap/Identity", "/CIDToGIDMap 10 0 R"), kind, "CIDFont");
    refused(&base().replace(CID_FONT, "/FontDescriptor 8 0 R", ""), kind, "not embedded");
    refused(&base().replace(CID_FONT, "[32 126 600", "[32 20 600"), kind, "malformed widths");
    refused(&base().replace(CID_FONT, "[32 126 600", "[32 126 -600"), kind, "malformed widths");
    refused(&base().replace(CID_FONT, "/DW 0", "/DW -1"), kind, "malformed widths");
    refused(&base().replace(TO_UNICODE, "<0100>", "<0041>"), kind, "malformed /ToUnicode");
    refused(&base().replace(TO_UNICODE, "<0020> <007e>", "<0020> <0038>"), kind, "no character");
    refused(&base().replace(RESOURCES, "/ProcSet", "/ExtGState<</g0<</ca 1>>>>/ProcSet"), kind, "ExtGState");
    refused(
        &base().replace(RESOURCES, "[/ICCBased 15 0 R]", "[/Separation/All/DeviceGray 15 0 R]"),
        kind,
        "colour space",
    );
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
        .replace(SIGNATURE, "/P 1/", "/P 2/")
        .replace(FILE_SPECIFICATION, "/Data", "/Source")
        .replace(CATALOG, "/Lang(en)", "/OpenAction<<>>");
    let mut kinds: Vec<String> = look(&letter).problems.iter().map(|problem| format!("{:?}", problem.kind)).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, ["ActiveContent", "Attachment", "Certification", "HiddenText", "OutsideProfile"]);
}
