//! `cqm issue`: from a dossier to a signed letter.

use std::path::Path;

use anyhow::Context as _;
use cqm_core::{CertificateNumber, CompanyNumber, Date, Severity};
use cqm_files::{Access, NewFile, Staged, write_new};
use cqm_issue::{Draft, IssueError, Issued, Office};
use cqm_keys::{KeyPair, Role};
use cqm_letter::Template;
use cqm_register::{Grant, Signed};
use cqm_sign::{
    SignatureAlgorithm, Signer as _,
    x509::{TrustStore, X509Certificate},
};
use serde::Serialize;

use crate::{
    args::{IssueArgs, register::REGISTER},
    commands::check,
    exit::Exit,
    input, office, passphrase,
    terminal::{STRONG, errln, outln, plural, print_finding, print_json, print_warning, printable, styled},
};

pub(crate) fn run(arguments: &IssueArgs) -> anyhow::Result<Exit> {
    refuse_register_beside_dossier(arguments)?;
    let token_path = arguments.out.with_extension("jwt");
    anyhow::ensure!(
        token_path != arguments.out,
        "the PDF and its token would both be `{}`\nhint: --out names the PDF, as in letter.pdf",
        token_path.display()
    );
    cqm_files::refuse_existing(&arguments.out)?;
    cqm_files::refuse_existing(&token_path)?;
    let on = match arguments.on {
        Some(on) => on,
        None => office::today(&arguments.stamp.clock)?,
    };
    let template = match &arguments.letter {
        Some(path) => template(path)?,
        None => Template::default(),
    };
    let order = Order { on, template, keys: Keys::load(&arguments.keys)?, pdf: &arguments.out, token: &token_path };
    let done = match (&arguments.dossier, arguments.company) {
        (Some(dossier), _) => order.issue_dossier(dossier)?,
        (None, Some(company)) => order.issue_company(company, arguments)?,
        (None, None) => anyhow::bail!("neither a dossier nor a company was given"),
    };
    let Some(done) = done else { return Ok(Exit::Invalid) };
    if arguments.json {
        print_json(&done)?;
    } else {
        done.print();
    }
    Ok(Exit::Valid)
}

/// The register knows nothing of what is issued from a dossier: no status list would ever tell of it.
fn refuse_register_beside_dossier(arguments: &IssueArgs) -> anyhow::Result<()> {
    let Some(dossier) = &arguments.dossier else { return Ok(()) };
    let given = [("--register", arguments.register.is_some()), ("--note", !arguments.stamp.note.is_empty())];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => anyhow::bail!(
            "{option} goes with --company: what is issued from a dossier is not in the register\n\
             hint: `cqm register import {}` takes the dossier in, then `cqm issue --company CC` issues from the register",
            dossier.display()
        ),
    }
}

/// The register that --register or the variable names.
fn register(arguments: &IssueArgs) -> anyhow::Result<String> {
    let named = arguments.register.clone().or_else(|| std::env::var(REGISTER).ok()).filter(|name| !name.is_empty());
    named.with_context(|| format!("no register was named\nhint: --register or the variable {REGISTER} names it"))
}

/// What is to be issued, and where to.
struct Order<'a> {
    on: Date,
    template: Template,
    keys: Keys,
    pdf: &'a Path,
    token: &'a Path,
}

impl Order<'_> {
    fn issue_dossier(&self, dossier: &Path) -> anyhow::Result<Option<Done>> {
        let draft = check::draft(dossier, Some(self.on))?;
        let Some(issued) = issue(draft, None, &self.keys, &self.template)? else { return Ok(None) };
        let file = |path, bytes| NewFile { path, bytes, access: Access::Everyone };
        write_new(&[file(self.token, issued.token.as_bytes()), file(self.pdf, &issued.pdf)])?;
        Ok(Some(self.done(&issued, Vec::new())))
    }

    /// Room for the files is made before the register keeps the certificate; what is signed stands in no file until then.
    fn issue_company(&self, company: CompanyNumber, arguments: &IssueArgs) -> anyhow::Result<Option<Done>> {
        let mut register = office::open(&register(arguments)?)?;
        let stamp = office::stamp(&arguments.stamp)?;
        let today = office::today(&arguments.stamp.clock)?;
        let mut issued = None;
        let superseded = register.issue(company, self.on, &stamp, &mut |grant| {
            let (signed, files) = match self.sign(grant, today).map_err(anyhow::Error::into_boxed_dyn_error)? {
                Some(signed) => signed,
                None => return Ok(None),
            };
            let valid_until = signed.certificate.valid_until;
            let kept = Signed { valid_until, token: signed.token.clone(), pdf: signed.pdf.clone() };
            issued = Some((signed, files));
            Ok(Some(kept))
        })?;
        let Some((superseded, (issued, mut files))) = superseded.zip(issued) else { return Ok(None) };
        let number = &issued.certificate.number;
        files.fill(&[issued.token.as_bytes(), &issued.pdf]).and_then(|()| files.persist()).with_context(|| {
            format!(
                "certificate {number} is issued and in the register, but its files could not be written\n\
                 hint: `cqm register export --certificate {number} --out FILE` writes them"
            )
        })?;
        Ok(Some(self.done(&issued, superseded)))
    }

    /// A letter that is dated back still lists no label that was stopped by today.
    fn sign(&self, grant: &Grant, today: Date) -> anyhow::Result<Option<(Issued, Staged)>> {
        let mut dossier = cqm_issue::dossier::read(grant.standing.dossier())
            .context("the dossier in the register can't be read\nhint: import it again")?;
        grant.standing.restrict(&mut dossier, self.on.max(today));
        dossier.number = grant.number.clone();
        let draft = Draft::new(&dossier, self.on);
        let Some(issued) = issue(draft, Some(grant), &self.keys, &self.template)? else { return Ok(None) };
        let files = Staged::reserve(&[(self.token, issued.token.len()), (self.pdf, issued.pdf.len())])?;
        Ok(Some((issued, files)))
    }

    fn done(&self, issued: &Issued, superseded: Vec<CertificateNumber>) -> Done {
        let certificate = &issued.certificate;
        Done {
            number: certificate.number.clone(),
            holder: certificate.holder.name.clone(),
            labels: certificate.labels().count(),
            sites: certificate.sites.len(),
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            superseded,
            pdf: self.pdf.display().to_string(),
            token: self.token.display().to_string(),
        }
    }
}

/// What was issued, as JSON shows it.
#[derive(Serialize)]
struct Done {
    number: CertificateNumber,
    holder: String,
    labels: usize,
    sites: usize,
    valid_from: Date,
    valid_until: Date,
    superseded: Vec<CertificateNumber>,
    pdf: String,
    token: String,
}

impl Done {
    fn print(&self) {
        outln!(
            "{} for {}: {} label{} at {} site{}, valid until {}",
            styled(STRONG, format_args!("Issued {}", self.number)),
            printable(&self.holder),
            self.labels,
            plural(self.labels),
            self.sites,
            plural(self.sites),
            self.valid_until
        );
        outln!("  {}", self.pdf);
        outln!("  {}", self.token);
        for number in &self.superseded {
            outln!("  supersedes {number} from {} on", self.valid_from);
        }
    }
}

/// Issues what a draft asks for. `None` when the rules forbid it; what they found has been printed then. With a grant of the register, the token says where the status will be found.
pub(crate) fn issue(
    draft: Draft,
    grant: Option<&Grant>,
    keys: &Keys,
    template: &Template,
) -> anyhow::Result<Option<Issued>> {
    for finding in draft.findings().filter(|finding| finding.severity() == Severity::Warning) {
        print_finding(finding);
    }
    let checked = match draft.approve() {
        Ok(checked) => match grant {
            Some(grant) => {
                let labels = checked.certificate().labels().map(|(_, label)| label.identity());
                let labels = grant.label_references(labels);
                checked.with_status(grant.reference(), labels, grant.min_status_seq())?
            }
            None => checked,
        },
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
    Ok(Some(checked.issue(&office).map_err(explained)?))
}

/// Reads a letter template; its logo is looked for beside it.
fn template(path: &Path) -> anyhow::Result<Template> {
    let logo = |name: &str| std::fs::read(path.with_file_name(name));
    Template::from_toml(&input::read_text(path)?, logo)
        .with_context(|| format!("`{}` is no template of a letter", path.display()))
}

/// Prints the findings of a letter that does not verify.
fn explained(error: IssueError) -> anyhow::Error {
    let IssueError::NotValid { findings } = error else { return error.into() };
    findings.iter().for_each(print_finding);
    anyhow::anyhow!(
        "what was issued does not verify, so it was not written\n\
         hint: root.pem in the folder of the keys must be the root of the signers there, and they must be in date"
    )
}

/// What `cqm keys new` makes, as far as issuing needs it.
pub(crate) struct Keys {
    document_signer: KeyPair,
    token_signer: KeyPair,
    root: X509Certificate,
}

impl Keys {
    pub(crate) fn load(dir: &Path) -> anyhow::Result<Self> {
        let load = |role: Role| cqm_keys::load(dir, role, || passphrase::existing(&role.key_file()));
        anyhow::ensure!(
            dir.is_dir() || !dir.exists(),
            "`{}` is no folder\nhint: --keys names the folder that holds root.pem and the signers",
            dir.display()
        );
        anyhow::ensure!(
            dir.is_dir(),
            "there is no folder `{0}`\nhint: `cqm keys new {0}` makes one, with the keys of a test PKI",
            dir.display()
        );
        let root_path = dir.join(Role::Root.certificate_file());
        anyhow::ensure!(
            root_path.exists(),
            "there is no `{}`\nhint: --keys names a folder as `cqm keys new` makes it",
            root_path.display()
        );
        let root_pem = input::read_text(&root_path)?;
        let no_root = || format!("`{}` holds no root certificate", root_path.display());
        let trust = TrustStore::from_pem(&root_pem).with_context(no_root)?;
        Ok(Self {
            document_signer: load(Role::DocumentSigner)?,
            token_signer: load(Role::TokenSigner)?,
            root: trust.roots().first().with_context(no_root)?.clone(),
        })
    }
}
