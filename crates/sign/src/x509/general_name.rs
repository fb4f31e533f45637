//! General names (RFC 5280 section 4.2.1.6) as slices of the original bytes.

use crate::{
    asn1::{DerError, Elements, SEQUENCE},
    x509::directory_name::DirectoryName,
};

/// A general name: its form, and its content octets. The content of a directory name is that of its
/// sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GeneralName<'a> {
    pub(super) form: Form,
    pub(super) content: &'a [u8],
}

/// The forms of general names, in the order of their tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Other,
    Mail,
    Dns,
    X400,
    Directory,
    EdiParty,
    Uri,
    IpAddress,
    RegisteredId,
}

impl Form {
    fn from_tag(tag: u8) -> Option<Self> {
        Some(match tag {
            0xa0 => Self::Other,
            0x81 => Self::Mail,
            0x82 => Self::Dns,
            0xa3 => Self::X400,
            0xa4 => Self::Directory,
            0xa5 => Self::EdiParty,
            0x86 => Self::Uri,
            0x87 => Self::IpAddress,
            0x88 => Self::RegisteredId,
            _ => return None,
        })
    }

    /// The name of the form in RFC 5280.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Other => "otherName",
            Self::Mail => "rfc822Name",
            Self::Dns => "dNSName",
            Self::X400 => "x400Address",
            Self::Directory => "directoryName",
            Self::EdiParty => "ediPartyName",
            Self::Uri => "uniformResourceIdentifier",
            Self::IpAddress => "iPAddress",
            Self::RegisteredId => "registeredID",
        }
    }
}

impl<'a> GeneralName<'a> {
    /// Reads the next general name.
    pub(super) fn read(elements: &mut Elements<'a>) -> Result<Self, DerError> {
        let element = elements.next()?;
        let form = Form::from_tag(element.tag).ok_or(DerError::Value)?;
        let content = match form {
            Form::Directory => {
                let mut name = Elements::new(element.value);
                let content = name.expect(SEQUENCE)?;
                name.finish()?;
                content
            }
            _ => element.value,
        };
        Ok(Self { form, content })
    }

    /// Reads all general names that are left.
    pub(super) fn read_all(mut elements: Elements<'a>) -> Result<Vec<Self>, DerError> {
        let mut names = Vec::new();
        while !elements.is_empty() {
            names.push(Self::read(&mut elements)?);
        }
        Ok(names)
    }

    /// Returns whether both are the same name: directory names by the rules of RFC 5280 section
    /// 7.1, all others byte by byte.
    pub(super) fn matches(&self, other: &GeneralName<'_>) -> bool {
        let same_directory_name = || {
            let names = (DirectoryName::read(self.content), DirectoryName::read(other.content));
            matches!(names, (Ok(one), Ok(other)) if one == other)
        };
        self.form == other.form
            && (self.content == other.content || self.form == Form::Directory && same_directory_name())
    }
}
