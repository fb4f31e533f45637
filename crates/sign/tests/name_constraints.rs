//! Name constraints over generated chains: what is inside a subtree, and the verdicts of OpenSSL
//! and pyHanko on the same chains.

#![expect(clippy::print_stdout, reason = "a skipped test reports that it was skipped")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cqm_sign::x509::{PathError, TrustStore, X509Certificate};
use support::*;

const MAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const IP: u8 = 0x87;
const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;
const IA5: u8 = 0x16;
const BMP: u8 = 0x1e;

/// A directory name of attributes: OID, type of string, value.
fn directory(attributes: &[(&str, u8, &str)]) -> Vec<u8> {
    let relative_name = |&(id, tag, value): &(&str, u8, &str)| {
        let value: Vec<u8> =
            if tag == BMP { value.encode_utf16().flat_map(u16::to_be_bytes).collect() } else { value.into() };
        der(0x31, &[&der(0x30, &[&oid(id), &der(tag, &[&value])])])
    };
    der(0x30, &[&attributes.iter().flat_map(relative_name).collect::<Vec<_>>()])
}

const O: &str = "2.5.4.10";
const CN: &str = "2.5.4.3";
const EMAIL: &str = "1.2.840.113549.1.9.1";

/// A signer's organization, as the subject of its certificate.
fn of(tag: u8, organization: &str) -> Vec<u8> {
    directory(&[(O, tag, organization), (CN, UTF8, "Signer")])
}

/// The names of a leaf.
#[derive(Clone)]
struct Names {
    label: String,
    subject: Vec<u8>,
    alternative: Option<Vec<u8>>,
}

fn alternative(tag: u8, value: &[u8]) -> Names {
    let label = format!("{tag:02x} {}", String::from_utf8_lossy(value));
    Names { label, subject: name("Signer"), alternative: Some(der(tag, &[value])) }
}

fn subject(label: &str, subject: Vec<u8>) -> Names {
    Names { label: label.into(), subject, alternative: None }
}

fn with_mail(address: &str) -> Names {
    subject(&format!("subject {address}"), directory(&[(CN, UTF8, "Signer"), (EMAIL, IA5, address)]))
}

struct Chain {
    label: String,
    intermediate: X509Certificate,
    leaf: X509Certificate,
}

impl Chain {
    /// `permitted` and `excluded` are general names.
    fn new(permitted: &[Vec<u8>], excluded: &[Vec<u8>], names: &Names) -> Self {
        let subtrees = |tag: u8, bases: &[Vec<u8>]| match bases {
            [] => Vec::new(),
            bases => der(tag, &[&bases.iter().flat_map(|base| der(0x30, &[base])).collect::<Vec<_>>()]),
        };
        let value = der(0x30, &[&subtrees(0xa0, permitted), &subtrees(0xa1, excluded)]);
        let intermediate = Draft::intermediate(&Key::p256(2))
            .with(|draft| draft.extensions.push(extension("2.5.29.30", true, &value)))
            .signed_by(&Key::p256(1));
        let leaf = Draft::leaf(&Key::p256(3)).with(|draft| {
            draft.issuer = name("Test Intermediate");
            draft.subject = names.subject.clone();
            if let Some(alternative) = &names.alternative {
                draft.extensions.push(extension("2.5.29.17", false, &der(0x30, &[alternative])));
            }
        });
        Self { label: names.label.clone(), intermediate, leaf: leaf.signed_by(&Key::p256(2)) }
    }

    fn errors(&self) -> Vec<PathError> {
        let root = Draft::root(&Key::p256(1)).signed_by(&Key::p256(1));
        let trust = TrustStore::from_pem(&certificate_pem(&root)).unwrap();
        trust
            .verify_foreign_path(&self.leaf, std::slice::from_ref(&self.intermediate), MIDDLE)
            .err()
            .unwrap_or_default()
    }
}

/// Checks a base against names that are inside and names that are outside, permitted and excluded.
fn check(base: Vec<u8>, inside: &[Names], outside: &[Names]) {
    let bases = [base];
    for (names, is_inside) in inside.iter().map(|names| (names, true)).chain(outside.iter().map(|names| (names, false)))
    {
        for (chain, accepted) in
            [(Chain::new(&bases, &[], names), is_inside), (Chain::new(&[], &bases, names), !is_inside)]
        {
            let errors = chain.errors();
            assert_eq!(errors.is_empty(), accepted, "{}: {errors:?}", chain.label);
            assert!(errors.is_empty() || matches!(errors[..], [PathError::NameConstraints { .. }]), "{errors:?}");
        }
    }
}

#[test]
fn mail_addresses_in_the_subject_too() {
    let mail = |text: &str| [alternative(MAIL, text.as_bytes()), with_mail(text)];
    let both = |texts: &[&str]| texts.iter().flat_map(|text| mail(text)).collect::<Vec<_>>();
    let base = |text: &str| der(MAIL, &[text.as_bytes()]);
    check(
        base("example.com"),
        &both(&["a@example.com", "b@EXAMPLE.com"]),
        &both(&["a@www.example.com", "a@example.org"]),
    );
    check(base(".example.com"), &both(&["a@www.example.com"]), &both(&["a@example.com", "a@badexample.com"]));
    check(base("a@example.com"), &both(&["a@Example.com"]), &both(&["A@example.com", "b@example.com"]));
    // What is no address is refused by every constraint on addresses, and by no other.
    for names in both(&["example.com", "@example.com", "a@", "a@b c", "ä@example.com"]) {
        assert!(!Chain::new(&[base("example.org")], &[], &names).errors().is_empty(), "{}", names.label);
        assert!(!Chain::new(&[], &[base("example.org")], &names).errors().is_empty(), "{}", names.label);
        assert_eq!(Chain::new(&[], &[der(DNS, &[b"example.org"])], &names).errors(), []);
    }
}

#[test]
fn directory_names_by_their_meaning() {
    let base = |organization: &[u8]| der(0xa4, &[organization]);
    let same = [
        subject("printable", of(PRINTABLE, "Dummy Card")),
        subject("UTF-8", of(UTF8, "Dummy Card")),
        subject("BMP", of(BMP, "Dummy Card")),
        subject("case", of(UTF8, "DUMMY card")),
        subject("spaces", of(UTF8, " Dummy   Card ")),
    ];
    let other = [subject("longer", of(UTF8, "Dummy Cards")), subject("none", name("Signer"))];
    for tag in [PRINTABLE, UTF8, BMP] {
        check(base(&directory(&[(O, tag, "Dummy Card")])), &same, &other);
    }
    // A second directory name must be permitted as well.
    let inside = Names { alternative: Some(der(0xa4, &[&of(UTF8, "dummy card")])), ..same[0].clone() };
    let outside = Names { alternative: Some(der(0xa4, &[&of(UTF8, "Evil")])), ..same[0].clone() };
    let bases = [base(&directory(&[(O, UTF8, "Dummy Card")]))];
    assert_eq!(Chain::new(&bases, &[], &inside).errors(), []);
    assert!(matches!(Chain::new(&bases, &[], &outside).errors()[..], [PathError::NameConstraints { .. }]));
}

#[test]
fn hosts_and_addresses() {
    let names =
        |tag: u8, texts: &[&str]| texts.iter().map(|text| alternative(tag, text.as_bytes())).collect::<Vec<_>>();
    let base = |tag: u8, text: &str| der(tag, &[text.as_bytes()]);
    check(
        base(DNS, "example.com"),
        &names(DNS, &["example.com", "WWW.example.com", "*.example.com"]),
        &names(DNS, &["badexample.com", "example.org"]),
    );
    check(base(DNS, ".example.com"), &names(DNS, &["www.example.com"]), &names(DNS, &["example.com"]));
    check(
        base(URI, "example.com"),
        &names(URI, &["https://example.com/x", "ldap://u@example.com:389"]),
        &names(URI, &["https://www.example.com", "https://example.com.example.org/"]),
    );
    check(base(URI, ".example.com"), &names(URI, &["https://www.example.com"]), &names(URI, &["https://example.com"]));
    check(
        der(IP, &[&[10, 1, 0, 0, 255, 255, 0, 0]]),
        &[alternative(IP, &[10, 1, 2, 3])],
        &[alternative(IP, &[10, 2, 2, 3]), alternative(IP, &[0; 16])],
    );
    // A wildcard reaches into an excluded host, and is not inside a permitted one.
    let wildcard = alternative(DNS, b"*.example.com");
    assert!(!Chain::new(&[], &[base(DNS, "www.example.com")], &wildcard).errors().is_empty());
    assert!(!Chain::new(&[base(DNS, "www.example.com")], &[], &wildcard).errors().is_empty());
    // Without a host name a URI is refused, as RFC 5280 asks.
    for uri in ["urn:x", "https://10.1.2.3/", "https://[::1]/"] {
        let names = alternative(URI, uri.as_bytes());
        assert!(!Chain::new(&[], &[base(URI, "example.com")], &names).errors().is_empty());
        assert_eq!(Chain::new(&[], &[base(DNS, "example.com")], &names).errors(), []);
    }
}

#[test]
fn what_can_not_be_compared_is_not_ignored() {
    let registered = alternative(0x88, &[0x2a, 3]);
    let unsupported =
        |chain: Chain| matches!(chain.errors()[..], [PathError::UnsupportedConstraint { form: "registeredID", .. }]);
    let base = [der(0x88, &[&[0x2a, 4]])];
    assert!(unsupported(Chain::new(&base, &[], &registered)));
    assert!(unsupported(Chain::new(&[], &base, &registered)));
    // Where no such name occurs, the constraint has no effect.
    assert_eq!(Chain::new(&base, &base, &alternative(MAIL, b"a@example.com")).errors(), []);
    assert_eq!(Chain::new(&[der(DNS, &[b"example.com"])], &[], &registered).errors(), []);
    // An address outside of ASCII, which constraints on mail addresses cover.
    let mailbox = der(0xa0, &[&oid("1.3.6.1.5.5.7.8.9"), &der(0xa0, &[&der(UTF8, &["ä@example.com".as_bytes()])])]);
    let names = Names { alternative: Some(mailbox), ..subject("SmtpUTF8Mailbox", name("Signer")) };
    assert!(!Chain::new(&[der(MAIL, &[b"example.com"])], &[], &names).errors().is_empty());
}

#[test]
fn many_names_and_many_constraints_are_bounded() {
    let names = |count: usize| {
        let all: Vec<u8> = (0..count).flat_map(|n| der(DNS, &[format!("h{n}.example.com").as_bytes()])).collect();
        Names { label: "many".into(), subject: name("Signer"), alternative: Some(all) }
    };
    let bases: Vec<_> = (0..1000).map(|n| der(DNS, &[format!("x{n}.example.org").as_bytes()])).collect();
    assert_eq!(Chain::new(&[], &bases, &names(50)).errors(), []);
    assert!(matches!(Chain::new(&[], &bases, &names(1000)).errors()[..], [PathError::TooComplex { .. }]));
}

/// Every base, permitted and excluded, with every name.
fn chains() -> Vec<Chain> {
    let mut bases: Vec<(String, Vec<u8>)> = Vec::new();
    for text in ["a@example.com", "A@Example.com", "example.com", ".example.com", "EXAMPLE.COM"] {
        bases.push((format!("mail {text}"), der(MAIL, &[text.as_bytes()])));
    }
    for text in ["example.com", ".example.com", "WWW.example.com"] {
        bases.push((format!("DNS {text}"), der(DNS, &[text.as_bytes()])));
    }
    for (tag, text) in [(PRINTABLE, "Dummy Card"), (UTF8, "dummy  CARD"), (BMP, "Dummy Card"), (UTF8, "Other")] {
        bases.push((format!("directory {tag:02x} {text}"), der(0xa4, &[&directory(&[(O, tag, text)])])));
    }
    let mut names = Vec::new();
    let addresses =
        ["a@example.com", "A@example.com", "a@EXAMPLE.com", "b@example.com", "a@www.example.com", "a@example.org"];
    for text in addresses {
        names.extend([alternative(MAIL, text.as_bytes()), with_mail(text)]);
    }
    for text in ["example.com", "EXAMPLE.com", "www.example.com", "a.www.example.com", "badexample.com", "example.org"]
    {
        names.push(alternative(DNS, text.as_bytes()));
    }
    for (tag, text) in [
        (PRINTABLE, "Dummy Card"),
        (UTF8, "Dummy Card"),
        (BMP, "Dummy Card"),
        (UTF8, "DUMMY CARD"),
        (PRINTABLE, " Dummy   Card "),
        (UTF8, "Dummy Cards"),
        (UTF8, "DummyCard"),
    ] {
        names.push(subject(&format!("subject {tag:02x} {text}"), of(tag, text)));
        let alternative = Some(der(0xa4, &[&of(tag, text)]));
        names.push(Names { label: format!("two {tag:02x} {text}"), subject: of(UTF8, "Dummy Card"), alternative });
    }
    let mut chains = Vec::new();
    for (label, base) in &bases {
        for names in &names {
            let only = [base.clone()];
            for (how, mut chain) in
                [("permitted", Chain::new(&only, &[], names)), ("excluded", Chain::new(&[], &only, names))]
            {
                chain.label = format!("{how} {label} | {}", chain.label);
                chains.push(chain);
            }
        }
    }
    chains
}

/// Returns whether the tool is missing, which fails if `CQM_INTEROP` requires it.
fn missing(what: &str, there: bool) -> bool {
    if !there {
        assert_ne!(std::env::var("CQM_INTEROP").as_deref(), Ok("required"), "{what} is missing");
        println!("skipped: {what} is missing");
    }
    !there
}

fn write(folder: &Path, chains: &[Chain]) {
    let root = Draft::root(&Key::p256(1)).signed_by(&Key::p256(1));
    fs::write(folder.join("root.pem"), certificate_pem(&root)).unwrap();
    for (at, chain) in chains.iter().enumerate() {
        fs::write(folder.join(format!("{at}.issuer.pem")), certificate_pem(&chain.intermediate)).unwrap();
        fs::write(folder.join(format!("{at}.pem")), certificate_pem(&chain.leaf)).unwrap();
    }
}

/// The labels of the chains on which the verdicts differ, with whether the other tool accepts.
fn differences(chains: &[Chain], other: impl Fn(usize) -> bool) -> Vec<(String, bool)> {
    let verdicts = chains.iter().enumerate().map(|(at, chain)| (chain, chain.errors().is_empty(), other(at)));
    verdicts
        .filter(|(_, ours, theirs)| ours != theirs)
        .map(|(chain, _, theirs)| (chain.label.clone(), theirs))
        .collect()
}

#[test]
fn openssl_judges_the_same() {
    if missing("openssl", Command::new("openssl").arg("version").output().is_ok()) {
        return;
    }
    let (folder, chains) = (tempfile::tempdir().unwrap(), chains());
    write(folder.path(), &chains);
    let accepts = |at: usize| {
        let mut command = Command::new("openssl");
        command.current_dir(folder.path()).args(["verify", "-attime", &MIDDLE.seconds().to_string()]);
        command.args(["-CAfile", "root.pem", "-untrusted", &format!("{at}.issuer.pem"), &format!("{at}.pem")]);
        command.output().unwrap().status.success()
    };
    let differences = differences(&chains, accepts);
    assert!(differences.is_empty(), "{} of {}: {differences:#?}", differences.len(), chains.len());
}

#[test]
fn pyhanko_judges_the_same() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python =
        std::env::var_os("CQM_PYTHON").map_or_else(|| repository.join("target/interop/venv/bin/python"), PathBuf::from);
    if missing("pyHanko", python.exists()) {
        return;
    }
    let (folder, chains) = (tempfile::tempdir().unwrap(), chains());
    write(folder.path(), &chains);
    let mut command = Command::new(python);
    command.arg(repository.join("tests/interop/verify-paths.py")).arg(folder.path());
    let output = command.args([chains.len().to_string(), MIDDLE.seconds().to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verdicts: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdicts.len(), chains.len());
    let differences = differences(&chains, |at| verdicts[at]);
    // RFC 5280 defines no leading dot for host names. Here, as in OpenSSL, rustls and NSS, it means
    // the hosts in the domain; in pyHanko such a base contains no host.
    let with_dot = |label: &str| label.contains("DNS .example.com | 82 ");
    let unexplained: Vec<_> = differences.iter().filter(|(label, _)| !with_dot(label)).collect();
    assert!(unexplained.is_empty(), "{} of {}: {unexplained:#?}", unexplained.len(), chains.len());
    assert_eq!(differences.len(), 4, "{differences:#?}");
}
