//! What a reader can do about a finding.

use cqm_core::Code;

const GET_FILE: &str = "Get the file again, from the holder's website or from the office. If the new one is refused \
    too, ask the program office whether it issued the certificate.";
const ASK_OFFICE: &str = "Do not rely on the file. Send it to the program office and ask whether it issued it.";
const GET_LIST: &str = "Get the newest status list that the program office publishes, and pass it with --status.";
const GET_CRL: &str = "Get the current status list of the program office, which contains the lists of revoked \
    certificates, or pass a current CRL of the issuer with --crl.";
const ASK_HOLDER: &str = "Ask the holder for a certificate that is in date.";
const LABEL: &str = "Do not accept products under such a label. Ask the holder or the program office what replaces it.";
const DOSSIER: &str = "Complete or correct the dossier, then check it again with `cqm check`.";
const LETTER_RULE: &str = "The office should not have issued this certificate. Ask the program office to correct it.";
const READ: &str = "Nothing has to be done, but read the message before you rely on the file.";

/// Returns what a reader can do about a finding.
pub fn advice(code: Code) -> &'static str {
    match code {
        Code::NotACertificate => {
            "A picture, a scan or a print proves nothing, since anyone can change it. Ask the holder for the signed PDF \
             itself, or look for it on the holder's website."
        }
        Code::LimitExceeded => "Ask the holder for the file as the office issued it; such a file is small.",
        Code::PdfWithoutToken => "Read the labels and dates yourself, or ask the holder for the CQM certificate.",
        Code::PdfUnsupportedEncryption => "Ask the holder for the file without a password.",
        Code::PdfLaterRevision | Code::PdfChangingContent => {
            "Compare the file with what was signed: a viewer shows the signed version. Or ask for an unchanged file."
        }
        Code::PdfUnsupportedSignature | Code::TrustUnsupported => {
            "Check the signature with another program that supports it."
        }
        Code::PdfLongTermData => "Verify it with a newer version of this program.",
        Code::PdfOptionalContent => "Show all layers in your viewer before you rely on what you see.",
        Code::TokenUnconfirmed => {
            "Verify the letter itself (the PDF), or pass the status list of the program office with --status."
        }
        Code::TrustUnknownIssuer => {
            "Check that --trust names the root of the program office: `cqm inspect root.pem` shows its fingerprint, and \
             the office publishes it. If the root is right, the file is not from the office."
        }
        Code::TrustCrlStale | Code::TrustCrlUnusable | Code::TrustCrlMissing | Code::TrustRevocationNotChecked => {
            GET_CRL
        }
        Code::TrustTestRoot => "Use the test root only to try out the program. Its private keys are public.",
        Code::TrustExpired | Code::TrustNotYetValid => {
            "If the question is about another day, ask with --at. Otherwise ask the holder for a newer certificate."
        }
        Code::DateExpired => ASK_HOLDER,
        Code::DateNotYetValid => "Wait until the first day, or ask about a later day with --at.",
        Code::StatusMissing | Code::StatusStale | Code::StatusBeforeCertificate => GET_LIST,
        Code::StatusRollback => {
            "Somebody may have kept newer lists from you. Get the newest list from the program office itself."
        }
        Code::StatusFork => {
            "Tell the program office. Rely on no certificate of this list until the office publishes a list that \
             contains everything that was seen."
        }
        Code::StatusMemoryUnusable => {
            "Make the folder that the message names usable, or name another one with --state-dir."
        }
        Code::StatusMalformed
        | Code::StatusBadSignature
        | Code::StatusUntrustedSigner
        | Code::StatusWrongIssuer
        | Code::StatusInconsistent => "Get the status list again, from the program office itself.",
        Code::StatusNoReference => {
            "Ask the program office whether a label was stopped, or leave the status out with --without-status."
        }
        Code::StatusNotAsked => "Pass the status list with --status instead of --without-status.",
        Code::StatusRevoked => "Ask the holder for the certificate that replaces it.",
        Code::StatusStopped | Code::StatusSuspended => LABEL,
        Code::StatusOthersStand => "You may rely on these labels; --label asks about some labels only.",
        Code::StatusLateEntry | Code::LabelReservedPosition | Code::PdfTextUnread | Code::CmsUnsortedAttributes => READ,
        Code::LabelNotListed => "Ask the holder for a certificate that lists the label.",
        Code::RuleInteractiveNotApproved => READ,
        _ => by_area(code),
    }
}

/// The advice of the codes whose area says it all.
fn by_area(code: Code) -> &'static str {
    match code.as_str().split_once('.') {
        Some(("pdf" | "cms", _)) => GET_FILE,
        Some(("rule", name)) if is_of_dossier(name) => DOSSIER,
        Some(("rule", _)) => LETTER_RULE,
        _ => ASK_OFFICE,
    }
}

/// Returns whether only the office checks a rule, before it issues.
fn is_of_dossier(name: &str) -> bool {
    let rule = cqm_core::rules::RULES.iter().find(|rule| rule.codes.iter().any(|code| code.as_str().ends_with(name)));
    rule.is_some_and(|rule| !rule.is_checked_when_verifying())
}
