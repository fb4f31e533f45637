//! `cqm inspect`: shows the content of a file without verifying it.

use anyhow::Context as _;
use cqm_core::UnixTime;
use cqm_sign::x509::X509Certificate;
use cqm_verify::{ContentKind, ContentSignature, Contents, FILE_SIZE_LIMIT};
use serde::Serialize;

use crate::{
    args::InspectArgs,
    exit::Exit,
    terminal::{FAINT, STRONG, outln, plural, print_json, printable, styled},
};

pub(crate) fn run(arguments: &InspectArgs) -> anyhow::Result<Exit> {
    let name = arguments.file.display().to_string();
    let bytes = match cqm_files::read_up_to(&arguments.file, FILE_SIZE_LIMIT as u64)
        .with_context(|| format!("`{}` could not be read", printable(&name)))?
    {
        cqm_files::Content::Whole(bytes) => bytes,
        cqm_files::Content::LargerThan(limit) => {
            anyhow::bail!("`{}` has more than {} MiB", printable(&name), limit >> 20)
        }
    };
    if let Some(certificates) = certificates(&bytes) {
        return inspect_certificates(&name, &certificates, arguments.json);
    }
    let contents = cqm_verify::inspect(&bytes);
    if arguments.json {
        #[derive(Serialize)]
        struct Line<'a> {
            file: &'a str,
            #[serde(flatten)]
            contents: &'a Contents,
        }
        print_json(&Line { file: &name, contents: &contents })?;
    } else {
        print(&name, &contents);
    }
    Ok(if contents.kind == ContentKind::Unknown { Exit::CouldNotRun } else { Exit::Valid })
}

/// The most X.509 certificates of a PEM file that are shown.
const MOST_CERTIFICATES: usize = 100;
/// The most characters of a name or serial number that are shown.
const MOST_CHARACTERS: usize = 300;

/// The X.509 certificates of a PEM file such as `root.pem`; `None` for another file.
fn certificates(file: &[u8]) -> Option<Vec<X509Certificate>> {
    X509Certificate::from_pem_chain(std::str::from_utf8(file).ok()?).ok()
}

/// Shows X.509 certificates with their fingerprints, in the form that letters print. A bank trusts
/// a root after comparing its fingerprint.
fn inspect_certificates(name: &str, certificates: &[X509Certificate], as_json: bool) -> anyhow::Result<Exit> {
    #[derive(Serialize)]
    struct Shown {
        subject: String,
        issuer: String,
        serial: String,
        certificate_validity: [String; 2],
        sha256: String,
    }
    #[derive(Serialize)]
    struct Line<'a> {
        file: &'a str,
        kind: &'static str,
        certificates: Vec<Shown>,
        /// The number of certificates beyond the limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        not_shown: Option<usize>,
    }
    let instant = |time: UnixTime| time.to_string();
    let show = |certificate: &X509Certificate| Shown {
        subject: shortened(certificate.subject()),
        issuer: shortened(certificate.issuer()),
        serial: shortened(certificate.serial()),
        certificate_validity: [certificate.not_before(), certificate.not_after()].map(instant),
        sha256: base16ct::upper::encode_string(&certificate.fingerprint()),
    };
    let line = Line {
        file: name,
        kind: "x509",
        certificates: certificates.iter().take(MOST_CERTIFICATES).map(show).collect(),
        not_shown: certificates.len().checked_sub(MOST_CERTIFICATES).filter(|more| *more > 0),
    };
    if as_json {
        print_json(&line)?;
        return Ok(Exit::Valid);
    }
    outln!("{}  X.509 certificates", styled(STRONG, printable(name)));
    outln!(
        "{}",
        styled(
            FAINT,
            "Nothing below has been verified: compare the fingerprint of a root over a channel that you trust."
        )
    );
    for Shown { subject, issuer, serial, certificate_validity: [from, until], sha256 } in &line.certificates {
        row("Subject", printable(subject));
        row("  issuer", printable(issuer));
        row("  serial", serial);
        row("  X.509", format_args!("from {from} until {until}"));
        let (first, second) = sha256.split_at(sha256.len() / 2);
        row("  SHA-256", in_fours(first));
        row("", in_fours(second));
    }
    if let Some(more) = line.not_shown {
        row("Not shown", format_args!("{more} more certificate{}", plural(more)));
    }
    Ok(Exit::Valid)
}

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Groups of four digits, as letters print a fingerprint.
fn in_fours(digits: &str) -> String {
    let groups: Vec<String> =
        digits.chars().collect::<Vec<char>>().chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ")
}

fn print(name: &str, contents: &Contents) {
    let kind = match contents.kind {
        ContentKind::Pdf => "PDF",
        ContentKind::Token => "token",
        ContentKind::Unknown => "unknown kind of file",
    };
    outln!("{}  {kind}", styled(STRONG, printable(name)));
    outln!("{}", styled(FAINT, "Nothing below has been verified; `cqm verify` does that."));
    if let (Some(revisions), Some(pages)) = (contents.revisions, contents.pages) {
        row("Revisions", revisions);
        row("Pages", pages);
    }
    for signature in &contents.signatures {
        print_signature(signature);
    }
    for attachment in &contents.attachments {
        let media_type = attachment.media_type.as_deref().unwrap_or("no media type");
        row(
            "Attachment",
            format_args!("{}, {}, {} bytes", printable(&attachment.name), printable(media_type), attachment.size),
        );
    }
    if let Some(certificate) = &contents.certificate {
        row("Certificate", &certificate.number);
        row("Holder", printable(&certificate.holder));
        if let [_, _, ..] = certificate.companies.as_slice() {
            for (at, company) in certificate.companies.iter().enumerate() {
                row(if at == 0 { "Companies" } else { "" }, printable(company));
            }
        }
        row("Validity", format_args!("from {} until {}", certificate.valid_from, certificate.valid_until));
        for (at, labels) in certificate.labels.chunks(6).enumerate() {
            row(if at == 0 { "Labels" } else { "" }, labels.join("  "));
        }
        row("Letter", format_args!("SHA-256 {}", certificate.letter));
        row("Token", format_args!("SHA-256 begins with {}", certificate.token));
    }
    for problem in &contents.problems {
        row("Problem", printable(problem));
    }
}

fn print_signature(signature: &ContentSignature) {
    let unknown = || "unknown".to_owned();
    let text = |value: &Option<String>| value.as_deref().map_or_else(unknown, printable);
    let field = signature
        .field
        .as_deref()
        .map_or_else(|| "of the token".into(), |field| format!("in the field {}", printable(field)));
    row("Signature", field);
    row("  signer", text(&signature.signer));
    row("  issuer", text(&signature.issuer));
    row("  serial", text(&signature.serial));
    if let Some([from, until]) = &signature.certificate_validity {
        row("  X.509", format_args!("from {from} until {until}"));
    }
    row("  algorithm", text(&signature.algorithm));
    row("  signed at", text(&signature.signed_at));
    row("  covers", if signature.covers_whole_file { "the whole file" } else { "a part of the file" });
}

fn row(name: &str, value: impl std::fmt::Display) {
    outln!("  {} {value}", styled(FAINT, format_args!("{name:<12}")));
}
