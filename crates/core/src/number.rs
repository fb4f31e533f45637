//! Numbers of companies, sites and certificates, and GVCP identifiers.

use core::{fmt, str::FromStr};

use crate::{label::Character, text::Quoted};

/// Defines a type for a number of two characters, `0-9A-Z` (section 4.3).
macro_rules! two_characters {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 2]);

        impl $name {
            /// Creates the number from two bytes of [`Character`]s.
            pub(crate) fn from_characters(characters: [u8; 2]) -> Self {
                Self(characters)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let [first, second] = self.0.map(char::from);
                write!(f, "{first}{second}")
            }
        }

        impl FromStr for $name {
            type Err = NumberError;

            fn from_str(text: &str) -> Result<Self, NumberError> {
                let mut characters = text.chars().map(Character::new);
                match (characters.next(), characters.next(), characters.next()) {
                    (Some(Some(first)), Some(Some(second)), None) => Ok(Self([first.0, second.0])),
                    _ => Err(NumberError { what: $what, text: text.into(), expected: "two characters, 0 to 9 or A to Z" }),
                }
            }
        }

        crate::text::serde_as_text!($name);
    };
}

two_characters! {
    /// `CC`, the registration number of a company (section 4.3).
    CompanyNumber, "company number"
}

two_characters! {
    /// `LL`, the number of a site within its company (section 4.3).
    SiteNumber, "site number"
}

/// The numbers that identify a site, written `CC-LL`: "99-02".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteReference {
    /// The number of the company.
    pub company: CompanyNumber,
    /// The number of the site within its company.
    pub number: SiteNumber,
}

impl fmt::Display for SiteReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.company, self.number)
    }
}

impl FromStr for SiteReference {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        text.split_once('-')
            .and_then(|(company, number)| Some(Self { company: company.parse().ok()?, number: number.parse().ok()? }))
            .ok_or_else(|| NumberError {
                what: "site",
                text: text.into(),
                expected: "the number of the company, a hyphen and the number of the site, as in 99-02",
            })
    }
}

crate::text::serde_as_text!(SiteReference);

/// Defines a type for a text of 1 to `$limit` characters that `$allowed` accepts.
macro_rules! short_code {
    ($(#[$doc:meta])* $name:ident, $what:literal, $limit:literal, $expected:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NumberError;

            fn from_str(text: &str) -> Result<Self, NumberError> {
                if (1..=$limit).contains(&text.len()) && text.bytes().all($allowed) {
                    Ok(Self(text.into()))
                } else {
                    Err(NumberError { what: $what, text: text.into(), expected: $expected })
                }
            }
        }

        crate::text::serde_as_text!($name);
    };
}

short_code! {
    /// The number of a certificate: `CQM-2023-0099`. No two certificates have the same number.
    CertificateNumber, "certificate number", 40, "1 to 40 characters, 0 to 9, A to Z or -",
    |byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-'
}

short_code! {
    /// CID, the identifier of a site in the security certification GVCP (section 1.3).
    Cid, "CID", 20, "1 to 20 characters, 0 to 9, A to Z or -",
    |byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-'
}

/// The text does not have the form of its number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a {what}: expected {expected}", Quoted(text))]
pub struct NumberError {
    what: &'static str,
    text: String,
    expected: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_companies_have_two_characters() {
        for text in ["99", "0A", "Z9"] {
            assert_eq!(text.parse::<CompanyNumber>().unwrap().to_string(), text);
        }
        for text in ["", "9", "999", "9a", "9é", "９9", "9 "] {
            assert!(text.parse::<CompanyNumber>().is_err(), "{text}");
        }
    }

    #[test]
    fn sites_are_written_with_their_company() {
        let site: SiteReference = "99-02".parse().unwrap();
        assert_eq!((site.company.to_string(), site.number.to_string()), ("99".into(), "02".into()));
        assert_eq!(site.to_string(), "99-02");
        for text in ["", "-", "9902", "99-2", "99-02-", "99--2", "99 - 02", "99–02"] {
            assert!(text.parse::<SiteReference>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_of_certificates_stay_short_and_plain() {
        for text in ["CQM-2023-0099", "1", &"1".repeat(40)] {
            assert!(text.parse::<CertificateNumber>().is_ok(), "{text}");
        }
        for text in ["", "cqm-1", "CQM 1", "CQM/1", &"1".repeat(41)] {
            assert!(text.parse::<CertificateNumber>().is_err(), "{text}");
        }
    }

    #[test]
    fn identifiers_of_the_gvcp_have_up_to_20_characters() {
        for (length, allowed) in [(0, false), (1, true), (20, true), (21, false)] {
            assert_eq!("A".repeat(length).parse::<Cid>().is_ok(), allowed, "{length}");
        }
    }
}
