//! The names of a certificate, and the bases of constraints, each by the rules of its form.

use core::fmt;

use const_oid::db::rfc5280;

use super::Match;
use crate::{
    asn1::{DerError, Elements, OBJECT_IDENTIFIER, SEQUENCE},
    x509::{
        X509Certificate,
        directory_name::{self, DirectoryName},
        general_name::{Form, GeneralName},
    },
};

/// The content octets of `id-on-SmtpUTF8Mailbox`: constraints on mail addresses apply to such names
/// too (RFC 9598 section 6).
const SMTP_UTF8_MAILBOX: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09];

/// A name of a certificate.
#[derive(Debug)]
pub(super) enum Name {
    /// `None` for an address that is not one, or has characters outside of ASCII.
    Mail {
        text: String,
        mailbox: Option<Mailbox>,
    },
    /// `None` for what is not a host name. A wildcard keeps its `*`.
    Dns {
        text: String,
        host: Option<String>,
    },
    /// `None` for a URI without a host name.
    Uri {
        text: String,
        host: Option<String>,
    },
    Directory {
        text: String,
        name: DirectoryName,
    },
    IpAddress(Vec<u8>),
    /// A name that can't be compared.
    Unsupported(Form),
}

/// A mail address.
#[derive(Debug)]
pub(super) struct Mailbox {
    /// Compared with its case (RFC 5280 section 7.5).
    local: String,
    /// In lower case.
    host: String,
}

/// The base of a subtree of names.
#[derive(Debug)]
pub(super) enum Base {
    Mailbox(Mailbox),
    /// A host, or all hosts of a domain, for mail addresses.
    MailHost(Hosts),
    Dns(Hosts),
    Uri(Hosts),
    Directory(DirectoryName),
    IpAddress {
        address: Vec<u8>,
        mask: Vec<u8>,
    },
    /// A base that can't be compared.
    Unsupported(Form),
}

/// A set of host names.
#[derive(Debug)]
pub(super) enum Hosts {
    All,
    /// Only this one.
    One(String),
    /// This one and those in it.
    Domain(String),
    /// Those in this domain, without itself. Begins with a dot.
    Inside(String),
}

/// Returns every name of a certificate that a constraint can meet.
pub(super) fn names(certificate: &X509Certificate) -> Result<Vec<Name>, DerError> {
    let mut names = Vec::new();
    let subject = certificate.subject_content();
    if !subject.is_empty() {
        let name = certificate.subject_name().ok_or(DerError::Value)?.clone();
        names.push(Name::Directory { text: certificate.subject(), name });
    }
    for address in directory_name::mail_addresses(subject)? {
        names.push(Name::mail(address.as_deref().unwrap_or_default()));
    }
    if let Some(value) = certificate.extension(rfc5280::ID_CE_SUBJECT_ALT_NAME) {
        for name in GeneralName::read_all(Elements::only(value, SEQUENCE)?)? {
            names.push(Name::read(name)?);
        }
    }
    Ok(names)
}

impl Name {
    fn read(name: GeneralName<'_>) -> Result<Self, DerError> {
        let text = String::from_utf8_lossy(name.content);
        Ok(match name.form {
            Form::Mail => Self::mail(&text),
            Form::Dns => {
                let host =
                    text.strip_prefix("*.").map_or_else(|| host(&text), |rest| Some(format!("*.{}", host(rest)?)));
                Self::Dns { host, text: text.into_owned() }
            }
            Form::Uri => Self::Uri { host: host_of_uri(&text), text: text.into_owned() },
            Form::Directory => Self::Directory {
                text: "in the alternative names".to_owned(),
                name: DirectoryName::read(name.content)?,
            },
            Form::IpAddress => Self::IpAddress(name.content.to_vec()),
            Form::Other if Elements::new(name.content).expect(OBJECT_IDENTIFIER)? == SMTP_UTF8_MAILBOX => {
                Self::Mail { text: "an internationalized address".to_owned(), mailbox: None }
            }
            form => Self::Unsupported(form),
        })
    }

    fn mail(text: &str) -> Self {
        Self::Mail { text: text.to_owned(), mailbox: Mailbox::read(text) }
    }

    pub(super) fn form(&self) -> Form {
        match self {
            Self::Mail { .. } => Form::Mail,
            Self::Dns { .. } => Form::Dns,
            Self::Uri { .. } => Form::Uri,
            Self::Directory { .. } => Form::Directory,
            Self::IpAddress(_) => Form::IpAddress,
            Self::Unsupported(form) => *form,
        }
    }

    /// Returns whether the name is not one of its form. No constraint on this form permits it.
    pub(super) fn is_malformed(&self) -> bool {
        match self {
            Self::Mail { mailbox, .. } => mailbox.is_none(),
            Self::Dns { host, .. } | Self::Uri { host, .. } => host.is_none(),
            Self::IpAddress(address) => !matches!(address.len(), 4 | 16),
            Self::Directory { .. } | Self::Unsupported(_) => false,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail { text, .. } => write!(f, "mail address {text:?}"),
            Self::Dns { text, .. } => write!(f, "host name {text:?}"),
            Self::Uri { text, .. } => write!(f, "URI {text:?}"),
            Self::Directory { text, .. } => write!(f, "directory name {text:?}"),
            Self::IpAddress(octets) => write!(f, "IP address {}", base16ct::lower::encode_string(octets)),
            Self::Unsupported(form) => f.write_str(form.as_str()),
        }
    }
}

impl Base {
    pub(super) fn read(base: GeneralName<'_>) -> Result<Self, DerError> {
        let text = || core::str::from_utf8(base.content).map_err(|_| DerError::Value);
        Ok(match base.form {
            Form::Mail => match text()? {
                mailbox if mailbox.contains('@') => Self::Mailbox(Mailbox::read(mailbox).ok_or(DerError::Value)?),
                hosts => Self::MailHost(Hosts::read(hosts, Hosts::One)?),
            },
            Form::Dns => Self::Dns(Hosts::read(text()?, Hosts::Domain)?),
            Form::Uri => Self::Uri(Hosts::read(text()?, Hosts::One)?),
            Form::Directory => Self::Directory(DirectoryName::read(base.content)?),
            Form::IpAddress => {
                let (address, mask) = base.content.split_at(base.content.len().div_euclid(2));
                if !matches!(base.content.len(), 8 | 32) || !is_prefix_mask(mask) {
                    return Err(DerError::Value);
                }
                Self::IpAddress { address: address.to_vec(), mask: mask.to_vec() }
            }
            form => Self::Unsupported(form),
        })
    }

    pub(super) fn form(&self) -> Form {
        match self {
            Self::Mailbox(_) | Self::MailHost(_) => Form::Mail,
            Self::Dns(_) => Form::Dns,
            Self::Uri(_) => Form::Uri,
            Self::Directory(_) => Form::Directory,
            Self::IpAddress { .. } => Form::IpAddress,
            Self::Unsupported(form) => *form,
        }
    }

    /// Compares with a name of the same form that is not malformed.
    pub(super) fn compare(&self, name: &Name) -> Match {
        let inside = match (self, name) {
            (Self::Mailbox(base), Name::Mail { mailbox: Some(name), .. }) => {
                base.local == name.local && base.host == name.host
            }
            (Self::MailHost(hosts), Name::Mail { mailbox: Some(name), .. }) => hosts.contain(&name.host),
            (Self::Dns(hosts), Name::Dns { host: Some(host), .. }) => hosts.contain(host),
            (Self::Uri(hosts), Name::Uri { host: Some(host), .. }) => hosts.contain(host),
            (Self::Directory(base), Name::Directory { name, .. }) => name.is_within(base),
            (Self::IpAddress { address, mask }, Name::IpAddress(name)) => {
                let masked =
                    |octets: &[u8]| octets.iter().zip(mask).map(|(octet, mask)| octet & mask).collect::<Vec<_>>();
                address.len() == name.len() && masked(address) == masked(name)
            }
            _ => return Match::Unknown,
        };
        if inside { Match::Inside } else { Match::Outside }
    }

    /// Returns whether some host that a wildcard stands for is in a set of hosts.
    pub(super) fn may_contain_one_of(&self, name: &Name) -> bool {
        let (Self::Dns(hosts), Name::Dns { host: Some(host), .. }) = (self, name) else { return false };
        host.strip_prefix("*.").is_some_and(|domain| hosts.reach_into(domain))
    }
}

impl Mailbox {
    fn read(text: &str) -> Option<Self> {
        let (local, at) = text.rsplit_once('@')?;
        let readable = text.is_ascii() && !local.is_empty();
        readable.then(|| Some(Self { local: local.to_owned(), host: host(at)? })).flatten()
    }
}

impl Hosts {
    /// Reads a constraint. Without a leading dot it means one host, or a domain.
    fn read(text: &str, plain: fn(String) -> Self) -> Result<Self, DerError> {
        if text.is_empty() {
            return Ok(Self::All);
        }
        match text.strip_prefix('.') {
            Some(domain) => host(domain).map(|domain| Self::Inside(format!(".{domain}"))),
            None => host(text).map(plain),
        }
        .ok_or(DerError::Value)
    }

    /// Returns whether a host, or all that a wildcard stands for, is in the set.
    fn contain(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => host == one,
            Self::Domain(domain) => {
                host == domain || host.strip_suffix(domain.as_str()).is_some_and(|left| left.ends_with('.'))
            }
            Self::Inside(domain) => host.strip_suffix(domain.as_str()).is_some_and(|left| !left.is_empty()),
        }
    }

    /// Returns whether a host directly in `domain` is in the set.
    fn reach_into(&self, domain: &str) -> bool {
        let (Self::One(one) | Self::Domain(one)) = self else { return false };
        one.split_once('.').is_some_and(|(_, parent)| parent == domain)
    }
}

/// Reads a host name in lower case; `None` for what is not one, such as an address. The root's dot
/// at the end is dropped.
fn host(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
    };
    text.split('.').all(is_label).then(|| text.to_ascii_lowercase())
}

/// The host name of a URI; `None` without one. Constraints do not apply to URIs with an address
/// instead, which must be refused (RFC 5280 section 4.2.1.10).
fn host_of_uri(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    let name = match address.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|octet| octet.is_ascii_digit()) => name,
        _ => address,
    };
    let is_address = name.rsplit('.').next().is_some_and(|label| label.bytes().all(|octet| octet.is_ascii_digit()));
    host(name).filter(|_| !is_address)
}

/// Returns whether the mask has ones, and then only zeros.
fn is_prefix_mask(mask: &[u8]) -> bool {
    let ones: u32 = mask.iter().map(|octet| octet.leading_ones()).sum();
    let first_other = mask.iter().position(|octet| *octet != 0xff).unwrap_or(mask.len());
    let rest = mask.get(first_other..).unwrap_or_default();
    let (partial, zeros) = rest.split_first().map_or((0, rest), |(first, zeros)| (*first, zeros));
    ones > 0 && partial.leading_ones() == partial.count_ones() && zeros.iter().all(|octet| *octet == 0)
        || mask.iter().all(|octet| *octet == 0)
}
