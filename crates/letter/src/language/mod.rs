//! The languages of a letter: every word that is part of neither the certificate nor `letter.toml`.
//!
//! A language is one file: its words, and the defaults of `letter.toml` in it. Dates, the names of
//! countries and all names are the same in every language. The words of the legend are also in
//! `cqm-pdf`, as the bytes that they become on a page.

mod english;
mod french;
mod german;
mod portuguese;
mod spanish;

use serde::Deserialize;

/// A language of the letter, by its tag of BCP 47.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "fr")]
    French,
    #[serde(rename = "de")]
    German,
    #[serde(rename = "pt")]
    Portuguese,
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// Returns the words of this language.
    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::French => &french::WORDS,
            Self::German => &german::WORDS,
            Self::Portuguese => &portuguese::WORDS,
            Self::Spanish => &spanish::WORDS,
        }
    }
}

/// The words of a letter in one language.
pub(crate) struct Words {
    /// The language tag of the document, BCP 47.
    pub(crate) tag: &'static str,
    /// The rules by which long words are hyphenated.
    pub(crate) hyphenation: hypher::Lang,
    pub(crate) defaults: Defaults,
    /// Before the number of the certificate.
    pub(crate) certificate: &'static str,
    /// The number of a page, with `{page}` and `{count}`.
    pub(crate) page: &'static str,
    /// Before the companies of a group.
    pub(crate) companies: &'static str,
    pub(crate) country: &'static str,
    pub(crate) city: &'static str,
    /// The headings of the activities, in the order of `Activity::ALL`.
    pub(crate) activities: [&'static str; 10],
    /// In the row of a site without labels.
    pub(crate) no_label: &'static str,
    pub(crate) facts: Facts,
    pub(crate) legend: Legend,
    /// The mark on every page of a preview.
    pub(crate) preview: &'static str,
}

/// The defaults of `letter.toml`. Names of the program and its office are the same in each
/// language.
pub(crate) struct Defaults {
    pub(crate) title: &'static str,
    pub(crate) address_intro: &'static str,
    pub(crate) statement: &'static str,
    pub(crate) valid_until: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) steps: [&'static str; 4],
}

/// The names of what a reader compares.
pub(crate) struct Facts {
    pub(crate) number: &'static str,
    /// Above the first and the last day.
    pub(crate) validity: &'static str,
    /// Between the first and the last day.
    pub(crate) to: &'static str,
    pub(crate) fingerprint: &'static str,
    /// Above `verify_url`.
    pub(crate) online: &'static str,
}

/// What the characters of a label mean.
pub(crate) struct Legend {
    pub(crate) heading: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) activity: Part,
    pub(crate) company: Part,
    pub(crate) site: Part,
    pub(crate) reserved: Part,
    pub(crate) packaging: Part,
    pub(crate) technology: Part,
    pub(crate) status: Part,
    /// What the activities make, in the order of `Activity::ALL`.
    pub(crate) activities: [&'static str; 10],
    pub(crate) the_company: &'static str,
    pub(crate) the_site: &'static str,
    pub(crate) both_zero: &'static str,
    /// With module, without module, both.
    pub(crate) packagings: [&'static str; 3],
    /// Dual interface, contact only.
    pub(crate) technologies: [&'static str; 2],
    pub(crate) approval: &'static str,
}

/// A part of a label: its name and its place.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) characters: &'static str,
}

const fn part(name: &'static str, characters: &'static str) -> Part {
    Part { name, characters }
}

#[cfg(test)]
mod tests {
    use cqm_core::{Activity, LabelStatus, Packaging, Technology};

    use super::*;

    #[test]
    fn english_is_the_english_of_the_program() {
        let Words { activities, legend, .. } = Language::English.words();
        assert_eq!(*activities, Activity::ALL.map(Activity::heading));
        assert_eq!(legend.activities, Activity::ALL.map(Activity::description));
        let packagings = [Packaging::WithModule, Packaging::WithoutModule, Packaging::Both];
        assert_eq!(legend.packagings, packagings.map(Packaging::description));
        assert_eq!(legend.technologies, [Technology::Dual, Technology::ContactOnly].map(Technology::description));
        assert_eq!(legend.approval, LabelStatus::Approval.description());
    }

    #[test]
    fn placeholders_are_in_every_language() {
        use Language::{English, French, German, Portuguese, Spanish};
        for language in [English, French, German, Portuguese, Spanish] {
            let words = language.words();
            assert_eq!(words.defaults.valid_until.matches("{date}").count(), 1, "{}", words.tag);
            for placeholder in ["{page}", "{count}"] {
                assert_eq!(words.page.matches(placeholder).count(), 1, "{}", words.tag);
            }
        }
    }
}
