//! `cqm demo`: keys, a certificate, a forgery, a register and a stopped label, step by step.

use std::{env, fs, iter, path::Path};

use anyhow::{Context as _, ensure};
use clap::Parser as _;
use cqm_core::{Date, Verdict};
use cqm_files::{Access, NewFile, shown, write_new};
use cqm_issue::Draft;
use cqm_keys::{KeyAlgorithm, Pki, PkiOptions, system_rng};
use cqm_letter::Template;
use cqm_office::{IssueProposal, LetterFiles};
use cqm_sign::x509::TrustStore;
use cqm_verify::{Question, Verifier};

use crate::{
    args::{Arguments, DemoArgs},
    commands::{self, issue},
    exit::Exit,
    report,
    terminal::{FAINT, STRONG, outln, styled},
};

/// The dossier of the example.
const DOSSIER: &str = include_str!("../../../../fixtures/dossiers/dummy-card-company.toml");

// Each run of the demo has the same dates.
const KEYS_FROM: Date = Date::constant(2023, 1, 1);
const ISSUED_ON: Date = Date::constant(2023, 5, 6);
const ASKED_AT: Date = Date::constant(2024, 1, 31);

pub(crate) fn run(arguments: &DemoArgs) -> anyhow::Result<Exit> {
    let folder = match &arguments.out {
        Some(path) => {
            cqm_files::create_folder(path)?;
            path.clone()
        }
        None => cqm_files::fresh_folder("cqm-demo")?,
    };
    // The commands that are shown name files relative to the folder.
    env::set_current_dir(&folder).with_context(|| format!("`{}` can't be entered", shown(&folder)))?;
    let story = Story { folder: &folder };
    let verifier = story.keys()?;
    let letter = story.issue()?;
    story.verify(&verifier, &letter)?;
    story.tamper(&verifier, &letter)?;
    story.expire(&verifier, &letter)?;
    story.register()?;
    story.stop()?;
    story.print_files();
    Ok(Exit::Valid)
}

/// The steps of the demo. A step that does not end as expected is an error.
struct Story<'a> {
    folder: &'a Path,
}

impl Story<'_> {
    fn keys(&self) -> anyhow::Result<Verifier> {
        step(
            1,
            "The office makes its keys: a root, a CA under it, and signers under that",
            "cqm keys new keys --valid-from 2023-01-01",
        );
        let mut rng = system_rng()?;
        let options = PkiOptions { valid_from: KEYS_FROM.start(), years: 10, document_signer: KeyAlgorithm::P256 };
        Pki::generate(&options, &mut rng)?.write(Path::new("keys"), None, &mut rng)?;
        let mut trust = TrustStore::from_pem(&fs::read_to_string("keys/root.pem")?)?;
        for crl in ["keys/root.crl.pem", "keys/issuing-ca.crl.pem"] {
            trust.add_crl(&fs::read(crl)?)?;
        }
        Ok(Verifier::new(trust))
    }

    fn issue(&self) -> anyhow::Result<Vec<u8>> {
        step(
            2,
            "It checks the dossier of a vendor against the rules of the program, and issues the certificate",
            "cqm issue dummy-card-company.toml --keys keys --on 2023-05-06 --out letter.pdf",
        );
        let dossier = cqm_issue::dossier::read(DOSSIER)?;
        let draft = Draft::new(&dossier, ISSUED_ON);
        let rules = draft.reports().len();
        write_new(&[public("dummy-card-company.toml", DOSSIER.as_bytes())])?;
        let files = LetterFiles::new(Path::new("letter.pdf"))?;
        let keys = issue::load_keys(Path::new("keys"))?;
        let approved = issue::approve(IssueProposal::from_draft(draft)).context("the rules refuse the example")?;
        let certificate = issue::finish(approved, &keys, &Template::default(), files)?.certificate;
        outln!(
            "  {rules} rules checked; certificate {} for {}, {} labels, valid until {}",
            certificate.number,
            certificate.holder.name,
            certificate.labels().count(),
            certificate.valid_until
        );
        Ok(fs::read("letter.pdf")?)
    }

    fn verify(&self, verifier: &Verifier, letter: &[u8]) -> anyhow::Result<()> {
        step(
            3,
            "A bank verifies the vendor's file, with no network",
            "cqm verify letter.pdf --trust keys/root.pem --crl keys/root.crl.pem --crl keys/issuing-ca.crl.pem --at 2024-01-31 --without-status",
        );
        judge(verifier, "letter.pdf", letter, ASKED_AT, Verdict::Valid)
    }

    fn tamper(&self, verifier: &Verifier, letter: &[u8]) -> anyhow::Result<()> {
        step(
            4,
            "Someone changes one letter of the holder's name in a copy",
            "cqm verify tampered.pdf --trust keys/root.pem --crl keys/root.crl.pem --crl keys/issuing-ca.crl.pem --at 2024-01-31 --without-status",
        );
        // The last plain occurrence is in the metadata; the pages are compressed.
        let name = letter.windows(5).rposition(|window| window == b"Dummy").context("the letter names no holder")?;
        let mut tampered = letter.to_vec();
        *tampered.get_mut(name).context("the letter is too short")? = b'R';
        write_new(&[public("tampered.pdf", &tampered)])?;
        judge(verifier, "tampered.pdf", &tampered, ASKED_AT, Verdict::Invalid)
    }

    fn expire(&self, verifier: &Verifier, letter: &[u8]) -> anyhow::Result<()> {
        step(
            5,
            "The bank asks again about the day after the certificate's last day",
            "cqm verify letter.pdf --trust keys/root.pem --crl keys/root.crl.pem --crl keys/issuing-ca.crl.pem --at 2024-05-06 --without-status",
        );
        judge(verifier, "letter.pdf", letter, Date::constant(2024, 5, 6), Verdict::Invalid)
    }

    /// Runs the commands themselves, as do the steps after it.
    fn register(&self) -> anyhow::Result<()> {
        heading(6, "From day to day the office keeps a register, issues from it, and publishes a signed status list");
        command("register init --register office.db --now 2023-05-06T09:00:00Z", Exit::Valid)?;
        command(
            "register import dummy-card-company.toml --register office.db --yes --now 2023-05-06T09:05:00Z",
            Exit::Valid,
        )?;
        command(
            "issue --company 99 --register office.db --keys keys --on 2023-05-06 --out certificate.pdf --now 2023-05-06T09:10:00Z",
            Exit::Valid,
        )?;
        command(
            "status publish --register office.db --keys keys --out status-2023.jwt --valid-for 366 --now 2023-05-06T18:00:00Z",
            Exit::Valid,
        )
    }

    fn stop(&self) -> anyhow::Result<()> {
        heading(7, "In November a label is stopped; a bank with the next list can ask about any day");
        command(
            "status stop P9902000DA --reason vendor-request --effective 2023-11-15 --register office.db --yes --now 2023-11-15T08:00:00Z",
            Exit::Valid,
        )?;
        command(
            "status publish --register office.db --keys keys --out status-2024.jwt --valid-for 366 --now 2023-11-15T18:00:00Z",
            Exit::Valid,
        )?;
        let verify = "verify certificate.pdf --trust keys/root.pem --crl keys/root.crl.pem --crl keys/issuing-ca.crl.pem --status status-2024.jwt --state-dir state";
        command(&format!("{verify} --at 2023-10-31"), Exit::Valid)?;
        command(&format!("{verify} --at 2024-01-31"), Exit::Invalid)
    }

    fn print_files(&self) {
        let folder = shown(self.folder);
        outln!("\n{} in {folder}", styled(STRONG, "Look at the files"));
        for (file, what) in [
            ("letter.pdf", "the certificate, as the vendor posts it: open it in a viewer"),
            ("letter.jwt", "the same for machines: the token that is attached to the PDF"),
            ("tampered.pdf", "the copy with one letter changed"),
            ("dummy-card-company.toml", "the dossier it was issued from"),
            ("office.db", "the register, and certificate.pdf with its token, issued from it"),
            ("status-2023.jwt", "the status lists, the second with the stopped label: status-2024.jwt"),
            ("keys/", "the test PKI; a bank needs keys/root.pem, and should have the CRLs keys/*.crl.pem"),
            ("state/", "the status lists that the bank has seen"),
        ] {
            outln!("  {file:<24} {what}");
        }
        outln!("Run the verify commands above in that folder: they end with the exit codes 0, 1, 1, 0 and 1.");
    }
}

fn public<'a>(name: &'a str, bytes: &'a [u8]) -> NewFile<'a> {
    NewFile { path: Path::new(name), bytes, access: Access::Everyone }
}

fn step(number: u32, what: &str, command: &str) {
    heading(number, what);
    prompt(command);
}

fn heading(number: u32, what: &str) {
    outln!("\n{}", styled(STRONG, format_args!("{number}. {what}")));
}

fn prompt(command: &str) {
    outln!("   {}", styled(FAINT, format_args!("$ {command}")));
}

/// Shows and runs a command. An exit code other than the expected one is an error.
fn command(arguments: &str, expected: Exit) -> anyhow::Result<()> {
    prompt(&format!("cqm {arguments}"));
    let words = iter::once("cqm").chain(arguments.split(' '));
    let exit = commands::run(Arguments::try_parse_from(words)?.command)?;
    ensure!(exit == expected, "the command ended with {}, the demo expected {}", exit.code(), expected.code());
    Ok(())
}

fn judge(verifier: &Verifier, name: &str, letter: &[u8], at: Date, expected: Verdict) -> anyhow::Result<()> {
    let question = Question::new(at.end()).without_status();
    let report = verifier.verify(letter, &question);
    report::print_full(name, &report);
    ensure!(report.verdict() == expected, "the verdict is {}, the demo expected {expected}", report.verdict());
    Ok(())
}
