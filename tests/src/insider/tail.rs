//! The tail of a letter, from the words of `docs/reference/pdf-profile.md`, section 3.

use std::ops::Range;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::UnixTime;
use cqm_sign::{Signer, cms};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The width of the byte range, with its brackets.
const RANGE_WIDTH: usize = 36;

const ATTACHMENT: &[u8] = b"<</Type/EmbeddedFile";

/// The body of a letter: everything before the object with the attachment.
pub(super) fn body(pdf: &[u8]) -> Option<&[u8]> {
    let attachment = pdf.windows(ATTACHMENT.len()).rposition(|window| window == ATTACHMENT)?;
    let line = pdf[..attachment].strip_suffix(b" 0 obj\n")?;
    let number = line.iter().rposition(|byte| !byte.is_ascii_digit())?;
    Some(&pdf[..=number])
}

/// The token of a tail.
pub(super) fn token(tail: &[u8]) -> String {
    let start = find(tail, b">>stream\n").expect("a stream").end;
    let end = find(&tail[start..], b"\n").expect("the end of the token").start;
    String::from_utf8(tail[start..start + end].to_vec()).expect("a token")
}

/// A letter of a body and a token, signed.
pub(super) fn sign(body: &[u8], token: &str, signer: &dyn Signer) -> Vec<u8> {
    let room = cms::encoded_len_limit(signer).expect("a signer").next_multiple_of(1024);
    let (letter, gap) = unsigned(body, token, room);
    let signature = cms::sign_detached(signer, &[&letter[..gap.start], &letter[gap.end..]]).expect("a signature");
    filled(letter, &gap, &signature)
}

/// A letter of a body, a token and a signature, which may be that of another letter.
pub(super) fn assemble(body: &[u8], token: &str, signature: &[u8]) -> Vec<u8> {
    let (letter, gap) = unsigned(body, token, signature.len().next_multiple_of(1024));
    filled(letter, &gap, signature)
}

/// A letter with room for a signature of so many bytes, and the place of `/Contents`.
fn unsigned(body: &[u8], token: &str, room: usize) -> (Vec<u8>, Range<usize>) {
    let mut letter = write(body, token, 2 * room);
    let contents = body.len() + find(&letter[body.len()..], b"/Contents<").expect("/Contents").end - 1;
    let gap = contents..contents + 2 * room + 2;
    let range = format!("[0 {} {} {}", gap.start, gap.end, letter.len() - gap.end);
    let width = RANGE_WIDTH - 1;
    let place = gap.start - b"/Contents".len() - RANGE_WIDTH;
    letter[place..place + RANGE_WIDTH].copy_from_slice(format!("{range:width$}]").as_bytes());
    (letter, gap)
}

fn filled(mut letter: Vec<u8>, gap: &Range<usize>, signature: &[u8]) -> Vec<u8> {
    let digits = base16ct::lower::encode_string(signature);
    letter[gap.start + 1..gap.start + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    letter
}

/// A letter with an empty byte range and room for these digits of a signature.
fn write(body: &[u8], token: &str, digits: usize) -> Vec<u8> {
    let offsets = objects(body);
    let catalog = offsets.len();
    let [n, a, b, c] = [1, 2, 3, 4].map(|after| catalog + after);
    let (date, name) = date_and_name(token);
    let length = token.len();
    let objects = [
        format!(
            "{n} 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjose/Params<</Size {length}/ModDate{date}>>\
             /Length {length}>>stream\n{token}\nendstream\nendobj\n"
        ),
        format!(
            "{a} 0 obj\n<</Type/Filespec/F(certificate.jwt)/UF(certificate.jwt)\
             /Desc(The certificate for machines: a signed token (JWS, RFC 7515))\
             /AFRelationship/Data/EF<</F {n} 0 R/UF {n} 0 R>>>>\nendobj\n"
        ),
        format!(
            "{b} 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/V {c} 0 R>>\nendobj\n"
        ),
        format!(
            "{c} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
             /ByteRange{:RANGE_WIDTH$}/Contents<{}>/M{date}/Name{name}/Reason(Issued as a CQM certificate)\
             /Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]\
             >>\nendobj\n",
            "",
            "0".repeat(digits)
        ),
    ];
    let mut letter = body.to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", catalog + 5);
    offsets.iter().for_each(|offset| table.push_str(&format!("{offset:010} 00000 n \n")));
    for object in &objects {
        table.push_str(&format!("{:010} 00000 n \n", letter.len()));
        letter.extend_from_slice(object.as_bytes());
    }
    let id = &base16ct::lower::encode_string(&Sha256::digest(body))[..32];
    let (start, size, information) = (letter.len(), catalog + 5, catalog.saturating_sub(1));
    table.push_str(&format!(
        "trailer\n<</Size {size}/Root {catalog} 0 R/Info {information} 0 R/ID[<{id}><{id}>]>>\n\
         startxref\n{start}\n%%EOF\n"
    ));
    letter.extend_from_slice(table.as_bytes());
    letter
}

/// The offsets of the objects 1, 2, … of a body.
fn objects(body: &[u8]) -> Vec<usize> {
    let mut offsets = Vec::new();
    let mut at = 0;
    while let Some(found) = find(&body[at..], format!("\n{} 0 obj\n", offsets.len() + 1).as_bytes()) {
        offsets.push(at + found.start + 1);
        at += found.start + 1;
    }
    offsets
}

/// The time of issue and the signatory of a token, as the tail writes them.
fn date_and_name(token: &str) -> (String, String) {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64url");
    let claims: Value = serde_json::from_slice(&payload).expect("claims");
    let time = UnixTime::new(claims["iat"].as_i64().expect("iat")).to_string();
    let date: String = time.chars().filter(char::is_ascii_digit).collect();
    let name = claims["cqm"]["signatory"]["name"].as_str().expect("a signatory");
    let is_plain = name.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"()\\".contains(&byte));
    let units = || name.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<String>();
    (format!("(D:{date}Z)"), if is_plain { format!("({name})") } else { format!("<feff{}>", units()) })
}

fn find(bytes: &[u8], word: &[u8]) -> Option<Range<usize>> {
    let start = bytes.windows(word.len()).position(|window| window == word)?;
    Some(start..start + word.len())
}
