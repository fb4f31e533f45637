//! The legends that are built into letters, one for each language, by their bytes.
//!
//! A page's content may begin with a stream that explains the characters of labels. The typesetter
//! writes the same stream into every letter of a language (`cqm-letter`), so it is compared byte
//! for byte with those here. It names fonts and colour spaces of the page, which have to be judged
//! like any others, and it is still interpreted.

/// The language tags and the decoded streams. `crates/issue/tests/letters.rs` writes the files.
const BUILT_IN: [(&str, &[u8]); 5] = [
    ("de", include_bytes!("legend/de.txt")),
    ("en", include_bytes!("legend/en.txt")),
    ("es", include_bytes!("legend/es.txt")),
    ("fr", include_bytes!("legend/fr.txt")),
    ("pt", include_bytes!("legend/pt.txt")),
];

/// Returns the language of a built-in legend, as a tag of BCP 47. `content` is a decoded content
/// stream.
///
/// ```
/// use cqm_pdf::letter::legend_language;
///
/// assert_eq!(legend_language(b"/P <</MCID 0>> BDC EMC"), None);
/// ```
pub fn legend_language(content: &[u8]) -> Option<&'static str> {
    BUILT_IN.iter().find(|(_, legend)| *legend == content).map(|(language, _)| *language)
}
