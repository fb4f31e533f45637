//! `cqm issue`: from a dossier or the register to a signed letter.

use std::path::Path;

use anyhow::Context as _;
use cqm_core::{CertificateNumber, Date, Severity};
use cqm_files::shown;
use cqm_issue::Refused;
use cqm_letter::Template;
use cqm_office::{
    ApprovedIssue, IssueProposal, IssuedCertificate, IssuingKeys, LetterFiles, OfficeError, read_template,
};
use cqm_register::Register;
use cqm_sign::{SignatureAlgorithm, Signer as _, x509::X509Certificate};
use serde::Serialize;

use crate::{
    args::{IssueArgs, register::REGISTER},
    commands::check,
    exit::Exit,
    hints, office, passphrase,
    terminal::{STRONG, errln, outln, plural, print_finding, print_json, print_warning, printable, styled},
};

pub(crate) fn run(arguments: &IssueArgs) -> anyhow::Result<Exit> {
    issue(arguments).map_err(hints::add)
}

fn issue(arguments: &IssueArgs) -> anyhow::Result<Exit> {
    refuse_register_beside_dossier(arguments)?;
    let on = match arguments.on {
        Some(on) => on,
        None => office::today(&arguments.stamp.clock)?,
    };
    let template = match &arguments.letter {
        Some(path) => read_template(path)?,
        None => Template::default(),
    };
    if arguments.preview {
        let root = arguments.keys.as_deref().map(IssuingKeys::load_root).transpose()?;
        let mut register = None;
        return preview(propose(arguments, on, &mut register)?, &template, root.as_ref(), arguments);
    }
    let files = LetterFiles::new(&arguments.out)?;
    let keys = load_keys(arguments.keys.as_deref().context("no folder of keys was given")?)?;
    let mut register = None;
    let approved = match approve(propose(arguments, on, &mut register)?) {
        Ok(approved) => approved,
        Err(refused) => {
            errln!("{}; nothing was written", printable(&refused.to_string()));
            return Ok(Exit::Invalid);
        }
    };
    let issued = finish(approved, &keys, &template, files)?;
    if arguments.json {
        print_json(&Shown::from(&issued))?;
    } else {
        print(&issued);
    }
    Ok(Exit::Valid)
}

/// Proposes the certificate from the dossier, or from the register, which is opened.
fn propose<'r>(
    arguments: &IssueArgs,
    on: Date,
    register: &'r mut Option<Register>,
) -> anyhow::Result<IssueProposal<'r>> {
    match (&arguments.dossier, arguments.company) {
        (Some(dossier), _) => Ok(IssueProposal::from_draft(check::draft(dossier, Some(on))?)),
        (None, Some(company)) => {
            let register = register.insert(office::open_register(&register_name(arguments)?)?);
            let stamp = office::stamp(&arguments.stamp)?;
            let today = office::today(&arguments.stamp.clock)?;
            Ok(IssueProposal::from_register(register, company, on, today, &stamp)?)
        }
        (None, None) => anyhow::bail!("neither a dossier nor a company was given"),
    }
}

/// Writes a preview, and prints what the rules find.
fn preview(
    proposal: IssueProposal<'_>,
    template: &Template,
    root: Option<&X509Certificate>,
    arguments: &IssueArgs,
) -> anyhow::Result<Exit> {
    let draft = proposal.preview(template, root, &arguments.out)?;
    let findings = || draft.findings().filter(|finding| finding.severity() >= Severity::Warning);
    findings().for_each(print_finding);
    let forbidden = findings().any(|finding| finding.severity() == Severity::Error);
    let number = &draft.certificate().number;
    if arguments.json {
        let preview = arguments.out.display().to_string();
        print_json(&Preview { number, holder: &draft.certificate().holder.name, forbidden, preview })?;
    } else {
        let what = if forbidden { "a rule forbids to issue it" } else { "nothing was issued" };
        outln!("{}: {what}", styled(STRONG, format_args!("Preview of {number}")));
        outln!("  {}", arguments.out.display());
    }
    Ok(if forbidden { Exit::Invalid } else { Exit::Valid })
}

/// A preview, as JSON shows it.
#[derive(Serialize)]
struct Preview<'a> {
    number: &'a CertificateNumber,
    holder: &'a str,
    /// Whether a rule forbids to issue the certificate.
    forbidden: bool,
    preview: String,
}

/// Refuses options of the register beside a dossier: a certificate from a dossier is not in the
/// register, and no status list will have it.
fn refuse_register_beside_dossier(arguments: &IssueArgs) -> anyhow::Result<()> {
    let Some(dossier) = &arguments.dossier else { return Ok(()) };
    let given = [("--register", arguments.register.is_some()), ("--note", !arguments.stamp.note.is_empty())];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => anyhow::bail!(
            "{option} goes with --company: what is issued from a dossier is not in the register\n\
             hint: `cqm register import {}` takes the dossier in, then `cqm issue --company CC` issues from the register",
            shown(dossier)
        ),
    }
}

/// The register that the option or the variable names.
fn register_name(arguments: &IssueArgs) -> anyhow::Result<String> {
    let named = arguments.register.clone().or_else(|| std::env::var(REGISTER).ok()).filter(|name| !name.is_empty());
    named.with_context(|| format!("no register was named\nhint: --register or the variable {REGISTER} names it"))
}

/// Loads the keys that issue. Asks for the passphrase of an encrypted key.
pub(super) fn load_keys(folder: &Path) -> Result<IssuingKeys, OfficeError> {
    IssuingKeys::load(folder, &|role| passphrase::existing(&role.key_file()))
}

/// Prints the findings of the rules, and approves the certificate if none of them forbids it.
pub(super) fn approve(proposal: IssueProposal<'_>) -> Result<ApprovedIssue<'_>, Refused> {
    proposal.warnings().for_each(print_finding);
    proposal.approve().inspect_err(|refused| {
        refused.draft.findings().filter(|finding| finding.severity() == Severity::Error).for_each(print_finding);
    })
}

/// Signs and writes an approved certificate. Warns of a signature that some viewers call invalid.
pub(super) fn finish(
    approved: ApprovedIssue<'_>,
    keys: &IssuingKeys,
    template: &Template,
    files: LetterFiles,
) -> anyhow::Result<IssuedCertificate> {
    if keys.document_signer().algorithm() == SignatureAlgorithm::Ed25519 {
        print_warning(format_args!(
            "{} call an Ed25519 signature of a PDF invalid",
            super::keys::VIEWERS_WITHOUT_ED25519
        ));
    }
    let issued = approved.issue(keys, template, files);
    if let Err(OfficeError::DoesNotVerify { findings }) = &issued {
        findings.iter().for_each(print_finding);
    }
    Ok(issued?)
}

/// An issued certificate, as JSON shows it.
#[derive(Serialize)]
struct Shown<'a> {
    number: &'a CertificateNumber,
    holder: &'a str,
    labels: usize,
    sites: usize,
    valid_from: Date,
    valid_until: Date,
    superseded: &'a [CertificateNumber],
    pdf: String,
    token: String,
}

impl<'a> From<&'a IssuedCertificate> for Shown<'a> {
    fn from(issued: &'a IssuedCertificate) -> Self {
        let IssuedCertificate { certificate, superseded, files } = issued;
        Self {
            number: &certificate.number,
            holder: &certificate.holder.name,
            labels: certificate.labels().count(),
            sites: certificate.sites.len(),
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            superseded,
            pdf: files.pdf().display().to_string(),
            token: files.token().display().to_string(),
        }
    }
}

fn print(issued: &IssuedCertificate) {
    let IssuedCertificate { certificate, superseded, files } = issued;
    let (labels, sites) = (certificate.labels().count(), certificate.sites.len());
    outln!(
        "{} for {}: {labels} label{} at {sites} site{}, valid until {}",
        styled(STRONG, format_args!("Issued {}", certificate.number)),
        printable(&certificate.holder.name),
        plural(labels),
        plural(sites),
        certificate.valid_until
    );
    outln!("  {}", shown(files.pdf()));
    outln!("  {}", shown(files.token()));
    for number in superseded {
        outln!("  supersedes {number} from {} on", certificate.valid_from);
    }
}
