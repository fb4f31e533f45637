//! Writes the seeds of the fuzz targets: `cargo run -p cqm-tests --example make_seeds`. Findings of
//! fuzzing in the same folders remain.

use std::{fs, io::Read as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::status::{EntryStatus, Reason};
use cqm_keys::Role;
use cqm_pdf::{
    Limits, letter,
    syntax::{Document, Object, Reference},
};
use cqm_sign::{jws::Jws, x509::X509Certificate};
use cqm_tests::{office, repository, status};
use flate2::read::ZlibDecoder;

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = repository("fuzz/seeds").join(target);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("a seed");
}

/// The decompressed data of the first stream that contains the words.
fn stream_with(pdf: &[u8], words: &str) -> Vec<u8> {
    let document = Document::open(pdf, &Limits::default()).expect("a PDF");
    (1_u32..)
        .zip(document.entries())
        .filter_map(|(number, _)| document.object(Reference { number, generation: 0 }).ok())
        .filter_map(|object| match object {
            Object::Stream(stream) => Some(document.decode(&stream).ok()?.into_owned()),
            _ => None,
        })
        .find(|data| data.windows(words.len()).any(|window| window == words.as_bytes()))
        .expect("such a stream")
}

/// An input of the target `page`: the content with a font of all characters of ASCII.
fn page(mut content: Vec<u8>) -> Vec<u8> {
    let characters: Vec<u8> = (b' '..=b'~').flat_map(|character| [0, character]).collect();
    loop {
        let total = content.len() + characters.len();
        for share in 0..=u8::MAX {
            if total * usize::from(share) / 255 == content.len() {
                return [&[share], content.as_slice(), &characters].concat();
            }
        }
        content.push(b'\n');
    }
}

/// Decodes a member of a list: base64url, then zlib.
fn inflated(member: &serde_json::Value) -> Vec<u8> {
    let packed = URL_SAFE_NO_PAD.decode(member.as_str().expect("a string")).expect("base64url");
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("zlib data");
    bytes
}

fn main() {
    let issued = office::issued();
    write("pdf", "letter.pdf", &issued.pdf);
    write("verification", "letter.pdf", &issued.pdf);
    write("verification", "token.jwt", issued.token.as_bytes());
    for sample in ["pyhanko-twice", "pyhanko-object-streams", "openssl-ber", "signpdf", "encrypted"] {
        let pdf = fs::read(repository("tests/samples").join(sample).with_extension("pdf")).expect("a sample");
        write("any_pdf", &format!("{sample}.pdf"), &pdf);
    }
    write("token", "token.jwt", issued.token.as_bytes());
    write("token", "claims.json", Jws::parse(issued.token.as_bytes()).expect("a token").payload());
    write(
        "token",
        "claims-with-status.json",
        Jws::parse(status::issued().token.as_bytes()).expect("a token").payload(),
    );

    write("page", "letter", &page(stream_with(&issued.pdf, " Tf\n")));
    let line = b"/P<</MCID 0>>BDC q 1 0 0 -1 0 842 cm/c0 cs 0 0 0 scn BT 0 Tr/f0 9 Tf 1 0 0 -1 72 72 Tm[(\\000A)20<0042>]TJ ET Q EMC ";
    write("page", "line", &page(line.to_vec()));

    let inspection = letter::inspect(&issued.pdf, &Limits::default());
    write("cms", "letter.der", inspection.parts.expect("a letter").cms());

    for role in Role::ALL {
        let pem = fs::read_to_string(repository("keys-test").join(role.certificate_file())).expect("a certificate");
        let chain = X509Certificate::from_pem_chain(&pem).expect("certificates");
        write("certificate", &format!("{role}.der"), chain.first().expect("a certificate").der());
    }
    write("certificate", "root.crl.pem", &fs::read(repository("keys-test/root.crl.pem")).expect("a CRL"));
    for name in ["root.pem", "issuing-ca.pem", "root.crl.pem", "issuing-ca.crl.pem"] {
        write("trust", name, &fs::read(repository("keys-test").join(name)).expect("a file"));
    }

    let events = [
        status::event(2, EntryStatus::Suspended, Reason::FeesOverdue, "2023-09-01"),
        status::event(3, EntryStatus::Invalid, Reason::VendorRequest, "2023-12-01"),
    ];
    write("status_list", "list.jwt", status::sign(status::list(&events)).as_bytes());
    write("status_list", "superseded.jwt", status::sign(status::superseded()).as_bytes());
    let payload = |list: &str| -> serde_json::Value {
        serde_json::from_slice(Jws::parse(list.as_bytes()).expect("a list").payload()).expect("claims")
    };
    for (name, events) in [("stopped", &events[..]), ("nothing-happened", &[])] {
        let list = payload(&status::sign(status::list(events)));
        let (entries, events) = (inflated(&list["status_list"]["lst"]), inflated(&list["cqm"]["events"]));
        let members = br#"{"ttl":3600,"seq":9}"#;
        let length = u8::try_from(entries.len()).expect("a short list");
        write("status", name, &[&[length], entries.as_slice(), members, b"\0", &events].concat());
    }
    for dossier in ["dummy-card-company.toml", "all-activities.toml"] {
        write("dossier", dossier, &fs::read(repository("fixtures/dossiers").join(dossier)).expect("a dossier"));
    }
}
