//! `cqm status stop`, `revoke`, `suspend` and `resume`.

use cqm_core::status::{EntryStatus, Reason};
use cqm_office::ChangeProposal;
use cqm_register::{StatusAction, StatusChange, StatusRequest, Subject};
use serde_json::{Value, json};

use crate::{
    args::status::{ChangeArgs, ResumeArgs, RevokeArgs, StopArgs, SuspendArgs},
    exit::Exit,
    office,
    terminal::{FAINT, STRONG, outln, print_json, print_warning, styled},
};

pub(super) fn stop(arguments: &StopArgs) -> anyhow::Result<Exit> {
    let action = match (arguments.label, arguments.site) {
        (Some(label), _) => StatusAction::End(Subject::Label(label)),
        (None, Some(site)) => StatusAction::EndAtSite(site),
        (None, None) => anyhow::bail!("neither a label nor a site was given"),
    };
    change(action, Some(arguments.reason), &arguments.change)
}

pub(super) fn revoke(arguments: &RevokeArgs) -> anyhow::Result<Exit> {
    let action = StatusAction::End(Subject::Certificate(arguments.number.clone()));
    change(action, Some(arguments.reason), &arguments.change)
}

pub(super) fn suspend(arguments: &SuspendArgs) -> anyhow::Result<Exit> {
    change(StatusAction::Suspend(arguments.subject.clone()), Some(arguments.reason), &arguments.change)
}

pub(super) fn resume(arguments: &ResumeArgs) -> anyhow::Result<Exit> {
    change(StatusAction::Resume(arguments.subject.clone()), arguments.reason, &arguments.change)
}

/// Shows a change, asks, and makes it.
fn change(action: StatusAction, reason: Option<Reason>, arguments: &ChangeArgs) -> anyhow::Result<Exit> {
    let stamp = office::stamp(&arguments.stamp)?;
    let today = office::today(&arguments.stamp.clock)?;
    let effective = arguments.effective.unwrap_or(today);
    let mut register = arguments.location.open()?;
    let proposal = ChangeProposal::new(&mut register, StatusRequest { action, reason, effective }, today)?;
    if !arguments.json {
        proposal.changes().iter().for_each(print);
    }
    if proposal.is_late() {
        print_warning(format_args!(
            "it took effect on {effective}, and is recorded on {today}: the register should know within a day"
        ));
    }
    office::confirm(&arguments.confirm)?;
    let done = proposal.commit(&stamp)?;
    if arguments.json {
        print_json(&done.changes().iter().map(change_json).collect::<Vec<_>>())?;
    } else {
        outln!("{} The next status list tells of it: `cqm status publish`.", styled(STRONG, "Done."));
    }
    Ok(Exit::Valid)
}

fn print(change: &StatusChange) {
    let StatusChange { subject, before, event } = change;
    let before = before.as_ref().map(|before| format!("; was {} since {}", before.status, before.effective));
    outln!(
        "{}  {} from {} on: {}: {}{}",
        styled(STRONG, subject),
        word(subject, event.status),
        event.effective,
        event.reason,
        event.reason.description(),
        styled(FAINT, before.unwrap_or_default())
    );
}

fn word(subject: &Subject, status: EntryStatus) -> &'static str {
    match (status, subject) {
        (EntryStatus::Valid, _) => "holds again",
        (EntryStatus::Suspended, _) => "suspended",
        (EntryStatus::Invalid, Subject::Label(_)) => "stopped",
        (EntryStatus::Invalid, Subject::Certificate(_)) => "revoked",
    }
}

fn change_json(change: &StatusChange) -> Value {
    let StatusChange { subject, before, event } = change;
    let (kind, name) = match subject {
        Subject::Label(label) => ("label", label.to_string()),
        Subject::Certificate(number) => ("certificate", number.to_string()),
    };
    json!({
        kind: name,
        "before": before.map_or(EntryStatus::Valid, |before| before.status).as_str(),
        "status": event.status.as_str(),
        "reason": event.reason,
        "effective": event.effective,
        "recorded": event.recorded,
        "late": event.is_late(),
    })
}
