//! `cqm label`: explains a label, part by part.

use cqm_core::{Label, LabelError};
use serde::Serialize;

use crate::{
    args::LabelArgs,
    exit::Exit,
    terminal::{FAINT, STRONG, outln, print_json, styled},
};

pub(crate) fn run(arguments: &LabelArgs) -> anyhow::Result<Exit> {
    let refuse = |error: LabelError| match similar(&arguments.label) {
        Some(similar) => anyhow::anyhow!("{error}\nhint: `{similar}` is a label"),
        None => anyhow::anyhow!("{error}\n{HINT}"),
    };
    let label: Label = arguments.label.parse().map_err(refuse)?;
    let explanation = Explanation::new(&label);
    if arguments.json {
        print_json(&explanation)?;
    } else {
        outln!("{}", styled(STRONG, &explanation.label));
        for part in &explanation.parts {
            outln!("  {:<2}  {} {}", part.characters, styled(FAINT, format_args!("{:<11}", part.part)), part.meaning);
        }
    }
    Ok(Exit::Valid)
}

/// The label that remains without spaces, quotes and hyphens, in capital letters.
fn similar(text: &str) -> Option<Label> {
    let characters = text.chars().filter(|character| character.is_alphanumeric());
    characters.map(|character| character.to_ascii_uppercase()).collect::<String>().parse().ok()
}

const HINT: &str = "\
hint: a label has the form A CC LL U U P T S: activity, company, site, two reserved zeros, packaging, technology, status";

/// The explanation in JSON.
#[derive(Serialize)]
struct Explanation {
    label: String,
    parts: Vec<PartOfLabel>,
    identity: String,
}

#[derive(Serialize)]
struct PartOfLabel {
    part: &'static str,
    characters: String,
    meaning: String,
}

impl Explanation {
    fn new(label: &Label) -> Self {
        let part = |part, characters: String, meaning: String| PartOfLabel { part, characters, meaning };
        let activity = label.activity();
        let gvcp = if activity.needs_gvcp() { "; the site needs a GVCP certification" } else { "" };
        Self {
            label: label.to_string(),
            parts: vec![
                part(
                    "activity",
                    activity.letter().into(),
                    format!("{}: {}{gvcp}", activity.acronym(), activity.description()),
                ),
                part("company", label.company().to_string(), "registration number of the company".into()),
                part("site", label.site().to_string(), "number of the site within the company".into()),
                part("reserved", "00".into(), "reserved for future use".into()),
                part("packaging", label.packaging().letter().into(), label.packaging().description().into()),
                part("technology", label.technology().letter().into(), label.technology().description().into()),
                part("status", label.status().letter().into(), label.status().description().into()),
            ],
            identity: label.identity().to_string(),
        }
    }
}
