//! The answers of status lists about a certificate and its labels
//! (`docs/reference/status-list.md`, section 8).

use std::collections::BTreeMap;

use cqm_core::{
    Certificate, Code, Finding, UnixTime,
    status::{EntryStatus, ListUri, StatusReference, StatusReferences},
};
use cqm_sign::{
    SignatureAlgorithm,
    jws::JwsError,
    x509::{TrustStore, X509Certificate},
};
use cqm_status::{Contradiction, History, NotIssued, SignedList, StatusListError, VerifiedList};

use super::{Authentic, SignatureEvidence, TrustEvidence};
use crate::report::{EntryReport, SignatureKind, StatusAnswer, StatusReport, StatusReports};

/// The lists that a user gave, and what was seen before.
#[derive(Debug, Default)]
pub(crate) struct StatusLists {
    pub(crate) usable: Vec<VerifiedList>,
    /// A finding for each list that cannot be believed. It is unknown which certificates such a
    /// list is about, so these are reported with every certificate.
    pub(crate) unusable: Vec<Finding>,
    /// What the memory of lists could not do. It is reported with every certificate too.
    pub(crate) memory: Vec<Finding>,
    /// What was seen before.
    seen: BTreeMap<(ListUri, Fingerprint), History>,
    /// The same, with the given lists.
    histories: BTreeMap<(ListUri, Fingerprint), History>,
}

/// The fingerprint of a root. Lists of the same name under different roots are different lists.
type Fingerprint = [u8; 32];

fn key(list: &VerifiedList) -> (ListUri, Fingerprint) {
    (list.list().uri().clone(), list.path().root().fingerprint())
}

impl StatusLists {
    /// Adds a list, and its CRLs to what is trusted. They may revoke the signer of this or of
    /// another list.
    pub(crate) fn add(&mut self, file: &[u8], trust: &mut TrustStore) {
        match SignedList::parse(file).and_then(|list| list.verify(trust)) {
            Ok(list) => {
                list.list().crls().iter().cloned().for_each(|crl| trust.add_parsed_crl(crl));
                self.usable.push(list);
                self.verify_signers_again(trust);
            }
            Err(error) => self.unusable.push(Finding::new(code(&error), error.to_string())),
        }
    }

    /// Judges the signers of the given lists again, after a CRL was added.
    pub(crate) fn verify_signers_again(&mut self, trust: &TrustStore) {
        let unusable = &mut self.unusable;
        self.usable.retain_mut(|list| match list.verify_signer_again(trust) {
            Ok(()) => true,
            Err(error) => {
                unusable.push(Finding::new(code(&error), error.to_string()));
                false
            }
        });
        self.tell_histories();
    }

    /// Takes over what was seen before of one list.
    pub(crate) fn remember(&mut self, history: History) {
        let Some(key) = history.newest().map(key) else { return };
        self.seen.insert(key, history);
        self.tell_histories();
    }

    /// Adds the given lists to what was seen before.
    fn tell_histories(&mut self) {
        self.histories = self.seen.clone();
        for list in &self.usable {
            self.histories.entry(key(list)).or_default().add(list.clone());
        }
    }

    /// The newest given list of a name whose signer leads to a root, at its end or through a
    /// cross-certificate: the office may have a new root since.
    fn newest(&self, uri: &ListUri, root: &X509Certificate, trust: &TrustStore) -> Option<&VerifiedList> {
        let is_own = |list: &VerifiedList| trust.leads_to(list.path(), root, list.list().issued_at());
        let of_name = self.usable.iter().filter(|list| list.list().uri() == uri);
        of_name.filter(|list| is_own(list)).max_by_key(|list| list.list().seq())
    }

    /// The reasons not to believe a list, from the lists that were given or seen before.
    fn problems(&self, list: &VerifiedList) -> Vec<ListProblem<'_>> {
        let history = self.histories.get(&key(list));
        let fork = history.and_then(History::contradiction).map(ListProblem::Fork);
        let newest = history.and_then(History::newest).map_or(0, |newest| newest.list().seq());
        let rollback = (newest > list.list().seq()).then_some(ListProblem::Rollback { seen: newest });
        fork.into_iter().chain(rollback).collect()
    }
}

/// The code for a list that cannot be believed. All of them leave the verdict open.
fn code(error: &StatusListError) -> Code {
    match error {
        StatusListError::Jws(JwsError::Signature(_) | JwsError::KeyIdentifier { .. }) => Code::StatusBadSignature,
        StatusListError::Signer(_) => Code::StatusUntrustedSigner,
        StatusListError::Claim { claim: "iss", .. } => Code::StatusWrongIssuer,
        StatusListError::Disagreement(_) | StatusListError::Unrevoked { .. } => Code::StatusInconsistent,
        StatusListError::Jws(_)
        | StatusListError::OutlivesSigner { .. }
        | StatusListError::Json(_)
        | StatusListError::Claim { .. }
        | StatusListError::Successors(_)
        | StatusListError::Tokens(_)
        | StatusListError::Crls(_)
        | StatusListError::Entries(_)
        | StatusListError::Events(_) => Code::StatusMalformed,
    }
}

/// The answers of the status lists about one certificate.
pub(crate) struct StatusEvidence<'a> {
    pub(crate) lists: &'a StatusLists,
    /// The newest list of the certificate's name whose signer leads to the certificate's root.
    pub(crate) list: Option<&'a VerifiedList>,
    /// What keeps that list from being used.
    pub(crate) problems: Vec<ListProblem<'a>>,
    /// Whether that list can be used and names the token.
    pub(crate) is_named: bool,
    /// The status of the certificate and its labels at the time of the question.
    pub(crate) reports: StatusReports,
}

/// The reason that makes an authentic list unusable.
pub(crate) enum ListProblem<'a> {
    /// A newer one was seen.
    Rollback { seen: u64 },
    /// The lists that were seen contradict each other, so none of them can be believed.
    Fork(&'a Contradiction),
    /// It is older than the certificate.
    BeforeCertificate,
    /// It had expired by the time of the question.
    Stale,
}

impl<'a> StatusEvidence<'a> {
    /// Asks the lists about an authentic certificate.
    pub(crate) fn collect(lists: &'a StatusLists, authentic: Authentic<'_>, trust: &TrustStore, at: UnixTime) -> Self {
        let Authentic { claims, root } = authentic;
        let unknown = unknown(&claims.certificate);
        let mut evidence = Self { lists, list: None, problems: Vec::new(), is_named: false, reports: unknown };
        let Some(references) = &claims.status else { return evidence };
        let Some(list) = lists.newest(&references.certificate().uri, root, trust) else { return evidence };
        evidence.list = Some(list);
        evidence.problems = problems(lists, list, references, at);
        // The entries that a token names mean nothing if the office did not issue the token.
        evidence.is_named =
            evidence.problems.is_empty() && list.list().names(references.certificate().idx, claims.token);
        if evidence.is_named {
            evidence.reports = reports(list, &claims.certificate, references, at);
        }
        evidence
    }

    /// The signature of the list.
    pub(crate) fn signature(&self) -> Option<SignatureEvidence> {
        let list = self.list?;
        let trust = TrustEvidence::of_verified(list.path());
        let signed_at = Some(list.list().issued_at());
        let (signer, algorithm) = (list.path().leaf(), SignatureAlgorithm::Ed25519);
        Some(SignatureEvidence::new(SignatureKind::Status, signer, algorithm, signed_at, true, trust))
    }
}

fn problems<'a>(
    lists: &'a StatusLists,
    list: &VerifiedList,
    references: &StatusReferences,
    at: UnixTime,
) -> Vec<ListProblem<'a>> {
    let mut problems = lists.problems(list);
    if list.list().seq() < references.min_status_seq() {
        problems.push(ListProblem::BeforeCertificate);
    }
    if list.list().is_stale(at) {
        problems.push(ListProblem::Stale);
    }
    problems
}

/// The reports if no list can answer.
fn unknown(certificate: &Certificate) -> StatusReports {
    let unknown = || EntryReport::from(StatusAnswer::Unknown);
    let labels = certificate.labels().map(|(_, label)| (label.identity(), unknown())).collect();
    StatusReports { certificate: unknown(), successor: None, labels }
}

fn reports(
    list: &VerifiedList,
    certificate: &Certificate,
    references: &StatusReferences,
    at: UnixTime,
) -> StatusReports {
    let label = |identity| match references.label(identity) {
        Some(reference) => report(list, reference, at),
        None => StatusAnswer::Unknown.into(),
    };
    let own = references.certificate();
    let entry = report(list, own, at);
    let successor = list.list().successor_of(own.idx).filter(|_| entry.report.is_superseded()).cloned();
    StatusReports {
        certificate: entry,
        successor,
        labels: certificate.labels().map(|(_, label)| label.identity()).map(|id| (id, label(id))).collect(),
    }
}

/// Returns the status of an entry in a list.
fn report(list: &VerifiedList, reference: &StatusReference, at: UnixTime) -> EntryReport {
    let list = list.list();
    match list.status_of(reference.idx, at) {
        Err(NotIssued { .. }) => StatusAnswer::Unknown.into(),
        Ok(current) => {
            let answer = match current.status() {
                EntryStatus::Valid => StatusAnswer::Valid,
                EntryStatus::Invalid => StatusAnswer::Stopped,
                EntryStatus::Suspended => StatusAnswer::Suspended,
            };
            let report = StatusReport { answer, event: current.event };
            EntryReport { report, events: list.events_of(reference.idx).to_vec() }
        }
    }
}
