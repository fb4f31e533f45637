//! The closed list of finding codes: one table with everything that is known about each code.
//!
//! # Adding a code
//!
//! 1. Add an entry to the table at the end of this file, in the group of its area. An entry has
//!    - the meaning, as a doc comment: one sentence for people who are not engineers. Reports, the
//!      documentation and `Code::meaning` use this text;
//!    - the name of the variant, which is the code in camel case; a test compares them;
//!    - the code, `area.name`. It never changes, and is never used for another meaning;
//!    - the consequence: `Invalid` if the check failed, `Indeterminate` if the check could not be
//!      made, `Warning` if a person should look, `Info` for the rest;
//!    - the clause that the check enforces: a standard with its section, a section of the
//!      certification process, or a page of `docs/reference` with its section.
//! 2. Follow `CONTRIBUTING.md`, "Add a finding": raise it, show that it is raised, and add its row
//!    to `docs/reference/findings.md`.
//!
//! A code that is no longer raised stays in the table.

use core::fmt;

use super::{Consequence, Severity};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $consequence:ident $clause:literal)+) => {
        /// The kinds of findings. Each has a code that stays the same in every release.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All kinds, in the order of `docs/reference/findings.md`.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the stable, dotted code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Returns what follows for the verdict.
            pub const fn consequence(self) -> Consequence {
                match self { $(Self::$name => Consequence::$consequence,)+ }
            }

            /// Returns the clause that the check enforces.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause,)+ }
            }

            /// Returns the meaning of such a finding, in words for people who are not engineers.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }
    };
}

impl Code {
    /// Returns the severity of such a finding.
    pub const fn severity(self) -> Severity {
        match self.consequence() {
            Consequence::Invalid | Consequence::Indeterminate => Severity::Error,
            Consequence::Warning => Severity::Warning,
            Consequence::Info => Severity::Info,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

// Meaning, name, code, consequence, clause.
codes! {
    /// The file is not a certificate: it is neither a certificate token nor a PDF that carries one.
    NotACertificate "cqm.not-a-certificate" Invalid "PDF profile, section 1"
    /// The file is larger or more complicated than a certificate ever is, so it was not read to the
    /// end.
    LimitExceeded "cqm.limit-exceeded" Indeterminate "PDF profile, section 9"

    /// The PDF is damaged, cut short, or breaks the rules of its format.
    PdfMalformed "pdf.malformed" Invalid "ISO 32000-2, 7.5"
    /// The PDF is encrypted; a certificate never is.
    PdfEncrypted "pdf.encrypted" Invalid "ISO 19005-3, 6.1.3"
    /// The PDF carries no signature, so nothing shows who made it.
    PdfUnsigned "pdf.unsigned" Invalid "ISO 32000-2, 12.8"
    /// Something was added to the PDF after it was signed.
    PdfModifiedAfterSigning "pdf.modified-after-signing" Invalid "ISO 32000-2, 12.8.1"
    /// The signature does not cover the whole file from its first to its last byte.
    PdfByteRange "pdf.byte-range" Invalid "ISO 32000-2, 12.8.1"
    /// The space for the signature in the PDF is not filled as the profile requires.
    PdfContents "pdf.contents" Invalid "ISO 32000-2, 12.8.1"
    /// The end of the PDF, with token and signature, is not exactly as the office writes it.
    PdfTail "pdf.tail" Invalid "PDF profile, section 3"
    /// The PDF has data for long-term validation, which this version of the program can't check.
    PdfLongTermData "pdf.long-term-data" Indeterminate "PDF profile, section 4"
    /// The PDF carries another attachment than the one that a certificate has, its token.
    PdfAttachment "pdf.attachment" Invalid "ISO 32000-2, 14.13"
    /// The PDF contains actions, scripts or links; a certificate has none.
    PdfActiveContent "pdf.active-content" Invalid "ISO 19005-3, 6.6"
    /// The PDF uses features that a certificate never uses and that could hide or change what
    /// people see.
    PdfOutsideProfile "pdf.outside-profile" Invalid "PDF profile, section 6"
    /// The pages contain text that a reader can't see.
    PdfHiddenText "pdf.hidden-text" Invalid "PDF profile, section 7"
    /// The pages are not those for which the token was issued.
    AgreementLetter "agreement.letter" Invalid "certificate token, section 6"

    /// The PDF carries no certificate token, so only its signatures were judged: read its labels
    /// and dates yourself.
    PdfWithoutToken "pdf.without-token" Warning "any PDF, section 1"
    /// The PDF was signed by a signer of letters, and a letter carries a certificate token, but
    /// this PDF has none.
    PdfTokenMissing "pdf.token-missing" Invalid "any PDF, section 1"
    /// Something was added to the PDF after it was signed, so what you see may not be what was
    /// signed.
    PdfLaterRevision "pdf.later-revision" Indeterminate "ISO 32000-2, 12.8.1"
    /// The PDF has scripts or other content that can change what people see without a change of
    /// the file.
    PdfChangingContent "pdf.changing-content" Indeterminate "any PDF, section 5"
    /// The PDF has layers, which a viewer shows or hides: some of what was signed may not be seen.
    PdfOptionalContent "pdf.optional-content" Warning "ISO 32000-2, 8.11"
    /// The PDF is encrypted in a way that this program can't undo, so its signatures could not be
    /// checked.
    PdfUnsupportedEncryption "pdf.unsupported-encryption" Indeterminate "ISO 32000-2, 7.6"
    /// The PDF has a signature of a kind that this program does not check.
    PdfUnsupportedSignature "pdf.unsupported-signature" Indeterminate "ISO 32000-2, 12.8.3"
    /// Some text of the pages could not be read, so labels may be missing from the list.
    PdfTextUnread "pdf.text-unread" Info "any PDF, section 6"

    /// The signature of the PDF can't be read, or is not in the one form that the profile allows.
    CmsMalformed "cms.malformed" Invalid "RFC 5652, 5"
    /// The PDF is not the one that was signed: what was signed differs from what is here.
    CmsDigestMismatch "cms.digest-mismatch" Invalid "RFC 5652, 5.4"
    /// The signature of the PDF was not made by the key it names.
    CmsBadSignature "cms.bad-signature" Invalid "RFC 5652, 5.6"
    /// The signature of the PDF is not in the one encoding that the profile allows, so parts of it
    /// could have been changed.
    CmsEncoding "cms.encoding" Invalid "PDF profile, section 5"
    /// The signed attributes are not in the order that their standard demands; other programs may
    /// judge the signature differently.
    CmsUnsortedAttributes "cms.unsorted-attributes" Warning "RFC 5652, 5.3"

    /// The token can't be read, or breaks the rules of its format.
    TokenMalformed "token.malformed" Invalid "RFC 7515, 5.2"
    /// The token is marked as unsigned, or as signed with a method that a certificate never uses.
    TokenAlgorithm "token.algorithm" Invalid "RFC 8725, 3.1"
    /// The token is not a certificate token.
    TokenType "token.type" Invalid "RFC 8725, 3.11"
    /// The token demands an extension that this program does not know.
    TokenCritical "token.critical" Invalid "RFC 7515, 4.1.11"
    /// The token contains something twice, so two readers could understand it differently.
    TokenDuplicateKey "token.duplicate-key" Invalid "RFC 7515, 4"
    /// The token was changed, or was not signed by the key it names.
    TokenBadSignature "token.bad-signature" Invalid "RFC 7515, 5.2"
    /// The token contradicts itself, or lacks something that every certificate token has.
    TokenClaims "token.claims" Invalid "certificate token, section 4"
    /// The token attached to this PDF belongs to another certificate than the one printed.
    TokenOfAnotherCertificate "token.of-another-certificate" Invalid "certificate token, section 6"
    /// The labels printed on the pages are not exactly the labels of the token.
    TokenLabelsDiffer "token.labels-differ" Invalid "certificate token, section 6"
    /// The holder printed on the pages is not the holder in the token.
    TokenHolderDiffers "token.holder-differs" Invalid "certificate token, section 6"
    /// The expiry printed on the pages is not the expiry in the token.
    TokenExpiryDiffers "token.expiry-differs" Invalid "certificate token, section 6"
    /// The token came without its letter, and no status list shows that the office issued it.
    TokenUnconfirmed "token.unconfirmed" Indeterminate "certificate token, section 5"

    /// The signer's certificate does not lead to a root that you trust.
    TrustUnknownIssuer "trust.unknown-issuer" Invalid "RFC 5280, 6.1"
    /// An X.509 certificate on the path to the root was not signed by the one above it.
    TrustBadSignature "trust.bad-signature" Invalid "RFC 5280, 6.1.3"
    /// The signer's certificate had expired.
    TrustExpired "trust.expired" Invalid "RFC 5280, 6.1.3"
    /// The signer's certificate was not valid yet.
    TrustNotYetValid "trust.not-yet-valid" Invalid "RFC 5280, 6.1.3"
    /// The signer's certificate was revoked.
    TrustRevoked "trust.revoked" Invalid "RFC 5280, 6.3"
    /// The signer's certificate was made for another purpose than this.
    TrustWrongPurpose "trust.wrong-purpose" Invalid "RFC 9336, 3"
    /// Two signers have the same key, or a signer has the key of a CA. Each must have a key of its
    /// own, so that one stolen key is not enough.
    TrustKeyInTwoRoles "trust.key-in-two-roles" Invalid "certificate token, section 5"
    /// An X.509 certificate of the chain is not what its place in the chain requires.
    TrustMalformed "trust.malformed" Invalid "RFC 5280, 6.1"
    /// The X.509 certificates of the chain do not share a policy that one of them demands.
    TrustPolicy "trust.policy" Invalid "RFC 5280, 6.1.5"
    /// The chain has a key, a signature or a demand that this program can't check.
    TrustUnsupported "trust.unsupported" Indeterminate "RFC 5280, 6.1"
    /// The signer's certificate does not show whether it may sign documents.
    TrustPurposeUnclear "trust.purpose-unclear" Indeterminate "RFC 5280, 4.2.1.12"
    /// The list of revoked certificates (CRL) at hand is out of date, so revocation could not be
    /// checked.
    TrustCrlStale "trust.crl-stale" Indeterminate "RFC 5280, 6.3.3"
    /// The list of revoked certificates (CRL) at hand can't be used, so revocation could not be
    /// checked.
    TrustCrlUnusable "trust.crl-unusable" Indeterminate "RFC 5280, 6.3.3"
    /// The status list contains no list of revoked certificates (CRL) for a signer, so revocation
    /// could not be checked.
    TrustCrlMissing "trust.crl-missing" Indeterminate "status list, section 7"
    /// No list of revoked certificates (CRL) was at hand, so whether a signer was revoked was not
    /// checked.
    TrustRevocationNotChecked "trust.revocation-not-checked" Info "RFC 5280, 6.3"
    /// The root is that of the public test keys: anyone can sign with them.
    TrustTestRoot "trust.test-root" Warning "certificate token, section 7"

    /// The certificate is past its last day.
    DateExpired "date.expired" Invalid "CQM process, 5.3"
    /// The certificate is not valid yet: its first day is later, or it was issued later.
    DateNotYetValid "date.not-yet-valid" Invalid "CQM process, 5.3"

    /// The status list that the certificate names was not given, so labels stopped since it was
    /// issued could not be found.
    StatusMissing "status.missing" Indeterminate "CQM process, 3.6"
    /// The certificate names no status list, so labels stopped since it was issued could not be
    /// found.
    StatusNoReference "status.no-reference" Indeterminate "status list, section 8"
    /// A status list that was given can't be read, or breaks the rules of its format.
    StatusMalformed "status.malformed" Indeterminate "status list, section 4"
    /// A status list that was given was changed, or was not signed by the key it names.
    StatusBadSignature "status.bad-signature" Indeterminate "RFC 7515, 5.2"
    /// A status list that was given was signed by someone who is not trusted to sign status lists.
    StatusUntrustedSigner "status.untrusted-signer" Indeterminate "status list, section 3"
    /// A status list that was given is from another office than the certificate.
    StatusWrongIssuer "status.wrong-issuer" Indeterminate "status list, section 4"
    /// A status list that was given contradicts itself.
    StatusInconsistent "status.inconsistent" Indeterminate "status list, section 5"
    /// The status list at hand has expired, so labels stopped since could not be found.
    StatusStale "status.stale" Indeterminate "status list, section 8"
    /// The status list at hand is older than one that was seen before.
    StatusRollback "status.rollback" Indeterminate "status list, section 8"
    /// The status lists that were seen contradict each other: the office's key was misused, or its
    /// register has lost records.
    StatusFork "status.fork" Indeterminate "status list, section 8"
    /// The folder that remembers status lists can't be used as it should, so an older list may not
    /// be noticed.
    StatusMemoryUnusable "status.memory-unusable" Warning "status list, section 8"
    /// The status list at hand is older than the certificate.
    StatusBeforeCertificate "status.before-certificate" Indeterminate "status list, section 8"
    /// The status list does not name this certificate, or an entry that the certificate names: the
    /// office did not issue it.
    StatusNotIssued "status.not-issued" Invalid "status list, section 8"
    /// The certificate was revoked.
    StatusRevoked "status.revoked" Invalid "CQM process, 3.6"
    /// A label was stopped.
    StatusStopped "status.stopped" Invalid "CQM process, 3.6"
    /// The certificate or a label is suspended: it is not valid for now.
    StatusSuspended "status.suspended" Invalid "CQM process, 3.6"
    /// These labels of the certificate are still valid.
    StatusOthersStand "status.others-stand" Info "CQM process, 3.6"
    /// The office learned of a change more than a day after it took effect.
    StatusLateEntry "status.late-entry" Info "CQM process, 3.6"
    /// The status of the labels was not asked for.
    StatusNotAsked "status.not-asked" Info "CQM process, 3.6"

    /// A label that was asked about is not listed on the certificate.
    LabelNotListed "label.not-listed" Invalid "CQM process, 5"
    /// A label uses positions that are reserved for future use: it was granted under a later
    /// release of the program.
    LabelReservedPosition "label.reserved-position" Warning "CQM process, 4.3"

    /// The certificate lists an interim recognition label, which may not be listed.
    RuleRecognitionListed "rule.recognition-listed" Invalid "CQM process, 5.2"
    /// The certificate lists a stopped label.
    RuleStoppedListed "rule.stopped-listed" Invalid "CQM process, 5.2"
    /// The certificate lists a contact-only label, which is not granted since April 2023.
    RuleContactOnly "rule.contact-only" Invalid "CQM process, 4.3"
    /// A label names another company or site than the row it is listed in.
    RuleLabelOfAnotherSite "rule.label-of-another-site" Invalid "CQM process, 4.3"
    /// The certificate lists a label twice.
    RuleLabelTwice "rule.label-twice" Invalid "CQM process, 1.3"
    /// The certificate lists a site twice.
    RuleSiteTwice "rule.site-twice" Invalid "CQM process, 5.2"
    /// A site belongs to a company that is not the holder's.
    RuleSiteOfAnotherCompany "rule.site-of-another-company" Invalid "CQM process, 5.2"
    /// The certificate lists a site that has neither a label nor a GVCP registration.
    RuleSiteWithoutReason "rule.site-without-reason" Invalid "CQM process, 5.2"
    /// The certificate lists no label at all.
    RuleNoLabel "rule.no-label" Invalid "CQM process, 5.2"
    /// The certificate is valid for longer than 12 months, or ends before it begins.
    RuleValidity "rule.validity" Invalid "CQM process, 5.3"
    /// A site makes or personalizes cards without a GVCP certification.
    RuleGvcpMissing "rule.gvcp-missing" Invalid "CQM process, 1.9.1"
    /// A recognition label for an interactive card or its parts was still in use after they had to
    /// be approved.
    RuleInteractiveNotApproved "rule.interactive-not-approved" Warning "CQM process, 4.1"

    /// Dates of the dossier contradict each other.
    RuleDatesContradict "rule.dates-contradict" Invalid "CQM process, 2.1.3"
    /// An audit or a planned audit names a site that the dossier does not list.
    RuleUnknownSite "rule.unknown-site" Invalid "CQM process, 5.1"
    /// A site that the GVCP registry lists for the holder is missing, or differs from the registry.
    RuleGvcpSiteNotListed "rule.gvcp-site-not-listed" Invalid "CQM process, 5.2"
    /// An audit that was due did not take place.
    RuleAuditOverdue "rule.audit-overdue" Invalid "CQM process, 5.1"
    /// An audit has no final report.
    RuleAuditUnreported "rule.audit-unreported" Invalid "CQM process, 5.1"
    /// A label rests on no audit of its site and activity.
    RuleLabelWithoutAudit "rule.label-without-audit" Invalid "CQM process, 4.2"
    /// A label rests on a failed audit.
    RuleAuditFailed "rule.audit-failed" Invalid "CQM process, 2.2.4"
    /// An audit's grade contradicts the non-conformities that were counted.
    RuleGradeContradictsFindings "rule.grade-contradicts-findings" Invalid "CQM process, 2.2.4"
    /// Three audits in a row were graded C, which is a fail.
    RuleThreeConsecutiveC "rule.three-consecutive-c" Invalid "CQM process, 2.2.4"
    /// Three audits in a row were graded C, and a person decided, with a recorded reason, to go on.
    RuleThreeConsecutiveCOverridden "rule.three-consecutive-c-overridden" Warning "CQM process, 3.6"
    /// The report that extends the labels of an audit graded C beyond six months is missing.
    RuleGradeCReportMissing "rule.grade-c-report-missing" Invalid "CQM process, 2.2.4"
    /// The report that extends the labels of an audit graded C will fall due while the certificate
    /// is valid.
    RuleGradeCReportDue "rule.grade-c-report-due" Warning "CQM process, 2.2.4"
    /// A corrective action of an audit older than four months is open.
    RuleCorrectiveActionOpen "rule.corrective-action-open" Invalid "CQM process, 5.1"
    /// The audit plan for the next 12 months is not committed.
    RuleAuditPlanNotCommitted "rule.audit-plan-not-committed" Invalid "CQM process, 5.1"
    /// The yearly fees are not paid.
    RuleFeesUnpaid "rule.fees-unpaid" Invalid "CQM process, 5.1"
    /// The yearly services have ended.
    RuleServicesExpired "rule.services-expired" Invalid "CQM process, 1.3"
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_dotted() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} twice");
            let (area, name) = text.split_once('.').unwrap();
            for part in [area, name] {
                assert!(!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            }
        }
    }

    #[test]
    fn variants_are_named_after_their_codes() {
        for code in Code::ALL {
            let words = code.as_str().trim_start_matches("cqm.").split(['.', '-']);
            let camel: String = words.map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            assert_eq!(format!("{code:?}"), camel);
        }
    }
}
