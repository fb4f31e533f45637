//! Words for counts and lists, as the sentences of rules need them.

/// Returns a number with its noun: "1 audit", "3 audits".
pub(in crate::rules) fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Returns the form of a verb that agrees with a number of things.
pub(in crate::rules) fn verb(number: usize, singular: &'static str, plural: &'static str) -> &'static str {
    if number == 1 { singular } else { plural }
}

/// Joins the first four items of a list and counts the others: "39902000DA, 49902000DA and 7 more".
pub(in crate::rules) fn several<T: core::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    const SHOWN: usize = 4;
    let mut items = items.into_iter();
    let shown: Vec<String> = items.by_ref().take(SHOWN).map(|item| item.to_string()).collect();
    let more = match items.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_words() {
        assert_eq!([0, 1, 2].map(|number| count(number, "audit")), ["0 audits", "1 audit", "2 audits"]);
        assert_eq!([0, 1, 2].map(|number| verb(number, "rests", "rest")), ["rest", "rests", "rest"]);
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(several(["a"]), "a");
        assert_eq!(several(["a", "b", "c", "d"]), "a, b, c, d");
        assert_eq!(several(["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
    }
}
