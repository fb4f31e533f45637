//! Hostile files end in a verdict, and reaching a limit is a finding. `tests/budgets` measures what
//! they cost at full size.

use cqm_core::{Code, Verdict};
use cqm_tests::office::{IN_DATE, assert_valid, errors, verifier};
use cqm_tests::vectors::hostile;
use cqm_verify::{PdfPolicy, Question, Report};

/// Large enough for most limits, small enough for a build without optimization.
const SIZE: usize = 1 << 20;

fn judge(name: &str) -> Report {
    let question = Question::new(IN_DATE.end()).without_status();
    verifier().with_pdfs(PdfPolicy::WithoutToken).verify(&hostile::make(name, SIZE), &question)
}

#[test]
fn a_limit_that_is_hit_is_a_finding_and_no_verdict_against_the_file() {
    // The twins: the same files without what makes them hostile.
    assert_valid(&judge("letter-accepted.pdf"));
    assert_valid(&judge("other-accepted.pdf"));
    // What only the text needs leaves the signatures as they are.
    for name in [
        "other-bomb-content.pdf",
        "other-bomb-runs.pdf",
        "other-bomb-pages.pdf",
        "other-map-long.pdf",
        "other-operators-too-many.pdf",
    ] {
        let report = judge(name);
        assert_valid(&report);
        assert!(report.findings().iter().any(|finding| finding.code == Code::PdfTextUnread), "{name}");
    }
    for name in [
        "other-bomb-object-stream.pdf",
        "other-nested-arrays.pdf",
        "other-array.pdf",
        "other-xref-sections-too-many.pdf",
        "other-fields.pdf",
    ] {
        let report = judge(name);
        assert!(errors(&report).contains(&"cqm.limit-exceeded"), "{name}: {:#?}", report.findings());
        assert_eq!(report.verdict(), Verdict::Indeterminate, "{name}: {:#?}", report.findings());
    }
}

#[test]
fn hostile_letters_and_tokens_are_never_valid() {
    for name in [
        "letter-bomb-content.pdf",
        "letter-bomb-attachment.pdf",
        "letter-nested-content.pdf",
        "letter-text-in-blank-lines.pdf",
        "letter-nested-object-streams.pdf",
        "letter-loop-pages.pdf",
        "letter-loop-length.pdf",
        "letter-loop-previous.pdf",
        "letter-streams-without-end.pdf",
        "letter-signatures-in-revisions.pdf",
        "letter-cms-attributes.pdf",
        "letter-cms-nested.pdf",
        "other-cms-nested-definite.pdf",
        "other-cms-certificates.pdf",
        "letter-token-nested.pdf",
        "token-keys.jwt",
        "token-labels.jwt",
    ] {
        let report = judge(name);
        assert_ne!(report.verdict(), Verdict::Valid, "{name}");
        assert!(!errors(&report).is_empty(), "{name}");
    }
}
