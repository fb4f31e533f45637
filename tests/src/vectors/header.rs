//! The text of a vector's file: what is wrong with a PDF, and what a verifier must find.

use std::fmt;
use std::str::FromStr;

/// Who made a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Someone without keys, from a signed letter.
    Outsider,
    /// Someone with the document signer's key, who has a genuine token.
    DocumentSigner,
    /// Someone with the token signer's key, who has a genuine letter.
    TokenSigner,
    /// The office, deceived or in bad faith, or someone with both keys: both signatures verify.
    Office,
}

impl By {
    /// Everyone, with the fewest keys first.
    pub const ALL: [Self; 4] = [Self::Outsider, Self::DocumentSigner, Self::TokenSigner, Self::Office];

    /// The word in a header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Outsider => "outsider",
            Self::DocumentSigner => "document-signer",
            Self::TokenSigner => "token-signer",
            Self::Office => "office",
        }
    }
}

/// What the file of a vector says about its PDF.
///
/// Its text has one line for each field, in this order; a file without a twin has no line for it.
///
/// ```
/// use cqm_tests::vectors::{By, Header};
///
/// let text = "fault: a text in white on the white page\n\
///             by: office\n\
///             expect: invalid pdf.hidden-text\n\
///             twin: hidden-text/visible\n";
/// let header: Header = text.parse()?;
/// assert_eq!(header.by, By::Office);
/// assert_eq!(header.codes, ["pdf.hidden-text"]);
/// assert_eq!(header.to_string(), text);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What is wrong, or what is unusual about a file that is accepted.
    pub fault: String,
    /// Who made the file.
    pub by: By,
    /// The verdict.
    pub verdict: String,
    /// The codes that must be among the findings. If the office made the file, there are no other
    /// errors. Without its keys, what else is found depends on where the reader stops.
    pub codes: Vec<String>,
    /// The name of the accepted vector that differs in the fault only.
    pub twin: Option<String>,
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "fault: {}\nby: {}", self.fault, self.by.as_str())?;
        writeln!(
            f,
            "expect: {}",
            [&self.verdict].into_iter().chain(&self.codes).cloned().collect::<Vec<_>>().join(" ")
        )?;
        self.twin.iter().try_for_each(|twin| writeln!(f, "twin: {twin}"))
    }
}

impl FromStr for Header {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let mut value = |key: &str| {
            let value = lines.next()?.strip_prefix(key)?.strip_prefix(": ")?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        let mut required = |key: &str| value(key).ok_or_else(|| format!("no line `{key}:` in its place in\n{text}"));
        let fault = required("fault")?;
        let word = required("by")?;
        let by = By::ALL.into_iter().find(|by| by.as_str() == word);
        let by = by.ok_or_else(|| format!("`by: {word}` is nobody who makes vectors"))?;
        let expect = required("expect")?;
        let mut expect = expect.split(' ').map(str::to_owned);
        let verdict = expect.next().unwrap_or_default();
        let header = Self { fault, by, verdict, codes: expect.collect(), twin: value("twin") };
        if header.to_string() == text {
            Ok(header)
        } else {
            Err(format!("other lines than those of a header in\n{text}"))
        }
    }
}
