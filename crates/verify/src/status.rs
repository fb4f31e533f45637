//! The status of a certificate and its labels: which list answers, whether it may be used, and what it says
//! (`docs/reference/status-list.md`, section 7).

use std::collections::{BTreeMap, BTreeSet};

use cqm_core::{
    Certificate, Code, Finding, Label, UnixTime,
    status::{EntryStatus, Event, ListUri, StatusReference, StatusReferences},
};
use cqm_sign::{
    SignatureAlgorithm,
    x509::{Revocation, TrustStore, X509Certificate},
};
use cqm_status::{NotIssued, Rollback, Seen, SignedList, StatusList, StatusListError, VerifiedList};

use crate::report::{SignatureKind, SignatureReport, StatusAnswer, StatusReport, StatusReports, signer_name};

/// The lists that a user gave, and what was seen of each before.
#[derive(Debug, Default)]
pub(crate) struct StatusLists {
    usable: Vec<VerifiedList>,
    /// Lists that can't be believed. Which certificates they are about, nobody can tell: they are reported with each.
    unusable: Vec<Finding>,
    seen: BTreeMap<(ListUri, Fingerprint), Seen>,
}

/// Of a root. A list of the same name under another root is another list.
type Fingerprint = [u8; 32];

impl StatusLists {
    pub(crate) fn add(&mut self, file: &[u8], trust: &TrustStore) {
        match SignedList::parse(file).and_then(|list| list.verify(trust)) {
            Ok(list) => self.usable.push(list),
            Err(error) => self.unusable.push(Finding::new(code(&error), error.to_string())),
        }
    }

    pub(crate) fn usable(&self) -> &[VerifiedList] {
        &self.usable
    }

    /// Of what was seen of a list, the newest counts.
    pub(crate) fn saw(&mut self, list: &VerifiedList) {
        let seen = Seen::from(list);
        let newest = self.seen.entry((list.list().uri().clone(), list.path().root().fingerprint())).or_insert(seen);
        if newest.seq < seen.seq {
            *newest = seen;
        }
    }

    /// All of a list that were given.
    fn of(&self, uri: &ListUri, root: &X509Certificate) -> impl Iterator<Item = &VerifiedList> {
        self.usable.iter().filter(move |list| list.list().uri() == uri && list.path().root() == root)
    }

    /// The newest of a list.
    fn newest(&self, uri: &ListUri, root: &X509Certificate) -> Option<&VerifiedList> {
        self.of(uri, root).max_by_key(|list| list.list().seq())
    }

    /// Holds a list against those that were seen before or given with it.
    fn rollback(&self, list: &VerifiedList) -> Option<Rollback> {
        let (uri, root) = (list.list().uri(), list.path().root());
        let seen = self.seen.get(&(uri.clone(), root.fingerprint())).copied();
        seen.into_iter().chain(self.of(uri, root).map(Seen::from)).find_map(|seen| list.check_rollback(seen).err())
    }
}

/// What keeps a list from being believed leaves open what became of the certificate.
fn code(error: &StatusListError) -> Code {
    use cqm_sign::jws::JwsError;
    match error {
        StatusListError::Jws(JwsError::Signature(_) | JwsError::KeyIdentifier { .. }) => Code::StatusBadSignature,
        StatusListError::Signer(_) => Code::StatusUntrustedSigner,
        StatusListError::Claim { claim: "iss", .. } => Code::StatusWrongIssuer,
        StatusListError::Disagreement(_) => Code::StatusInconsistent,
        StatusListError::Jws(_)
        | StatusListError::OutlivesSigner { .. }
        | StatusListError::Json(_)
        | StatusListError::Claim { .. }
        | StatusListError::Certificate(_)
        | StatusListError::Entries(_)
        | StatusListError::Events(_) => Code::StatusMalformed,
    }
}

/// The question of what became of a certificate and its labels.
pub(crate) struct StatusCheck<'a> {
    pub(crate) lists: &'a StatusLists,
    pub(crate) certificate: &'a Certificate,
    /// The root that the signer of the certificate leads to, under which its list stands too.
    pub(crate) root: &'a X509Certificate,
    pub(crate) references: &'a StatusReferences,
    pub(crate) at: UnixTime,
    /// The labels that the verdict is about.
    pub(crate) asked: &'a BTreeSet<Label>,
    pub(crate) findings: &'a mut Vec<Finding>,
    pub(crate) signatures: &'a mut Vec<SignatureReport>,
}

impl<'a> StatusCheck<'a> {
    /// Reports what became of the certificate and the labels asked about, and tells the state of it and of every label.
    pub(crate) fn run(mut self) -> StatusReports {
        self.findings.extend(self.lists.unusable.iter().cloned());
        let Self { references, certificate, asked, at, .. } = self;
        let list = self.list(&references.certificate().uri);
        let own = list.map_or(StatusAnswer::Unknown.into(), |list| {
            let number = format!("certificate {}", certificate.number);
            self.judge(&number, list, references.certificate(), (Code::StatusRevoked, "revoked"))
        });
        let mut standings = StatusReports { certificate: own, labels: BTreeMap::new() };
        for (_, label) in certificate.labels() {
            let standing = match (list, references.label(label.identity())) {
                (Some(list), Some(reference)) if asked.contains(label) => {
                    self.judge(&label.to_string(), list, reference, (Code::StatusStopped, "stopped"))
                }
                (Some(list), Some(reference)) => standing(list, reference, at),
                _ => StatusAnswer::Unknown.into(),
            };
            standings.labels.insert(label.identity(), standing);
        }
        self.others_stand(&standings);
        standings
    }

    /// The newest list of a name under the certificate's root, if it may be used. What keeps it from that is reported.
    fn list(&mut self, uri: &ListUri) -> Option<&'a VerifiedList> {
        let Some(verified) = self.lists.newest(uri, self.root) else {
            // A list that can't be believed may be the one: what is wrong with it has been said.
            if !self.lists.unusable.is_empty() {
                return None;
            }
            let name = |list: &VerifiedList| match list.list().uri() {
                same if same == uri => format!("{uri} under another root"),
                other => other.to_string(),
            };
            let given: BTreeSet<String> = self.lists.usable.iter().map(name).collect();
            let given = if given.is_empty() { "none".into() } else { Vec::from_iter(given).join(", ") };
            self.find(Code::StatusMissing, format!("the certificate names the list {uri}; given: {given}"));
            return None;
        };
        self.signatures.push(SignatureReport {
            kind: SignatureKind::Status,
            signer: signer_name(verified.path().leaf()),
            algorithm: SignatureAlgorithm::Ed25519.to_string(),
            signed_at: Some(verified.list().issued_at().to_string()),
            covers_whole_file: true,
            field: None,
            covers_up_to: None,
        });
        if verified.path().revocation() == Revocation::NotChecked {
            let message = "signer of the status list: no CRL of its issuer was given";
            self.find(Code::TrustRevocationNotChecked, message.into());
        }

        let list = verified.list();
        let name = format!("the list {uri}, number {} of {}", list.seq(), list.issued_at());
        let before = self.findings.len();
        if let Some(rollback) = self.lists.rollback(verified) {
            self.find(Code::StatusRollback, format!("{name}: {rollback}"));
        }
        let min_status_seq = self.references.min_status_seq();
        if list.seq() < min_status_seq {
            let message = format!("{name}: the certificate was issued for number {min_status_seq} or later");
            self.find(Code::StatusBeforeCertificate, message);
        }
        if list.is_stale(self.at) {
            let (expires_at, at) = (list.expires_at(), self.at);
            let age = match at.seconds().saturating_sub(expires_at.seconds()) / (24 * 60 * 60) {
                0 => "less than a day".to_owned(),
                1 => "a day".to_owned(),
                days => format!("{days} days"),
            };
            let message = format!("{name}: it expired at {expires_at}, {age} before {at}{}", self.last_word(list));
            self.find(Code::StatusStale, message);
        }
        (self.findings.len() == before).then_some(verified)
    }

    /// What a list that has expired said last of what does not hold.
    fn last_word(&self, list: &StatusList) -> String {
        let label = |label: &Label| Some((label.to_string(), "stopped", self.references.label(label.identity())?));
        let own = (self.certificate.number.to_string(), "revoked", self.references.certificate());
        let words: Vec<String> = core::iter::once(own)
            .chain(self.asked.iter().filter_map(label))
            .filter_map(|(what, word, reference)| {
                let event = list.status_of(reference.idx, self.at).ok()?.event?;
                (event.status != EntryStatus::Valid).then(|| format!("{what} {}", describe(&event, word)))
            })
            .collect();
        if words.is_empty() { String::new() } else { format!("; it said: {}", words.join("; ")) }
    }

    /// Asks a list about an entry, and reports what keeps it from being valid.
    fn judge(
        &mut self,
        what: &str,
        list: &VerifiedList,
        reference: &StatusReference,
        (code, word): (Code, &str),
    ) -> StatusReport {
        let standing = standing(list, reference, self.at);
        match (standing.state, standing.event) {
            (StatusAnswer::Stopped, Some(event)) => self.find(code, format!("{what} {}", describe(&event, word))),
            (StatusAnswer::Suspended, Some(event)) => {
                self.find(Code::StatusSuspended, format!("{what} {}", describe(&event, word)));
            }
            (StatusAnswer::Unknown, _) => {
                let message = format!("{what}: nobody was given the entry {reference}");
                self.find(Code::StatusNotIssued, message);
            }
            _ => {}
        }
        if let Some(event) = standing.event.filter(Event::is_late) {
            let (days, Event { effective, recorded, .. }) = (event.recorded.days_since(event.effective), event);
            let message = format!("{what}: effective on {effective}, recorded on {recorded}, {days} days later");
            self.find(Code::StatusLateEntry, message);
        }
        standing
    }

    /// Says which labels stand, where one asked about does not.
    fn others_stand(&mut self, standings: &StatusReports) {
        let state = |label: &Label| standings.labels.get(&label.identity()).map(|standing| standing.state);
        let is_down = |label| matches!(state(label), Some(StatusAnswer::Stopped | StatusAnswer::Suspended));
        if self.asked.iter().any(is_down) {
            let labels = self.certificate.labels().map(|(_, label)| label);
            let standing = labels.filter(|label| state(label) == Some(StatusAnswer::Valid));
            let standing: Vec<String> = standing.map(ToString::to_string).collect();
            if !standing.is_empty() {
                self.find(Code::StatusOthersStand, standing.join(", "));
            }
        }
    }

    fn find(&mut self, code: Code, message: String) {
        self.findings.push(Finding::new(code, message));
    }
}

/// What a list says about an entry.
fn standing(list: &VerifiedList, reference: &StatusReference, at: UnixTime) -> StatusReport {
    match list.list().status_of(reference.idx, at) {
        Err(NotIssued { .. }) => StatusAnswer::Unknown.into(),
        Ok(standing) => StatusReport {
            state: match standing.status() {
                EntryStatus::Valid => StatusAnswer::Valid,
                EntryStatus::Invalid => StatusAnswer::Stopped,
                EntryStatus::Suspended => StatusAnswer::Suspended,
            },
            event: standing.event,
        },
    }
}

/// "stopped from 2024-02-01 on: fees-overdue (the yearly fees are overdue)"
fn describe(event: &Event, invalid: &str) -> String {
    let word = if event.status == EntryStatus::Invalid { invalid } else { event.status.as_str() };
    let Event { effective, reason, .. } = event;
    format!("{word} from {effective} on: {reason} ({})", reason.description())
}
