//! Agreement of a letter with its token: the pages must print what the token says
//! (`docs/reference/certificate-token.md`, section 6).

mod expiry;
mod holder;
mod labels;
mod number;
mod reading;

use cqm_core::{Code, Finding};
use holder::Fault;

use super::Case;
use crate::evidence::{Claims, Pages};

/// Compares the digest of the body, the number, the holder, the days and the labels. The pages
/// print what the token says, and nothing else of the same kind.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    match (&case.evidence.pages, &case.evidence.claims) {
        (Some(pages), Some(claims)) => compare(pages, claims),
        _ => Vec::new(),
    }
}

fn compare(pages: &Pages, claims: &Claims) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, message| findings.push(Finding::new(code, message));
    let Claims { certificate, letter, .. } = claims;
    if pages.digest != *letter {
        let sizes = match (letter.size, pages.digest.size) {
            (stated, found) if stated == found => format!("{found} bytes, as the token states, but another digest"),
            (stated, found) => format!("{found} bytes, the token states {stated}"),
        };
        find(Code::AgreementLetter, format!("the pages and all else before the token have {sizes}"));
    }

    let lines = || pages.lines.iter().map(|line| line.text.as_str());
    let words: Vec<&str> = lines().flat_map(str::split_whitespace).collect();
    let number = &certificate.number;
    if !words.contains(&number.as_str()) {
        let message = format!("the token is that of certificate {number}, which the pages do not name");
        find(Code::TokenOfAnotherCertificate, message);
    }
    for other in lines().flat_map(|line| number::others(line, number)) {
        let message = format!("the token is that of certificate {number}, but the pages print {other} too");
        find(Code::TokenOfAnotherCertificate, message);
    }
    let name = &certificate.holder.name;
    for fault in holder::faults(&pages.lines, name) {
        let why = match fault {
            Fault::NotPrinted => "which the pages do not print as a name of its own".into(),
            Fault::AsLarge(other) => format!("but the pages print {other:?} as large as the holder's name"),
        };
        find(Code::TokenHolderDiffers, format!("the token is that of {name:?}, {why}"));
    }
    let expiry = certificate.valid_until.in_words();
    if !expiry::is_printed(&words, certificate.valid_until) {
        find(Code::TokenExpiryDiffers, format!("the token ends with {expiry}, which the pages do not print"));
    }
    for other in expiry::others(certificate, lines()) {
        let message = format!(
            "the pages print the day {other}, but the token is valid from {} to {}",
            certificate.valid_from, certificate.valid_until
        );
        find(Code::TokenExpiryDiffers, message);
    }
    for (label, difference) in labels::differences(certificate, lines()) {
        match difference {
            0 => {}
            1.. => find(Code::TokenLabelsDiffer, format!("{label} is in the token, but not on the pages")),
            _ => find(Code::TokenLabelsDiffer, format!("{label} is on the pages, but not in the token")),
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use cqm_core::Certificate;

    /// A certificate without labels.
    pub(super) fn certificate() -> Certificate {
        let day = |text: &str| text.parse().unwrap();
        Certificate {
            number: "CQM-2023-0099".parse().unwrap(),
            holder: serde_json::from_str(r#"{"name": "A", "address": ["B"], "country": "PT", "companies": []}"#)
                .unwrap(),
            valid_from: day("2023-05-06"),
            valid_until: day("2024-05-05"),
            sites: Vec::new(),
            signatory: serde_json::from_str(r#"{"name": "C", "title": "D"}"#).unwrap(),
        }
    }
}
