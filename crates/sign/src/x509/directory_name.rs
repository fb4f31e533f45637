//! Directory names in the form in which they are compared (RFC 5280 section 7.1).

use const_oid::db::rfc3280;
use unicode_normalization::UnicodeNormalization as _;

use crate::asn1::{DerError, Element, Elements, OBJECT_IDENTIFIER, SEQUENCE, SET};

/// A directory name. Two are equal if RFC 5280 section 7.1 calls them the same: strings without
/// regard to case, to the type of the string and to extra white space, all other values byte by
/// byte, and the attributes of one relative name in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DirectoryName(Vec<Vec<Attribute>>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Attribute {
    /// The content octets of the OID.
    kind: Vec<u8>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    /// A string, prepared for comparison.
    Text(String),
    /// The element of a value that is not a string.
    Other(Vec<u8>),
}

impl DirectoryName {
    /// Reads the content octets of a name.
    pub(super) fn read(content: &[u8]) -> Result<Self, DerError> {
        let mut relative_names: Vec<Vec<Attribute>> = Vec::new();
        for_each_attribute(content, |at, kind, value| {
            let attribute = Attribute {
                kind: kind.to_vec(),
                value: match text(value.tag, value.value) {
                    Some(text) => Value::Text(prepare(&text)),
                    None => Value::Other(value.raw.to_vec()),
                },
            };
            match relative_names.get_mut(at) {
                Some(attributes) => attributes.push(attribute),
                None => relative_names.push(vec![attribute]),
            }
        })?;
        relative_names.iter_mut().for_each(|attributes| attributes.sort());
        Ok(Self(relative_names))
    }

    /// Returns whether the name is in the subtree under `base`, or is `base` itself.
    pub(super) fn is_within(&self, base: &Self) -> bool {
        self.0.starts_with(&base.0)
    }
}

/// The `emailAddress` attributes of a name, given by its content octets; `None` for one that is not
/// a string.
pub(super) fn mail_addresses(content: &[u8]) -> Result<Vec<Option<String>>, DerError> {
    let mut addresses = Vec::new();
    for_each_attribute(content, |_, kind, value| {
        if kind == rfc3280::EMAIL_ADDRESS.as_bytes() {
            addresses.push(text(value.tag, value.value));
        }
    })?;
    Ok(addresses)
}

/// Calls `found` with the position of the relative name, the type and the value of each attribute.
fn for_each_attribute<'a>(
    content: &'a [u8],
    mut found: impl FnMut(usize, &'a [u8], Element<'a>),
) -> Result<(), DerError> {
    let mut names = Elements::new(content);
    let mut at = 0_usize;
    while !names.is_empty() {
        let mut attributes = names.enter(SET)?;
        if attributes.is_empty() {
            return Err(DerError::Value);
        }
        while !attributes.is_empty() {
            let mut attribute = attributes.enter(SEQUENCE)?;
            let kind = attribute.expect(OBJECT_IDENTIFIER)?;
            let value = attribute.next()?;
            attribute.finish()?;
            found(at, kind, value);
        }
        at = at.saturating_add(1);
    }
    Ok(())
}

/// Decodes a string of any type that occurs in names; `None` for other values and malformed
/// strings.
///
/// `TeletexString` is read as Latin-1, as other programs read it.
fn text(tag: u8, content: &[u8]) -> Option<String> {
    const UTF8_STRING: u8 = 0x0c;
    const NUMERIC_STRING: u8 = 0x12;
    const PRINTABLE_STRING: u8 = 0x13;
    const TELETEX_STRING: u8 = 0x14;
    const IA5_STRING: u8 = 0x16;
    const VISIBLE_STRING: u8 = 0x1a;
    const UNIVERSAL_STRING: u8 = 0x1c;
    const BMP_STRING: u8 = 0x1e;
    match tag {
        UTF8_STRING => String::from_utf8(content.to_vec()).ok(),
        NUMERIC_STRING | PRINTABLE_STRING | IA5_STRING | VISIBLE_STRING if content.is_ascii() => {
            String::from_utf8(content.to_vec()).ok()
        }
        TELETEX_STRING => Some(content.iter().copied().map(char::from).collect()),
        BMP_STRING => {
            let (units, []) = content.as_chunks::<2>() else { return None };
            char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit))).collect::<Result<_, _>>().ok()
        }
        UNIVERSAL_STRING => {
            let (units, []) = content.as_chunks::<4>() else { return None };
            units.iter().map(|unit| char::from_u32(u32::from_be_bytes(*unit))).collect()
        }
        _ => None,
    }
}

/// Prepares a string for comparison, in the steps of RFC 4518: map, normalise, fold the case, and
/// compress white space. Characters that RFC 4518 prohibits stay and are compared like others.
fn prepare(text: &str) -> String {
    let mapped = text.chars().filter(|c| c.is_whitespace() || !(c.is_control() || is_invisible(*c)));
    // Upper case first unifies the letters that have several small forms, such as the two sigmas.
    let folded: String = mapped.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The characters that RFC 4518 section 2.2 maps to nothing, except for control characters.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2063}' | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::encode;

    fn name(attributes: &[(&[u8], u8, &[u8])]) -> DirectoryName {
        let relative_name = |&(kind, tag, value): &(&[u8], u8, &[u8])| {
            let attribute = encode(SEQUENCE, &[&encode(OBJECT_IDENTIFIER, &[kind]), &encode(tag, &[value])]);
            encode(SET, &[&attribute])
        };
        DirectoryName::read(&attributes.iter().flat_map(relative_name).collect::<Vec<_>>()).unwrap()
    }

    const O: &[u8] = &[0x55, 4, 10];
    const CN: &[u8] = &[0x55, 4, 3];

    #[test]
    fn strings_are_compared_without_case_white_space_and_type() {
        let plain = name(&[(O, 0x13, b"Dummy Card")]);
        for (tag, same) in [
            (0x0c, &b"Dummy Card"[..]),
            (0x0c, b"dUMMY cARD"),
            (0x13, b"  Dummy   Card "),
            (0x0c, "Dummy\u{a0}\u{200b}Ca\u{ad}rd".as_bytes()),
            (0x14, b"dummy card"),
            (0x1e, &b"Dummy Card".map(|octet| [0, octet]).concat()),
            (0x1c, &b"Dummy Card".map(|octet| [0, 0, 0, octet]).concat()),
        ] {
            assert_eq!(name(&[(O, tag, same)]), plain, "{tag}");
        }
        for (kind, tag, other) in [
            (O, 0x13, &b"DummyCard"[..]),
            (O, 0x13, b"Dummy Cards"),
            (CN, 0x13, b"Dummy Card"),
            (O, 0x04, b"Dummy Card"),
            (O, 0x1e, b"Dummy Card"),
            (O, 0x0c, b"Dummy Card\xff"),
        ] {
            assert_ne!(name(&[(kind, tag, other)]), plain, "{tag}");
        }
        let fold = |text: &str| prepare(text);
        assert_eq!(fold("STRASSE"), fold("straße"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_eq!(fold("e\u{301}"), fold("É"));
        assert_ne!(fold("e"), fold("é"));
    }

    #[test]
    fn a_subtree_is_a_prefix_of_whole_relative_names() {
        let base = name(&[(O, 0x13, b"Dummy")]);
        assert!(base.is_within(&base));
        assert!(base.is_within(&name(&[])));
        assert!(name(&[(O, 0x0c, b"DUMMY"), (CN, 0x0c, b"x")]).is_within(&base));
        assert!(!name(&[(O, 0x0c, b"Dummy 2")]).is_within(&base));
        assert!(!name(&[(CN, 0x0c, b"x"), (O, 0x13, b"Dummy")]).is_within(&base));
        assert!(!name(&[]).is_within(&base));
    }
}
