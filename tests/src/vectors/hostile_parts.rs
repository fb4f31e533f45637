//! What hostile files are made of: compressed data, revisions, CMS.

use std::io::Write as _;
use std::iter;

use super::pdf::{Pdf, contents, find, rfind, stream, write_range};
use crate::office::issued;

pub(super) fn spaces(count: usize) -> Vec<u8> {
    vec![b' '; count]
}

pub(super) fn keys(count: usize) -> String {
    (0..count).map(|n| format!("/k{n:06} 0")).collect()
}

pub(super) fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).and_then(|()| encoder.finish()).expect("memory")
}

pub(super) fn deflated(entries: &str, data: &[u8]) -> Vec<u8> {
    stream(&format!("{entries}/Filter/FlateDecode"), &zlib(data))
}

/// Appends a revision: a table, and a trailer that leads to the last one.
pub(super) fn append(file: Vec<u8>, table: &str, trailer: &str, alone: bool) -> Vec<u8> {
    let start = file.len();
    let previous = &file[rfind(&file, b"startxref\n").end..];
    let previous = std::str::from_utf8(&previous[..find(previous, b"\n").start]).expect("digits").to_owned();
    let previous = if alone { String::new() } else { format!("/Prev {previous}") };
    let root = file[rfind(&file, b"/Root ").end..].split(|byte| *byte == b' ').next().expect("a number");
    let root = std::str::from_utf8(root).expect("digits").to_owned();
    let end = format!("xref\n{table}trailer\n<<{trailer}{previous}/Root {root} 0 R>>\nstartxref\n{start}\n%%EOF\n");
    [file, end.into_bytes()].concat()
}

/// Appends a revision. With `loops` its trailer refers to itself.
pub(super) fn revised(file: Vec<u8>, table: &str, trailer: &str, loops: bool) -> Vec<u8> {
    let trailer = match loops {
        true => format!("/Size 999/Prev {}", file.len()),
        false => trailer.to_owned(),
    };
    append(file, table, &trailer, loops)
}

/// Appends a revision with a cross-reference stream: objects, the numbers of compressed objects
/// with those of their object streams, and more data for the cross-reference stream.
pub(super) fn revised_by_stream(
    mut file: Vec<u8>,
    objects: &[(usize, Vec<u8>)],
    compressed: &[(usize, usize)],
    more: &[u8],
) -> Vec<u8> {
    let previous = find(&file, b"\nxref\n").start + 1;
    let root = file[rfind(&file, b"/Root ").end..].split(|byte| *byte == b' ').next().expect("a number").to_vec();
    let (mut index, mut rows) = (String::new(), Vec::new());
    let mut row = |number: usize, kind: u8, value: usize| {
        index.push_str(&format!("{number} 1 "));
        rows.push(kind);
        rows.extend(u32::try_from(value).expect("an offset").to_be_bytes());
        rows.push(0);
    };
    for (number, object) in objects {
        row(*number, 1, file.len());
        file.extend(format!("{number} 0 obj\n").bytes().chain(object.iter().copied()).chain(*b"endobj\n"));
    }
    compressed.iter().for_each(|(number, stream)| row(*number, 2, *stream));
    index.push_str(&format!("300000 {}", more.len() / 6));
    let start = file.len();
    let entries = format!(
        "/Type/XRef/W[1 4 1]/Size 999999/Prev {previous}/Index[{index}]/Root {} 0 R",
        String::from_utf8_lossy(&root)
    );
    file.extend(b"999998 0 obj\n");
    file.extend(deflated(&entries, &[rows.as_slice(), more].concat()));
    file.extend(format!("endobj\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

/// Appends a revision with `count` object streams, each with one object and the data.
pub(super) fn with_object_streams(pdf: Pdf, count: usize, data: &[u8]) -> Vec<u8> {
    let first = pdf.objects.len() + 1;
    let object = deflated("/Type/ObjStm/N 1/First 10", data);
    let streams: Vec<(usize, Vec<u8>)> = (0..count).map(|n| (first + n, object.clone())).collect();
    let compressed: Vec<(usize, usize)> = (0..count).map(|n| (first + count + n, first + n)).collect();
    revised_by_stream(pdf.sign(), &streams, &compressed, &[])
}

/// Eight signatures, each in its own revision, in a file whose first trailer has nearly as many
/// values as allowed: a reader may read it again for each signature.
pub(super) fn signatures_in_revisions(mut pdf: Pdf, room: usize) -> Vec<u8> {
    pdf.trailer.push_str(&format!("/X[{}]", "0 ".repeat((room / 2).min(300_000))));
    pdf.add(stream("", &spaces(room - 800_000.min(room / 8 * 7))));
    let first = pdf.objects.len() + 1;
    let fields: String = (first..first + 7).map(|number| format!("<</FT/Sig/T(x)/V {number} 0 R>>")).collect();
    pdf = pdf.after("/Fields[", &fields);
    let dictionary = pdf.objects.last().expect("a signature dictionary").clone();
    (first..first + 7).fold(pdf.sign(), |mut file, number| {
        let place = file.len();
        file.extend([format!("{number} 0 obj\n").as_bytes(), &dictionary, b"endobj\n"].concat());
        let mut file =
            append(file, &format!("{number} 1\n{place:010} 00000 n \n"), &format!("/Size {}", number + 1), false);
        let gap = contents(&file);
        let range = format!("0 {} {} {}", gap.start, gap.end, file.len() - gap.end);
        write_range(&mut file, &range);
        file
    })
}

/// Replaces the CMS of a letter.
pub(super) fn set_cms(pdf: &mut Pdf, cms: &[u8]) {
    let digits: String = cms.iter().map(|byte| format!("{byte:02x}")).collect();
    let last = pdf.objects.last_mut().expect("a signature dictionary");
    let gap = contents(last);
    last.splice(gap.start + 1..gap.end - 1, digits.into_bytes());
}

/// A CMS whose signer has five possible issuers of one name, each a possible issuer of the others,
/// with many extensions.
pub(super) fn with_crossed_authorities(cms: &Cms) -> Vec<u8> {
    let parts = children(&children(&cms.certificates)[0].1);
    let tbs = children(&parts[0].1);
    let name =
        element(0x30, &element(0x31, &element(0x30, &[&[6, 3, 0x55, 4, 3][..], &element(0x0c, b"Anyone")].concat())));
    let certificate = |serial: u8, subject: &[u8], extensions: &[u8]| {
        let whole = |place: usize| element(tbs[place].0, &tbs[place].1);
        // Each authority has another key, so that they count as different.
        let mut key = whole(6);
        *key.last_mut().expect("a key") ^= serial ^ 1;
        let fields =
            [whole(0), element(2, &[serial]), whole(2), name.clone(), whole(4), subject.to_vec(), key].concat();
        let fields = element(0x30, &[fields, element(0xa3, &element(0x30, extensions))].concat());
        element(0x30, &[fields, element(parts[1].0, &parts[1].1), element(parts[2].0, &parts[2].1)].concat())
    };
    let extension = |(high, low): (u8, u8)| element(0x30, &[6, 4, 0x2a, 3, high, low, 4, 0]);
    let extensions: Vec<u8> =
        (4..8).flat_map(|high| (0..127).map(move |low| (high, low))).flat_map(extension).collect();
    let basic = [0x30, 0x0f, 6, 3, 0x55, 0x1d, 0x13, 1, 1, 0xff, 4, 5, 0x30, 3, 1, 1, 0xff];
    let authorities = (2..7).flat_map(|serial| certificate(serial, &name, &[&basic[..], &extensions].concat()));
    let certificates: Vec<u8> =
        certificate(1, &element(tbs[5].0, &tbs[5].1), &extension((4, 0))).into_iter().chain(authorities).collect();
    let signer = children(&children(&cms.signer)[0].1);
    let identifier = element(0x30, &[name.as_slice(), &[2, 1, 1]].concat());
    let kept = [0, 2, 4, 5].map(|place| element(signer[place].0, &signer[place].1));
    let signer = [&kept[0], &identifier, &kept[1], &kept[2], &kept[3]].map(Vec::as_slice).concat();
    cms.with(&cms.digests, &certificates, &element(0x30, &signer))
}

/// The elements of a CMS that can be repeated.
pub(super) struct Cms {
    pub(super) digests: Vec<u8>,
    pub(super) content: Vec<u8>,
    pub(super) certificates: Vec<u8>,
    pub(super) signer: Vec<u8>,
}

impl Cms {
    pub(super) fn with(&self, digests: &[u8], certificates: &[u8], signer: &[u8]) -> Vec<u8> {
        let parts = [
            &element(2, &[1]),
            &element(0x31, digests),
            &self.content,
            &element(0xa0, certificates),
            &element(0x31, signer),
        ];
        let signed_data = element(0xa0, &element(0x30, &parts.map(Vec::as_slice).concat()));
        element(0x30, &[&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2][..], &signed_data].concat())
    }
}

/// The elements of the letter's signature.
pub(super) fn elements_of_cms() -> Cms {
    let inspection = cqm_pdf::letter::inspect(&issued().pdf, &cqm_pdf::Limits::default());
    let descend = |bytes: &[u8], index: usize| children(bytes).swap_remove(index).1;
    let content_info = descend(inspection.parts.as_ref().expect("a letter").cms(), 0);
    let signed_data = descend(&descend(&content_info, 1), 0);
    let [_, digests, (tag, content), certificates, signer] = &children(&signed_data)[..] else {
        panic!("not five elements")
    };
    Cms {
        digests: digests.1.clone(),
        content: element(*tag, content),
        certificates: certificates.1.clone(),
        signer: signer.1.clone(),
    }
}

/// An element of DER.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a length").to_be_bytes();
    let short = length.iter().skip_while(|byte| **byte == 0).copied();
    let head: Vec<u8> = match content.len() {
        0..128 => vec![tag, length[3]],
        _ => {
            [tag, 0x80 | u8::try_from(short.clone().count()).expect("at most four")].into_iter().chain(short).collect()
        }
    };
    [&head, content].concat()
}

/// The tags and contents of a sequence of elements, up to the first that can't be read.
pub(super) fn children(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    iter::from_fn(|| {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (digits, rest) = rest.split_at_checked(if first < 0x80 { 0 } else { usize::from(first & 0x7f) })?;
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        };
        let (content, rest) = rest.split_at_checked(length)?;
        bytes = rest;
        Some((tag, content.to_vec()))
    })
    .collect()
}
