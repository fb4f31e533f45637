//! `cqm issue`: from a dossier to a signed letter.

use std::path::Path;

use anyhow::Context as _;
use cqm_core::{Date, Severity, Verdict};
use cqm_issue::{Draft, Issued, Office};
use cqm_keys::{KeyPair, Role};
use cqm_letter::Template;
use cqm_sign::{
    SignatureAlgorithm, Signer as _,
    x509::{TrustStore, X509Certificate},
};
use cqm_verify::{Question, StatusPolicy, Verifier};

use crate::{
    args::IssueArgs,
    commands::check,
    exit::Exit,
    input, output, passphrase,
    terminal::{STRONG, errln, outln, print_finding, print_warning, printable, styled},
};

pub(crate) fn run(arguments: &IssueArgs) -> anyhow::Result<Exit> {
    let token_path = arguments.out.with_extension("jwt");
    anyhow::ensure!(token_path != arguments.out, "the PDF and its token would both be `{}`", token_path.display());
    output::refuse_existing(&arguments.out)?;
    output::refuse_existing(&token_path)?;
    let draft = check::draft(&arguments.dossier, arguments.on)?;
    let template = match &arguments.letter {
        Some(path) => template(path)?,
        None => Template::default(),
    };
    let keys = Keys::load(&arguments.keys)?;

    let Some(issued) = issue(draft, &keys, &template)? else {
        return Ok(Exit::Invalid);
    };
    output::write_together(&[(&token_path, issued.token.as_bytes()), (&arguments.out, &issued.pdf)])?;

    let certificate = &issued.certificate;
    outln!(
        "{} for {}: {} labels at {} sites, valid until {}",
        styled(STRONG, format_args!("Issued {}", certificate.number)),
        printable(&certificate.holder.name),
        certificate.labels().count(),
        certificate.sites.len(),
        certificate.valid_until
    );
    outln!("  {}", arguments.out.display());
    outln!("  {}", token_path.display());
    Ok(Exit::Valid)
}

/// Issues what a draft asks for, and verifies it before anyone sees it. `None` when the rules forbid it; what they
/// found has been printed then.
pub(crate) fn issue(draft: Draft, keys: &Keys, template: &Template) -> anyhow::Result<Option<Issued>> {
    for finding in draft.findings().filter(|finding| finding.severity() == Severity::Warning) {
        print_finding(finding);
    }
    let on: Date = draft.certificate().valid_from;
    let checked = match draft.approve() {
        Ok(checked) => checked,
        Err(refused) => {
            for finding in refused.draft.findings().filter(|finding| finding.severity() == Severity::Error) {
                print_finding(finding);
            }
            errln!("{}; nothing was written", printable(&refused.to_string()));
            return Ok(None);
        }
    };
    if keys.document_signer.algorithm() == SignatureAlgorithm::Ed25519 {
        print_warning(format_args!(
            "{} call an Ed25519 signature of a PDF invalid",
            super::keys::VIEWERS_WITHOUT_ED25519
        ));
    }
    let office =
        Office { document_signer: &keys.document_signer, token_signer: &keys.token_signer, root: &keys.root, template };
    let issued = checked.issue(&office)?;
    verify(&issued, keys, on)?;
    Ok(Some(issued))
}

/// Reads a letter template; its logo is looked for beside it.
fn template(path: &Path) -> anyhow::Result<Template> {
    let logo = |name: &str| std::fs::read(path.with_file_name(name));
    Template::from_toml(&input::read_text(path)?, logo)
        .with_context(|| format!("`{}` is no template of a letter", path.display()))
}

/// What would not verify is not issued.
fn verify(issued: &Issued, keys: &Keys, on: Date) -> anyhow::Result<()> {
    let trust = TrustStore::from_pem(&keys.root_pem)?;
    let question = Question { at: on.end(), status: StatusPolicy::SignatureAndDatesAlone, labels: &[] };
    let report = Verifier::new(trust).verify(&issued.pdf, &question);
    if report.verdict() == Verdict::Valid {
        return Ok(());
    }
    for finding in report.findings() {
        print_finding(finding);
    }
    anyhow::bail!("what was issued does not verify, so it was not written");
}

/// What `cqm keys new` makes, as far as issuing needs it.
pub(crate) struct Keys {
    document_signer: KeyPair,
    token_signer: KeyPair,
    root: X509Certificate,
    root_pem: String,
}

impl Keys {
    pub(crate) fn load(dir: &Path) -> anyhow::Result<Self> {
        let load = |role: Role| cqm_keys::load(dir, role, || passphrase::existing(&role.key_file()));
        anyhow::ensure!(
            dir.is_dir(),
            "there is no folder `{0}`\nhint: `cqm keys new {0}` makes one, with the keys of a test PKI",
            dir.display()
        );
        let root_path = dir.join(Role::Root.certificate_file());
        let root_pem = input::read_text(&root_path)?;
        let no_root = || format!("`{}` holds no root certificate", root_path.display());
        let trust = TrustStore::from_pem(&root_pem).with_context(no_root)?;
        Ok(Self {
            document_signer: load(Role::DocumentSigner)?,
            token_signer: load(Role::TokenSigner)?,
            root: trust.roots().first().with_context(no_root)?.clone(),
            root_pem,
        })
    }
}
