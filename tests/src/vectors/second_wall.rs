//! Attacks on the pages with both keys of the office: the token's digest and both signatures fit,
//! so only the profile can refuse the file. Each shows a person something that the token does not
//! say, in one viewer at least.

use super::pdf::{Pdf, compressed, find, glyphs, inflated, replaced, sign_file, stream};
use super::{PLAIN, Vector};

const OUTSIDE: &str = "pdf.outside-profile";

pub(super) fn vectors() -> Vec<Vector> {
    let mut vectors = references();
    vectors.extend(legend());
    vectors.extend(rebuilt());
    vectors.extend(colours());
    vectors.extend(replaced_text());
    vectors.extend(printed());
    vectors.extend(outlines());
    vectors
}

/// A text on the first page, at a free place.
fn text(letter: &Pdf, font: &str, size: f64, (x, y): (f64, f64), text: &str) -> String {
    let glyphs = glyphs(letter, font, text);
    format!(
        "\n/Artifact<</Type/Pagination>>BDC\n/c0 cs 0.1 0.1 0.1 scn\nBT/{font} {size} Tf {x} {y} Td {glyphs} Tj\nET\nEMC\n"
    )
}

/// A place for texts that nothing else takes: in the upper right corner of the first page.
const PLACE: (f64, f64) = (590.0, 550.0);

/// References that viewers follow and that mean nothing by the letter of the standard.
fn references() -> Vec<Vector> {
    let letter = Pdf::letter();
    let office = |name: &str, fault, pdf: &Pdf| Vector::office(name, fault, OUTSIDE, pdf.sign());
    let mut vectors = Vec::new();

    // The content of the second page, behind the legend, has a further text. Its font /f2 is /f0 of
    // the first page.
    let page = letter.object("/StructParents 1");
    let legend = letter.target(page, "/Contents[") + 1;
    let both = format!("/Contents[{legend} 0 R ");
    let content = letter.target(page, &both) + 1;
    let evil = text(&letter, "f0", 24.0, (60.0, 100.0), "Sunny Card Company").replace("/f0", "/f2");
    let mut other = letter.clone();
    other.objects[content - 1] = stream("", &[&inflated(&letter.objects[content - 1]), evil.as_bytes()].concat());
    for (name, fault, to) in [
        ("contents-generation", "the content of a page is of another generation", format!("{content} 1 R")),
        ("contents-other-object", "the content of a page is the page tree", "1 0 R".into()),
        ("contents-missing-object", "the content of a page is an object that is not there", "999 0 R".into()),
    ] {
        vectors.push(office(name, fault, &other.clone().change(page, &format!("{content} 0 R]"), &format!("{to}]"))));
    }

    let mut noted = letter.clone();
    let number = noted.add_all(vec![
        b"[NOTE 0 R]\n".to_vec(),
        b"<</Type/Annot/Subtype/Square/Rect[60 60 400 140]/F 4/C[1 0 0]/IC[1 0 0]>>\n".to_vec(),
    ]);
    let noted = noted.replace("NOTE", &(number + 1).to_string());
    for (name, fault, generation) in [
        ("annotations", "a page has an annotation over it", 0),
        ("annotations-generation", "the annotations of a page are of another generation", 1),
    ] {
        let to = format!("/StructParents 1/Annots {number} {generation} R");
        vectors.push(office(name, fault, &noted.clone().replace("/StructParents 1", &to)));
    }
    vectors.push(office(
        "annotations-other-object",
        "the annotations of a page are the page tree",
        &letter.clone().replace("/StructParents 1", "/StructParents 1/Annots 1 0 R"),
    ));

    let [_, descriptor] = letter.descendant(letter.font("f1"));
    let program = letter.target(descriptor, "/FontFile2 ") + 1;
    for (name, fault, to) in [
        (
            "font-program-generation",
            "the program of a font is of another generation",
            format!("/FontFile2 {program} 1 R"),
        ),
        ("font-program-other-object", "the program of a font is the page tree", "/FontFile2 1 0 R".into()),
        (
            "font-program-key",
            "the descriptor of a font has a second program",
            format!("/FontFile3 {program} 0 R/FontFile2 {program} 0 R"),
        ),
    ] {
        vectors.push(office(name, fault, &letter.clone().replace(&format!("/FontFile2 {program} 0 R"), &to)));
    }
    vectors.extend(decoded());
    vectors
}

/// The stream before the content of a page, which readers may know by its bytes alone.
fn legend() -> Vec<Vector> {
    let letter = Pdf::letter();
    let page = letter.object("/StructParents 1");
    let legend = letter.target(page, "/Contents[") + 1;
    let content = letter.target(page, &format!("/Contents[{legend} 0 R ")) + 1;
    let both = format!("[{legend} 0 R {content} 0 R]");
    let shown = inflated(&letter.objects[legend - 1]);
    let with = |data: &[u8]| {
        let mut letter = letter.clone();
        letter.objects[legend - 1] = stream("", data);
        letter.sign()
    };
    let ordered = |contents: &str| letter.clone().change(page, &both, contents).sign();
    // The first string of the legend with its first two glyphs exchanged.
    let changed = String::from_utf8(shown.clone()).expect("ASCII");
    let first = changed.find("[<").expect("a text") + 2;
    let (a, b) = (&changed[first..first + 4], &changed[first + 4..first + 8]);
    let changed = [&changed[..first], b, a, &changed[first + 8..]].concat();
    let mut vectors = vec![
        Vector::accepted("legend-plain", "the legend is not compressed", with(&shown)),
        Vector::office(
            "legend-changed",
            "two characters of the legend are exchanged",
            OUTSIDE,
            with(changed.as_bytes()),
        ),
        Vector::office("legend-longer", "a line end follows the legend", OUTSIDE, with(&[&shown[..], b"\n"].concat())),
        Vector::office(
            "legend-after",
            "the legend follows the content of its page",
            OUTSIDE,
            ordered(&format!("[{content} 0 R {legend} 0 R]")),
        ),
        Vector::office(
            "legend-twice",
            "the legend is there twice",
            "pdf.hidden-text pdf.outside-profile",
            ordered(&format!("[{legend} 0 R {legend} 0 R {content} 0 R]")),
        ),
    ];
    for vector in vectors.iter_mut().skip(1) {
        vector.header.twin = Some("second-wall/legend-plain".into());
    }
    vectors
}

/// Content that is another one after a filter that this reader does not know.
fn decoded() -> Vec<Vector> {
    const TWIN: &str = "second-wall/holder-smaller";
    let plain = Pdf::plain();
    let place = plain.content_place();
    let more = text(&plain, "f2", 13.0, PLACE, "Sunny Card Company");
    let (shown, end) = more.split_once("ET").expect("the end of the text");
    // A predictor takes the first byte of each row away. Without it the byte is white space; with
    // it the operators Tj and ET are one unknown word, so that the text is not shown.
    let row = [&inflated(&plain.objects[place])[..], shown.trim_end().as_bytes()].concat();
    let mut last = format!("ET{end}").into_bytes();
    last.resize(row.len(), b' ');
    let rows = compressed(&[b"\0", &row[..], b"\0", &last].concat());
    let mut vectors = Vec::new();
    for (name, fault, key) in [
        ("decode-parameters", "the content has a predictor", "DecodeParms"),
        ("decode-parameters-short", "the content has a predictor, by the short name of its key", "DP"),
    ] {
        let mut plain = plain.clone();
        let entries = format!("/Filter/FlateDecode/{key}<</Predictor 15/Columns {}>>", row.len());
        plain.objects[place] = stream(&entries, &rows);
        vectors.push(Vector::office(name, fault, OUTSIDE, plain.sign()).twin(TWIN));
    }
    let mut filtered = plain.clone();
    filtered.objects[place] = replaced(&plain.objects[place], "<<", "<</FFilter/FlateDecode");
    vectors.push(
        Vector::office("file-filter", "the content has a filter for another file", OUTSIDE, filtered.sign())
            .twin(PLAIN),
    );
    vectors
}

/// Shadow objects in the metadata, for viewers that rebuild the cross-reference.
fn rebuilt() -> Vec<Vector> {
    let letter = Pdf::letter();
    let content = letter.content_place();
    let evil = text(&letter, "f2", 24.0, (500.0, 550.0), "Sunny Card Company");
    let shown = [&inflated(&letter.objects[content])[..], evil.as_bytes()].concat();
    let shadow = [format!("\n{} 0 obj\n", content + 1).into_bytes(), stream("", &shown), b"endobj\n".to_vec()].concat();
    let with = |more: &[u8]| {
        let mut letter = letter.clone();
        let place = letter.object("/Type/Metadata");
        let metadata = [&inflated(&letter.objects[place])[..], more].concat();
        letter.objects[place] = stream("/Type/Metadata/Subtype/XML", &metadata);
        letter
    };
    let spaces = " ".repeat(5000);
    let spaced = |pdf: &Pdf, word: &str| {
        let pdf = pdf.write();
        let place = super::pdf::rfind(&pdf, word.as_bytes());
        let at = if word == "%%EOF" { place.start } else { place.end };
        sign_file([&pdf[..at], spaces.as_bytes(), &pdf[at..]].concat())
    };
    let shadowed = with(&shadow);
    vec![
        Vector::accepted(
            "metadata-words",
            "the metadata has words that end objects and begin trailers",
            with(b"\n<!-- obj, endobj: a trailer by xref -->\n").sign(),
        ),
        Vector::office(
            "metadata-object",
            "the metadata has an object that replaces the content of a page",
            OUTSIDE,
            shadowed.sign(),
        )
        .twin("second-wall/metadata-words"),
        Vector::office(
            "metadata-trailer",
            "the metadata has a trailer",
            OUTSIDE,
            with(b"\ntrailer\n<</Root 1 0 R>>\n").sign(),
        )
        .twin("second-wall/metadata-words"),
        Vector::office(
            "metadata-object-and-spaces",
            "the metadata has an object that replaces the content of a page, and startxref is far from the end",
            "pdf.outside-profile pdf.tail",
            spaced(&shadowed, "startxref\n"),
        )
        .twin("second-wall/metadata-words"),
        Vector::office(
            "spaces-after-startxref",
            "thousands of spaces after startxref",
            "pdf.tail",
            spaced(&letter, "startxref\n"),
        ),
        Vector::office(
            "spaces-before-end",
            "thousands of spaces before the end of the file",
            "pdf.tail",
            spaced(&letter, "%%EOF"),
        ),
    ]
}

/// Colours that viewers show otherwise than their numbers say.
fn colours() -> Vec<Vector> {
    let letter = Pdf::letter();
    let place = letter.object("/Range[0 1 0 1 0 1]");
    let profile = inflated(&letter.objects[place]);
    let with = |entries: &str, data: &[u8]| {
        let mut letter = letter.clone();
        letter.objects[place] = stream(entries, data);
        letter
    };
    let mut broken = with("/N 3/Range[0 1 0 1 0 1]/Alternate[/DeviceN[/A/B/C]/DeviceRGB INVERTED 0 R]", b"no profile");
    let inverted = broken.add(stream(
        "/FunctionType 4/Domain[0 1 0 1 0 1]/Range[0 1 0 1 0 1]",
        b"{1 exch sub 3 1 roll 1 exch sub 3 1 roll 1 exch sub 3 1 roll}",
    ));
    let broken = broken.replace("INVERTED", &inverted.to_string());
    let mut changed = profile.clone();
    if let Some(last) = changed.last_mut() {
        *last ^= 1;
    }
    let mut vectors = vec![
        Vector::accepted(
            "profile-plain",
            "the colour profile is not compressed",
            with("/N 3/Range[0 1 0 1 0 1]", &profile).sign(),
        ),
        Vector::office(
            "profile-broken",
            "the colour profile is broken, and its alternate inverts all colours",
            OUTSIDE,
            broken.sign(),
        ),
        Vector::office(
            "profile-changed",
            "the colour profile is another one",
            OUTSIDE,
            with("/N 3/Range[0 1 0 1 0 1]", &changed).sign(),
        ),
        Vector::office(
            "profile-range",
            "the colour profile has another range",
            OUTSIDE,
            with("/N 3/Range[0 9 0 9 0 9]", &profile).sign(),
        ),
        Vector::office(
            "profile-components",
            "the colour profile has one component",
            OUTSIDE,
            with("/N 1", &profile).sign(),
        ),
        Vector::office(
            "profile-alternate",
            "the colour profile has an alternate",
            OUTSIDE,
            with("/N 3/Alternate/DeviceRGB", &profile).sign(),
        ),
    ];
    for vector in vectors.iter_mut().skip(1) {
        vector.header.twin = Some("second-wall/profile-plain".into());
    }

    // Names that viewers know by themselves: white text to this reader, or the reverse.
    let plain = Pdf::plain();
    let shown = text(&plain, "f2", 17.0, PLACE, "Sunny");
    for (name, fault, space, color) in [
        ("name-pattern", "a colour space has the name of patterns", "Pattern", "0.1 0.1 0.1"),
        ("name-device-gray", "a colour space has the name of a gray one", "DeviceGray", "0.9 0.1 0.1"),
        ("name-device-rgb", "a colour space has the name of another one", "DeviceRGB", "0.1 0.1 0.1"),
        ("name-default", "a colour space replaces those of devices", "DefaultRGB", "0.1 0.1 0.1"),
        ("name-odd", "a colour space has a name of another form", "Cs1", "0.1 0.1 0.1"),
    ] {
        let resources = plain.resources();
        let srgb = plain.target(resources, "/c0 ") + 1;
        let plain = plain.clone().change(resources, "/c0 ", &format!("/{space} {srgb} 0 R/c0 "));
        let shown = shown.replace("/c0 cs 0.1 0.1 0.1 scn", &format!("/{space} cs {color} scn"));
        vectors.push(Vector::office(name, fault, OUTSIDE, plain.content(&shown).sign()).twin("second-wall/text"));
    }
    let named = format!("/Font<</Helvetica {} 0 R", plain.font("f0") + 1);
    let fonts = plain.clone().change(plain.resources(), "/Font<<", &named);
    vectors
        .push(Vector::office("name-of-font", "a font has a name of another form", OUTSIDE, fonts.sign()).twin(PLAIN));
    vectors.push(
        Vector::accepted("text", "a large text is added that is no name", plain.content(&shown).sign()).twin(PLAIN),
    );
    vectors
}

/// Replacement texts, which viewers copy and search instead of what they show.
fn replaced_text() -> Vec<Vector> {
    const TWIN: &str = "second-wall/replaced-by-itself";
    let plain = Pdf::plain();
    let with = |shown: &str, actual: &str| {
        let utf16: String = actual.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
        let shown = text(&plain, "f1", 8.5, PLACE, shown);
        plain.clone().content(&shown.replace("<</Type/Pagination>>", &format!("<</ActualText<feff{utf16}>>>"))).sign()
    };
    let accepted = |name: &str, what, pdf| Vector::accepted(name, what, pdf).twin(PLAIN);
    let mut vectors = vec![
        accepted("replaced-by-itself", "a text is replaced by itself", with("requirements", "requirements")),
        accepted(
            "replaced-but-for-spaces",
            "a text is replaced by itself with another space",
            with("requirements", "require ments"),
        ),
        accepted("replaced-without-hyphen", "a hyphen at the end of a line is left out", with("require-", "require")),
        accepted(
            "replaced-by-soft-hyphen",
            "a hyphen at the end of a line is a soft one",
            with("require-", "require\u{ad}"),
        ),
    ];
    for (name, fault, shown, actual) in [
        ("replaced-in-latin", "a text is read with an accent", "requirements", "réquirements"),
        ("replaced-in-greek", "a text is read as Greek", "requirements", "απαιτήσεις"),
        ("replaced-in-cyrillic", "a letter is read as a Cyrillic one", "requirements", "requirеments"),
        ("replaced-in-han", "a text is read as Chinese", "requirements", "深圳"),
        ("replaced-by-more", "a Chinese text is read too", "requirements", "requirements深圳"),
        ("replaced-by-sign", "a sign is read that is not shown", "2023", "20.23"),
        ("replaced-without-sign", "a sign that is shown is not read", "re-quirements", "requirements"),
        ("replaced-case", "a small letter is read as a capital", "requirements", "Requirements"),
    ] {
        vectors.push(Vector::office(name, fault, "pdf.hidden-text", with(shown, actual)).twin(TWIN));
    }
    vectors
}

/// What the pages print beside what the token says.
fn printed() -> Vec<Vector> {
    let plain = Pdf::plain();
    let shown = |font: &str, size: f64, words: &str| text(&plain, font, size, PLACE, words);
    let with = |content: &str| plain.clone().content(content).sign();
    let mut vectors = Vec::new();
    for (name, what, content) in [
        ("number-again", "the certificate's number is printed again", shown("f1", 8.5, "Certificate CQM-2023-0099")),
        ("expiry-again", "the last day is printed again", shown("f2", 13.0, "valid until May 5th 2024")),
        ("holder-again", "the holder's name is printed again", shown("f2", 18.0, "Dummy Card Company")),
        (
            "holder-smaller",
            "another name is printed, smaller than the holder's",
            shown("f2", 13.0, "Sunny Card Company"),
        ),
        ("label-part", "a part of a label is printed", shown("f1", 8.5, "59902-000")),
    ] {
        vectors.push(Vector::accepted(name, what, with(&content)).twin(PLAIN));
    }
    for (name, fault, code, twin, content) in [
        (
            "number-second",
            "a second, false number is printed",
            "token.of-another-certificate",
            "number-again",
            shown("f1", 8.5, "Certificate CQM-2023-0090"),
        ),
        (
            "number-in-small-letters",
            "a second, false number is printed in small letters",
            "token.of-another-certificate",
            "number-again",
            shown("f1", 8.5, "Certificate cqm 2023 0090"),
        ),
        (
            "expiry-second",
            "a second, false last day is printed",
            "token.expiry-differs",
            "expiry-again",
            shown("f2", 13.0, "valid until May 5th 2042"),
        ),
        (
            "expiry-in-numbers",
            "a second, false last day is printed in numbers",
            "token.expiry-differs",
            "expiry-again",
            shown("f1", 8.5, "2093-03-02"),
        ),
        (
            "holder-second",
            "a second, false holder is printed",
            "token.holder-differs",
            "holder-again",
            shown("f2", 18.0, "Sunny Card Company"),
        ),
        (
            "holder-larger",
            "a second, false holder is printed larger than the true one",
            "token.holder-differs",
            "holder-again",
            text(&plain, "f2", 22.0, (560.0, 550.0), "Sunny Card Company"),
        ),
        (
            "label-second",
            "a second, false label is printed",
            "token.labels-differ",
            "label-part",
            shown("f1", 8.5, "59902000DA"),
        ),
        (
            "label-with-signs",
            "a false label is printed with signs between its characters",
            "token.labels-differ",
            "label-part",
            shown("f1", 8.5, "5-9902-000-DA"),
        ),
        (
            "label-in-small-letters",
            "a false label is printed in small letters",
            "token.labels-differ",
            "label-part",
            shown("f1", 8.5, "59902000da"),
        ),
    ] {
        vectors.push(Vector::office(name, fault, code, with(&content)).twin(&format!("second-wall/{twin}")));
    }
    // A label in two pieces, with a space between them that is too small to see and lies deeper.
    let pieces = |first: &str, second: &str, space: &str| {
        let (first, second) = (glyphs(&plain, "f1", first), glyphs(&plain, "f1", second));
        let blank = glyphs(&plain, "f1", " ");
        let space = space.replace("SPACE", &blank);
        format!(
            "\n/Artifact<</Type/Pagination>>BDC\n/c0 cs 0.1 0.1 0.1 scn\nBT/f1 10 Tf 590 550 Td {first} Tj\n{space}\
             0 -0.02 Td/f1 10 Tf {} Tj\nET\nEMC\n",
            format_args!("28.6 0 Td {second}")
        )
    };
    let tiny = "/f1 0.01 Tf 0 -0.01 Td SPACE Tj\n";
    vectors.push(
        Vector::accepted(
            "tiny-space",
            "a tiny space is between two pieces of a word",
            with(&pieces("59902", "000", tiny)),
        )
        .twin(PLAIN),
    );
    vectors.push(
        Vector::office(
            "label-parted-by-tiny-space",
            "a tiny space on another baseline is between two pieces of a false label",
            "token.labels-differ",
            with(&pieces("59902", "000DA", tiny)),
        )
        .twin("second-wall/tiny-space"),
    );
    let dot = "/f1 4 Tf 60 0.9 Td DOT Tj\n-60 -0.9 Td\n".replace("DOT", &glyphs(&plain, "f1", "."));
    vectors.push(
        Vector::office(
            "label-parted-by-small-sign",
            "a small sign on another baseline is beside two pieces of a false label",
            "token.labels-differ",
            with(&pieces("59902", "000DA", &dot)),
        )
        .twin("second-wall/tiny-space"),
    );
    vectors
}

/// Letters that are drawn, so that no program reads them.
fn outlines() -> Vec<Vector> {
    let plain = Pdf::plain();
    let place = plain.content_place();
    let before = |shapes: &str| {
        let mut plain = plain.clone();
        let content = inflated(&plain.objects[place]);
        // The colour space is chosen after the tag of the logo.
        let scn = find(&content, b"scn\n").end;
        let content = [&content[..scn], shapes.as_bytes(), &content[scn..]].concat();
        plain.objects[place] = stream("", &content);
        plain.sign()
    };
    let after =
        |shapes: &str| plain.clone().content(&format!("\n/Artifact BMC\n/c0 cs 0.1 0.1 0.1 scn\n{shapes}EMC\n")).sign();
    // The letter L.
    let l = |x: f64, y: f64| {
        let points = [(0.0, 0.0), (20.0, 0.0), (20.0, 6.0), (6.0, 6.0), (6.0, 40.0), (0.0, 40.0)];
        let path: String =
            points.iter().zip("mlllll".chars()).map(|((dx, dy), op)| format!("{} {} {op} ", x + dx, y + dy)).collect();
        format!("{path}h f\n")
    };
    let squares: String = (0..8_u8).map(|row| format!("600 {} 4 4 re f\n", 540 + 4 * u32::from(row))).collect();
    let rule = "590 545 230 0.4 re f\n";
    vec![
        Vector::accepted("rule", "a wide rule is added", after(rule)).twin(PLAIN),
        Vector::accepted("logo-more", "the logo has one more shape", before(&l(380.0, 512.0))).twin(PLAIN),
        Vector::office("outline-letter", "a letter is drawn as an outline", OUTSIDE, after(&l(600.0, 540.0)))
            .twin("second-wall/rule"),
        Vector::office("squares", "a letter is drawn as small squares", OUTSIDE, after(&squares))
            .twin("second-wall/rule"),
        Vector::office("logo-beside", "a letter is drawn beside the logo", OUTSIDE, before(&l(700.0, 512.0)))
            .twin("second-wall/logo-more"),
        Vector::office("logo-below", "a letter is drawn below the logo, at the left", OUTSIDE, before(&l(60.0, 470.0)))
            .twin("second-wall/logo-more"),
    ]
}
