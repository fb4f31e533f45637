//! pyHanko, OpenSSL, poppler, qpdf, PyJWT and jose judge what the office issues, for each kind of
//! document signer.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use cqm_pdf::{Limits, letter::inspect};
use cqm_tests::vectors::placed_in_every_way;
use cqm_tests::{SignedPdf, Workplace, interop, office, output, succeed};
use serde_json::{Value, json};

/// A time at which the certificate is in date, for tools that need one.
const IN_DATE: &str = "2023-06-01T00:00:00Z";

#[test]
fn pyhanko_calls_the_signature_intact_valid_and_trusted() {
    for (issued, digest) in ISSUED.iter().zip(["sha256", "sha384", "sha256", "sha512"]) {
        let Some(mut validate) = interop::python("validate-pdf.py") else { return };
        let files = issued.files();
        let report = succeed(validate.args([&files.pdf, &files.root]));
        assert_eq!(
            serde_json::from_slice::<Value>(&report).unwrap(),
            json!({
                "signatures": 1,
                "revisions": 1,
                "intact": true,
                "valid": true,
                "trusted": true,
                "coverage": "ENTIRE_FILE",
                "certified": "NO_CHANGES",
                "docmdp_ok": true,
                "bottom_line": true,
                "digest": digest,
            }),
            "{}",
            issued.algorithm,
        );
    }
}

#[test]
fn pyhanko_sees_a_change_and_a_foreign_root() {
    let [issued, other, ..] = &*ISSUED;
    let (files, other) = (issued.files(), other.files());
    let verdict = |pdf: &PathBuf, root: &PathBuf| {
        let report = succeed(interop::python("validate-pdf.py")?.args([pdf, root]));
        let report: Value = serde_json::from_slice(&report).unwrap();
        Some(["intact", "trusted"].map(|key| report[key].as_bool().unwrap()))
    };
    let Some(unchanged) = verdict(&files.pdf, &files.root) else { return };
    assert_eq!(unchanged, [true, true]);
    let [intact, _] = verdict(&files.add("changed.pdf", issued.changed()), &files.root).unwrap();
    assert!(!intact);
    assert_eq!(verdict(&files.pdf, &other.root), Some([true, false]));
}

#[test]
fn openssl_verifies_the_extracted_cms() {
    for issued in ISSUED.iter().filter(|issued| issued.algorithm != "ed25519") {
        let files = issued.files();
        let pdf = SignedPdf::cut(&issued.pdf);
        let cms = files.add("contents.cms", &pdf.cms);
        let signed = files.add("signed.bin", &pdf.signed);
        let changed = files.add("changed.bin", [&pdf.signed[..], b"\n"].concat());
        let verify = |content: &PathBuf| {
            // With -cades, signingCertificateV2 must name the signer. OpenSSL 3.0 does not know the
            // signer's purpose, so any is allowed.
            let mut openssl = interop::tool("openssl")?;
            openssl.args(["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-out"]);
            openssl.arg(files.workplace.path("content.out"));
            openssl.arg("-in").arg(&cms).arg("-content").arg(content).arg("-CAfile").arg(&files.root);
            Some(output(&mut openssl))
        };
        let Some(unchanged) = verify(&signed) else { return };
        assert!(unchanged.status.success(), "{}: {}", issued.algorithm, String::from_utf8_lossy(&unchanged.stderr));
        assert!(!verify(&changed).unwrap().status.success(), "{}", issued.algorithm);
    }
}

#[test]
fn pdfsig_says_that_the_whole_document_is_validly_signed() {
    // poppler does not support Ed25519 signatures.
    for issued in ISSUED.iter().filter(|issued| issued.algorithm != "ed25519") {
        let judgement = |pdf: &PathBuf| {
            // pdfsig judges X.509 certificates by its own trust store, and sets the exit code by
            // that.
            let output = output(interop::tool("pdfsig")?.arg("-nocert").arg(pdf));
            Some(String::from_utf8(output.stdout).unwrap())
        };
        let files = issued.files();
        let Some(unchanged) = judgement(&files.pdf) else { return };
        assert!(unchanged.contains("Signature is Valid."), "{}: {unchanged}", issued.algorithm);
        assert!(unchanged.contains("Total document signed"), "{}: {unchanged}", issued.algorithm);
        let changed = judgement(&files.add("changed.pdf", issued.changed())).unwrap();
        assert!(changed.contains("Digest Mismatch."), "{}: {changed}", issued.algorithm);
    }
}

#[test]
fn qpdf_finds_no_error() {
    for issued in &*ISSUED {
        let Some(mut qpdf) = interop::tool("qpdf") else { return };
        let files = issued.files();
        let report = succeed(qpdf.arg("--check").arg(&files.pdf));
        let report = String::from_utf8(report).unwrap();
        assert!(report.contains("No syntax or stream encoding errors found"), "{}: {report}", issued.algorithm);
    }
}

#[test]
fn pdfdetach_extracts_the_token_that_stands_beside_the_letter() {
    for issued in &*ISSUED {
        let Some(mut list) = interop::tool("pdfdetach") else { return };
        let files = issued.files();
        let listed = String::from_utf8(succeed(list.arg("-list").arg(&files.pdf))).unwrap();
        assert_eq!(listed.trim_end(), "1 embedded files\n1: certificate.jwt", "{}", issued.algorithm);

        let saved = files.workplace.path("detached.jwt");
        let mut save = interop::tool("pdfdetach").unwrap();
        succeed(save.args(["-save", "1", "-o"]).args([&saved, &files.pdf]));
        assert_eq!(fs::read(saved).unwrap(), issued.token, "{}", issued.algorithm);
    }
}

#[test]
fn texts_stand_where_poppler_puts_them() {
    let workplace = Workplace::default();
    let letter = placed_in_every_way();
    workplace.write("letter.pdf", &letter);
    let Some(mut pdftotext) = interop::tool("pdftotext") else { return };
    let pdftotext = pdftotext.args(["-bbox", "-f", "1", "-l", "1"]).arg(workplace.path("letter.pdf")).arg("-");
    let found = String::from_utf8(succeed(pdftotext)).unwrap();
    let height = 595.276;
    let number = |line: &str, name: &str| -> Option<f64> {
        line.split_once(&format!("{name}=\""))?.1.split_once('"')?.0.parse().ok()
    };
    let words: Vec<[f64; 4]> = found
        .lines()
        .filter(|line| line.contains("<word "))
        .map(|line| ["xMin", "xMax", "yMin", "yMax"].map(|name| number(line, name).unwrap()))
        .collect();
    let inspection = inspect(&letter, &Limits::default());
    assert_eq!(inspection.problems, []);
    let runs = &inspection.pages[0].runs;
    assert!(runs.len() > 30 && words.len() > 30, "{} runs, {} words", runs.len(), words.len());
    for run in runs.iter().filter(|run| !run.text.starts_with(char::is_whitespace)) {
        let goes_on = runs
            .iter()
            .any(|other| (other.x + other.width - run.x).abs() < 0.15 * run.font_size && (other.y - run.y).abs() < 0.1);
        let stands = |[left, right, top, bottom]: &[f64; 4]| {
            let in_word = goes_on && (*left..*right).contains(&run.x);
            ((left - run.x).abs() < 0.1 || in_word) && (*top..*bottom).contains(&(height - run.y))
        };
        assert!(words.iter().any(stands), "{run:?} is not among {words:?}");
    }
}

#[test]
fn pdftotext_finds_every_label_of_the_token() {
    let files = ISSUED[0].files();
    let Some(mut pdftotext) = interop::tool("pdftotext") else { return };
    let text = String::from_utf8(succeed(pdftotext.arg("-layout").arg(&files.pdf).arg("-"))).unwrap();
    let Some(mut verify) = interop::python("verify-token.py") else { return };
    let claims: Value = serde_json::from_slice(&succeed(verify.args([&files.token, &files.root]))).unwrap();
    let labels = labels(&claims);
    assert!(!labels.is_empty());
    for label in labels {
        assert!(text.contains(label), "{label} is not on the pages:\n{text}");
    }
}

/// In letters of several pages, with five scripts and with every activity, each label is found
/// once.
#[test]
fn pdftotext_finds_every_label_of_long_letters() {
    for dossier in ["group.toml", "all-activities.toml"] {
        let workplace = Workplace::default();
        let issued = office::issue(dossier);
        workplace.write("letter.pdf", &issued.pdf);
        let Some(mut pdftotext) = interop::tool("pdftotext") else { return };
        let text =
            String::from_utf8(succeed(pdftotext.arg("-layout").arg(workplace.path("letter.pdf")).arg("-"))).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        for (_, label) in issued.certificate.labels() {
            let found = words.iter().filter(|word| **word == label.to_string()).count();
            assert_eq!(found, 1, "{dossier}: {label}\n{text}");
        }
    }
}

#[test]
fn pyjwt_and_jose_verify_the_token() {
    for issued in &*ISSUED {
        let files = issued.files();
        let changed = files.add("changed.jwt", with_a_changed_signature(str::from_utf8(&issued.token).unwrap()));

        let pyjwt = |token: &PathBuf| Some(output(interop::python("verify-token.py")?.args([token, &files.root])));
        let jose = |token: &PathBuf, at: &str| {
            Some(output(interop::node("verify-token.mjs")?.args([token, &files.root]).arg(at)))
        };

        let claims_of_pyjwt = pyjwt(&files.token).map(|output| {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(!pyjwt(&changed).unwrap().status.success(), "PyJWT takes a changed signature");
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        });
        let claims_of_jose = jose(&files.token, IN_DATE).map(|output| {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(!jose(&changed, IN_DATE).unwrap().status.success(), "jose takes a changed signature");
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        });
        let (Some(pyjwt), Some(jose)) = (claims_of_pyjwt, claims_of_jose) else { return };
        assert_eq!(pyjwt, jose);
    }
}

#[test]
fn jose_keeps_the_dates_of_the_certificate() {
    let files = ISSUED[0].files();
    for (at, accepted) in [
        ("2023-05-05T23:59:58Z", false),
        ("2023-05-06T00:00:00Z", true),
        ("2024-05-05T23:59:59Z", true),
        ("2024-05-06T00:00:00Z", false),
    ] {
        let Some(mut jose) = interop::node("verify-token.mjs") else { return };
        let output = output(jose.args([&files.token, &files.root]).arg(at));
        assert_eq!(output.status.success(), accepted, "{at}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What the office issued with one kind of document signer.
struct Issued {
    algorithm: &'static str,
    root: Vec<u8>,
    pdf: Vec<u8>,
    token: Vec<u8>,
}

/// Issued once for all tests. Each test writes the files into a folder of its own, so that several
/// test programs can run at the same time.
static ISSUED: LazyLock<[Issued; 4]> = LazyLock::new(|| ["p256", "p384", "rsa3072", "ed25519"].map(Issued::new));

impl Issued {
    fn new(algorithm: &'static str) -> Self {
        let workplace = Workplace::default();
        let new = "keys new keys --valid-from 2023-01-01 --years 10 --document-signer";
        workplace.cqm(&format!("{new} {algorithm}")).expect(0);
        workplace.copy("fixtures/dossiers/dummy-card-company.toml", "dossier.toml");
        workplace.cqm("issue dossier.toml --on 2023-05-06 --keys keys --out letter.pdf").expect(0);
        let [root, pdf, token] = ["keys/root.pem", "letter.pdf", "letter.jwt"].map(|name| workplace.read(name));
        Self { algorithm, root, pdf, token }
    }

    /// A folder with the files.
    fn files(&self) -> Files {
        let workplace = Workplace::default();
        for (name, content) in [("root.pem", &self.root), ("letter.pdf", &self.pdf), ("letter.jwt", &self.token)] {
            workplace.write(name, content);
        }
        let [root, pdf, token] = ["root.pem", "letter.pdf", "letter.jwt"].map(|name| workplace.path(name));
        Files { workplace, root, pdf, token }
    }

    /// The letter with a time of signing in the signature dictionary that is a second later.
    fn changed(&self) -> Vec<u8> {
        let mut pdf = self.pdf.clone();
        let date = b"/M(D:20230506000000Z)";
        let at = pdf.windows(date.len()).rposition(|window| window == date).expect("the time of signing");
        pdf[at + date.len() - 3] = b'1';
        pdf
    }
}

/// The files of a certificate, in a temporary folder.
struct Files {
    workplace: Workplace,
    root: PathBuf,
    pdf: PathBuf,
    token: PathBuf,
}

impl Files {
    /// Writes another file into the folder.
    fn add(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        self.workplace.write(name, content);
        self.workplace.path(name)
    }
}

fn labels(claims: &Value) -> Vec<&str> {
    let sites = claims["cqm"]["sites"].as_array().expect("the sites");
    let labels = sites.iter().flat_map(|site| site["labels"].as_array().expect("the labels of a site"));
    labels.map(|label| label["label"].as_str().expect("a label")).collect()
}

/// Changes the first character of the signature of a compact JWS.
fn with_a_changed_signature(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').expect("a compact JWS");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{first}{}", &signature[1..])
}
