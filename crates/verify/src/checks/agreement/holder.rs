//! The holder's name on the pages: as large as a holder's name is printed, there is no other.

use unicode_normalization::UnicodeNormalization as _;

use crate::evidence::PrintedLine;

/// The most lines of the title above the holder's name.
const MOST_TITLE_LINES: usize = 2;

/// The difference of two font sizes that are the same, in points.
const SAME_SIZE: f64 = 0.05;

/// What is wrong with the holder's name on the pages.
#[derive(Debug, PartialEq)]
pub(super) enum Fault<'l> {
    /// No line, and no lines that follow each other, are the name.
    NotPrinted,
    /// This line is as large as the name, or larger, and is neither the name nor the title.
    AsLarge(&'l str),
}

/// Checks that the name is printed as a name of its own, and that nothing else on the pages is as
/// large, except the title directly above it.
pub(super) fn faults<'l>(lines: &'l [PrintedLine], name: &str) -> Vec<Fault<'l>> {
    let name: String = name.split_whitespace().flat_map(|word| word.nfc()).collect();
    // Every line that is not blank must use up a part of the name, so the search is short.
    let lines: Vec<&PrintedLine> = lines.iter().filter(|line| !line.text.trim_start().is_empty()).collect();
    let mut is_name = vec![false; lines.len()];
    // The place and the size of each name, and the number of lines above it that are its title.
    let mut names: Vec<(usize, f64, usize)> = Vec::new();
    for start in 0..lines.len() {
        let (before, rest) = lines.split_at_checked(start).unwrap_or_default();
        let Some(count) = name_lines(rest, &name) else { continue };
        let size = rest.iter().take(count).map(|line| line.font_size).fold(f64::INFINITY, f64::min);
        is_name.iter_mut().skip(start).take(count).for_each(|is_name| *is_name = true);
        let page = rest.first().map(|line| line.page);
        let above = before.iter().rev().take(MOST_TITLE_LINES);
        let title = above.take_while(|line| Some(line.page) == page && line.font_size > size + SAME_SIZE).count();
        names.push((start, size, title));
    }
    let Some(size) = names.iter().map(|(_, size, _)| *size).max_by(f64::total_cmp) else {
        return vec![Fault::NotPrinted];
    };
    // Only one of the names has a title.
    let titled = names.iter().find(|(_, other, title)| *other >= size - SAME_SIZE && *title != 0);
    let title = titled.map_or(0..0, |(start, _, title)| start.saturating_sub(*title)..*start);
    let others = lines.iter().zip(&is_name).enumerate().filter(|(number, (line, is_name))| {
        !**is_name && !title.contains(number) && line.font_size >= size - SAME_SIZE
    });
    others.map(|(_, (line, _))| Fault::AsLarge(&line.text)).collect()
}

/// The number of lines that are the name and nothing else, from the first of `lines` on.
///
/// White space does not count: a name may be broken within a word, or between East Asian
/// characters, which have none.
fn name_lines(lines: &[&PrintedLine], name: &str) -> Option<usize> {
    let mut rest = name;
    for (count, line) in (1..).zip(lines) {
        rest = line.text.split_whitespace().try_fold(rest, |rest, word| rest.strip_prefix(word))?;
        if rest.is_empty() {
            return Some(count);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[(usize, f64, &str)]) -> Vec<PrintedLine> {
        let line = |&(page, font_size, text): &(usize, f64, &str)| PrintedLine { page, font_size, text: text.into() };
        lines.iter().map(line).collect()
    }

    #[test]
    fn the_name_is_the_largest_text_below_the_title() {
        let letter = [
            (1, 30.0, "Statement of"),
            (1, 30.0, "Quality"),
            (1, 18.0, "A Card"),
            (1, 18.0, "Company"),
            (2, 15.0, "How"),
        ];
        assert_eq!(faults(&lines(&letter), "A Card Company"), []);
        assert_eq!(faults(&lines(&letter), "A Card"), [Fault::AsLarge("Company")]);
        assert_eq!(faults(&lines(&letter), "B"), [Fault::NotPrinted]);
        for more in [(1, 18.0, "Evil"), (2, 18.0, "Evil"), (2, 60.0, "Evil")] {
            let mut letter = letter.to_vec();
            letter.push(more);
            assert_eq!(faults(&lines(&letter), "A Card Company"), [Fault::AsLarge("Evil")], "{more:?}");
        }
        let mut three = letter.to_vec();
        three.insert(0, (1, 30.0, "Evil"));
        assert_eq!(faults(&lines(&three), "A Card Company"), [Fault::AsLarge("Evil")]);
        // The name in a smaller size is no holder's name of its own, and no reason to refuse.
        let mut again = letter.to_vec();
        again.extend([(2, 8.5, "A Card Company"), (2, 8.5, "Evil")]);
        assert_eq!(faults(&lines(&again), "A Card Company"), []);
        // Only one title, although the name is there twice.
        let mut twice = letter.to_vec();
        twice.insert(0, (1, 18.0, "A Card Company"));
        assert_eq!(faults(&lines(&twice), "A Card Company"), []);
        twice.extend([(2, 30.0, "Evil"), (2, 18.0, "A Card Company")]);
        assert_eq!(faults(&lines(&twice), "A Card Company"), [Fault::AsLarge("Evil")]);
    }
}
