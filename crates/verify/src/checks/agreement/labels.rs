//! The labels on the pages: those of the token, each once.

use std::collections::BTreeMap;

use cqm_core::{Certificate, Label, ReservedPositions};

use super::reading::Reading;

/// Returns, for each label, the number of times that the token lists it, minus the number of times
/// that the pages print it.
pub(super) fn differences<'l>(certificate: &Certificate, lines: impl Iterator<Item = &'l str>) -> BTreeMap<Label, i64> {
    let mut differences: BTreeMap<Label, i64> = BTreeMap::new();
    let mut count = |label: Label, more: i64| {
        let difference = differences.entry(label).or_default();
        *difference = difference.saturating_add(more);
    };
    certificate.labels().for_each(|(_, label)| count(*label, 1));
    let mut printed = Vec::new();
    for line in lines {
        find(line, &mut printed);
    }
    printed.into_iter().for_each(|label| count(label, -1));
    differences
}

/// Finds the labels that a person reads in a line, whatever is before and after them.
///
/// White space inside a label may be too narrow to see, signs between its characters do not hide
/// it, and a person reads small letters as their capitals. So ten letters and digits are read with
/// and without what is between them, and in both cases.
fn find(line: &str, found: &mut Vec<Label>) {
    const FIRST: u16 = 1 << (Label::LENGTH - 1);
    const ALL: u16 = FIRST | (FIRST - 1);
    // The last ten letters and digits, without separators and as capitals. A bit for each of them
    // in `begins` if it begins a word, and in `small` if it is a small letter; the lowest bit is
    // for the last one.
    let mut text = [0_u8; Label::LENGTH];
    let (mut begins, mut small) = (0_u16, 0_u16);
    let mut in_word = false;
    for reading in line.chars().map(Reading::of).chain([Reading::Space]) {
        if let Some(latin) = reading.folded() {
            let [_, last @ ..] = text;
            text = std::array::from_fn(|at| last.get(at).copied().unwrap_or(latin));
            begins = begins << 1 | u16::from(!in_word);
            small = small << 1 | u16::from(matches!(reading, Reading::Small(_)));
            in_word = true;
            continue;
        }
        if in_word && begins & FIRST != 0 {
            let is_plain = begins & (FIRST - 1) == 0 && small & ALL == 0;
            // In pieces or in small letters, only what can hardly be anything but a label.
            let reserved = if is_plain { ReservedPositions::Tolerate } else { ReservedPositions::Refuse };
            found.extend(str::from_utf8(&text).ok().and_then(|label| Label::parse(label, reserved).ok()));
        }
        in_word = false;
        if reading == Reading::Other {
            begins = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels in a line.
    fn labels(line: &str) -> Vec<String> {
        let mut found = Vec::new();
        find(line, &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn other_letters_separate_words() {
        for character in ['Щ', 'Ω', '漢', 'ä'] {
            assert_eq!(labels(&format!("399{character}02000DA")), [""; 0], "{character}");
            assert_eq!(labels(&format!("{character} 39902000DA")), ["39902000DA"], "{character}");
        }
    }

    #[test]
    fn a_label_is_read_with_and_without_what_is_between_its_characters() {
        for line in [
            "39902000DA",
            "399 0200 0DA",
            "3-9-9-0-2-0-0-0-D-A",
            "39902.000/DA",
            "39902·000–DA",
            "39902000da",
            "39902000Da",
            "399-02 000dA",
            "(39902)(000DA)",
        ] {
            assert_eq!(labels(line), ["39902000DA"], "{line}");
        }
        for line in ["X39902000DA", "39902000DAX", "3990200-0DAX", "39902100da", "39902-100DA", "3990200DA"] {
            assert_eq!(labels(line), [""; 0], "{line}");
        }
        // With other reserved positions it is one only as a word.
        assert_eq!(labels("39902100DA"), ["39902100DA"]);
    }
}
