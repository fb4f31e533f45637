//! `cqm status show`: shows the contents of a status list.

use anyhow::Context as _;
use cqm_core::{
    CertificateNumber,
    status::{EntryStatus, Event, NOT_ISSUED},
};
use cqm_files::shown;
use cqm_sign::x509::{Crl, X509Certificate};
use cqm_status::{Digest, SignedList, StatusList, StatusListError};
use serde::Serialize;

use crate::{
    args::status::ShowArgs,
    commands::verify,
    exit::Exit,
    input,
    terminal::{BAD, FAINT, STRONG, outln, print_json, printable, styled},
};

pub(crate) fn run(arguments: &ShowArgs) -> anyhow::Result<Exit> {
    let no_list = || format!("`{}` is not a status list", shown(&arguments.file));
    let signed = SignedList::parse(&input::read(&arguments.file)?).with_context(no_list)?;
    let verified = match &arguments.trust {
        Some(pem) => Some(signed.clone().verify(&verify::trust(pem, &[])?)),
        None => None,
    };
    // A verified list is decoded already. Another one is decoded here, since it may still be shown.
    let decoded;
    let (list, authenticity) = match &verified {
        Some(Ok(verified)) => (verified.list(), Authenticity::Authentic),
        Some(Err(error)) => {
            decoded = signed.decode().with_context(no_list)?;
            (&decoded, Authenticity::NotAuthentic(error))
        }
        None => {
            decoded = signed.decode().with_context(no_list)?;
            (&decoded, Authenticity::NotVerified)
        }
    };
    let signer = name(signed.signer());
    if arguments.json {
        print_json(&Shown::new(arguments, list, &authenticity, &signer, signed.digest()))?;
    } else {
        print(list, &authenticity, &signer, signed.digest());
    }
    Ok(match authenticity {
        Authenticity::NotAuthentic(_) => Exit::Invalid,
        Authenticity::Authentic | Authenticity::NotVerified => Exit::Valid,
    })
}

fn name(certificate: &X509Certificate) -> String {
    certificate.common_name().unwrap_or_else(|| certificate.subject())
}

enum Authenticity<'a> {
    Authentic,
    NotAuthentic(&'a StatusListError),
    NotVerified,
}

/// The numbers of entries: given out, invalid, and suspended.
struct Counts {
    issued: u64,
    invalid: usize,
    suspended: usize,
}

impl Counts {
    fn of(list: &StatusList) -> Self {
        let mut counts = Self { issued: list.entries().len(), invalid: 0, suspended: 0 };
        for (_, value) in list.entries().iter_set() {
            match EntryStatus::from_value(value) {
                Some(EntryStatus::Invalid) => counts.invalid += 1,
                Some(EntryStatus::Suspended) => counts.suspended += 1,
                Some(EntryStatus::Valid) => {}
                None => counts.issued -= u64::from(value == NOT_ISSUED),
            }
        }
        counts
    }
}

/// The number of events that a person is shown.
const EVENTS: usize = 100;

fn print(list: &StatusList, authenticity: &Authenticity<'_>, signer: &str, digest: Digest) {
    let row = |name: &str, value: &dyn std::fmt::Display| {
        outln!("  {} {value}", styled(FAINT, format_args!("{name:<12}")));
    };
    outln!("{}", styled(STRONG, format_args!("Status list {}, number {}", list.uri(), list.seq())));
    match authenticity {
        Authenticity::Authentic => outln!("authentic: signed under a root that you trust"),
        Authenticity::NotAuthentic(error) => {
            outln!("{}: {}", styled(BAD, "NOT AUTHENTIC"), printable(&error.to_string()));
        }
        Authenticity::NotVerified => outln!("{}", styled(FAINT, "not verified; --trust asks whether it is authentic")),
    }
    outln!();
    row("Issued", &list.issued_at());
    row("Expires", &list.expires_at());
    row("Signer", &printable(signer));
    row("SHA-256", &digest);
    match list.prev() {
        Some(prev) => row("Before it", &prev),
        None => row("Before it", &"none"),
    }
    row("Log head", &list.log_head());
    let Counts { issued, invalid, suspended } = Counts::of(list);
    row("Entries", &format_args!("{issued} given out, {invalid} invalid, {suspended} suspended when it was issued"));
    row("Certificates", &format_args!("{} named by their tokens", list.tokens().len()));
    for crl in list.crls() {
        let issuer = printable(crl.issuer());
        row("CRL", &format_args!("{issuer}, {} to {}", crl.this_update(), crl.next_update()));
    }
    if list.crls().is_empty() {
        row("CRL", &"none");
    }
    if list.events().is_empty() {
        return;
    }
    outln!();
    outln!(
        "  {}",
        styled(FAINT, format_args!("{:<10} {:<10} {:<10} {:<10} reason", "entry", "status", "from", "recorded"))
    );
    for event in list.events().iter().take(EVENTS) {
        let Event { idx, status, reason, effective, recorded } = event;
        let successor = list.successor_of(*idx).filter(|_| event.supersedes());
        let successor = successor.map(|number| format!(" by {number}")).unwrap_or_default();
        outln!("  {idx:<10} {status:<10} {effective} {recorded} {reason}{successor}");
    }
    let more = list.events().len().saturating_sub(EVENTS);
    if more > 0 {
        outln!("  {}", styled(FAINT, format_args!("and {more} more; --json has all of them")));
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    file: String,
    authentic: Option<bool>,
    error: Option<String>,
    uri: &'a str,
    seq: u64,
    issued_at: String,
    expires_at: String,
    ttl: u64,
    signer: &'a str,
    sha256: String,
    prev: Option<String>,
    log_head: String,
    issued: u64,
    invalid: usize,
    suspended: usize,
    events: Vec<ShownEvent>,
    successors: Vec<ShownSuccessor<'a>>,
    tokens: Vec<ShownToken>,
    crls: Vec<ShownCrl>,
}

/// A superseded certificate, by its entry, and the number of the one that replaced it.
#[derive(Serialize)]
struct ShownSuccessor<'a> {
    idx: u32,
    number: &'a CertificateNumber,
}

/// A certificate, by its entry and the first 16 bytes of its token's SHA-256.
#[derive(Serialize)]
struct ShownToken {
    idx: u32,
    sha256: String,
}

#[derive(Serialize)]
struct ShownCrl {
    issuer: String,
    this_update: String,
    next_update: String,
}

#[derive(Serialize)]
struct ShownEvent {
    idx: u32,
    status: &'static str,
    reason: &'static str,
    effective: String,
    recorded: String,
}

impl<'a> Shown<'a> {
    fn new(
        arguments: &ShowArgs,
        list: &'a StatusList,
        authenticity: &Authenticity<'_>,
        signer: &'a str,
        digest: Digest,
    ) -> Self {
        let Counts { issued, invalid, suspended } = Counts::of(list);
        let (authentic, error) = match authenticity {
            Authenticity::Authentic => (Some(true), None),
            Authenticity::NotAuthentic(error) => (Some(false), Some(error.to_string())),
            Authenticity::NotVerified => (None, None),
        };
        let event = |event: &Event| ShownEvent {
            idx: event.idx,
            status: event.status.as_str(),
            reason: event.reason.as_str(),
            effective: event.effective.to_string(),
            recorded: event.recorded.to_string(),
        };
        let crl = |crl: &Crl| ShownCrl {
            issuer: crl.issuer().to_owned(),
            this_update: crl.this_update().to_string(),
            next_update: crl.next_update().to_string(),
        };
        Self {
            file: arguments.file.display().to_string(),
            authentic,
            error,
            uri: list.uri().as_str(),
            seq: list.seq(),
            issued_at: list.issued_at().to_string(),
            expires_at: list.expires_at().to_string(),
            ttl: list.ttl(),
            signer,
            sha256: digest.to_string(),
            prev: list.prev().map(|prev| prev.to_string()),
            log_head: list.log_head().to_string(),
            issued,
            invalid,
            suspended,
            events: list.events().iter().map(event).collect(),
            successors: list.successors().map(|(idx, number)| ShownSuccessor { idx, number }).collect(),
            tokens: list.tokens().iter().map(|(idx, sha256)| ShownToken { idx, sha256: sha256.to_string() }).collect(),
            crls: list.crls().iter().map(crl).collect(),
        }
    }
}
