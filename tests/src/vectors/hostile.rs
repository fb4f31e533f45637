//! Files of any size that cost a reader as much as possible, for the budgets of
//! `docs/reference/pdf-profile.md`, section 9.
//!
//! They are made from the letter, and from the letter without its token, which `--any-pdf` judges;
//! the office signs most of them, so that nothing is refused before the costly part is reached.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_keys::Role;
use cqm_sign::jws;
use serde_json::{Value, json};

use super::hostile_lines;
use super::hostile_parts::{
    Cms, append, children, deflated, element, elements_of_cms, keys, revised, revised_by_stream, set_cms,
    signatures_in_revisions, spaces, with_crossed_authorities, with_object_streams, zlib,
};
use super::other::letter_without_token;
use super::pdf::{Pdf, find, fit, inflated, reference, replaced, stream};
use crate::office::{Forge, ISSUED_ON, issued, test_key};
use crate::status;

/// The bytes of a file without its hostile part, at most.
const LETTER_SIZE: usize = 100_000;

/// The names of all files.
pub fn names() -> Vec<String> {
    let pdfs = PDFS.iter().flat_map(|(name, _)| ["letter", "other"].map(|kind| format!("{kind}-{name}.pdf")));
    let cms = CMS.iter().flat_map(|(name, _)| ["letter", "other"].map(|kind| format!("{kind}-cms-{name}.pdf")));
    let tokens = TOKENS.iter().flat_map(|(name, _)| [format!("token-{name}.jwt"), format!("letter-token-{name}.pdf")]);
    let lists = LISTS.iter().map(|(name, _)| format!("list-{name}.jwt"));
    let raw = RAW.iter().map(|(name, _)| format!("raw-{name}.pdf"));
    pdfs.chain(cms).chain(tokens).chain(lists).chain(raw).collect()
}

/// Makes one of the files, of about `size` bytes if its kind can be that large.
///
/// # Panics
///
/// If there is no such name.
pub fn make(name: &str, size: usize) -> Vec<u8> {
    fn of<T: Copy>(makers: &[(&str, T)], name: &str) -> T {
        makers.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no hostile file {name}")).1
    }
    let (stem, _) = name.split_once('.').expect("an extension");
    let (kind, rest) = stem.split_once('-').expect("a kind");
    let (base, room) = (if kind == "letter" { Pdf::plain } else { letter_without_token }, size - LETTER_SIZE);
    match (kind, rest.split_once('-')) {
        (_, Some(("cms", rest))) => with_cms(base(), &of(CMS, rest)(&elements_of_cms(), room.min(1 << 20))),
        ("token", _) => of(TOKENS, rest)(room).into_bytes(),
        ("letter", Some(("token", rest))) => {
            let token = of(TOKENS, rest)(room.min(4 << 20));
            Forge::default().letter(&issued().certificate, token.as_bytes(), ISSUED_ON.start())
        }
        ("list", _) => list(&of(LISTS, rest)(room)).into_bytes(),
        ("raw", _) => [b"%PDF-1.7\n", of(RAW, rest).repeat(room / of(RAW, rest).len()).as_bytes()].concat(),
        _ => of(PDFS, rest)(base(), room),
    }
}

/// The token whose status is in the lists.
pub fn listed_token() -> &'static str {
    &status::issued().token
}

/// Makes a hostile file from a letter and the number of bytes to add.
type Maker = fn(Pdf, usize) -> Vec<u8>;

const PDFS: &[(&str, Maker)] = &[
    ("accepted", |pdf, _| pdf.sign()),
    // Decompression.
    ("bomb-content", |pdf, room| with_content(pdf, deflated("", &spaces(room * 16)))),
    ("bomb-predictor", |pdf, room| {
        with_content(pdf, deflated("/DecodeParms<</Predictor 15/Columns 1>>", &vec![0; room * 16]))
    }),
    ("bomb-runs", |pdf, room| with_content(pdf, stream("/Filter[/RunLengthDecode]", &[129, b' '].repeat(room / 2)))),
    ("bomb-filters", |pdf, room| {
        with_content(
            pdf,
            stream("/Filter[/ASCIIHexDecode/RunLengthDecode/RunLengthDecode]", "8181".repeat(room / 4).as_bytes()),
        )
    }),
    ("bomb-to-unicode", |pdf, room| with_target(pdf, "/ToUnicode ", deflated("", &spaces(room * 16)))),
    ("bomb-attachment", |mut pdf, room| {
        let (kind, bomb) = ("/Type/EmbeddedFile", deflated("/Type/EmbeddedFile", &spaces(room * 16)));
        match pdf.objects.iter().position(|object| find(object, kind.as_bytes()).len() == kind.len()) {
            Some(place) if find(&pdf.objects[place], b"/Names<<").is_empty() => pdf.objects[place] = bomb,
            _ => drop(pdf.add(bomb)),
        }
        pdf.sign()
    }),
    ("bomb-pages", |mut pdf, room| {
        set_content(&mut pdf, deflated("", &spaces(room / 16)));
        with_pages(pdf, 490)
    }),
    ("bomb-object-stream", |pdf, room| with_object_streams(pdf, 1, &spaces(room * 16))),
    ("bomb-object-streams", |pdf, room| with_object_streams(pdf, room / 8192, &spaces(1 << 20))),
    ("bomb-xref-stream", |pdf, room| revised_by_stream(pdf.sign(), &[], &[], &vec![0; room * 16])),
    // Nesting and loops.
    ("nested-arrays", |pdf, room| with(pdf, "[".repeat(room))),
    ("nested-dictionaries", |pdf, room| with(pdf, "<</A".repeat(room / 4))),
    ("nested-strings", |pdf, room| with(pdf, "(".repeat(room))),
    ("nested-content", |pdf, room| with_content(pdf, stream("", "[".repeat(room).as_bytes()))),
    ("nested-object-streams", |mut pdf, _| {
        // Each object stream is in the next one, and the last is in the first.
        let first = pdf.objects.len() + 1;
        let compressed: Vec<(usize, usize)> =
            (first..first + 1000).map(|n| (n, first + (n + 1 - first) % 1000)).collect();
        let reference = format!("/Lang {first} 0 R");
        pdf = pdf.replace("/Lang(en)", &reference);
        revised_by_stream(pdf.sign(), &[], &compressed, &[])
    }),
    ("loop-pages", |pdf, _| pdf.after("/StructParents 0", "/Type/Pages/Kids[1 0 R]").sign()),
    ("loop-length", |mut pdf, _| {
        let place = pdf.content_place();
        pdf.objects[place] = format!("<</Length {} 0 R>>stream\n\nendstream\n", place + 1).into_bytes();
        pdf.sign()
    }),
    ("loop-previous", |pdf, _| revised(pdf.sign(), "", &format!("/Prev {:010}", 0), true)),
    // Many objects and entries.
    ("objects-too-many", |mut pdf, room| {
        pdf.add_all(vec![b"0\n".to_vec(); room / 45]);
        pdf.sign()
    }),
    ("objects-most", |mut pdf, room| {
        pdf.add_all(vec![b"0\n".to_vec(); (room / 45).min(260_000)]);
        pdf.sign()
    }),
    ("objects-large", |mut pdf, room| {
        // As many objects of a dozen values as the budget allows.
        pdf.add_all(vec![b"<</A[1 2 3]/B<</C(x)>>/D/E>>\n".to_vec(); (room / 70).min(36_000)]);
        pdf.sign()
    }),
    ("streams-without-end", |mut pdf, room| {
        pdf.add_all(vec![b"<</Length 99999999>>stream\n".to_vec(); (room / 80).min(200_000)]);
        pdf.sign()
    }),
    ("streams-of-lengths", |mut pdf, room| {
        // The length of each stream is the number in the next object.
        let first = pdf.objects.len();
        let streams =
            (0..(room / 90).min(100_000)).map(|n| format!("<</Length {} 0 R>>stream\n\nendstream\n", first + n + 1));
        let streams = streams.map(String::into_bytes).collect();
        pdf.add_all(streams);
        pdf.sign()
    }),
    ("xref-table", |pdf, room| {
        let count = room / 20;
        revised(
            pdf.sign(),
            &format!("0 {count}\n{}", "0000000000 65535 f \n".repeat(count)),
            &format!("/Size {count}"),
            false,
        )
    }),
    ("xref-sections-too-many", |pdf, _| (0..100).fold(pdf.sign(), |file, _| append(file, "0 0\n", "/Size 999", false))),
    ("xref-sections-most", |pdf, room| {
        let count = (room / 1300).min(4000);
        let table = format!("0 {count}\n{}", "0000000000 65535 f \n".repeat(count));
        (0..60).fold(pdf.sign(), |file, _| append(file, &table, &format!("/Size {count}"), false))
    }),
    ("xref-one-object", |mut pdf, room| {
        let number = pdf.add([b"(", "x".repeat(room / 2).as_bytes(), b")\n"].concat());
        let file = pdf.sign();
        let entry = format!("{:010} 00000 n \n", find(&file, format!("\n{number} 0 obj\n").as_bytes()).start + 1);
        let count = (room / 40).min(200_000);
        revised(file, &format!("1000 {count}\n{}", entry.repeat(count)), &format!("/Size {}", count + 1000), false)
    }),
    // Large values.
    ("array", |pdf, room| with(pdf, format!("[{}]", "0 ".repeat(room / 2)))),
    ("array-most", |pdf, room| with(pdf, format!("[{}]", "0 ".repeat((room / 2).min(380_000))))),
    ("arrays-empty", |pdf, room| with(pdf, format!("[{}]", "[]".repeat((room / 2).min(380_000))))),
    ("dictionary", |pdf, room| with(pdf, format!("<<{}>>", keys(room / 10)))),
    ("dictionary-most", |pdf, room| with(pdf, format!("<<{}>>", keys((room / 10).min(125_000))))),
    ("catalog-most", |pdf, room| pdf.after("/Lang(en)", &keys((room / 10).min(120_000))).sign()),
    ("trailer-most", |mut pdf, room| {
        pdf.trailer.push_str(&format!("/X[{}]", "0 ".repeat((room / 2).min(370_000))));
        pdf.sign()
    }),
    ("names-escaped", |pdf, room| with(pdf, format!("[{}]", "/#41#42#43".repeat(room / 10)))),
    ("name-long", |pdf, room| with(pdf, format!("/{}", "#41".repeat(room / 3)))),
    ("string-long", |pdf, room| with(pdf, format!("({})", "\\101".repeat(room / 4)))),
    ("string-hexadecimal", |pdf, room| with(pdf, format!("<{}>", "4 1 ".repeat(room / 4)))),
    ("comments", |pdf, room| with(pdf, format!("[{}]", "%\n".repeat(room / 2)))),
    ("white-space", |pdf, room| with(pdf, format!("[{}]", " ".repeat(room)))),
    ("comments-in-xref", |pdf, room| append(pdf.sign(), &"%\n".repeat(room / 2), "/Size 999", false)),
    ("contents-long", |pdf, room| {
        let contents = format!("/Contents<{}", "00".repeat(room / 2));
        fit(pdf.replace("/Contents<", &contents).write())
    }),
    ("byte-range-long", |pdf, room| {
        pdf.replace("/ByteRange[", &format!("/ByteRange[{}", "0 ".repeat(room / 2))).write()
    }),
    // Pages and fields.
    ("pages-too-many", |pdf, room| with_pages(pdf, room / 8)),
    ("pages-most", |pdf, _| with_pages(pdf, 490)),
    ("fields", |pdf, room| {
        let field = "<</FT/Sig/T(x)/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>";
        pdf.after("/Fields[", &field.repeat(room / field.len())).sign()
    }),
    ("fields-nested", |pdf, room| pdf.after("/Fields[", &"<</T(x)/Kids[".repeat(room / 12)).sign()),
    ("signatures-in-revisions", signatures_in_revisions),
    ("signatures-with-paths", |mut pdf, room| {
        set_cms(&mut pdf, &with_crossed_authorities(&elements_of_cms()));
        signatures_in_revisions(pdf, room / 4 * 3)
    }),
    // Page content and fonts.
    ("operators-too-many", |pdf, room| with_content(pdf, stream("", "q Q ".repeat(room / 4).as_bytes()))),
    ("operators-most", |pdf, room| with_content(pdf, stream("", "q Q ".repeat((room / 4).min(49_000)).as_bytes()))),
    ("text-over-text", |pdf, room| {
        let content = inflated(&pdf.objects[pdf.content_place()]);
        let times = room / content.len();
        with_content(pdf, stream("", &content.repeat(times)))
    }),
    ("text-on-surfaces", |pdf, room| {
        let pair = "/c0 cs 1 1 1 scn 0 0 800 500 re f 0 0 0 scn BT 0 Tr/f0 9 Tf 1 0 0 1 72 72 Tm <0001> Tj ET\n";
        with_content(pdf, stream("", pair.repeat((room / pair.len()).min(9_000)).as_bytes()))
    }),
    ("text-in-pieces", |pdf, room| {
        let text = format!("BT/f0 1 Tf 1 0 0 1 72 72 Tm[{}]TJ ET", "<0001>-9999 ".repeat((room / 12).min(190_000)));
        with_content(pdf, stream("", text.as_bytes()))
    }),
    ("text-in-pieces-and-names", |mut pdf, room| {
        // The text is kept while a second look at the file reads the names.
        let text = format!("BT/f0 1 Tf 1 0 0 1 72 72 Tm[{}]TJ ET", "<0001>-9999 ".repeat((room / 32).min(100_000)));
        set_content(&mut pdf, stream("", text.as_bytes()));
        with(pdf, format!("[{}]", "/#41#42#43".repeat((room / 32).min(380_000))))
    }),
    ("text-long", |pdf, room| {
        with_content(
            pdf,
            stream("", format!("BT/f0 1 Tf 1 0 0 1 72 72 Tm<{}>Tj ET", "0001".repeat(room / 4)).as_bytes()),
        )
    }),
    ("text-in-blank-lines", |pdf, room| with_content(pdf, stream("", hostile_lines::blank(room).as_bytes()))),
    ("fonts-again", |pdf, room| {
        with_content(pdf, stream("", "/f0 9 Tf/f1 9 Tf ".repeat((room / 17).min(49_000)).as_bytes()))
    }),
    ("map-ranges", |pdf, room| {
        let range = "1 beginbfrange <0000> <ffff> <0000> endbfrange\n";
        with_target(pdf, "/ToUnicode ", stream("", range.repeat(room / range.len()).as_bytes()))
    }),
    ("map-characters", |pdf, room| {
        let characters = (0..room / 28).map(|n| format!("1 beginbfchar<{n:04x}><0041> endbfchar\n"));
        with_target(pdf, "/ToUnicode ", stream("", characters.collect::<String>().as_bytes()))
    }),
    ("map-list", |pdf, room| {
        // In the form of letters.
        let ranges = (room / 2600).min(100);
        let lists: String = (0..ranges)
            .map(|n| {
                let first = (n * 256).max(1);
                format!(
                    "<{first:04x}> <{:04x}> [{}]\n",
                    n * 256 + 255,
                    "<0041004200430044>".repeat(n * 256 + 256 - first)
                )
            })
            .collect();
        let place = pdf.target(pdf.font("f1"), "/ToUnicode ");
        let map = String::from_utf8(inflated(&pdf.objects[place])).expect("a CMap in ASCII");
        let (head, rest) = map.split_once("1 beginbfrange\n").expect("one range");
        let (_, tail) = rest.split_once("endbfrange").expect("the end of the ranges");
        let map = format!("{head}{ranges} beginbfrange\n{lists}endbfrange{tail}");
        with_target_at(pdf, place, stream("", map.as_bytes()))
    }),
    ("width-list", |pdf, room| {
        let [descendant, _] = pdf.descendant(pdf.font("f1"));
        pdf.change(descendant, "/W[0[", &format!("/W[0[{}", "1 ".repeat((room / 2).min(300_000)))).sign()
    }),
    ("map-long", |mut pdf, _| {
        // The map turns each shown byte into twelve.
        for object in &mut pdf.objects {
            if find(object, b"/Subtype/Type0").len() == 14 {
                *object = replaced(object, "/Subtype/Type0", "/Subtype/Type1");
            }
        }
        let shown = format!("(1{})Tj\n", "2".repeat(171)).repeat(8000);
        set_content(&mut pdf, deflated("", format!("BT/f0 9 Tf\n{shown}ET").as_bytes()));
        let map = "2 beginbfchar<31><0041><32><4e2d4e2d4e2d4e2d>endbfchar";
        with_target(pdf, "/ToUnicode ", stream("", map.as_bytes()))
    }),
    ("widths", |mut pdf, room| {
        for object in &mut pdf.objects {
            if find(object, b"/CIDFontType2").len() == 13 {
                *object = replaced(object, "/W[", &format!("/W[{}", "0 65535 1 ".repeat(room / 50)));
            }
        }
        pdf.sign()
    }),
];

/// Makes a CMS of about `usize` bytes from the elements of a good one.
type CmsMaker = fn(&Cms, usize) -> Vec<u8>;

const CMS: &[(&str, CmsMaker)] = &[
    ("certificates", |cms, room| {
        cms.with(&cms.digests, &cms.certificates.repeat(room / cms.certificates.len()), &cms.signer)
    }),
    ("digests", |cms, room| cms.with(&cms.digests.repeat(room / cms.digests.len()), &cms.certificates, &cms.signer)),
    ("signers", |cms, room| cms.with(&cms.digests, &cms.certificates, &cms.signer.repeat(room / cms.signer.len()))),
    ("attributes", |cms, room| {
        let attribute = |n: usize| {
            element(
                0x30,
                &[element(6, &[&[0x2a][..], format!("{n:06}").as_bytes()].concat()), element(0x31, &element(5, &[]))]
                    .concat(),
            )
        };
        let attributes: Vec<u8> = (0..room / 18).flat_map(attribute).collect();
        let signer: Vec<Vec<u8>> = children(&children(&cms.signer)[0].1)
            .into_iter()
            .map(|(tag, content)| element(tag, if tag == 0xa0 { &attributes } else { &content }))
            .collect();
        cms.with(&cms.digests, &cms.certificates, &element(0x30, &signer.concat()))
    }),
    ("nested", |_, room| [0x30, 0x80].repeat(room / 2)),
    ("nested-definite", |_, room| {
        (0..room / 6).fold(Vec::new(), |mut nested, n| {
            // From the outside to the inside.
            nested.extend([0x30, 0x84]);
            nested.extend(u32::try_from(room - 6 * n - 6).expect("a length").to_be_bytes());
            nested
        })
    }),
    ("too-long", |cms, room| {
        cms.with(&cms.digests, &cms.certificates.repeat(2 * room / cms.certificates.len()), &cms.signer)
    }),
];

type TokenMaker = fn(usize) -> String;

/// Tokens of about the given number of bytes.
const TOKENS: &[(&str, TokenMaker)] = &[
    ("bytes", |room| format!("e.e.{}", "A".repeat(room))),
    ("header", |room| Forge::default().raw_token(&format!("{{\"typ\":\"{}\"}}", "x".repeat(room / 4 * 3)), b"{}")),
    ("nested", |room| token(format!("{{\"a\":{}", "[".repeat(room / 10 * 7)).as_bytes())),
    ("keys", |room| {
        token(format!("{{{}\"z\":0}}", (0..room / 20).map(|n| format!("\"{n:07}\":0,")).collect::<String>()).as_bytes())
    }),
    ("long-number", |room| token_with(|claims| claims["cqm"]["number"] = "x".repeat(room / 10 * 7).into())),
    ("labels", |room| {
        token_with(|claims| {
            let labels = (0..room / 40)
                .map(|n| json!({ "label": format!("399020{:02}D{}", n % 100, if n % 2 == 0 { "A" } else { "B" }) }));
            claims["cqm"]["sites"][0]["labels"] = labels.collect();
        })
    }),
    ("bad-labels", |room| {
        token_with(|claims| claims["cqm"]["sites"][0]["labels"] = vec![json!({ "label": "x" }); room / 30].into())
    }),
    ("sites", |room| {
        token_with(|claims| {
            let site = claims["cqm"]["sites"][0].clone();
            let count = room / 3 * 2 / site.to_string().len();
            claims["cqm"]["sites"] = (0..count)
                .map(|n| {
                    let mut site = site.clone();
                    site["city"] = format!("{n}").into();
                    site
                })
                .collect();
        })
    }),
];

/// Makes the path of a claim in a status list, and the bytes that replace it in base64url.
type ListMaker = fn(usize) -> (&'static str, Vec<u8>);

const LISTS: &[(&str, ListMaker)] = &[
    ("bomb", |room| ("/status_list/lst", zlib(&vec![0; room * 16]))),
    ("event-bomb", |room| ("/cqm/events", zlib(&spaces(room * 16)))),
    ("event-numbers", |room| ("/cqm/events", zlib(format!("{{\"idx\":[{}1]}}", "1,".repeat(room / 2)).as_bytes()))),
];

/// Texts that are repeated up to the size of the file.
const RAW: &[(&str, &str)] = &[
    ("zeros", "\0"),
    ("ends", "startxref\n0\n%%EOF\n"),
    ("headers", "%PDF-1.7\n"),
    ("objects", "1 0 obj\n<<>>\nendobj\n"),
    ("tables", "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\n"),
    ("attachments", "certificate.jw"),
];

fn with(mut pdf: Pdf, object: String) -> Vec<u8> {
    pdf.add(object + "\n");
    pdf.sign()
}

fn set_content(pdf: &mut Pdf, object: Vec<u8>) {
    let place = pdf.content_place();
    pdf.objects[place] = object;
}

fn with_content(mut pdf: Pdf, object: Vec<u8>) -> Vec<u8> {
    set_content(&mut pdf, object);
    pdf.sign()
}

/// Replaces the object that the first such key refers to.
fn with_target(pdf: Pdf, key: &str, object: Vec<u8>) -> Vec<u8> {
    let from = pdf.objects.iter().find(|object| find(object, key.as_bytes()).len() == key.len()).expect("the key");
    let place = reference(from, key) - 1;
    with_target_at(pdf, place, object)
}

fn with_target_at(mut pdf: Pdf, place: usize, object: Vec<u8>) -> Vec<u8> {
    pdf.objects[place] = object;
    pdf.sign()
}

/// Adds copies of the first page.
fn with_pages(mut pdf: Pdf, count: usize) -> Vec<u8> {
    let page = pdf.objects[pdf.object("/StructParents 0")].clone();
    let copies = count.min(20_000);
    let first = pdf.add_all(vec![page; copies]);
    let kids: String = (0..count).map(|n| format!("{} 0 R ", first + n % copies)).collect();
    pdf.after("/Kids[", &kids).sign()
}

/// Replaces the CMS of a letter. Its signature does not match.
fn with_cms(mut pdf: Pdf, cms: &[u8]) -> Vec<u8> {
    set_cms(&mut pdf, cms);
    pdf.fit()
}

/// A token with the office's header and any payload.
fn token(payload: &[u8]) -> String {
    let header = issued().token.split('.').next().map(|header| URL_SAFE_NO_PAD.decode(header)).expect("a header");
    Forge::default().raw_token(&String::from_utf8(header.expect("base64")).expect("JSON"), payload)
}

fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).map(|payload| URL_SAFE_NO_PAD.decode(payload)).expect("a payload");
    serde_json::from_slice(&payload.expect("base64")).expect("JSON")
}

fn token_with(change: impl Fn(&mut Value)) -> String {
    let mut claims = claims_of(&issued().token);
    change(&mut claims);
    token(claims.to_string().as_bytes())
}

fn list((pointer, bytes): &(&str, Vec<u8>)) -> String {
    let draft = status::list(&[]);
    let issued_at = draft.issued_at;
    let mut claims = claims_of(&status::sign(draft));
    *claims.pointer_mut(pointer).expect("the claim") = URL_SAFE_NO_PAD.encode(bytes).into();
    jws::sign_compact(&test_key(Role::StatusSigner), cqm_status::LIST_TYPE, claims.to_string().as_bytes(), issued_at)
        .expect("a list")
}
