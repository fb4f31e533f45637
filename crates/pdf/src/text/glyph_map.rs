//! The one form of a ToUnicode CMap that letters have: written, and read without a lexer.
//!
//! The codes of the glyphs are 1 to the number of glyphs, without gaps, so the characters of all
//! glyphs follow each other in one list. A range ends where the first byte of the codes changes
//! (Adobe Technical Note 5411, 1.4.2), so a font of fewer than 256 glyphs has one.

use super::cmap::{Code, LONGEST_STRICT_TARGET, ToUnicode};

/// Everything before the ranges.
const HEAD: &str = "\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def
/CMapName /Custom def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
";

/// Everything after the ranges.
const TAIL: &str = "\
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
";

/// The most ranges in a section (Adobe Technical Note 5014, 5.5), each of 256 codes: more than the
/// characters of a letter.
const MOST_RANGES: usize = 100;

/// Writes the map of a font whose glyphs from 1 on have these characters. `None` if it has no
/// glyph, too many, or one without characters or with too many.
pub(crate) fn write<'t>(glyphs: impl IntoIterator<Item = &'t str>) -> Option<Vec<u8>> {
    let glyphs: Vec<&str> = glyphs.into_iter().collect();
    let ranges = ranges(u16::try_from(glyphs.len()).ok()?)?;
    let mut map = format!("{HEAD}{} beginbfrange\n", ranges.len());
    let mut rest = glyphs.into_iter();
    for (first, last) in ranges {
        map.push_str(&format!("<{first:04x}> <{last:04x}> ["));
        for characters in rest.by_ref().take(usize::from(last.checked_sub(first)?).checked_add(1)?) {
            let digits: String = characters.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
            if digits.is_empty() || digits.len() > 2 * LONGEST_STRICT_TARGET {
                return None;
            }
            map.push_str(&format!("<{digits}>"));
        }
        map.push_str("]\n");
    }
    map.push_str(TAIL);
    Some(map.into_bytes())
}

/// Reads a map of this form, or nothing if it differs in any byte.
pub(crate) fn read(map: &[u8]) -> Option<ToUnicode> {
    let rest = map.strip_prefix(HEAD.as_bytes())?.strip_suffix(TAIL.as_bytes())?;
    let (count, mut rest) = rest.split_at_checked(rest.iter().position(|byte| *byte == b' ')?)?;
    rest = rest.strip_prefix(b" beginbfrange\n")?;
    let mut result = ToUnicode::default();
    let mut next = 1_u16;
    let mut found = 0_usize;
    while !rest.is_empty() {
        let (first, after) = code(rest)?;
        let (last, after) = code(after.strip_prefix(b" ")?)?;
        rest = after.strip_prefix(b" [")?;
        if first != next || last < first {
            return None;
        }
        for glyph in first..=last {
            rest = characters(rest, glyph, &mut result)?;
        }
        rest = rest.strip_prefix(b"]\n")?;
        next = last.checked_add(1)?;
        found = found.checked_add(1)?;
    }
    let expected = ranges(next.checked_sub(1)?)?;
    (expected.len() == found && found.to_string().as_bytes() == count).then_some(result)
}

/// The first and the last code of each range for the glyphs 1 to `count`.
fn ranges(count: u16) -> Option<Vec<(u16, u16)>> {
    let mut ranges = Vec::new();
    let mut first = 1_u16;
    while first <= count {
        let last = (first | 0xff).min(count);
        ranges.push((first, last));
        first = last.checked_add(1)?;
    }
    (1..=MOST_RANGES).contains(&ranges.len()).then_some(ranges)
}

/// Reads `<0041>`.
fn code(text: &[u8]) -> Option<(u16, &[u8])> {
    let (digits, rest) = text.strip_prefix(b"<")?.split_first_chunk::<4>()?;
    Some((unit(digits)?, rest.strip_prefix(b">")?))
}

/// Reads the UTF-16 of one glyph, in angle brackets. Half a character is refused.
fn characters<'m>(text: &'m [u8], glyph: u16, map: &mut ToUnicode) -> Option<&'m [u8]> {
    let mut rest = text.strip_prefix(b"<")?;
    let mut units = [0_u16; LONGEST_STRICT_TARGET / 2];
    let mut count = 0_usize;
    while rest.first() != Some(&b'>') {
        let (digits, after) = rest.split_first_chunk::<4>()?;
        *units.get_mut(count)? = unit(digits)?;
        count = count.checked_add(1)?;
        rest = after;
    }
    let units = units.get(..count).filter(|units| !units.is_empty())?;
    let text = char::decode_utf16(units.iter().copied()).collect::<Result<String, _>>().ok()?;
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    map.push(Code::new(&glyph.to_be_bytes())?, &text);
    rest.strip_prefix(b">")
}

/// Reads four lower-case hexadecimal digits.
fn unit(digits: &[u8; 4]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |value, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit.checked_sub(b'0'),
            b'a'..=b'f' => digit.checked_sub(b'a' - 10),
            _ => None,
        };
        value.checked_mul(16)?.checked_add(digit?.into())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn listed(map: &ToUnicode) -> Vec<(u32, &str)> {
        map.codes().iter().map(|(code, place)| (code.value(), map.text(place).unwrap())).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let long: Vec<String> = (0..600_u32).map(|n| char::from_u32(0x4e00 + n).unwrap().to_string()).collect();
        for glyphs in [vec!["A"], vec!["A", "fi", "𝒜", "\u{ad}"], long.iter().map(String::as_str).collect()] {
            let map = write(glyphs.iter().copied()).unwrap();
            let map = read(&map).unwrap();
            assert_eq!(listed(&map), (1..).zip(glyphs).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_other_reading_agrees() {
        let glyphs: Vec<String> = (0..300_u32).map(|n| char::from_u32(0x400 + n).unwrap().to_string()).collect();
        let map = write(glyphs.iter().map(String::as_str)).unwrap();
        let text = String::from_utf8(map.clone()).unwrap();
        assert!(text.contains("\n2 beginbfrange\n<0001> <00ff> [<0400>"), "{text}");
        assert!(text.contains("]\n<0100> <012c> [<04ff>"), "{text}");
        let (exact, other) = (read(&map).unwrap(), ToUnicode::strict(&map).unwrap());
        assert_eq!(listed(&exact), listed(&other));
    }

    #[test]
    fn maps_that_cannot_be_written_are_refused() {
        assert!(write([]).is_none());
        assert!(write(["A", ""]).is_none());
        assert!(write(["AAAAAAAA"]).is_some());
        assert!(write(["AAAAAAAAA"]).is_none());
    }

    #[test]
    fn any_other_form_is_refused() {
        let map = String::from_utf8(write(["A", "B", "fi"]).unwrap()).unwrap();
        assert!(read(map.as_bytes()).is_some());
        for (from, to) in [
            ("<0001> <0003>", "<0001> <0002>"),
            ("<0001> <0003>", "<0001> <0004>"),
            ("<0001> <0003>", "<0000> <0003>"),
            ("<0001> <0003>", "<0002> <0003>"),
            ("<0001> <0003>", "<0003> <0001>"),
            ("1 beginbfrange", "2 beginbfrange"),
            ("1 beginbfrange", "01 beginbfrange"),
            ("[<0041><0042>", "[<0041> <0042>"),
            ("<0042>", "<>"),
            ("<0042>", "<42>"),
            ("<0042>", "<d835>"),
            ("<0042>", "<fffd>"),
            ("<0042>", "<004G>"),
            ("<0042>", "<00AD>"),
            ("<00660069>", "<006600690066006900660069006600690066>"),
            ("[<0041>", "[<0041><0041>"),
            ("]\n", "] \n"),
            ("]\n", "]\n<0004> <0004> [<0043>]\n"),
            ("/CMapType 2", "/CMapType 1"),
            ("end\nend\n", "end\nend"),
            ("12 dict", "%x\n12 dict"),
        ] {
            let other = map.replacen(from, to, 1);
            assert_eq!(read(other.as_bytes()).is_some(), other == map, "{from} {to}");
        }
    }
}
